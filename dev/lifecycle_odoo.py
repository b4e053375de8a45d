"""What happens inside Odoo during the addon's life; `lifecycle.py` calls these.

Each function takes the environment of Odoo's shell, which is the superuser's.
"""

from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import Form, new_test_user

ADDON = "ar_followup_plus"
#: Days since the invoices of the customers were due; each customer has one.
OVERDUE = {"Early Ltd": 4, "Late Ltd": 40, "Held Ltd": 40, "Not Due Ltd": -30}


def keep_books(env):
    """Customers and invoices, as they are when somebody decides to install."""
    env.company.partner_id.write({"email": "office@seller.example", "tz": "UTC"})
    for name, days in OVERDUE.items():
        mail = f"{name.split()[0].lower()}@customer.example"
        customer = env["res.partner"].create(
            {"name": name, "is_company": True, "email": mail}
        )
        invoice(env, customer, date.today() - timedelta(days=days))


def invoice(env, customer, due):
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create({"name": "Goods", "price_unit": 500, "tax_ids": False})
            ],
        }
    )
    move.action_post()


def take_implications_away(env):
    """An admin decides that accountants do not follow up by their job alone."""
    names = ("group_ar_approver", "group_ar_collector")
    ours = env["res.groups"].union(*(env.ref(f"{ADDON}.{name}") for name in names))
    for name in ("account.group_account_invoice", "account.group_account_manager"):
        group = env.ref(name)
        assert group.implied_ids & ours, f"{name} implies nothing of follow-up"
        group.implied_ids -= ours


def work(env):
    """A day of follow-up, and what people add to it."""
    collector = new_test_user(
        env,
        login="life_collector",
        groups=f"{ADDON}.group_ar_approver,account.group_account_manager",
    )
    env.company.write({"ar_followup_mode": "automatic", "ar_manager_id": collector.id})
    # whatever the day and the hour of this
    policy = env.ref(f"{ADDON}.policy_default")
    policy.working_days_only = False
    policy.write({"send_from_hour": 0, "send_until_hour": 24})
    held = env["res.partner"].search([("name", "=", "Held Ltd")])
    case = env["ar.followup.case"].with_user(collector).create({"partner_id": held.id})
    env["ar.followup.hold"].with_user(collector).create({"case_id": case.id})
    env["ar.contact.log"].with_user(collector).create({"case_id": case.id})
    case.message_post(body="I will call them.", attachments=[("note.txt", b"note")])
    case.activity_schedule(f"{ADDON}.mail_activity_type_call", user_id=collector.id)
    env["res.partner"].create(
        {"name": "Dunning", "type": "followup", "parent_id": held.id}
    )
    held.ar_followup_policy_id = env.ref(f"{ADDON}.policy_default").copy()
    env["ar.followup.run"].create({}).action_run()
    env["ar.followup.run"].create({"is_preview": True}).action_run()


def remove(env):
    """What the Apps menu does."""
    env["ir.module.module"].search([("name", "=", ADDON)]).button_immediate_uninstall()


def open_customer(env):
    """A salesperson and an accountant open a customer, and change something."""
    for job, groups in (
        ("sales", "base.group_user,base.group_partner_manager"),
        ("books", "account.group_account_manager,base.group_partner_manager"),
    ):
        login = f"life_{job}"
        user = env["res.users"].search([("login", "=", login)])
        user = user or new_test_user(env, login=login, groups=groups)
        customers = env["res.partner"].search([("parent_id.name", "=", "Held Ltd")])
        assert customers.mapped("type") == ["contact"], customers.mapped("type")
        for customer in customers | customers.parent_id:
            form = Form(customer.with_user(user))
            form.comment = f"seen by {login}"
            form.save()

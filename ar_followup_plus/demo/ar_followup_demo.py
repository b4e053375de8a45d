"""Demo data that takes more than records: invoices, and what was done about them.

The engine itself works each of the past days, so that reminders, levels and
decisions are what they would have been. Only the mail server is left out: what was
prepared counts as sent on its day.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Command

# what customers see: their mails, invoices and pages
TRANSLATED = ("ar_followup_plus", "account", "account_payment", "portal", "web")
# what came of the calls the ladder asked for in the past
AFTER_FIRM = "Spoke with their accounts department: they will look into it."
NEGOTIATION = "Their owner asks for patience until a large order is paid. No date."


class Bill(NamedTuple):
    """One invoice of the demo or, with a negative amount, one credit note.

    :param customer: external id without ``partner_``
    :param due: days from today; negative: overdue
    :param foreign: in another currency than the company's
    :param instalments: 30% on the due day, the rest 50 days later
    """

    customer: str
    due: int
    amount: float
    text: str
    foreign: bool = False
    instalments: bool = False


class Story(NamedTuple):
    """What is told in one company, which began to follow up ``days`` ago."""

    company: str
    days: int
    bills: tuple


STORIES = (
    Story(
        "base.main_company",
        120,
        (
            # the steps of the ladder, each due today
            Bill("birchwood", 3, 640.00, "Reception chairs"),
            Bill("meadowlark", -3, 1180.00, "Shop counter"),
            Bill("beaumont", -3, 2450.00, "Vitrines"),
            Bill("beaumont", 12, 890.00, "Éclairage"),
            Bill("juniper", -3, 6000.00, "Studio fit-out", instalments=True),
            Bill("larkspur", -14, 3275.50, "Oak veneer, 40 sheets"),
            Bill("larkspur", -2, 410.00, "Edge banding"),
            Bill("brasserie", -14, 980.00, "Tables de bistrot"),
            Bill("alpine", -14, 2300.00, "Shop shelving"),
            Bill("alpine", -14, 1150.00, "Show case for the fair", foreign=True),
            Bill("redfern", -30, 5400.00, "Warehouse racks"),
            Bill("redfern", -12, 1260.00, "Packing benches"),
            Bill("sable", -60, 4815.00, "Cutting tables"),
            Bill("thornbury", -90, 7320.00, "Workbenches"),
            Bill("elmsford", -10, 12400.00, "Council chamber seating"),
            # an answer, a call or a person is waited for
            Bill("harborview", -7, 2890.00, "Lobby armchairs"),
            Bill("granite", -37, 3640.00, "Shop fittings"),
            Bill("vantage", -107, 9150.00, "Storage system"),
            Bill("hollis", -9, 735.00, "Office desk"),
            # there is a reason to leave them alone
            Bill("lantern", -14, 4000.00, "Foyer lamps"),
            Bill("oakhaven", -20, 2180.00, "Bedside cabinets"),
            Bill("kestrel", -112, 6600.00, "Boathouse cupboards"),
            Bill("cobalt", -70, 3120.00, "Repair stands"),
            Bill("pinnacle", -118, 5875.00, "Folding stages"),
            Bill("riverbend", -33, 8450.00, "Library tables"),
            Bill("foxglove", -18, 560.00, "Flower stands"),
            Bill("tamarack", -20, 1850.00, "Tool walls"),
            Bill("tamarack", -16, -1850.00, "Tool walls, returned"),
            Bill("willow", -25, 1206.40, "Saddle racks"),
            Bill("silverline", -400, 3900.00, "Archive shelves"),
            Bill("cedar", -20, 1540.00, "Site office furniture"),
        ),
    ),
    Story(
        "ar_followup_plus.company_europe",
        30,
        (
            Bill("lefevre", -3, 1675.00, "Armoires"),
            Bill("rheintal", -14, 3480.00, "Oak boards"),
            Bill("veronese", -6, 4200.00, "Conference table", instalments=True),
            Bill("arts", -16, 2260.00, "Lampes de chevet"),
        ),
    ),
)


class ArFollowupDemo(models.AbstractModel):
    """Tells the demo's stories; called by the demo data only."""

    _name = "ar.followup.demo"
    _description = "Demo of Customer Follow-up"

    @api.model
    def _create(self):
        """Every state and reason there is, each told by one customer."""
        # Odoo loads an addon's translations after its demo data; mails need them now.
        self.env["ir.module.module"].search(
            [("name", "in", TRANSLATED)]
        )._update_translations(["fr_FR"])
        for story in STORIES:
            company = self.env.ref(story.company)
            self.with_company(company).with_context(
                allowed_company_ids=company.ids,
                tracking_disable=True,
                mail_create_nosubscribe=True,
            )._tell(story)

    def _tell(self, story):
        company = self.env.company
        self._set_up_company(-story.days)
        invoices = self._create_invoices(story.bills)
        partners = invoices.commercial_partner_id
        self._happened_before(invoices)
        for day in range(-story.days, 0):
            self._work_past_day(self._day(day), partners)
        self.env["ar.followup.case"]._collect(company, self._day(0), partners.ids)
        self._happens_today(invoices)
        cases = self._cases(partners)
        cases.user_id = self._ref("user_collector")
        # only now, so that the past days' notices do not fill an inbox
        company.ar_manager_id = self._ref("user_approver")
        cases._reassess()
        if not company._ar_followup_conflict():
            # not automatic: who installs a demo has not asked to send mails
            company.ar_followup_mode = "review"

    def _ref(self, name):
        return self.env.ref(f"ar_followup_plus.{name}").with_env(self.env)

    def _day(self, days):
        return self.env.company._ar_today() + timedelta(days=days)

    def _cases(self, partners):
        return self.env["ar.followup.case"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", partners.ids),
            ]
        )

    # the books -----------------------------------------------------------------

    def _set_up_company(self, first_day):
        company = self.env.company
        currency = company.currency_id
        if not company.chart_template:
            self.env["account.chart.template"]._load("generic_coa", company, False)
        company.write(
            {
                "currency_id": currency.id,  # the chart brings its own
                "ar_followup_policy_id": self._ref("policy_default").id,
                "ar_followup_start_date": self._day(first_day),
                "ar_default_user_id": self._ref("user_collector").id,
            }
        )

    def _create_invoices(self, bills):
        """Posted invoices, numbered in the order of their dates."""
        invoices = self.env["account.move"].create(
            sorted(map(self._bill_vals, bills), key=lambda vals: vals["invoice_date"])
        )
        invoices.action_post()
        return invoices

    def _bill_vals(self, bill):
        vals = {
            "move_type": "out_invoice" if bill.amount > 0 else "out_refund",
            "partner_id": self._ref(f"partner_{bill.customer}").id,
            "currency_id": self._currency(bill.foreign).id,
            "invoice_date": self._day(bill.due - 30),
            "invoice_date_due": self._day(bill.due),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": bill.text,
                        "price_unit": abs(bill.amount),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        if bill.instalments:
            term = self._ref("payment_term_instalments")
            vals["invoice_payment_term_id"] = term.id
            vals["invoice_date"] = self._day(bill.due - 10)
            del vals["invoice_date_due"]
        return vals

    def _currency(self, foreign):
        own = self.env.company.currency_id
        if not foreign:
            return own
        euro, dollar = self.env.ref("base.EUR"), self.env.ref("base.USD")
        currency = dollar if own == euro else euro
        currency.active = True
        return currency

    def _of(self, invoices, customer):
        """The customer's invoices; none when they are another company's customer."""
        partner = self._ref(f"partner_{customer}")
        return invoices.filtered(lambda move: move.commercial_partner_id == partner)

    def _pay(self, invoices, amount):
        """A payment matched with an invoice, whether or not it is enough."""
        for invoice in invoices:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"amount": amount})._create_payments()

    # what happened -------------------------------------------------------------

    def _happened_before(self, invoices):
        self._of(invoices, "riverbend").no_followup = True
        self._pay(self._of(invoices, "willow"), 1200.00)
        elmsford = self._of(invoices, "elmsford").partner_id
        if elmsford:
            elmsford.ar_followup_policy_id = self._patient_policy()

    def _patient_policy(self):
        """A ladder of two steps for public bodies, who pay late but surely."""
        levels = []
        for name, delay in (("level_friendly", 10), ("level_second", 30)):
            level = self._ref(name)
            template = level.mail_template_id
            own = template.copy({"name": f"{template.name} (public bodies)"})
            (vals,) = level.copy_data({"delay_days": delay, "mail_template_id": own.id})
            del vals["policy_id"]
            levels.append(Command.create(vals))
        return self.env["ar.followup.policy"].create(
            {"name": "Public bodies", "level_ids": levels}
        )

    def _happens_today(self, invoices):
        """What people did today, in the books and in Follow-up."""
        self._pay(self._of(invoices, "cedar"), 1540.00)
        self._pay(self._of(invoices, "veronese"), 1260.00)
        for invoice in self._of(invoices, "foxglove"):
            invoice.action_toggle_block_payment()
        collector = self._ref("user_collector")
        approver = self._ref("user_approver")
        for customer, kind, user, note, vals in (
            (
                "oakhaven",
                "paused",
                collector,
                "Their new bookkeeper asks for time.",
                {"date_to": self._day(10)},
            ),
            (
                "arts",
                "paused",
                collector,
                "The director is back next week.",
                {"date_to": self._day(5)},
            ),
            (
                "lantern",
                "paused",
                collector,
                "Three lamps came broken and are being replaced.",
                {"is_partial": True, "amount": 1500.00},
            ),
            ("kestrel", "legal", approver, "With our lawyers.", {}),
            ("cobalt", "moratorium", approver, "Insolvency proceedings opened.", {}),
            ("pinnacle", "agency", approver, "Handed over with all papers.", {}),
        ):
            case = self._cases(self._of(invoices, customer).commercial_partner_id)
            if not case:
                continue  # another company's customer
            if vals.get("is_partial"):
                vals["item_id"] = case.item_ids[:1].id
            vals |= {"case_id": case.id, "kind": kind, "note": note}
            case.hold_ids.create({**vals, "user_id": user.id})

    # the past days ---------------------------------------------------------------

    def _work_past_day(self, day, partners):
        """One day's run for these customers, as the engine works it."""
        company = self.env.company
        Case = self.env["ar.followup.case"]
        moment = company._ar_to_utc(day, company.ar_followup_hour)
        run = self.env["ar.followup.run"].create(
            {"company_id": company.id, "date": day, "started_on": moment}
        )
        Case._collect(company, day, partners.ids)
        cases = self._cases(partners).filtered(lambda case: case.state != "closed")
        decided = Case._decide(company, day, cases.partner_id.ids)
        Case._record_decisions(company, decided, day, run)
        run._add_figures(decided)
        due = cases.filtered(lambda case: case.reason in ("remind", "review"))
        if due:
            due._prepare(company, day, run)
            self._make_calls(due, day, moment)
            self._count_as_sent(run.reminder_ids, day, moment)
        run.write({"state": "done", "step": "done", "ended_on": moment})

    def _make_calls(self, cases, day, moment):
        """Calls the ladder asked for are made on their day."""
        called = cases.filtered(
            lambda case: case.call_level_id and not case.call_level_id.send_email
        )
        called.activity_ids.unlink()
        decided = called._decide(self.env.company, day, called.partner_id.ids)
        for _subject, decision in decided:
            for climb in decision.climbs:
                self.env["ar.followup.item"].browse(climb.item).write(
                    {"level_id": climb.after, "level_date": day}
                )
        called.call_level_id = False
        self._log_calls(called, moment, NEGOTIATION)

    def _log_calls(self, cases, moment, summary):
        self.env["ar.contact.log"].create(
            [
                {
                    "case_id": case.id,
                    "date": moment,
                    "user_id": self._ref("user_collector").id,
                    "summary": summary,
                }
                for case in cases
            ]
        )

    def _count_as_sent(self, reminders, day, moment):
        """What the mail server's answer would have left behind."""
        reminders.filtered(lambda r: r.state == "to_review")._set_state("queued")
        reminders._set_state("sending", attempt_count=1)
        reminders._set_state("sent", date_sent=moment)
        reminders.line_ids._climb(day)
        reminders.case_id.last_demand_date = day
        self.env["ar.contact.log"].create([r._log_vals() for r in reminders])
        self._post(reminders, moment)
        company = self.env.company
        announced = reminders.filtered(lambda r: r.level_id._plans_call())
        answered = announced.filtered(lambda r: r.date_answer < company._ar_today())
        for reminder in answered:
            called_on = company._ar_to_utc(reminder.date_answer, 10)
            self._log_calls(reminder.case_id, called_on, AFTER_FIRM)
        open_calls = announced - answered
        (reminders - open_calls).call_pending = False
        open_calls._plan_following_calls()

    def _post(self, reminders, moment):
        """The messages as the chatter shows them."""
        Message = self.env["mail.message"]
        for reminder in reminders:
            vals = {
                name: value
                for name, value in reminder._mail_vals(reminder, False).items()
                if name in Message._fields
            }
            reminder.message_id = Message.create({**vals, "date": moment})

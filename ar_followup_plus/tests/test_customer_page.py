"""What a customer's page says about follow-up, to whom, and what its buttons do."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import START, FollowupCommon
from .rpc import READERS, RpcCommon


class CustomerPageCommon(FollowupCommon):
    def contact(self, partner, name="Contact", **vals):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": partner.id, **vals}
        )

    def seen_by(self, user, record):
        return record.with_user(user).with_company(self.company)


@tagged("post_install", "-at_install")
class TestCustomerPage(CustomerPageCommon):
    def setUp(self):
        super().setUp()
        self.partner = self.customer("Ann")
        editors = self.env.ref("base.group_partner_manager")
        self.collector.group_ids = [Command.link(editors.id)]
        self.manager.group_ids = [Command.link(editors.id)]
        self.seen = self.seen_by(self.collector, self.partner)

    def test_it_says_where_the_customer_stands(self):
        self.invoice(self.partner, 100, due=0)
        self.work_day(4)
        self.assertEqual(self.seen.ar_amount_overdue, 100)
        self.assertEqual(self.seen.ar_case_id, self.case(self.partner))
        self.assertEqual(self.seen.ar_case_state, "waiting")
        self.assertEqual(self.seen.ar_case_level_id, self.level("friendly"))
        self.assertIn("An answer is awaited", self.seen.ar_case_decision)
        self.assertEqual(self.seen.ar_case_last_contact, self.travel(4) or START)

    def test_a_contact_shows_their_companys(self):
        self.invoice(self.partner, 100, due=0)
        self.work_day(4)
        contact = self.seen_by(self.collector, self.contact(self.partner))
        self.assertEqual(contact.ar_amount_overdue, 100)
        action = contact.action_open_ar_case()
        self.assertEqual(action["res_id"], self.case(self.partner).id)

    def test_the_policy_that_applies_is_named(self):
        self.assertEqual(
            self.seen.ar_followup_policy_text, f"{self.policy.name} (the default)"
        )
        own = self.set_policy(self.partner, name="Own ladder")
        contact = self.seen_by(self.collector, self.contact(self.partner))
        self.assertEqual(contact.ar_followup_policy_text, "Own ladder")
        # an archived policy does not apply
        own.active = False
        self.env.invalidate_all()
        self.assertIn("(the default)", self.seen.ar_followup_policy_text)
        self.company.ar_followup_policy_id = False
        self.env.invalidate_all()
        self.assertIn("no reminders", self.seen.ar_followup_policy_text)

    def test_who_is_written_to(self):
        self.assertEqual(
            self.seen.ar_addressee, f"{self.partner.name} <{self.partner.email}>"
        )
        self.contact(self.partner, "Chat", email="chat@customer.example")
        self.contact(self.partner, "Bills", type="invoice", email="bills@c.example")
        self.env.invalidate_all()
        self.assertIn("<bills@c.example>", self.seen.ar_addressee)
        dunned = self.contact(self.partner, type="followup", email="pay@c.example")
        self.env.invalidate_all()
        self.assertIn("<pay@c.example>", self.seen.ar_addressee)
        dunned.email = False
        self.env.invalidate_all()
        self.assertIn("<bills@c.example>", self.seen.ar_addressee)
        self.partner.child_ids.email = False
        self.partner.email = False
        self.env.invalidate_all()
        self.assertFalse(self.seen.ar_addressee)

    def test_a_collector_is_put_in_charge_before_there_is_a_case(self):
        self.assertEqual(self.seen.ar_user_text, "Carla Collector (the default)")
        self.seen.ar_user_id = self.manager
        self.env.invalidate_all()
        self.assertEqual(self.case(self.partner).user_id, self.manager)
        self.assertEqual(self.seen.ar_user_text, "Mona Manager")
        self.contact(self.partner).with_user(self.collector).ar_user_id = False
        self.env.invalidate_all()
        self.assertFalse(self.case(self.partner).user_id)
        self.assertEqual(len(self.case(self.partner)), 1)

    def test_nobody_in_charge_makes_no_case(self):
        with Form(self.env["res.partner"].with_user(self.manager)) as form:
            form.name = "Newcomer"
        newcomer = form.record
        newcomer.ar_user_id = False
        self.assertFalse(self.case(newcomer))

    def test_an_address_type_of_its_own(self):
        unnamed = self.contact(self.partner, False, type="followup")
        bills = self.contact(self.partner, False, type="invoice")
        self.assertEqual(unnamed.display_name, "Ann, Follow-up")
        self.assertEqual(unnamed.type_address_label, "Follow-up Address")
        self.assertEqual(bills.type_address_label, "Invoice Address")
        self.assertTrue(unnamed.avatar_128)
        self.assertNotEqual(unnamed.avatar_128, bills.avatar_128)

    def test_the_search_agrees_with_what_is_shown(self):
        """Also for a contact, and for who owes nothing."""
        self.invoice(self.partner, 100, due=0)
        self.invoice(self.customer("Bob"), 40, due=0)
        paid = self.customer("Paid")
        self.pay(self.invoice(paid, 100, due=0))
        self.invoice(self.customer("Later"), 100, due=30)
        self.contact(self.partner)
        self.travel(4)
        Partner = self.env["res.partner"].with_user(self.collector)
        everybody = Partner.search([])
        for operator, value, holds in (
            (">", 0, lambda amount: amount > 0),
            (">", 50, lambda amount: amount > 50),
            (">=", 40, lambda amount: amount >= 40),
            ("<", 50, lambda amount: amount < 50),
            ("<=", 0, lambda amount: amount <= 0),
            ("=", 40, lambda amount: amount == 40),
            ("!=", 40, lambda amount: amount != 40),
            ("!=", False, lambda amount: amount),
            ("=", 0, lambda amount: not amount),
        ):
            with self.subTest(operator=operator, value=value):
                found = Partner.search([("ar_amount_overdue", operator, value)])
                expected = everybody.filtered(lambda p, h=holds: h(p.ar_amount_overdue))
                self.assertEqual(found, expected)

    def test_each_company_sees_what_is_owed_to_it(self):
        sister = self.setup_other_company(name="The Sister")["company"]
        self.collector.company_ids |= sister
        self.invoice(self.partner, 100, due=0)
        self.work_day(4)
        there = self.seen.with_company(sister)
        self.assertEqual(self.seen.ar_amount_overdue, 100)
        self.assertEqual(there.ar_amount_overdue, 0)
        self.assertFalse(there.ar_case_id)
        overdue = [("ar_amount_overdue", ">", 0)]
        self.assertIn(self.seen, self.seen.search(overdue))
        self.assertNotIn(there, there.search(overdue))


@tagged("post_install", "-at_install")
class TestCustomerButtons(RpcCommon, CustomerPageCommon):
    """The buttons, pushed by each role as a browser does."""

    def setUp(self):
        super().setUp()
        self.dan = self.customer("Dan")
        self.owed = self.invoice(self.dan, 70, due=START)

    def test_who_owes_but_is_not_followed_up_yet(self):
        """An auditor sees what is overdue; a collector gets the case to work with."""
        self.act_as("auditor")
        action = self.rpc("res.partner", "action_open_ar_case", self.dan.ids)
        self.assertEqual(action["res_model"], "account.move")
        found = self.rpc("account.move", "search", action["domain"])
        self.assertEqual(found, self.owed.ids)
        self.assertFalse(self.case(self.dan))

        self.act_as("collector")
        action = self.rpc("res.partner", "action_open_ar_case", self.dan.ids)
        case = self.case(self.dan)
        self.assertEqual((action["res_model"], action["res_id"]), (case._name, case.id))
        self.assertEqual(case.amount_overdue, 70)

        self.act_as("auditor")
        action = self.rpc("res.partner", "action_open_ar_case", self.dan.ids)
        self.assertEqual(action["res_id"], case.id)

    def test_pause(self):
        self.act_as("collector")
        action = self.rpc("res.partner", "action_pause_ar_followup", self.dan.ids)
        vals = {
            key.removeprefix("default_"): value
            for key, value in action["context"].items()
            if key.startswith("default_")
        }
        case_ids = [[6, 0, vals["case_ids"]]]
        (pause,) = self.rpc(action["res_model"], "create", [{"case_ids": case_ids}])
        self.rpc(action["res_model"], "action_pause", [pause])
        case = self.case(self.dan)
        self.assertEqual((case.state, case.reason), ("held", "paused"))

    def test_who_may_not(self):
        self.act_as("auditor")
        pause = ("res.partner", "action_pause_ar_followup", self.dan.ids)
        self.assertRefused(".", *pause)
        vals = {"ar_user_id": self.collector.id}
        self.assertRefused(".", "res.partner", "write", self.dan.ids, vals)
        self.act_as("sales")
        self.assertRefused(".", *pause)
        self.assertRefused(".", "res.partner", "action_open_ar_case", self.dan.ids)
        self.assertRefused(".", "res.partner", "write", self.dan.ids, vals)
        self.act_as("portal")
        self.assertRefused(".", *pause)
        self.assertFalse(self.case(self.dan))

    def test_an_auditor_who_may_edit_customers_leaves_follow_up_alone(self):
        editor = new_test_user(
            self.env,
            login="ar_auditor_editor",
            groups="account.group_account_readonly,base.group_partner_manager",
            company_id=self.company.id,
        )
        ann = self.ann.with_user(editor)
        for vals in (
            {"ar_user_id": self.collector.id},
            {"ar_followup_policy_id": self.policy.id},
        ):
            with self.assertRaises(AccessError):
                ann.write(vals)
        # nothing else stands in their way, and a policy comes to new contacts
        self.set_policy(self.ann, name="Own ladder")
        with Form(ann) as form:
            form.phone = "+1 555 0100"
        contact = ann.create({"name": "Contact", "parent_id": ann.id})
        self.assertEqual(contact.ar_followup_policy_id.name, "Own ladder")

    def test_everybody_opens_a_customer(self):
        """With our fields where they may be seen, and without them elsewhere."""
        alone = new_test_user(
            self.env,
            login="ar_collector_alone_page",
            groups="base.group_user,ar_followup_plus.group_ar_collector",
            company_id=self.company.id,
        )
        readers = [self.people[role] for role in READERS] + [alone]
        for user in readers + [self.people["sales"]]:
            with self.subTest(user=user.login):
                form = Form(self.ann.with_user(user))
                names = form._view["fields"].keys()
                self.assertEqual("ar_amount_overdue" in names, user in readers)
                self.assertEqual("ar_case_decision" in names, user in readers)
                for view in ("list", "search"):
                    arch = self.ann.with_user(user).get_view(view_type=view)["arch"]
                    self.assertEqual("ar_amount_overdue" in arch, user in readers)

    def test_the_portal_is_as_before(self):
        portal = self.people["portal"]
        portal.partner_id.parent_id = self.ann
        self.authenticate(portal.login, portal.login)
        for page in ("/my/home", "/my/invoices", f"/my/invoices/{self.bill.id}"):
            self.assertEqual(self.url_open(page).status_code, 200, page)


@tagged("post_install", "-at_install")
class TestCustomerList(CustomerPageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number:02}",
                    "email": f"customer{number}@customer.example",
                    "is_company": True,
                    "child_ids": [Command.create({"name": "Contact"})],
                }
                for number in range(80)
            ]
        )
        cls.invoices([(partner, 10, START) for partner in cls.partners])

    def queries(self, count):
        """How many queries the list takes for so many rows."""
        partners = self.partners[:count].with_user(self.collector)
        self.env.flush_all()
        self.env.invalidate_all()
        specification = {
            "complete_name": {},
            "currency_id": {},
            "ar_amount_overdue": {},
        }
        before = self.env.cr.sql_log_count
        rows = partners.web_search_read([("id", "in", partners.ids)], specification)
        self.assertEqual(
            [r["ar_amount_overdue"] for r in rows["records"]], [10] * count
        )
        return self.env.cr.sql_log_count - before

    def test_as_many_queries_for_few_rows_as_for_many(self):
        self.travel(4)
        self.queries(8)  # what is read once and kept
        self.assertEqual(self.queries(80), self.queries(8))

    def test_the_filter_finds_customers_and_not_their_contacts(self):
        self.travel(4)
        found = self.env["res.partner"].search(
            [
                "|",
                ("is_company", "=", True),
                ("parent_id", "=", False),
                ("ar_amount_overdue", ">", 0),
            ]
        )
        self.assertEqual(found & self.partners, self.partners)
        self.assertFalse(found & self.partners.child_ids)

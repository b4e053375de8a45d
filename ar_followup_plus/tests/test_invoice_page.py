"""What an invoice says about follow-up, and how it is left out of it."""

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import START, FollowupCommon
from .common_events import EventsCommon, day
from .rpc import READERS, RpcCommon

OVERDUE = ("line_ids.ar_is_overdue", "=", True)


class InvoicePageCommon(EventsCommon):
    def setUp(self):
        super().setUp()
        self.partner = self.customer("Ann")

    def in_instalments(self, **vals):
        """30 % at once, the rest at the end of the next month."""
        return self.invoice(
            self.partner,
            1000,
            invoice_date=day(0),
            invoice_date_due=False,
            invoice_payment_term_id=self.pay_terms_b.id,
            **vals,
        )

    def seen(self, move, user=None):
        self.env.invalidate_all()
        return move.with_user(user or self.collector)

    def hold(self, **vals):
        return (
            self.env["ar.followup.hold"]
            .with_user(self.manager)
            .create({"case_id": self.case(self.partner).id, **vals})
        )


@tagged("post_install", "-at_install")
class TestOverdueFilter(InvoicePageCommon):
    def found(self, *domain, user=None):
        Move = self.env["account.move"].with_user(user or self.collector)
        return Move.search([("partner_id", "=", self.partner.id), *domain])

    def test_one_instalment_is_enough(self):
        move = self.in_instalments()
        self.travel(1)
        self.assertGreater(move.invoice_date_due, day(14))
        self.assertFalse(self.found(("invoice_date_due", "<", day(1))))
        self.assertEqual(self.found(OVERDUE), move)

    def test_not_on_the_day_it_is_due(self):
        move = self.in_instalments()
        self.assertFalse(self.found(OVERDUE))
        self.assertEqual(self.found(("line_ids.ar_is_overdue", "=", False)), move)

    def test_not_when_the_part_that_was_due_is_paid(self):
        move = self.in_instalments()
        self.travel(1)
        self.pay(move, 300)
        self.assertFalse(self.found(OVERDUE))

    def test_drafts_credit_notes_and_bills_are_not_overdue(self):
        self.in_instalments(post=False)
        self.credit(self.partner, 50)
        self.invoice(self.partner, 50, due=0, move_type="in_invoice")
        self.travel(30)
        self.assertFalse(self.found(OVERDUE))

    def test_the_shown_value_is_the_one_that_is_searched(self):
        move = self.in_instalments()
        self.travel(1)
        lines = self.seen(move).line_ids
        now, later = lines.filtered("date_maturity").sorted("date_maturity")
        self.assertEqual(
            lines.search([("ar_is_overdue", "=", True), ("move_id", "=", move.id)]), now
        )
        self.assertTrue(now.ar_is_overdue)
        self.assertFalse(later.ar_is_overdue)
        self.assertFalse((lines - now - later).filtered("ar_is_overdue"))

    def test_it_is_offered_for_invoices_and_journal_items(self):
        for model in ("account.move", "account.move.line"):
            views = self.env[model].with_user(self.collector)
            name = {
                "account.move": "account.view_account_invoice_filter",
                "account.move.line": "account.view_account_move_line_filter",
            }[model]
            arch = views.get_view(self.env.ref(name).id, "search")["arch"]
            self.assertIn('name="ar_overdue"', arch)

    def test_each_company_by_its_own_calendar(self):
        """It is tomorrow already in one of them."""
        sister_data = self.setup_other_company(name="The Sister")
        sister = sister_data["company"]
        sister.partner_id.tz = "Pacific/Kiritimati"
        self.collector.company_ids |= sister
        here = self.invoice(self.partner, due=0)
        journal = sister_data["default_journal_sale"]
        there = self.invoice(self.partner, due=0, journal_id=journal.id)
        both = self.env["account.move"].with_user(self.collector)
        both = both.with_context(allowed_company_ids=(self.company | sister).ids)
        domain = [("partner_id", "=", self.partner.id), OVERDUE]
        self.travel(0, hour=15)
        self.assertEqual(both.search(domain), there)
        self.travel(1)
        self.assertEqual(both.search(domain), here | there)


@tagged("post_install", "-at_install")
class TestInvoicePage(InvoicePageCommon):
    def test_the_highest_level_and_each_instalments_own(self):
        move = self.in_instalments()
        self.work_day(3)
        self.work_day(14)
        seen = self.seen(move)
        self.assertEqual(seen.ar_level_id, self.second)
        items = seen.ar_item_ids.sorted("date_due")
        self.assertEqual(items.mapped("level_id"), self.second)
        self.assertEqual(items.mapped("amount_residual"), [300, 700][: len(items)])
        found = seen.search([("ar_item_ids.level_id", "ilike", self.second.name)])
        self.assertEqual(found, move)

    def test_held_until_when(self):
        move = self.invoice(self.partner, due=0)
        other = self.invoice(self.partner, due=0)
        self.work_day(3)
        self.assertFalse(self.seen(move).ar_hold_reason)
        self.assertFalse(self.seen(move).alerts)
        self.hold(item_id=self.item(move).id, date_to=day(20))
        self.assertEqual(self.seen(move).ar_hold_reason, "Paused until Jan 25, 2026")
        self.assertFalse(self.seen(other).ar_hold_reason)
        alert = self.seen(move).alerts["ar_followup_held"]
        self.assertEqual(
            alert["message"],
            "Follow-up of this invoice is held: Paused until Jan 25, 2026.",
        )
        self.assertEqual(alert["action"]["res_id"], self.case(self.partner).id)
        self.travel(21)
        self.assertFalse(self.seen(move).ar_hold_reason)
        self.assertFalse(self.seen(move).alerts)

    def test_a_hold_on_everything_holds_each_open_invoice(self):
        """Also one that is not within reach of the ladder, and no settled one."""
        move = self.invoice(self.partner, due=0)
        paid = self.invoice(self.partner, due=0)
        self.work_day(3)
        later = self.invoice(self.partner, due=90)
        self.pay(paid)
        refund = self.credit(self.partner, 10)
        self.hold(kind="legal")
        for debt in (move, later):
            self.assertEqual(self.seen(debt).ar_hold_reason, "Legal case")
        for settled in (paid, refund):
            self.assertFalse(self.seen(settled).ar_hold_reason)

    def test_held_in_part(self):
        move = self.invoice(self.partner, 100, due=0)
        self.work_day(3)
        self.hold(item_id=self.item(move).id, is_partial=True, amount=40)
        reason = self.seen(move).ar_hold_reason.replace("\xa0", " ")
        self.assertEqual(reason, "Paused ($ 40.00 of it)")

    def test_other_reasons_to_leave_it_alone(self):
        move = self.invoice(self.partner, due=0)
        self.assertFalse(self.seen(move).ar_hold_reason)
        move.no_followup = True
        self.assertEqual(self.seen(move).ar_hold_reason, "Left out of follow-up")
        move.action_toggle_block_payment()
        self.assertEqual(
            self.seen(move).ar_hold_reason, "Left out of follow-up, Payment blocked"
        )
        # there is no case yet, so none to open
        self.assertNotIn("action", self.seen(move).alerts["ar_followup_held"])

    def test_nothing_on_a_vendors_bill(self):
        self.invoice(self.partner, due=0)
        self.work_day(3)
        self.hold()
        bill = self.invoice(self.partner, 50, due=0, move_type="in_invoice")
        seen = self.seen(bill)
        self.assertFalse(seen.ar_case_id or seen.ar_level_id or seen.ar_hold_reason)
        self.assertFalse(seen.alerts)

    def test_the_button_opens_the_case_of_the_invoices_company(self):
        sister_data = self.setup_other_company(name="The Sister")
        sister = sister_data["company"]
        self.collector.company_ids |= sister
        journal = sister_data["default_journal_sale"]
        self.invoice(self.partner, due=0)
        there = self.invoice(self.partner, due=0, journal_id=journal.id)
        self.work_day(3)
        action = self.seen(there).action_open_ar_case()
        case = self.env["ar.followup.case"].browse(action["res_id"])
        self.assertEqual((case.company_id, case.partner_id), (sister, self.partner))

    def test_left_out_by_a_person(self):
        """The next look at the case leaves it out; the chatter says who did it."""
        move = self.in_instalments()
        self.work_day(3)
        self.assertEqual(len(self.received(self.partner)), 1)
        self.travel(10)
        with Form(self.seen(move)) as form:
            form.no_followup = True
        self.work_day(10)
        self.assertEqual(self.case(self.partner).reason, "no_followup")
        self.work_day(14)
        self.assertEqual(len(self.received(self.partner)), 1)
        said = move.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "no_followup"
        )
        self.assertEqual(said.mail_message_id.author_id, self.collector.partner_id)

        with Form(self.seen(move)) as form:
            form.no_followup = False
        self.work_day(15)
        self.assertEqual(len(self.received(self.partner)), 2)


@tagged("post_install", "-at_install")
class TestInvoiceRights(RpcCommon):
    def test_everybody_in_accounting_opens_it(self):
        for role in READERS:
            with self.subTest(role=role):
                form = Form(self.bill.with_user(self.people[role]))
                self.assertIn("ar_hold_reason", form._view["fields"])

    def test_who_may_not_leave_it_out(self):
        for role in ("auditor", "sales", "portal"):
            self.act_as(role)
            vals = {"no_followup": True}
            self.assertRefused(".", "account.move", "write", self.bill.ids, vals)
        self.assertFalse(self.bill.no_followup)

    def test_a_salesperson_who_reads_invoices(self):
        """As the sales app lets them: no error, and nothing of ours."""
        readable = ("account.move", "account.move.line", "account.account")
        self.env["ir.model.access"].create(
            [
                {
                    "name": f"sales reads {model}",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref("base.group_partner_manager").id,
                    "perm_read": True,
                }
                for model in readable
            ]
        )
        self.env["ar.followup.hold"].with_user(self.people["approver"]).create(
            {"case_id": self.rows["ar.followup.case"].id}
        )
        self.act_as("sales")
        (bill,) = self.rpc("account.move", "read", self.bill.ids, ["name", "alerts"])
        self.assertFalse(bill["alerts"])
        arch = self.rpc("account.move", "get_view", None, "form")["arch"]
        for name in ("ar_case", "ar_hold_reason", "ar_item_ids", "no_followup"):
            self.assertNotIn(name, arch)
        self.assertRefused(".", "account.move", "action_open_ar_case", self.bill.ids)
        self.act_as("collector")
        (bill,) = self.rpc("account.move", "read", self.bill.ids, ["alerts"])
        self.assertIn("ar_followup_held", bill["alerts"])


@tagged("post_install", "-at_install")
class TestInvoiceList(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [{"name": f"Customer {n:02}", "is_company": True} for n in range(80)]
        )
        cls.moves = cls.invoices([(partner, 10, START) for partner in partners])
        cls.travel(4)
        run = cls.engine["ar.followup.run"].create({"company_id": cls.company.id})
        run.action_run()
        cases = cls.engine["ar.followup.case"].search([])
        cls.engine["ar.followup.hold"].create(
            [
                hold
                for case in cases
                for hold in (
                    {"case_id": case.id},
                    {"case_id": case.id, "item_id": case.item_ids.id, "kind": "legal"},
                )
            ]
        )

    def queries(self, count):
        """How many queries the list takes for so many rows."""
        moves = self.moves[:count].with_user(self.collector)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = moves.web_search_read(
            [("id", "in", moves.ids)],
            {
                "name": {},
                "ar_level_id": {"fields": {"display_name": {}}},
                "ar_hold_reason": {},
            },
        )["records"]
        self.assertEqual(
            [row["ar_hold_reason"] for row in rows], ["Legal case, Paused"] * count
        )
        return self.env.cr.sql_log_count - before

    def test_as_many_queries_for_few_rows_as_for_many(self):
        self.travel(4)
        self.queries(8)  # what is read once and kept
        self.assertEqual(self.queries(80), self.queries(8))


@tagged("post_install", "-at_install")
class TestSalesCard(InvoicePageCommon):
    """The sales journal on the dashboard: how many to follow up, for how much."""

    def setUp(self):
        super().setUp()
        self.journal = self.company_data["default_journal_sale"]
        self.invoice(self.partner, 100, due=0)
        self.invoice(self.partner, 50, due=0)
        self.invoice(self.partner, 30, due=60)
        self.bob = self.customer("Bob")
        self.bills = self.invoice(self.bob, 7, due=0)
        self.credit(self.bob, 2)

    def card(self, user=None, journal=None):
        journal = (journal or self.journal).with_user(user or self.collector)
        return journal._get_journal_dashboard_data_batched()[journal.id]

    def test_the_figure_is_what_is_overdue(self):
        self.travel(4)
        card = self.card()
        partners = (self.partner | self.bob).with_user(self.collector)
        overdue = sum(partners.mapped("ar_amount_overdue"))
        self.assertEqual(overdue, 157)
        self.assertEqual(card["ar_customers"], 2)
        self.assertEqual(card["ar_overdue"], self.company.currency_id.format(overdue))

    def test_each_journal_shows_its_own(self):
        other = self.journal.copy({"code": "INV2", "name": "Other Sales"})
        self.invoice(self.bob, 20, due=0, journal_id=other.id)
        self.travel(4)
        money = self.company.currency_id.format
        self.assertEqual(self.card()["ar_overdue"], money(157))
        self.assertEqual(self.card(journal=other)["ar_overdue"], money(20))
        purchases = self.company_data["default_journal_purchase"]
        self.assertNotIn("ar_customers", self.card(journal=purchases))

    def test_nothing_without_something_to_do(self):
        self.assertNotIn("ar_customers", self.card())
        self.travel(4)
        self.company.ar_followup_mode = "off"
        self.assertNotIn("ar_customers", self.card())

    def test_nothing_for_who_may_not_follow_up(self):
        """Say, an accountant whose admin took the follow-up rights away."""
        self.travel(4)
        invoicing = self.env.ref("account.group_account_invoice")
        collectors = self.env.ref("ar_followup_plus.group_ar_collector")
        invoicing.implied_ids = [Command.unlink(collectors.id)]
        self.collector.group_ids = [Command.unlink(collectors.id)]
        card = self.card()
        self.assertIn("number_late", card)
        self.assertNotIn("ar_customers", card)

    def test_the_link_leads_to_the_customers(self):
        self.work_day(4)
        journal = self.journal.with_user(self.collector)
        action = journal.action_open_ar_followup()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.partner_id, self.partner | self.bob)
        other = self.journal.copy({"code": "INV2", "name": "Other Sales"})
        self.assertFalse(found.search(other.action_open_ar_followup()["domain"]))
        self.pay(self.bills)
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.partner_id, self.partner)

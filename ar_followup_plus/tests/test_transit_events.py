"""Money that comes in while a reminder waits, and whom it is brought to."""

from odoo.fields import Command
from odoo.tests import tagged

from ..models.case.account_journal import MATCH
from .test_money_in_transit import TransitCommon


@tagged("post_install", "-at_install")
class TestGateInTransit(TransitCommon):
    """A reminder was prepared; then the money is seen."""

    def setUp(self):
        super().setUp()
        self.waiting = self.prepare(3)
        self.reminder = self.reminders(self.partner, "queued").ensure_one()

    def assertStopped(self, words):
        self.waiting._deliver()
        self.env.invalidate_all()
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertIn(words, self.reminder.failure_reason)
        self.assertFalse(self.received(self.partner))

    def test_all_of_it(self):
        self.line(180, f"{self.old.name} {self.new.name}")
        self.assertStopped("Money on its way")

    def test_a_part_of_it(self):
        self.line(100, self.old.name)
        self.assertStopped("The amounts have changed")

    def test_money_of_somebody_else(self):
        self.line(180, "Somebody else")
        self.waiting._deliver()
        self.assertEqual(self.reminder.state, "sent")

    def test_the_mark_of_a_bank_line_cancels_it_soon(self):
        self.line(180, self.old.name)
        mark = self.engine["ar.followup.mark"].search([])
        self.assertEqual(len(mark), 1)
        self.assertFalse(mark.case_id, "the import looks for nobody")
        self.assertFalse(self.engine["ar.followup.mark"]._work(100))
        self.env.invalidate_all()
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertEqual(self.case(self.partner).reason, "in_transit")

    def test_outgoing_and_unknown_lines_mark_nobody(self):
        self.line(-180, self.old.name)
        self.assertFalse(self.engine["ar.followup.mark"].search([]))
        self.line(180, "Somebody else")
        self.engine["ar.followup.mark"]._work(100)
        self.assertEqual(self.reminder.state, "queued")

    def test_an_online_payment_marks_the_case(self):
        methods_sudo = self.env["payment.method"].sudo()
        method = methods_sudo.with_context(active_test=False).search([], limit=1)
        provider_sudo = self.env["payment.provider"].sudo()
        provider = provider_sudo.create(
            {
                "name": "Card",
                "company_id": self.company.id,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": "tx",
                    "amount": 180,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.partner.id,
                    "invoice_ids": [Command.set((self.old | self.new).ids)],
                }
            )
        )
        self.assertFalse(self.marks(self.partner))
        transaction._set_pending()
        self.assertTrue(self.marks(self.partner))
        self.engine["ar.followup.mark"]._work(100)
        self.env.invalidate_all()
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertEqual(self.case(self.partner).reason, "in_transit")
        transaction._set_canceled()
        self.assertTrue(self.marks(self.partner))

    def test_a_payment_without_an_entry_marks_the_case(self):
        self.classPatch(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda *_args: "in_payment",
        )
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        self.unmatched_payment(self.partner, 180)
        self.assertTrue(self.marks(self.partner))
        self.assertStopped("Money on its way")


@tagged("post_install", "-at_install")
class TestToBeMatched(TransitCommon):
    """One activity asks an accountant, and goes away when it is done."""

    def activities(self):
        journals = self.engine["account.journal"].search([])
        return journals._ar_activities(MATCH)

    def test_one_activity_for_all_of_a_journal(self):
        self.line(100, self.old.name)
        self.line(10, self.new.name)
        self.work_day(3)
        activity = self.activities().ensure_one()
        self.assertEqual((activity.res_model, activity.res_id), self._on(self.bank))
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.summary, "Payments of customers to be matched: 2")
        self.assertIn("Birchwood Hotels Ltd", activity.note)
        self.assertIn("100.00", activity.note)
        self.work_day(4)
        self.assertEqual(self.activities(), activity, "one, not one a day")

    def _on(self, record):
        return record._name, record.id

    def test_it_goes_away_when_all_is_matched(self):
        line = self.line(100, self.old.name)
        self.work_day(3)
        self.assertTrue(self.activities())
        self._match(line)
        # the reconciliation marks the case, and the tick comes soon
        self.engine["ar.followup.mark"]._work(100)
        self.env.invalidate_all()
        self.assertFalse(self.activities())

    def _match(self, line):
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = self.receivable(self.old)
        line.move_id.with_context(skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.update(
                        suspense.id,
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": self.partner.id,
                        },
                    )
                ]
            }
        )
        booked = line.move_id.line_ids.filtered(
            lambda own: own.account_id == receivable.account_id
        )
        (booked | receivable).reconcile()

    def test_a_flood_is_one_activity_with_the_first_few(self):
        for number in range(25):
            self.line(number + 1, f"{self.old.name} {number}")
        self.work_day(3)
        activity = self.activities().ensure_one()
        self.assertEqual(activity.summary, "Payments of customers to be matched: 25")
        self.assertEqual(activity.note.count("<li>"), 20)
        self.assertIn("And 5 more.", activity.note)

    def test_an_online_payment_is_nobodys_to_match(self):
        self.work_day(3)
        self.assertFalse(self.activities())

    def test_nothing_is_asked_while_follow_up_is_off(self):
        self.line(100, self.old.name)
        self.work_day(3)
        self.activities().unlink()
        self.company.ar_followup_mode = "off"
        self.company._ar_ask_accountant()
        self.assertFalse(self.activities())


@tagged("post_install", "-at_install")
class TestCasePage(TransitCommon):
    """The case says what is on its way, and leads there."""

    def test_what_when_and_how_much(self):
        line = self.line(100, self.old.name)
        self.work_day(3)
        case = self.case(self.partner).with_user(self.collector)
        self.assertTrue(case.is_in_transit)
        (row,) = case.in_transit
        self.assertIn("100.00", row["title"])
        self.assertIn(self.old.name, row["title"])
        self.assertEqual(row["day"], "Jan 5, 2026")
        self.assertEqual((row["model"], row["id"]), ("account.move", line.move_id.id))

    def test_nothing_on_its_way(self):
        self.work_day(3)
        case = self.case(self.partner)
        self.assertFalse(case.is_in_transit)
        self.assertFalse(case.in_transit)


@tagged("post_install", "-at_install")
class TestCost(TransitCommon):
    """As many statements for one customer as for many; none per bank line."""

    def test_constant_statements(self):
        partners = [self.partner]
        for number in range(6):
            partner = self.customer(f"Customer number {number:05}")
            move = self.invoice(partner, 10 + number, due=0)
            self.line(1, move.name)
            self.line(10 + number, f"CUSTOMER NUMBER {number:05}")
            partners.append(partner)
        self.env.flush_all()
        Transit = self.engine["ar.money.in.transit"]
        Transit._find(self.company, [self.partner.id])  # what Odoo caches
        with self.assertQueryCount(4):
            self.assertFalse(Transit._find(self.company, [self.partner.id]))
        ids = [partner.id for partner in partners]
        with self.assertQueryCount(4):
            found = Transit._find(self.company, ids)
        self.assertEqual(len(found), 12)

    def test_a_single_statement_when_nothing_came_in(self):
        Transit = self.engine["ar.money.in.transit"]
        Transit._find(self.company, [self.partner.id])  # what Odoo caches
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertFalse(Transit._find(self.company, [self.partner.id]))

    def test_where_all_have_one_word_and_one_amount(self):
        """Nobody is taken for somebody else, however alike they are."""
        lines = {}
        for number in (11, 22, 33):
            partner = self.customer(f"Customer {number}")
            self.invoice(partner, 70, due=-5)
            lines[partner] = self.line(70, f"CUSTOMER {number}")
        self.line(70, "CUSTOMER")
        for partner, line in lines.items():
            self.assertOnItsWay((line, 7000), partner=partner)

    def test_a_line_is_cut_once(self):
        lines = self.line(100, self.old.name)
        tokens = self.engine["ar.bank.token"].search([])
        self.assertIn(self.old.name.replace("/", ""), tokens.mapped("token"))
        self.work_days(3, 4)
        self.assertEqual(self.engine["ar.bank.token"].search([]), tokens)
        # what came in past Odoo's ways is cut with the next update
        tokens.unlink()
        self.engine["ar.bank.token"].init()
        self.assertEqual(self.engine["ar.bank.token"].search_count([]), len(tokens))
        # and what is too old is forgotten
        self.travel(70)
        self.engine["ar.bank.token"]._gc_old()
        self.assertFalse(self.engine["ar.bank.token"].search([]))
        self.assertTrue(lines.exists())

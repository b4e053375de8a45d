"""Start: what the books hold, opening balances, and the last step."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_events import day
from .common_start import StartCommon


@tagged("post_install", "-at_install")
class TestOpening(StartCommon):
    """Debts in miscellaneous journals, which Odoo leaves out of follow-up."""

    def setUp(self):
        super().setUp()
        self.dated = self.entry(self.ann, 300, due=-60, date_maturity=day(-60))
        self.undated = self.entry(self.bob, 200, due=-60, date_maturity=False)
        self.receivable(self.undated).date_maturity = False
        self.journals = self.dated.journal_id.ids

    def test_they_are_counted(self):
        wizard = self.go(self.wizard(), "opening")
        self.assertRegex(self.text(wizard), r"1 \(.*300.00.*1 \(.*200.00")
        found = self.env["account.move.line"].search(
            wizard.action_open_undated()["domain"]
        )
        self.assertEqual(found, self.receivable(self.undated))

    def test_left_out(self):
        self.begin(older="release")
        self.work_day(0)
        self.assertFalse(self.sink.mails)
        self.assertEqual(self.case(self.ann).reason, "no_followup")

    def test_included_once_they_have_a_due_date(self):
        self.begin(opening_journal_ids=self.journals, start_date=day(-90))
        self.assertFalse(self.receivable(self.dated).no_followup)
        self.assertTrue(self.receivable(self.undated).no_followup)
        self.assertFalse(self.receivable(self.undated).date_maturity)
        self.assertIn("Included in customer follow-up: Ann", self.notes(self.dated))
        self.work_day(0)
        self.assertSent(self.ann, self.first)
        self.assertFalse(self.received(self.bob))
        # the accountant sets the date and starts once more
        self.receivable(self.undated).date_maturity = day(-50)
        self.apply(opening_journal_ids=self.journals, start_date=day(-90))
        self.assertFalse(self.receivable(self.undated).no_followup)
        self.work_day(0)
        self.work_day(1)
        self.assertSent(self.bob, self.first)

    def test_older_ones_are_released_with_the_others(self):
        self.begin(opening_journal_ids=self.journals, older="release")
        self.assertStands(self.dated, None, is_released=True)
        self.work_day(0)
        self.assertSent(self.ann, self.first)

    def test_older_ones_may_have_a_level(self):
        wizard = self.give_levels(
            [(self.dated, self.second, day(-10))], opening_journal_ids=self.journals
        )
        self.go(wizard, "check").action_apply()
        self.assertStands(self.dated, self.second)

    def test_credits_and_other_journals_are_not_touched(self):
        credit = self.entry(self.ann, -50, due=-60, date_maturity=day(-60))
        journal = self.dated.journal_id.copy()
        other = self.entry(
            self.ann, 70, due=-60, journal=journal, date_maturity=day(-60)
        )
        self.apply(opening_journal_ids=self.journals)
        self.assertTrue(self.receivable(credit).no_followup)
        self.assertTrue(self.receivable(other).no_followup)


@tagged("post_install", "-at_install")
class TestOwed(StartCommon):
    """What the first step tells."""

    def test_debt_by_age_against_credits(self):
        for amount, due in ((1, 5), (10, -30), (100, -31), (1000, -90), (10000, -91)):
            self.invoice(self.ann, amount, due=due)
        self.invoice(self.bob, 20000, due=-200)
        self.unmatched_payment(self.ann, 50)
        wizard = self.wizard()
        rows = dict(
            row[:2]
            for row in wizard._age_rows(
                self.env["account.move.line"]._ar_ageing(self.company, day(0)),
                self.company.currency_id,
            )
        )
        amounts = [self.company.currency_id.format(n) for n in (1, 10, 100, 1000)]
        amounts += [self.company.currency_id.format(n) for n in (30000, 31111, -50)]
        amounts += [self.company.currency_id.format(31061)]
        self.assertEqual([amount for (amount,) in rows.values()], amounts)
        text = self.text(wizard)
        self.assertIn("Customers who owe The Seller money: 2", text)
        self.assertIn("with unallocated credits: 1", text)
        self.assertIn("Ann: ", text)
        self.assertNotIn("Bob", text)
        found = self.env["account.move.line"].search(
            wizard.action_open_credits()["domain"]
        )
        self.assertEqual(found.mapped("amount_residual"), [-50])

    def test_nothing(self):
        text = self.text(self.wizard())
        self.assertIn("Nobody owes The Seller money", text)
        self.assertNotIn("overdue", text)

    def test_currencies_stand_side_by_side(self):
        self.invoice(self.ann, 10, due=-5)
        other = self.setup_other_currency("CHF")
        self.invoice(self.ann, 70, due=-5, currency_id=other.id)
        text = self.text(self.wizard())
        self.assertIn("CHF", text)
        self.assertIn("70.00", text)
        self.assertIn("10.00", text)


@tagged("post_install", "-at_install")
class TestMode(StartCommon):
    """The last step: what would happen today, and the mode."""

    def test_what_would_happen_today(self):
        self.invoice(self.ann, due=-10)
        self.invoice(self.bob, due=-40)
        wizard = self.apply(start_date=day(-30))
        self.assertEqual(wizard.step, "mode")
        text = self.text(wizard)
        self.assertIn("1 of 2 customers would get a reminder and 0 a call", text)
        self.assertIn("Before the start date: 1", text)
        self.assertIn("at 8 o'clock (UTC)", text)
        self.assertEqual(self.company.ar_followup_mode, "off")
        window = wizard.action_open_preview()
        run = self.env["ar.followup.run"].browse(window["res_id"])
        self.assertTrue(run.is_preview)
        self.assertEqual(run.date, day(0))
        self.assertFalse(self.reminders(self.ann))

    def test_finish_in_review(self):
        self.invoice(self.ann, due=-10)
        wizard = self.apply(start_date=day(-30))
        self.assertEqual(wizard.mode, "review")
        window = wizard.action_finish()
        self.assertEqual(window["res_model"], "ar.followup.case")
        self.assertEqual(self.company.ar_followup_mode, "review")
        self.work_day(0)
        self.assertEqual(self.reminders(self.ann).state, "to_review")

    def test_a_preview_of_yesterday_is_not_enough(self):
        wizard = self.apply(mode="automatic")
        self.travel(1)
        with self.assertRaisesRegex(UserError, "open a preview of today"):
            wizard.action_finish()
        wizard.action_back()
        wizard.action_apply()
        wizard.action_finish()
        self.assertEqual(self.company.ar_followup_mode, "automatic")

    def test_releasing_in_automatic_mode_says_what_follows(self):
        self.invoice(self.ann, due=-10)
        self.company.sudo().ar_followup_mode = "automatic"
        wizard = self.go(self.wizard(older="release"), "check")
        self.assertIn("leave by themselves", self.text(wizard))

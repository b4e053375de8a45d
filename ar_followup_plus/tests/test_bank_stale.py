"""Nobody is asked for money while the bank statements are too old to tell."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.case.account_journal import STATEMENTS
from .common_events import day
from .common_start import StartCommon
from .test_money_in_transit import TransitCommon


class StaleCommon(TransitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.customer("Somebody else")
        cls.line(1, partner_id=cls.other.id, date=day(0))

    def assertReason(self, reason):
        case = self.case(self.partner)
        self.assertEqual(case.reason, reason)
        return case

    def activity(self):
        journals = self.engine["account.journal"].search([])
        return journals._ar_activities(STATEMENTS)


@tagged("post_install", "-at_install")
class TestBankStale(StaleCommon):
    def test_off_by_default(self):
        self.assertEqual(self.company.ar_bank_stale_days, 0)
        self.work_day(30)
        self.assertSent(self.partner, self.first)
        self.assertFalse(self.activity())

    def test_everything_is_held_from_the_day_after(self):
        self.company.ar_bank_stale_days = 5
        self.work_day(6)
        case = self.assertReason("bank_stale")
        self.assertEqual((case.state, case.action), ("held", "hold"))
        self.assertIn("import them", case.decision_text)
        self.assertFalse(case.next_date)
        self.assertSent(self.partner)

    def test_the_last_day_that_is_recent_enough(self):
        self.company.ar_bank_stale_days = 5
        self.work_day(5)
        self.assertSent(self.partner, self.first)

    def test_imported_it_goes_on(self):
        self.company.ar_bank_stale_days = 5
        self.work_day(6)
        self.line(1, partner_id=self.other.id)
        # the import itself has the cases decided anew
        self.engine["ar.followup.mark"]._work(100)
        self.env.invalidate_all()
        self.assertReason("remind")
        self.work_day(7)
        self.assertSent(self.partner, self.first)

    def test_the_newest_line_of_any_bank_journal(self):
        self.company.ar_bank_stale_days = 5
        journal = self.bank.copy({"name": "Second bank"})
        self.travel(6)
        self.line(-1, journal=journal, partner_id=self.other.id)
        self.work_day(6)
        self.assertSent(self.partner, self.first)

    def test_other_journals_do_not_count(self):
        self.company.ar_bank_stale_days = 5
        self.travel(6)
        cash = self.company_data["default_journal_cash"]
        self.line(1, journal=cash, partner_id=self.other.id)
        archived = self.bank.copy({"name": "Closed"})
        self.line(1, journal=archived, partner_id=self.other.id)
        archived.active = False
        self.work_day(6)
        self.assertReason("bank_stale")

    def test_nothing_was_ever_imported(self):
        self.env["account.bank.statement.line"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        self.company.ar_bank_stale_days = 5
        self.work_day(3)
        self.assertReason("bank_stale")
        self.assertIn("No bank line", self.activity().note)

    def test_without_a_bank_journal_somebody_is_told(self):
        """It would hold everything for good, and nobody would know."""
        self.company.ar_bank_stale_days = 5
        self.env["account.bank.statement.line"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")]
        ).active = False
        self.work_day(3)
        self.assertReason("bank_stale")
        self.assertEqual(len(self.activity()), 1)
        self.work_day(4)
        self.assertEqual(len(self.activity()), 1)

    def test_a_branch_has_the_bank_of_its_parent(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "ar_bank_stale_days": 5,
                "ar_followup_mode": "review",
            }
        )
        self.assertFalse(branch._ar_is_bank_stale(day(3)))
        self.travel(6)
        self.assertTrue(branch._ar_is_bank_stale(day(6)))
        branch._ar_ask_accountant()
        self.assertEqual(len(self.activity()), 1)
        self.line(1, partner_id=self.other.id)
        self.assertFalse(branch._ar_is_bank_stale(day(6)))

    def test_each_company_by_itself(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.company.ar_bank_stale_days = other.ar_bank_stale_days = 5
        self.assertFalse(self.company._ar_is_bank_stale(day(3)))
        self.assertTrue(other._ar_is_bank_stale(day(3)))

    def test_the_gate_stops_what_waited_too_long(self):
        self.company.ar_bank_stale_days = 5
        waiting = self.prepare(5)
        reminder = self.reminders(self.partner, "queued")
        self.travel(6)
        waiting._deliver()
        self.env.invalidate_all()
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("Bank statements are out of date", reminder.failure_reason)
        self.assertFalse(self.received(self.partner))

    def test_an_accountant_is_asked_once(self):
        self.company.ar_bank_stale_days = 5
        self.work_days(6, 8)
        activity = self.activity()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.res_model, "account.journal")
        self.assertIn("Jan 5, 2026", activity.note)
        # done without a newer line, it is not asked again
        activity.with_user(self.manager).action_feedback()
        self.work_day(9)
        self.assertFalse(self.activity())
        # the next time, it is
        self.line(1, partner_id=self.other.id)
        self.work_day(20)
        self.assertEqual(len(self.activity()), 1)

    def test_imported_the_activity_goes_away(self):
        self.company.ar_bank_stale_days = 5
        self.work_day(6)
        self.assertTrue(self.activity())
        self.line(1, partner_id=self.other.id)
        self.engine["ar.followup.mark"]._work(100)
        self.assertFalse(self.activity())

    def test_without_a_manager_an_administrator_is_asked(self):
        self.company.ar_manager_id = False
        self.company.ar_bank_stale_days = 5
        self.work_day(6)
        user = self.activity().user_id
        self.assertTrue(user.has_group("account.group_account_manager"))
        self.assertIn(self.company, user.company_ids)

    def test_the_preview_says_so(self):
        self.company.ar_bank_stale_days = 5
        self.travel(6)
        run = self.preview(day(6))
        self.assertIn("newest bank line", run.bank_stale_text)
        self.assertEqual(run.decision_ids.mapped("reason"), ["bank_stale"])
        # a day ahead is judged by what is known today
        self.travel(5)
        run = self.preview(day(9))
        self.assertFalse(run.bank_stale_text)
        self.assertEqual(run.decision_ids.mapped("reason"), ["remind"])

    def test_the_settings_say_so(self):
        self.company.ar_bank_stale_days = 5
        self.travel(6)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.ar_bank_stale_days, 5)
        self.assertIn("newest bank line", settings.ar_bank_stale_text)
        self.travel(5)
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.ar_bank_stale_text)

    def test_who_may_set_it(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.collector).ar_bank_stale_days = 5


@tagged("post_install", "-at_install")
class TestStaleInStart(StartCommon):
    def test_start_offers_it(self):
        self.assertEqual(self.company.ar_bank_stale_days, 0)
        self.begin(bank_stale_days=5)
        self.assertEqual(self.company.ar_bank_stale_days, 5)
        # going through again changes nothing
        self.assertEqual(self.wizard().bank_stale_days, 5)

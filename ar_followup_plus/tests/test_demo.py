"""The demo tells each state and each reason, on whatever day it is installed."""

from datetime import date, datetime, timedelta
from unittest import SkipTest

# not freezegun.freeze_time: Odoo puts a wrapper there that cannot move the clock
from freezegun.api import freeze_time

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

from ..demo.stories import ADDED_LINE, STORIES
from ..models.agreement.ar_dispute import STATE_LABELS as DISPUTE_STATES
from ..models.agreement.ar_payment_plan import STATE_LABELS
from ..models.case.reasons import REASONS, STATES
from ..models.policy.tones import FIRM, TONE_RANK

MODULE = "ar_followup_plus"
#: Nothing brings these about yet: their agreements, bounces and bank come later, and
#: a demo has no quiet days. Whoever adds one adds its story, and takes it out of here.
NOT_YET = {
    "replied",
    "bank_stale",
    "bounced",
    "quiet_day",
}


class DemoChecks:
    """The demo data, installed on the day ``today``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.module.module"]._get(MODULE).demo:
            raise SkipTest("The demo data are there already, from another day.")
        noon = datetime(cls.today.year, cls.today.month, cls.today.day, 12)
        freezer = freeze_time(noon, real_asyncio=True)
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        # what the installation does with the manifest's demo files
        for name in Manifest.for_addon(MODULE)["demo"]:
            convert_file(cls.env, MODULE, name, {}, mode="init", noupdate=True)
        cls.env.invalidate_all()
        cls.companies = cls.env["res.company"].union(
            *(cls.env.ref(story.company) for story in STORIES)
        )
        cls.cases = cls._all("ar.followup.case")
        cls.reminders = cls._all("ar.followup.reminder")

    @classmethod
    def _all(cls, model):
        return cls.env[model].search([("company_id", "in", cls.companies.ids)])

    def test_each_state_and_reason_is_told(self):
        self.assertEqual(set(self.cases.mapped("state")), set(STATES))
        codes = {reason.code for reason in REASONS}
        self.assertEqual(set(self.cases.mapped("reason")), codes - NOT_YET)

    def test_two_companies_currencies_and_languages(self):
        for company in self.companies:
            cases = self.cases.filtered(lambda c, of=company: c.company_id == of)
            for state in STATES:
                self.assertTrue(
                    cases.filtered(lambda case, state=state: case.state == state),
                    f"{company.name}: nobody is {state}",
                )
        self.assertEqual(set(self.companies.currency_id.mapped("name")), {"USD", "EUR"})
        in_both = self.cases.filtered(lambda c: len(c.item_ids.currency_id) == 2)
        self.assertEqual(in_both.partner_id.name, "Alpine Gear Trading")
        self.assertEqual(set(self.reminders.mapped("lang")), {"en_US", "fr_FR"})

    def test_what_a_morning_brings(self):
        states = {"cancelled", "failed", "sent", "to_review", "unknown"}
        self.assertEqual(set(self.reminders.mapped("state")), states)
        edited = self.reminders.filtered(lambda r: ADDED_LINE in (r.body or ""))
        self.assertEqual(edited.state, "to_review")
        calls = self.cases.activity_ids.mapped("date_deadline")
        self.assertIn(self.today, calls)
        self.assertLess(min(calls), self.today)

    def test_all_days_are_relative(self):
        invoices = self.cases.item_ids.move_id
        days = [(day - self.today).days for day in invoices.mapped("invoice_date_due")]
        self.assertEqual((min(days), max(days)), (-400, 47))
        for day in self._all("ar.followup.run").mapped("date"):
            self.assertLessEqual(day, self.today)
        for moment in [
            *self._all("ar.contact.log").mapped("date"),
            *filter(None, self.reminders.mapped("date_sent")),
        ]:
            self.assertLess(moment.date(), self.today)
            self.assertGreater(moment.date(), self.today - timedelta(days=130))

    def test_the_past_kept_the_rules(self):
        """Each invoice was asked for step by step, and first in a friendly way."""
        sent = self.reminders.filtered(lambda r: r.state == "sent").sorted("date_sent")
        lines = sent.line_ids.filtered("level_after_id")
        self.assertGreater(len(lines), 40)
        for reminder in sent.filtered(lambda r: r.kind == "reminder"):
            self.assertIn("<table", reminder.message_id.body)
        for item, steps in lines.grouped("item_id").items():
            delays = steps.mapped("level_after_id.delay_days")
            self.assertEqual(delays, sorted(set(delays)), item.name)
            tones = [
                TONE_RANK[tone]
                for tone in steps.mapped("level_after_id.tone")
                if tone != "courtesy"
            ]
            self.assertFalse(tones and tones[0] >= FIRM, item.name)

    def test_plans_in_each_state(self):
        """Each told by one customer, decided by the right people, and in the past."""
        plans = self._all("ar.payment.plan")
        states = [state for state, _label in STATE_LABELS]
        self.assertEqual(set(plans.mapped("state")), set(states))
        over = plans.filtered(lambda plan: plan.state == "cancelled")
        self.assertEqual(set(over.mapped("end_reason")), {"declined", "lapsed"})
        active = plans.filtered(lambda plan: plan.state == "active")
        self.assertEqual(active.company_id, self.companies)
        self.assertEqual(active.mapped("is_late").count(True), 1)
        kept = active.filtered(lambda plan: not plan.is_late)
        self.assertGreater(min(kept.mapped("paid_line_count")), 1)
        (refused,) = plans.filtered(lambda plan: plan.state == "draft")
        self.assertTrue(refused.refusal_reason)
        self.assertEqual(set(plans.requested_by_id.mapped("login")), {"collector"})
        approved = plans.filtered("approved_on").approved_by_id
        self.assertEqual(set(approved.mapped("login")), {"approver"})
        midnight = datetime(self.today.year, self.today.month, self.today.day)
        for name in ("requested_on", "approved_on", "accepted_on", "ended_on"):
            for moment in filter(None, plans.mapped(name)):
                self.assertLess(moment, midnight, name)
        offers = self.reminders.filtered(lambda r: r.kind == "plan_offer")
        self.assertEqual(offers.plan_id, plans.filtered("approved_on"))

    def test_disputes_in_each_state(self):
        disputes = self._all("ar.dispute")
        states = [state for state, _label in DISPUTE_STATES]
        self.assertEqual(set(disputes.mapped("state")), set(states))
        self.assertEqual(disputes.mapped("is_late").count(True), 1)
        self.assertEqual(disputes.mapped("credit_pending").count(True), 1)
        self.assertEqual(disputes.mapped("is_settled").count(True), 1)
        told = self.reminders.filtered("dispute_id")
        self.assertEqual(set(told.mapped("state")), {"sent"})
        self.assertEqual(
            set(told.mapped("kind")),
            {"dispute_received", "dispute_accepted", "dispute_rejected"},
        )

    def test_only_the_demo_moves_the_clock(self):
        """What a program may send is no day of the demo's."""
        for sent in ("2020-01-01", date(2020, 1, 1), True):
            company = self.companies[0].with_context(ar_demo_day=sent)
            self.assertEqual(company._ar_today(), self.companies[0]._ar_today())

    def test_nothing_leaves_by_itself(self):
        self.assertEqual(set(self.companies.mapped("ar_followup_mode")), {"review"})
        mails = [("model", "in", ("ar.followup.case", "ar.followup.reminder"))]
        self.assertFalse(self.env["mail.mail"].search_count(mails))
        self.assertFalse(self._all("ar.followup.mark"))

    def test_log_ins(self):
        for login, group, is_allowed in (
            ("collector", f"{MODULE}.group_ar_collector", True),
            ("collector", f"{MODULE}.group_ar_approver", False),
            ("approver", f"{MODULE}.group_ar_approver", True),
            ("approver", "account.group_account_manager", False),
            ("auditor", "account.group_account_readonly", True),
            ("auditor", f"{MODULE}.group_ar_collector", False),
        ):
            user = self.env["res.users"].search([("login", "=", login)])
            self.assertEqual(user.has_group(group), is_allowed, (login, group))
            self.assertEqual(user.company_ids, self.companies)
            user.with_user(user)._check_credentials(
                {"type": "password", "login": login, "password": login},
                {"interactive": True},
            )


@tagged("post_install", "-at_install")
class TestDemoLeapDay(DemoChecks, TransactionCase):
    today = date(2028, 2, 29)


@tagged("post_install", "-at_install")
class TestDemoYearEnd(DemoChecks, TransactionCase):
    today = date(2026, 12, 31)

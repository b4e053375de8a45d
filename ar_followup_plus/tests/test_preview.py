from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .common import START, FollowupCommon

#: all that a preview must leave as it was, and what a customer could notice
UNTOUCHED = (
    "account_move",
    "account_move_line",
    "ar_contact_log",
    "ar_followup_case",
    "ar_followup_hold",
    "ar_followup_item",
    "ar_followup_mark",
    "ar_followup_reminder",
    "ar_followup_reminder_line",
    "ir_attachment",
    "ir_cron_trigger",
    "mail_activity",
    "mail_followers",
    "mail_mail",
    "mail_message",
    "mail_notification",
    "res_partner",
)
#: a few words of each level's subject, as the customer reads it
SUBJECTS = {
    "a note ahead of": "courtesy",
    "have you seen our invoice": "friendly",
    "still open": "second",
    "please settle": "firm",
    "final notice on": "final",
}


@tagged("post_install", "-at_install")
class TestPreviewSettings(FollowupCommon):
    """What a preview knows of the company's settings."""

    def test_daily_limit(self):
        """The limit cuts the same customers off as on the day itself."""
        self.company.ar_daily_limit = 2
        people = [self.customer(name) for name in ("Ann", "Ben", "Cem")]
        for partner in people:
            self.invoice(partner, 100.0, 0)
        run = self.preview(START + timedelta(days=3))
        reasons = {d.partner_id: d.reason for d in run.decision_ids}
        self.assertEqual(sorted(reasons.values()), ["daily_limit", "remind", "remind"])
        self.work_day(3)
        for partner in people:
            self.assertEqual(bool(self.received(partner)), reasons[partner] == "remind")

    def test_review_mode(self):
        self.company.ar_followup_mode = "review"
        ann = self.customer("Ann")
        self.invoice(ann, 100.0, 0)
        run = self.preview(START + timedelta(days=3))
        self.assertEqual(run.decision_ids.action, "review")
        self.assertFalse(run.decision_ids.case_id, "the customer is new")
        self.assertEqual(run.review_count, 1)
        self.work_day(3)
        self.assertEqual(len(self.reminders(ann, "to_review")), 1)

    def test_preview_works_while_off(self):
        """An admin looks at what would happen before switching it on."""
        self.company.ar_followup_mode = "off"
        ann = self.customer("Ann")
        self.invoice(ann, 100.0, 0)
        run = self.preview(START + timedelta(days=3))
        self.assertEqual(run.decision_ids.reason, "remind")
        self.assertEqual(run.decision_ids.level_id, self.level("friendly"))
        self.assertFalse(self.case(ann))
        self.assertFalse(self.sink.mails)


@tagged("post_install", "-at_install")
class TestPreview(FollowupCommon):
    """A preview shows what the day would do, and does nothing."""

    def setUp(self):
        super().setUp()
        self._make_a_past()

    def _make_a_past(self):
        """Customers in every situation; the ladder has been worked until day 36."""
        names = (
            "Courtesy Friendly Second Firm Called Final Paused Credited Later Paid "
            "Unreachable Partly New Small"
        )
        self.people = {name: self.customer(name) for name in names.split()}
        self.people["Unreachable"].email = False
        dues = {
            "Second": 40 - 14,
            "Firm": 40 - 30,
            "Called": 40 - 60,
            "Final": 40 - 90,
            "Paused": 0,
            "Credited": 20,
            "Later": 60,
            "Paid": 0,
            "Partly": 3,
        }
        moves = {
            name: self.invoice(self.people[name], 100.0, due)
            for name, due in dues.items()
        }
        for day in range(0, 37):
            self.work_day(day)
            self._make_calls()
        self.pay(moves["Paid"])
        self.pay(moves["Partly"], 30.0)
        self.credit(self.people["Credited"], 100.0)
        self.env["ar.followup.hold"].create(
            {"case_id": self.case(self.people["Paused"]).id, "kind": "paused"}
        )
        # the customers whom no run has seen yet
        for name, due in {"Courtesy": 43, "Friendly": 37, "New": -90}.items():
            self.invoice(self.people[name], 250.0, due)
        self.invoice(self.people["Unreachable"], 250.0, 10)
        self.policy.tolerance_amount = 5.0
        self.invoice(self.people["Small"], 4.0, 0)
        self.sink.reset()

    def _make_calls(self):
        for partner in self.people.values():
            call = self.call(partner)
            if call and call.date_deadline <= self.company._ar_today():
                self.close_call(partner)

    def _snapshot(self):
        """Row count and checksum of each table."""
        self.env.cr.flush()  # with the chatter of what the accountants did before
        return {
            table: self.env.execute_query(
                SQL(
                    "SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY id))"
                    "  FROM %s t",
                    SQL.identifier(table),
                )
            )
            for table in UNTOUCHED
        }

    def _foreseen(self, run, action="remind"):
        """What a preview says: the levels of customers to be written to."""
        return {
            (decision.partner_id, decision.level_id)
            for decision in run.decision_ids
            if decision.action == action and decision.level_id.send_email
        }

    def _arrived(self):
        """What the customers got, told from the mails alone."""
        result = set()
        for partner in self.people.values():
            for mail in self.received(partner):
                (level,) = [
                    level for words, level in SUBJECTS.items() if words in mail.subject
                ]
                result.add((partner, self.level(level)))
        return result

    def test_preview_then_the_same_day(self):
        self.travel(40)
        before = self._snapshot()
        run = self.preview(START + timedelta(days=40))
        self.assertEqual(self._snapshot(), before)
        self.assertEqual(run.state, "done")
        self.work_day()
        self.assertEqual(self._foreseen(run), self._arrived())
        self._check_story(run)

    def test_preview_of_a_day_to_come(self):
        """Made on day 36 for day 40; then the clock moves there."""
        before = self._snapshot()
        run = self.preview(START + timedelta(days=40))
        self.assertEqual(self._snapshot(), before)
        self.work_day(40)
        self.assertEqual(self._foreseen(run), self._arrived())
        self._check_story(run)

    def _check_story(self, run):
        """The day has one of each, so that equal sets of nothing do not pass."""
        self.assertEqual(
            {(p.name, level.name) for p, level in self._arrived()},
            {
                ("Courtesy", "Courtesy note"),
                ("Friendly", "Friendly reminder"),
                ("New", "Friendly reminder"),
                ("Second", "Second reminder"),
                ("Firm", "Firm reminder"),
            },
        )
        decided = {d.partner_id.name: (d.action, d.reason) for d in run.decision_ids}
        self.assertEqual(
            decided,
            {
                "Called": ("call", "remind"),
                "Courtesy": ("remind", "remind"),
                "Credited": ("hold", "credit_covers"),
                "Final": ("review", "review"),
                "Firm": ("remind", "remind"),
                "Friendly": ("remind", "remind"),
                "New": ("remind", "remind"),
                "Paid": ("none", "nothing_due"),
                "Partly": ("call", "call_open"),
                "Paused": ("hold", "paused"),
                "Second": ("remind", "remind"),
                "Small": ("none", "tolerance"),
                "Unreachable": ("review", "no_address"),
            },
            "Later has not come within reach",
        )
        self.assertTrue(self.call(self.people["Called"]))
        self.assertEqual(
            self.reminders(self.people["Final"], "to_review").level_id,
            self.level("final"),
        )
        self._check_run_agrees(run, decided)

    def _check_run_agrees(self, preview, decided):
        """The run decided the same about everyone whom it decided anew."""
        run = self.engine["ar.followup.run"].search(
            [("date", "=", preview.date), ("is_preview", "=", False)]
        )
        changes = run.decision_ids.sorted("id", reverse=True)
        self.assertGreater(len(changes), 8)
        # the first change of the day counts: later ones tell what came of it
        first = {d.partner_id.name: (d.action, d.reason) for d in changes}
        self.assertEqual(first, {name: decided[name] for name in first})

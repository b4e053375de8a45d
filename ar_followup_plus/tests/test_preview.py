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
class TestPreview(FollowupCommon):
    """A preview shows what the day would do, and does nothing."""

    def setUp(self):
        super().setUp()
        self._make_a_past()

    def _make_a_past(self):
        """Customers in every situation; the ladder has been worked until day 40."""
        names = (
            "Courtesy Friendly Second Firm Called Final Paused Credited Later Paid "
            "Unreachable Partly New Small"
        )
        self.people = {name: self.customer(name) for name in names.split()}
        self.people["Unreachable"].email = False
        dues = {
            "Second": 37 - 9,
            "Firm": 10,
            "Called": 36 - 60,
            "Final": -47,
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
                    "SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY id::int))"
                    "  FROM %s t",
                    SQL.identifier(table),
                )
                if table != "mail_followers"
                else SQL("SELECT count(*) FROM mail_followers")
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
                ("Firm", "Firm reminder"),
            },
        )
        decided = {d.partner_id.name: (d.action, d.reason) for d in run.decision_ids}
        self.assertEqual(decided["Paused"], ("hold", "paused"))
        self.assertEqual(decided["Credited"], ("hold", "credit_covers"))
        self.assertEqual(decided["Unreachable"], ("review", "no_address"))
        self.assertEqual(decided["Small"], ("none", "tolerance"))
        self.assertNotIn("Paid", decided)
        self.assertNotIn("Later", decided)
        real = {
            partner.name: self.case(partner)
            for partner in self.people.values()
            if self.case(partner)
        }
        today = self.engine["ar.followup.decision"].search(
            [("run_id.date", "=", run.date), ("is_preview", "=", False)]
        )
        for decision in today:
            name = decision.partner_id.name
            first = real[name].decision_ids.filtered(
                lambda d: d.run_id == decision.run_id and not d.is_preview
            ).sorted("id")[:1]
            self.assertEqual(
                decided[name],
                (first.action, first.reason),
                f"the run decided otherwise about {name}",
            )

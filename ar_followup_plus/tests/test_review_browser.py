"""Reviewing a reminder, and watching a run, in a real browser."""

from odoo.tests import HttpCase, tagged

from .common_delivery import DeliveryCommon


@tagged("post_install", "-at_install")
class TestReviewInBrowser(DeliveryCommon, HttpCase):
    def test_read_edit_send(self):
        self.company.ar_followup_mode = "review"
        self.work_day(3)
        reminder = self.reminders(self.ann)
        self.start_tour(
            f"/odoo/follow-up-to-review/{reminder.id}",
            "ar_followup_review",
            login=self.collector.login,
        )
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(reminder.edited_by_id, self.collector)
        (mail,) = self.received(self.ann)
        self.assertIn("as we said on the phone", mail.html)

    def test_watch_a_run(self):
        run = (
            self.env["ar.followup.run"]
            .with_user(self.manager)
            .create({"company_id": self.company.id, "date": self.travel(3)})
        )
        self.start_tour(
            f"/odoo/follow-up-runs/{run.id}",
            "ar_followup_watch_run",
            login=self.manager.login,
        )
        self.assertEqual(run.state, "done")

"""A call, logged and put right in a real browser."""

from datetime import datetime, timedelta, timezone

from freezegun.api import freeze_time, real_time

from odoo.tests import HttpCase, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestCallInBrowser(FollowupCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The browser's clock is the machine's, so the server's has to be, and move.
        now = datetime.fromtimestamp(real_time(), timezone.utc).replace(tzinfo=None)
        freezer = freeze_time(now, tick=True)
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.company.ar_followup_mode = "review"
        cls.ann = cls.customer("Ann", phone="+1 555 0111")
        cls.bill = cls.invoice(cls.ann, 1000.0, now.date() - timedelta(days=5))
        cls.ann.with_user(cls.collector)._ar_ensure_cases()

    def tour(self, name):
        case = self.case(self.ann)
        self.start_tour(
            f"/odoo/follow-up/{case.id}", name, login=self.collector.login
        )
        self.env.invalidate_all()

    def test_a_promise_and_its_correction(self):
        self.tour("ar_followup_call")
        (entry,) = self.case(self.ann).contact_log_ids
        self.assertEqual((entry.outcome, entry.user_id), ("promise", self.collector))
        self.assertEqual((entry.promise_ids.amount, entry.promise_ids.state), (400, "open"))
        self.assertEqual(self.item(self.bill).amount_held, 400)
        self.tour("ar_followup_call_correct")
        self.assertEqual(entry.correction_ids.summary, "They pay when the bank has agreed.")
        (recap,) = entry.correction_ids.recap_ids
        self.assertIn(recap.state, ("queued", "sent"))

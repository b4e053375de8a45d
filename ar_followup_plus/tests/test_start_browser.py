"""Start in a real browser."""

from datetime import datetime, timedelta, timezone

from freezegun.api import freeze_time, real_time

from odoo.tests import HttpCase, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestStartBrowser(FollowupCommon, HttpCase):
    def test_an_admin_goes_through_and_switches_to_review(self):
        # the browser's clock is the machine's, so the server's has to be, and move
        now = datetime.fromtimestamp(real_time(), timezone.utc).replace(tzinfo=None)
        freezer = freeze_time(now, tick=True)
        freezer.start()
        self.addCleanup(freezer.stop)
        today = now.date()
        self.company.ar_followup_mode = "off"
        self.set_policy(levels=[(3, "friendly")])
        late = self.customer("Late Payer")
        bill = self.invoice(late, 100, today - timedelta(days=40))
        self.start_tour(
            "/odoo/follow-up-start", "ar_followup_start", login="ar_manager"
        )
        self.env.invalidate_all()
        self.assertEqual(self.company.ar_followup_mode, "review")
        self.assertEqual(self.company.ar_followup_start_date, today)
        self.assertTrue(self.item(bill).is_released)
        self.assertEqual(self.case(late).reason, "review")

"""A call, logged and put right in a real browser."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_calls import CallCommon


@tagged("post_install", "-at_install")
class TestCallInBrowser(CallCommon, HttpCase):
    def tour(self, name):
        case = self.case(self.ann)
        page = f"/odoo/follow-up/{case.id}"
        self.start_tour(page, name, login=self.collector.login)
        self.env.invalidate_all()

    # the server tells that it refused a promise of more than what is open
    @mute_logger("odoo.http")
    def test_a_promise_and_its_correction(self):
        self.tour("ar_followup_call")
        entry = self.entries().ensure_one()
        self.assertEqual((entry.outcome, entry.user_id), ("promise", self.collector))
        promise = entry.promise_ids
        self.assertEqual((promise.amount, promise.state), (400.0, "open"))
        self.assertEqual(self.item(self.bill).amount_held, 400.0)
        self.tour("ar_followup_call_correct")
        right = entry.correction_ids
        self.assertEqual(right.summary, "They pay when the bank has agreed.")
        self.assertIn(right.recap_ids.state, ("queued", "sent"))

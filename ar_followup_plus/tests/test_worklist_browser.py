"""The worklist in a real browser, worked through without opening a customer."""

from odoo.tests import HttpCase, tagged

from .common_delivery import DeliveryCommon


@tagged("post_install", "-at_install")
class TestWorklistInBrowser(DeliveryCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.travel(3)
        as_collector = self.env(user=self.collector)
        for partner in (self.ann, self.ben):
            as_collector["ar.followup.case"].create({"partner_id": partner.id})

    def test_with_the_keyboard(self):
        self.start_tour(
            "/odoo/follow-up", "ar_followup_worklist", login=self.collector.login
        )
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertEqual(self.case(self.ben).reason, "paused")
        self.assertFalse(self.case(self.ann).hold_ids)

    def test_on_the_board(self):
        self.start_tour(
            "/odoo/follow-up?view_type=kanban",
            "ar_followup_board",
            login=self.collector.login,
        )
        self.assertEqual(len(self.received(self.ann)), 1)

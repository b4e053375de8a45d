"""A dispute from recording to its end, in a real browser."""

from odoo.tests import HttpCase, tagged

from .common_disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeInBrowser(DisputeCommon, HttpCase):
    def tour(self, page, name, user):
        self.start_tour(page, f"ar_followup_dispute_{name}", login=user.login)
        self.env.invalidate_all()

    def record(self):
        """The collector records one from the customer's case.

        :return: the dispute, and its page
        """
        case = self.case(self.ann)
        case._reassess()
        self.tour(f"/odoo/follow-up/{case.id}", "record", self.collector)
        dispute = case.dispute_ids
        self.assertEqual((dispute.state, dispute.amount_disputed), ("open", 300))
        self.assertEqual(dispute.description, "The discount is missing.")
        return dispute, f"/odoo/disputes/{dispute.id}"

    def test_accepted_in_part_and_posted(self):
        dispute, page = self.record()
        self.tour(page, "accept", self.manager)
        self.assertEqual(dispute.credit_note_id.state, "posted")
        self.settle(self.ann)
        self.assertEqual((dispute.state, dispute.amount_accepted), ("partly", 200))
        self.assertEqual(self.bill.amount_residual, 800)

    def test_rejected_with_an_explanation(self):
        dispute, page = self.record()
        self.tour(page, "reject", self.collector)
        self.assertEqual(dispute.resolved_by_id, self.collector)
        self.assertIn("dispute_rejected", dict(self.messages(dispute)))
        self.assertEqual(self.shielded(self.bill), [0])

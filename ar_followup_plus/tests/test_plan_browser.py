"""A payment plan from proposal to acceptance, in a real browser."""

from odoo.tests import HttpCase, tagged

from .common_plans import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanInBrowser(PlanCommon, HttpCase):
    def tour(self, page, name, user=None):
        login = user and user.login
        self.start_tour(page, f"ar_followup_plan_{name}", login=login)
        self.env.invalidate_all()

    def propose(self):
        """The collector proposes one from the customer's case.

        :return: the plan, and its page
        """
        case = self.case(self.ann)
        self.tour(f"/odoo/follow-up/{case.id}", "propose", self.collector)
        plan = case.plan_ids
        self.assertEqual(plan.state, "to_approve")
        return plan, f"/odoo/payment-plans/{plan.id}"

    def test_propose_approve_accept(self):
        plan, page = self.propose()
        self.assertEqual(plan.line_ids.mapped("amount"), [500, 500])
        self.assertEqual(plan.requested_by_id, self.collector)
        self.tour(page, "approve", self.manager)
        self.assertEqual((plan.state, plan.approved_by_id), ("approved", self.manager))
        offer = self.engine["ar.followup.reminder"].search([("plan_id", "=", plan.id)])
        self.assertEqual((offer.kind, offer.partner_id), ("plan_offer", self.ann))
        self.tour(plan.get_portal_url(), "accept")
        self.assertEqual(plan.state, "active")
        self.assertEqual(
            (plan.accepted_by, plan.accepted_how), ("Ann Example", "portal")
        )
        self.assertTrue(plan.signature)
        self.assertTrue(plan.accepted_agent)
        self.assertEqual(self.reason(self.ann), "planned")

    def test_refused_with_a_reason(self):
        plan, page = self.propose()
        self.tour(page, "refuse", self.manager)
        self.assertEqual((plan.state, plan.refused_by_id), ("draft", self.manager))
        self.tour(page, "refused", self.collector)
        self.assertNotEqual(self.reason(self.ann), "awaiting_approval")

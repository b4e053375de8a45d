"""Plans when the books or the people do something unexpected."""

from datetime import timedelta

from odoo.tests import tagged

from .common import START
from .common_keeping import KeepingCommon


@tagged("post_install", "-at_install")
class TestPlanUnexpected(KeepingCommon):
    def test_accepted_after_the_day_of_an_instalment(self):
        """Nobody is late, or breaks a plan, before they agreed to it."""
        plan = self.plan(self.bill)
        self.travel(14)
        plan.action_accept(how="email")
        self.work_days(14, 17)
        self.assertEqual(plan.state, "active")
        self.assertFalse(plan.line_ids[0].late_on)
        self.assertFalse(self.messages(plan, "plan_late"))
        self.work_day(18)
        self.assertEqual(plan.line_ids[0].late_on, START + timedelta(days=18))
        self.work_days(19, 22)
        self.assertEqual(plan.state, "broken")

    def test_late_while_its_only_invoice_is_corrected(self):
        """A day's work goes on, also when nothing of the case is open now."""
        plan = self.agreed(self.bill)
        self.bill.button_draft()
        self.work_days(5, 12)
        self.assertEqual(plan.state, "active")
        self.ann.active = False
        self.work_days(13, 14)
        self.assertEqual(plan.state, "active")

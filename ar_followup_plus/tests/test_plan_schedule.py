from datetime import date

from odoo.tests import tagged

from .common import START, FollowupCommon


@tagged("post_install", "-at_install")
class TestPlanSchedule(FollowupCommon):
    """A schedule follows its figures, and is paid in order."""

    def test_a_schedule_from_its_figures(self):
        ann = self.customer("Ann")
        bill = self.invoice(ann, 1000, due=START)
        self.travel(5)
        case = self.env["ar.followup.case"].create({"partner_id": ann.id})
        case._reassess()
        lines = bill.line_ids.filtered(lambda ln: ln.account_type == "asset_receivable")
        plan = self.env["ar.payment.plan"].create(
            {
                "case_id": case.id,
                "move_line_ids": lines.ids,
                "date_first": "2026-02-02",
            }
        )
        self.assertEqual(plan.line_ids.mapped("amount"), [333.33, 333.33, 333.34])
        self.assertEqual(
            plan.line_ids.mapped("date_due"),
            [date(2026, 2, 2), date(2026, 3, 2), date(2026, 4, 2)],
        )
        self.assertEqual(plan.line_ids.mapped("state"), ["scheduled"] * 3)
        plan.installment_count = 2
        self.assertEqual(plan.line_ids.mapped("amount"), [500, 500])

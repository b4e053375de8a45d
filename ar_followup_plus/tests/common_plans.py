"""What the tests of payment plans share."""

from odoo.fields import Command

from .common_debt import DebtCommon


class PlanCommon(DebtCommon):
    """The collector and Ann talk of a plan."""

    DIALOG = "ar_followup_plus.ar_payment_plan_view_propose"

    def new_plan(self, moves):
        """The model, as the window in which a plan is drawn up calls it."""
        action = moves.with_user(self.collector).action_propose_plan()
        Plan = self.env["ar.payment.plan"].with_user(self.collector)
        return Plan.with_context(**action["context"])

    def plan(self, moves, **vals):
        """A draft by the collector over these invoices."""
        lines = self.receivable(moves)
        Plan = self.env["ar.payment.plan"].with_user(self.collector)
        return Plan.create({"move_line_ids": [Command.set(lines.ids)], **vals})

    def submitted(self, moves, **vals):
        plan = self.plan(moves, **vals)
        plan.action_submit()
        return plan

    def approved(self, moves, **vals):
        plan = self.submitted(moves, **vals)
        plan.with_user(self.manager).action_approve()
        return plan

    def accepted(self, moves, **vals):
        plan = self.approved(moves, **vals)
        plan.action_accept()
        return plan

    def holds(self, plan):
        """The plan's holds in force: kind, last day and the part held of each."""
        holds = self.engine["ar.followup.hold"].search(
            [("plan_id", "=", plan.id), ("is_current", "=", True)]
        )
        return [
            (hold.kind, hold.date_to, hold.is_partial and hold.amount) for hold in holds
        ]

    def reason(self, partner):
        """Why the next decision is what it is."""
        case = self.case(partner)
        case._reassess()
        return case.reason

from odoo import api, fields, models


class ArFollowupHold(models.Model):
    _inherit = "ar.followup.hold"

    plan_id = fields.Many2one(
        "ar.payment.plan",
        string="Payment Plan",
        index="btree_not_null",
        ondelete="restrict",
        help="The plan that this hold belongs to, and ends with.",
    )
    promise_id = fields.Many2one(
        "ar.payment.promise",
        index="btree_not_null",
        ondelete="restrict",
        help="The promise that this hold belongs to, and ends with.",
    )
    dispute_id = fields.Many2one(
        "ar.dispute",
        index="btree_not_null",
        ondelete="restrict",
        help="The dispute that this hold belongs to, and ends with.",
    )

    def _was_in_force(self, day):
        """Whether it held at the end of a day that has passed."""
        return (
            self.date_from <= day
            and not (self.date_to and self.date_to < day)
            and not (self.lifted_on and self.lifted_on <= day)
        )

    def _amount_not_credited(self):
        """The part it held, without what was credited of its dispute."""
        dispute = self.dispute_id
        credited = 0.0 if dispute.credit_pending else dispute.amount_accepted
        return max(self.amount - credited, 0.0)

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"dispute_id", "plan_id", "promise_id"}

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

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"dispute_id", "plan_id", "promise_id"}

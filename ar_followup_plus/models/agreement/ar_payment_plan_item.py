from odoo import fields, models


class ArPaymentPlanItem(models.Model):
    """One invoice that a plan covers, and what was open of it when the plan began."""

    _name = "ar.payment.plan.item"
    _description = "Invoice of a Payment Plan"
    _inherit = ["ar.baseline.item.mixin"]

    _agreement_field = "plan_id"

    plan_id = fields.Many2one(
        "ar.payment.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")

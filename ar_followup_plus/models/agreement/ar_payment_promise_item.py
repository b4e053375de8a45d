from odoo import fields, models


class ArPaymentPromiseItem(models.Model):
    """One invoice that a promise covers, and what was open of it on that day."""

    _name = "ar.payment.promise.item"
    _description = "Invoice of a Promise"
    _inherit = ["ar.baseline.item.mixin"]

    _agreement_field = "promise_id"

    promise_id = fields.Many2one(
        "ar.payment.promise", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="promise_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="promise_id.currency_id")

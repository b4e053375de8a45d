from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_copy_manager = fields.Boolean(
        related="company_id.ar_copy_manager", readonly=False
    )
    ar_call_overdue_days = fields.Integer(
        related="company_id.ar_call_overdue_days", readonly=False
    )
    ar_verify_first_invoice = fields.Boolean(
        related="company_id.ar_verify_first_invoice", readonly=False
    )

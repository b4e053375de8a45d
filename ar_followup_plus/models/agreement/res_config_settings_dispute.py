from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_dispute_user_id = fields.Many2one(
        related="company_id.ar_dispute_user_id", readonly=False
    )
    ar_dispute_days = fields.Integer(
        related="company_id.ar_dispute_days", readonly=False
    )

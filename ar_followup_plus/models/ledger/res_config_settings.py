from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_bank_stale_text = fields.Char(
        string="Bank Out of Date",
        compute="_compute_ar_bank_stale_text",
        help="Says so when everything is held because the bank is out of date.",
    )

    @api.depends("company_id")
    def _compute_ar_bank_stale_text(self):
        for settings in self:
            company = settings.company_id
            stale = company._ar_is_bank_stale(company._ar_today())
            settings.ar_bank_stale_text = stale and company._ar_bank_stale_text()

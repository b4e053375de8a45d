from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_followup_mode = fields.Selection(
        related="company_id.ar_followup_mode", readonly=False
    )
    ar_followup_policy_id = fields.Many2one(
        related="company_id.ar_followup_policy_id", readonly=False
    )
    ar_followup_start_date = fields.Date(
        related="company_id.ar_followup_start_date", readonly=False
    )
    ar_followup_hour = fields.Integer(
        related="company_id.ar_followup_hour", readonly=False
    )
    ar_daily_limit = fields.Integer(related="company_id.ar_daily_limit", readonly=False)
    ar_manager_id = fields.Many2one(related="company_id.ar_manager_id", readonly=False)
    ar_default_user_id = fields.Many2one(
        related="company_id.ar_default_user_id", readonly=False
    )
    ar_followup_timezone = fields.Char(compute="_compute_ar_followup_info")
    ar_followup_conflict = fields.Char(compute="_compute_ar_followup_info")

    @api.depends("company_id")
    def _compute_ar_followup_info(self):
        conflict = self.env["res.company"]._ar_followup_conflict()
        for settings in self:
            settings.ar_followup_timezone = str(settings.company_id._ar_timezone())
            settings.ar_followup_conflict = conflict

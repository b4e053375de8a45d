from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get

from .res_company import BATCH_SIZE


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
    ar_reply_pause_days = fields.Integer(
        related="company_id.ar_reply_pause_days", readonly=False
    )
    ar_attachment_max = fields.Integer(
        related="company_id.ar_attachment_max", readonly=False
    )
    ar_attachment_mb_max = fields.Integer(
        related="company_id.ar_attachment_mb_max", readonly=False
    )
    ar_batch_size = fields.Integer(
        string="Batch Size",
        config_parameter="ar_followup_plus.batch_size",
        default=BATCH_SIZE,
        help="How many messages are prepared, and handed over, at a time, in all "
        "companies. Lower it where the mail server is slow.",
    )
    ar_manager_id = fields.Many2one(related="company_id.ar_manager_id", readonly=False)
    ar_default_user_id = fields.Many2one(
        related="company_id.ar_default_user_id", readonly=False
    )
    ar_bank_stale_days = fields.Integer(
        related="company_id.ar_bank_stale_days", readonly=False
    )
    ar_followup_timezone = fields.Selection(
        _tz_get,
        string="Time Zone",
        help="The company's clock: it says when the day's follow-up begins.",
        compute="_compute_ar_followup_timezone",
        inverse="_inverse_ar_followup_timezone",
    )
    ar_followup_conflict = fields.Char(
        string="Other Follow-up Addon",
        compute="_compute_ar_followup_conflict",
        help="Why follow-up stays off: another addon reminds the same customers.",
    )
    ar_followup_sender = fields.Char(
        string="Sender",
        compute="_compute_ar_followup_sender",
        help="Name and address on the reminders of customers who have no collector of "
        "their own.",
    )

    _ar_batch_size_positive = models.Constraint(
        "CHECK(ar_batch_size > 0)",
        "A batch has at least one message.",
    )

    @api.depends("company_id")
    def _compute_ar_followup_conflict(self):
        self.ar_followup_conflict = self.env["res.company"]._ar_followup_conflict()

    @api.depends("company_id")
    def _compute_ar_followup_timezone(self):
        """The zone that counts, also where the company has not chosen one."""
        for settings in self:
            settings.ar_followup_timezone = str(settings.company_id._ar_timezone())

    def _inverse_ar_followup_timezone(self):
        for settings in self:
            company = settings.company_id
            zone = settings.ar_followup_timezone
            if zone and zone != str(company._ar_timezone()):
                # sudo: who sets up the company need not edit contacts
                company.sudo().partner_id.tz = zone

    @api.depends(
        "company_id", "ar_followup_policy_id", "ar_default_user_id", "ar_manager_id"
    )
    def _compute_ar_followup_sender(self):
        """Name and address in a reminder's From, where a customer has no collector.

        Empty when there is no address at all: then nothing can leave.
        """
        for settings in self:
            company, policy = settings.company_id, settings.ar_followup_policy_id
            signatory = company._ar_signatory(
                (
                    policy.user_id,
                    settings.ar_default_user_id,
                    policy.manager_id,
                    settings.ar_manager_id,
                )
            )
            settings.ar_followup_sender = (
                signatory.email_formatted or company.partner_id.email_formatted
            )

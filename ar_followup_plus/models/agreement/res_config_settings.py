from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_approve_own = fields.Boolean(related="company_id.ar_approve_own", readonly=False)
    ar_approve_own_by_id = fields.Many2one(related="company_id.ar_approve_own_by_id")
    ar_approve_own_on = fields.Datetime(related="company_id.ar_approve_own_on")
    ar_approver_count = fields.Integer(
        string="Approvers",
        compute="_compute_ar_approver_count",
        help="How many people may approve in this company.",
    )
    ar_approver_absent_days = fields.Integer(
        related="company_id.ar_approver_absent_days", readonly=False
    )
    ar_dispute_user_id = fields.Many2one(
        related="company_id.ar_dispute_user_id", readonly=False
    )
    ar_dispute_days = fields.Integer(
        related="company_id.ar_dispute_days", readonly=False
    )
    ar_plan_approval_days = fields.Integer(
        related="company_id.ar_plan_approval_days", readonly=False
    )
    ar_plan_offer_days = fields.Integer(
        related="company_id.ar_plan_offer_days", readonly=False
    )
    ar_plan_notice_days = fields.Integer(
        related="company_id.ar_plan_notice_days", readonly=False
    )
    ar_plan_grace_days = fields.Integer(
        related="company_id.ar_plan_grace_days", readonly=False
    )
    ar_plan_auto_installments = fields.Integer(
        related="company_id.ar_plan_auto_installments", readonly=False
    )
    ar_plan_auto_days = fields.Integer(
        related="company_id.ar_plan_auto_days", readonly=False
    )
    ar_plan_auto_amount = fields.Monetary(
        related="company_id.ar_plan_auto_amount",
        currency_field="currency_id",
        readonly=False,
    )
    ar_plan_auto_by_id = fields.Many2one(related="company_id.ar_plan_auto_by_id")
    ar_plan_auto_on = fields.Datetime(related="company_id.ar_plan_auto_on")

    @api.depends("company_id")
    def _compute_ar_approver_count(self):
        for settings in self:
            settings.ar_approver_count = len(settings.company_id._ar_approvers())

from odoo import api, fields, models


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    plan_ids = fields.One2many("ar.payment.plan", "case_id", string="Payment Plans")

    @api.model
    def _child_models(self):
        return super()._child_models() + ["ar.payment.plan"]

from odoo import api, fields, models


class ArFollowupCase(models.Model):
    """A customer has payment plans; they are looked at whenever the books are."""

    _inherit = "ar.followup.case"

    plan_ids = fields.One2many("ar.payment.plan", "case_id", string="Payment Plans")

    @api.model
    def _child_models(self):
        return super()._child_models() + ["ar.payment.plan"]

    @api.model
    def _collect(self, company, today, partner_ids=None, until=None):
        """Adds: what the books say of the plans, before anything is decided."""
        result = super()._collect(company, today, partner_ids, until)
        Plan = self.env["ar.payment.plan"]
        Plan._to_review(company, partner_ids)._review(company, today)
        self.env["ar.followup.reminder"]._take_offers(company, today, partner_ids)
        return result

from odoo import api, models


class ArFollowupCase(models.Model):
    """Plans are looked at whenever the books are, before anything is decided."""

    _inherit = "ar.followup.case"

    @api.model
    def _collect(self, company, today, partner_ids=None, until=None):
        result = super()._collect(company, today, partner_ids, until)
        Plan = self.env["ar.payment.plan"]
        Plan._to_review(company, partner_ids)._review(company, today)
        self.env["ar.followup.reminder"]._take_offers(company, today, partner_ids)
        return result

from odoo import api, fields, models


class ArFollowupCase(models.Model):
    """A customer has payment plans, promised to pay, and disputes invoices; all of it
    is looked at whenever the books are."""

    _inherit = "ar.followup.case"

    plan_ids = fields.One2many("ar.payment.plan", "case_id", string="Payment Plans")
    promise_ids = fields.One2many("ar.payment.promise", "case_id", string="Promises")

    @api.model
    def _child_models(self):
        return super()._child_models() + ["ar.payment.plan", "ar.payment.promise"]

    @api.model
    def _collect(self, company, today, partner_ids=None, until=None):
        """Adds: what the books say of what was agreed, before anything is decided."""
        result = super()._collect(company, today, partner_ids, until)
        # disputes first: what was credited of one is no longer disputed as well
        self.env["ar.dispute"]._to_review(company, partner_ids)._review(company)
        for model in ("ar.payment.plan", "ar.payment.promise"):
            Agreement = self.env[model]
            Agreement._to_review(company, partner_ids)._review(company, today)
        self.env["ar.followup.reminder"]._take_offers(company, today, partner_ids)
        return result

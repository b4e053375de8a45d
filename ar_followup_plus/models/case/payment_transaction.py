from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def write(self, vals):
        """Whoever begins to pay online, or fails to, is decided anew."""
        result = super().write(vals)
        if "state" in vals:
            self.env["ar.followup.mark"]._mark_partners(
                (company, own.partner_id | own.invoice_ids.partner_id)
                for company, own in self.grouped("company_id").items()
            )
        return result

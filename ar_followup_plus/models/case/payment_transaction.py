from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def write(self, vals):
        """Whoever begins to pay online, or fails to, is decided anew."""
        result = super().write(vals)
        if "state" in vals:
            # in every company: a branch's invoices are paid to its parent's provider
            self.env["ar.followup.mark"]._mark_partners(
                [
                    (
                        self.env["res.company"],
                        self.partner_id | self.invoice_ids.partner_id,
                    )
                ]
            )
        return result

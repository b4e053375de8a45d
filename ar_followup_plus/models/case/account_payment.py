from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        """A payment without an entry changes no books: nothing else would tell."""
        result = super().write(vals)
        if "state" in vals:
            bare = self.filtered(lambda payment: not payment.move_id)
            self.env["ar.followup.mark"]._mark_partners(
                (company, payments.partner_id)
                for company, payments in bare.grouped("company_id").items()
            )
        return result

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        """A payment without an entry changes no books: nothing else would tell."""
        result = super().write(vals)
        if "state" in vals:
            bare = self.filtered(lambda payment: not payment.move_id)
            # in every company: what is owed to a branch is paid to its parent's bank
            self.env["ar.followup.mark"]._mark_partners(
                [(self.env["res.company"], bare.partner_id)]
            )
        return result

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # a customer's payments that the bank has not confirmed
    _ar_unmatched_partner_idx = models.Index(
        "(partner_id) WHERE is_matched IS NOT TRUE"
    )

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # a customer's payments that the bank has not confirmed
    _ar_unmatched_partner_idx = models.Index(
        "(partner_id) WHERE is_matched IS NOT TRUE"
    )
    # whether there are any that are not in the books
    _ar_no_entry_idx = models.Index(
        "(company_id, date) WHERE is_matched IS NOT TRUE AND move_id IS NULL"
    )

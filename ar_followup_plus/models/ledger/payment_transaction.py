from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    # the few that are under way, among years of those that are done
    _ar_in_transit_idx = models.Index(
        "(last_state_change) WHERE state IN ('pending', 'authorized')"
    )

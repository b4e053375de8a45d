from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_log_call(self):
        """Button: log a call about this invoice, with its customer."""
        self.ensure_one()
        customer = self.partner_id.with_company(self.company_id)
        action = customer.action_log_call()
        action["context"]["default_move_id"] = self.id
        return action

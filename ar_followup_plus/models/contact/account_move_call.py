from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_log_call(self):
        """Button: log a call about this invoice, with its customer.

        :raises AccessError: for whoever must not log contacts
        """
        self.ensure_one()
        customer = self.partner_id.with_company(self.company_id)
        action = customer.action_log_call()
        if not self.ar_item_ids:
            customer.ar_case_id._know_all_open()
        action["context"]["ar_call_move_id"] = self.id
        return action

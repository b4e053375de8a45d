from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_propose_plan(self):
        """Button: draw up a payment plan over what is open of these invoices.

        :raises AccessError: for whoever must not propose plans
        :raises UserError: when one of them cannot be on it, with the reason
        """
        self.check_access("read")
        # sudo: what is owed; who may see the invoices may see that
        chosen_sudo = self.env["account.move.line"].sudo()
        for move_sudo in self.sudo():
            owed = move_sudo.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            is_open = owed.filtered(lambda line: line._ar_asks_for_money())
            # of an invoice of which nothing is open, there is something to say
            chosen_sudo |= is_open or owed or move_sudo.line_ids[:1]
        Plan = self.env["ar.payment.plan"].with_company(self.company_id[:1])
        return Plan._open_proposal(chosen_sudo.sudo(self.env.su))

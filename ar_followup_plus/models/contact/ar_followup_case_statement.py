from odoo import models
from odoo.exceptions import UserError


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    def action_statement(self):
        """Button, also for many: print or send statements of account."""
        self.check_access("read")
        if len(self.company_id) != 1:
            raise UserError(
                self.env._(
                    "Statements are made for the customers of one company at a time. "
                    "Choose such customers, then try again."
                )
            )
        # sudo: only which customers they are
        customers_sudo = self.sudo().partner_id
        return customers_sudo.sudo(False)._ar_open_statement(self.company_id)

from odoo import models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _ar_read(self):
        result = super()._ar_read()
        self.env["ar.followup.mark"]._mark_lines(self)
        return result

from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _ar_mark(self):
        """A payment was matched, or is no longer: its customer is decided anew."""
        lines_sudo = self.sudo().debit_move_id | self.sudo().credit_move_id
        receivable = lines_sudo.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.env["ar.followup.mark"]._mark_partners(
            (company, lines.partner_id)
            for company, lines in receivable.grouped("company_id").items()
        )

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._ar_mark()
        return partials

    def unlink(self):
        self._ar_mark()
        return super().unlink()

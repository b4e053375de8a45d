from odoo import api, models

#: What a bank line says about who paid; some of it is stored in its entry.
TEXT_FIELDS = frozenset(
    {
        "account_number",
        "amount",
        "narration",
        "partner_bank_id",
        "partner_name",
        "payment_ref",
        "ref",
        "transaction_details",
    }
)


class AccountBankStatementLine(models.Model):
    """A bank line is read when it comes in; see ``ar.bank.token``."""

    _inherit = "account.bank.statement.line"

    # a customer's lines that are not matched yet, looked for before each mail
    _ar_open_partner_idx = models.Index("(partner_id) WHERE is_reconciled IS NOT TRUE")
    # those that came in with an amount that some customer owes
    _ar_open_amount_idx = models.Index(
        "(amount_residual) WHERE is_reconciled IS NOT TRUE"
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._ar_read()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & TEXT_FIELDS:
            self._ar_read()
        return result

    def _ar_read(self):
        """Note what these lines say. Later rooms see to the customers they name."""
        self.env["ar.bank.token"]._cut(self.ids)

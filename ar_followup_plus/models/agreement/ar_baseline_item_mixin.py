from odoo import api, fields, models

from ..ledger.ageing import to_minor
from .keeping import open_part


class ArBaselineItemMixin(models.AbstractModel):
    """One invoice that an agreement covers, and what was open of it when it began.

    The model says which agreement: the field named in ``_agreement_field``, and
    ``company_id`` and ``currency_id`` from there.
    """

    _name = "ar.baseline.item.mixin"
    _description = "Invoice of an Agreement"
    _inherit = ["ar.owned.fields.mixin"]
    _order = "id"

    _agreement_field = None

    item_id = fields.Many2one(
        "ar.followup.item",
        string="Invoice",
        required=True,
        index=True,
        ondelete="restrict",
    )
    date_due = fields.Date(related="item_id.date_due")
    currency_id = fields.Many2one("res.currency")
    amount_start = fields.Monetary(
        string="Open at the Start",
        help="In the currency of the invoice, when it was agreed.",
    )
    amount_covered = fields.Monetary(
        string="Covered", help="The part of it that the agreement is about."
    )
    amount_open = fields.Monetary(string="Still Open", compute="_compute_amount_open")

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "amount_covered",
            "amount_start",
            "company_id",
            "item_id",
            self._agreement_field,
        }

    @api.depends(
        "amount_covered",
        "amount_start",
        "item_id.amount_residual",
        "item_id.hold_ids",
    )
    def _compute_amount_open(self):
        for row in self:
            factor = 10**row.currency_id.decimal_places
            row.amount_open = row._open() / factor

    def _is_part(self):
        """Whether the agreement is not about all that was open of the invoice."""
        return (
            self.currency_id.compare_amounts(self.amount_covered, self.amount_start) < 0
        )

    def _open(self):
        """What is open of the covered part now, in minor units."""
        self.ensure_one()
        decimals = self.currency_id.decimal_places
        covered = to_minor(self.amount_covered, decimals)
        item_sudo = self.sudo().item_id  # sudo: an amount, not the entry
        if item_sudo.move_id.state == "draft":
            return covered  # nothing was paid, the entry is only being corrected
        residual = to_minor(item_sudo.amount_residual, decimals)
        return open_part(covered, residual, self._beside())

    def _paid(self):
        """What has been paid of the covered part so far, in minor units."""
        self.ensure_one()
        return to_minor(self.amount_covered, self.currency_id.decimal_places) - (
            self._open()
        )

    def _beside(self):
        """What is open of the invoice beside the covered part, in minor units.

        What was disputed when it began stays beside it, whoever was right, until a
        credit note settles it: payments are for what was agreed.
        """
        decimals = self.currency_id.decimal_places
        beside = to_minor(self.amount_start - self.amount_covered, decimals)
        if beside > 0:
            began = self[self._agreement_field].submitted_on
            # sudo: amounts, not the entries
            matched_sudo = self.sudo().item_id.move_line_id.matched_credit_ids
            beside -= sum(
                to_minor(partial.debit_amount_currency, decimals)
                for partial in matched_sudo
                if partial.credit_move_id.move_id.move_type == "out_refund"
                and partial.credit_move_id.date >= began
            )
        return max(beside, self._disputed())

    def _disputed(self):
        """What is disputed of the invoice now, and not asked for, in minor units."""
        self.ensure_one()
        disputes = self.sudo().item_id.hold_ids.filtered(
            lambda hold: hold.kind == "disputed" and hold.is_partial and hold.is_current
        )
        return to_minor(sum(disputes.mapped("amount")), self.currency_id.decimal_places)

    def _open_but_disputed(self):
        """What is open of it, in minor units, while the whole invoice is disputed."""
        self.ensure_one()
        item_sudo = self.sudo().item_id  # sudo: an amount, not the entry
        residual = item_sudo.amount_residual
        disputed = item_sudo._disputed_part(residual)
        return self._open() if residual and disputed >= residual else 0

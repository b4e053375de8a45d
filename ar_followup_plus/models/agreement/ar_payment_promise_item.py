from odoo import api, fields, models

from ..ledger.ageing import to_minor
from .promise import CoveredPart

#: where money comes in; what else settles an invoice was not paid by its customer
MONEY_JOURNALS = ("bank", "cash", "credit")


class ArPaymentPromiseItem(models.Model):
    """One invoice that a promise covers, and what was open of it on that day."""

    _name = "ar.payment.promise.item"
    _description = "Invoice of a Promise"
    _inherit = ["ar.baseline.item.mixin"]

    _agreement_field = "promise_id"

    promise_id = fields.Many2one(
        "ar.payment.promise", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="promise_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="promise_id.currency_id")
    amount_credited_start = fields.Monetary(
        help="What credit notes and write-offs had taken off it when it was promised."
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"amount_credited_start"}

    def _part(self, last_day):
        """The invoice as the books have it (:class:`CoveredPart`).

        :param last_day: what was paid later is too late
        """
        self.ensure_one()

        def minor(amount):
            return to_minor(amount, self.currency_id.decimal_places)

        item_sudo = self.sudo().item_id  # sudo: amounts, not the entry
        start, covered = minor(self.amount_start), minor(self.amount_covered)
        if item_sudo.move_id.state == "draft":
            return CoveredPart(start, covered, start)  # it is only being corrected
        if item_sudo.move_id.state != "posted":
            return CoveredPart(start, covered, 0, credited=start)
        residual = item_sudo.amount_residual
        too_late = credited = 0.0
        for partial_sudo in item_sudo.move_line_id.matched_credit_ids:
            if not self._is_money(partial_sudo.credit_move_id):
                credited += partial_sudo.debit_amount_currency
            elif partial_sudo.credit_move_id.date > last_day:
                too_late += partial_sudo.debit_amount_currency
        # once its last day has passed, it stands as things were on that day
        if last_day < self.promise_id._today():
            disputed = item_sudo._disputed_part_on(last_day, residual + too_late)
        else:
            disputed = item_sudo._disputed_part(residual)
        return CoveredPart(
            start,
            covered,
            minor(residual),
            minor(too_late),
            max(minor(credited - self.amount_credited_start), 0),
            minor(disputed),
        )

    @api.model
    def _credited(self, line_sudo):
        """What was settled of a journal item without money, in its currency."""
        return sum(
            partial_sudo.debit_amount_currency
            for partial_sudo in line_sudo.matched_credit_ids
            if not self._is_money(partial_sudo.credit_move_id)
        )

    @api.model
    def _is_money(self, credit_sudo):
        """Whether a journal item that settles an invoice is a payment."""
        return bool(
            credit_sudo.payment_id
            or credit_sudo.statement_line_id
            or credit_sudo.journal_id.type in MONEY_JOURNALS
        )

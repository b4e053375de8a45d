from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..ledger.ageing import to_minor
from ..ledger.statement import MARKS


class ArCustomerAccount(models.AbstractModel):
    _inherit = "ar.customer.account"

    @api.model
    def _marks(self, company, day, line_ids):
        """Adds to the others: what was held of each invoice on ``day``.

        A hold of all a customer owes says nothing about an invoice.
        """
        marks = defaultdict(list, super()._marks(company, day, line_ids))
        # sudo: what is left alone does not depend on who looks
        holds_sudo = (
            self.env["ar.followup.hold"]
            .sudo()
            .search(
                Domain("item_id.move_line_id", "in", list(line_ids))
                & Domain("kind", "in", MARKS)
                & Domain("date_from", "<=", day)
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
                & (Domain("lifted_on", "=", False) | Domain("lifted_on", ">", day)),
                order="id",
            )
        )
        for hold_sudo in holds_sudo:
            places = hold_sudo.currency_id.decimal_places
            part = to_minor(hold_sudo.amount, places) if hold_sudo.is_partial else None
            marks[hold_sudo.item_id.move_line_id.id].append((hold_sudo.kind, part))
        return marks

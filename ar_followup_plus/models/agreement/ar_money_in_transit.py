from odoo import api, models
from odoo.tools import SQL

from ..ledger.incoming import Incoming


class ArMoneyInTransit(models.AbstractModel):
    _inherit = "ar.money.in.transit"

    @api.model
    def _arrived(self, company, partner_ids):
        """All that came in from customers and no invoice has yet.

        What is on its way, and what is booked without being matched.

        :param partner_ids: ids of commercial partners
        :return: list of :class:`Incoming`; the booked ones are of the kind ``credit``
        """
        if not partner_ids:
            return []
        Line = self.env["account.move.line"]
        query = Line._ar_open_receivable_query(company, partner_ids)
        query.add_join(
            "JOIN",
            "ar_currency",
            "res_currency",
            SQL("ar_currency.id = account_move_line.currency_id"),
        )
        query.add_where(SQL("account_move_line.amount_residual_currency < 0"))
        query.order = SQL("account_move_line.date, account_move_line.id")
        credits = self.env.execute_query(
            query.select(
                SQL("account_move_line.id"),
                SQL("ar_customer.commercial_partner_id"),
                SQL("account_move_line.currency_id"),
                SQL(
                    "ROUND(-account_move_line.amount_residual_currency::numeric"
                    " * (10 ^ ar_currency.decimal_places)::numeric)::bigint"
                ),
                SQL("account_move_line.date"),
                SQL("account_move_line.move_name"),
            )
        )
        return [
            *self._find(company, partner_ids),
            *(Incoming("credit", *row) for row in credits),
        ]

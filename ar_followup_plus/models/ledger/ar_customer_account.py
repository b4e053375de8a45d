from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .account_move_line import SETTLED_PAYMENT_STATES
from .statement import Change, Line, accounts


class ArCustomerAccount(models.AbstractModel):
    """What customers owe as of a day, as the books have it now.

    Of entries dated up to that day, and of what was matched with entries dated up to
    it: never from what is open today.
    """

    _name = "ar.customer.account"
    _description = "Customer Account"

    @api.model
    def _accounts(self, company, partner_ids, day, since=None):
        """The accounts of customers of a company, at the end of ``day``.

        As many statements for one customer as for thousands. Access rules are
        bypassed: what is owed does not depend on who looks.

        :param partner_ids: ids of commercial partners
        :param since: the first day whose movements are wanted; None: no movements
        :return: dict partner id → list of :class:`Account`, in minor units, one for
            each currency in which there is something, the company's own first
        """
        partner_ids = list(partner_ids)
        self.env.flush_all()
        table = self._sql_changes(company, partner_ids, day)
        carried = self._carried(table, since)
        changes = self._changes(table, since) if since else []
        customers, lines = self._lines({*carried, *(it.line for it in changes)})
        marks = self._marks(company, day, lines)
        carried_by, changes_by = defaultdict(dict), defaultdict(list)
        for line, amount in carried.items():
            carried_by[customers[line]][line] = amount
        for change in changes:
            changes_by[customers[change.line]].append(change)
        own = company.currency_id.id
        result = {}
        for partner in partner_ids:
            found = accounts(lines, carried_by[partner], changes_by[partner], marks)
            result[partner] = sorted(found.values(), key=lambda it: it.currency != own)
        return result

    @api.model
    def _marks(self, company, day, line_ids):
        """What is left alone of these lines on ``day``. A hook.

        :return: dict line id → list of pairs: one of ``MARKS``, and the amount in
            minor units of the line's currency; None: all of it
        """
        return {}

    # from the books --------------------------------------------------------------

    @api.model
    def _sql_changes(self, company, partner_ids, day):
        """All that changed what is open, up to ``day``: columns as of ``Change``.

        A match has an effect on both of its lines, on the day of the later one. A
        payment that is registered but has no entry settles its invoice, as it does
        for reminders.
        """
        return SQL(
            """
            WITH line AS MATERIALIZED (%(lines)s),
                 change AS (
              SELECT id AS line, date AS day, amount_currency AS amount,
                     'entry' AS source, move_id AS source_id, NULL::int AS other
                FROM line
               UNION ALL
              SELECT line.id, part.max_date, -part.debit_amount_currency,
                     'match', part.id, part.credit_move_id
                FROM line
                JOIN account_partial_reconcile part ON part.debit_move_id = line.id
               UNION ALL
              SELECT line.id, part.max_date, part.credit_amount_currency,
                     'match', part.id, part.debit_move_id
                FROM line
                JOIN account_partial_reconcile part ON part.credit_move_id = line.id
               UNION ALL
              SELECT line.id, GREATEST(line.date, paid.day),
                     -line.amount_residual_currency, 'payment', line.move_id, NULL
                FROM line
                LEFT JOIN LATERAL (
                     SELECT max(payment.date) AS day
                       FROM account_move__account_payment link
                       JOIN account_payment payment ON payment.id = link.payment_id
                      WHERE link.invoice_id = line.move_id
                        AND payment.move_id IS NULL
                        AND payment.state IN ('in_process', 'paid')) paid ON TRUE
               WHERE line.payment_state IN %(settled)s
                 AND line.amount_residual_currency != 0)
            SELECT change.*
              FROM change
             WHERE change.day <= %(day)s AND change.amount != 0
            """,
            lines=self._sql_lines(company, partner_ids, day),
            settled=SETTLED_PAYMENT_STATES,
            day=day,
        )

    @api.model
    def _sql_lines(self, company, partner_ids, day):
        """The receivables of entries up to ``day``, whatever became of them."""
        Line = self.env["account.move.line"]
        query = Line._ar_receivable_query(
            Line._ar_receivable_domain(company)
            & Line._ar_partner_domain(partner_ids)
            & Domain("date", "<=", day)
        )
        return query.select(
            SQL("account_move_line.id"),
            SQL("account_move_line.date"),
            SQL("account_move_line.move_id"),
            SQL("account_move_line.amount_currency"),
            SQL("account_move_line.amount_residual_currency"),
            SQL("ar_move.payment_state"),
        )

    @api.model
    def _carried(self, table, since):
        """What is open of each line before the period, or on the day without one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, %(minor)s
                  FROM (SELECT line, SUM(amount) AS amount
                          FROM (%(table)s) AS change
                         WHERE %(before)s
                         GROUP BY line
                        HAVING SUM(amount) != 0) AS change
                  JOIN account_move_line line ON line.id = change.line
                  JOIN res_currency currency ON currency.id = line.currency_id
                """,
                minor=_sql_minor(SQL("change.amount")),
                table=table,
                before=SQL("day < %s", since) if since else SQL("TRUE"),
            )
        )
        return {line: amount for line, amount in rows if amount}

    @api.model
    def _changes(self, table, since):
        """The changes from ``since`` on."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT change.line, change.day, %(minor)s, change.source,
                       change.source_id, COALESCE(other.move_name, '')
                  FROM (%(table)s) AS change
                  JOIN account_move_line line ON line.id = change.line
                  JOIN res_currency currency ON currency.id = line.currency_id
                  LEFT JOIN account_move_line other ON other.id = change.other
                 WHERE change.day >= %(since)s
                 ORDER BY change.day, change.line
                """,
                minor=_sql_minor(SQL("change.amount")),
                table=table,
                since=since,
            )
        )
        return [Change(*row) for row in rows]

    @api.model
    def _lines(self, line_ids):
        """What lines are: dict id → customer, and dict id → :class:`Line`."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.commercial_partner_id, line.id, line.currency_id,
                       line.move_id, COALESCE(line.move_name, '/'),
                       CASE WHEN move.move_type IN ('out_invoice', 'out_receipt')
                            THEN 'invoice'
                            WHEN move.move_type = 'out_refund' THEN 'credit_note'
                            WHEN line.payment_id IS NOT NULL
                              OR journal.type IN ('bank', 'cash', 'credit')
                            THEN 'payment'
                            ELSE 'entry' END,
                       COALESCE(move.invoice_date, line.date),
                       COALESCE(line.date_maturity, line.date),
                       %(minor)s
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal journal ON journal.id = line.journal_id
                  JOIN res_partner contact ON contact.id = line.partner_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                 WHERE line.id = ANY(%(lines)s)
                """,
                minor=_sql_minor(SQL("line.amount_currency")),
                lines=list(line_ids),
            )
        )
        return {row[1]: row[0] for row in rows}, {
            row[1]: Line(*row[1:]) for row in rows
        }


def _sql_minor(amount):
    """An amount in minor units of the joined ``currency``."""
    return SQL(
        "ROUND((%s)::numeric * (10 ^ currency.decimal_places)::numeric)::bigint", amount
    )

from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .account_move_line import SETTLED_PAYMENT_STATES
from .ar_bank_token import HORIZON_DAYS
from .incoming import Debts, Incoming, named, without


class ArMoneyInTransit(models.AbstractModel):
    """Money on its way: seen somewhere, but in no customer's account yet.

    Online payments under way, payments registered without an entry, and open bank
    lines that name the customer. A line may name several: whoever may have paid is
    not asked, until somebody matches it.

    The customers of a branch also pay to the accounts of the companies above it.
    """

    _name = "ar.money.in.transit"
    _description = "Money on Its Way"

    @api.model
    def _find(self, company, partner_ids):
        """What is on its way to a company, of the last ``HORIZON_DAYS`` days.

        As many statements for one customer as for thousands, and a single quick one
        when nothing is on its way to the company. Access rules are bypassed: what is
        on its way does not depend on who looks.

        :param partner_ids: ids of commercial partners
        :return: list of :class:`Incoming`, the oldest first
        """
        self.env.flush_all()
        partner_ids = list(partner_ids)
        since = company._ar_today() - timedelta(days=HORIZON_DAYS)
        transactions, payments, lines = self._are_any(company, since)
        debts, digits = self._debts(company, partner_ids) if lines else ({}, {})
        sources = []
        if transactions:
            sources.append(self._sql_transactions(company, partner_ids, since))
        if payments or debts:
            sources.append(self._sql_payments(company, partner_ids, since))
        if debts:
            sources.append(self._sql_lines(company, debts, digits, since))
        if not sources:
            return []
        rows = self.env.execute_query(SQL(" UNION ALL ").join(sources))
        by_kind = self._by_kind(sorted(self._named(debts, rows), key=_oldest_first))
        # The same money is seen twice when its bank line comes in: the first so many
        # lines of an amount are those of the payments that are in the books.
        lines = without(by_kind["line"], by_kind["booked"])
        expected = without([*by_kind["payment"], *by_kind["transaction"]], lines)
        return sorted([*expected, *lines], key=lambda it: (it.day, it.kind, it.id))

    @api.model
    def _are_any(self, company, since):
        """Whether there is anything, whoever it is from: before each mail it is asked.

        :return: (online payments, payments without an entry, bank lines)
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (SELECT
                                 FROM payment_transaction tx
                                WHERE tx.state IN ('pending', 'authorized')
                                  AND tx.last_state_change >= %(since)s
                                  AND tx.company_id = ANY(%(companies)s)),
                       EXISTS (SELECT
                                 FROM account_payment payment
                                WHERE payment.is_matched IS NOT TRUE
                                  AND payment.move_id IS NULL
                                  AND payment.state IN ('in_process', 'paid')
                                  AND payment.company_id = ANY(%(companies)s)
                                  AND payment.date >= %(since)s),
                       EXISTS (SELECT
                                 FROM account_bank_statement_line line
                                WHERE line.journal_id IN (
                                          SELECT id FROM account_journal
                                           WHERE type IN ('bank', 'cash', 'credit'))
                                  AND %(is_open)s)
                """,
                since=since,
                companies=company.parent_ids.ids,
                is_open=_sql_is_open(company, since),
            )
        )[0]

    @api.model
    def _named(self, debts, rows):
        """The rows with those of bank lines that have somebody's name and amount.

        They come once, without a customer and with all words of the line.
        """
        lines = {row[1]: row for row in rows if row[2] is None}
        rows = [row for row in rows if row[2] is not None]
        known = {(row[1], row[2]) for row in rows if row[0] == "line"}
        found = named(
            debts, [(row[1], (row[3], row[4]), row[7]) for row in lines.values()]
        )
        for line_id, partner_id in found - known:
            kind, _id, _nobody, *what, _words, _owed = lines[line_id]
            rows.append((kind, line_id, partner_id, *what, None, None))
        return rows

    @api.model
    def _by_kind(self, rows):
        """The rows of all sources as lists of :class:`Incoming`, by their kind.

        Those ``booked`` are credits already; their bank lines are to be matched yet.
        """
        by_kind, owed_for = defaultdict(list), {}
        for *incoming, invoices, owed in rows:
            money = Incoming(*incoming)
            if invoices:
                # paid otherwise meanwhile, or tried twice: never more than is owed
                left = owed_for.get(invoices, owed)
                money = money._replace(amount=min(money.amount, left))
                owed_for[invoices] = left - money.amount
            if money.amount > 0:
                by_kind[money.kind].append(money)
        return by_kind

    # what customers, or their accountants, say is coming ------------------------

    @api.model
    def _sql_transactions(self, company, partner_ids, since):
        """Online payments under way: of the customer they settle invoices of.

        The captures of an authorized payment are parts of it.
        """
        return SQL(
            """
            SELECT 'transaction', tx.id, customer.id, tx.currency_id, %(amount)s,
                   tx.last_state_change::date, tx.reference, billed.invoices,
                   %(owed)s
              FROM payment_transaction tx
              JOIN res_partner payer ON payer.id = tx.partner_id
              JOIN res_currency currency ON currency.id = tx.currency_id
              LEFT JOIN account_payment payment ON payment.id = tx.payment_id
              LEFT JOIN LATERAL (
                   SELECT array_agg(move.id ORDER BY move.id)::varchar AS invoices,
                          CASE WHEN count(DISTINCT move.commercial_partner_id) = 1
                               THEN min(move.commercial_partner_id) END AS partner_id,
                          COALESCE(SUM(move.amount_residual) FILTER (
                              WHERE move.state = 'posted'
                                AND move.company_id = %(company)s
                                AND move.currency_id = tx.currency_id
                                AND move.payment_state NOT IN %(settled)s), 0) AS owed
                     FROM account_invoice_transaction_rel rel
                     JOIN account_move move ON move.id = rel.invoice_id
                    WHERE rel.transaction_id = tx.id
                   ) billed ON TRUE
              JOIN res_partner customer
                ON customer.id = COALESCE(billed.partner_id,
                                          payer.commercial_partner_id)
             WHERE tx.state IN ('pending', 'authorized')
               AND tx.last_state_change >= %(since)s
               AND tx.company_id = ANY(%(companies)s)
               AND tx.operation IS DISTINCT FROM 'validation'
               AND tx.source_transaction_id IS NULL
               AND tx.amount > 0
               AND (payment.state IS NULL
                    OR payment.state NOT IN ('in_process', 'paid'))
               AND customer.id = ANY(%(partners)s)
            """,
            amount=_sql_minor(SQL("tx.amount")),
            owed=_sql_minor(SQL("billed.owed")),
            settled=SETTLED_PAYMENT_STATES,
            since=since,
            company=company.id,
            companies=company.parent_ids.ids,
            partners=partner_ids,
        )

    @api.model
    def _sql_payments(self, company, partner_ids, since):
        """Payments the bank has not confirmed; of those with an entry, ``booked``.

        Without an entry, a payment is left out when the invoice it was registered
        for asks for nothing any more because of it.
        """
        return SQL(
            """
            SELECT CASE WHEN payment.move_id IS NULL THEN 'payment' ELSE 'booked' END,
                   payment.id, contact.commercial_partner_id, payment.currency_id,
                   %(amount)s, payment.date, COALESCE(payment.memo, payment.name),
                   NULL, NULL
              FROM unnest(%(partners)s::int[]) AS customer (id)
              JOIN res_partner contact ON contact.commercial_partner_id = customer.id
              JOIN account_payment payment ON payment.partner_id = contact.id
              JOIN res_currency currency ON currency.id = payment.currency_id
             WHERE payment.is_matched IS NOT TRUE
               AND payment.payment_type = 'inbound'
               AND payment.partner_type = 'customer'
               AND payment.state IN ('in_process', 'paid')
               AND payment.company_id = ANY(%(companies)s)
               AND payment.date >= %(since)s
               AND (payment.move_id IS NOT NULL OR NOT EXISTS (
                       SELECT FROM account_move__account_payment link
                         JOIN account_move move ON move.id = link.invoice_id
                        WHERE link.payment_id = payment.id
                          AND move.payment_state IN %(settled)s))
            """,
            amount=_sql_minor(SQL("payment.amount")),
            settled=SETTLED_PAYMENT_STATES,
            since=since,
            companies=company.parent_ids.ids,
            partners=partner_ids,
        )

    # what the bank says has come -------------------------------------------------

    @api.model
    def _sql_lines(self, company, debts, digits, since):
        """Open bank lines that name one of the customers, each once for each of them,
        and once those that have somebody's amount.

        Of a line that is matched in part, the rest.
        """
        return SQL(
            """
            (WITH claim AS (%(claims)s)
             SELECT 'line', line.id, claim.partner_id, currency.id, %(amount)s,
                    to_date(left(line.internal_index, 8), 'YYYYMMDD'),
                    line.payment_ref, claim.words, NULL
               FROM claim
               JOIN account_bank_statement_line line ON line.id = claim.line_id
               JOIN account_move move ON move.id = line.move_id
               JOIN res_currency currency ON currency.id = %(currency)s
              WHERE move.state = 'posted' AND %(is_open)s)
            """,
            claims=SQL(" UNION ALL ").join(
                [
                    SQL(" UNION ").join(self._sql_claims(debts, list(debts))),
                    self._sql_by_amount(company, debts, digits, since),
                ]
            ),
            amount=_sql_minor(SQL("-line.amount_residual")),
            currency=_SQL_CURRENCY,
            is_open=_sql_is_open(company, since),
        )

    @api.model
    def _sql_claims(self, debts, partner_ids):
        """Which lines name which customers: ``line_id``, ``partner_id``, no ``words``.

        The partner chosen on a line overrules the account it came from; an invoice
        that it names counts in any case, for somebody may pay for somebody else.
        """
        yield SQL(
            """
            SELECT line.id AS line_id, contact.commercial_partner_id AS partner_id,
                   NULL AS words
              FROM unnest(%s::int[]) AS customer (id)
              JOIN res_partner contact ON contact.commercial_partner_id = customer.id
              JOIN account_bank_statement_line line ON line.partner_id = contact.id
             WHERE line.is_reconciled IS NOT TRUE
            """,
            partner_ids,
        )
        yield SQL(
            """
            SELECT line.id, contact.commercial_partner_id, NULL
              FROM unnest(%s::int[]) AS customer (id)
              JOIN res_partner contact ON contact.commercial_partner_id = customer.id
              JOIN res_partner_bank bank ON bank.partner_id = contact.id
              JOIN ar_bank_token token
                ON token.token = '#' || upper(bank.sanitized_acc_number)
              JOIN account_bank_statement_line line ON line.id = token.statement_line_id
             WHERE bank.active
               AND line.partner_id IS NULL
            """,
            partner_ids,
        )
        references = [
            (partner_id, token)
            for partner_id, debt in debts.items()
            for token in debt.references
        ]
        if references:
            yield SQL(
                """
                SELECT token.statement_line_id, own.partner_id, NULL
                  FROM unnest(%s::int[], %s::varchar[]) AS own (partner_id, token)
                  JOIN ar_bank_token token ON token.token = own.token
                """,
                *map(list, zip(*references, strict=True)),
            )

    @api.model
    def _sql_by_amount(self, company, debts, digits, since):
        """Which lines have an amount that some customer owes, and their words.

        In which currency, and whom they name, is for :func:`named` to tell: the
        database would join every word or amount with every line where many have it.
        """
        residuals = {
            -amount / 10 ** digits[currency]
            for debt in debts.values()
            for currency, amount in debt.amounts
        }
        return SQL(
            """
            SELECT line.id, NULL, token.words
              FROM account_bank_statement_line line
              JOIN ar_bank_token token ON token.statement_line_id = line.id
             WHERE line.amount_residual = ANY(%(residuals)s)
               AND token.words IS NOT NULL
               AND line.partner_id IS NULL
               AND %(is_open)s
            """,
            residuals=list(residuals),
            is_open=_sql_is_open(company, since),
        )

    @api.model
    def _debts(self, company, partner_ids):
        """What a bank line may name of each customer.

        :return: dict partner id → :class:`Debts`; dict currency id → decimal places
        """
        Line = self.env["account.move.line"]
        query = Line._ar_open_receivable_query(company, partner_ids)
        query.add_join(
            "JOIN",
            "ar_debtor",
            "res_partner",
            SQL("ar_debtor.id = ar_customer.commercial_partner_id"),
        )
        query.add_join(
            "JOIN",
            "currency",
            "res_currency",
            SQL("currency.id = account_move_line.currency_id"),
        )
        rows = self.env.execute_query(
            query.select(
                SQL("currency.decimal_places"),
                SQL("ar_debtor.id"),
                SQL("ar_debtor.name"),
                SQL("ar_move.id"),
                SQL("ar_move.name"),
                SQL("ar_move.payment_reference"),
                Line._ar_due_sql(),
                SQL("account_move_line.currency_id"),
                _sql_minor(SQL("account_move_line.amount_residual_currency")),
            )
        )
        by_partner, digits = defaultdict(list), {}
        for places, partner_id, *row in rows:
            *_entry, currency, _amount = row
            digits[currency] = places
            by_partner[partner_id].append(row)
        today = company._ar_today()
        debts = {
            partner_id: Debts.of(own, today) for partner_id, own in by_partner.items()
        }
        return debts, digits


_SQL_CURRENCY = SQL("COALESCE(line.foreign_currency_id, line.currency_id)")


def _oldest_first(row):
    kind, record_id, _partner, _currency, _amount, day, *_rest = row
    return day, kind, record_id


def _sql_minor(amount):
    """An amount in minor units of the joined ``currency``."""
    return SQL(
        "ROUND((%s)::numeric * (10 ^ currency.decimal_places)::numeric)::bigint", amount
    )


def _sql_is_open(company, since):
    """Incoming, not matched, and not too old."""
    return SQL(
        """(line.company_id = ANY(%s) AND line.is_reconciled IS NOT TRUE
            AND line.amount > 0 AND line.amount_residual < 0
            AND line.internal_index >= %s)""",
        company.parent_ids.ids,
        since.strftime("%Y%m%d"),
    )

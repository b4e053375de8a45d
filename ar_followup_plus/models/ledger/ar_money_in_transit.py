from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .account_move_line import SETTLED_PAYMENT_STATES
from .ar_bank_token import HORIZON_DAYS
from .incoming import Debts, Incoming, rarest_words, without


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

        As many statements for one customer as for thousands. Access rules are
        bypassed: what is on its way does not depend on who looks.

        :param partner_ids: ids of commercial partners
        :return: list of :class:`Incoming`, the oldest first
        """
        self.env.flush_all()
        partner_ids = list(partner_ids)
        since = company._ar_today() - timedelta(days=HORIZON_DAYS)
        sources = [
            self._sql_transactions(company, partner_ids, since),
            self._sql_payments(company, partner_ids, since),
        ]
        debts = self._debts(company, partner_ids, since)
        if debts:
            sources.append(self._sql_lines(company, debts, since))
        rows = self.env.execute_query(
            SQL("%s ORDER BY 6, 1, 2", SQL(" UNION ALL ").join(sources))
        )
        by_kind = self._by_kind(rows)
        # The same money is seen twice when its bank line comes in: the first so many
        # lines of an amount are those of the payments that are in the books.
        lines = without(by_kind["line"], by_kind["booked"])
        expected = without([*by_kind["payment"], *by_kind["transaction"]], lines)
        return sorted([*expected, *lines], key=lambda it: (it.day, it.kind, it.id))

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
              FROM res_partner contact
              JOIN account_payment payment ON payment.partner_id = contact.id
              JOIN res_currency currency ON currency.id = payment.currency_id
             WHERE contact.commercial_partner_id = ANY(%(partners)s)
               AND payment.is_matched IS NOT TRUE
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
    def _sql_lines(self, company, debts, since):
        """Open bank lines that name one of the customers, each once for each of them.

        Of a line that is matched in part, the rest.
        """
        return SQL(
            """
            (WITH claim AS (%(claims)s)
             SELECT 'line', line.id, claim.partner_id, currency.id, %(amount)s,
                    to_date(left(line.internal_index, 8), 'YYYYMMDD'),
                    line.payment_ref, NULL, NULL
               FROM claim
               JOIN account_bank_statement_line line ON line.id = claim.line_id
               JOIN account_move move ON move.id = line.move_id
               JOIN res_currency currency ON currency.id = %(currency)s
              WHERE move.state = 'posted' AND %(is_open)s)
            """,
            claims=SQL(" UNION ").join(
                self._sql_claims(debts, list(debts), company, since)
            ),
            amount=_sql_minor(SQL("-line.amount_residual")),
            currency=_SQL_CURRENCY,
            is_open=_sql_is_open(company, since),
        )

    @api.model
    def _sql_claims(self, debts, partner_ids, company, since):
        """Which lines name which customers: pairs ``line_id``, ``partner_id``.

        The partner chosen on a line overrules the account it came from; an invoice
        that it names counts in any case, for somebody may pay for somebody else.
        """
        yield SQL(
            """
            SELECT line.id AS line_id, contact.commercial_partner_id AS partner_id
              FROM res_partner contact
              JOIN account_bank_statement_line line ON line.partner_id = contact.id
             WHERE contact.commercial_partner_id = ANY(%s)
               AND line.is_reconciled IS NOT TRUE
            """,
            partner_ids,
        )
        yield SQL(
            """
            SELECT line.id, contact.commercial_partner_id
              FROM res_partner contact
              JOIN res_partner_bank bank ON bank.partner_id = contact.id
              JOIN ar_bank_token token
                ON token.token = '#' || upper(bank.sanitized_acc_number)
              JOIN account_bank_statement_line line ON line.id = token.statement_line_id
             WHERE contact.commercial_partner_id = ANY(%s)
               AND bank.active
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
            yield self._sql_by_reference(references)
        names = rarest_words(debts)
        if names:
            yield self._sql_by_name(names, company, since)

    @api.model
    def _sql_by_reference(self, references):
        partners, tokens = zip(*references, strict=True)
        return SQL(
            """
            SELECT token.statement_line_id, own.partner_id
              FROM unnest(%s::int[], %s::varchar[]) AS own (partner_id, token)
              JOIN ar_bank_token token ON token.token = own.token
            """,
            list(partners),
            list(tokens),
        )

    @api.model
    def _sql_by_name(self, names, company, since):
        """All words of the name, and exactly an amount that the customer owes.

        Words and amounts are lists in a text: the database would join them one by
        one with every line.
        """
        partners, words, all_words, amounts = map(list, zip(*names, strict=True))
        return SQL(
            """
            SELECT line.id, own.partner_id
              FROM unnest(%(partners)s::int[], %(words)s::varchar[],
                          %(all_words)s::varchar[], %(amounts)s::varchar[])
                   AS own (partner_id, word, all_words, amounts)
              JOIN ar_bank_token token ON token.token = own.word
              JOIN account_bank_statement_line line ON line.id = token.statement_line_id
              JOIN res_currency currency ON currency.id = %(currency)s
             WHERE line.partner_id IS NULL
               AND %(is_open)s
               AND concat(currency.id, ':', %(amount)s)
                   = ANY(string_to_array(own.amounts, ' '))
               AND cardinality(string_to_array(own.all_words, ' ')) = (
                   SELECT count(*)
                     FROM ar_bank_token other
                    WHERE other.statement_line_id = line.id
                      AND other.token = ANY(string_to_array(own.all_words, ' ')))
            """,
            partners=partners,
            words=words,
            all_words=all_words,
            amounts=amounts,
            currency=_SQL_CURRENCY,
            amount=_sql_minor(SQL("-line.amount_residual")),
            is_open=_sql_is_open(company, since),
        )

    @api.model
    def _debts(self, company, partner_ids, since):
        """What a bank line may name of each customer; nothing without open lines.

        :return: dict partner id → :class:`Debts`
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
        query.add_where(
            SQL(
                """
                EXISTS (SELECT
                          FROM account_bank_statement_line line
                         WHERE line.journal_id IN (
                                   SELECT id FROM account_journal
                                    WHERE type IN ('bank', 'cash', 'credit'))
                           AND %s)
                """,
                _sql_is_open(company, since),
            )
        )
        rows = self.env.execute_query(
            query.select(
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
        by_partner = defaultdict(list)
        for partner_id, *row in rows:
            by_partner[partner_id].append(row)
        today = company._ar_today()
        return {
            partner_id: Debts.of(own, today) for partner_id, own in by_partner.items()
        }


_SQL_CURRENCY = SQL("COALESCE(line.foreign_currency_id, line.currency_id)")


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

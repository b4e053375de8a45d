from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .tokens import account_token, text_tokens

#: A bank line that nobody matched in so many days says nothing about today.
HORIZON_DAYS = 60


class ArBankToken(models.Model):
    """What an incoming bank line may name: a reference or an account, or all its words.

    Each line is cut once, when it comes in. Customers are then found by equality,
    whether one is looked for or a hundred thousand. Words are no tokens: they would be
    many, and most of them in every line. They are asked of the lines that have a
    customer's amount. Nobody has a right to read the rows: they are the engine's.
    """

    _name = "ar.bank.token"
    _description = "Bank Line Token"
    _log_access = False  # as many rows as the labels have words

    statement_line_id = fields.Many2one(
        "account.bank.statement.line", required=True, index=True, ondelete="cascade"
    )
    token = fields.Char()
    words = fields.Text(help="In a row of their own, one for each bank line.")

    # from what a customer may be named by to the lines that do
    _token_line_uniq = models.UniqueIndex("(token, statement_line_id)")

    def init(self):
        """Cut the lines that were there before the addon, or came in past it."""
        since = fields.Date.today() - timedelta(days=HORIZON_DAYS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_bank_statement_line line
                 WHERE line.is_reconciled IS NOT TRUE
                   AND line.amount > 0
                   AND line.internal_index >= %s
                   AND NOT EXISTS (SELECT FROM ar_bank_token known
                                    WHERE known.statement_line_id = line.id)
                """,
                since.strftime("%Y%m%d"),
            )
        )
        self._cut([line_id for (line_id,) in rows])

    @api.model
    def _cut(self, line_ids):
        """Cut these bank lines into tokens, (again) as they are now."""
        # all of a line's text, and half of it is in its entry
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM ar_bank_token WHERE statement_line_id = ANY(%s)", line_ids)
        )
        rows = [
            (line_id, *row)
            for line_id, *texts in self._texts(line_ids)
            for row in self._rows(*texts)
        ]
        if rows:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO ar_bank_token (statement_line_id, token, words)
                    SELECT * FROM unnest(%s::int[], %s::varchar[], %s::text[])
                    """,
                    *map(list, zip(*rows, strict=True)),
                )
            )

    @api.model
    def _texts(self, line_ids):
        """Of the incoming ones: the account's numbers, and all that is text."""
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.account_number, bank.acc_number,
                       line.payment_ref, line.partner_name, move.ref, move.narration,
                       (SELECT string_agg(value #>> '{}', ' ')
                          FROM jsonb_path_query(line.transaction_details,
                                                'strict $.** ? (@.type() == "string")')
                               AS value)
                  FROM account_bank_statement_line line
                  JOIN account_move move ON move.id = line.move_id
                  LEFT JOIN res_partner_bank bank ON bank.id = move.partner_bank_id
                 WHERE line.id = ANY(%s) AND line.amount > 0
                """,
                line_ids,
            )
        )

    @api.model
    def _rows(self, account, known_account, *texts):
        tokens, words = text_tokens(*texts)
        tokens |= {account_token(account), account_token(known_account)} - {""}
        return [*((token, None) for token in tokens), (None, " ".join(words))]

    @api.autovacuum
    def _gc_old(self):
        """Nothing is looked for in lines that are too old.

        Those that are matched keep their tokens: who undoes it opens them again.
        """
        since = fields.Date.today() - timedelta(days=HORIZON_DAYS + 1)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM ar_bank_token token
                 USING account_bank_statement_line line
                 WHERE line.id = token.statement_line_id
                   AND line.internal_index < %s
                """,
                since.strftime("%Y%m%d"),
            )
        )

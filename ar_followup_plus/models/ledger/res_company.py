from datetime import datetime

from odoo import models
from odoo.tools import SQL, format_date


class ResCompany(models.Model):
    """How far the bank is known: whoever paid after that day would be asked again."""

    _inherit = "res.company"

    def _ar_last_bank_day(self):
        """Day of the newest line of the company's bank journals, of any of them.

        A second account on which little happens would otherwise hold everything, and
        so would a branch whose customers pay to the accounts of its parent.
        """
        self.ensure_one()
        self.env["account.bank.statement.line"].flush_model()
        ((newest,),) = self.env.execute_query(
            SQL(
                """
                SELECT max(newest.internal_index)
                  FROM account_journal journal
                 CROSS JOIN unnest(%(companies)s) AS owner (id)
                 CROSS JOIN LATERAL (
                       -- by the index that Odoo keeps for this order
                       SELECT line.internal_index
                         FROM account_bank_statement_line line
                        WHERE line.journal_id = journal.id
                          AND line.company_id = owner.id
                        ORDER BY line.internal_index DESC
                        LIMIT 1) newest
                 WHERE journal.type = 'bank' AND journal.active
                   AND journal.company_id = ANY(%(companies)s)
                """,
                companies=self.parent_ids.ids,
            )
        )
        # the index begins with the day
        return newest and datetime.strptime(newest[:8], "%Y%m%d").date()

    def _ar_is_bank_stale(self, today):
        """Whether the bank's lines are too old to ask anybody for money.

        :param today: a day in the future, of a preview, is judged by today
        """
        self.ensure_one()
        days = self.sudo().ar_bank_stale_days
        if not days:
            return False
        newest = self._ar_last_bank_day()
        return newest is None or (min(today, self._ar_today()) - newest).days > days

    def _ar_bank_stale_text(self):
        """What is to be done about it, in the reader's language."""
        newest = self._ar_last_bank_day()
        if not newest:
            return self.env._(
                "No bank line was imported yet. Nobody is reminded until the bank "
                "statements are there, for they may show who has paid."
            )
        return self.env._(
            "The newest bank line is of %(day)s. Nobody is reminded until newer "
            "statements are imported, for they may show who has paid.",
            day=format_date(self.env, newest, date_format="medium"),
        )

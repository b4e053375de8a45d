import json
from collections import defaultdict
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL, format_date


class OlderDebt(NamedTuple):
    """An open debt that was due before the start date.

    :param line: id of the journal item; ``partner`` of the commercial partner
    :param residual: in its own currency; ``company_residual`` in the company's
    :param is_released: it is followed up although it is older
    :param was_reminded: a step was taken for it here, so its level is what it had
    """

    line: int
    partner: int
    name: str
    due: date
    currency: int
    residual: float
    company_residual: float
    is_released: bool
    was_reminded: bool


class ArFollowupItem(models.Model):
    """Start: older debts are followed up from now on, from where they stand."""

    _inherit = "ar.followup.item"

    @api.model
    def _older_debts(self, company, start, partner_ids=None, journal_ids=()):
        """Open debts due before ``start``, the largest first.

        What is not followed up for other reasons is left out: those debts do not
        wait for the start.

        :param partner_ids: ids of commercial partners, or None for all
        :param journal_ids: ids of journals whose opening balances count, too
        :return: list of :class:`OlderDebt`
        """
        Line = self.env["account.move.line"]
        self.flush_model()
        query = Line._ar_open_receivable_query(company, partner_ids)
        query.add_join(
            "LEFT JOIN",
            "ar_item",
            "ar_followup_item",
            SQL("ar_item.move_line_id = account_move_line.id"),
        )
        due = Line._ar_due_sql()
        query.add_where(SQL("account_move_line.amount_residual_currency > 0"))
        query.add_where(SQL("%s < %s", due, start))
        query.add_where(
            SQL(
                "(account_move_line.no_followup IS NOT TRUE"
                " OR account_move_line.journal_id = ANY(%s)"
                " AND account_move_line.date_maturity IS NOT NULL)",
                list(journal_ids),
            )
        )
        query.add_where(
            SQL(
                """EXISTS (SELECT 1 FROM res_partner debtor
                            WHERE debtor.id = ar_customer.commercial_partner_id
                              AND debtor.active
                              AND NOT EXISTS (SELECT 1 FROM res_company own
                                               WHERE own.partner_id = debtor.id))"""
            )
        )
        query.order = SQL(
            "account_move_line.amount_residual DESC, account_move_line.id"
        )
        rows = self.env.execute_query(
            query.select(
                SQL("account_move_line.id"),
                SQL("ar_customer.commercial_partner_id"),
                SQL("COALESCE(account_move_line.move_name, '/')"),
                due,
                SQL("account_move_line.currency_id"),
                SQL("account_move_line.amount_residual_currency"),
                SQL("account_move_line.amount_residual"),
                SQL("COALESCE(ar_item.is_released, FALSE)"),
                SQL(
                    """EXISTS (SELECT 1 FROM ar_followup_reminder_line step
                                WHERE step.item_id = ar_item.id AND step.is_live
                                  AND step.level_after_id IS NOT NULL)"""
                ),
            )
        )
        return [OlderDebt(*row) for row in rows]

    @api.model
    def _follow_up_older(self, company, chosen, reason):
        """Older debts are followed up from now on; each customer's case says why.

        The last letter of a former system counts for the gap, as ours does.

        :param chosen: dict journal item id → (level id or None, the day it had it);
            without a level, the debt goes on from where it stands, which at first is
            before the friendly level
        :param reason: what the admin says about it
        """
        if not chosen:
            return
        lines = self.env["account.move.line"].sudo().browse(chosen)
        partner_ids = lines.partner_id.commercial_partner_id.ids
        # somebody wants them followed up: a case, also where nothing is due yet
        self.env["ar.followup.case"]._collect(
            company, company._ar_today(), partner_ids, until="infinity"
        )
        rows = self.env.execute_query(self._sql_follow_up_older(chosen))
        self.invalidate_model(["is_released", "level_id", "level_date"])
        self.env["ar.followup.case"].invalidate_model(["last_demand_date"])
        self._note_older(rows, reason)

    @api.model
    def _sql_follow_up_older(self, chosen):
        self.env.flush_all()
        rows = [
            {"line_id": line, "level_id": level, "day": day}
            for line, (level, day) in chosen.items()
        ]
        return SQL(
            """
            WITH chosen AS (
                SELECT * FROM jsonb_to_recordset(%(rows)s)
                    AS chosen (line_id int, level_id int, day date)
            ), released AS (
                UPDATE ar_followup_item AS item
                   SET is_released = TRUE,
                       level_id = COALESCE(chosen.level_id, item.level_id),
                       level_date = COALESCE(chosen.day, item.level_date),
                       write_uid = %(author)s, write_date = %(now)s
                  FROM chosen
                 WHERE item.move_line_id = chosen.line_id
             RETURNING item.id, item.case_id, item.name, item.date_due,
                       item.level_id, chosen.day
            ), contacted AS (
                UPDATE ar_followup_case AS own_case
                   SET last_demand_date = taken.day
                  FROM (SELECT case_id, MAX(day) AS day
                          FROM released GROUP BY case_id) AS taken
                 WHERE own_case.id = taken.case_id
                   AND taken.day > COALESCE(last_demand_date, '-infinity')
            )
            SELECT case_id, name, level_id, day FROM released ORDER BY date_due, id
            """,
            rows=json.dumps(rows, default=str),
            author=self.env.uid,
            now=self.env.cr.now(),
        )

    @api.model
    def _note_older(self, rows, reason):
        """One note in the chatter of each case, without mails.

        :param rows: tuples of case id, invoice, level id, and the day it had the
            level elsewhere, or None
        """
        by_case = defaultdict(lambda: defaultdict(list))
        for case, name, level, day in rows:
            by_case[case][level, day].append(name)
        Level = self.env["ar.followup.level"]
        levels = Level.browse({row[2] for row in rows if row[2]})
        names = {level.id: level.name for level in levels}
        bodies = {}
        for case, groups in by_case.items():
            parts = [
                Markup("<li>%s</li>")
                % self._older_in_words(names.get(level), day, invoices)
                for (level, day), invoices in groups.items()
            ]
            bodies[case] = Markup("<p>%s</p><ul>%s</ul>") % (
                self.env._(
                    "Followed up although due before the start date: %(reason)s",
                    reason=reason,
                ),
                Markup().join(parts),
            )
        self.env["ar.followup.case"].browse(bodies)._message_log_batch(bodies)

    @api.model
    def _older_in_words(self, level, day, invoices):
        invoices = ", ".join(invoices)
        if day:
            return self.env._(
                "%(level)s on %(day)s, as in the former system: %(invoices)s",
                level=level,
                day=format_date(self.env, day, date_format="medium"),
                invoices=invoices,
            )
        if level:
            return self.env._(
                "Released, at %(level)s as before: %(invoices)s",
                level=level,
                invoices=invoices,
            )
        return self.env._(
            "Released at the friendly level: %(invoices)s", invoices=invoices
        )

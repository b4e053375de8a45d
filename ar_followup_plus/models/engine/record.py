import json

from odoo import api, models
from odoo.tools import SQL

from .values import asked_in_own


class ArFollowupCase(models.Model):
    """Record: decisions onto cases and into the history, set by set."""

    _inherit = "ar.followup.case"

    @api.model
    def _record_decisions(self, company, decided, today, run=None):
        """Store what was decided for existing cases; equal decisions cost nothing.

        One statement for cases and history, so that the rows travel once.

        :param decided: list of (:class:`Subject`, :class:`Decision`)
        """
        decimals = company.currency_id.decimal_places
        rows = [
            _case_row(subject, decision, decimals)
            for subject, decision in decided
            if subject.case_id
        ]
        self.flush_model()
        self.env["ar.followup.decision"].flush_model()
        changed = self.env.execute_query(
            SQL(
                """
                WITH new AS MATERIALIZED (
                    SELECT *
                      FROM jsonb_to_recordset(%(rows)s) AS new (
                           id int, state varchar, action varchar, reason varchar,
                           other_reasons varchar, level_id int, next_date date,
                           next_level_id int, amount_overdue numeric,
                           amount_open numeric, date_oldest_due date,
                           is_in_transit bool,
                           decision_level_id int)
                ), changed AS (
                    %(cases)s
                ), %(history)s
                SELECT id FROM changed
                """,
                rows=json.dumps(rows, default=str),
                cases=self._sql_update_cases(today),
                history=self._sql_update_history(company, today, run),
            )
        )
        self.browse(case_id for (case_id,) in changed).invalidate_recordset()

    @api.model
    def _sql_update_cases(self, today):
        """Write the columns of ``_engine_fields`` where they differ from ``new``."""
        columns = self._engine_fields()
        return SQL(
            """
            UPDATE ar_followup_case AS own_case
               SET %(assignments)s,
                   closed_on = CASE WHEN new.state = 'closed'
                                    THEN COALESCE(closed_on, %(today)s) END
              FROM new
             WHERE own_case.id = new.id
               AND (%(old)s) IS DISTINCT FROM (%(new)s)
         RETURNING own_case.id
            """,
            assignments=SQL(", ").join(
                SQL("%s = new.%s", SQL.identifier(name), SQL.identifier(name))
                for name in columns
            ),
            old=SQL(", ").join(SQL.identifier("own_case", name) for name in columns),
            new=SQL(", ").join(SQL.identifier("new", name) for name in columns),
            today=today,
        )

    @api.model
    def _sql_update_history(self, company, today, run):
        """Close decisions that no longer hold and add the new ones."""
        return SQL(
            """
            kept AS (
                SELECT old.case_id
                  FROM ar_followup_decision old
                  JOIN new ON new.id = old.case_id
                 WHERE old.date_to IS NULL AND old.is_preview IS NOT TRUE
                   AND (old.action, old.reason, old.other_reasons)
                       IS NOT DISTINCT FROM
                       (new.action, new.reason, new.other_reasons)
                   -- once prepared, the step is no longer offered: the same decision
                   AND old.level_id IS NOT DISTINCT FROM
                       COALESCE(new.decision_level_id, CASE
                           WHEN new.reason IN ('remind', 'review') THEN old.level_id
                       END)
            ), closed AS (
                -- Each day has one row: the day of a contact keeps what led to it, and
                -- what was replaced on its first day covers no day any more.
                UPDATE ar_followup_decision AS old
                   SET date_to = CASE WHEN %(contacted)s THEN %(today)s
                                      ELSE GREATEST(date_from, %(today)s) - 1 END
                  FROM new
                  JOIN ar_followup_case own_case ON own_case.id = new.id
                 WHERE old.case_id = new.id
                   AND old.date_to IS NULL AND old.is_preview IS NOT TRUE
                   AND new.id NOT IN (SELECT case_id FROM kept)
             RETURNING old.case_id,
                       CASE WHEN %(contacted)s THEN %(today)s + 1
                            ELSE GREATEST(date_from, %(today)s) END AS next_from
            ), added AS (
                INSERT INTO ar_followup_decision
                       (run_id, is_preview, case_id, partner_id, company_id, action,
                        reason, other_reasons, level_id, next_date, amount_overdue,
                        date_from, create_uid, write_uid, create_date, write_date)
                SELECT %(run)s, FALSE, new.id, own_case.partner_id, %(company)s,
                       new.action, new.reason, new.other_reasons,
                       new.decision_level_id, new.next_date, new.amount_overdue,
                       COALESCE(closed.next_from, %(today)s),
                       %(author)s, %(author)s, %(now)s, %(now)s
                  FROM new
                  JOIN ar_followup_case own_case ON own_case.id = new.id
                  LEFT JOIN closed ON closed.case_id = new.id
                 WHERE new.id NOT IN (SELECT case_id FROM kept)
                 ORDER BY new.id
            )
            """,
            contacted=_sql_contacted(today),
            run=run.id if run else None,
            company=company.id,
            today=today,
            # an event has an author; for a run's rows it would be looked up for each
            author=None if run else self.env.uid,
            now=self.env.cr.now(),
        )


class ArFollowupRun(models.Model):
    _inherit = "ar.followup.run"

    def _record_preview(self, decided, names):
        """Store what would be decided; customers, items and cases stay untouched.

        :param names: dict item id → name of its invoice
        """
        factor = 10**self.company_id.currency_id.decimal_places
        self.env["ar.followup.decision"].create(
            [
                {
                    "run_id": self.id,
                    "is_preview": True,
                    "case_id": subject.case_id,
                    "partner_id": subject.partner_id,
                    "company_id": self.company_id.id,
                    "action": decision.action,
                    "reason": decision.reason,
                    "other_reasons": ",".join(decision.other_reasons) or False,
                    "level_id": decision.level,
                    "next_date": decision.next_date,
                    "date_from": self.date,
                    "date_to": self.date,
                    "amount_overdue": subject.debt.overdue / factor,
                    **self._message_vals(subject, decision, names),
                }
                for subject, decision in decided
            ]
        )

    def _message_vals(self, subject, decision, names):
        """What the message or call of a decision is about."""
        if not decision.climbs:
            return {}
        factor = 10**self.company_id.currency_id.decimal_places
        return {
            "amount_asked": asked_in_own(subject.facts, decision) / factor,
            "invoice_names": ", ".join(
                names[item] for item in decision.asked if item in names
            ),
        }


def _sql_contacted(today):
    """Whether the ``old`` decision led to a contact today."""
    return SQL(
        "(own_case.last_demand_date = %s AND old.date_from <= %s"
        " AND old.action IN ('remind', 'call', 'review'))",
        today,
        today,
    )


def _case_row(subject, decision, decimals):
    """One case's new values, as a JSON row of the set-based update."""
    return {
        "id": subject.case_id,
        "state": decision.state,
        "action": decision.action,
        "reason": decision.reason,
        "other_reasons": ",".join(decision.other_reasons) or None,
        "level_id": decision.standing,
        "next_date": decision.next_date,
        "next_level_id": decision.next_level,
        "amount_overdue": subject.debt.overdue / 10**decimals,
        "amount_open": subject.debt.total / 10**decimals,
        "date_oldest_due": subject.debt.oldest_due,
        "is_in_transit": any(subject.facts.in_transit.values()),
        "decision_level_id": decision.level,
    }

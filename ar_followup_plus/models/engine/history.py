from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..case.ar_followup_reminder import LIVE
from ..ledger.ageing import to_minor
from .values import Hold


class ArFollowupCase(models.Model):
    """Facts of the past: what people and the engine did, read set by set."""

    _inherit = "ar.followup.case"

    @api.model
    def _kin(self, company):
        """Ids of the companies that a customer takes for one: all under one root."""
        # sudo: of the other companies' customers, only the days of contact are read
        return (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", company.root_id.id)])
            .ids
        )

    @api.model
    def _case_rows(self, company, kin, partner_ids):
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT MAX(id) FILTER (WHERE company_id = %(company)s) AS id,
                       partner_id, MAX(last_demand_date) AS last_demand_date
                  FROM ar_followup_case
                 WHERE company_id = ANY(%(kin)s) AND partner_id = ANY(%(partners)s)
                 GROUP BY partner_id
                """,
                company=company.id,
                kin=kin,
                partners=list(partner_ids),
            )
        )
        return {row["partner_id"]: row for row in rows}

    @api.model
    def _contact_history(self, company, kin, today, partner_ids):
        """Days of the messages sent and the calls tried, by partner id."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH horizon AS (
                    SELECT %(today)s - 2 - COALESCE(
                               MAX(GREATEST(message_cap_days, call_cap_days)), 0
                           ) AS day
                      FROM ar_followup_policy
                )
                SELECT own_case.partner_id, past.what, array_agg(
                           (past.moment AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                       )
                  FROM ar_followup_case own_case
                 CROSS JOIN horizon
                 CROSS JOIN LATERAL (
                       SELECT 'written' AS what, date_sent AS moment
                         FROM ar_followup_reminder
                        WHERE case_id = own_case.id AND state = 'sent'
                          AND is_demand
                          AND date_sent > horizon.day
                        UNION ALL
                       SELECT 'called', date
                         FROM ar_contact_log entry
                        WHERE case_id = own_case.id AND date > horizon.day
                          AND channel = 'phone' AND direction = 'out'
                          AND outcome != 'wrong_number'  -- nobody was called
                          -- a call that was corrected is told by its correction
                          AND NOT EXISTS (
                              SELECT FROM ar_contact_log
                               WHERE correction_of_id = entry.id
                          )
                       ) past
                 WHERE own_case.partner_id = ANY(%(partners)s)
                   AND own_case.company_id = ANY(%(kin)s)
                 GROUP BY own_case.partner_id, past.what
                """,
                today=today,
                tz=str(company._ar_timezone()),
                partners=list(partner_ids),
                kin=kin,
            )
        )
        result = defaultdict(dict)
        for partner_id, what, days in rows:
            result[partner_id][what] = tuple(days)
        return result

    @api.model
    def _hold_facts(self, today, case_ids):
        holds = (
            self.env["ar.followup.hold"]
            .sudo()
            .search_fetch(
                Domain("case_id", "in", case_ids)
                & self.env["ar.followup.hold"]._current_domain(today),
                ["case_id", "item_id", "kind", "is_partial", "amount", "date_to"],
            )
        )
        result = defaultdict(tuple)
        for hold in holds:
            amount = None
            if hold.is_partial:
                decimals = hold.item_id.currency_id.decimal_places
                amount = to_minor(hold.amount, decimals)
            result[hold.case_id.id] += (
                Hold(hold.kind, hold.item_id.id or None, amount, hold.date_to or None),
            )
        return result

    @api.model
    def _reminder_facts(self, company, today, case_ids, ignored):
        """What the ladder sent, has on its way and what did not arrive, by case id.

        Sent reminders only matter as long as a level may look back at them.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH horizon AS (
                    SELECT %(today)s - 2 - COALESCE(
                               MAX(GREATEST(repeat_after_days, response_days)), 0
                           ) AS day
                      FROM ar_followup_level
                )
                SELECT case_id, state, level_id, date_answer,
                       (date_sent AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date,
                       despite_by_id IS NOT NULL, id
                  FROM ar_followup_reminder
                 WHERE case_id = ANY(%(case_ids)s)
                   AND kind = 'reminder'
                   AND (state != 'cancelled' OR text_pending)
                   AND (state != 'sent' OR date_sent > (SELECT day FROM horizon))
                   AND id != ALL(%(ignored)s)
                 UNION ALL
                SELECT case_id, 'called', level_id, NULL,
                       (date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date, FALSE, id
                  FROM ar_contact_log
                 WHERE case_id = ANY(%(case_ids)s)
                   AND level_id IS NOT NULL
                   AND date > (SELECT day FROM horizon)
                 UNION ALL
                -- levels that older debts had elsewhere, as told at the start
                SELECT case_id, 'called', level_id, NULL, level_date, FALSE, id
                  FROM ar_followup_item
                 WHERE case_id = ANY(%(case_ids)s)
                   AND is_released
                   AND level_date > (SELECT day FROM horizon)
                 ORDER BY id
                """,
                case_ids=case_ids,
                today=today,
                ignored=[reminder.id for reminder in ignored],
                tz=str(company._ar_timezone()),
            )
        )
        result = {}
        for case_id, state, level_id, date_answer, day, despite, _id in rows:
            facts = result.setdefault(case_id, {"sent": {}})
            if state in LIVE:
                facts.update(live=state, despite=despite)
            if state in ("called", "sent"):
                facts["sent"][level_id] = max(day, facts["sent"].get(level_id, day))
            if state == "sent":
                facts.update(undelivered="", answer_by=date_answer)
            elif state in ("failed", "bounced"):
                facts["undelivered"] = "send_failed" if state == "failed" else state
            elif state == "cancelled":
                facts["is_edited"] = True  # a person wrote a text: they see the next
        return result

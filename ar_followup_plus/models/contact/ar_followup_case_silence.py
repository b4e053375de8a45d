from odoo import models
from odoo.tools import SQL, format_date

from .ar_contact_log import CONVERSATIONS

#: what a customer who does not answer may be due for, or wait for
AFTER_SILENCE = ("call_open", "ladder_done", "remind", "review", "too_soon")


class ArFollowupCase(models.Model):
    """No answer is an answer: what is next follows from it, and says so."""

    _inherit = "ar.followup.case"

    def _decision_details(self):
        details = super()._decision_details()
        waiting = self.filtered(lambda case: case.reason in AFTER_SILENCE)
        for case_id, day in waiting._silent_since().items():
            details[case_id]["silence"] = format_date(
                self.env, day, date_format="medium"
            )
        return details

    def _silent_since(self):
        """Whose answer did not come in time: dict case id → by when it was asked for.

        Whoever wrote, talked to us or paid something since the last reminder was
        not silent.
        """
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT last.case_id, last.date_answer
                  FROM (SELECT DISTINCT ON (case_id)
                               id, case_id, date_answer, date_sent
                          FROM ar_followup_reminder
                         WHERE case_id = ANY(%(cases)s)
                           AND kind = 'reminder' AND state = 'sent'
                         ORDER BY case_id, date_sent DESC, id DESC) last
                 WHERE last.date_answer IS NOT NULL
                   AND NOT EXISTS (
                       SELECT 1 FROM ar_contact_log contact
                        WHERE contact.case_id = last.case_id
                          AND contact.date > last.date_sent
                          AND (contact.direction = 'in'
                               OR contact.outcome = ANY(%(conversations)s)))
                   AND NOT EXISTS (
                       SELECT 1 FROM ar_followup_reminder_line line
                         JOIN ar_followup_item item ON item.id = line.item_id
                         LEFT JOIN account_move_line debt
                           ON debt.id = item.move_line_id
                        WHERE line.reminder_id = last.id
                          AND debt.amount_residual_currency
                              IS DISTINCT FROM line.amount_residual)
                """,
                cases=self._origin.ids,
                conversations=list(CONVERSATIONS),
            )
        )
        company = {case._origin.id: case.company_id for case in self}
        today = {own: own._ar_today() for own in self.company_id}
        return {id_: day for id_, day in rows if day < today[company[id_]]}

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..case.ar_followup_case_score import ScorePart
from .ar_contact_log import CONVERSATIONS

_lt = LazyTranslate(__name__)

# As fast as age, but for half as long: after a month and a half of silence, writing
# once more is not what helps, and the level says so by then.
DAYS_PER_SILENCE_POINT = 3
MOST_SILENCE_POINTS = 15
# nobody was there to hear it
UNHEARD = ("bounced", "wrong_number")


class ArFollowupCase(models.Model):
    """Who says nothing comes before who talks with us."""

    _inherit = "ar.followup.case"

    @api.depends("contact_log_ids")
    def _compute_score(self):
        return super()._compute_score()

    def _score_parts(self, alias, query):
        return [
            *super()._score_parts(alias, query),
            self._score_of_silence(alias, query),
        ]

    def _score_of_silence(self, alias, query):
        """Days since they said something, or since we first wrote or called.

        Only what was said since the follow-up of the present debts began counts, and
        nothing that was corrected since.
        """
        days = SQL(
            """COALESCE((
                SELECT GREATEST(%(today)s - COALESCE(
                           MAX(said.date) FILTER (WHERE said.direction = 'in'
                               OR said.outcome = ANY(%(conversations)s)),
                           MIN(said.date))::date, 0)
                  FROM ar_contact_log said
                 WHERE said.case_id = %(case)s
                   AND said.date >= COALESCE(%(opened)s, '-infinity')
                   AND said.outcome != ALL(%(unheard)s)
                   AND said.id NOT IN (SELECT correction_of_id FROM ar_contact_log
                                        WHERE correction_of_id IS NOT NULL)
            ), 0)""",
            today=self._score_today(alias, query),
            conversations=list(CONVERSATIONS),
            case=SQL.identifier(alias, "id"),
            opened=self._field_to_sql(alias, "opened_on", query),
            unheard=list(UNHEARD),
            to_flush=(
                self.env["ar.contact.log"]._fields[name]
                for name in ("date", "direction", "outcome", "correction_of_id")
            ),
        )
        return ScorePart(
            _lt("Days of silence"),
            days,
            SQL(
                "LEAST(%s / %s, %s)", days, DAYS_PER_SILENCE_POINT, MOST_SILENCE_POINTS
            ),
            lambda _case, measure: str(measure),
        )

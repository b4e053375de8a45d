from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..case.ar_followup_case_score import ScorePart

_lt = LazyTranslate(__name__)

# One broken promise is worth a month of age, and from the second on a customer's word
# says little: more of them would only hide how much is owed.
POINTS_PER_BROKEN_PROMISE = 10
MOST_BROKEN_POINTS = 20
# what was broken longer ago is forgotten
DAYS_REMEMBERED = 365


class ArFollowupCase(models.Model):
    """Who did not pay as promised comes before who did."""

    _inherit = "ar.followup.case"

    def _score_parts(self, alias, query):
        parts = super()._score_parts(alias, query)
        return [*parts, self._score_of_broken_promises(alias, query)]

    def _score_of_broken_promises(self, alias, query):
        fields = self.env["ar.payment.promise"]._fields
        broken = SQL(
            """(SELECT COUNT(*)::int FROM ar_payment_promise promise
                 WHERE promise.case_id = %(case)s AND promise.state = 'broken'
                   AND promise.date_promised > %(today)s - %(days)s)""",
            case=SQL.identifier(alias, "id"),
            today=self._score_today(alias, query),
            days=DAYS_REMEMBERED,
            to_flush=(fields[name] for name in ("case_id", "state", "date_promised")),
        )
        return ScorePart(
            _lt("Broken promises"),
            broken,
            SQL(
                "LEAST(%s * %s, %s)",
                broken,
                POINTS_PER_BROKEN_PROMISE,
                MOST_BROKEN_POINTS,
            ),
            lambda _case, measure: str(measure),
        )

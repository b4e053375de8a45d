from collections.abc import Callable
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..policy.tones import TONES

_lt = LazyTranslate(__name__)

# Ten times the money weighs as much as a month of age: 1,000 is 30, 10,000 is 40. As
# a logarithm, it ranks the same in every currency, however small its unit is.
POINTS_PER_POWER_OF_TEN = 10
# Old debts are paid more seldom: ten points a month, until with three months the last
# age begins. From then on a debt does not come to weigh more than any amount.
DAYS_PER_AGE_POINT = 3
MOST_AGE_POINTS = 30
# Courtesy 0, friendly 5, firm 10, final 15: less than the age that leads there.
POINTS_PER_TONE = 5


class ScorePart(NamedTuple):
    """One reason why a customer comes before others.

    :param label: lazily translated: what is measured
    :param measure: SQL of a number, 0 when there is nothing to measure
    :param points: SQL of a whole number, which counts
    :param told: (case, measure) → the measure as people read it
    """

    label: str
    measure: SQL
    points: SQL
    told: Callable


class ArFollowupCase(models.Model):
    """Who comes first within a lane: a sum whose parts can be read.

    It changes by the day, also for whom nothing happens, so it is never stored: the
    database adds it up, for the order of the list as for the page.
    """

    _inherit = "ar.followup.case"

    score = fields.Integer(
        compute="_compute_score",
        aggregator=None,
        help="Who comes first: the more money, the older the debt, the further the "
        "reminders and the longer the silence, the higher.",
    )
    score_parts = fields.Json(string="Made Up Of", compute="_compute_score")

    @api.depends("amount_overdue", "date_oldest_due", "level_id")
    @api.depends_context("lang")
    def _compute_score(self):
        scores = self._read_score()
        for case in self:
            rows = scores.get(case._origin.id, [])
            case.score = sum(row["points"] for row in rows)
            case.score_parts = rows or False

    def _read_score(self):
        """The parts that count, of many cases by one query.

        :return: dict case id → list of dicts label, told and points
        """
        query = self._origin._as_query(ordered=False)
        parts = self._score_parts(query.table, query)
        columns = [column for part in parts for column in (part.measure, part.points)]
        rows = self.env.execute_query(
            query.select(SQL.identifier(query.table, "id"), *columns)
        )
        cases = {case.id: case for case in self._origin}
        result = {}
        for case_id, *values in rows:
            result[case_id] = [
                {
                    "label": self.env._(part.label),
                    "told": part.told(cases[case_id], measure),
                    "points": points,
                }
                for part, measure, points in zip(
                    parts, values[::2], values[1::2], strict=True
                )
                if points
            ]
        return result

    def _score_parts(self, alias, query):
        """What the score of the cases in ``alias`` is added up from.

        A hook: each room adds its own.

        :return: list of :class:`ScorePart`, in the order in which they are read
        """
        return [
            self._score_of_amount(alias, query),
            self._score_of_age(alias, query),
            self._score_of_level(alias, query),
        ]

    def _score_of_amount(self, alias, query):
        amount = self._field_to_sql(alias, "amount_overdue", query)
        return ScorePart(
            _lt("Overdue"),
            amount,
            SQL(
                "ROUND(%s * LOG(GREATEST(%s, 1)::float))::int",
                POINTS_PER_POWER_OF_TEN,
                amount,
            ),
            lambda case, measure: case.currency_id.format(measure),
        )

    def _score_of_age(self, alias, query):
        days = SQL(
            "COALESCE(GREATEST(%s - %s, 0), 0)",
            self._score_today(alias, query),
            self._field_to_sql(alias, "date_oldest_due", query),
        )
        return ScorePart(
            _lt("Days overdue"),
            days,
            SQL("LEAST(%s / %s, %s)", days, DAYS_PER_AGE_POINT, MOST_AGE_POINTS),
            lambda _case, measure: str(measure),
        )

    def _score_of_level(self, alias, query):
        place = SQL(
            "COALESCE((SELECT array_position(%s::varchar[], score_level.tone) - 1"
            " FROM ar_followup_level score_level WHERE score_level.id = %s), 0)",
            list(TONES),
            self._field_to_sql(alias, "level_id", query),
            to_flush=self.env["ar.followup.level"]._fields["tone"],
        )
        return ScorePart(
            _lt("Level reached"),
            place,
            SQL("%s * %s", POINTS_PER_TONE, place),
            # sudo: a level's name, also of a hidden policy
            lambda case, _measure: case.sudo().level_id.name,
        )

    def _score_today(self, alias, query):
        """Today on the clock of each case's company, as SQL."""
        companies = self.env.companies | self.company_id
        days = [
            SQL("WHEN %s THEN %s", company.id, company._ar_today())
            for company in companies
        ]
        return SQL(
            "CASE %s %s ELSE %s END",
            self._field_to_sql(alias, "company_id", query),
            SQL(" ").join(days),
            fields.Date.today(),
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "score":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        points = [part.points for part in self._score_parts(alias, query)]
        return SQL("(%s) %s %s", SQL(" + ").join(points), direction, nulls)

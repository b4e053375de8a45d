from itertools import pairwise

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..ledger.ageing import to_minor
from . import schedule

_lt = LazyTranslate(__name__)

MOST_YEARS = 10  # what is longer was mistyped
MOST_LINES = 12 * MOST_YEARS
# why there is no schedule, for whoever types the figures
SCHEDULE_ERRORS = {
    "no_total": _lt("Choose at least one open invoice: there is nothing to split."),
    "no_parts": _lt("Enter at least one instalment."),
    "no_first": _lt("Enter the day of the first instalment."),
    "down_negative": _lt("The down payment cannot be negative."),
    "down_too_large": _lt(
        "The down payment leaves nothing for the instalments: make it smaller."
    ),
    "too_many_parts": _lt(
        "With so many instalments, one would be zero: enter fewer of them."
    ),
    "too_many": _lt(
        "A plan has at most %(most)s instalments: enter fewer, further apart."
    ),
    "no_interval": _lt(
        "From one instalment to the next it takes at least one week or month."
    ),
    "too_far": _lt("The last instalment lies too far in the future."),
}


class ArPaymentPlan(models.Model):
    """The schedule: it follows its figures, and may then be edited by hand."""

    _inherit = "ar.payment.plan"

    is_half_now = fields.Boolean(
        string="Half Now, Half Next Month",
        compute="_compute_is_half_now",
        readonly=False,
        help="Two equal parts: one today, one in a month.",
    )
    schedule_hint = fields.Text(
        string="To Be Put Right",
        compute="_compute_schedule_hint",
        help="What keeps the plan from being submitted as it is typed now.",
    )

    @api.depends(
        "amount_total",
        "date_first",
        "down_payment",
        "installment_count",
        "interval_count",
        "interval_unit",
    )
    def _compute_line_ids(self):
        """The schedule follows its figures; lines may then be edited by hand."""
        for plan in self:
            if plan.state != "draft":
                plan.line_ids = plan.line_ids
                continue
            plan.line_ids = [
                Command.clear(),
                *(
                    Command.create({"date_due": day, "amount": amount})
                    for day, amount in plan._scheduled()
                ),
            ]

    def _scheduled(self):
        """The instalments that the figures ask for: list of (day, amount).

        :return: an empty list while the figures give no schedule
        """
        self.ensure_one()
        try:
            parts, days = self._parts_and_days()
        except schedule.ScheduleError:
            return []
        factor = 10**self.currency_id.decimal_places
        return [(day, part / factor) for part, day in zip(parts, days, strict=True)]

    def _parts_and_days(self):
        """Amounts in minor units, and days, as the figures ask for them.

        :raises schedule.ScheduleError: when they give no schedule
        """
        if not self.date_first:
            raise schedule.ScheduleError("no_first")
        if self.installment_count > MOST_LINES:
            raise schedule.ScheduleError("too_many")
        decimals = self.currency_id.decimal_places
        parts = schedule.split(
            to_minor(self.amount_total, decimals),
            self.installment_count,
            to_minor(self.down_payment, decimals),
        )
        # sudo: the policy may be hidden from the user
        off_weekends = self.sudo().case_id.policy_id.plan_off_weekends
        days = schedule.dates(
            self.date_first,
            len(parts),
            self.interval_count,
            self.interval_unit,
            closed=schedule.WEEKEND if off_weekends else (),
        )
        return parts, days

    def action_generate_lines(self):
        """Button: the schedule anew from the figures and from what is open now.

        :raises UserError: when a plan is no draft any more
        """
        for plan in self:
            plan._check_can_change()
        self._set_requester()
        self.env.add_to_compute(self._fields["amount_total"], self)
        self.env.add_to_compute(self._fields["line_ids"], self)
        return True

    # half now, half next month ---------------------------------------------------

    @api.depends(
        "date_first",
        "down_payment",
        "installment_count",
        "interval_count",
        "interval_unit",
    )
    def _compute_is_half_now(self):
        for plan in self:
            plan.is_half_now = plan._is_half_now()

    @api.onchange("is_half_now")
    def _onchange_is_half_now(self):
        """One click for the figures, and another one back."""
        if self.is_half_now:
            self.update(self._half_now())
        elif self._is_half_now():
            first = self.with_company(self.company_id)._default_date_first()
            self.update({"date_first": first, "installment_count": 3})

    def _is_half_now(self):
        return all(self[name] == value for name, value in self._half_now().items())

    def _half_now(self):
        return {
            "installment_count": 2,
            "interval_count": 1,
            "interval_unit": "month",
            "date_first": self._today(),
            "down_payment": 0.0,
        }

    # what is wrong with it ---------------------------------------------------------

    @api.depends(
        "amount_total",
        "date_first",
        "down_payment",
        "installment_count",
        "interval_count",
        "interval_unit",
        "line_ids.amount",
        "line_ids.date_due",
        "state",
    )
    @api.depends_context("lang")
    def _compute_schedule_hint(self):
        for plan in self:
            problems = plan._schedule_problems() if plan.state == "draft" else ()
            plan.schedule_hint = "\n".join(problems)

    def _schedule_problems(self):
        """What keeps the schedule from being proposed: a list of sentences."""
        self.ensure_one()
        if not self.line_ids:
            return [self._why_no_schedule()]
        problems = [self._amount_problem(), self._date_problem()]
        return [problem for problem in problems if problem]

    def _why_no_schedule(self):
        try:
            self._parts_and_days()
        except schedule.ScheduleError as error:
            sentence = self.env._(SCHEDULE_ERRORS[error.code])
            return sentence % {"most": MOST_LINES}
        return self.env._("Enter at least one instalment, or have them calculated.")

    def _amount_problem(self):
        """How the instalments differ from what is planned, to the cent."""
        money = self.currency_id.format
        decimals = self.currency_id.decimal_places
        parts = [to_minor(line.amount, decimals) for line in self.line_ids]
        if min(parts) <= 0:
            return self.env._("Each instalment has to be above zero.")
        missing = to_minor(self.amount_total, decimals) - sum(parts)
        figures = {
            "sum": money(sum(parts) / 10**decimals),
            "total": money(self.amount_total),
            "difference": money(abs(missing) / 10**decimals),
        }
        if missing > 0:
            return self.env._(
                "The instalments add up to %(sum)s, but the plan is about %(total)s: "
                "%(difference)s is missing.",
                **figures,
            )
        if missing < 0:
            return self.env._(
                "The instalments add up to %(sum)s, but the plan is about %(total)s: "
                "%(difference)s is too much.",
                **figures,
            )
        return ""

    def _date_problem(self):
        days = self.line_ids.mapped("date_due")
        if not all(days):
            return self.env._("Each instalment needs its day.")

        def in_words(day):
            return format_date(self.env, day, date_format="long")

        for before, after in pairwise(days):
            if after <= before:
                return self.env._(
                    "The days have to follow one another: %(after)s comes right after "
                    "%(before)s.",
                    after=in_words(after),
                    before=in_words(before),
                )
        if days[0] < self._today():
            return self.env._(
                "The first instalment would have been due on %(day)s: choose a day "
                "that is still to come.",
                day=in_words(days[0]),
            )
        if days[-1] > self._today() + relativedelta(years=MOST_YEARS):
            error = SCHEDULE_ERRORS["too_far"]
            return self.env._(error)
        return ""

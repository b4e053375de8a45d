"""How a debt is split into instalments, and on which days they are due (pure).

Amounts are integers in the minor unit of one currency (cents for euro), so that a
split always adds up. Nothing here knows of Odoo.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

#: Days of the week on which nothing falls due when a plan keeps off weekends.
WEEKEND = frozenset({5, 6})
#: The units of an interval, as ``relativedelta`` calls them.
UNITS = {"week": "weeks", "month": "months"}


class ScheduleError(ValueError):
    """A schedule that cannot be; ``code`` says why, for the caller to put in words.

    - ``no_total``: there is nothing to split
    - ``no_parts``: less than one instalment
    - ``down_negative``: the down payment is below zero
    - ``down_too_large``: the down payment leaves nothing for the instalments
    - ``too_many_parts``: an instalment would be zero
    - ``no_interval``: less than one week or month from one date to the next
    - ``too_far``: a date lies beyond the calendar's end
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def split(total: int, count: int, down: int = 0) -> list[int]:
    """Split a debt into equal instalments; the last takes the rounding.

    :param total: what is owed, minor units
    :param count: the number of instalments, the down payment not counted
    :param down: the down payment, minor units; 0: none
    :return: the down payment if there is one, then the instalments; each is above
        zero, their sum is ``total``
    :raise ScheduleError: when that is not possible
    """
    rest = total - down
    if total < 1:
        raise ScheduleError("no_total")
    if count < 1:
        raise ScheduleError("no_parts")
    if down < 0:
        raise ScheduleError("down_negative")
    if rest < 1:
        raise ScheduleError("down_too_large")
    if rest < count:
        raise ScheduleError("too_many_parts")
    each = rest // count
    parts = [each] * (count - 1) + [rest - each * (count - 1)]
    return [down, *parts] if down else parts


def dates(first: date, count: int, interval: int, unit: str, closed=()) -> list[date]:
    """The days on which so many payments are due, one strictly after the other.

    Each is counted from ``first``, so that a short month does not draw the later ones
    forward: 30 January, 28 February, 30 March. When ``first`` is the last day of its
    month, all are: 28 February, 31 March.

    :param interval: so many weeks or months from one to the next
    :param unit: ``week`` or ``month``
    :param closed: days of the week (Monday is 0), not all seven, on which nothing
        falls due: what would moves to the next other day
    :raise ScheduleError: when that is not possible
    """
    if count < 1:
        raise ScheduleError("no_parts")
    if interval < 1:
        raise ScheduleError("no_interval")
    end_of_month = {"day": 31} if unit == "month" and _ends_month(first) else {}
    try:
        return [
            _open_day(
                first
                + relativedelta(**{UNITS[unit]: number * interval}, **end_of_month),
                closed,
            )
            for number in range(count)
        ]
    except (OverflowError, ValueError) as error:
        raise ScheduleError("too_far") from error


def _ends_month(day: date) -> bool:
    """Whether it is the last day of its month: one day on, another month begins."""
    return (day + timedelta(days=1)).day == 1


def _open_day(day: date, closed) -> date:
    """``day``, or the next one after it on an open day of the week."""
    while day.weekday() in closed:
        day += timedelta(days=1)
    return day

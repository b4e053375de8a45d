"""When the next demand may reach a customer (pure).

A *demand* asks for something (reminder, courtesy note, call); an *answer*
(receipt, recap, statement asked for) always goes and is not governed.

Days are dates in the company's time zone.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple


class Cap(NamedTuple):
    """At most so many demands in so many days, today among them; 0: no cap."""

    most: int = 0
    days: int = 0

    def first_day_below(self, past) -> date | None:
        """The first day on which one more demand keeps within the cap.

        :param past: days of the demands made so far, in any order
        :return: None when there were too few to matter
        """
        if not self.most or len(past) < self.most:
            return None
        return sorted(past)[-self.most] + timedelta(days=self.days)


NO_CAP = Cap()


def first_open_day(day: date, closed) -> date:
    """``day``, or the next one after it on which customers may be asked.

    :param closed: the dates on which nobody is asked
    """
    while day in closed:
        day += timedelta(days=1)
    return day


def first_day_after_gap(last_demand: date | None, min_gap_days: int) -> date | None:
    """The first day a new demand may go out after the last one.

    :param last_demand: day of the last demand or conversation, if any
    :param min_gap_days: days that must lie between two demands
    """
    if last_demand is None:
        return None
    return last_demand + timedelta(days=min_gap_days)


def first_day_after_answer(answer_by: date | None) -> date | None:
    """The first day after the one by which we asked the customer to answer."""
    if answer_by is None:
        return None
    return answer_by + timedelta(days=1)


def first_slot(moment: datetime, hours: tuple[int, int], closed) -> datetime:
    """The first moment from ``moment`` on at which a demand may leave.

    :param moment: on the customer's clock, with its time zone
    :param hours: from and until which hour of the day, the second not included
    :param closed: the dates on which nobody is asked
    """
    opens, closes = hours
    day = moment.date()
    if moment.hour >= closes:
        day += timedelta(days=1)
    day = first_open_day(day, closed)
    if day == moment.date() and moment.hour >= opens:
        return moment
    return datetime.combine(day, time(opens), moment.tzinfo)

"""The schedule of a payment plan: amounts that add up, days in order (pure).

Each property is shown to notice a schedule that is made wrong in one respect.
"""

from datetime import date, timedelta
from random import Random

from dateutil.relativedelta import relativedelta
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..models.agreement.schedule import WEEKEND, ScheduleError, dates, split

steady = settings(deadline=None, derandomize=True, database=None)
#: Without shrinking: to have met one is enough.
searching = settings(
    steady, max_examples=1000, derandomize=False, phases=[Phase.generate]
)


@st.composite
def debts(draw):
    """(total, count, down) of a debt that can be split."""
    count = draw(st.integers(1, 120))
    rest = draw(st.integers(count, count + 10**9))
    down = draw(st.just(0) | st.integers(1, 10**9))
    return rest + down, count, down


#: Ends of months are met often: they are what goes wrong.
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
days |= days.map(lambda day: day + relativedelta(day=31))
calendars = st.tuples(
    days, st.integers(1, 60), st.integers(1, 5), st.sampled_from(("week", "month"))
)


def next_day(day):
    return day + timedelta(days=1)


# what always holds -------------------------------------------------------------------


def adds_up(debt, split):
    return sum(split(*debt)) == debt[0]


def asks_for_something_each_time(debt, split):
    return min(split(*debt)) > 0


def is_equal_but_for_the_rounding(debt, split):
    _total, count, down = debt
    *parts, last = split(*debt)[bool(down) :]
    return all(part == parts[0] <= last < parts[0] + count for part in parts)


def begins_with_the_down_payment(debt, split):
    total, count, down = debt
    parts = split(total, count, down)
    return len(parts) == count + bool(down) and (not down or parts[0] == down)


def rises(calendar, dates):
    made = dates(*calendar, closed=WEEKEND)
    return all(a < b for a, b in zip(made, made[1:], strict=False))


def keeps_ends_of_months(calendar, dates):
    first, *_count_and_interval, unit = calendar
    if unit != "month" or next_day(first).day != 1:
        return True
    return all(next_day(day).day == 1 for day in dates(*calendar))


def keeps_the_day_of_the_month(calendar, dates):
    """Where the month has that day; else its last one."""
    first, *_count_and_interval, unit = calendar
    if unit != "month" or next_day(first).day == 1:
        return True
    return all(
        day.day == min(first.day, (day + relativedelta(day=31)).day)
        for day in dates(*calendar)
    )


def keeps_the_day_of_the_week(calendar, dates):
    first, _count, interval, unit = calendar
    if unit != "week":
        return True
    return all(
        (day - first).days == 7 * interval * number
        for number, day in enumerate(dates(*calendar))
    )


def is_regular(calendar, dates):
    """One in each month that is its turn, from the first on."""
    first, count, interval, unit = calendar
    if unit != "month":
        return True
    months = [day.year * 12 + day.month for day in dates(*calendar)]
    start = first.year * 12 + first.month
    return months == [start + interval * number for number in range(count)]


def keeps_off_weekends(calendar, dates):
    """Moved to the next Monday, and only what fell on a weekend."""
    moved = dates(*calendar, closed=WEEKEND)
    for day, now in zip(dates(*calendar), moved, strict=True):
        if now != day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0)):
            return False
    return all(day.weekday() < 5 for day in moved)


# schedules made wrong ----------------------------------------------------------------


def drops_the_rounding(total, count, down=0):
    each = (total - down) // count
    return ([down] if down else []) + [each] * count


def rounds_up(total, count, down=0):
    each = -(-(total - down) // count)
    last = total - down - each * (count - 1)
    return ([down] if down else []) + [each] * (count - 1) + [last]


def spreads_unevenly(total, count, down=0):
    parts = [1] * (count - 1)
    return ([down] if down else []) + parts + [total - down - sum(parts)]


def forgets_the_down_payment(total, count, down=0):
    return split(total, count)


def step_by_step(first, count, interval, unit, closed=()):
    """From the one before: what a short month cut off stays cut off."""
    made = [first]
    while len(made) < count:
        made.append(made[-1] + relativedelta(**{unit + "s": interval}))
    return made


def from_the_first(first, count, interval, unit, closed=()):
    step = {unit + "s": interval}
    return [first + relativedelta(**step) * number for number in range(count)]


def into_the_next_month(first, count, interval, unit, closed=()):
    """What a month does not have falls into the next one."""
    made = dates(first.replace(day=1), count, interval, unit)
    return [day + timedelta(days=first.day - 1) for day in made]


def stands_still(first, count, interval, unit, closed=()):
    return [first] * count


def back_to_friday(first, count, interval, unit, closed=()):
    return [
        day - timedelta(days=max(day.weekday() - 4, 0)) if closed else day
        for day in dates(first, count, interval, unit)
    ]


def every_four_weeks(first, count, interval, unit, closed=()):
    weeks = {"week": 1, "month": 4}[unit]
    return dates(first, count, interval * weeks, "week", closed)


def always_ends_of_months(first, count, interval, unit, closed=()):
    """As the last day of the month, whatever the first one was."""
    return [
        day + relativedelta(day=31)
        for day in from_the_first(first, count, interval, unit)
    ]


SPLITS = {
    adds_up: drops_the_rounding,
    asks_for_something_each_time: rounds_up,
    is_equal_but_for_the_rounding: spreads_unevenly,
    begins_with_the_down_payment: forgets_the_down_payment,
}
CALENDARS = {
    rises: stands_still,
    keeps_ends_of_months: from_the_first,
    keeps_the_day_of_the_month: step_by_step,
    keeps_the_day_of_the_week: always_ends_of_months,
    is_regular: into_the_next_month,
    keeps_off_weekends: back_to_friday,
}


class TestSplit(BaseCase):
    def test_the_last_takes_the_rounding(self):
        self.assertEqual(split(10000, 3), [3333, 3333, 3334])
        self.assertEqual(split(10000, 3, 4000), [4000, 2000, 2000, 2000])
        self.assertEqual(split(100, 1), [100])
        self.assertEqual(split(3, 3), [1, 1, 1])

    @steady
    @given(debts())
    def test_whatever_is_split(self, debt):
        for holds in SPLITS:
            self.assertTrue(holds(debt, split), holds.__name__)

    def test_each_property_notices_a_wrong_split(self):
        for holds, wrong in SPLITS.items():
            with self.subTest(holds.__name__):
                # raises NoSuchExample when none is met
                find(
                    debts(),
                    lambda debt, holds=holds, wrong=wrong: not holds(debt, wrong),
                    settings=searching,
                    random=Random(1),
                )

    def test_what_cannot_be_split(self):
        for code, *debt in (
            ("no_total", 0, 1),
            ("no_total", -500, 2),
            ("no_parts", 100, 0),
            ("no_parts", 100, -1),
            ("down_negative", 100, 2, -1),
            ("down_too_large", 100, 2, 100),
            ("down_too_large", 100, 2, 101),
            ("too_many_parts", 2, 3),
            ("too_many_parts", 100, 3, 98),
        ):
            with self.subTest(debt), self.assertRaises(ScheduleError) as caught:
                split(*debt)
            self.assertEqual(caught.exception.code, code)


class TestDates(BaseCase):
    def test_ends_of_months(self):
        """Also in a leap year, and when the first month is a short one."""
        self.assertEqual(
            dates(date(2026, 1, 31), 4, 1, "month"),
            [date(2026, *day) for day in ((1, 31), (2, 28), (3, 31), (4, 30))],
        )
        self.assertEqual(
            dates(date(2027, 11, 30), 3, 3, "month"),
            [date(2027, 11, 30), date(2028, 2, 29), date(2028, 5, 31)],
        )
        self.assertEqual(
            dates(date(2026, 2, 28), 2, 1, "month"),
            [date(2026, 2, 28), date(2026, 3, 31)],
        )

    def test_not_the_end_of_a_month(self):
        """The 28th of February is none in a leap year; nor is the 30th of January."""
        self.assertEqual(
            dates(date(2028, 2, 28), 2, 1, "month"),
            [date(2028, 2, 28), date(2028, 3, 28)],
        )
        self.assertEqual(
            dates(date(2026, 1, 30), 3, 1, "month"),
            [date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 30)],
        )

    def test_off_weekends(self):
        """Saturday the 31st of January waits for Monday; the later ones don't."""
        self.assertEqual(
            dates(date(2026, 1, 31), 3, 1, "month", closed=WEEKEND),
            [date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 31)],
        )
        self.assertEqual(
            dates(date(2026, 1, 30), 2, 2, "week", closed=WEEKEND),
            [date(2026, 1, 30), date(2026, 2, 13)],
        )

    @steady
    @given(calendars)
    def test_whatever_the_calendar(self, calendar):
        for holds in CALENDARS:
            self.assertTrue(holds(calendar, dates), holds.__name__)

    def test_each_property_notices_wrong_dates(self):
        for holds, wrong in [*CALENDARS.items(), (is_regular, every_four_weeks)]:
            with self.subTest(holds.__name__):
                find(
                    calendars,
                    lambda one, holds=holds, wrong=wrong: not holds(one, wrong),
                    settings=searching,
                    random=Random(1),
                )

    def test_what_has_no_dates(self):
        day = date(2026, 1, 31)
        for code, *calendar in (
            ("no_parts", day, 0, 1, "month"),
            ("no_interval", day, 3, 0, "month"),
            ("no_interval", day, 3, -1, "week"),
            ("too_far", day, 10**6, 1, "month"),
            ("too_far", day, 2, 10**12, "week"),
        ):
            with self.subTest(calendar), self.assertRaises(ScheduleError) as caught:
                dates(*calendar)
            self.assertEqual(caught.exception.code, code)

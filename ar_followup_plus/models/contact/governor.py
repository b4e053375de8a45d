"""When the next demand may reach a customer (pure).

A *demand* asks for something (reminder, courtesy note, call); an *answer*
(receipt, recap, statement asked for) always goes and is not governed.
"""

from datetime import date, timedelta


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

"""What a reminder says about amounts and days (pure)."""

from datetime import date, timedelta


def totals_per_currency(lines):
    """One total per currency: sums never mix currencies.

    :param lines: iterable of (currency key, amount in minor units)
    :return: dict currency key → total in minor units, in order of appearance
    """
    totals = {}
    for currency, amount in lines:
        totals[currency] = totals.get(currency, 0) + amount
    return totals


def answer_day(sent: date, response_days: int) -> date | None:
    """The day by which we ask for an answer; None when none is expected."""
    return sent + timedelta(days=response_days) if response_days else None

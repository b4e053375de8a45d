"""What is owed, and since when (pure).

Amounts are integers in the minor unit of one currency (cents for euro), so
that a split always adds up. Nothing here knows of Odoo.
"""

from datetime import date

#: Days overdue at which a debt enters the next age; before the first it is not due.
AGES = (1, 31, 61, 91)


def is_overdue(due: date, today: date) -> bool:
    """Whether a debt due on ``due`` is overdue on ``today``: from the day after."""
    return due < today


def days_overdue(due: date, today: date) -> int:
    """Whole days since the due date; 0 when not yet overdue."""
    return max((today - due).days, 0)


def age(due: date, today: date) -> int:
    """The age of a debt: 0 while it is not due, n from ``AGES[n - 1]`` days on."""
    late = days_overdue(due, today)
    return sum(late >= start for start in AGES)


def cover_oldest_first(amounts, credit: int):
    """Set a credit against debts in the order given (oldest due first).

    :param amounts: what each debt asks for, minor units, one currency
    :param credit: the amount available, minor units, not negative
    :return: list of the part of each debt the credit covers, in the same order;
        their sum is ``min(credit, sum(amounts))``
    """
    covered = []
    for amount in amounts:
        part = min(max(amount, 0), credit)
        credit -= part
        covered.append(part)
    return covered


def to_minor(amount: float, decimals: int) -> int:
    """A monetary amount in minor units of a currency with ``decimals`` decimals."""
    return round(amount * 10**decimals)

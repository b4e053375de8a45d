"""Whether a plan is kept, from plain facts (pure).

Amounts are integers in the minor unit of the plan's currency; days are dates on the
company's clock.
"""

from datetime import date, timedelta
from typing import NamedTuple

from ..ledger.ageing import cover_oldest_first


class Terms(NamedTuple):
    """What was agreed on instalments that come late.

    :param tolerance_days: so many days after its day an instalment is not yet late
    :param tolerance: so much may be missing of it, minor units
    :param grace_days: so many days after its day it breaks the plan
    :param agreed: when it was agreed; what was to be paid before counts from that day
    """

    tolerance_days: int = 0
    tolerance: int = 0
    grace_days: int = 0
    agreed: date = date.min


def fill(amounts, paid: int):
    """What has been paid of each instalment, filled in order.

    :param amounts: the instalments, minor units, in the order of their days
    :param paid: all that was paid so far, minor units
    """
    return cover_oldest_first(amounts, max(paid, 0))


def open_part(covered: int, residual: int, disputed: int = 0) -> int:
    """What is still open of the part of an invoice that a plan covers.

    :param covered: the part the plan covers, minor units
    :param residual: what is open of the whole invoice now
    :param disputed: the part of it that is disputed now, and not asked for
    """
    return min(covered, max(residual - disputed, 0))


def status(amount: int, paid: int, due: date, today: date, terms: Terms) -> str:
    """How an instalment stands on ``today``.

    :return: ``paid``, ``late``, ``partial``, ``due`` or ``scheduled``
    """
    if paid >= amount:
        return "paid"
    if is_late(amount, paid, due, today, terms):
        return "late"
    if paid:
        return "partial"
    return "due" if due <= today else "scheduled"


def is_late(amount: int, paid: int, due: date, today: date, terms: Terms) -> bool:
    """Whether more than tolerated is missing, longer than tolerated."""
    last_day = _days_after(due, terms.tolerance_days, terms)
    return today > last_day and amount - paid > terms.tolerance


def is_broken(amount: int, paid: int, due: date, today: date, terms: Terms) -> bool:
    """Whether an instalment is late beyond its grace, so that the plan is broken."""
    last_day = _days_after(due, terms.grace_days, terms)
    return today > last_day and is_late(amount, paid, due, today, terms)


def _days_after(due, days, terms):
    """So many days after the day of an instalment; nobody is late before they agree."""
    return max(due, terms.agreed) + timedelta(days=days)


class Instalment(NamedTuple):
    """One instalment as the books have it; amounts in minor units.

    :param paid: what its invoices have got of it
    :param arrived: what came in for it and is not matched with an invoice yet
    """

    due: date
    amount: int
    paid: int = 0
    arrived: int = 0


def verdict(instalments, today: date, terms: Terms) -> str:
    """How a plan stands on ``today``.

    Money that has arrived keeps a plan from being late; only what is matched with
    its invoices pays it. What is tolerated does not keep it open for ever.

    :param instalments: list of :class:`Instalment`
    :return: ``paid``, ``broken``, ``late`` or ``kept``
    """
    if all(_is_settled(part, today, terms) for part in instalments):
        return "paid"
    stands = [(part.amount, part.paid + part.arrived, part.due) for part in instalments]
    if any(is_broken(*part, today, terms) for part in stands):
        return "broken"
    if any(is_late(*part, today, terms) for part in stands):
        return "late"
    return "kept"


def _is_settled(part, today, terms):
    last_day = _days_after(part.due, terms.tolerance_days, terms)
    tolerated = terms.tolerance if today > last_day else 0
    return part.amount - part.paid <= tolerated

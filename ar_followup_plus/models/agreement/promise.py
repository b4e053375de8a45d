"""Whether a promise to pay is kept, from plain facts (pure).

Amounts are integers in the minor unit of the promise's currency; days are dates on
the company's clock.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..ledger.ageing import cover_oldest_first


class CoveredPart(NamedTuple):
    """One invoice of a promise, as the books have it; amounts in minor units.

    :param start: what was open of the invoice when it was promised
    :param covered: the part of it that was promised
    :param residual: what is open of it now
    :param too_late: what was paid of it after the last day; ``residual`` is without it
    :param credited: what credit notes took off it since it was promised
    :param disputed: the part of what is open that is disputed now, and not asked for
    """

    start: int
    covered: int
    residual: int
    too_late: int = 0
    credited: int = 0
    disputed: int = 0

    @property
    def paid(self):
        """What was paid of the invoice in time, also of the part beside the promise.

        Whoever pays another of the invoices of a promise first keeps it, too.
        """
        open_then = self.residual + self.too_late
        return max(self.start - open_then - self.credited, 0)

    @property
    def waived(self):
        """What is not asked for any more of the part promised.

        Credit notes and disputes are first about what was not promised.
        """
        beside = self.start - self.covered
        return min(max(self.credited + self.disputed - beside, 0), self.covered)


class Standing(NamedTuple):
    """How a promise stands; amounts in minor units.

    :param state: ``open``, ``kept``, ``partial``, ``broken`` or ``void``: nothing of
        it is asked for any more
    :param paid: what was paid of it in time
    :param missing: what is not paid of it
    """

    state: str
    paid: int
    missing: int


def standing(parts, last_day: date, today: date, percent: float, arrived: int = 0):
    """How a promise stands on ``today``.

    :param parts: list of :class:`CoveredPart`
    :param last_day: what was paid by then counts, the days of tolerance among them
    :param percent: so much of the amount may be missing
    :param arrived: what came in by then, and is not matched with an invoice yet
    :return: :class:`Standing`
    """
    owed = sum(part.covered - part.waived for part in parts)
    paid = min(sum(part.paid for part in parts), owed)
    return Standing(
        _state(owed, paid, last_day, today, percent, arrived), paid, owed - paid
    )


def _state(owed, paid, last_day, today, percent, arrived):
    if not owed:
        return "void"
    if is_enough(paid, owed, percent):
        return "kept"
    # money that is there breaks nothing, whoever still has to match it
    if today <= last_day or is_enough(paid + arrived, owed, percent):
        return "open"
    return "partial" if paid + arrived else "broken"


def is_enough(paid: int, owed: int, percent: float) -> bool:
    """Whether no more is missing than ``percent`` of what is owed."""
    return (owed - paid) * 100 <= owed * Decimal(str(percent))


def share_out(wanted, incoming):
    """Which promises unmatched money is for: the earliest first, and only in time.

    :param wanted: list of (last day, amount missing), in the order of their days
    :param incoming: list of (day, amount) that came in
    :return: what of it is for each of ``wanted``, in the same order
    """
    left = sorted(incoming)
    result = []
    for last_day, missing in wanted:
        in_time = [amount if day <= last_day else 0 for day, amount in left]
        given = cover_oldest_first(in_time, missing)
        left = [
            (day, amount - part)
            for (day, amount), part in zip(left, given, strict=True)
        ]
        result.append(sum(given))
    return result

"""What a customer owes, summed up from the rows of the ledger (pure)."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from ..ledger.ageing import is_overdue
from ..policy.tones import TONE_RANK
from .values import Item

NO_LEVELS = frozenset()


class Debt(NamedTuple):
    """What a customer owes, from the rows of ``_line_facts``.

    :param credits: unallocated credits per currency id, minor units
    :param overdue, total: company currency, minor units; the total net of credits
    """

    items: tuple = ()
    credits: dict = {}  # noqa: RUF012 - never changed
    overdue: int = 0
    total: int = 0
    oldest_due: date | None = None

    @classmethod
    def of(cls, rows, today):
        """Sum up one customer's open receivables, the rows of ``_line_facts``."""
        items, credits = [], defaultdict(int)
        overdue = total = 0
        for item, due, currency, residual, own, excluded, delay, tone, had in rows:
            total += own
            if residual < 0:
                credits[currency] -= residual
            elif residual > 0:
                reached = (delay, TONE_RANK[tone]) if tone else None
                levels = frozenset(had) if had else NO_LEVELS
                items.append(
                    Item(item, due, currency, residual, own, reached, excluded, levels)
                )
                if is_overdue(due, today):
                    overdue += own
        oldest = min((item.due for item in items), default=None)
        return cls(tuple(items), dict(credits), overdue, total, oldest)

"""The plain values a decision is made of, and made into (pure).

Amounts are integers in the minor unit of their currency. Days are dates in the
company's time zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..contact.governor import NO_CAP, Cap


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the ladder. ``delay`` in days after the due date."""

    id: int
    delay: int
    tone: int
    email: bool = True
    call: bool = False
    repeat_after: int = 30
    review: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One open receivable line.

    :param residual: open amount, minor units of ``currency``
    :param company_residual: the same in minor units of the company's currency
    :param reached: (delay, tone) of the level it has reached, or None
    :param excluded: ``no_followup``, ``blocked``, ``before_start`` or empty
    :param had: ids of the levels sent for it before, in this round
    """

    id: int
    due: date
    currency: int
    residual: int
    company_residual: int
    reached: tuple[int, int] | None = None
    excluded: str = ""
    had: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason to leave a case (``item`` None), an item or a part of it alone.

    :param amount: minor units of the item's currency; None: all of it
    :param until: last day held; None: until lifted
    """

    kind: str
    item: int | None = None
    amount: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision depends on, for one customer in one company.

    :param levels: the policy's active levels, ordered by delay
    :param items: open receivables, oldest due first
    :param credits: unallocated credits per currency, minor units
    :param in_transit: money on its way per currency, minor units
    :param sent: day each level was last sent, or its call made, to this customer
    :param live: state of the prepared reminder, if any
    :param undelivered: ``send_failed`` or ``bounced`` when the last reminder did
        not arrive and nobody has dealt with it
    :param call_open: a call is still to be made; ``call_on`` is its day
    :param excluded: reason why the customer as a whole is left alone, or empty
    :param limit_reached: the company's messages of the day are used up
    :param unreachable: why nobody can be written to (``no_address``,
        ``do_not_contact``), or empty
    :param decider_reachable: the firm levels reach the decision maker all the same
    :param no_call: the customer must not be called
    :param despite: an approver lets it go despite the gap, closed days and caps
    :param written, called: days of the messages sent and of the calls tried, as far
        back as their caps look
    :param closed: the days ahead on which nobody is asked
    """

    today: date
    levels: tuple[Level, ...] = ()
    items: tuple[Item, ...] = ()
    credits: Mapping[int, int] = field(default_factory=dict)
    in_transit: Mapping[int, int] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    tolerance: int = 0
    min_gap: int = 0
    sent: Mapping[int, date] = field(default_factory=dict)
    last_demand: date | None = None
    answer_by: date | None = None
    live: str = ""
    undelivered: str = ""
    call_open: bool = False
    call_on: date | None = None
    unreachable: str = ""
    decider_reachable: bool = False
    no_call: bool = False
    excluded: str = ""
    review_always: bool = False
    bank_stale: bool = False
    limit_reached: bool = False
    written: tuple[date, ...] = ()
    called: tuple[date, ...] = ()
    written_cap: Cap = NO_CAP
    call_cap: Cap = NO_CAP
    closed: frozenset[date] = frozenset()
    despite: bool = False


@dataclass(frozen=True, slots=True)
class Climb:
    """One item going up one step: level ids before (None: none yet) and after."""

    item: int
    before: int | None
    after: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do for a customer from this day on, and why.

    :param level: id of the level to send or call on, only when acting
    :param climbs: the items that climb with it; empty when there is nothing new
        to prepare
    :param asked: item id → amount asked for, minor units of its currency, for
        every item a message would list
    :param shielded: item id → reason code → amount left alone for that reason
    :param next_date: day on which the calendar alone may change the decision
    :param standing: id of the highest level among the open items
    """

    action: str
    reason: str
    state: str
    other_reasons: tuple[str, ...] = ()
    level: int | None = None
    next_level: int | None = None
    next_date: date | None = None
    climbs: tuple[Climb, ...] = ()
    asked: Mapping[int, int] = field(default_factory=dict)
    shielded: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    standing: int | None = None


def in_own(item, part):
    """A part of an item in the company's currency, converted as the whole item was.

    :param part: minor units of the item's currency
    """
    if part == item.residual:
        return item.company_residual
    return round(item.company_residual * part / item.residual)


def asked_in_own(facts, decision):
    """What a decision asks for, in minor units of the company's currency."""
    return sum(
        in_own(item, decision.asked[item.id])
        for item in facts.items
        if item.id in decision.asked
    )

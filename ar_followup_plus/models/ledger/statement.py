"""What a customer's account says, as of a day (pure).

Amounts are integers in the minor unit of one currency; currencies are never mixed.
Nothing here knows of Odoo.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from .ageing import AGES, age

#: Why a part of a debt is left alone, in the order in which they share it.
MARKS = ("disputed", "planned", "promised")


class Line(NamedTuple):
    """One receivable journal item: what it is, whatever became of it."""

    id: int
    currency: int
    move: int
    name: str
    #: ``invoice``, ``credit_note``, ``payment`` or ``entry``
    kind: str
    issued: date
    due: date
    amount: int


class Change(NamedTuple):
    """What changed the open amount of a line, and when.

    Its source: the ``entry`` itself, a ``match`` with another line, or a ``payment``
    that has no entry yet.
    """

    line: int
    day: date
    amount: int
    source: str
    source_id: int
    #: what a match is with
    other: str = ""


class OpenItem(NamedTuple):
    """A line that is open on the day; a credit has a negative open amount."""

    line: Line
    open: int
    #: parts left alone: mark → amount; together no more than what is open
    marks: Mapping


class Movement(NamedTuple):
    """What changed the balance in the period."""

    day: date
    #: as of a line, or ``match``: settled by something that stands elsewhere
    kind: str
    name: str
    due: date | None
    amount: int


@dataclass
class Account:
    """What a customer owes, and has to their credit, in one currency."""

    currency: int
    items: list = field(default_factory=list)
    opening: int = 0
    movements: list = field(default_factory=list)

    @property
    def debts(self):
        return [item for item in self.items if item.open > 0]

    @property
    def credits(self):
        return [item for item in self.items if item.open < 0]

    @property
    def balance(self):
        """Debts less credits: also the opening balance and what came after it."""
        return sum(item.open for item in self.items)

    @property
    def credit(self):
        """The sum of the credits, not negative."""
        return -sum(item.open for item in self.credits)

    @property
    def marked(self):
        """The part of the debts that is left alone."""
        return sum(sum(item.marks.values()) for item in self.items)

    def ages(self, day: date):
        """The debts by age on ``day``: not due, then from each of ``AGES`` on."""
        ages = [0] * (len(AGES) + 1)
        for item in self.debts:
            ages[age(item.line.due, day)] += item.open
        return ages


def share(amount: int, wanted: Iterable) -> dict:
    """The part of ``amount`` that each mark leaves alone; together no more than it.

    :param wanted: pairs of mark and amount; without an amount, all of it
    """
    sums = dict.fromkeys(MARKS, 0)
    for mark, part in wanted:
        sums[mark] += amount if part is None else part
    parts = {}
    for mark, part in sums.items():
        part = min(part, amount)
        if part > 0:
            parts[mark] = part
            amount -= part
    return parts


def accounts(lines, carried, changes, marks):
    """The accounts of one customer, one for each currency.

    :param lines: dict id → :class:`Line`
    :param carried: dict line id → what was open of it when the period began
    :param changes: the :class:`Change` of the period, in any order
    :param marks: dict line id → pairs of mark and amount, as ``share`` takes them
    :return: dict currency → :class:`Account`, without those in which nothing is
    """
    found = defaultdict(lambda: Account(0))
    left = defaultdict(int, carried)
    by_currency = defaultdict(list)
    for line, amount in carried.items():
        found[lines[line].currency].opening += amount
    for change in changes:
        left[change.line] += change.amount
        by_currency[lines[change.line].currency].append(change)
    for line, amount in left.items():
        if amount:
            wanted = marks.get(line, ()) if amount > 0 else ()
            item = OpenItem(lines[line], amount, share(amount, wanted))
            found[lines[line].currency].items.append(item)
    for currency, own in by_currency.items():
        found[currency].movements = movements(lines, own)
    for currency, account in found.items():
        account.currency = currency
        account.items.sort(key=lambda item: (item.line.due, item.line.id))
    return {
        currency: account
        for currency, account in sorted(found.items())
        if account.items or account.movements or account.opening
    }


def movements(lines, changes):
    """Changes of one currency as the customer reads them, in order of time.

    The lines of an entry are one movement. A match changes nothing where both of its
    lines are the customer's, in this currency; else it is one, too.
    """
    sources = defaultdict(list)
    for change in changes:
        sources[change.source, change.source_id].append(change)
    found = []
    for (source, _id), own in sources.items():
        amount = sum(change.amount for change in own)
        if not amount:
            continue
        line = lines[own[0].line]
        kind = {"entry": line.kind}.get(source, source)
        dues = {lines[change.line].due for change in own}
        found.append(
            Movement(
                own[0].day,
                kind,
                own[0].other or line.name,
                max(dues) if kind == "invoice" else None,
                amount,
            )
        )
    return sorted(found, key=lambda it: (it.day, it.amount < 0, it.name))

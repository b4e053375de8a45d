"""Money on its way, and what it is known by (pure).

Amounts are integers in the minor unit of their currency.
"""

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from .ageing import is_overdue
from .tokens import name_tokens, reference_token

#: What is not booked yet, by kind: the model whose record it is.
SOURCES = {
    "transaction": "payment.transaction",
    "payment": "account.payment",
    "line": "account.bank.statement.line",
}


class Incoming(NamedTuple):
    """Some money on its way from one customer.

    :param kind: a key of ``SOURCES``
    :param amount: minor units of the currency
    :param label: what the bank or the payer wrote
    """

    kind: str
    id: int
    partner_id: int
    currency_id: int
    amount: int
    day: date
    label: str

    @property
    def money(self):
        """By this the same money is known again in another place."""
        return self.partner_id, self.currency_id, self.amount


def without(incomings, seen):
    """Those whose money is not among the ``seen``; each hides one of its amount."""
    left = Counter(incoming.money for incoming in seen)
    kept = []
    for incoming in incomings:
        if left[incoming.money] > 0:
            left[incoming.money] -= 1
        else:
            kept.append(incoming)
    return kept


class Debts(NamedTuple):
    """How a bank line may name what a customer owes.

    :param amounts: set of (currency id, minor units): an instalment, an invoice, all
        that is overdue, all that is open, with or without the credits
    """

    name: str
    references: frozenset
    amounts: frozenset

    @classmethod
    def of(cls, rows, today):
        """Sum up one customer's open receivables.

        :param rows: customer's name; id, number and payment reference of the entry;
            due date, currency id and residual in minor units of the line
        """
        texts, sums = set(), defaultdict(int)
        for _name, move, number, reference, due, currency, amount in rows:
            sums["balance", currency] += amount
            if amount < 0:
                continue
            texts |= {number, reference}  # most are the same
            for what in ("open", move, (move, due)):
                sums[what, currency] += amount
            if is_overdue(due, today):
                sums["overdue", currency] += amount
        amounts = {
            (currency, amount)
            for (_what, currency), amount in sums.items()
            if amount > 0
        }
        references = frozenset(map(reference_token, texts)) - {""}
        return cls(rows[0][0], references, frozenset(amounts))


def named(debts, lines):
    """Which customers some bank lines name, with exactly an amount that they owe.

    :param debts: dict partner id → :class:`Debts`
    :param lines: list of (id, (currency id, minor units), text of all words)
    :return: set of (line id, partner id)
    """
    seen = {money for _id, money, _words in lines}
    names = {
        partner_id: words
        for partner_id, debt in debts.items()
        if not seen.isdisjoint(debt.amounts) and (words := name_tokens(debt.name))
    }
    wanted = set().union(*names.values())
    having = defaultdict(set)  # money and word → ids of the lines that have both
    for line_id, money, words in lines:
        for word in wanted.intersection(words.split()):
            having[money, word].add(line_id)
    found = set()
    for partner_id, words in names.items():
        for money in seen & debts[partner_id].amounts:
            # the rarest word first: the others are looked for in its lines only
            rarest, *others = sorted((having[money, word] for word in words), key=len)
            found.update(
                (line_id, partner_id) for line_id in rarest.intersection(*others)
            )
    return found

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
        references, sums = set(), defaultdict(int)
        for _name, move, number, reference, due, currency, amount in rows:
            sums["balance", currency] += amount
            if amount < 0:
                continue
            references |= {reference_token(number), reference_token(reference)}
            for what in ("open", move, (move, due)):
                sums[what, currency] += amount
            if is_overdue(due, today):
                sums["overdue", currency] += amount
        amounts = {
            (currency, amount)
            for (_what, currency), amount in sums.items()
            if amount > 0
        }
        return cls(rows[0][0], frozenset(references - {""}), frozenset(amounts))


def rarest_words(debts):
    """By what customers are looked for in bank lines that have one of their amounts.

    Any word of a name would do, for all of them have to be there. The one that the
    fewest of these customers share is found in the fewest lines.

    :param debts: dict partner id → :class:`Debts`
    :return: list of (partner id, word, all words, amounts); the last two are texts
    """
    names = {
        partner_id: words
        for partner_id, debt in debts.items()
        if debt.amounts and (words := name_tokens(debt.name))
    }
    shared = Counter(word for words in names.values() for word in words)
    return [
        (
            partner_id,
            min(words, key=shared.__getitem__),
            " ".join(words),
            " ".join(f"{currency}:{amount}" for currency, amount in amounts),
        )
        for partner_id, words in names.items()
        for amounts in [sorted(debts[partner_id].amounts)]
    ]

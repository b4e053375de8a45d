"""What the demo tells of calls: who was spoken to, and what was put right since.

A customer is named by its external id without ``partner_``.
"""

from typing import NamedTuple


class Call(NamedTuple):
    """A call, ``days`` ago; ``then`` is what is to be done, in ``days_left``."""

    customer: str
    days: int
    hour: int
    outcome: str
    person: str
    said: str
    then: str = ""
    days_left: int = 0


COMPANY = "base.main_company"
TRIED = Call("vantage", 12, 9, "no_answer", "", "It rang for a while.")
#: the collector was mistaken about the amount, and said so
WRONG = Call(
    "vantage",
    11,
    10,
    "reached",
    "Ms Okafor, accounts",
    "A new investor pays 5,910 dollars this month.",
)
RIGHT = "A new investor pays 9,150 dollars this month, that is all of it."
THEN = ("Ask whether the investor's money has come", 1)
LISTENED = Call(
    "oakhaven",
    2,
    15,
    "hardship",
    "Mr Lindqvist",
    "They need a little time, and have said so themselves.",
)

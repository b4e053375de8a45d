"""What the demo tells of disputes: who says what is wrong, and how it ended.

A customer is named by its external id without ``partner_``. Days are counted back
from today; 0: never.
"""

from typing import NamedTuple

from .stories import Bill


class Disputed(NamedTuple):
    """One dispute over a customer's only invoice.

    :param days: how many days ago it was recorded
    :param amount: the disputed part; 0: all of it
    :param until: the deadline, in days from today
    :param ended: how many days ago it ended
    :param how: ``accept``, ``reject``, ``withdraw``, ``cancel`` or ``pay``
    :param accepted: the part that was accepted; 0: all that was disputed
    :param posted: whether the credit note was posted the same day
    :param said: what the customer read, or colleagues, of how it ended
    """

    customer: str
    days: int
    amount: float
    reason: str
    description: str
    until: int
    ended: int = 0
    how: str = ""
    accepted: float = 0.0
    posted: bool = False
    said: str = ""


COMPANY = "base.main_company"
BILLS = (
    Bill("pinecrest", -6, 1260.00, "Twelve bedside lamps"),
    Bill("copperfield", -11, 780.00, "Reading chairs"),
    Bill("saltmarsh", -8, 940.00, "Café tables"),
    Bill("bluebell", -18, 1500.00, "Plant stands, 60 pieces"),
    Bill("stonegate", -15, 3400.00, "Hall carpets"),
    Bill("fernhill", -9, 615.00, "Coat racks"),
    Bill("marigold", -12, 450.00, "Vases"),
    Bill("oldbridge", -7, 2200.00, "Folding seats"),
)
DISPUTES = (
    Disputed(
        "pinecrest",
        2,
        300.00,
        "goods",
        "Three of the twelve lamps arrived with broken shades.",
        until=5,
    ),
    Disputed(
        "copperfield",
        10,
        0,
        "not_received",
        "They say that nothing was delivered on the 3rd.",
        until=-3,
    ),
    Disputed(
        "saltmarsh",
        5,
        180.00,
        "price",
        "The discount for the second set is missing.",
        until=2,
        ended=1,
        how="accept",
        said="You are right: the discount for the second set was left out.",
    ),
    Disputed(
        "bluebell",
        14,
        500.00,
        "quantity",
        "They counted 40 pieces, not 60.",
        until=-7,
        ended=9,
        how="accept",
        accepted=375.00,
        posted=True,
        said="Fifteen pieces were left behind at our warehouse and are credited. The "
        "other five were signed for by your gardener.",
    ),
    Disputed(
        "stonegate",
        13,
        850.00,
        "service",
        "The carpet in the east hall was laid a week late.",
        until=-6,
        ended=7,
        how="reject",
        said="The hall was only cleared for us on the 12th, as your porter noted on "
        "our work sheet. We laid the carpet on the next morning.",
    ),
    Disputed(
        "fernhill",
        8,
        0,
        "not_received",
        "Not delivered, they say.",
        until=-1,
        ended=6,
        how="withdraw",
        said="They found the parcel at their reception.",
    ),
    Disputed(
        "marigold",
        9,
        0,
        "duplicate",
        "They believe that it was invoiced twice.",
        until=-2,
        ended=4,
        how="pay",
    ),
    Disputed(
        "oldbridge",
        3,
        0,
        "other",
        "About an invoice of another theatre.",
        until=4,
        ended=3,
        how="cancel",
        said="It was another customer who called.",
    ),
)

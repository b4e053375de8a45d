"""What the demo tells of the people at the customers.

A customer is named by its external id without ``partner_``.
"""

from typing import NamedTuple


class Decider(NamedTuple):
    """Who decides about payments at a customer: firm reminders go to them."""

    customer: str
    name: str
    function: str
    email: str
    phone: str


COMPANY = "base.main_company"
DECIDERS = (
    Decider(
        "redfern",
        "Gwen Redfern",
        "Managing Director",
        "gwen@redfern.example.com",
        "+1 201-555-0162",
    ),
    Decider(
        "thornbury",
        "Piers Thornbury",
        "Owner",
        "piers@thornbury.example.com",
        "+1 802-555-0118",
    ),
)
#: somebody made sure of their address and number
VERIFIED = ("larkspur", "alpine")
#: somebody else answers there
WRONG_NUMBER = "ashgrove"
#: an announced call that nobody has made, and how many days ago it was to be
MISSED_CALL = "ashgrove"
MISSED_DAYS = 4

"""What the demo tells: who owes what, and what people did about it.

All days are counted from today; a customer is named by its external id without
``partner_``.
"""

from typing import NamedTuple


class Bill(NamedTuple):
    """One invoice of the demo or, with a negative amount, one credit note.

    :param due: days from today; negative: overdue
    :param foreign: in another currency than the company's
    :param instalments: 30% on the due day, the rest 50 days later
    """

    customer: str
    due: int
    amount: float
    text: str
    foreign: bool = False
    instalments: bool = False


class Pause(NamedTuple):
    """A hold that somebody sets today.

    :param days: days until it ends; 0: when it is lifted
    :param amount: the part of the customer's first invoice; 0: everything
    """

    customer: str
    kind: str
    login: str
    note: str
    days: int = 0
    amount: float = 0.0


class Talk(NamedTuple):
    """A conversation the collector logged by hand, ``days`` ago."""

    customer: str
    days: int
    channel: str
    direction: str
    outcome: str
    summary: str


class Agreed(NamedTuple):
    """A payment plan; each step so many days ago, 0: never.

    :param first: the day of the first instalment, from today
    :param refused: sent back by the approver, who said why
    :param accepted: what the answer was, if there was one
    :param paid: when the first instalments were paid
    """

    customer: str
    proposed: int
    count: int
    every: int
    unit: str
    first: int
    note: str
    approved: int = 0
    refused: int = 0
    answered: int = 0
    accepted: bool = True
    how: str = "phone"
    name: str = ""
    said: str = ""
    paid: tuple = ()


class Story(NamedTuple):
    """What is told in one company.

    :param days: how long ago it began to follow up
    :param mode: how its past days were worked
    :param payments: what arrives today, by customer
    :param transfers: what a customer's bank line says today, not matched yet; with
        the number of their invoice
    :param called: what came of the call that a firm reminder announced
    :param negotiated: what came of the ladder's call
    """

    company: str
    days: int
    mode: str
    bills: tuple
    payments: dict
    transfers: dict
    holds: tuple
    talks: tuple
    plans: tuple
    called: str
    negotiated: str


MAIN = Story(
    company="base.main_company",
    days=120,
    mode="automatic",
    bills=(
        # the steps of the ladder, each due today
        Bill("birchwood", 3, 640.00, "Reception chairs"),
        Bill("meadowlark", -3, 1180.00, "Shop counter"),
        Bill("beaumont", -3, 2450.00, "Vitrines"),
        Bill("beaumont", 12, 890.00, "Éclairage"),
        Bill("juniper", -3, 6000.00, "Studio fit-out", instalments=True),
        Bill("larkspur", -14, 3275.50, "Oak veneer, 40 sheets"),
        Bill("larkspur", -2, 410.00, "Edge banding"),
        Bill("brasserie", -14, 980.00, "Tables de bistrot"),
        Bill("alpine", -14, 2300.00, "Shop shelving"),
        Bill("alpine", -14, 1150.00, "Show case for the fair", foreign=True),
        Bill("redfern", -30, 5400.00, "Warehouse racks"),
        Bill("redfern", -12, 1260.00, "Packing benches"),
        Bill("sable", -60, 4815.00, "Cutting tables"),
        Bill("thornbury", -90, 7320.00, "Workbenches"),
        Bill("elmsford", -10, 12400.00, "Council chamber seating"),
        # an answer, a day, a call or a person is waited for
        Bill("harborview", -7, 2890.00, "Lobby armchairs"),
        Bill("tideway", -12, 1495.00, "Boat racks"),
        Bill("granite", -37, 3640.00, "Shop fittings"),
        Bill("ashgrove", -40, 2745.00, "Waiting room benches"),
        Bill("vantage", -107, 9150.00, "Storage system"),
        Bill("ridgeway", -32, 6150.00, "Visitor centre benches"),
        # the mail did not or must not reach them, or nobody knows
        Bill("wexford", -9, 1420.00, "Reading desks"),
        Bill("hollis", -9, 735.00, "Office desk"),
        Bill("fairhaven", -4, 1320.00, "Garden chairs"),
        Bill("marlowe", -4, 865.00, "Drying racks"),
        # there is a reason to leave them alone
        Bill("lantern", -14, 4000.00, "Foyer lamps"),
        Bill("oakhaven", -20, 2180.00, "Bedside cabinets"),
        Bill("kestrel", -112, 6600.00, "Boathouse cupboards"),
        Bill("cobalt", -70, 3120.00, "Repair stands"),
        Bill("pinnacle", -118, 5875.00, "Folding stages"),
        Bill("riverbend", -33, 8450.00, "Library tables"),
        Bill("foxglove", -18, 560.00, "Flower stands"),
        Bill("tamarack", -20, 1850.00, "Tool walls"),
        Bill("tamarack", -16, -1850.00, "Tool walls, returned"),
        Bill("willow", -25, 1206.40, "Saddle racks"),
        Bill("quayside", -22, 3360.00, "Deck chairs"),
        Bill("hartwell", -19, 1725.00, "Show tables"),
        Bill("silverline", -400, 3900.00, "Archive shelves"),
        Bill("harrow", -28, 2200.00, "Picture rails"),
        Bill("cedar", -20, 1540.00, "Site office furniture"),
        # they pay, or were to pay, in instalments
        Bill("bramley", -25, 2480.00, "Play corner furniture"),
        Bill("northgate", -22, 3600.00, "Dance mirrors and bars"),
        Bill("pemberton", -27, 1860.00, "Tea room chairs"),
        Bill("wrenfield", -76, 4200.00, "Playground benches"),
        Bill("copperline", -45, 2600.00, "Studio acoustic panels"),
        Bill("stonebridge", -80, 1350.00, "Drying shelves"),
        Bill("maplewood", -70, 5100.00, "Foyer seating"),
        Bill("larchmont", -40, 2950.00, "Rehearsal room lockers"),
        Bill("seaglass", -50, 1720.00, "Reception desk"),
    ),
    payments={"cedar": 1540.00},
    transfers={
        "quayside": "SEPA CREDIT %(number)s DECK CHAIRS",
        "hartwell": "HARTWELL GLASSWORKS THANK YOU",
    },
    holds=(
        Pause(
            "oakhaven", "paused", "collector", "Their new bookkeeper asks for time.", 10
        ),
        Pause(
            "lantern",
            "paused",
            "collector",
            "Three lamps came broken and are being replaced.",
            amount=1500.00,
        ),
        Pause("kestrel", "legal", "approver", "With our lawyers."),
        Pause("cobalt", "moratorium", "approver", "Insolvency proceedings opened."),
        Pause("pinnacle", "agency", "approver", "Handed over with all papers."),
    ),
    talks=(
        Talk(
            "lantern",
            6,
            "phone",
            "in",
            "dispute",
            "Three lamps arrived broken. They pay the others.",
        ),
        Talk(
            "ashgrove",
            1,
            "phone",
            "out",
            "no_answer",
            "The line was busy all morning.",
        ),
    ),
    plans=(
        Agreed(
            "bramley",
            proposed=3,
            count=8,
            every=1,
            unit="month",
            first=5,
            note="Summer is slow for them. They ask for eight small instalments.",
            refused=2,
            said="Eight are too many for this amount. Four at the most, please.",
        ),
        Agreed(
            "northgate",
            proposed=1,
            count=3,
            every=1,
            unit="month",
            first=6,
            note="Course fees come in each month. Always paid before.",
        ),
        Agreed(
            "pemberton",
            proposed=5,
            count=4,
            every=1,
            unit="week",
            first=4,
            note="A broken oven cost them two weeks of business.",
            approved=4,
        ),
        Agreed(
            "wrenfield",
            proposed=56,
            count=4,
            every=1,
            unit="month",
            first=-50,
            note="A grant is paid out in monthly parts.",
            approved=55,
            answered=53,
            name="Ruth Calloway",
            said="She thanks us, and sets up a standing order.",
            paid=(50, 21),
        ),
        Agreed(
            "copperline",
            proposed=26,
            count=4,
            every=2,
            unit="week",
            first=-20,
            note="Their sponsors pay at the end of each half month.",
            approved=25,
            answered=24,
            how="email",
            name="Omar Reyes",
            paid=(20,),
        ),
        Agreed(
            "stonebridge",
            proposed=62,
            count=3,
            every=1,
            unit="week",
            first=-56,
            note="Three market weekends, one instalment after each.",
            approved=61,
            answered=60,
            name="Alma Petrov",
            paid=(55, 48, 41),
        ),
        Agreed(
            "maplewood",
            proposed=48,
            count=3,
            every=2,
            unit="week",
            first=-41,
            note="They wait for the money of a film festival.",
            approved=47,
            answered=45,
            name="Hugh Lindgren",
            paid=(40,),
        ),
        Agreed(
            "larchmont",
            proposed=20,
            count=3,
            every=1,
            unit="month",
            first=-10,
            note="Their treasurer asked what we could offer.",
            approved=19,
            answered=17,
            accepted=False,
            how="email",
            name="Judith Brandt",
            said="They would rather pay it all once their season opens.",
        ),
        Agreed(
            "seaglass",
            proposed=31,
            count=2,
            every=1,
            unit="month",
            first=-20,
            note="Half now and half next month would help, they said on the phone.",
            approved=30,
        ),
    ),
    called="Spoke with their accounts department: they will look into it.",
    negotiated="Their owner asks for patience until a large order is paid. No date.",
)

EUROPE = Story(
    company="ar_followup_plus.company_europe",
    days=30,
    mode="review",
    bills=(
        Bill("imprimerie", -30, 3180.00, "Tables de coupe"),
        Bill("thermes", -14, 5240.00, "Chaises longues"),
        Bill("rheintal", -14, 3480.00, "Planches de chêne"),
        Bill("boulangerie", -14, 745.00, "Étagères à pain"),
        Bill("arts", -16, 2260.00, "Lampes de chevet"),
        Bill("veronese", -6, 4200.00, "Table de conférence", instalments=True),
        Bill("lefevre", -3, 1675.00, "Armoires"),
        Bill("menuiserie", -3, 1930.00, "Plans de travail"),
        Bill("librairie", -3, 1290.00, "Rayonnages"),
        Bill("fromagerie", -18, 2640.00, "Chambre de présentation"),
        Bill("velodrome", -29, 1800.00, "Vestiaires"),
    ),
    payments={"veronese": 1260.00},
    transfers={},
    holds=(
        Pause(
            "arts",
            "paused",
            "collector",
            "La directrice revient la semaine prochaine.",
            5,
        ),
    ),
    talks=(
        Talk(
            "arts",
            1,
            "phone",
            "in",
            "reached",
            "La comptabilité attend l’accord de la directrice, absente cette semaine.",
        ),
    ),
    plans=(
        Agreed(
            "fromagerie",
            proposed=1,
            count=3,
            every=1,
            unit="month",
            first=7,
            note="Saison faible jusqu’en mars ; bons payeurs depuis des années.",
        ),
        Agreed(
            "velodrome",
            proposed=25,
            count=4,
            every=1,
            unit="week",
            first=-20,
            note="La subvention de la ville est versée chaque semaine.",
            approved=24,
            answered=23,
            name="Solène Marchand",
            paid=(20, 13, 7),
        ),
    ),
    called="Vu avec leur comptabilité : ils vérifient et nous rappellent.",
    negotiated="Le gérant demande un peu de patience. Pas encore de date.",
)

STORIES = (MAIN, EUROPE)

#: New messages a day of the company that reads each of them: one more would be due.
REVIEWED_A_DAY = 6
#: The collector knows this customer and adds a line to what was prepared.
EDITED = "menuiserie"
ADDED_LINE = "Le solde du chantier de mai est bien arrivé, merci beaucoup !"
#: Pays when today's reminder has just been prepared.
PAID_IN_TIME = "boulangerie"
#: The mail server refused the one's address, and stopped during the other's mail.
REFUSED, LOST = "fairhaven", "marlowe"
REFUSAL = "550 5.1.1 Recipient address rejected: user unknown"
LETTERS_ONLY = "Their head clerk asks for letters only."
#: A firm reminder's call this many days late has not been made yet.
CALLS_LATE = 5

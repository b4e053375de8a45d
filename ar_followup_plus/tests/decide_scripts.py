"""Random histories for ``decide``: what may happen to a customer, as data (pure).

A script is a list of (days that pass, what happens then), where what happens is the
name of a ``World`` method with its arguments; a failing script reads like a diary.
"""

from hypothesis import strategies as st

from ..models.case.reasons import HOLD_KINDS
from ..models.contact.governor import NO_CAP, Cap
from ..models.engine.values import Level
from ..models.policy.tones import (
    COURTESY,
    FINAL,
    FIRM,
    FRIENDLY,
)
from .decide_world import DOLLAR, EURO, SIMPLE, STANDARD, World

#: Levels of another policy have other ids, as rows of the database do.
QUICK = (
    Level(21, -10, COURTESY, repeat_after=7),
    Level(22, -2, COURTESY, repeat_after=0),
    Level(23, 0, FRIENDLY, repeat_after=7),
    Level(24, 5, FIRM, repeat_after=0),
    Level(25, 8, FINAL, repeat_after=5),
)
#: A call comes first after the friendly mail, and there is no final notice.
CALLS = (
    Level(31, 4, FRIENDLY, repeat_after=14),
    Level(32, 9, FRIENDLY, email=False, call=True, repeat_after=10),
    Level(33, 18, FIRM, review=True, repeat_after=20),
)
#: What Odoo refuses to save: nobody is reminded by it.
FIRM_FIRST = (Level(41, 3, FIRM), Level(42, 10, FINAL))
LADDERS = (STANDARD, STANDARD, FIRM_FIRST, SIMPLE, QUICK, CALLS, CALLS, QUICK, STANDARD)

amounts = st.integers(1, 400).map(lambda amount: amount * 25)
pools = st.sampled_from((0, 500, 2500, 10000, 40000))
currencies = st.sampled_from((EURO, EURO, EURO, DOLLAR))
which = st.integers(0, 7)
parts = st.none() | amounts
days = st.integers(0, 20)
waits = st.sampled_from((0, 1, 3, 7, 14))
EXCLUDED = (*[""] * 9, "no_followup", "blocked", "before_start")


def event(name, **arguments):
    return st.tuples(st.just(name), st.fixed_dictionaries(arguments))


BOOKS = (
    event(
        "invoice",
        amount=amounts,
        due=st.integers(-30, 20),
        currency=currencies,
        excluded=st.sampled_from(EXCLUDED),
    ),
    event("pay", item=which, amount=parts),
    event("unpay", item=which),
    event("credit", amount=pools, currency=currencies),
    event("send_money", amount=pools, currency=currencies),
)
PEOPLE = (
    event(
        "hold",
        kind=st.sampled_from(HOLD_KINDS),
        item=st.none() | which,
        part=parts,
        days=st.none() | days,
    ),
    event("lift", which=which),
    event("lift", which=which),
    event("talk"),
    event("review"),
    event("close_call"),
    event("bounce"),
    event("mail_server", works=st.booleans()),
    event("acknowledge"),
    event(
        "set",
        days=days,
        unreachable=st.sampled_from(("no_address", "do_not_contact")),
    ),
    event("set", days=days, no_call=st.just(True)),
    event("send_despite"),
    event("set", days=days, bank_stale=st.just(True)),
    event("set", days=days, limit_reached=st.just(True)),
    event("set", days=days, review_always=st.just(True)),
    event("set", days=days, excluded=st.just("no_followup")),
)
POLICY = (
    event("use", levels=st.sampled_from(LADDERS)),
    event("move_levels", days=st.integers(-10, 20)),
    event("archive", which=which),
    event("rules", min_gap=st.integers(0, 10)),
    event("rules", tolerance=st.sampled_from((0, 500, 5000))),
    event("close_weekends"),
    event(
        "rules",
        written_cap=st.sampled_from((NO_CAP, Cap(1, 10), Cap(2, 14))),
        call_cap=st.sampled_from((NO_CAP, Cap(1, 20))),
    ),
)
#: Books change most often, policies least; the first invoice comes first.
weighted = (*BOOKS[:1] * 5, *BOOKS * 2, *PEOPLE[:1] * 3, *PEOPLE, *POLICY)
# not one_of, which gives equal weight to all that differ
events = st.sampled_from(weighted).flatmap(lambda chosen: chosen)
scripts = st.tuples(
    st.sampled_from(LADDERS),
    st.booleans(),
    st.tuples(st.just(0), BOOKS[0]),
    st.lists(st.tuples(waits, events), min_size=10, max_size=30),
).map(lambda script: (script[0], script[1], [script[2], *script[3]]))
#: Days that are lived after the last thing has happened.
AFTERWARDS = 30


def play(script, decide=None):
    """The world after a script was lived in, with this ``decide`` if one is given."""
    levels, by_itself, diary = script
    world = World(levels, by_itself=by_itself)
    if decide:
        world.decide = decide
    for days, (name, arguments) in diary:
        world.days(days)
        _happen(world, name, dict(arguments))
    world.days(AFTERWARDS)
    return world


def _happen(world, name, arguments):
    """Call the world's method; items are named by their turn, if there are any."""
    if arguments.get("item") is not None:
        if not world.debts:
            return
        arguments["item"] = arguments["item"] % len(world.debts) + 1
    if name == "hold" and arguments["item"] is None:
        arguments["part"] = None  # only an item is held in part
    getattr(world, name)(**arguments)

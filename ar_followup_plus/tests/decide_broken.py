"""Decides that break one rule each, with a history in which it shows (pure).

A test that cannot fail proves nothing: for every check of ``decide_checks`` there is
at least one wrong ``decide`` here, made from the right one by taking a piece out.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple
from unittest.mock import patch

from ..models.contact.governor import NO_CAP, Cap
from ..models.engine import decide as module
from ..models.engine.decide import decide
from ..models.engine.values import Level
from ..models.policy.tones import COURTESY, FIRM, FRIENDLY
from .decide_scripts import CALLS, FIRM_FIRST, QUICK
from .decide_world import CLOSED, SIMPLE, STANDARD, World


class Broken(NamedTuple):
    """A broken ``decide``: the check that must notice, what is wrong, a history.

    :param rare: random histories need not meet it
    """

    check: str
    wrong: str
    make: Callable  # () → decide
    story: Callable  # decide → the world after the history
    rare: bool = False


def told_otherwise(**changes):
    """A decide that is not told something of the facts."""
    return lambda: lambda facts: decide(replace(facts, **changes))


def sees_items(change):
    """A decide that sees the items otherwise: ``change`` gets facts, gives items."""
    return lambda: lambda facts: decide(replace(facts, items=tuple(change(facts))))


def without(owner, name, instead):
    """A decide with a piece of it replaced."""

    def make():
        def broken(facts):
            with patch.object(owner, name, instead):
                return decide(facts)

        return broken

    return make


# what is wrong -----------------------------------------------------------------------


def two_steps(ladder, item):
    here = ladder.index(item)
    following = ladder.first if here < ladder.first else here + 2
    return following if following < len(ladder.levels) else None


def any_first_step(ladder, facts, begin=module.Ladder.__init__):
    begin(ladder, facts)
    asking = [i for i, level in enumerate(facts.levels) if level.tone >= FRIENDLY]
    ladder.first = asking[0] if asking else None


def newest_first(amounts, credit):
    """As ``cover_oldest_first``, from the wrong end."""
    covered = []
    for amount in reversed(amounts):
        covered.append(min(amount, credit))
        credit -= covered[-1]
    return covered[::-1]


def forgets_notes(facts):
    for item in facts.items:
        noted = item.reached is not None and item.reached[1] == COURTESY
        yield replace(item, reached=None) if noted else item


def remembers():
    """A decide whose answer depends on how often it was asked."""
    asked = []

    def broken(facts):
        asked.append(facts)
        decision = decide(facts)
        return replace(decision, next_date=None) if len(asked) % 2 else decision

    return broken


def lists_holds():
    """A decide that gives its reasons in the order in which the holds were set."""

    def broken(facts):
        kinds = tuple(hold.kind for hold in facts.holds)
        return replace(decide(facts), other_reasons=kinds)

    return broken


def cuts_short():
    """A decide that lets an approver send before the answer day is past."""

    def broken(facts):
        return decide(replace(facts, answer_by=None) if facts.despite else facts)

    return broken


def climbs_while_waiting():
    """A decide that says "wait" and lets the items climb all the same."""

    def broken(facts):
        decision = decide(facts)
        if decision.reason != "awaiting_answer":
            return decision
        return replace(decision, climbs=decide(replace(facts, answer_by=None)).climbs)

    return broken


# histories ---------------------------------------------------------------------------


def lived(levels=SIMPLE, days=60, invoices=({"due": 0},), before=None, **world):
    """A world with some invoices from the first day on, after so many days."""

    def story(decide_):
        customer = World(levels, decide=decide_, **world)
        for invoice in invoices:
            customer.invoice(**invoice)
        if before:
            before(customer)
        customer.days(days)
        return customer

    return story


def policies_change(decide_):
    """An invoice gets a second reminder, then a firm one by another policy."""
    customer = World(SIMPLE, decide=decide_)
    customer.invoice()
    for levels, days in ((SIMPLE, 20), (QUICK[:-1], 15), (SIMPLE, 60)):
        customer.use(levels)
        customer.days(days)
    return customer


def sent_despite(decide_):
    """An old invoice gets its first reminder; three days later, somebody insists."""
    customer = World(SIMPLE, decide=decide_)
    customer.invoice(due=-60)
    customer.days(3)
    customer.send_despite()
    customer.days(30)
    return customer


OLD = ({"due": -60},)
PATIENT = (Level(51, 3, FRIENDLY), Level(52, 60, FIRM))
NO_ANSWER = {level.id: 0 for level in SIMPLE}

BROKEN = (
    Broken(
        "one_step",
        "a level is left out",
        without(module.Ladder, "target", two_steps),
        lived(),
    ),
    Broken(
        "once",
        "nobody remembers what an invoice had",
        sees_items(
            lambda facts: (replace(item, had=frozenset()) for item in facts.items)
        ),
        policies_change,
        rare=True,
    ),
    Broken(
        "not_early",
        "delays count from the day after the due date",
        without(module, "_reached_on", lambda item, _: item.due + timedelta(days=1)),
        lived(),
    ),
    Broken(
        "gap",
        "the gap is not known",
        told_otherwise(min_gap=0),
        lived(invoices=OLD, answer_days=NO_ANSWER),
    ),
    Broken(
        "quiet_days",
        "closed days are not known",
        told_otherwise(closed=frozenset()),
        lived(invoices=({"due": 2},), closed=CLOSED),
    ),
    Broken(
        "cap",
        "the cap of messages is not known",
        told_otherwise(written_cap=NO_CAP),
        lived(
            (*SIMPLE[:1], Level(61, 5, FRIENDLY), Level(62, 8, FIRM)),
            written_cap=Cap(2, 14),
            min_gap=1,
            answer_days={11: 0, 61: 0, 62: 0},
        ),
    ),
    Broken(
        "cap",
        "the cap of calls is not known",
        told_otherwise(call_cap=NO_CAP),
        lived(
            (*CALLS[:2], Level(63, 18, FIRM, email=False, call=True)),
            call_cap=Cap(1, 30),
            answer_days={31: 0},
        ),
        rare=True,
    ),
    Broken(
        "do_not_contact",
        "who must not be written to is not known",
        told_otherwise(unreachable=""),
        lived(before=lambda world: world.set(unreachable="do_not_contact")),
    ),
    Broken(
        "do_not_contact",
        "who must not be called is not known",
        told_otherwise(no_call=False),
        lived(CALLS, before=lambda world: world.set(no_call=True)),
        rare=True,
    ),
    Broken(
        "answer_awaited",
        "an approver does not wait for the answer either",
        cuts_short,
        sent_despite,
        rare=True,
    ),
    Broken(
        "answer_awaited",
        "the answer day is not known",
        told_otherwise(answer_by=None),
        lived(invoices=OLD),
    ),
    Broken(
        "friendly_first",
        "a ladder may begin with a firm letter",
        without(module.Ladder, "__init__", any_first_step),
        lived(FIRM_FIRST),
    ),
    Broken(
        "not_milder",
        "the standing is forgotten",
        without(module.Ladder, "standing", lambda *_: -1),
        lived(invoices=({"due": 0}, {"due": 40})),
    ),
    Broken(
        "money",
        "holds are not known",
        told_otherwise(holds=()),
        lived(before=lambda world: world.hold("disputed", 1, part=4000)),
    ),
    Broken(
        "money",
        "a hold on the whole case is not known",
        told_otherwise(holds=()),
        lived(before=lambda world: world.hold("promised", days=20)),
    ),
    Broken(
        "money",
        "credits are not known",
        told_otherwise(credits={}),
        lived(before=lambda world: world.credit(4000)),
    ),
    Broken(
        "money",
        "money on its way is not known",
        told_otherwise(in_transit={}),
        lived(before=lambda world: world.send_money(4000)),
    ),
    Broken(
        "money",
        "credits cover the newest debt first",
        without(module, "cover_oldest_first", newest_first),
        lived(
            invoices=({"due": -20}, {"due": -10}),
            before=lambda world: world.credit(4000),
        ),
    ),
    Broken(
        "money",
        "excluded invoices are asked for",
        sees_items(lambda facts: (replace(item, excluded="") for item in facts.items)),
        lived(invoices=({"due": 0, "excluded": "blocked"},)),
    ),
    Broken(
        "final_once",
        "a final notice does not end the ladder",
        without(module.Ladder, "is_final", lambda *_: False),
        lived(STANDARD, 130, ({"due": 0}, {"due": 5})),
    ),
    Broken(
        "repeat",
        "nobody remembers what was sent",
        without(module, "_repeat_on", lambda *_: date.min),
        lived(PATIENT, 40, ({"due": 0}, {"due": 14})),
    ),
    Broken(
        "courtesy",
        "what is overdue is overlooked",
        sees_items(lambda facts: (i for i in facts.items if i.due >= facts.today)),
        lived(STANDARD, 10, ({"due": -1}, {"due": 3})),
    ),
    Broken(
        "courtesy",
        "nobody remembers the notes",
        sees_items(forgets_notes),
        lived(QUICK, 10, ({"due": 10},), answer_days={21: 0, 22: 0}),
        rare=True,
    ),
    # an odd number of days: looking back then falls on the other answers
    Broken("same_answer", "the answer depends on the past", remembers, lived(days=61)),
    Broken(
        "same_answer",
        "the answer depends on the order of the facts",
        lists_holds,
        lived(before=lambda world: (world.hold("paused"), world.hold("legal"))),
    ),
    Broken(
        "acts_with_reason",
        "items climb while an answer is awaited",
        climbs_while_waiting,
        lived(invoices=OLD),
    ),
    Broken(
        "acts_with_reason",
        "a prepared reminder is not known",
        told_otherwise(live=""),
        lived(
            before=lambda world: world.set(review_always=True),
            by_itself=False,
        ),
    ),
)

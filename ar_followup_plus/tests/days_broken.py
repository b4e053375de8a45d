"""Follow-ups that break one rule each, with the days on which it shows.

A test that cannot fail proves nothing: for every check there is at least one wrong
follow-up here, made from the right one by taking a piece out.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from unittest.mock import patch

from ..models.case.ar_followup_reminder import ArFollowupReminder as Reminder
from ..models.contact.ar_followup_reminder_mail import ArFollowupReminder as Mailing
from ..models.contact.ar_followup_reminder_result import ArFollowupReminder as Result
from ..models.contact.governor import Cap
from ..models.engine import decide
from ..models.engine.ar_followup_case import ArFollowupCase as Deciding
from ..models.engine.history import ArFollowupCase as History
from ..models.engine.record import ArFollowupCase as Recording


class Broken(NamedTuple):
    """A broken follow-up.

    :param check: the check that must notice
    :param breaks: () → a context in which it is broken
    :param diary: what happens to one customer, and ``days`` that pass after it
    """

    check: str
    wrong: str
    breaks: Callable
    diary: tuple
    days: int = 3


def without(owner, name, instead):
    """A context in which a piece is replaced."""
    return lambda: patch.object(owner, name, instead)


# what is wrong -----------------------------------------------------------------------


def takes_refused_for_sent(reminder, _type, _reason):
    reminder._register_sent()


def sends_again(reminder, _reason, state="failed", **_values):
    """What nobody knows to have left is sent once more, by itself."""
    reminder._set_state("unknown")
    reminder._set_state("queued")


def forgets_a_day(own_case, *args, store=Recording._record_decisions):
    store(own_case, *args)
    own_case.env.cr.execute(
        "UPDATE ar_followup_decision SET date_from = date_from + 1"
        " WHERE date_from = %s AND date_to IS NULL",
        [date.today()],
    )


def two_steps(ladder, item):
    here = ladder.index(item)
    following = ladder.first if here < ladder.first else here + 2
    return following if following < len(ladder.levels) else None


def firm_first(ladder, item):
    """The first level is left out, and the second."""
    here = ladder.index(item)
    return max(here + 1, ladder.first + 2) if here + 1 < len(ladder.levels) else None


@contextlib.contextmanager
def without_a_gap():
    """The gap is not known, and no answer is awaited."""
    with (
        patch.object(decide, "first_day_after_gap", lambda *_: None),
        patch.object(decide, "first_day_after_answer", lambda *_: None),
    ):
        yield


# days --------------------------------------------------------------------------------


def on(days, what, **arguments):
    return days, (what, arguments)


OWES = on(0, "invoice", who=0, due=0)
OWES_LONG = on(0, "invoice", who=0, due=-20)
PREPARED_THEN_PAID = (
    on(0, "company", ar_followup_mode="review"),
    OWES_LONG,
    on(1, "pay", which=0),
)

BROKEN = (
    Broken(
        "same_as_log",
        "what the server refused counts as sent",
        without(Result, "_register_refused", takes_refused_for_sent),
        (on(0, "refuse", who=0), OWES),
    ),
    Broken(
        "same_as_log",
        "what nobody knows to have left is sent again",
        without(Reminder, "_register_failed", sends_again),
        (on(0, "die", has_left=True), OWES),
        days=4,
    ),
    Broken(
        "same_as_log",
        "what left is not put down in the log",
        without(Mailing, "_register_sent", Reminder._register_sent),
        (OWES,),
    ),
    Broken(
        "climbs",
        "what the server refused lets the items climb",
        without(Result, "_register_refused", takes_refused_for_sent),
        (on(0, "refuse", who=0), OWES),
    ),
    Broken(
        "climbs",
        "a level is left out",
        without(decide.Ladder, "target", two_steps),
        (OWES_LONG,),
        days=5,
    ),
    Broken(
        "friendly_first",
        "the ladder begins with the firm letter",
        without(decide.Ladder, "target", firm_first),
        (OWES_LONG,),
    ),
    Broken("gap", "the gap is not known", without_a_gap, (OWES_LONG,)),
    Broken(
        "gap",
        "the cap is not known",
        without(Cap, "first_day_below", lambda *_: None),
        (on(0, "rules", message_cap=1, message_cap_days=9), OWES_LONG),
        days=6,
    ),
    Broken(
        "open_money",
        "the gate does not look again",
        without(Mailing, "_cancel_outdated", lambda reminders: reminders.browse()),
        (on(0, "mail_server", works=False), OWES_LONG)
        + (on(1, "pay", which=0), on(0, "mail_server", works=True)),
    ),
    Broken(
        "open_money",
        "holds are not known",
        without(History, "_hold_facts", lambda *_: defaultdict(tuple)),
        (OWES_LONG, on(1, "hold", who=0, kind="disputed")),
        days=6,
    ),
    Broken(
        "one_decision",
        "a new reason holds from the next day on",
        without(Recording, "_record_decisions", forgets_a_day),
        (OWES,),
    ),
    Broken(
        "nothing_stuck",
        "nobody asks what became of a dead sender's mail",
        without(Mailing, "_recover_orphans", lambda reminders: reminders.browse()),
        (on(0, "die", has_left=False), OWES),
    ),
    Broken(
        "nothing_for_paid",
        "what is prepared stays prepared",
        without(Deciding, "_cancel_outdated", lambda _cases: None),
        PREPARED_THEN_PAID,
    ),
)

"""Random days over the real database, as data: what happens, and when.

A script is a list of (days that pass, (what happens, its arguments)), where what
happens is the name of a ``World`` method; a failing script reads like a diary.
"""

from hypothesis import strategies as st

from .days_world import World

amounts = st.sampled_from((40, 100, 250))
which = st.integers(0, 5)
parts = st.sampled_from((None, None, 10, 60))
waits = st.sampled_from((0, 0, 1, 1, 2, 4))
#: Days that are lived after the last thing has happened.
AFTERWARDS = 6


def event(name, **arguments):
    return st.tuples(st.just(name), st.fixed_dictionaries(arguments))


INVOICE = event("invoice", who=which, amount=amounts, due=st.integers(-18, 3))
BOOKS = (
    INVOICE,
    event("pay", which=which, part=parts),
    event("unmatch", which=which, is_returned=st.booleans()),
    event("credit", who=which, amount=amounts),
)
PEOPLE = (
    event(
        "hold",
        who=which,
        kind=st.sampled_from(("paused", "disputed", "promised", "planned")),
        which=st.none() | which,
        part=parts,
        days=st.none() | st.integers(0, 6),
    ),
    event("lift", which=which),
    event("talk", who=which, outcome=st.sampled_from(("reached", "no_answer"))),
    event("address", who=which, box=st.sampled_from((False, "office", "customer"))),
)
#: What people do with what waits for them.
OFFICE = (
    event("make_calls"),
    event("review", drop=st.sampled_from((False, False, True))),
    event("put_right", again=st.booleans()),
    event("ask"),
    event("tick"),
)
TROUBLE = (
    event("mail_server", works=st.booleans()),
    event("refuse", who=which, refuses=st.booleans()),
    event("hang_up", who=which, hangs_up=st.booleans()),
    event("die", has_left=st.booleans()),
)
INBOX = (
    event("answer_mail", who=which, by_machine=st.booleans()),
    event("report", who=which),
    event("report", who=which, action=st.just("delayed"), status=st.just("4.2.2")),
)
RULES = (
    event("rules", min_gap_days=st.integers(0, 5)),
    event("rules", message_cap=st.integers(0, 2), message_cap_days=st.just(9)),
    event("rules", working_days_only=st.booleans()),
    event("company", ar_daily_limit=st.integers(0, 2)),
    event("company", ar_followup_mode=st.sampled_from(("review", "automatic"))),
)
weighted = (INVOICE, *BOOKS * 2, *PEOPLE, *OFFICE * 2, *TROUBLE * 2, *INBOX, *RULES)
# not one_of, which gives equal weight to all that differ
events = st.sampled_from(weighted).flatmap(lambda chosen: chosen)
#: Everybody owes something from the first day on, or a short script would be empty.
scripts = st.tuples(
    st.tuples(*(st.integers(-18, 3) for _customer in range(3))),
    st.lists(st.tuples(waits, events), min_size=10, max_size=16),
).map(
    lambda script: [
        *(
            (0, ("invoice", {"who": who, "due": due}))
            for who, due in enumerate(script[0])
        ),
        *script[1],
    ]
)


def play(test, diary, people=3, afterwards=AFTERWARDS):
    """The evidence after a diary was lived in, on the database of ``test``."""
    world = World(test, people)
    for days, (name, arguments) in diary:
        world.days(days)
        getattr(world, name)(**arguments)
    world.days(afterwards)
    return world.seen

"""The vocabulary of decisions: reason codes, actions, states (pure).

The order of ``REASONS`` is the precedence: of all reasons that hold, the first
explains the case and the others are kept beside it. A later room extends the
table by inserting a row, nothing else has to change.
"""

from typing import NamedTuple

# kinds of hold: a reason code each, first that holds wins
HOLD_KINDS = (
    "legal",
    "moratorium",
    "agency",
    "disputed",
    "planned",
    "awaiting_approval",
    "promised",
    "replied",
    "paused",
)
# the kinds a person sets by hand; the others belong to their agreements
MANUAL_HOLD_KINDS = ("paused", "moratorium", "legal", "agency")

ACTIONS = ("remind", "call", "review", "hold", "none")
STATES = ("todo", "waiting", "held", "closed")


class Reason(NamedTuple):
    """What a reason code does to a case: the action it leaves, and the lane."""

    code: str
    action: str
    state: str


REASONS = (
    Reason("no_policy", "none", "held"),
    Reason("nothing_due", "none", "waiting"),
    *(Reason(kind, "hold", "held") for kind in HOLD_KINDS),
    Reason("no_followup", "hold", "held"),
    Reason("blocked", "hold", "held"),
    Reason("before_start", "hold", "held"),
    Reason("credit_covers", "hold", "held"),
    Reason("in_transit", "hold", "held"),
    Reason("tolerance", "none", "waiting"),
    Reason("ladder_done", "review", "todo"),
    Reason("bank_stale", "hold", "held"),
    Reason("unknown", "review", "todo"),
    Reason("bounced", "review", "todo"),
    Reason("do_not_contact", "review", "todo"),
    Reason("no_address", "review", "todo"),
    Reason("send_failed", "review", "todo"),
    Reason("review", "review", "todo"),
    Reason("call_open", "call", "todo"),
    Reason("awaiting_answer", "none", "waiting"),
    Reason("too_soon", "none", "waiting"),
    Reason("quiet_day", "none", "waiting"),
    Reason("contact_cap", "none", "waiting"),
    Reason("daily_limit", "none", "waiting"),
    Reason("remind", "remind", "waiting"),
)
BY_CODE = {reason.code: reason for reason in REASONS}
RANK = {reason.code: rank for rank, reason in enumerate(REASONS)}


def by_precedence(codes):
    """Reason codes in the order in which they explain a case.

    :param codes: an iterable of reason codes
    :return: tuple of the same codes, each once, the winner first
    :raises KeyError: for a code that is not in ``REASONS``
    """
    return tuple(sorted(set(codes), key=RANK.__getitem__))

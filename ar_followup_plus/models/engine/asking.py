"""Whether a customer may be asked once more, beside the ladder (pure).

A note about an agreement is a demand like any other: it keeps to what limits how
often a customer is asked, and to what is a reason to leave them alone. The ladder's
levels, amounts and answer days are no business of it.
"""

from ..case.reasons import by_precedence
from ..contact.governor import first_day_after_gap, first_open_day

# The invoices of a plan are left alone by the ladder, not by the plan's own notes.
OWN_HOLDS = ("planned",)
# states of a reminder that is about to be heard of anyway
LEAVING = ("queued", "sending")


def reason_not_to_ask(facts):
    """Why one more written demand must not be prepared now.

    :param facts: :class:`~.values.Facts`
    :return: a reason code; None: it may
    """
    return next(iter(by_precedence(_reasons(facts))), None)


def reason_not_to_leave(facts):
    """Why one that was prepared must not leave now.

    A reminder that is prepared as well gives way to it. To whom nobody can write, a
    person finds another way.

    :param facts: :class:`~.values.Facts`
    :return: a reason code; None: it may leave
    """
    codes = {*_reasons(facts)} - {"remind", facts.unreachable}
    return next(iter(by_precedence(codes)), None)


def _reasons(facts):
    for hold in facts.holds:
        if hold.item is None and hold.kind not in OWN_HOLDS:
            yield hold.kind
    if facts.excluded:
        yield facts.excluded
    if facts.bank_stale:
        yield "bank_stale"
    if facts.live == "unknown":
        yield "unknown"
    if facts.unreachable:
        yield facts.unreachable
    days = {
        "too_soon": first_day_after_gap(facts.last_demand, facts.min_gap),
        "quiet_day": first_open_day(facts.today, facts.closed),
        "contact_cap": facts.written_cap.first_day_below(facts.written),
    }
    yield from (code for code, day in days.items() if day and day > facts.today)
    if facts.limit_reached:
        yield "daily_limit"
    if facts.live in LEAVING:
        yield "remind"

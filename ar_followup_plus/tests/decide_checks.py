"""What must hold for every history of a customer, whatever happens (pure).

Each check takes the world after it was lived in, and raises ``AssertionError`` with
the day and the rule. The checks know the rules from the design, not from the code:
none of them uses what ``decide`` uses to decide.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate

from ..models.policy.tones import (
    COURTESY,
    FINAL,
    FRIENDLY,
)


def failing(world):
    """Names of the checks that this history fails."""
    return {name for name in CHECKS if fails(name, world)}


def fails(name, world):
    """Whether this history fails the check of that name."""
    try:
        CHECKS[name](world)
    except AssertionError:
        return True
    return False


def _passed(level, item):
    """Whether an item has the level behind it, in delay and in tone."""
    delay, tone = item.reached or (None, None)
    return delay is not None and level.delay <= delay and level.tone <= tone


def _level(facts, number):
    return next(level for level in facts.levels if level.id == number)


def _asked(facts, decision):
    """The items that a decision asks for."""
    return [item for item in facts.items if decision.asked.get(item.id)]


def check_one_step(world):
    """Nobody climbs two levels at once, and no item climbs twice with a message."""
    had = set()
    for step in world.steps():
        assert len({c.item for c in step.climbs}) == len(step.climbs), f"twice: {step}"
        items = {item.id: item for item in step.facts.items}
        for climb in step.climbs if step.level.tone > COURTESY else ():
            ahead = [
                level.id
                for level in step.facts.levels
                if level.tone >= FRIENDLY and not _passed(level, items[climb.item])
            ]
            new = [level for level in ahead if (climb.item, level) not in had]
            assert climb.after in (*ahead[:1], *new[:1]), f"{step.day}: {climb}"
        had |= _sent(step)


def check_once(world):
    """No level is sent twice for an invoice, whatever becomes of the policy."""
    had = set()
    for step in world.steps():
        assert not had & _sent(step), f"{step.day}: again {had & _sent(step)}"
        had |= _sent(step)


def _sent(step):
    """Items with the level a reminder was sent for; a call is made, not sent."""
    is_reminder = step.level.email and step.level.tone > COURTESY
    return {(climb.item, climb.after) for climb in step.climbs if is_reminder}


def check_not_early(world):
    """No step before its days after the due date have passed."""
    for step in world.steps():
        due = {item.id: item.due for item in step.facts.items}
        for climb in step.climbs:
            days = _level(step.facts, climb.after).delay
            day = due[climb.item] + timedelta(days=days)
            assert step.day >= day, f"{step.day}: {climb} before {day}"


def check_gap(world):
    """No message within the gap after the last demand or conversation."""
    for demand in _limited(world):
        for day in demand.contacts:
            apart = (demand.day - day).days
            assert apart >= demand.facts.min_gap, f"{demand.day}: after {apart} days"


def check_quiet_days(world):
    """No demand on a day on which the company leaves its customers alone."""
    for demand in _limited(world):
        assert demand.day not in demand.facts.closed, f"{demand.day} is closed"


def _limited(world):
    """The demands that no approver sent despite the limits."""
    return [demand for demand in world.demands if not demand.facts.despite]


def check_do_not_contact(world):
    """Nobody is written to, or called, who must not be."""
    for demand in world.demands:
        facts, by_mail = demand.facts, demand.level.email
        barred = facts.unreachable if by_mail else facts.no_call
        assert not barred, f"{demand.day}: {demand.level} despite {barred}"


def check_cap(world):
    """No more demands of a kind than the cap allows in so many days."""
    written = []
    for demand in world.demands:
        past, cap = demand.calls, demand.facts.call_cap
        if demand.level.email:
            past, cap = written, demand.facts.written_cap
        recent = [day for day in past if (demand.day - day).days < cap.days]
        kept = not cap.most or len(recent) < cap.most
        assert kept or demand.facts.despite, f"{demand.day}: after {recent}"
        if demand.level.email and demand.counts:
            written.append(demand.day)


def check_answer_awaited(world):
    """No demand before the day by which the last message asks for an answer is past."""
    for demand, answer_by in world.with_answer_day():
        assert answer_by is None or demand.day > answer_by, f"{demand.day}: {answer_by}"


def check_friendly_first(world):
    """Nobody gets a firm letter for an invoice who did not get a friendly one."""
    befriended = set()
    for step in world.steps():
        for climb in step.climbs:
            tone = _level(step.facts, climb.after).tone
            if tone == FRIENDLY:
                befriended.add(climb.item)
            if tone > FRIENDLY:
                assert climb.item in befriended, f"{step.day}: {climb}"


def check_not_milder(world):
    """No demand is milder than what any item it asks for has reached."""
    for demand in world.demands:
        for item in _asked(demand.facts, demand.decision):
            higher = [
                level
                for level in demand.facts.levels
                if _passed(level, item) and level.delay > demand.level.delay
            ]
            assert not higher, f"{demand.day}: {demand.level} to one who had {higher}"


def check_money(world):
    """Held, excluded and credited money is never asked for; oldest debts first."""
    for facts, decision in world.decided:
        free = {item.id: _free(item, facts.holds) for item in facts.items}
        for currency in {item.currency for item in facts.items}:
            items = [item for item in facts.items if item.currency == currency]
            credit = facts.credits.get(currency, 0) + facts.in_transit.get(currency, 0)
            asked = [decision.asked.get(item.id, 0) for item in items]
            open_ = accumulate(free[item.id] for item in items)
            for item, part, total, so_far in zip(
                items, asked, open_, accumulate(asked), strict=True
            ):
                assert 0 <= part <= free[item.id], f"{facts.today}: {part} of {item}"
                assert so_far <= max(total - credit, 0), f"{facts.today}: {so_far}"


def _free(item, holds):
    if item.excluded:
        return 0
    held = (
        item.residual if hold.amount is None else hold.amount
        for hold in holds
        if hold.item in (None, item.id)
    )
    return max(item.residual - sum(held), 0)


def check_final_once(world):
    """After a final notice nothing, while an item that received it is open."""
    for demand in world.demands:
        for item in demand.facts.items:
            final = item.reached is not None and item.reached[1] == FINAL
            assert not final, f"{demand.day}: {demand.level} after a final notice"


def check_repeat(world):
    """A level is not sent again to the customer within its days."""
    last = {}
    for demand in world.demands:
        day = last.get(demand.level.id)
        days = _level(demand.facts, demand.level.id).repeat_after
        assert day is None or (demand.day - day).days >= days, f"{demand.day}: {day}"
        if demand.counts:
            last[demand.level.id] = demand.day


def check_courtesy(world):
    """Courtesy notes only when nothing is overdue, and one per invoice at most."""
    noted = set()
    for demand in world.demands:
        if demand.level.tone != COURTESY:
            continue
        for item in demand.facts.items:
            assert item.due >= demand.day, f"{demand.day}: {item} is overdue"
        items = {climb.item for climb in demand.decision.climbs}
        assert not items & noted, f"{demand.day}: a second note for {items & noted}"
        noted |= items if demand.counts else set()


def check_same_answer(world):
    """Equal facts give equal decisions, in whatever order they were noted down."""
    for facts, decision in world.decided:
        again = replace(
            facts,
            holds=facts.holds[::-1],
            credits=dict(reversed(facts.credits.items())),
            in_transit=dict(reversed(facts.in_transit.items())),
            sent=dict(reversed(facts.sent.items())),
        )
        assert world.decide(again) == decision, f"{facts.today}: not the same twice"


def check_acts_with_reason(world):
    """Only a decision to remind, call or review makes anybody climb."""
    for facts, decision in world.decided:
        acts = decision.action in ("remind", "call", "review")
        says = decision.reason in ("remind", "review")
        if decision.climbs:
            assert acts and says and decision.level, f"{facts.today}: {decision}"
            assert not facts.live, f"{facts.today}: a second reminder beside a live one"
        else:
            assert decision.level is None, f"{facts.today}: {decision}"


#: by the word that the tests of broken decides use
CHECKS = {
    name.removeprefix("check_"): check
    for name, check in list(globals().items())
    if name.startswith("check_")
}

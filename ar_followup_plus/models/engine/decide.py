"""One decision per customer and day, from plain facts (pure).

``decide`` is the only place that says whether, how and why a customer is
contacted. Preview, the daily run, a button, an event and the gate before the
mail server all call it, so none of them can disagree.

Amounts are integers in the minor unit of their currency. Days are dates in the
company's time zone; "today" is part of the facts.
"""

from datetime import date, timedelta

from ..case.reasons import BY_CODE, RANK, by_precedence
from ..contact.governor import (
    first_day_after_answer,
    first_day_after_gap,
    first_open_day,
)
from ..ledger.ageing import cover_oldest_first, is_overdue
from ..policy.tones import COURTESY, FINAL, FIRM, FRIENDLY
from .values import Climb, Decision, Facts, in_own


def decide(facts: Facts) -> Decision:
    """The one decision for a customer on ``facts.today``.

    :return: a :class:`Decision`; equal facts give equal decisions
    """
    ladder = Ladder(facts)
    money = Money(facts)
    step = NextStep(facts, ladder, money)
    reasons = by_precedence(_reasons(facts, ladder, money, step))
    winner = BY_CODE[reasons[0]]
    fresh = winner.code in ("remind", "review") and not facts.live
    action = winner.action
    if winner.code == "remind" and fresh and not step.level.email:
        action = "call"
    state = "todo" if action == "call" else winner.state
    if (fresh and winner.code == "review") or _call_lies_ahead(facts, winner):
        state = "waiting"  # for the run to prepare it, or for the day of the call
    if not facts.items:
        state = "closed"
    standing = ladder.standing(facts.items)
    return Decision(
        action=action,
        reason=winner.code,
        state=state,
        other_reasons=tuple(
            code for code in reasons[1:] if code not in ("daily_limit", "remind")
        ),
        level=step.level.id if fresh else None,
        next_level=step.level.id if step.level else None,
        next_date=_next_date(facts, winner, step),
        climbs=step.climbs if fresh else (),
        asked=step.listed,
        shielded=money.shielded,
        standing=ladder.levels[standing].id if standing >= 0 else None,
    )


def is_message(decision: Decision) -> bool:
    """Whether a decision prepares a new message; calls are not counted as such."""
    return bool(decision.climbs) and decision.action != "call"


class Ladder:
    """The policy's levels, and where an item stands on them (index, -1: none)."""

    def __init__(self, facts):
        self.levels = facts.levels
        friendly = [i for i, level in enumerate(self.levels) if level.tone >= FRIENDLY]
        self.first = friendly[0] if friendly else None
        if friendly and self.levels[self.first].tone != FRIENDLY:
            self.first = None  # nobody starts with a firm letter

    def index(self, item):
        """The last level not above what the item has reached, in delay and tone."""
        if item.reached is None:
            return -1
        delay, tone = item.reached
        place = -1
        for i, level in enumerate(self.levels):
            if level.delay <= delay and level.tone <= tone:
                place = i
        return place

    def target(self, item):
        """Index of the item's next step once overdue, or None at the top.

        After an edit or another policy, a level it had may stand above it again.
        """
        if self.first is None:
            return None
        for i in range(max(self.index(item) + 1, self.first), len(self.levels)):
            if self.levels[i].id not in item.had:
                return i
        return None

    def standing(self, items):
        """Index of the highest level among ``items``, -1 when none has any."""
        return max((self.index(item) for item in items), default=-1)

    def is_final(self, item):
        return item.reached is not None and item.reached[1] >= FINAL


class Money:
    """What may be asked for, item by item, once holds and credits are set off.

    ``asked`` and ``shielded`` (by reason code) add up to each item's residual.
    """

    def __init__(self, facts):
        self.shielded = {item.id: {} for item in facts.items}
        self.asked = {item.id: item.residual for item in facts.items}
        holds = sorted(facts.holds, key=lambda hold: RANK[hold.kind])
        for item in facts.items:
            if item.excluded:
                self._shield(item.id, item.excluded, item.residual)
            for hold in holds:
                if hold.item in (None, item.id):
                    amount = item.residual if hold.amount is None else hold.amount
                    self._shield(item.id, hold.kind, amount)
        for code, pools in (
            ("credit_covers", facts.credits),
            ("in_transit", facts.in_transit),
        ):
            for currency, pool in pools.items():
                self._cover(facts, code, currency, pool)

    def _shield(self, item, code, amount):
        """Take ``amount``, or what is left, out of what is asked for."""
        part = min(amount, self.asked[item])
        if part:
            shielded = self.shielded[item]
            shielded[code] = shielded.get(code, 0) + part
            self.asked[item] -= part

    def _cover(self, facts, code, currency, pool):
        items = [item for item in facts.items if item.currency == currency]
        parts = cover_oldest_first([self.asked[item.id] for item in items], pool)
        for item, part in zip(items, parts, strict=True):
            self._shield(item.id, code, part)

    def company_total(self, items):
        """What ``items`` ask for, in minor units of the company's currency."""
        return sum(in_own(item, self.asked[item.id]) for item in items)


class NextStep:
    """The step the ladder offers: which level, which items, from which day."""

    def __init__(self, facts, ladder, money):
        self.overdue = [i for i in facts.items if is_overdue(i.due, facts.today)]
        self.open = [i for i in facts.items if money.asked[i.id] > 0]
        asking = [i for i in self.overdue if money.asked[i.id] > 0]
        self.total = money.company_total(asking)
        self.listed = {item.id: money.asked[item.id] for item in asking}
        self.level = None
        self.climbs = ()
        self.ready = None  # first day the step may be taken
        self.stuck = False  # nothing can climb any more
        self.next_start = self._next_start(facts, ladder)
        if asking:
            self._climb(facts, ladder, asking)
        elif not self.overdue:
            self._look_ahead(facts, ladder, money)

    def _climb(self, facts, ladder, asking):
        """The message at the highest level due; all due items climb with it."""
        steps = []  # item, index of its next level, first day for it
        for item in asking:
            target = ladder.target(item)
            if target is not None:
                steps.append((item, target, _reached_on(item, ladder.levels[target])))
        repeat = {i: _repeat_on(facts, ladder.levels[i]) for _item, i, _day in steps}
        # Items that ask for nothing (disputed, promised) do not silence the rest.
        standing = ladder.standing(asking)
        # of equal days, the highest level comes first
        triggers = [
            (max(day, repeat[target]), -target)
            for _item, target, day in steps
            if target >= standing
        ]
        if not triggers:
            self.stuck = ladder.first is not None
            return
        due = [-target for day, target in triggers if day <= facts.today]
        if due:
            self.ready, top = facts.today, max(due)
        else:
            self.ready, top = min(triggers)
            top = -top
        self.level = ladder.levels[top]
        self.climbs = tuple(
            Climb(item.id, _level_id(ladder, item), ladder.levels[target].id)
            for item, target, day in steps
            if target <= top and day <= facts.today
        )

    def _look_ahead(self, facts, ladder, money):
        """Nothing is overdue: a courtesy note, or the day the ladder begins."""
        fresh = [item for item in self.open if item.reached is None]
        courtesy = [level for level in ladder.levels if level.tone == COURTESY]
        steps = []
        for item in fresh:
            reached = [lv for lv in courtesy if _reached_on(item, lv) <= facts.today]
            ahead = [lv for lv in courtesy if _reached_on(item, lv) > facts.today]
            for level in reached[-1:] + ahead:
                day = max(_reached_on(item, level), _repeat_on(facts, level))
                if day <= item.due:
                    steps.append((max(day, facts.today), level, item))
        if ladder.first is not None:
            for item in self.open:
                level = ladder.levels[ladder.target(item) or ladder.first]
                steps.append((_reached_on(item, level), level, item))
        if not steps:
            return
        self.ready, self.level, _item = min(
            steps, key=lambda step: (step[0], -step[1].delay)
        )
        if self.level.tone == COURTESY and self.ready <= facts.today:
            noted = [
                i for day, lv, i in steps if lv == self.level and day == self.ready
            ]
            self.climbs = tuple(Climb(i.id, None, self.level.id) for i in noted)
            self.listed = {i.id: money.asked[i.id] for i in noted}
            self.total = money.company_total(noted)

    def _next_start(self, facts, ladder):
        """The day the next item that is not overdue yet begins its ladder."""
        if ladder.first is None:
            return None
        level = ladder.levels[ladder.first]
        ahead = [i for i in self.open if not is_overdue(i.due, facts.today)]
        return min((_reached_on(item, level) for item in ahead), default=None)

    @property
    def is_courtesy(self):
        return bool(self.climbs) and self.level.tone == COURTESY


def _level_id(ladder, item):
    index = ladder.index(item)
    return ladder.levels[index].id if index >= 0 else None


def _reached_on(item, level):
    """The day from which an item may be asked for at ``level``."""
    # a level at delay 0 still waits until the item is overdue
    days = level.delay if level.tone == COURTESY else max(level.delay, 1)
    return item.due + timedelta(days=days)


def _repeat_on(facts, level):
    """The first day ``level`` may be sent to this customer (again)."""
    last = facts.sent.get(level.id)
    return last + timedelta(days=level.repeat_after) if last else date.min


def _waits_until(facts, step):
    """Days before which no demand may go out, by reason code."""
    days = {"awaiting_answer": first_day_after_answer(facts.answer_by)}
    if not facts.despite:
        days |= {
            "too_soon": first_day_after_gap(facts.last_demand, facts.min_gap),
            "quiet_day": first_open_day(facts.today, facts.closed),
            "contact_cap": _below_cap(facts, step),
        }
    return {code: day for code, day in days.items() if day and day > facts.today}


def _below_cap(facts, step):
    """The first day on which the step is not one contact too many."""
    if step.level is None:
        return None
    if step.level.email:
        return facts.written_cap.first_day_below(facts.written)
    return facts.call_cap.first_day_below(facts.called)


def _reasons(facts, ladder, money, step):
    """Every reason code that holds; their precedence is data."""
    if not facts.levels or ladder.first is None:
        yield "no_policy"
    if not step.overdue and not step.is_courtesy:
        yield "nothing_due"
    yield from (hold.kind for hold in facts.holds if hold.item is None)
    if facts.excluded:
        yield facts.excluded
    if step.overdue:
        yield from _nothing_to_ask(facts, money, step)
    if step.listed and step.total <= facts.tolerance:
        yield "tolerance"
    if any(ladder.is_final(item) for item in facts.items) or step.stuck:
        yield "ladder_done"
    if facts.bank_stale:
        yield "bank_stale"
    yield from _delivery_reasons(facts, step)
    if facts.call_open:
        yield "call_open"
    yield from _waits_until(facts, step)
    if step.overdue and step.ready and step.ready > facts.today:
        yield "too_soon"
    if facts.limit_reached and not facts.live:
        yield "daily_limit"
    yield "remind"


def _nothing_to_ask(facts, money, step):
    """Item-level reasons explain a case only when they leave nothing to ask."""
    if not step.listed:
        codes = {code for item in step.overdue for code in money.shielded[item.id]}
        # A hold on the whole case that shields something is the explanation: the
        # items' own reasons would leave that to ask for.
        if codes.isdisjoint(hold.kind for hold in facts.holds if hold.item is None):
            yield from codes


def _delivery_reasons(facts, step):
    if facts.live == "unknown":
        yield "unknown"
    if facts.undelivered:
        yield facts.undelivered
    by_mail = step.level is not None and step.level.email
    decides = by_mail and facts.decider_reachable and step.level.tone >= FIRM
    if by_mail and facts.unreachable and not facts.live and not decides:
        yield facts.unreachable
    due = step.ready is not None and step.ready <= facts.today
    due = due and not _waits_until(facts, step)
    if facts.no_call and (facts.call_open or (due and not by_mail)):
        yield "do_not_contact"
    reviewed = by_mail and (facts.review_always or step.level.review)
    if facts.live == "to_review":
        yield "review"
    elif (
        reviewed
        and due
        and not facts.live
        and not facts.call_open
        and not facts.limit_reached
    ):
        yield "review"


def _call_lies_ahead(facts, winner):
    """Whether the call that holds the ladder is planned for a later day."""
    later = facts.call_on is not None and facts.call_on > facts.today
    return winner.code == "call_open" and later


def _next_date(facts, winner, step):
    """The day on which the calendar alone may change this decision."""
    if _call_lies_ahead(facts, winner):
        return facts.call_on
    if winner.code == "remind":
        return facts.today
    if not facts.items or winner.action in ("review", "call"):
        return None
    if winner.code == "daily_limit":
        return first_open_day(facts.today + timedelta(days=1), facts.closed)
    if winner.state == "held":
        return _held_until(facts, winner.code, step)
    if winner.code == "tolerance":
        return step.next_start
    days = [day for day in (*_waits_until(facts, step).values(), step.ready) if day]
    return first_open_day(max(days), facts.closed) if days else None


def _held_until(facts, reason, step):
    """The first day on which there may be something to ask for again."""
    if reason in ("no_policy", "bank_stale", facts.excluded):
        return None
    whole = [hold.until for hold in facts.holds if hold.item is None]
    if whole:
        return max(whole) + timedelta(days=1) if all(whole) else None
    parts = [hold.until for hold in facts.holds if hold.until]
    days = [until + timedelta(days=1) for until in parts]
    return min((day for day in (*days, step.next_start) if day), default=None)

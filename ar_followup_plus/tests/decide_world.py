"""A small world for ``decide``: one customer, one company, day by day (pure).

It does what the engine, the bank, the people and the customer do, with plain
values: the run of the day, invoices, payments, credits, holds, edits of the policy,
calls made, reminders reviewed. Every decision and every demand is kept, so that a
test can look back at the whole history.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ..models.contact.governor import NO_CAP, Cap
from ..models.engine.decide import decide
from ..models.engine.values import Climb, Decision, Facts, Hold, Item, Level
from ..models.policy.tones import COURTESY, FINAL, FIRM, FRIENDLY

#: A Monday.
START = date(2026, 1, 5)
EURO, DOLLAR = 1, 2
#: Units of the company's currency (the euro) for one of each.
RATE = {EURO: 1.0, DOLLAR: 0.5}

NOTE, FIRST, SECOND, LETTER, CALL, NOTICE = range(1, 7)
#: The ladder that is shipped as data.
STANDARD = (
    Level(NOTE, -3, COURTESY),
    Level(FIRST, 3, FRIENDLY),
    Level(SECOND, 14, FRIENDLY),
    Level(LETTER, 30, FIRM, call=True),
    Level(CALL, 60, FIRM, email=False, call=True),
    Level(NOTICE, 90, FINAL, review=True),
)
#: Weekends, and a week's holiday one month after the first day.
CLOSED = frozenset(
    START + timedelta(days=day)
    for day in range(800)
    if day % 7 in (5, 6) or 30 <= day < 37
)
#: Days to answer, by level id; 7 for all others.
ANSWER_DAYS = {NOTE: 0, NOTICE: 10}
#: What was agreed during a call does not undo that it was made.
AFTER_A_CALL = {"last_demand": None, "answer_by": None, "holds": (), "no_call": False}
#: A ladder of two friendly and one firm mail, that lets nothing but days pass.
SIMPLE = (Level(11, 3, FRIENDLY), Level(12, 14, FRIENDLY), Level(13, 30, FIRM))


@dataclass
class Debt:
    """An invoice, or an instalment of one. Amounts in minor units."""

    id: int
    due: date
    currency: int
    total: int
    residual: int
    level: int | None = None
    excluded: str = ""
    had: set = field(default_factory=set)  # ids of the levels sent for it


@dataclass
class Step:
    """Items that climbed: with a message that was sent, or a call that was made."""

    day: date
    facts: Facts
    level: Level
    climbs: tuple[Climb, ...]
    before: dict  # item → id of the level it stood on
    taken_back: bool = False


@dataclass
class Demand:
    """A message that was sent, or a call that was planned.

    :param contacts: days on which the customer heard of us before
    :param calls: days on which they were called before
    :param step: what climbed with it; None while a call is open
    """

    day: date
    facts: Facts
    decision: Decision
    level: Level
    contacts: tuple[date, ...]
    calls: tuple[date, ...]
    step: Step | None = None

    @property
    def counts(self):
        """Whether its level was reached: it arrived, or the call was made."""
        return self.step is not None and not self.step.taken_back


@dataclass
class World:
    """See the module. ``decide`` is the function under test."""

    levels: tuple[Level, ...] = STANDARD
    decide: object = decide
    min_gap: int = 5
    tolerance: int = 0
    closed: frozenset[date] = frozenset()
    written_cap: Cap = NO_CAP
    call_cap: Cap = NO_CAP
    today: date = START
    answer_days: dict = field(default_factory=lambda: dict(ANSWER_DAYS))
    #: whether calls are made, reminders reviewed and failures dealt with by themselves
    by_itself: bool = True

    def __post_init__(self):
        self.known = {level.id: level for level in self.levels}
        self.debts = []
        self.holds = []
        self.credits, self.in_transit = {}, {}
        self.open_call = None  # id of the level that asked for it
        self.call_on = None  # the day for which it was planned
        self.called = {}  # level without mail → day it was last reached
        self.prepared = None  # the decision that waits for review
        self.mail_down = False
        self.undelivered = ""
        self.setting = []  # (last day or None, facts that are simply so)
        self.decided = []  # (facts, decision), of every call
        self.demands = []
        self.contacts = []
        self.calls = []

    # facts, as the engine gathers them -------------------------------------------

    def facts(self):
        messages = [d for d in self.demands if d.level.email and d.counts]
        answer = self.answer_day(messages[-1]) if messages else None
        simply = {}
        for until, setting in self.setting:
            if until is None or until >= self.today:
                simply.update(setting)
        return Facts(
            today=self.today,
            levels=self.levels,
            items=tuple(self._item(debt) for debt in self._open_debts()),
            credits=dict(self.credits),
            in_transit=dict(self.in_transit),
            holds=tuple(h for h in self.holds if not h.until or h.until >= self.today),
            tolerance=self.tolerance,
            min_gap=self.min_gap,
            sent={**self.called, **{d.level.id: d.day for d in messages}},
            last_demand=max(self.contacts, default=None),
            answer_by=answer,
            live="to_review" if self.prepared else "",
            undelivered=self.undelivered,
            call_open=self.open_call is not None,
            call_on=self.call_on,
            written=tuple(demand.day for demand in messages),
            called=tuple(self.calls),
            written_cap=self.written_cap,
            call_cap=self.call_cap,
            closed=self.closed,
            **simply,
        )

    def _open_debts(self):
        debts = [debt for debt in self.debts if debt.residual]
        return sorted(debts, key=lambda debt: (debt.due, debt.id))

    def _item(self, debt):
        level = self.known.get(debt.level)
        return Item(
            id=debt.id,
            due=debt.due,
            currency=debt.currency,
            residual=debt.residual,
            company_residual=round(debt.residual * RATE[debt.currency]),
            reached=(level.delay, level.tone) if level else None,
            excluded=debt.excluded,
            had=frozenset(debt.had),
        )

    def _decide(self, **changes):
        facts = replace(self.facts(), **changes)
        decision = self.decide(facts)
        self.decided.append((facts, decision))
        return facts, decision

    # the engine's day ------------------------------------------------------------

    def work(self):
        """The day's run. Returns the decision."""
        if self.prepared and not self._still_right():
            self.prepared = None
        if self.by_itself:
            self.acknowledge()
            if self.open_call and self.call_on <= self.today:
                self.close_call()
        facts, decision = self._decide()
        if decision.climbs and decision.action == "remind":
            self._send(facts, decision)
        elif decision.climbs and decision.action == "review":
            self.prepared = decision
            if self.by_itself:
                self.review()
        elif decision.climbs and decision.action == "call":
            self._demand(facts, decision)
            self.open_call, self.call_on = decision.level, self.today
        return decision

    def days(self, count):
        """Work so many days, from today on. Returns the last day's decision."""
        decision = None
        for _day in range(count):
            decision = self.work()
            self.today += timedelta(days=1)
        return decision

    def _demand(self, facts, decision):
        level = self.known[decision.level]
        before = (tuple(self.contacts), tuple(self.calls))
        self.demands.append(Demand(self.today, facts, decision, level, *before))

    def _send(self, facts, decision):
        if self.mail_down:
            self.undelivered = "send_failed"
            return
        self._demand(facts, decision)
        self._climb(facts, decision)
        self.contacts.append(self.today)
        demand = self.demands[-1]
        if demand.level.call and self.open_call is None and not facts.no_call:
            self.open_call = decision.level
            self.call_on = self.answer_day(demand) or self.today

    def _climb(self, facts, decision):
        """The items climb with the last demand."""
        before = {c.item: self._debt(c.item).level for c in decision.climbs}
        level = self.known[decision.level]
        for climb in decision.climbs:
            self._debt(climb.item).level = climb.after
            if level.email:
                self._debt(climb.item).had.add(climb.after)
        step = Step(self.today, facts, level, decision.climbs, before)
        self.demands[-1].step = step

    def _still_right(self):
        """Whether what waits would be prepared again; a closed day changes nothing."""
        _facts, decision = self._decide(live="", closed=frozenset())
        same = self.prepared.level == decision.level
        return decision.climbs and same and self.prepared.asked == decision.asked

    def _debt(self, number):
        return next(debt for debt in self.debts if debt.id == number)

    # people ----------------------------------------------------------------------

    def review(self):
        """A person releases the prepared reminder; the gate looks again."""
        if self.prepared and self.today not in self.closed:
            if self._still_right():
                self._send(*self._decide(live=""))
            self.prepared = None

    def send_despite(self):
        """An approver sends what nothing but the limits keeps back."""
        facts, decision = self._decide(despite=True, limit_reached=False)
        if decision.climbs and decision.action == "remind":
            self._send(facts, decision)

    def close_call(self):
        """The collector makes the open call; a step without mail is reached now."""
        level = self.known.get(self.open_call)
        self.open_call = self.call_on = None
        if level and not level.email:
            facts, decision = self._decide(**AFTER_A_CALL)
            if decision.level == level.id:
                self._climb(facts, decision)
            self.called[level.id] = self.today
        if level:
            self.contacts.append(self.today)
            self.calls.append(self.today)

    def talk(self):
        """A conversation with the customer, logged."""
        self.contacts.append(self.today)

    def hold(self, kind="paused", item=None, part=None, days=None):
        """Leave the case (``item`` None), an item or ``part`` of it alone."""
        until = None if days is None else self.today + timedelta(days=days)
        self.holds.append(Hold(kind, item, part, until))

    def lift(self, which=0):
        if self.holds:
            self.holds.pop(which % len(self.holds))

    def mail_server(self, works):
        self.mail_down = not works

    def acknowledge(self):
        """A person deals with what did not arrive."""
        self.undelivered = ""

    def bounce(self):
        """The last message comes back: its step is taken back."""
        demand = self.demands[-1] if self.demands else None
        if demand and demand.level.email and demand.counts:
            demand.step.taken_back = True
            self.undelivered = "bounced"
            for climb in demand.step.climbs:
                debt = self._debt(climb.item)
                debt.level = demand.step.before[climb.item]
                debt.had.remove(climb.after)

    def set(self, days=None, **facts):
        """Facts that are simply so for some days: ``bank_stale``, ``unreachable``, …"""
        until = None if days is None else self.today + timedelta(days=days)
        self.setting.append((until, facts))

    # the policy ------------------------------------------------------------------

    def use(self, levels):
        """The customer gets another policy."""
        self.levels = tuple(levels)
        self.known.update((level.id, level) for level in self.levels)

    def move_levels(self, days):
        """Every level of the policy that asks comes later, or earlier but not first."""
        asking = [level.delay for level in self.levels if level.tone > COURTESY]
        days = max(days, -min(asking, default=0))
        self.use(
            replace(level, delay=level.delay + days) if level.tone > COURTESY else level
            for level in self.levels
        )

    def archive(self, which):
        """Archive a level, unless the ladder would begin with a firm letter then."""
        gone = which % max(len(self.levels), 1)
        left = self.levels[:gone] + self.levels[gone + 1 :]
        if FRIENDLY in {level.tone for level in left}:
            self.levels = left

    def rules(self, **changes):
        """Change contact rules: ``min_gap``, ``tolerance``, ``closed``, the caps."""
        for name, value in changes.items():
            setattr(self, name, value)

    def close_weekends(self):
        """From now on, nobody is asked on weekends and in the week's holiday."""
        self.closed = CLOSED

    # the books -------------------------------------------------------------------

    def invoice(self, amount=10000, due=0, currency=EURO, excluded=""):
        """A posted invoice, due in so many days. Returns its item's number."""
        number = len(self.debts) + 1
        day = self.today + timedelta(days=due)
        debt = Debt(number, day, currency, amount, amount, excluded=excluded)
        self.debts.append(debt)
        return number

    def pay(self, item, amount=None):
        """A payment settles an invoice, in full or in part."""
        debt = self._debt(item)
        debt.residual -= debt.residual if amount is None else min(amount, debt.residual)

    def unpay(self, item):
        """A payment is undone: the invoice is open again."""
        self._debt(item).residual = self._debt(item).total

    def credit(self, amount, currency=EURO):
        """Set the customer's unallocated credit."""
        self.credits[currency] = amount

    def send_money(self, amount, currency=EURO):
        """Set what is on its way from the customer."""
        self.in_transit[currency] = amount

    # looking back ----------------------------------------------------------------

    def told(self):
        """What the customer got: list of (days since START, level id)."""
        return [((demand.day - START).days, demand.level.id) for demand in self.demands]

    def steps(self):
        """What climbed and still counts, oldest first."""
        return [demand.step for demand in self.demands if demand.counts]

    def answer_day(self, demand):
        """The day by which a message asks for an answer, if it does."""
        days = self.answer_days.get(demand.level.id, 7)
        return demand.day + timedelta(days=days) if days else None

    def with_answer_day(self):
        """Demands, each with the day by which the message before asked to answer."""
        answer_by = None
        for demand in self.demands:
            yield demand, answer_by
            if demand.level.email and demand.counts:
                answer_by = self.answer_day(demand)

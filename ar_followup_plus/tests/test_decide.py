"""Why a customer is contacted or not: an example of every reason, and who wins."""

from dataclasses import replace
from functools import wraps

from ..models.case.reasons import HOLD_KINDS, RANK, REASONS
from ..models.contact.governor import Cap
from ..models.engine.decide import decide
from ..models.engine.values import Hold
from ..models.policy.tones import FINAL, FIRM
from .common_pure import ReasonCase, day, facts, item
from .decide_scripts import FIRM_FIRST
from .decide_world import (
    CALL,
    CLOSED,
    DOLLAR,
    EURO,
    FIRST,
    LETTER,
    NOTE,
    SECOND,
    SIMPLE,
    STANDARD,
)


def explains(*codes):
    """Mark a test as the example of reasons; it must meet each as the winner."""

    def decorate(test):
        @wraps(test)
        def run(self):
            self.met = set()
            test(self)
            self.assertLessEqual(set(codes), self.met)

        run.explains = codes
        return run

    return decorate


class TestReasons(ReasonCase):
    def test_every_reason_has_an_example(self):
        """A new reason code needs an example here."""
        tests = vars(type(self)).values()
        explained = {code for test in tests for code in getattr(test, "explains", ())}
        self.assertEqual(explained, {reason.code for reason in REASONS})

    def test_an_example_must_meet_its_reason(self):
        """The mark alone does not count."""
        test = explains("paused")(lambda self: self.decide())
        with self.assertRaises(AssertionError):
            test(self)

    @explains("no_policy")
    def test_no_policy(self):
        for levels in ((), FIRM_FIRST, STANDARD[:1]):
            decision = self.decide(levels=levels)
            self.assertReason(decision, "no_policy", "none", "held")
            self.assertEqual(decision.other_reasons, ())
            self.assertIsNone(decision.next_date)

    def test_no_policy_does_not_keep_a_case_open(self):
        decision = self.decide(levels=(), items=())
        self.assertReason(decision, "no_policy", "none", "closed")

    @explains("nothing_due")
    def test_nothing_due(self):
        """Nothing is overdue: the ladder begins three days after the due date."""
        decision = self.decide(item(late=-10), levels=STANDARD[1:])
        self.assertReason(decision, "nothing_due", "none", "waiting")
        self.assertEqual((decision.next_date, decision.next_level), (day(13), FIRST))

    def test_due_today_is_not_overdue(self):
        decision = self.decide(item(late=0), levels=SIMPLE)
        self.assertReason(decision, "nothing_due", "none", "waiting")

    def test_nothing_open(self):
        """All is settled: closed, whatever the calendar still holds."""
        decision = self.decide(items=(), answer_by=day(4), holds=(Hold("paused"),))
        self.assertReason(decision, "nothing_due", "none", "closed")
        self.assertIsNone(decision.next_date)

    @explains(*HOLD_KINDS)
    def test_holds_on_the_case(self):
        for kind in HOLD_KINDS:
            decision = self.decide(holds=(Hold(kind, until=day(6)),))
            self.assertReason(decision, kind, "hold", "held")
            self.assertEqual(decision.asked, {})
            self.assertEqual(decision.next_date, day(7), "held for its last day, too")

    def test_holds_on_the_only_invoice(self):
        for kind in HOLD_KINDS:
            decision = self.decide(holds=(Hold(kind, item=1),))
            self.assertReason(decision, kind, "hold", "held")
            self.assertIsNone(decision.next_date, "until somebody lifts it")

    @explains("no_followup")
    def test_no_followup(self):
        """The customer as a whole, or each of their overdue invoices."""
        for decision in (
            self.decide(excluded="no_followup"),
            self.decide(item(excluded="no_followup")),
        ):
            self.assertReason(decision, "no_followup", "hold", "held")

    @explains("blocked")
    def test_blocked_invoice(self):
        decision = self.decide(item(excluded="blocked"))
        self.assertReason(decision, "blocked", "hold", "held")
        self.assertEqual(decision.shielded, {1: {"blocked": 10000}})

    @explains("before_start")
    def test_due_before_follow_up_began(self):
        """An old invoice is left alone; the next one begins the ladder."""
        decision = self.decide(item(excluded="before_start"), item(2, late=-5))
        self.assertReason(decision, "before_start", "hold", "held")
        self.assertEqual(decision.next_date, day(8))

    @explains("credit_covers")
    def test_a_credit_covers_it(self):
        decision = self.decide(credits={EURO: 10000})
        self.assertReason(decision, "credit_covers", "hold", "held")

    @explains("in_transit")
    def test_money_on_its_way(self):
        decision = self.decide(in_transit={EURO: 10000})
        self.assertReason(decision, "in_transit", "hold", "held")

    @explains("tolerance")
    def test_the_rest_is_small(self):
        """Five euros left is not asked for, five euros and a cent is."""
        decision = self.decide(item(amount=500), item(2, late=-1), tolerance=500)
        self.assertReason(decision, "tolerance", "none", "waiting")
        self.assertEqual(decision.next_date, day(4), "when more may become due")
        decision = self.decide(item(amount=501), tolerance=500)
        self.assertReason(decision, "remind", "remind", "waiting")

    def test_tolerance_is_of_the_total_in_company_currency(self):
        """4 € and 8 $ of half a euro make 8 €; a held part does not count."""
        items = item(1, amount=400), item(2, amount=800, currency=DOLLAR)
        self.assertEqual(self.decide(*items, tolerance=799).reason, "remind")
        self.assertEqual(self.decide(*items, tolerance=800).reason, "tolerance")
        holds = (Hold("disputed", 2, 2),)
        decision = self.decide(*items, tolerance=799, holds=holds)
        self.assertEqual(decision.reason, "tolerance")

    @explains("ladder_done")
    def test_after_the_final_notice(self):
        """One final notice, then a person: also for all that is overdue besides."""
        had_notice = item(1, late=120, reached=(90, FINAL))
        decision = self.decide(had_notice, item(2, late=20))
        self.assertReason(decision, "ladder_done", "review", "todo")
        self.assertIsNone(decision.next_date)
        self.assertEqual(self.decide(item(2, late=20)).reason, "remind")

    def test_at_the_top_of_a_ladder_without_final_notice(self):
        decision = self.decide(item(1, 99, reached=(30, FIRM)), item(2), levels=SIMPLE)
        self.assertReason(decision, "ladder_done", "review", "todo")

    @explains("bank_stale")
    def test_the_bank_statements_are_old(self):
        decision = self.decide(bank_stale=True)
        self.assertReason(decision, "bank_stale", "hold", "held")

    @explains("unknown")
    def test_nobody_knows_whether_it_left(self):
        decision = self.decide(live="unknown")
        self.assertReason(decision, "unknown", "review", "todo")

    @explains("bounced", "send_failed")
    def test_the_last_message_did_not_arrive(self):
        for code in ("bounced", "send_failed"):
            decision = self.decide(undelivered=code)
            self.assertReason(decision, code, "review", "todo")

    @explains("no_address")
    def test_nobody_to_write_to(self):
        decision = self.decide(unreachable="no_address")
        self.assertReason(decision, "no_address", "review", "todo")

    @explains("do_not_contact")
    def test_nobody_may_be_written_to(self):
        decision = self.decide(unreachable="do_not_contact")
        self.assertReason(decision, "do_not_contact", "review", "todo")

    @explains("review")
    def test_a_person_reads_it_first(self):
        """The level, the policy or the mode asks for it: once the run prepared it."""
        ready = item(late=100, reached=(60, FIRM))
        for decision in (self.decide(ready), self.decide(review_always=True)):
            self.assertReason(decision, "review", "review", "waiting")
            self.assertTrue(decision.climbs)
        waiting = self.decide(ready, live="to_review")
        self.assertReason(waiting, "review", "review", "todo")
        self.assertFalse(waiting.climbs, "nothing is prepared twice")

    def test_no_review_of_what_is_not_due_yet(self):
        """A person is not asked to read what may not leave."""
        ready = item(late=100, reached=(60, FIRM))
        for hindrance, code in (
            ({"answer_by": day(0)}, "awaiting_answer"),
            ({"last_demand": day(-1), "min_gap": 5}, "too_soon"),
            ({"limit_reached": True}, "daily_limit"),
            ({"call_open": True}, "call_open"),
        ):
            self.assertEqual(self.decide(ready, **hindrance).reason, code)

    @explains("call_open")
    def test_a_call_is_to_be_made(self):
        decision = self.decide(call_open=True)
        self.assertReason(decision, "call_open", "call", "todo")
        self.assertIsNone(decision.next_date, "the calendar does not make the call")

    def test_a_call_announced_for_the_answer_day(self):
        """Nothing to do for the collector yet; nobody is written to before the call."""
        decision = self.decide(call_open=True, call_on=day(7), answer_by=day(7))
        self.assertReason(decision, "call_open", "call", "waiting")
        self.assertEqual(decision.next_date, day(7))
        decision = self.decide(call_open=True, call_on=day(0), answer_by=day(0))
        self.assertReason(decision, "call_open", "call", "todo")
        self.assertIsNone(decision.next_date)

    @explains("awaiting_answer")
    def test_we_asked_for_an_answer(self):
        """The answer day is the customer's to the end."""
        decision = self.decide(answer_by=day(0))
        self.assertReason(decision, "awaiting_answer", "none", "waiting")
        self.assertEqual(decision.next_date, day(1))
        self.assertEqual(self.decide(answer_by=day(-1)).reason, "remind")

    @explains("too_soon")
    def test_too_soon_after_the_due_date(self):
        decision = self.decide(item(late=2))
        self.assertReason(decision, "too_soon", "none", "waiting")
        self.assertEqual((decision.next_date, decision.next_level), (day(1), FIRST))

    def test_too_soon_after_the_last_contact(self):
        decision = self.decide(last_demand=day(-4), min_gap=5)
        self.assertReason(decision, "too_soon", "none", "waiting")
        self.assertEqual(decision.next_date, day(1))
        self.assertEqual(self.decide(last_demand=day(-5), min_gap=5).reason, "remind")

    @explains("quiet_day")
    def test_nobody_is_asked_on_a_closed_day(self):
        """A Monday that is a holiday, and the Tuesday after it, too."""
        decision = self.decide(closed=frozenset((day(0), day(1))))
        self.assertReason(decision, "quiet_day", "none", "waiting")
        self.assertEqual(decision.next_date, day(2))
        # ready on a Saturday: Monday it is
        decision = self.decide(last_demand=day(0), min_gap=5, closed=CLOSED)
        self.assertReason(decision, "too_soon", "none", "waiting")
        self.assertEqual(decision.next_date, day(7))

    @explains("contact_cap")
    def test_enough_messages_for_two_weeks(self):
        decision = self.decide(written=(day(-12), day(-6)), written_cap=Cap(2, 14))
        self.assertReason(decision, "contact_cap", "none", "waiting")
        self.assertEqual(decision.next_date, day(2))
        for enough in (
            {"written": (day(-14), day(-6)), "written_cap": Cap(2, 14)},
            {"called": (day(-1),) * 7, "call_cap": Cap(7, 7)},
        ):
            self.assertEqual(self.decide(**enough).reason, "remind")

    @explains("contact_cap")
    def test_enough_calls_for_a_week(self):
        due = item(late=70, reached=(30, FIRM))
        tried = {"called": (day(-1),) * 7, "call_cap": Cap(7, 7)}
        decision = self.decide(due, **tried)
        self.assertReason(decision, "contact_cap", "none", "waiting")
        self.assertEqual((decision.next_date, decision.next_level), (day(6), CALL))
        tried["called"] = tried["called"][1:]
        self.assertEqual(self.decide(due, **tried).action, "call")

    @explains("daily_limit")
    def test_the_messages_of_the_day_are_used_up(self):
        decision = self.decide(limit_reached=True)
        self.assertReason(decision, "daily_limit", "none", "waiting")
        self.assertEqual(decision.next_date, day(1))

    @explains("remind")
    def test_remind(self):
        decision = self.decide()
        self.assertReason(decision, "remind", "remind", "waiting")
        self.assertEqual(decision.level, FIRST)
        self.assertEqual(decision.asked, {1: 10000})
        self.assertEqual(decision.next_date, day(0))

    def test_a_reminder_on_its_way_is_not_prepared_again(self):
        for live in ("queued", "sending"):
            decision = self.decide(live=live, limit_reached=True)
            self.assertReason(decision, "remind", "remind", "waiting")
            self.assertFalse(decision.climbs)
            self.assertIsNone(decision.level)


class TestPrecedence(ReasonCase):
    def test_each_reason_hides_those_after_it(self):
        """Everything is wrong at once; what is put right lets the next one show."""
        final = item(late=100, reached=(90, FINAL), excluded="blocked", amount=900)
        remedies = [
            ("no_policy", {"levels": STANDARD}),
            *((kind, None) for kind in HOLD_KINDS),
            ("no_followup", {"excluded": ""}),
            ("blocked", {"items": (replace(final, excluded=""),)}),
            ("credit_covers", {"credits": {}}),
            ("in_transit", {"in_transit": {}}),
            ("tolerance", {"tolerance": 0}),
            ("ladder_done", {"items": (item(late=100, reached=(60, FIRM)),)}),
            ("bank_stale", {"bank_stale": False}),
            ("bounced", {"undelivered": "send_failed"}),
            ("do_not_contact", {"unreachable": "no_address"}),
            ("no_address", {"unreachable": ""}),
            ("send_failed", {"undelivered": "", "live": "to_review"}),
            ("review", {"live": ""}),
            ("call_open", {"call_open": False}),
            ("awaiting_answer", {"answer_by": None}),
            ("too_soon", {"last_demand": None}),
            ("quiet_day", {"closed": frozenset()}),
            ("contact_cap", {"written": ()}),
            ("daily_limit", {"limit_reached": False}),
            ("review", {"levels": [replace(lv, review=False) for lv in STANDARD]}),
            ("remind", {}),
        ]
        now = facts(
            final,
            levels=(),
            holds=tuple(map(Hold, reversed(HOLD_KINDS))),
            credits={EURO: 900},
            in_transit={EURO: 900},
            tolerance=900,
            min_gap=5,
            last_demand=day(-2),
            answer_by=day(2),
            undelivered="bounced",
            call_open=True,
            unreachable="do_not_contact",
            excluded="no_followup",
            bank_stale=True,
            limit_reached=True,
            closed=frozenset((day(0),)),
            written=(day(-2),),
            written_cap=Cap(1, 14),
        )
        for code, remedy in remedies:
            decision = decide(now)
            self.assertEqual(decision.reason, code)
            self._check_others(decision)
            now = replace(now, **(remedy or {"holds": now.holds[:-1]}))

    def _check_others(self, decision):
        reasons = (decision.reason, *decision.other_reasons)
        self.assertEqual(list(reasons), sorted(set(reasons), key=RANK.get))
        self.assertFalse({"daily_limit", "remind"} & set(decision.other_reasons))

    def test_others_are_kept_beside(self):
        decision = self.decide(
            holds=(Hold("paused"), Hold("legal")), call_open=True, bank_stale=True
        )
        self.assertEqual(decision.reason, "legal")
        self.assertEqual(decision.other_reasons, ("paused", "bank_stale", "call_open"))

    def test_it_is_not_too_soon_for_what_is_held(self):
        self.assertEqual(self.decide(holds=(Hold("paused"),)).other_reasons, ())

    def test_an_invoice_in_dispute_does_not_silence_the_others(self):
        decision = self.decide(item(1), item(2), holds=(Hold("disputed", 1),))
        self.assertReason(decision, "remind", "remind", "waiting")
        self.assertEqual(decision.asked, {2: 10000})
        self.assertEqual(decision.other_reasons, ())

    def test_an_invoice_in_dispute_does_not_explain_a_pause(self):
        """Were the pause over, the other invoice would be asked for."""
        holds = (Hold("disputed", 1), Hold("paused", until=day(3)))
        decision = self.decide(item(1), item(2), holds=holds)
        self.assertReason(decision, "paused", "hold", "held")
        self.assertEqual(decision.next_date, day(4))
        decision = self.decide(item(1), holds=holds)
        self.assertReason(decision, "disputed", "hold", "held")
        self.assertEqual(decision.other_reasons, ("paused",))

    def test_nothing_due_needs_no_explanation(self):
        """A note before the due date is not sent while the case is held."""
        decision = self.decide(item(late=-2), holds=(Hold("paused"),))
        self.assertReason(decision, "nothing_due", "none", "waiting")
        decision = self.decide(item(late=-2))
        self.assertReason(decision, "remind", "remind", "waiting")
        self.assertEqual(decision.level, NOTE)

    def test_what_a_decision_says_of_the_ladder(self):
        """Standing and next level are known also while nothing is sent."""
        items = item(1, 40, reached=(14, 1)), item(2, 20, reached=(3, 1))
        decision = self.decide(*items, answer_by=day(3))
        self.assertEqual(decision.standing, SECOND)
        self.assertEqual((decision.next_level, decision.level), (LETTER, None))
        self.assertEqual(decision.next_date, day(4))
        held = self.decide(*items, holds=(Hold("paused"),))
        self.assertEqual(held.standing, SECOND, "also while it is held")

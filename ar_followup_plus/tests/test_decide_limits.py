"""Whom not to contact, and what an approver may send despite the limits (pure)."""

from ..models.contact.governor import Cap
from ..models.engine.values import Hold
from ..models.policy.tones import FIRM, FRIENDLY
from .common_pure import LadderCase, ReasonCase, day, item
from .decide_world import CALL, SECOND, SIMPLE, START


class TestNoCalls(ReasonCase):
    def test_a_call_needs_no_address(self):
        called = item(late=70, reached=(30, FIRM))
        decision = self.decide(called, unreachable="no_address")
        self.assertReason(decision, "remind", "call", "todo")
        self.assertEqual(decision.level, CALL)

    def test_who_must_not_be_called_is_for_a_person(self):
        called = item(late=70, reached=(30, FIRM))
        decision = self.decide(called, no_call=True)
        self.assertReason(decision, "do_not_contact", "review", "todo")
        self.assertReason(self.decide(no_call=True), "remind", "remind", "waiting")
        planned = self.decide(call_open=True, call_on=day(3), no_call=True)
        self.assertReason(planned, "do_not_contact", "review", "todo")

    def test_a_call_that_lies_ahead_is_no_work_yet(self):
        """Who must not be called is looked at when the call is due, not before."""
        called = item(late=40, reached=(30, FIRM))
        decision = self.decide(called, no_call=True)
        self.assertReason(decision, "too_soon", "none", "waiting")


class TestDespite(ReasonCase):
    def test_gap_closed_days_and_caps_do_not_count(self):
        for limit in (
            {"last_demand": day(-1), "min_gap": 5},
            {"closed": frozenset((day(0),))},
            {"written": (day(-1),), "written_cap": Cap(1, 14)},
        ):
            self.assertEqual(self.decide(**limit).action, "none")
            decision = self.decide(despite=True, **limit)
            self.assertReason(decision, "remind", "remind", "waiting")

    def test_nothing_else_gives_way(self):
        sent = item(late=20, reached=(3, FRIENDLY))
        for code, items, why in (
            ("awaiting_answer", (), {"answer_by": day(2)}),
            ("paused", (), {"holds": (Hold("paused"),)}),
            ("do_not_contact", (), {"unreachable": "do_not_contact"}),
            ("credit_covers", (), {"credits": {1: 10000}}),
            ("too_soon", (sent,), {"sent": {SECOND: day(-2)}}),
            ("too_soon", (item(late=1),), {}),
            ("call_open", (), {"call_open": True}),
        ):
            with self.subTest(code, why=why):
                decision = self.decide(*items, despite=True, **why)
                self.assertEqual(decision.reason, code)
                self.assertFalse(decision.climbs)


class TestSentDespite(LadderCase):
    def test_the_next_waits_for_both(self):
        """What was sent despite the gap is a demand as any other."""
        world = self.world(SIMPLE, answer_days={11: 0, 12: 0, 13: 0})
        world.invoice(due=-60)
        world.days(2)
        world.send_despite()
        world.days(20)
        self.assertEqual(world.told(), [(0, 11), (2, 12), (7, 13)])
        self.assertEqual(world.demands[0].day, START)

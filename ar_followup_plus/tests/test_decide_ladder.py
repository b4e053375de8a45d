"""The ladder, lived day by day: what a customer hears, and on which days.

``told`` lists (days since the first day, level); levels are those of the shipped
ladder unless a test says otherwise.
"""

from datetime import timedelta

from ..models.engine.decide import is_message
from ..models.engine.values import Level
from ..models.policy.tones import COURTESY, FIRM, FRIENDLY
from .common_pure import LadderCase
from .decide_world import (
    CALL,
    DOLLAR,
    FIRST,
    LETTER,
    NOTE,
    NOTICE,
    SECOND,
    SIMPLE,
    START,
)

CALM, AGAIN, STERN = (level.id for level in SIMPLE)


class TestLadderRules(LadderCase):
    def test_from_the_note_to_the_final_notice(self):
        """Each step on its day; the letter's call is made on its answer day."""
        world = self.world()
        world.invoice(due=10)
        world.days(200)
        self.assertEqual(
            world.told(),
            [(7, NOTE), (13, FIRST), (24, SECOND), (40, LETTER), (70, CALL)]
            + [(100, NOTICE)],
        )

    def test_old_debt_begins_friendly(self):
        """Found at go-live, years late: one step at a time, with the waiting times.

        The call that the letter announced is made on its answer day, the 23rd.
        """
        world = self.world()
        world.invoice(due=-900)
        world.days(40)
        self.assertEqual(
            world.told(),
            [(0, FIRST), (8, SECOND), (16, LETTER), (28, CALL), (34, NOTICE)],
        )

    def test_the_gap_counts_where_no_answer_is_asked_for(self):
        world = self.world(SIMPLE, answer_days={level.id: 0 for level in SIMPLE})
        world.invoice(due=-60)
        world.days(20)
        self.assertEqual(world.told(), [(0, CALM), (5, AGAIN), (10, STERN)])

    def test_a_conversation_counts_as_a_contact(self):
        world = self.world(SIMPLE)
        world.invoice(due=-3)
        world.talk()
        world.days(10)
        self.assertEqual(world.told(), [(5, CALM)])

    def test_one_message_lists_everything_overdue(self):
        """Two are due and climb, one is too young and is only listed."""
        world = self.world(SIMPLE)
        for due in (-20, -5, -1, 5):
            world.invoice(due=due)
        world.days(1)
        (demand,) = world.demands
        self.assertEqual(demand.decision.asked, {1: 10000, 2: 10000, 3: 10000})
        self.assertEqual({step.item for step in demand.decision.climbs}, {1, 2})
        self.assertTrue(is_message(demand.decision))

    def test_the_message_has_the_highest_level_due(self):
        """The second invoice climbs to the friendly level with the firm letter."""
        world = self.world(SIMPLE)
        world.invoice(due=0)
        world.days(25)
        world.invoice(due=0)
        world.days(10)
        self.assertEqual(world.told(), [(3, CALM), (14, AGAIN), (30, STERN)])
        steps = {(step.item, step.after) for step in world.demands[-1].decision.climbs}
        self.assertEqual(steps, {(1, STERN), (2, CALM)})

    def test_nothing_milder_than_the_standing(self):
        """A new invoice causes no friendly mail while a firm letter stands."""
        world = self.world(SIMPLE)
        first = world.invoice(due=0)
        world.days(31)
        world.invoice(due=0)
        world.days(40)
        self.assertEqual(world.told()[-1], (30, STERN))
        world.pay(first)
        world.days(1)
        self.assertEqual(world.told()[-1], (71, CALM))

    def test_what_is_held_does_not_silence_the_rest(self):
        """The firm letter was about a disputed invoice: the other starts friendly."""
        world = self.world(SIMPLE)
        first = world.invoice(due=0)
        world.days(31)
        world.hold("disputed", first)
        world.invoice(due=0)
        world.days(10)
        self.assertEqual(world.told()[-1], (38, CALM), "the answer day is past")

    def test_a_level_is_not_repeated_within_its_days(self):
        """An invoice each week: the friendly mail goes out every thirty days."""
        levels = (Level(51, 3, FRIENDLY), Level(52, 300, FIRM))
        world = self.world(levels)
        for _week in range(12):
            world.invoice(due=0)
            world.days(7)
        self.assertEqual(world.told(), [(3, 51), (33, 51), (63, 51)])

    def test_a_shorter_repeat(self):
        world = self.world((Level(51, 3, FRIENDLY, repeat_after=14),))
        for _week in range(5):
            world.invoice(due=0)
            world.days(7)
        self.assertEqual(world.told(), [(3, 51), (17, 51), (31, 51)])

    def test_the_final_notice_ends_the_ladder(self):
        """Until what it was about is settled; then the others go on where they were."""
        world = self.world()
        first = world.invoice(due=-80)
        world.days(20)
        world.invoice(due=0)
        world.days(100)
        decision = world.work()
        self.assertEqual(
            (world.told()[-1][1], decision.reason), (NOTICE, "ladder_done")
        )
        heard = len(world.demands)
        world.pay(first)
        world.days(1)
        self.assertEqual(len(world.demands), heard + 1)
        self.assertNotEqual(world.told()[-1][1], NOTICE)

    def test_no_policy_begins_with_a_firm_letter(self):
        world = self.world(SIMPLE[2:])
        world.invoice(due=-60)
        world.days(40)
        self.assertEqual(world.told(), [])


class TestCourtesy(LadderCase):
    def test_no_note_while_something_is_overdue(self):
        world = self.world()
        world.invoice(due=-1)
        world.invoice(due=3)
        world.days(4)
        self.assertEqual(world.told(), [(2, FIRST)])

    def test_one_note_for_an_invoice(self):
        """Two kinds of notes: an invoice gets the one that comes first."""
        notes = (
            Level(61, -10, COURTESY, repeat_after=0),
            Level(62, -3, COURTESY, repeat_after=0),
        )
        world = self.world(notes + SIMPLE, answer_days={61: 0, 62: 0})
        world.invoice(due=20)
        world.days(20)
        self.assertEqual(world.told(), [(10, 61)])
        world.invoice(due=1)
        world.days(1)
        self.assertEqual(world.told()[1:], [(20, 62)], "too late for the first kind")

    def test_a_note_asks_for_the_invoices_it_is_about(self):
        world = self.world()
        world.invoice(due=3)
        world.invoice(due=3, currency=DOLLAR)
        world.invoice(due=30)
        world.days(1)
        (demand,) = world.demands
        self.assertEqual(demand.decision.asked, {1: 10000, 2: 10000})
        self.assertEqual(demand.decision.reason, "remind")

    def test_no_note_for_what_is_covered(self):
        world = self.world()
        world.invoice(due=3)
        world.credit(10000)
        world.days(3)
        self.assertEqual(world.told(), [])

    def test_no_note_after_the_due_date(self):
        """A note that came too late is left out, not sent after the due date."""
        world = self.world()
        world.talk()
        world.invoice(due=2)
        world.days(10)
        self.assertEqual(world.told(), [(5, FIRST)])


class TestHolds(LadderCase):
    def test_after_a_hold_the_first_step_missed(self):
        """Three steps were missed: they come one at a time, not in a burst."""
        world = self.world()
        invoice = world.invoice(due=0)
        world.hold("promised", invoice, days=80)
        world.days(120)
        self.assertEqual(
            world.told(),
            [(81, FIRST), (89, SECOND), (97, LETTER), (109, CALL), (115, NOTICE)],
        )

    def test_a_hold_that_is_lifted(self):
        world = self.world(SIMPLE)
        world.invoice(due=-5)
        world.hold("paused")
        self.assertEqual(world.days(9).reason, "paused")
        world.lift()
        self.assertEqual(world.days(1).reason, "remind")

    def test_a_part_in_dispute(self):
        """The rest is asked for, and the invoice climbs."""
        world = self.world(SIMPLE)
        invoice = world.invoice(10000, due=-5)
        world.hold("disputed", invoice, part=9000)
        self.assertEqual(world.days(1).asked, {invoice: 1000})
        self.assertEqual(world.told(), [(0, CALM)])

    def test_a_payment_leaves_less_than_what_is_held(self):
        world = self.world(SIMPLE)
        invoice = world.invoice(10000, due=-5)
        world.hold("disputed", invoice, part=4000)
        world.pay(invoice, 7000)
        decision = world.days(1)
        self.assertEqual((decision.reason, decision.asked), ("disputed", {}))
        self.assertEqual(decision.shielded, {invoice: {"disputed": 3000}})

    def test_next_date_is_the_end_of_the_hold(self):
        """Of the last hold on the case, of the first on an invoice."""
        world = self.world(SIMPLE)
        invoice = world.invoice(due=-5)
        world.hold("paused", days=3)
        world.hold("legal", days=8)
        self.assertEqual(world.work().next_date, START + timedelta(days=9))
        world.hold("agency")
        self.assertIsNone(world.work().next_date)
        world.holds.clear()
        world.invoice(due=-4)
        world.hold("paused", invoice, days=6)
        world.hold("paused", 2, days=4)
        self.assertEqual(world.work().next_date, START + timedelta(days=5))

    def test_a_credit_that_is_used_up(self):
        """The credit covers the old invoice; the new one is asked for in its time."""
        world = self.world(SIMPLE)
        world.invoice(due=-40)
        world.invoice(due=4)
        world.credit(10000)
        decision = world.days(1)
        self.assertEqual(decision.reason, "credit_covers")
        self.assertEqual(decision.next_date, START + timedelta(days=7))
        world.days(8)
        self.assertEqual(world.told(), [(7, CALM)])
        self.assertEqual(list(world.demands[0].decision.asked), [2])
        world.credit(0)
        world.days(15)
        steps = {(step.item, step.after) for step in world.demands[1].decision.climbs}
        self.assertEqual(world.told()[1], (18, AGAIN))
        self.assertEqual(steps, {(1, CALM), (2, AGAIN)})


class TestWeeklyCustomer(LadderCase):
    """An invoice every Monday, due in two weeks, for forty weeks."""

    def live(self, happens=lambda world, debt, age: None):
        world = self.world()
        for number in range(280):
            if number % 7 == 0:
                world.invoice(due=14)
            for debt in world.debts:
                happens(world, debt, (world.today - debt.due).days)
            world.days(1)
        return [level for _day, level in world.told()]

    def test_never_pays(self):
        """Six contacts in forty weeks, each firmer than the last; then a person."""
        self.assertEqual(self.live(), [NOTE, FIRST, SECOND, LETTER, CALL, NOTICE])

    def test_pays_half(self):
        """What is paid of each does not change what is said."""

        def half(world, debt, age):
            if age == 0:
                world.pay(debt.id, debt.total // 2)

        self.assertEqual(self.live(half), [NOTE, FIRST, SECOND, LETTER, CALL, NOTICE])

    def test_pays_late(self):
        """45 days after the due date: never a call to negotiate, never a notice."""

        def late(world, debt, age):
            if age == 45:
                world.pay(debt.id)

        heard = self.live(late)
        self.assertEqual(heard[:4], [NOTE, FIRST, SECOND, LETTER])
        self.assertFalse({CALL, NOTICE} & set(heard))
        self.assertLessEqual(len(heard), 280 // 10)

    def test_pays_on_time(self):
        """Only notes before the due date, at most one in thirty days."""

        def punctual(world, debt, age):
            if age == 0:
                world.pay(debt.id)

        heard = self.live(punctual)
        self.assertEqual(set(heard), {NOTE})
        self.assertLessEqual(len(heard), 10)

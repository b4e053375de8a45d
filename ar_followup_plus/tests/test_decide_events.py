"""What people do meanwhile: calls, reviews, failures, and edits of the policy."""

from ..models.engine.decide import is_message
from ..models.engine.values import Level
from ..models.policy.tones import FIRM, FRIENDLY
from .common_pure import LadderCase
from .decide_world import CALL, FIRST, LETTER, SECOND, SIMPLE

CALM, AGAIN, STERN = (level.id for level in SIMPLE)


class TestCalls(LadderCase):
    READY = (Level(71, 3, FRIENDLY), Level(72, 10, FIRM, email=False, call=True))

    def test_an_open_call_holds_the_ladder(self):
        """The step is reached when the call is made, not when it is planned."""
        world = self.world(by_itself=False)
        invoice = world.invoice(due=-30)
        world.days(70)
        self.assertEqual(world.told(), [(0, FIRST), (8, SECOND), (16, LETTER)])
        self.assertEqual(world.work().reason, "call_open")
        world.close_call()
        world.days(6)
        self.assertEqual(world.told()[-1], (75, CALL))
        self.assertEqual(world.work().reason, "call_open")
        self.assertEqual(world.debts[invoice - 1].level, LETTER)
        world.close_call()
        self.assertEqual(world.debts[invoice - 1].level, CALL)

    def test_a_call_is_decided_as_a_call(self):
        world = self.world(self.READY)
        world.invoice(due=-10)
        world.days(8)
        decision = world.work()
        self.assertEqual((decision.action, decision.state), ("call", "todo"))
        self.assertEqual((decision.reason, decision.level), ("remind", 72))
        self.assertFalse(is_message(decision), "it takes no place in the daily limit")

    def test_what_is_agreed_during_a_call_does_not_undo_it(self):
        """They promise, and the collector notes it before the call is closed."""
        world = self.world(self.READY, by_itself=False)
        invoice = world.invoice(due=-10)
        world.days(9)
        world.hold("promised", invoice, days=20)
        world.close_call()
        self.assertEqual(world.debts[0].level, 72)
        world.days(90)
        self.assertEqual(world.told(), [(0, 71), (8, 72)])

    def test_calls_are_not_repeated_within_their_days(self):
        world = self.world(self.READY)
        for _week in range(8):
            world.invoice(due=0)
            world.days(7)
        calls = [number for number, level in world.told() if level == 72]
        self.assertEqual(calls, [11, 42], "thirty days after it was made")


class TestArrival(LadderCase):
    def test_what_bounced_was_not_sent(self):
        """The step is taken back; dealt with, the friendly mail comes again."""
        world = self.world(SIMPLE, by_itself=False)
        world.invoice(due=-20)
        world.days(1)
        world.bounce()
        self.assertEqual(world.days(10).reason, "bounced")
        world.acknowledge()
        world.days(10)
        self.assertEqual(world.told(), [(0, CALM), (11, CALM), (19, AGAIN)])

    def test_a_dead_mail_server(self):
        world = self.world(SIMPLE, by_itself=False)
        world.invoice(due=-20)
        world.mail_server(works=False)
        self.assertEqual(world.days(2).reason, "send_failed")
        world.mail_server(works=True)
        world.acknowledge()
        world.days(1)
        self.assertEqual(world.told(), [(2, CALM)])

    def test_a_reminder_waits_for_review(self):
        """And is dropped when it is not right any more by the time it is read."""
        world = self.world(SIMPLE, by_itself=False)
        invoice = world.invoice(due=-20)
        world.set(review_always=True)
        self.assertEqual(world.days(5).state, "todo")
        world.review()
        self.assertEqual(world.told(), [(5, CALM)])
        world.days(10)
        self.assertTrue(world.prepared)
        world.pay(invoice)
        world.review()
        self.assertEqual(world.told(), [(5, CALM)])


class TestPolicyEdits(LadderCase):
    OTHER = (Level(81, 5, FRIENDLY), Level(82, 12, FIRM), Level(83, 25, FIRM))

    def test_later_delays_send_nothing_back(self):
        """The friendly level moves to day ten; who had it does not get it again."""
        world = self.world(SIMPLE)
        world.invoice(due=0)
        world.days(5)
        world.move_levels(7)
        world.days(40)
        self.assertEqual(world.told(), [(3, CALM), (21, AGAIN), (37, STERN)])

    def test_another_policy_goes_on_from_the_same_place(self):
        """At (14, friendly) it stands on (5, friendly) there: (12, firm) is next."""
        world = self.world(SIMPLE)
        world.invoice(due=0)
        world.days(20)
        world.use(self.OTHER)
        world.days(30)
        self.assertEqual(world.told(), [(3, CALM), (14, AGAIN), (22, 82), (30, 83)])

    def test_another_policy_that_begins_later(self):
        """At (3, friendly) it stands below (5, friendly): that one is next."""
        world = self.world(SIMPLE)
        world.invoice(due=0)
        world.days(4)
        world.use(self.OTHER)
        world.days(15)
        self.assertEqual(world.told(), [(3, CALM), (11, 81)])

    def test_and_back(self):
        """What an invoice had before is not sent for it again."""
        world = self.world(SIMPLE)
        world.invoice(due=0)
        world.days(20)
        world.use(self.OTHER[:2])
        world.days(15)
        world.use(SIMPLE)
        world.days(60)
        self.assertEqual(world.told(), [(3, CALM), (14, AGAIN), (22, 82), (35, STERN)])

    def test_an_archived_level(self):
        """Who stands on it keeps their place; the others pass it by."""
        world = self.world(SIMPLE)
        world.invoice(due=0)
        world.days(15)
        world.archive(1)
        world.invoice(due=0)
        decision = world.days(1)
        self.assertEqual((decision.standing, decision.next_level), (CALM, STERN))
        world.days(90)
        self.assertEqual([level for _day, level in world.told()][2:], [STERN, STERN])

"""What is asked for, to the cent, once holds and credits are set off."""

from ..models.engine.values import Hold
from .common_pure import ReasonCase, item
from .decide_world import DOLLAR, EURO, SIMPLE, START, World


class TestMoney(ReasonCase):
    """What is asked for, once holds and credits are set off."""

    def asked(self, *items, **values):
        decision = self.decide(*items, **values)
        for debt in decision_items(items):
            shielded = sum(decision.shielded[debt.id].values())
            asked = decision.asked.get(debt.id, 0)
            self.assertEqual(asked + shielded, debt.residual, "to the cent")
        return decision.asked

    def test_part_of_an_invoice_is_held(self):
        self.assertEqual(self.asked(holds=(Hold("disputed", 1, 2500),)), {1: 7500})

    def test_holds_shield_no_more_than_is_open(self):
        """What one invoice is held for too much does not shield the other."""
        holds = Hold("disputed", 1, 99999), Hold("promised", 1, 50)
        self.assertEqual(self.asked(item(1), item(2), holds=holds), {2: 10000})

    def test_overlapping_holds_count_once(self):
        holds = Hold("disputed", 1, 6000), Hold("paused", 1), Hold("promised", 1, 6000)
        decision = self.decide(item(1), holds=holds)
        self.assertEqual(decision.shielded, {1: {"disputed": 6000, "promised": 4000}})

    def test_a_hold_on_the_case_holds_every_invoice(self):
        holds = (Hold("planned"), Hold("disputed", 2, 100))
        self.assertEqual(self.asked(item(1), item(2), holds=holds), {})

    def test_credits_cover_the_oldest_first(self):
        items = item(1, late=40), item(2, late=20), item(3, late=10)
        asked = self.asked(*items, credits={EURO: 15000})
        self.assertEqual(asked, {2: 5000, 3: 10000})

    def test_credits_stay_in_their_currency(self):
        items = item(1, late=40, currency=DOLLAR), item(2, late=20)
        asked = self.asked(*items, credits={EURO: 4000}, in_transit={DOLLAR: 10})
        self.assertEqual(asked, {1: 9990, 2: 6000})

    def test_money_on_its_way_comes_after_credits(self):
        items = item(1, late=40), item(2, late=20)
        pools = {"credits": {EURO: 9000}, "in_transit": {EURO: 3000}}
        decision = self.decide(*items, **pools)
        self.assertEqual(decision.asked, {2: 8000})
        self.assertEqual(
            decision.shielded,
            {1: {"credit_covers": 9000, "in_transit": 1000}, 2: {"in_transit": 2000}},
        )

    def test_a_credit_is_not_spent_on_what_is_held(self):
        """A credit of 60 and a dispute about 50 of 100: nothing is asked for."""
        pools = {"credits": {EURO: 6000}, "holds": (Hold("disputed", 1, 5000),)}
        self.assertEqual(self.asked(item(1), **pools), {})
        self.assertEqual(self.asked(item(1), item(2, 5), **pools), {2: 9000})

    def test_a_covered_invoice_does_not_climb(self):
        items = item(1, late=40), item(2, late=20)
        decision = self.decide(*items, credits={EURO: 10000})
        self.assertEqual([climb.item for climb in decision.climbs], [2])

    def test_a_partly_paid_invoice_asks_for_the_rest(self):
        world = World(SIMPLE)
        number = world.invoice(10000, due=-3)
        world.pay(number, 3333)
        self.assertEqual(world.work().asked, {number: 6667})

    def test_what_is_not_due_yet_is_not_asked_for(self):
        self.assertEqual(self.asked(item(1), item(2, late=0)), {1: 10000})


def decision_items(items):
    """The overdue ones of these items; the default one if there are none."""
    return [debt for debt in items or (item(),) if debt.due < START]

"""What the tests of ``decide`` share: facts of a customer, and a customer to live."""

from datetime import timedelta

from odoo.tests import BaseCase

from ..models.engine.decide import decide
from ..models.engine.values import Facts, Item
from .decide_checks import failing
from .decide_world import EURO, STANDARD, START, World


def day(number):
    """A day so many days after the first."""
    return START + timedelta(days=number)


def item(number=1, late=10, amount=10000, currency=EURO, **values):
    """An invoice that is ``late`` days overdue on the first day."""
    own = amount if currency == EURO else amount // 2
    return Item(number, day(-late), currency, amount, own, **values)


def facts(*items, **values):
    """A customer on the first day; with one invoice, ten days overdue, if none."""
    return Facts(START, **{"levels": STANDARD, "items": items or (item(),), **values})


class ReasonCase(BaseCase):
    def decide(self, *items, **values):
        return decide(facts(*items, **values))

    def assertReason(self, decision, code, action, state):
        """The decision's reason, action and lane, and that they fit together."""
        self.met = {*getattr(self, "met", ()), decision.reason}
        self.assertEqual(
            (decision.reason, decision.action, decision.state), (code, action, state)
        )
        if decision.reason not in ("remind", "review"):
            self.assertFalse(decision.climbs)
            self.assertIsNone(decision.level)


class LadderCase(BaseCase):
    def world(self, levels=STANDARD, **values):
        """A customer; whatever the test lets happen must pass every check."""
        world = World(levels, **values)
        self.addCleanup(lambda: self.assertEqual(failing(world), set()))
        return world

"""Whatever happens to a customer, these things never happen to them.

Random histories are lived day by day; after each, every check of ``decide_checks``
must hold. Each check is shown to notice a ``decide`` that breaks its rule, and the
random histories are shown to meet each broken ``decide``.
"""

from random import Random

from hypothesis import HealthCheck, Phase, find, given, settings

from odoo.tests import BaseCase

from ..models.engine.decide import decide
from .decide_broken import BROKEN
from .decide_checks import CHECKS, failing, fails
from .decide_scripts import play, scripts

#: The same histories every time: a red build is red again when it is run again.
steady = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
#: Without shrinking: to have met one is enough.
searching = settings(
    steady, max_examples=400, derandomize=False, phases=[Phase.generate]
)


class TestDecideProperties(BaseCase):
    @steady
    @given(scripts)
    def test_whatever_happens(self, script):
        world = play(script)
        for check in CHECKS.values():
            check(world)

    def test_every_check_has_a_broken_decide(self):
        self.assertEqual({broken.check for broken in BROKEN}, set(CHECKS))

    def test_each_check_notices_its_broken_decide(self):
        """And no other check does: a red check says what is wrong."""
        for broken in BROKEN:
            with self.subTest(broken.wrong):
                self.assertEqual(failing(broken.story(decide)), set())
                self.assertEqual(failing(broken.story(broken.make())), {broken.check})

    def test_random_histories_meet_each_broken_decide(self):
        for broken in BROKEN:
            if broken.rare:
                continue
            with self.subTest(broken.wrong):

                def is_met(script, broken=broken):
                    return fails(broken.check, play(script, broken.make()))

                # raises NoSuchExample when none is met
                find(scripts, is_met, settings=searching, random=Random(broken.wrong))

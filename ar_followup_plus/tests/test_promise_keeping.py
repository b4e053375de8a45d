"""Whether a promise is kept, from plain facts."""

from datetime import date, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from hypothesis import assume, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from odoo.tests import BaseCase, tagged

from ..models.agreement import promise
from ..models.agreement.promise import CoveredPart, is_enough, share_out, standing

TODAY = date(2026, 3, 16)


def day(days):
    return TODAY + timedelta(days=days)


@st.composite
def parts(draw):
    """An invoice, as books can have it: what was settled is at most what was open."""
    start = draw(st.integers(1, 10**4))
    covered = draw(st.integers(1, start))
    in_time, too_late, credited = (draw(st.integers(0, start)) for _ in range(3))
    too_late = min(too_late, start - in_time)
    credited = min(credited, start - in_time - too_late)
    residual = start - in_time - too_late - credited
    disputed = draw(st.integers(0, residual))
    return CoveredPart(start, covered, residual, too_late, credited, disputed)


worlds = st.builds(
    SimpleNamespace,
    parts=st.lists(parts(), min_size=1, max_size=3),
    last_day=st.integers(-10, 10).map(day),
    percent=st.sampled_from((0.0, 2.0, 12.5)),
    arrived=st.integers(0, 2 * 10**4),
    more=st.integers(1, 10**4),
)


def stand(world, today=TODAY, **changes):
    facts = {**vars(world), **changes}
    facts.pop("more")
    return standing(
        facts["parts"],
        facts["last_day"],
        today,
        facts["percent"],
        facts["arrived"],
    )


# what holds of every promise: each takes a world and says whether it does -------------


def nothing_fails_before_its_day(world):
    return world.last_day < TODAY or stand(world).state not in ("partial", "broken")


def money_that_is_there_breaks_nothing(world):
    there = stand(world, arrived=0).missing
    return stand(world, arrived=there).state not in ("partial", "broken")


def who_paid_something_broke_nothing(world):
    stood = stand(world)
    return stood.state != "broken" or (stood.paid, world.arrived) == (0, 0)


def what_came_too_late_does_not_count(world):
    """Nor does what was paid later still."""
    paid_late = [
        part._replace(residual=0, too_late=part.too_late + part.residual, disputed=0)
        for part in world.parts
    ]
    undisputed = [part._replace(disputed=0) for part in world.parts]
    return stand(world, parts=paid_late) == stand(world, parts=undisputed)


def a_kept_promise_stays_kept(world):
    """However much time goes by."""
    return stand(world).state != "kept" or stand(world, today=day(90)).state == "kept"


def more_money_in_time_never_hurts(world):
    rank = {"void": 3, "broken": 0, "partial": 1, "open": 2, "kept": 3}
    first, *others = world.parts
    paid = min(world.more, first.residual - first.disputed)
    more = [first._replace(residual=first.residual - paid), *others]
    return rank[stand(world).state] <= rank[stand(world, parts=more).state]


def nobody_pays_for_what_was_credited(world):
    """With a credit note over what is still open, what was paid is enough."""
    credited = [
        part._replace(residual=0, credited=part.credited + part.residual, disputed=0)
        for part in world.parts
    ]
    assume(not any(part.too_late for part in world.parts))
    return stand(world, parts=credited).state in ("kept", "void")


def it_adds_up(world):
    stood = stand(world)
    owed = sum(part.covered - part.waived for part in world.parts)
    return stood.paid >= 0 <= stood.missing and stood.paid + stood.missing == owed


RULES = (
    nothing_fails_before_its_day,
    money_that_is_there_breaks_nothing,
    who_paid_something_broke_nothing,
    what_came_too_late_does_not_count,
    a_kept_promise_stays_kept,
    more_money_in_time_never_hurts,
    nobody_pays_for_what_was_credited,
    it_adds_up,
)


# promises judged wrongly, and the rule that finds it ----------------------------------

real_state = promise._state


def too_early(owed, paid, last_day, today, *rest):
    return real_state(owed, paid, last_day, today + timedelta(days=1), *rest)


def blind_for_arrived(owed, paid, last_day, today, percent, _arrived):
    return real_state(owed, paid, last_day, today, percent, 0)


def no_partial(*facts):
    state = real_state(*facts)
    return "broken" if state == "partial" else state


def forgetful(owed, paid, last_day, today, percent, arrived):
    if today > last_day + timedelta(days=30):
        return "broken"
    return real_state(owed, paid, last_day, today, percent, arrived)


def paid_later_counts(part):
    return max(part.start - part.residual - part.credited, 0)


def paid_is_punished(owed, paid, *rest):
    return real_state(owed, owed - paid, *rest)


def nothing_is_waived(_part):
    return 0


def paid_without_bounds(part):
    return part.start - part.residual


BROKEN = (
    (nothing_fails_before_its_day, "_state", too_early),
    (money_that_is_there_breaks_nothing, "_state", blind_for_arrived),
    (who_paid_something_broke_nothing, "_state", no_partial),
    (what_came_too_late_does_not_count, "CoveredPart.paid", paid_later_counts),
    (a_kept_promise_stays_kept, "_state", forgetful),
    (more_money_in_time_never_hurts, "_state", paid_is_punished),
    (nobody_pays_for_what_was_credited, "CoveredPart.waived", nothing_is_waived),
)


@tagged("post_install", "-at_install")
class TestStanding(BaseCase):
    def part(self, paid=0, **changes):
        return CoveredPart(100000, 100000, 100000 - paid)._replace(**changes)

    def test_tolerance_in_days_and_percent(self):
        """1000 by the 13th: 990 on the 12th, under 3 days and 2 percent."""
        promised = date(2026, 3, 10)
        last = promised + timedelta(days=3)
        kept = standing([self.part(99000)], last, date(2026, 3, 12), 2.0)
        self.assertEqual(kept, ("kept", 99000, 1000))
        for paid, state in ((97999, "partial"), (98000, "kept"), (0, "broken")):
            with self.subTest(paid=paid):
                found = standing([self.part(paid)], last, date(2026, 3, 14), 2.0)
                self.assertEqual(found.state, state)
                on_time = standing([self.part(paid)], last, last, 2.0)
                self.assertIn(on_time.state, ("kept", "open"))

    def test_exactly_so_much_may_be_missing(self):
        self.assertTrue(is_enough(49, 50, 2.0))
        self.assertFalse(is_enough(48, 50, 2.0))
        self.assertTrue(is_enough(9, 10, 10.0))
        self.assertFalse(is_enough(9, 10, 9.99))

    def test_a_credit_note_is_about_the_rest_first(self):
        """500 of 1000 are promised, 700 are credited: 300 are still to be paid."""
        part = CoveredPart(100000, 50000, 30000, credited=70000)
        self.assertEqual((part.waived, part.paid), (20000, 0))
        self.assertEqual(standing([part], TODAY, TODAY, 0).missing, 30000)

    def test_all_of_it_disputed(self):
        part = self.part(disputed=100000)
        self.assertEqual(standing([part], TODAY, day(9), 2.0).state, "void")

    @given(worlds)
    def test_rules(self, world):
        for rule in RULES:
            self.assertTrue(rule(world), f"{rule.__name__}: {world}")

    def test_each_rule_finds_what_is_wrong(self):
        for rule, what, wrong in BROKEN:
            with self.subTest(rule=rule.__name__), self._broken(what, wrong):
                try:
                    find(
                        worlds,
                        lambda world, rule=rule: not rule(world),
                        settings=settings(max_examples=3000, derandomize=True),
                    )
                except NoSuchExample:
                    self.fail(f"{rule.__name__} does not notice {wrong.__name__}")

    def _broken(self, what, wrong):
        owner, _dot, name = what.rpartition(".")
        if owner:
            return patch.object(getattr(promise, owner), name, property(wrong))
        return patch.object(promise, name, wrong)


@tagged("post_install", "-at_install")
class TestShareOut(BaseCase):
    def test_the_earliest_first_and_only_in_time(self):
        wanted = [(day(0), 60), (day(5), 100)]
        self.assertEqual(share_out(wanted, [(day(-1), 100)]), [60, 40])
        self.assertEqual(share_out(wanted, [(day(1), 100)]), [0, 100])
        self.assertEqual(share_out(wanted, [(day(6), 100)]), [0, 0])
        self.assertEqual(
            share_out(wanted, [(day(1), 30), (day(-2), 50), (day(0), 80)]), [60, 100]
        )

    @given(
        st.lists(st.tuples(st.integers(-9, 9).map(day), st.integers(0, 999))),
        st.lists(st.tuples(st.integers(-9, 9).map(day), st.integers(0, 999))),
    )
    def test_nothing_is_given_twice(self, wanted, incoming):
        shares = share_out(sorted(wanted), incoming)
        for (last, missing), share in zip(sorted(wanted), shares, strict=True):
            self.assertLessEqual(0, share)
            self.assertLessEqual(share, missing)
            in_time = sum(amount for came, amount in incoming if came <= last)
            self.assertLessEqual(share, in_time)
        self.assertLessEqual(sum(shares), sum(amount for _day, amount in incoming))

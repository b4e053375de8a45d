"""Whether a plan is kept, from plain facts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models.agreement.keeping import Instalment, Terms, verdict

TODAY = date(2026, 3, 16)
TERMS = Terms(tolerance_days=3, tolerance=500, grace_days=7)
RANK = {"kept": 0, "late": 1, "broken": 2}


def due(days):
    """The day of an instalment so many days ago."""
    return TODAY - timedelta(days=days)


instalments = st.lists(
    st.builds(
        Instalment,
        st.integers(-30, 30).map(due),
        st.integers(1, 10**6),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=5,
)
terms = st.builds(Terms, st.integers(0, 10), st.integers(0, 1000), st.integers(0, 20))


@tagged("post_install", "-at_install")
class TestVerdict(BaseCase):
    def test_days_of_tolerance_and_grace(self):
        for days, expected in ((0, "kept"), (3, "kept"), (4, "late"), (7, "late")):
            with self.subTest(days=days):
                self.assertEqual(self._verdict(Instalment(due(days), 10000)), expected)
        self.assertEqual(self._verdict(Instalment(due(8), 10000)), "broken")

    def _verdict(self, *parts):
        return verdict(parts, TODAY, TERMS)

    def test_grace_shorter_than_the_tolerance(self):
        """Nothing breaks before it is late."""
        own = Terms(tolerance_days=10, grace_days=2)
        part = [Instalment(due(10), 10000)]
        self.assertEqual(verdict(part, TODAY, own), "kept")
        part = [Instalment(due(11), 10000)]
        self.assertEqual(verdict(part, TODAY, own), "broken")

    def test_agreed_after_the_day_of_an_instalment(self):
        """Its days begin with the agreement."""
        for days, expected in ((3, "kept"), (4, "late"), (7, "late"), (8, "broken")):
            with self.subTest(days=days):
                own = TERMS._replace(agreed=due(days))
                part = [Instalment(due(20), 10000)]
                self.assertEqual(verdict(part, TODAY, own), expected)

    def test_tolerated_amount(self):
        self.assertEqual(self._verdict(Instalment(due(9), 10000, 9499)), "broken")
        # so much may be missing: at its end, such a plan is done
        self.assertEqual(self._verdict(Instalment(due(9), 10000, 9500)), "paid")
        self.assertEqual(self._verdict(Instalment(due(3), 10000, 9500)), "kept")

    def test_what_has_arrived_keeps_it_and_pays_nothing(self):
        self.assertEqual(
            self._verdict(Instalment(due(9), 10000, arrived=10000)), "kept"
        )
        self.assertEqual(
            self._verdict(Instalment(due(9), 10000, 4000, arrived=5000)), "broken"
        )

    @given(instalments, terms, st.integers(0, 10**6))
    def test_more_money_never_makes_it_worse(self, parts, own, more):
        before = verdict(parts, TODAY, own)
        richer = [part._replace(arrived=part.arrived + more) for part in parts]
        after = verdict(richer, TODAY, own)
        if before == "paid":
            self.assertEqual(after, "paid")
        else:
            self.assertLessEqual(RANK[after], RANK[before])

    @given(instalments, terms)
    def test_paid_is_what_is_matched(self, parts, own):
        poorer = [part._replace(arrived=0) for part in parts]
        is_paid = verdict(parts, TODAY, own) == "paid"
        self.assertEqual(is_paid, verdict(poorer, TODAY, own) == "paid")

    @given(instalments, terms)
    def test_what_breaks_was_late_before(self, parts, own):
        if verdict(parts, TODAY, own) == "broken":
            patient = own._replace(grace_days=own.grace_days + 1000)
            self.assertEqual(verdict(parts, TODAY, patient), "late")

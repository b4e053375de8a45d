"""The small pure modules: ageing, governor, incoming, wording, reasons and tones."""

import email
import email.policy
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..models.case import reasons
from ..models.case.reasons import HOLD_KINDS, MANUAL_HOLD_KINDS, REASONS, by_precedence
from ..models.contact.governor import (
    NO_CAP,
    Cap,
    first_day_after_answer,
    first_day_after_gap,
    first_open_day,
    first_slot,
)
from ..models.contact.incoming import failures, is_automatic, own_words
from ..models.contact.wording import answer_day, totals_per_currency
from ..models.engine.debt import Debt
from ..models.ledger.ageing import (
    cover_oldest_first,
    days_overdue,
    is_overdue,
    to_minor,
)
from ..models.policy import tones
from .common_incoming import MAILS

DAY = date(2026, 2, 27)
REPORT = (MAILS / "failed.eml").read_text().splitlines()

steady = settings(deadline=None, derandomize=True, database=None)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
amounts = st.integers(0, 10**9)


class TestAgeing(BaseCase):
    def test_overdue_from_the_day_after(self):
        """Due on the 27th of February: on that day there is still time to pay."""
        self.assertFalse(is_overdue(DAY, DAY - timedelta(days=1)))
        self.assertFalse(is_overdue(DAY, DAY))
        self.assertTrue(is_overdue(DAY, date(2026, 2, 28)))

    def test_days_overdue_over_the_end_of_a_month(self):
        self.assertEqual(days_overdue(DAY, date(2026, 3, 1)), 2)
        self.assertEqual(days_overdue(date(2028, 2, 27), date(2028, 3, 1)), 3)
        self.assertEqual(days_overdue(DAY, date(2026, 1, 1)), 0)

    @steady
    @given(days, days)
    def test_overdue_and_days_agree(self, due, today):
        self.assertEqual(is_overdue(due, today), days_overdue(due, today) > 0)

    def test_a_credit_covers_the_oldest_first(self):
        self.assertEqual(cover_oldest_first([1000, 500, 700], 1200), [1000, 200, 0])

    def test_a_credit_note_among_the_debts_is_not_covered(self):
        """Also one cent off, nobody gains credit from a negative debt."""
        self.assertEqual(cover_oldest_first([-300, 500], 200), [0, 200])

    @steady
    @given(st.lists(amounts), amounts)
    def test_a_cover_adds_up(self, debts, credit):
        parts = cover_oldest_first(debts, credit)
        self.assertEqual(sum(parts), min(credit, sum(debts)))
        self.assertEqual(len(parts), len(debts))
        for part, debt in zip(parts, debts, strict=True):
            self.assertTrue(0 <= part <= debt)

    @steady
    @given(st.lists(amounts), amounts)
    def test_the_younger_is_touched_only_when_the_older_is_covered(self, debts, credit):
        parts = cover_oldest_first(debts, credit)
        touched = [number for number, part in enumerate(parts) if part]
        for number in range(max(touched, default=0)):
            self.assertEqual(parts[number], debts[number])

    def test_minor_units(self):
        """Cents, yen and fils; and what binary fractions cannot hold exactly."""
        self.assertEqual(to_minor(12.34, 2), 1234)
        self.assertEqual(to_minor(1234.0, 0), 1234)
        self.assertEqual(to_minor(1.234, 3), 1234)
        self.assertEqual(to_minor(0.1 + 0.2, 2), 30)
        self.assertEqual(to_minor(1.15, 2), 115)
        self.assertEqual(to_minor(-19.99, 2), -1999)

    @steady
    @given(st.integers(-(10**11), 10**11), st.sampled_from((0, 2, 3)))
    def test_minor_units_come_back(self, minor, decimals):
        self.assertEqual(to_minor(minor / 10**decimals, decimals), minor)


class TestDebt(BaseCase):
    """What a customer owes: invoices apart from credits, and the sums of both."""

    def row(self, item, amount, late=0, currency=1, reached=(None, None), had=None):
        due = DAY - timedelta(days=late)
        return item, due, currency, amount, amount, "", *reached, had

    def test_invoices_and_credits(self):
        debt = Debt.of(
            [
                self.row(1, 5000, late=9, reached=(3, "friendly"), had=[7]),
                self.row(2, -2000, late=5),
                self.row(3, 1000, late=0),
                self.row(4, -300, late=0, currency=2),
                self.row(5, 0, late=3),
            ],
            DAY,
        )
        self.assertEqual([item.id for item in debt.items], [1, 3])
        self.assertEqual(debt.credits, {1: 2000, 2: 300})
        self.assertEqual((debt.overdue, debt.total), (5000, 3700))
        self.assertEqual(debt.oldest_due, DAY - timedelta(days=9))
        self.assertEqual(debt.items[0].reached, (3, tones.FRIENDLY))
        self.assertEqual(debt.items[0].had, {7})
        self.assertIsNone(debt.items[1].reached)

    def test_nothing_owed(self):
        self.assertEqual(Debt.of([], DAY), Debt())


class TestGovernor(BaseCase):
    def test_the_gap(self):
        """Five days between two contacts: spoken to on Friday, again on Wednesday."""
        self.assertEqual(first_day_after_gap(DAY, 5), date(2026, 3, 4))
        self.assertEqual(first_day_after_gap(DAY, 0), DAY)
        self.assertIsNone(first_day_after_gap(None, 5))

    def test_the_answer_day_is_the_customers(self):
        self.assertEqual(first_day_after_answer(DAY), date(2026, 2, 28))
        self.assertIsNone(first_day_after_answer(None))

    @steady
    @given(days, st.integers(0, 60))
    def test_the_gap_lies_between(self, last, gap):
        self.assertEqual((first_day_after_gap(last, gap) - last).days, gap)

    def test_closed_days_are_left_out(self):
        """A Friday, a weekend and a holiday after it."""
        closed = {DAY + timedelta(days=count) for count in (1, 2, 3)}
        self.assertEqual(first_open_day(DAY, closed), DAY)
        self.assertEqual(first_open_day(min(closed), closed), date(2026, 3, 3))

    @steady
    @given(
        st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
        st.integers(0, 12),
        st.integers(13, 24),
    )
    def test_the_first_slot(self, moment, opens, closes):
        """It is open, not before the moment, and there is none between."""
        closed = {DAY + timedelta(days=count) for count in range(0, 300, 3)}
        moment = moment.replace(tzinfo=ZoneInfo("America/New_York"))

        def is_open(at):
            return opens <= at.hour < closes and at.date() not in closed

        slot = first_slot(moment, (opens, closes), closed)
        self.assertTrue(is_open(slot))
        self.assertGreaterEqual(slot, moment)
        between = moment
        while between < slot:
            self.assertFalse(is_open(between))
            between += timedelta(minutes=30)

    @steady
    @given(st.lists(days), st.integers(1, 4), st.integers(1, 60))
    def test_a_cap_holds_in_every_window(self, past, most, window):
        """From its day on, one more stays within the cap; the day before, it did."""
        day = Cap(most, window).first_day_below(past)

        def recent(today):
            return sum((today - one).days < window for one in past)

        if day is None:
            self.assertLess(len(past), most)
        else:
            self.assertLess(recent(day), most)
            self.assertGreaterEqual(recent(day - timedelta(days=1)), most)

    def test_no_cap(self):
        self.assertIsNone(NO_CAP.first_day_below([DAY] * 9))


class TestWording(BaseCase):
    def test_one_total_for_each_currency(self):
        """In the order in which the currencies appear."""
        lines = [("EUR", 1050), ("USD", 200), ("EUR", 50)]
        self.assertEqual(
            list(totals_per_currency(lines).items()), [("EUR", 1100), ("USD", 200)]
        )
        self.assertEqual(totals_per_currency([]), {})

    @steady
    @given(st.lists(st.tuples(st.sampled_from("ABC"), amounts)))
    def test_totals_never_mix_currencies(self, lines):
        totals = totals_per_currency(lines)
        for currency in "ABC":
            mine = [amount for key, amount in lines if key == currency]
            self.assertEqual(totals.get(currency, 0), sum(mine))
            self.assertEqual(currency in totals, bool(mine))

    def test_the_day_we_ask_for_an_answer(self):
        self.assertEqual(answer_day(DAY, 7), date(2026, 3, 6))
        self.assertIsNone(answer_day(DAY, 0), "a courtesy note asks for none")


class TestReasonTable(BaseCase):
    """The vocabulary is data: it has to be complete and in order."""

    def test_codes_are_unique_and_well_formed(self):
        codes = [reason.code for reason in REASONS]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertEqual(set(reasons.BY_CODE), set(codes))
        for reason in REASONS:
            self.assertIn(reason.action, reasons.ACTIONS)
            self.assertIn(reason.state, reasons.STATES)

    def test_precedence_as_designed(self):
        self.assertEqual(
            [reason.code for reason in REASONS],
            "no_policy nothing_due legal moratorium agency disputed planned "
            "awaiting_approval promised replied paused no_followup blocked "
            "before_start credit_covers in_transit tolerance ladder_done bank_stale "
            "unknown bounced do_not_contact no_address send_failed review call_open "
            "awaiting_answer too_soon quiet_day contact_cap daily_limit remind".split(),
        )

    def test_every_kind_of_hold_is_a_reason_that_holds(self):
        for kind in HOLD_KINDS:
            self.assertEqual(reasons.BY_CODE[kind][1:], ("hold", "held"))
        self.assertLessEqual(set(MANUAL_HOLD_KINDS), set(HOLD_KINDS))

    def test_the_first_that_holds_wins(self):
        self.assertEqual(
            by_precedence(["remind", "paused", "legal", "remind"]),
            ("legal", "paused", "remind"),
        )
        self.assertEqual(by_precedence([]), ())
        with self.assertRaises(KeyError):
            by_precedence(["whatever"])

    @steady
    @given(st.lists(st.sampled_from([reason.code for reason in REASONS])))
    def test_order_does_not_matter(self, codes):
        self.assertEqual(by_precedence(codes), by_precedence(reversed(codes)))
        self.assertEqual(set(by_precedence(codes)), set(codes))


class TestTones(BaseCase):
    def test_from_mild_to_final(self):
        ranks = [tones.TONE_RANK[tone] for tone in tones.TONES]
        self.assertEqual(ranks, sorted(ranks))
        self.assertEqual(
            [tones.COURTESY, tones.FRIENDLY, tones.FIRM, tones.FINAL],
            [
                tones.TONE_RANK[tone]
                for tone in ("courtesy", "friendly", "firm", "final")
            ],
        )


class TestIncoming(BaseCase):
    """Whatever servers send, reading it never fails: a mail is fetched once."""

    def parsed(self, lines):
        text = "\n".join(lines).encode()
        return email.message_from_bytes(text, policy=email.policy.SMTP)

    def test_a_report_as_it_should_be(self):
        report = self.parsed(REPORT)
        self.assertEqual(len(failures(report)), 1)
        self.assertTrue(is_automatic(report))

    @steady
    @given(st.sets(st.integers(0, len(REPORT) - 1)))
    def test_a_report_with_lines_missing(self, missing):
        lines = [line for i, line in enumerate(REPORT) if i not in missing]
        report = self.parsed(lines)
        is_automatic(report)
        if failures(report):
            self.assertIn("Action: failed", lines)
            self.assertIn("Status: 5.1.1", lines)

    @steady
    @given(st.integers(0, len(REPORT) - 1), st.text(max_size=40))
    def test_a_report_with_a_line_of_something_else(self, at, line):
        report = self.parsed([*REPORT[:at], line, *REPORT[at + 1 :]])
        is_automatic(report)
        for failure in failures(report):
            self.assertTrue(failure.diagnostic)

    @steady
    @given(st.text(), st.booleans())
    def test_own_words_are_never_more_than_was_said(self, text, has_quote):
        said = own_words(text, has_quote)
        self.assertLessEqual(len(said), len(text))

"""The arithmetic of a statement of account, over any history."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..models.ledger.ageing import AGES, age, days_overdue
from ..models.ledger.statement import MARKS, Change, Line, accounts, share

DAY = date(2026, 3, 1)
EURO, DOLLAR = 1, 2

steady = settings(deadline=None, derandomize=True, database=None)
days = st.integers(-200, 200).map(lambda number: DAY + timedelta(days=number))
amounts = st.integers(-(10**6), 10**6)
parts = st.one_of(st.none(), st.integers(0, 10**6))
wanted = st.lists(st.tuples(st.sampled_from(MARKS), parts), max_size=5)


@st.composite
def histories(draw):
    """Lines, what was carried of them, their changes, and marks."""
    lines, carried, changes, marks = {}, {}, [], {}
    for number in range(1, draw(st.integers(1, 6)) + 1):
        lines[number] = Line(
            number,
            draw(st.sampled_from((EURO, DOLLAR))),
            # an invoice in instalments has several lines
            draw(st.integers(1, 3)),
            f"INV/{number}",
            draw(st.sampled_from(("invoice", "credit_note", "payment", "entry"))),
            DAY,
            draw(days),
            draw(amounts),
        )
        marks[number] = draw(wanted)
        if draw(st.booleans()):
            carried[number] = draw(amounts)
        else:
            changes.append(
                Change(number, DAY, lines[number].amount, "entry", lines[number].move)
            )
    numbers = st.sampled_from(sorted(lines))
    for match in range(draw(st.integers(0, 6))):
        for line in (draw(numbers), draw(numbers)):
            changes.append(Change(line, draw(days), draw(amounts), "match", match))
    return lines, carried, changes, marks


class TestAccounts(BaseCase):
    @steady
    @given(histories())
    def test_before_and_movements_make_the_balance(self, history):
        lines, carried, changes, _marks = history
        found = accounts(*history)
        for currency in (EURO, DOLLAR):
            own = {line.id for line in lines.values() if line.currency == currency}
            expected = sum(carried.get(line, 0) for line in own) + sum(
                change.amount for change in changes if change.line in own
            )
            account = found.get(currency)
            if not account:
                self.assertEqual(expected, 0)
                continue
            moved = sum(movement.amount for movement in account.movements)
            self.assertEqual(account.opening + moved, account.balance)
            self.assertEqual(account.balance, expected)
            self.assertTrue({item.line.id for item in account.items} <= own)

    @steady
    @given(histories(), days)
    def test_ages_and_credits_make_the_balance(self, history, day):
        for account in accounts(*history).values():
            ages = account.ages(day)
            self.assertEqual(sum(ages) - account.credit, account.balance)
            self.assertEqual(len(ages), len(AGES) + 1)
            self.assertGreaterEqual(min(ages), 0)

    @steady
    @given(histories())
    def test_marks_are_within_what_is_open(self, history):
        for account in accounts(*history).values():
            for item in account.items:
                self.assertLessEqual(sum(item.marks.values()), max(item.open, 0))
                self.assertTrue(all(part > 0 for part in item.marks.values()))

    @steady
    @given(st.integers(0, 10**6), wanted)
    def test_a_share_is_no_more_than_was_wanted(self, amount, marks):
        shared = share(amount, marks)
        for mark, part in shared.items():
            asked = [own for other, own in marks if other == mark]
            self.assertTrue(None in asked or part <= sum(asked))
        if any(own is None for _mark, own in marks):
            self.assertEqual(sum(shared.values()), amount)

    def test_what_is_settled_within_the_account_is_no_movement(self):
        lines = {
            1: Line(1, EURO, 1, "INV/1", "invoice", DAY, DAY, 500),
            2: Line(2, EURO, 2, "PAY/2", "payment", DAY, DAY, -500),
        }
        carried = {1: 500, 2: -500}
        changes = [
            Change(1, DAY, -500, "match", 7, "PAY/2"),
            Change(2, DAY, 500, "match", 7, "INV/1"),
        ]
        self.assertEqual(accounts(lines, carried, changes, {}), {})


class TestAge(BaseCase):
    @steady
    @given(days, days)
    def test_an_age_begins_on_its_day(self, due, today):
        number, late = age(due, today), days_overdue(due, today)
        self.assertTrue(number == 0 or late >= AGES[number - 1])
        self.assertTrue(number == len(AGES) or late < AGES[number])

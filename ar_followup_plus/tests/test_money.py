"""What is asked for: instalments, currencies, credits against the oldest first."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common_events import EventsCommon, day


class MoneyCommon(EventsCommon):
    def setUp(self):
        super().setUp()
        self.partner = self.customer()

    def assertAsked(self, expected):
        """What the last prepared message asks for: {invoice: amount}."""
        lines = self.reminders(self.partner)[-1].line_ids
        asked = {line.item_id.move_id: line.amount_asked for line in lines}
        self.assertEqual(asked, expected)


@tagged("post_install", "-at_install")
class TestInstallmentsDue(MoneyCommon):
    """30 % at once, 70 % at the end of the next month (Odoo's own example)."""

    def setUp(self):
        super().setUp()
        self.move = self.invoice(
            self.partner,
            1000,
            invoice_date=day(0),
            invoice_date_due=False,
            invoice_payment_term_id=self.pay_terms_b.id,
        )
        self.now, self.later = self.receivable(self.move).sorted("date_maturity")

    def test_only_the_part_that_is_due_is_asked_for(self):
        self.assertEqual(self.now.date_maturity, day(0))
        self.assertGreater(self.move.invoice_date_due, day(14))
        self.work_day(3)
        self.assertAsked({self.move: 300})
        case = self.case(self.partner)
        self.assertEqual((case.amount_overdue, case.amount_open), (300, 1000))
        self.assertEqual(self.partner.ar_amount_overdue, 300)
        (mail,) = self.received(self.partner)
        self.assertIn("300.00", mail.html)
        self.assertNotIn("700.00", mail.html)
        self.assertNotIn("1,000.00", mail.html)

    def test_each_part_climbs_by_itself(self):
        self.work_day(3)
        items = self.item(self.move).sorted("date_due")
        self.assertEqual(items.move_line_id, self.now | self.later)
        self.assertEqual(items.mapped("level_id.name"), ["friendly 3"])
        self.assertFalse(items[1].level_id)

    def test_the_first_part_paid_the_customer_waits_for_the_next(self):
        self.work_day(3)
        self.pay(self.move, 300)
        self.assertTrue(self.now.reconciled)
        self.work_day(14)
        case = self.case(self.partner)
        self.assertEqual((case.state, case.reason), ("waiting", "nothing_due"))
        self.assertEqual(case.next_date, self.later.date_maturity + timedelta(days=3))
        self.assertSent(self.partner, self.first)

    def test_a_credit_covers_the_part_that_is_due_first(self):
        self.credit(self.partner, 300)
        self.work_day(3)
        case = self.case(self.partner)
        self.assertEqual((case.state, case.reason), ("held", "credit_covers"))


@tagged("post_install", "-at_install")
class TestCredits(MoneyCommon):
    """Credits are set against the oldest due first, whatever journal they are in."""

    def setUp(self):
        super().setUp()
        self.old = self.invoice(self.partner, 100, due=-10)
        self.new = self.invoice(self.partner, 80, due=0)

    def test_the_oldest_is_covered_first(self):
        self.credit(self.partner, 100)
        self.work_day(3)
        self.assertAsked({self.new: 80})
        self.assertStands(self.old, None)
        self.assertStands(self.new, self.first)

    def test_a_part_of_the_oldest(self):
        self.credit(self.partner, 30)
        self.work_day(3)
        self.assertAsked({self.old: 70, self.new: 80})
        line = self.reminders(self.partner).line_ids.sorted("date_due")[0]
        self.assertEqual((line.amount_residual, line.amount_held), (100, 30))
        (mail,) = self.received(self.partner)
        self.assertIn("150.00", mail.html)
        self.assertNotIn("180.00", mail.html)

    def test_beyond_the_oldest_it_goes_on_with_the_next(self):
        self.credit(self.partner, 130)
        self.work_day(3)
        self.assertAsked({self.new: 50})

    def test_everything_covered_nothing_is_asked(self):
        self.credit(self.partner, 180)
        self.work_days(3, 14)
        case = self.case(self.partner)
        self.assertEqual((case.state, case.reason), ("held", "credit_covers"))
        self.assertSent(self.partner)

    def test_more_than_everything(self):
        self.credit(self.partner, 500)
        self.work_day(3)
        case = self.case(self.partner)
        self.assertEqual(case.reason, "credit_covers")
        self.assertEqual(case.amount_open, -320)
        self.assertSent(self.partner)

    def test_an_unmatched_payment_counts(self):
        self.unmatched_payment(self.partner, 100)
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_a_credit_in_the_miscellaneous_journal_counts(self):
        entry = self.entry(self.partner, -100)
        self.assertTrue(self.receivable(entry).no_followup)
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_credits_of_several_kinds_add_up(self):
        self.credit(self.partner, 40)
        self.unmatched_payment(self.partner, 40)
        self.entry(self.partner, -40)
        self.work_day(3)
        self.assertAsked({self.new: 60})

    def test_a_covered_item_does_not_climb_until_the_credit_is_used(self):
        """The customer wants the credit for another invoice: the old one is open."""
        credit = self.credit(self.partner, 100)
        self.work_day(3)
        self.assertStands(self.old, None)
        third = self.invoice(self.partner, 100, due=0)
        (self.receivable(credit) | self.receivable(third)).reconcile()
        self.work_days(4, 12)
        self.assertSent(self.partner, self.first)
        self.work_day(14)
        self.assertSent(self.partner, self.first, self.second)
        self.assertStands(self.old, self.first)
        self.assertStands(self.new, self.second)

    def test_a_credit_matched_with_its_invoice_is_not_counted_twice(self):
        self._reverse_invoice(self.old, post=True, date=day(0))
        self.assertEqual(self.old.payment_state, "reversed")
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_a_partial_hold_and_a_credit_together(self):
        self.work_day(3)
        self.hold(
            self.case(self.partner),
            self.item(self.old),
            is_partial=True,
            amount=60,
        )
        self.credit(self.partner, 40)
        self.work_day(14)
        self.assertAsked({self.new: 80})
        item = self.item(self.old)
        self.assertEqual((item.amount_residual, item.amount_held), (100, 60))

    def test_credits_of_the_parent_cover_what_its_contacts_were_invoiced(self):
        child = self.env["res.partner"].create(
            {"name": "Branch office", "parent_id": self.partner.id}
        )
        move = self.invoice(child, 50, due=-20)
        self.credit(self.partner, 150)
        self.work_day(3)
        self.assertAsked({self.new: 80})
        self.assertStands(move, None)


@tagged("post_install", "-at_install")
class TestCurrencies(MoneyCommon):
    """A customer owes in several currencies: no sum ever mixes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        #: 1 of the company's currency is worth 2 of this one
        cls.euro = cls.setup_other_currency("EUR")
        cls.yen = cls.setup_other_currency(
            "JPY", rates=[("2017-01-01", 100.0)], rounding=1
        )

    def setUp(self):
        super().setUp()
        self.own = self.invoice(self.partner, 100, due=0)
        self.foreign = self.invoice(self.partner, 60, due=-5, currency_id=self.euro.id)

    def test_one_case_one_message_and_one_total_per_currency(self):
        self.work_day(3)
        self.assertAsked({self.own: 100, self.foreign: 60})
        self.assertEqual(len(self.case(self.partner)), 1)
        case = self.case(self.partner)
        self.assertEqual(case.amount_overdue, 100 + 30)
        (mail,) = self.received(self.partner)
        self.assertIn("100.00", mail.html)
        self.assertIn("60.00", mail.html)
        self.assertNotIn("160.00", mail.html)
        self.assertNotIn("130.00", mail.html)
        reminder = self.reminders(self.partner)
        totals = {currency.name: amount for currency, amount in reminder._totals()}
        self.assertEqual(totals, {self.own.currency_id.name: 100, self.euro.name: 60})

    def test_a_credit_covers_only_its_own_currency(self):
        self.credit(self.partner, 60, currency_id=self.euro.id)
        self.work_day(3)
        self.assertAsked({self.own: 100})
        self.assertStands(self.foreign, None)

    def test_a_big_credit_in_one_currency_leaves_the_other_to_be_asked(self):
        self.credit(self.partner, 1000)
        self.work_day(3)
        self.assertAsked({self.foreign: 60})
        self.assertStands(self.own, None)

    def test_each_currency_has_its_own_oldest(self):
        newer = self.invoice(self.partner, 40, due=0, currency_id=self.euro.id)
        self.credit(self.partner, 70, currency_id=self.euro.id)
        self.credit(self.partner, 10)
        self.work_day(3)
        self.assertAsked({self.own: 90, newer: 30})

    def test_items_of_both_currencies_climb_together(self):
        self.work_day(3)
        self.work_day(14)
        self.assertStands(self.own, self.second)
        self.assertStands(self.foreign, self.second)
        self.assertSent(self.partner, self.first, self.second)

    def test_a_currency_without_cents(self):
        move = self.invoice(self.partner, 5000, due=0, currency_id=self.yen.id)
        self.credit(self.partner, 1999, currency_id=self.yen.id)
        self.work_day(3)
        self.assertAsked({self.own: 100, self.foreign: 60, move: 3001})
        (mail,) = self.received(self.partner)
        self.assertIn("3,001", mail.html)

    def test_a_partial_hold_is_in_the_invoices_currency(self):
        self.policy.review_always = True
        self.work_day(3)
        hold = self.hold(
            self.case(self.partner),
            self.item(self.foreign),
            is_partial=True,
            amount=45.5,
        )
        self.assertEqual(hold.currency_id, self.euro)
        self.work_day(4)
        self.assertAsked({self.own: 100, self.foreign: 14.5})

    def test_an_arbitrary_share_adds_up_to_the_cent(self):
        """0.10 + 0.20 and thirds: what floats get wrong, minor units do not."""
        moves = [self.invoice(self.partner, amount, due=-20) for amount in (0.1, 0.2)]
        self.credit(self.partner, 33.33)
        self.work_day(3)
        self.assertAsked({self.own: 66.97, self.foreign: 60})
        for move in moves:
            self.assertStands(move, None)


@tagged("post_install", "-at_install")
class TestEntries(MoneyCommon):
    """Opening balances and other entries that are no invoices."""

    def test_an_opening_balance_is_not_followed_up_by_itself(self):
        move = self.entry(self.partner, 500)
        self.assertTrue(self.receivable(move).no_followup)
        self.work_day(3)
        case = self.case(self.partner)
        self.assertEqual((case.state, case.reason), ("held", "no_followup"))
        self.assertSent(self.partner)

    def test_released_it_is_due_on_its_own_date(self):
        move = self.entry(self.partner, 500)
        self.receivable(move).no_followup = False
        self.assertFalse(self.receivable(move).date_maturity)
        self.work_day(3)
        self.assertAsked({move: 500})
        self.assertStands(move, self.first, date_due=day(0))

    def test_beside_it_invoices_are_asked_for(self):
        self.entry(self.partner, 500, due=-30)
        move = self.invoice(self.partner, 80, due=0)
        self.work_day(3)
        self.assertAsked({move: 80})

    def test_a_debt_that_is_left_alone_takes_no_credit_from_the_others(self):
        """The opening balance is older, but nobody asks for it."""
        self.entry(self.partner, 500, due=-30)
        move = self.invoice(self.partner, 80, due=0)
        self.credit(self.partner, 80)
        self.work_day(3)
        case = self.case(self.partner)
        self.assertEqual((case.state, case.reason), ("held", "no_followup"))
        self.assertIn("credit_covers", case.other_reasons)
        self.assertStands(move, None)

    def test_a_debt_in_a_sales_journal_is_followed_up(self):
        journal = self.company_data["default_journal_sale"]
        move = self.entry(self.partner, 90, journal=journal)
        self.work_day(3)
        self.assertAsked({move: 90})

    def test_a_payment_that_leaves_a_rest(self):
        move = self.invoice(self.partner, 100, due=0)
        self.pay(move, 99.99)
        self.work_day(3)
        self.assertAsked({move: 0.01})

    def test_what_one_person_paid_for_another_is_not_mixed_up(self):
        move = self.invoice(self.partner, 100, due=0)
        other = self.customer("Other")
        self.credit(other, 100)
        self.work_day(3)
        self.assertAsked({move: 100})
        self.assertFalse(self.case(other))

    def test_a_vendor_bill_is_no_debt_and_no_credit(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner.id,
                "invoice_date": day(-30),
                "invoice_date_due": day(0),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Rent", "price_unit": 70, "tax_ids": False})
                ],
            }
        )
        bill.action_post()
        self.work_day(3)
        self.assertFalse(self.case(self.partner))
        move = self.invoice(self.partner, 100, due=0)
        self.work_day(4)
        self.assertAsked({move: 100})

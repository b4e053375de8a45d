"""Payments that are registered or under way, and the bank line of the same money."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_events import day
from .test_money_in_transit import TransitCommon


@tagged("post_install", "-at_install")
class TestRegistered(TransitCommon):
    """Payments that somebody registered, and the bank line of the same money."""

    def test_in_the_books_it_is_a_credit_already(self):
        self.unmatched_payment(self.partner, 100)
        self.assertOnItsWay()
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_its_bank_line_is_the_same_money(self):
        self.unmatched_payment(self.partner, 100)
        self.line(100, partner_id=self.partner.id)
        self.assertOnItsWay()
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_also_when_the_payment_settled_its_invoice(self):
        self.pay(self.old)
        self.line(100, "Birchwood", partner_id=self.partner.id)
        self.assertOnItsWay()
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_a_second_line_of_the_amount_is_other_money(self):
        self.pay(self.old)
        self.line(100, "May", partner_id=self.partner.id)
        second = self.line(100, "June", partner_id=self.partner.id)
        self.assertOnItsWay((second, 10000))

    def _without_entry(self, amount, **vals):
        """With some accounting apps a payment gets no entry before its bank line."""
        self.classPatch(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda *_args: "in_payment",
        )
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        payment = self.unmatched_payment(self.partner, amount, **vals)
        self.assertFalse(payment.move_id)
        self.assertEqual(payment.state, "in_process")
        return payment

    def test_without_an_entry(self):
        payment = self._without_entry(30)
        self.assertOnItsWay((payment, 3000))
        self.work_day(3)
        self.assertAsked({self.old: 70, self.new: 80})

    def test_without_an_entry_and_its_bank_line(self):
        self._without_entry(30)
        line = self.line(30, partner_id=self.partner.id)
        self.assertOnItsWay((line, 3000))

    def test_without_an_entry_for_an_invoice_that_asks_for_nothing_any_more(self):
        self._without_entry(100, invoice_ids=[Command.set(self.old.ids)])
        self.assertEqual(self.old.payment_state, "in_payment")
        self.assertOnItsWay()
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_cancelled_or_too_old(self):
        self._without_entry(30).action_cancel()
        self._without_entry(30, date=day(-61))
        self.assertOnItsWay()


@tagged("post_install", "-at_install")
class TestOnline(TransitCommon):
    """Online payments that are under way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        methods_sudo = cls.env["payment.method"].sudo()
        cls.method = methods_sudo.with_context(active_test=False).search([], limit=1)
        cls.provider = (
            cls.env["payment.provider"]
            .sudo()
            .create(
                {
                    "name": "Card",
                    "company_id": cls.company.id,
                    "payment_method_ids": [Command.set(cls.method.ids)],
                }
            )
        )

    def transaction(self, amount, state="pending", invoices=None, **vals):
        self.count = getattr(self, "count", 0) + 1
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "reference": f"tx-{self.count}",
                    "amount": amount,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.partner.id,
                    "invoice_ids": [Command.set(invoices.ids if invoices else [])],
                    "state": state,
                    **vals,
                }
            )
        )

    def test_under_way(self):
        pending = self.transaction(30)
        self.assertOnItsWay((pending, 3000))
        self.work_day(3)
        self.assertAsked({self.old: 70, self.new: 80})

    def test_the_states_that_count(self):
        for state in ("draft", "done", "cancel", "error"):
            self.transaction(30, state)
        self.assertOnItsWay()
        authorized = self.transaction(30)
        authorized.flush_recordset()
        # the provider of a test cannot authorize
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = 'authorized' WHERE id = %s",
            [authorized.id],
        )
        authorized.invalidate_recordset()
        self.assertOnItsWay((authorized, 3000))

    def test_too_old(self):
        self.transaction(30, last_state_change="2025-11-01 12:00:00")
        self.assertOnItsWay()

    def test_somebody_else_pays_the_invoice(self):
        other = self.customer("Other")
        paid = self.transaction(100, invoices=self.old, partner_id=other.id)
        self.assertOnItsWay((paid, 10000))
        self.assertOnItsWay(partner=other)

    def test_to_the_provider_of_a_branchs_parent(self):
        """It is the branch's money, for it settles the branch's invoice."""
        case, move = self.owed_to_a_branch()
        paid = self.transaction(70, "draft", move, partner_id=case.partner_id.id)
        paid.state = "pending"
        found = self.found(case.partner_id, company=case.company_id)
        self.assertEqual(found, [("transaction", paid.id, 7000)])
        self.assertOnItsWay(partner=case.partner_id)
        marks = self.engine["ar.followup.mark"].search([("case_id", "=", case.id)])
        self.assertTrue(marks)

    def test_tried_twice_it_is_one_payment(self):
        first = self.transaction(100, invoices=self.old)
        self.transaction(100, invoices=self.old)
        self.assertOnItsWay((first, 10000))
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_paid_otherwise_meanwhile(self):
        self.transaction(100, invoices=self.old)
        self.pay(self.old)
        self.assertOnItsWay()

    def test_its_bank_line_is_the_same_money(self):
        self.transaction(100, invoices=self.old)
        line = self.line(100, f"wire {self.old.name}-1")
        self.assertOnItsWay((line, 10000))

    def test_a_capture_is_a_part_of_what_is_authorized(self):
        whole = self.transaction(80)
        self.transaction(50, source_transaction_id=whole.id)
        self.assertOnItsWay((whole, 8000))

"""What a statement of account says, from the books."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_statement import StatementCommon

INVOICE, CREDIT_NOTE, PAYMENT, MATCH = "invoice", "credit_note", "payment", "match"


@tagged("post_install", "-at_install")
class TestAsOf(StatementCommon):
    """What was open at the end of a day, whatever happened later."""

    def setUp(self):
        super().setUp()
        self.bill = self.invoice(self.ann, 100, due=0)

    def test_before_there_was_anything(self):
        self.assertEqual(self.accounts(self.ann, -31), {})
        self.assertEqual(self.open(self.ann, -30), [(self.bill.name, 100)])

    def test_a_payment_later(self):
        self.travel(5)
        self.pay(self.bill)
        self.assertEqual(self.open(self.ann, 4), [(self.bill.name, 100)])
        self.assertEqual(self.open(self.ann, 5), [])

    def test_a_part_of_it_paid(self):
        self.travel(5)
        self.pay(self.bill, 40)
        self.travel(9)
        self.pay(self.bill, 35)
        self.assertEqual(self.open(self.ann, 4), [(self.bill.name, 100)])
        self.assertEqual(self.open(self.ann, 5), [(self.bill.name, 60)])
        self.assertEqual(self.open(self.ann, 20), [(self.bill.name, 25)])
        self.assertEqual(self.moved(self.ann, 5, 20), (100, [-40, -35], 25))
        self.assertEqual(self.moved(self.ann, -40, 8), (0, [100, -40], 60))
        self.assertEqual(self.moved(self.ann, 6, 8), (60, [], 60))

    def test_matched_later_than_it_was_paid(self):
        """The match counts from the day of the later entry, not of the click."""
        self.travel(5)
        payment = self.unmatched(self.ann, 100)
        self.assertEqual(
            self.open(self.ann, 5),
            [(self.bill.name, 100), (payment.move_id.name, -100)],
        )
        self.travel(9)
        self.match(self.bill, payment.move_id)
        self.assertEqual(self.open(self.ann, 5), [])
        self.assertEqual(self.open(self.ann, 4), [(self.bill.name, 100)])

    def test_a_payment_taken_back(self):
        """Who takes a match back changes what the books say of that day."""
        self.travel(5)
        payment = self.pay(self.bill)
        self.travel(9)
        self.receivable(self.bill).remove_move_reconcile()
        self.assertEqual(
            self.open(self.ann, 7),
            [(self.bill.name, 100), (payment.move_id.name, -100)],
        )
        payment.action_draft()
        self.assertEqual(self.open(self.ann, 7), [(self.bill.name, 100)])

    def test_a_payment_without_an_entry(self):
        """With some accounting apps, the bank line alone makes an entry."""
        self.classPatch(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda *_args: "in_payment",
        )
        bank = self.company_data["default_journal_bank"]
        bank.inbound_payment_method_line_ids.payment_account_id = False
        self.travel(5)
        payment = self.unmatched(
            self.ann, 100, invoice_ids=[Command.set(self.bill.ids)]
        )
        self.assertFalse(payment.move_id)
        self.assertEqual(self.bill.payment_state, "in_payment")
        self.assertEqual(self.open(self.ann, 4), [(self.bill.name, 100)])
        self.assertEqual(self.open(self.ann, 5), [])
        self.assertEqual(self.moved(self.ann, 0, 6), (100, [-100], 0))
        self.assertAddsUp(self.ann, 5, 5)

    def test_a_credit_note(self):
        self.travel(5)
        note = self.credit(self.ann, 30)
        self.assertEqual(
            self.open(self.ann, 5), [(self.bill.name, 100), (note.name, -30)]
        )
        account = self.accounts(self.ann, 5)[self.own]
        self.assertEqual((account.credit, account.balance), (3000, 7000))
        self.assertEqual(account.ages(self.day(5)), [0, 10000, 0, 0, 0])
        self.match(self.bill, note)
        self.assertEqual(self.open(self.ann, 5), [(self.bill.name, 70)])
        account = self.accounts(self.ann, 5, -40)[self.own]
        self.assertEqual(
            [(it.kind, it.due) for it in account.movements],
            [(INVOICE, self.day(0)), (CREDIT_NOTE, None)],
        )

    def test_reversed(self):
        self.travel(5)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.bill.ids
        )
        wizard.create(
            {"journal_id": self.bill.journal_id.id, "date": self.day(5)}
        ).modify_moves()
        self.assertEqual(self.bill.payment_state, "reversed")
        self.assertEqual(self.open(self.ann, 4), [(self.bill.name, 100)])
        self.assertEqual(self.open(self.ann, 5), [])
        self.assertEqual(self.moved(self.ann, 5, 9), (100, [-100], 0))

    def test_a_draft_and_a_cancelled_one_are_nothing(self):
        self.invoice(self.ann, 500, due=0, post=False)
        self.bill.button_draft()
        self.assertEqual(self.accounts(self.ann, 9), {})
        self.bill.button_cancel()
        self.assertEqual(self.accounts(self.ann, 9), {})

    def test_in_instalments(self):
        """Each part has its own due day; the invoice is one movement."""
        term = self.env["account.payment.term"].create(
            {
                "name": "In two",
                "line_ids": [
                    Command.create({"value_amount": 30, "nb_days": 10}),
                    Command.create({"value_amount": 70, "nb_days": 40}),
                ],
            }
        )
        ben = self.customer("Ben")
        bill = self.invoice(
            ben,
            200,
            invoice_date=self.day(0),
            invoice_date_due=False,
            invoice_payment_term_id=term.id,
        )
        account = self.accounts(ben, 15, 0)[self.own]
        self.assertEqual(
            [(it.line.due, it.open) for it in account.items],
            [(self.day(10), 6000), (self.day(40), 14000)],
        )
        self.assertEqual(account.ages(self.day(15)), [14000, 6000, 0, 0, 0])
        (movement,) = account.movements
        self.assertEqual((movement.amount, movement.due), (20000, self.day(40)))
        self.travel(15)
        self.pay(bill, 60)
        self.assertEqual(self.open(ben, 15), [(bill.name, 140)])
        self.assertAddsUp(ben, 0, 15)

    def test_of_all_contacts_and_archived_ones(self):
        contact = self.env["res.partner"].create(
            {"name": "Bookkeeping", "parent_id": self.ann.id, "type": "invoice"}
        )
        second = self.invoice(contact, 50, due=3)
        (self.ann | contact).action_archive()
        self.assertEqual(
            self.open(self.ann, 5), [(self.bill.name, 100), (second.name, 50)]
        )

    def test_ages(self):
        """0, 1, 30, 31, 60, 61, 90 and 91 days after the due day."""
        ben = self.customer("Ben")
        for late, amount in enumerate((0, 1, 30, 31, 60, 61, 90, 91)):
            self.invoice(ben, 10**late / 100, due=-amount)
        account = self.accounts(ben, 0)[self.own]
        self.assertEqual(account.ages(self.day(0)), [1, 110, 11000, 1100000, 10000000])


@tagged("post_install", "-at_install")
class TestCurrencies(StatementCommon):
    """One account for each currency; what rates do to the books is not theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2026-01-12", 4.0)]
        )
        cls.bill = cls.invoice(cls.ann, 100, due=0)
        cls.foreign = cls.invoice(cls.ann, 80, due=0, currency_id=cls.euro.id)

    def test_the_own_currency_comes_first(self):
        self.assertEqual(list(self.accounts(self.ann, 0)), [self.own, self.euro])
        self.assertEqual(self.open(self.ann, 0), [(self.bill.name, 100)])
        self.assertEqual(self.open(self.ann, 0, self.euro), [(self.foreign.name, 80)])

    def test_a_difference_of_rates(self):
        """80 euros are paid with 80 euros, whatever these are worth by then."""
        self.travel(5)
        self.pay(self.foreign, 30)
        self.assertEqual(self.open(self.ann, 5, self.euro), [(self.foreign.name, 50)])
        self.travel(10)
        self._register_payment(self.foreign, payment_date=self.day(10))
        self.assertTrue(
            self.receivable(self.foreign).matched_credit_ids.exchange_move_id
        )
        self.assertEqual(self.open(self.ann, 5, self.euro), [(self.foreign.name, 50)])
        self.assertEqual(self.open(self.ann, 10, self.euro), [])
        self.assertEqual(self.moved(self.ann, 0, 10, self.euro), (80, [-30, -50], 0))
        self.assertEqual(self.open(self.ann, 10), [(self.bill.name, 100)])

    def test_paid_in_another_currency(self):
        """Dollars that settle euros: they leave the one account for the other."""
        self.travel(5)
        payment = self.unmatched(self.ann, 40)
        self.travel(10)
        self.match(self.foreign, payment.move_id)
        self.assertEqual(self.open(self.ann, 5), [(self.bill.name, 100)])
        self.assertEqual(self.open(self.ann, 5, self.euro), [])
        account = self.accounts(self.ann, 10, 0)
        for since in (0, 5, 6):
            self.assertAddsUp(self.ann, since, 10)
        self.assertEqual(
            [(it.kind, it.name, it.amount) for it in account[self.own].movements],
            [
                (MATCH, self.foreign.name, 4000),
                (PAYMENT, payment.move_id.name, -4000),
            ],
        )
        self.assertEqual(
            [(it.kind, it.name, it.amount) for it in account[self.euro].movements],
            [(MATCH, payment.move_id.name, -8000)],
        )

    def test_a_currency_without_cents(self):
        yen = self.setup_other_currency("JPY", rates=[("2025-01-01", 100.0)])
        yen.rounding = 1.0
        self.invoice(self.ann, 12345, due=0, currency_id=yen.id)
        (item,) = self.accounts(self.ann, 0)[yen].items
        self.assertEqual(item.open, 12345)


@tagged("post_install", "-at_install")
class TestWhose(StatementCommon):
    """Each company's statement is about its own entries, and each customer's."""

    def test_a_branch_has_its_own(self):
        branch = self.env["res.company"].create(
            {"name": "The Branch", "parent_id": self.company.id}
        )
        self.cr.precommit.run()  # the branch gets its books
        self.env.user.company_ids |= branch
        head = self.invoice(self.ann, 100, due=0)
        Move = self.env["account.move"].with_context(
            allowed_company_ids=(branch | self.company).ids
        )
        own = Move.create(self._invoice_vals(self.ann, 70, 0))
        own.action_post()
        self.assertEqual(own.company_id, branch)
        self.assertEqual(self.open(self.ann, 0), [(head.name, 100)])
        (account,) = self.accounts(self.ann, 0, company=branch).values()
        self.assertEqual([it.line.name for it in account.items], [own.name])

    def test_paid_by_another_customer(self):
        """Ben's money settles Ann's invoice: both accounts say so."""
        ben = self.customer("Ben")
        bill = self.invoice(self.ann, 100, due=0)
        self.travel(5)
        payment = self.unmatched(ben, 100)
        self.match(bill, payment.move_id)
        self.assertEqual(self.moved(self.ann, 0, 5), (100, [-100], 0))
        account = self.accounts(ben, 5, 0)[self.own]
        self.assertEqual(
            {(it.kind, it.name, it.amount) for it in account.movements},
            {(PAYMENT, payment.move_id.name, -10000), (MATCH, bill.name, 10000)},
        )
        self.assertEqual(account.items, [])

    def test_as_many_statements_for_20_as_for_2(self):
        people = [self.customer(f"C{n}") for n in range(20)]
        bills = self.invoices([(partner, 100, 0) for partner in people for _ in "123"])
        self.travel(5)
        for bill in bills[::3]:
            self.pay(bill, 40)
        Account = self.engine["ar.customer.account"]
        company = self.company.with_env(self.engine)
        counts = []
        for own in (people[:2], people):
            partners = self.env["res.partner"].concat(*own).with_env(self.engine)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = Account._statements(company, partners, self.day(5), self.day(0))
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(
                [account.balance for it in found for _c, account in it.accounts],
                [26000] * len(own),
            )
        self.assertLessEqual(counts[1], counts[0], counts)


@tagged("post_install", "-at_install")
class TestMarks(StatementCommon):
    """What was disputed, promised or on a plan on that day."""

    def setUp(self):
        super().setUp()
        self.bill = self.invoice(self.ann, 1000, due=0)
        self.work_day(1)

    def hold(self, kind, amount=0, first=1, **vals):
        item = self.item(self.bill)
        return self.engine["ar.followup.hold"].create(
            {
                "case_id": item.case_id.id,
                "item_id": item.id,
                "kind": kind,
                "is_partial": bool(amount),
                "amount": amount,
                "date_from": self.day(first),
                **vals,
            }
        )

    def marks(self, day):
        account = self.accounts(self.ann, day)[self.own]
        (item,) = account.debts
        return {kind: amount / 100 for kind, amount in item.marks.items()}

    def test_a_part(self):
        self.hold("disputed", 300)
        self.assertEqual(self.marks(0), {})
        self.assertEqual(self.marks(1), {"disputed": 300})

    def test_all_of_it(self):
        self.hold("promised")
        self.assertEqual(self.marks(1), {"promised": 1000})
        self.travel(3)
        self.pay(self.bill, 400)
        self.assertEqual(self.marks(3), {"promised": 600})
        self.assertEqual(self.marks(2), {"promised": 1000})

    def test_until_it_ended(self):
        self.hold("planned", date_to=self.day(4))
        disputed = self.hold("disputed", 300, first=2)
        self.travel(6)
        disputed.action_lift("Settled")
        self.assertEqual(self.marks(1), {"planned": 1000})
        self.assertEqual(self.marks(4), {"disputed": 300, "planned": 700})
        self.assertEqual(self.marks(5), {"disputed": 300})
        self.assertEqual(self.marks(6), {})

    def test_together_never_more_than_is_open(self):
        self.hold("promised", 800)
        self.hold("disputed", 300)
        self.hold("disputed", 100)
        self.assertEqual(self.marks(1), {"disputed": 400, "promised": 600})
        self.travel(2)
        self.pay(self.bill, 700)
        self.assertEqual(self.marks(2), {"disputed": 300})

    def test_what_is_no_mark(self):
        """Everything a customer owes, paused, or not approved yet."""
        self.hold("promised", item_id=False)
        self.hold("paused")
        self.hold("awaiting_approval")
        self.assertEqual(self.marks(1), {})

    def test_what_was_agreed(self):
        """A dispute and a promise; not what still waits for an approver."""
        mine = self.env(user=self.collector)
        lines = [Command.set(self.receivable(self.bill).ids)]
        mine["ar.dispute"].create(
            {
                "move_id": self.bill.id,
                "amount_disputed": 300,
                "reason_id": mine["ar.dispute.reason"].search([], limit=1).id,
                "description": "Two chairs are broken.",
            }
        )
        promise = {"move_line_ids": lines, "amount": 200}
        mine["ar.payment.promise"].create({**promise, "date_promised": self.day(5)})
        self.assertEqual(self.marks(1), {"disputed": 300, "promised": 200})
        waiting = mine["ar.payment.promise"].create(
            {**promise, "amount": 500, "date_promised": self.day(300)}
        )
        self.assertEqual(waiting.state, "to_approve")
        self.assertEqual(self.marks(1)["disputed"], 300)
        self.assertLessEqual(self.marks(1).get("promised", 0), 200)

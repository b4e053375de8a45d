"""A promise to pay: what can be promised, and what is left alone for it."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR")

    def assertRefused(self, said, *args, **vals):
        with self.assertRaisesRegex(UserError, said):
            self.promise(*args, **vals)

    def test_recorded_and_open_at_once(self):
        """All that is open is held until the day and three days of tolerance."""
        promise = self.promise(self.bill)
        self.assertEqual(promise.state, "open")
        self.assertEqual((promise.amount, promise.currency_id.name), (1000, "USD"))
        self.assertEqual(
            (promise.case_id, promise.partner_id.id),
            (self.case(self.ann).with_env(promise.env), self.ann.id),
        )
        self.assertEqual(promise.last_day, self.day(13))
        self.assertEqual(self.holds(promise), [("promised", self.day(13), False)])
        self.assertEqual(self.case(self.ann).reason, "promised")
        self.assertIn("up to 14 days", promise.approval_rule)
        self.assertFalse(promise.activity_ids)
        self.assertEqual(promise.requested_by_id, self.collector)

    def test_a_customer_and_a_day_are_enough(self):
        """Without invoices it is about all that is open and undisputed."""
        other = self.invoice(self.ann, 500, due=-10)
        euro = self.invoice(self.ann, 70, due=2, currency_id=self.euro.id)
        disputed = self.invoice(self.ann, 30, due=-3)
        self.case(self.ann)._reassess()
        self.engine["ar.followup.hold"].create(
            {
                "case_id": self.case(self.ann).id,
                "item_id": self.item(disputed).id,
                "kind": "disputed",
            }
        )
        promise = self.promise(case_id=self.case(self.ann).id)
        self.assertEqual(promise._moves(), other | self.bill)
        self.assertEqual(promise.amount, 1500)
        self.assertNotIn(euro, promise._moves())

    def test_an_amount_is_about_the_oldest_first(self):
        older = self.invoice(self.ann, 300, due=-10)
        newer = self.invoice(self.ann, 300, due=3)
        promise = self.promise(newer | self.bill | older, amount=700)
        self.assertEqual(
            {row.item_id.move_id: row.amount_covered for row in promise.item_line_ids},
            {older: 300, self.bill: 400},
        )
        self.assertEqual(promise.move_line_ids.move_id, older | self.bill)
        self.assertEqual(
            sorted(self.holds(promise), key=lambda hold: hold[2]),
            [("promised", self.day(13), False), ("promised", self.day(13), 400)],
        )
        # the rest goes on
        self.work_day()
        (reminder,) = self.reminders(self.ann)
        self.assertEqual(reminder.amount_asked, 900)

    def test_the_day(self):
        self.assertRefused("Say by which day", self.bill, day=10, date_promised=False)
        self.assertRefused("has passed", self.bill, day=4)
        self.assertRefused("more than a year", self.bill, day=5 + 366)
        self.assertEqual(self.promise(self.bill, day=5).state, "open")

    def test_the_amount(self):
        self.assertRefused("less than nothing", self.bill, amount=-1)
        self.assertRefused("Only .*1,000.00.* is open", self.bill, amount=1000.01)
        self.assertEqual(self.promise(self.bill, amount=1000).state, "open")

    def test_not_more_than_is_undisputed(self):
        self.case(self.ann)._reassess()
        self.engine["ar.followup.hold"].create(
            {
                "case_id": self.case(self.ann).id,
                "item_id": self.item(self.bill).id,
                "kind": "disputed",
                "is_partial": True,
                "amount": 300,
            }
        )
        self.assertRefused("Only .*700.00.* is open", self.bill, amount=800)
        promise = self.promise(self.bill)
        self.assertEqual(promise.amount, 700)
        self.assertEqual(self.item(self.bill).amount_held, 1000)

    def test_invoices_that_do_not_fit(self):
        bob = self.invoice(self.customer("Bob"), 10)
        euro = self.invoice(self.ann, 70, currency_id=self.euro.id)
        paid = self.invoice(self.ann, 20)
        self.pay(paid)
        draft = self.invoice(self.ann, 20, post=False)
        self.assertRefused("is owed by Bob", self.bill | bob)
        self.assertRefused("is in EUR", self.bill | euro)
        self.assertRefused("Nothing is open of", paid)
        self.assertRefused("is not posted", draft)
        self.assertRefused("choose an open invoice")

    def test_wholly_disputed(self):
        self.case(self.ann)._reassess()
        self.engine["ar.followup.hold"].create(
            {
                "case_id": self.case(self.ann).id,
                "item_id": self.item(self.bill).id,
                "kind": "disputed",
            }
        )
        self.assertRefused("is disputed", self.bill)

    def test_on_a_payment_plan(self):
        plan = self.env["ar.payment.plan"].create(
            {"move_line_ids": [Command.set(self.receivable(self.bill).ids)]}
        )
        plan.action_submit()
        self.assertRefused("is on the payment plan", self.bill)

    def test_a_plan_in_force_takes_its_place(self):
        promise = self.promise(self.bill)
        plan = (
            self.env["ar.payment.plan"]
            .with_user(self.collector)
            .create({"move_line_ids": [Command.set(self.receivable(self.bill).ids)]})
        )
        plan.action_submit()
        plan.with_user(self.manager).action_approve()
        self.assertEqual(promise.state, "open")
        plan.action_accept(how="email")
        self.events()
        self.assertEqual((promise.state, self.holds(promise)), ("replaced", []))

    # a new one replaces the old ----------------------------------------------------

    def test_a_new_one_replaces_the_old(self):
        old = self.promise(self.bill)
        new = self.promise(self.bill, day=15)
        self.assertEqual((old.state, old.replaced_by_id), ("replaced", new))
        self.assertFalse(self.holds(old))
        self.assertEqual(self.holds(new), [("promised", self.day(18), False)])
        case = self.case(self.ann)
        self.assertEqual(case.promise_replaced_count, 1)
        self.assertEqual(case.promise_rate, 0)

    def test_a_broken_one_is_not_replaced(self):
        """Whoever calls before the day's work finds it broken all the same."""
        self.policy.promise_max_broken = 0
        old = self.promise(self.bill)
        self.travel(14)
        new = self.promise(self.bill, day=20)
        self.assertEqual((old.state, new.state), ("broken", "to_approve"))
        self.assertEqual(self.case(self.ann).promise_broken_count, 1)

    def test_one_that_is_open_again(self):
        """Its payment was taken back a moment ago: one invoice, one open promise."""
        old = self.promise(self.bill)
        payment = self.paid(self.bill)
        self.assertEqual(old.state, "kept")
        payment.action_draft()
        payment.action_cancel()
        new = self.promise(self.bill, day=12)
        self.events()
        self.assertEqual((old.state, new.state), ("replaced", "open"))

    def test_one_over_another_invoice_stays(self):
        other = self.invoice(self.ann, 500)
        first, second = self.promise(self.bill), self.promise(other)
        self.assertEqual((first.state, second.state), ("open", "open"))
        # all that is open: in the place of both
        third = self.promise(case_id=self.case(self.ann).id)
        self.assertEqual((first | second).mapped("state"), ["replaced"] * 2)
        self.assertEqual(third.amount, 1500)

    def test_it_replaces_one_that_waits(self):
        waiting = self.waiting()
        self.assertEqual(waiting.state, "to_approve")
        new = self.promise(self.bill)
        self.assertEqual((waiting.state, new.state), ("replaced", "open"))
        self.assertFalse(waiting.activity_ids)

    def test_holds_never_shield_more_than_the_invoice(self):
        """A part promised, a part disputed, the rest paused: together the invoice."""
        promise = self.promise(self.bill, amount=600)
        item = self.item(self.bill)
        for kind, amount in (("disputed", 300), ("paused", 500)):
            self.engine["ar.followup.hold"].create(
                {
                    "case_id": promise.case_id.id,
                    "item_id": item.id,
                    "kind": kind,
                    "is_partial": True,
                    "amount": amount,
                }
            )
        self.assertEqual(item.amount_held, 1000)
        self.assertFalse(self.prepare(5))

    # what was said stays -----------------------------------------------------------

    def test_what_was_promised_stays(self):
        promise = self.promise(self.bill)
        for vals in (
            {"amount": 5},
            {"date_promised": self.day(20)},
            {"move_line_ids": [Command.clear()]},
        ):
            with self.assertRaisesRegex(UserError, "stays on record"):
                promise.write(vals)
        promise.note = "She will transfer it"
        self.assertEqual(promise.note, "She will transfer it")

    def test_cancelled_by_a_collector(self):
        promise = self.promise(self.bill)
        promise.action_cancel("Wrong customer")
        self.assertEqual((promise.state, self.holds(promise)), ("cancelled", []))
        self.assertIn("Wrong customer", promise.message_ids[0].body)
        self.assertNotEqual(self.case(self.ann).reason, "promised")
        with self.assertRaisesRegex(UserError, "over already"):
            promise.action_cancel()

    def test_an_auditor_only_reads(self):
        promise = self.promise(self.bill)
        auditor = new_test_user(
            self.env,
            login="ar_auditor",
            groups="base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        read = promise.with_user(auditor)
        self.assertTrue(read.status_text)
        with self.assertRaises(AccessError):
            read.action_cancel()
        with self.assertRaises(AccessError):
            self.promise(self.bill, user=auditor)
        with self.assertRaises(AccessError):
            read.note = "read"

    def test_an_archived_customer(self):
        self.ann.active = False
        promise = self.promise(self.bill)
        self.assertEqual(promise.state, "open")
        self.paid(self.bill, 400)
        self.work_day(14)
        self.assertEqual((promise.state, promise.amount_paid), ("partial", 400))

    def test_a_collector_of_another_company_sees_nothing(self):
        promise = self.promise(self.bill)
        company = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            login="ar_stranger",
            groups="ar_followup_plus.group_ar_collector,account.group_account_invoice",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        Promise = self.env["ar.payment.promise"].with_user(stranger)
        self.assertFalse(Promise.search([]))
        with self.assertRaises(AccessError):
            promise.with_user(stranger).read(["amount"])

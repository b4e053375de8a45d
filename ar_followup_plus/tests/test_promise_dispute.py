"""A promise, a dispute and a plan about the same invoice."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import START
from .common_disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestPromiseAndDispute(DisputeCommon):
    def promise(self, amount=0, day=10, **vals):
        return self.mine["ar.payment.promise"].create(
            {
                "move_line_ids": [Command.set(self.receivable(self.bill).ids)],
                "date_promised": START + timedelta(days=day),
                "amount": amount,
                **vals,
            }
        )

    def paid(self, amount):
        self.pay(self.bill, amount)
        self.events()

    def events(self):
        """Work the marks that events left, as the next tick does."""
        self.engine["ar.followup.mark"]._work(100)
        self.env.invalidate_all()

    def test_the_undisputed_rest_is_promised_and_the_dispute_credited(self):
        """What is credited is no longer disputed: it is not left out twice."""
        dispute = self.dispute(amount=600)
        promise = self.promise()
        self.assertEqual(promise.amount, 400)
        dispute.action_accept()
        dispute.sudo().credit_note_id.action_post()
        self.events()
        self.assertEqual(self.bill.amount_residual, 400)
        self.assertEqual(promise.state, "open")
        self.assertEqual(self.shielded(self.bill), [400])
        self.paid(400)
        self.assertEqual((promise.state, promise.amount_paid), ("kept", 400))

    def test_credited_by_hand_beside_a_promise(self):
        """700 is owed after the credit note, and 400 of it is not enough."""
        promise = self.promise()
        self.dispute(amount=300)
        self.paid(400)
        self.assertEqual(promise.state, "open")
        note = self.credit(self.ann, 300)
        (self.receivable(note) + self.receivable(self.bill)).reconcile()
        self.events()
        self.assertEqual(promise.state, "open")
        steps = promise.message_ids.mapped("body")
        self.assertFalse([step for step in steps if "Kept" in step], steps)

    def test_rejected_after_its_day(self):
        """Who paid by their day all that was undisputed then has kept the promise."""
        promise = self.promise()
        dispute = self.dispute(amount=300)
        self.paid(700)
        self.assertEqual(promise.state, "kept")
        self.travel(20)
        dispute.action_reject("The price is the one of our offer.")
        self.events()
        self.assertEqual(promise.state, "kept")

    def test_rejected_before_its_day(self):
        """Then all of it is to be paid, as promised."""
        promise = self.promise()
        dispute = self.dispute(amount=300)
        self.paid(700)
        self.assertEqual(promise.state, "kept")
        dispute.action_reject("The price is the one of our offer.")
        self.events()
        self.assertEqual(promise.state, "open")
        self.work_day(14)
        self.assertEqual((promise.state, promise.amount_paid), ("partial", 700))

    def test_disputed_after_its_day(self):
        """What is disputed later was to be paid by then."""
        promise = self.promise()
        self.paid(700)
        self.work_day(14)
        self.assertEqual(promise.state, "partial")
        self.travel(16)
        self.dispute(amount=300)
        self.events()
        self.assertEqual((promise.state, promise.amount_paid), ("partial", 700))

    def test_all_three_never_shield_more_than_the_invoice(self):
        dispute = self.dispute(amount=300)
        promise = self.promise()
        self.assertEqual(self.shielded(self.bill), [1000])
        plan = self.mine["ar.payment.plan"].create(
            {"move_line_ids": self.receivable(self.bill).ids}
        )
        self.assertEqual(plan.amount_total, 700)
        plan.action_submit()
        self.assertEqual(self.shielded(self.bill), [1000])
        plan.with_user(self.manager).action_approve()
        plan.action_accept(how="email")
        self.events()
        self.assertEqual((promise.state, dispute.state), ("replaced", "open"))
        self.assertEqual(self.shielded(self.bill), [1000])

    def test_not_approved_once_a_plan_covers_it(self):
        promise = self.promise(day=40)
        self.assertEqual(promise.state, "to_approve")
        plan = self.mine["ar.payment.plan"].create(
            {"move_line_ids": self.receivable(self.bill).ids}
        )
        plan.action_submit()
        with self.assertRaisesRegex(UserError, "is on the payment plan"):
            promise.with_user(self.manager).action_approve()

    def test_many_are_judged_with_as_many_queries_as_few(self):
        """Each promised, a part of it disputed, and another part paid."""

        def queries(count):
            self.travel(5)
            names = [f"M{count}-{number}" for number in range(count)]
            moves = self.invoices([(self.customer(name), 100, 0) for name in names])
            lines = [self.receivable(move) for move in moves]
            promises = self.mine["ar.payment.promise"].create(
                [
                    {
                        "move_line_ids": [Command.set(line.ids)],
                        "date_promised": START + timedelta(days=10),
                    }
                    for line in lines
                ]
            )
            for move in moves:
                self.dispute(move, amount=30)
                self.pay(move, 50)
            self.travel(14)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.engine["ar.dispute"]._to_review(
                self.company, promises.partner_id.ids
            )._review(self.company.with_env(self.engine))
            day = START + timedelta(days=14)
            promises.with_env(self.engine)._review(self.company, day)
            self.env.flush_all()
            self.assertEqual(set(promises.mapped("state")), {"partial"})
            return self.env.cr.sql_log_count - before

        queries(2)  # what is only read once
        few, many = queries(3), queries(12)
        self.assertLess(many - few, 10)

    def test_a_contact_with_somebody_else(self):
        bob = self.engine["ar.followup.case"].create(
            {"partner_id": self.customer("Bob").id, "company_id": self.company.id}
        )
        log = self.mine["ar.contact.log"].create(
            {"case_id": bob.id, "channel": "phone", "direction": "in", "summary": "Hi"}
        )
        with self.refused("with another customer"):
            self.promise(log_id=log.id)
        promise = self.promise()
        with self.refused("with another customer"):
            promise.log_id = log
        with self.refused("with another customer"):
            self.dispute(log_id=log.id)

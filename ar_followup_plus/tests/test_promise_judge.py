"""Kept, in part or broken: accounting says it, day by day."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseJudge(PromiseCommon):
    def assertStands(self, promise, state, paid=None):
        self.env.invalidate_all()
        self.assertEqual(promise.state, state)
        if paid is not None:
            self.assertEqual(promise.amount_paid, paid)

    # kept --------------------------------------------------------------------------

    def test_nearly_all_and_nearly_in_time_is_kept(self):
        """1000 by the 10th, 990 paid two days later: 3 days and 2 % are tolerated."""
        promise = self.promise(self.bill, day=10)
        self.work_days(6, 11)
        self.assertStands(promise, "open", 0)
        self.travel(12)
        self.paid(self.bill, 990)
        self.assertStands(promise, "kept", 990)
        self.assertEqual(promise.judged_on, self.day(12))
        self.assertFalse(self.holds(promise))
        self.work_days(13, 16)
        self.assertStands(promise, "kept", 990)

    def test_paid_before_its_day(self):
        promise = self.promise(self.bill)
        self.travel(6)
        self.paid(self.bill)
        self.assertStands(promise, "kept", 1000)
        self.assertEqual(self.case(self.ann).promise_rate, 100)

    def test_booked_late_but_paid_in_time(self):
        """What was paid on the 12th keeps it, though it is booked on the 20th."""
        promise = self.promise(self.bill)
        self.work_days(6, 14)
        self.assertStands(promise, "broken", 0)
        self.assertTrue(self.asked())
        self.travel(20)
        self.paid(self.bill, day=12)
        self.assertStands(promise, "kept", 1000)
        self.assertFalse(self.asked())

    def test_paid_too_late(self):
        promise = self.promise(self.bill)
        self.work_day(14)
        self.paid(self.bill)
        self.assertStands(promise, "broken", 0)
        self.work_day(15)
        self.assertStands(promise, "broken", 0)

    def test_another_of_its_invoices_first(self):
        """800 of two invoices of 600: whichever they pay first."""
        first = self.invoice(self.ann, 600, due=-10)
        second = self.invoice(self.ann, 600, due=-9)
        promise = self.promise(first | second, amount=800)
        self.paid(second)
        self.assertStands(promise, "open", 600)
        self.paid(first, 200)
        self.assertStands(promise, "kept", 800)

    # not kept ----------------------------------------------------------------------

    def test_in_part(self):
        promise = self.promise(self.bill)
        self.travel(10)
        self.paid(self.bill, 400)
        self.assertStands(promise, "open", 400)
        self.work_day(13)
        self.assertStands(promise, "open")
        self.work_day(14)
        self.assertStands(promise, "partial", 400)
        self.assertTrue(self.asked())
        self.assertEqual(self.case(self.ann).promise_partial_count, 1)

    def test_broken(self):
        """The collector is asked once, and the invoice goes on one level."""
        promise = self.promise(self.bill)
        self.work_days(6, 13)
        self.assertStands(promise, "open")
        self.assertFalse(self.reminders(self.ann))
        self.work_day(14)
        self.assertStands(promise, "broken", 0)
        self.assertFalse(self.holds(promise))
        activity = self.asked()
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("1,000.00", activity.note)
        (reminder,) = self.reminders(self.ann)
        self.assertEqual(reminder.level_id, self.level("friendly"))
        self.work_day(15)
        self.assertEqual(self.asked(), activity)
        case = self.case(self.ann)
        self.assertEqual((case.promise_broken_count, case.promise_rate), (1, 0))

    def test_two_broken_make_one_activity(self):
        other = self.invoice(self.ann, 50, due=1)
        both = self.promise(self.bill) | self.promise(other)
        self.work_day(14)
        self.assertEqual(both.mapped("state"), ["broken"] * 2)
        activity = self.asked()
        self.assertEqual(len(activity), 1)
        self.assertIn("50.00", activity.note)

    # money that is there -----------------------------------------------------------

    def test_unmatched_money_breaks_nothing(self):
        promise = self.promise(self.bill)
        self.travel(10)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.ann.id,
                "amount": 1000,
                "date": self.day(10),
            }
        )
        payment.action_post()
        self.work_day(14)
        self.assertStands(promise, "open", 0)
        self.assertFalse(self.asked())
        self.assertFalse(self.reminders(self.ann))
        lines = self.receivable(payment.move_id) | self.receivable(self.bill)
        self.travel(30)
        lines.reconcile()
        self.events()
        self.assertStands(promise, "kept", 1000)

    def test_unmatched_money_that_came_too_late(self):
        promise = self.promise(self.bill)
        self.travel(14)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.ann.id,
                "amount": 1000,
                "date": self.day(14),
            }
        )
        payment.action_post()
        self.work_day(14)
        self.assertStands(promise, "broken", 0)

    # the books change --------------------------------------------------------------

    def test_payment_taken_back_before_the_day(self):
        promise = self.promise(self.bill)
        payment = self.paid(self.bill)
        self.assertStands(promise, "kept")
        payment.action_draft()
        payment.action_cancel()
        self.events()
        self.assertStands(promise, "open", 0)
        self.assertEqual(self.holds(promise), [("promised", self.day(13), False)])

    def test_payment_taken_back_after_the_day(self):
        promise = self.promise(self.bill)
        payment = self.paid(self.bill)
        self.travel(20)
        payment.action_draft()
        payment.action_cancel()
        self.events()
        self.assertStands(promise, "broken", 0)
        self.assertTrue(self.asked())

    def test_nothing_is_owed_any_more(self):
        """A credit note settles it: nobody kept anything, nobody broke anything."""
        promise = self.promise(self.bill)
        note = self.credit(self.ann, 1000)
        (self.receivable(self.bill) | self.receivable(note)).reconcile()
        self.events()
        self.assertStands(promise, "cancelled", 0)
        self.assertFalse(self.case(self.ann).promise_rate)

    def test_credited_in_part(self):
        """What is no longer owed need not be paid."""
        promise = self.promise(self.bill)
        note = self.credit(self.ann, 300)
        (self.receivable(self.bill) | self.receivable(note)).reconcile()
        self.events()
        self.assertStands(promise, "open", 0)
        self.paid(self.bill, 700)
        self.assertStands(promise, "kept", 700)

    def test_credited_before_it_was_promised(self):
        note = self.credit(self.ann, 300)
        (self.receivable(self.bill) | self.receivable(note)).reconcile()
        promise = self.promise(self.bill)
        self.assertEqual(promise.amount, 700)
        self.work_day(14)
        self.assertStands(promise, "broken", 0)

    def test_written_off(self):
        promise = self.promise(self.bill)
        self.paid(self.bill, 400)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable(self.bill).account_id.id,
                            "partner_id": self.ann.id,
                            "credit": 600,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 600,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (self.receivable(entry) | self.receivable(self.bill)).reconcile()
        self.events()
        self.assertStands(promise, "kept", 400)

    def test_disputed_as_a_whole(self):
        promise = self.promise(self.bill)
        self.engine["ar.followup.hold"].create(
            {
                "case_id": promise.case_id.id,
                "item_id": self.item(self.bill).id,
                "kind": "disputed",
            }
        )
        self.assertStands(promise, "cancelled")

    def test_invoice_corrected_in_between(self):
        promise = self.promise(self.bill)
        self.bill.button_draft()
        self.events()
        self.assertStands(promise, "open", 0)
        self.bill.action_post()
        self.events()
        self.assertStands(promise, "open", 0)
        self.paid(self.bill)
        self.assertStands(promise, "kept", 1000)

    def test_invoice_cancelled(self):
        promise = self.promise(self.bill)
        self.bill.button_draft()
        self.bill.button_cancel()
        self.events()
        self.work_day(6)
        self.assertStands(promise, "cancelled", 0)

    # what is held ------------------------------------------------------------------

    def test_the_rest_goes_on(self):
        """500 promised of 1000, 300 paid: 200 wait, the other 500 are asked for."""
        promise = self.promise(self.bill, amount=500)
        self.assertEqual(self.holds(promise), [("promised", self.day(13), 500)])
        self.paid(self.bill, 300)
        self.assertStands(promise, "open", 300)
        self.assertEqual(self.holds(promise), [("promised", self.day(13), 200)])
        (reminder,) = self.prepare(5)
        self.assertEqual(reminder.amount_asked, 500)
        self.paid(self.bill, 200)
        self.assertStands(promise, "kept", 500)
        self.assertFalse(self.holds(promise))

    # thanks ------------------------------------------------------------------------

    def thanks(self):
        return self.reminders(self.ann).filtered(
            lambda reminder: reminder.kind == "promise_thanks"
        )

    def test_thanked_once_where_the_policy_says_so(self):
        self.policy.promise_thanks = True
        promise = self.promise(self.bill)
        self.paid(self.bill)
        self.assertStands(promise, "kept")
        self.work_day()
        self.assertEqual(self.thanks().state, "sent")
        (mail,) = self.received(self.ann)
        self.assertIn("1,000.00", mail.html)
        self.receivable(self.bill).remove_move_reconcile()
        self.events()
        self.assertStands(promise, "open")
        self.case(self.ann)._reassess()
        self.bill.js_assign_outstanding_line(
            self.env["account.move.line"]
            .search(
                [
                    ("partner_id", "=", self.ann.id),
                    ("account_type", "=", "asset_receivable"),
                    ("balance", "<", 0),
                ]
            )
            .id
        )
        self.events()
        self.assertStands(promise, "kept")
        self.work_day(6)
        self.assertEqual(len(self.thanks()), 1)

    def test_not_thanked_otherwise(self):
        self.promise(self.bill)
        self.paid(self.bill)
        self.assertFalse(self.thanks())

    def test_nobody_is_thanked_for_a_credit_note(self):
        self.policy.promise_thanks = True
        self.promise(self.bill)
        note = self.credit(self.ann, 1000)
        (self.receivable(self.bill) | self.receivable(note)).reconcile()
        self.events()
        self.assertFalse(self.thanks())

    # where follow-up is off --------------------------------------------------------

    def test_judged_where_follow_up_is_off(self):
        promise = self.promise(self.bill)
        self.company.sudo().ar_followup_mode = "off"
        self.work_day(13)
        self.assertStands(promise, "open")
        self.work_day(14)
        self.assertStands(promise, "broken", 0)

    # many at once ------------------------------------------------------------------

    def test_many_are_judged_with_as_many_queries_as_few(self):
        def queries(count):
            self.travel(5)
            customers = [self.customer(f"C{count}-{i}") for i in range(count)]
            moves = self.invoices([(customer, 100, 0) for customer in customers])
            for move in moves:
                self.promise(move)
            self.travel(14)
            Promise = self.engine["ar.payment.promise"]
            promises = Promise.search([("partner_id.name", "like", f"C{count}-")])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            promises._review(self.company, self.day(14))
            self.env.flush_all()
            self.assertEqual(set(promises.mapped("state")), {"broken"})
            return self.env.cr.sql_log_count - before

        queries(2)  # what is only read once
        few, many = queries(3), queries(12)
        self.assertLess(many - few, 10)

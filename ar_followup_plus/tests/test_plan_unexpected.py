"""Plans when the books or the people do something unexpected."""

from datetime import timedelta

from odoo.tests import tagged

from .common import START
from .common_keeping import KeepingCommon


@tagged("post_install", "-at_install")
class TestPlanUnexpected(KeepingCommon):
    def test_accepted_after_the_day_of_an_instalment(self):
        """Nobody is late, or breaks a plan, before they agreed to it."""
        plan = self.plan(self.bill)
        self.travel(14)
        plan.action_accept(how="email")
        self.work_days(14, 17)
        self.assertEqual(plan.state, "active")
        self.assertFalse(plan.line_ids[0].late_on)
        self.assertFalse(self.messages(plan, "plan_late"))
        self.work_day(18)
        self.assertEqual(plan.line_ids[0].late_on, START + timedelta(days=18))
        self.work_days(19, 22)
        self.assertEqual(plan.state, "broken")

    def disputed(self, amount=None):
        """A dispute of the invoice, or of a part of it."""
        self.engine["ar.followup.case"]._collect(self.company, START)
        item = self.engine["ar.followup.item"].search([("move_id", "=", self.bill.id)])
        return self.engine["ar.followup.hold"].create(
            {
                "case_id": item.case_id.id,
                "item_id": item.id,
                "kind": "disputed",
                "is_partial": bool(amount),
                "amount": amount or 0,
                "note": "Too much",
                "date_to": START + timedelta(days=60),
            }
        )

    def test_dispute_that_ends_takes_nothing_back(self):
        """What she paid was for the plan, not for the part that was disputed."""
        dispute = self.disputed(60)
        plan = self.agreed(self.bill)
        self.assertEqual(plan.amount_total, 240)
        self.travel(7)
        self.paid(self.bill, 80)
        self.assertEqual(plan.amount_paid, 80)
        dispute._do_lift("It was right.")
        self.events()
        self.assertEqual(plan.amount_paid, 80)
        self.travel(8)
        self.paid(self.bill, 160)
        self.assertEqual(plan.state, "done")

    def test_credit_note_for_what_was_disputed(self):
        """It settles the dispute, and pays nothing of the plan."""
        dispute = self.disputed(60)
        plan = self.agreed(self.bill)
        note = self.credit(self.ann, 60, invoice_date=START)
        (self.receivable(self.bill) + self.receivable(note)).reconcile()
        dispute._do_lift("Credited.")
        self.events()
        self.assertEqual(plan.amount_paid, 0)

    def test_late_while_its_only_invoice_is_corrected(self):
        """A day's work goes on, also when nothing of the case is open now."""
        plan = self.agreed(self.bill)
        self.bill.button_draft()
        self.work_days(5, 12)
        self.assertEqual(plan.state, "active")
        self.ann.active = False
        self.work_days(13, 14)
        self.assertEqual(plan.state, "active")

    def test_payment_of_an_offer_that_has_run_out_is_taken_back(self):
        """It is an offer of days gone by: it lapses, and the invoice goes on."""
        plan = self.plan(self.bill)
        payment = self.paid(self.bill)
        self.assertEqual(plan.state, "done")
        self.travel(40)
        payment.action_draft()
        payment.action_cancel()
        self.events()
        self.assertFalse(self.open_holds(plan))
        self.work_day(40)
        self.assertEqual((plan.state, plan.end_reason), ("cancelled", "lapsed"))
        self.assertTrue(self.reminders(self.ann, "sent").filtered("level_id"))

    def test_wholly_disputed_after_it_began(self):
        """Nobody asks for it, or breaks a plan, until the dispute is settled."""
        plan = self.agreed(self.bill)
        dispute = self.disputed()
        self.work_day(15)
        self.assertEqual((plan.state, plan.amount_paid), ("active", 0))
        self.assertFalse(plan.line_ids[0].late_on)
        dispute._do_lift("It was right.")
        self.work_day(16)
        self.assertEqual(plan.state, "broken")

    def test_thanks_only_for_all_of_it(self):
        """What is tolerated ends a plan, but the rest is open still."""
        self.policy.plan_tolerance_amount = 5
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 296)
        self.work_day(25)
        self.assertEqual(plan.state, "done")
        self.assertFalse(self.messages(plan, "plan_done"))

    def test_history_of_an_invoice_in_another_currency(self):
        """Differences of exchange are no payments."""
        currency = self.setup_other_currency(
            "EUR", rates=[("2025-11-01", 2.0), ("2026-01-08", 4.0)]
        )
        bill = self.invoice(self.ann, 300, due=-5, currency_id=currency.id)
        self.engine["ar.followup.case"]._collect(self.company, START)
        plan = self.agreed(self.bill)
        self.travel(7)
        self.pay(bill)
        rows = self.case(self.ann)._collection_history()
        payments = [row for row in rows if row[1] == "Payment"]
        self.assertEqual(len(payments), 1, payments)
        self.assertEqual(len(plan.other_payments_text.splitlines()), 1)

    def test_history_tells_of_what_no_invoice_has_yet(self):
        self.agreed(self.bill)
        self.travel(3)
        note = self.credit(self.ann, 12, invoice_date=START + timedelta(days=2))
        rows = self.case(self.ann)._collection_history()
        (row,) = [row for row in rows if row[1] == "Credit note"]
        self.assertIn("12.00", row[2])
        self.assertIn(note.name, row[2])

    def test_text_that_somebody_deleted(self):
        """Nothing is said, and the day's work goes on."""
        self.env.ref("ar_followup_plus.mail_template_plan_late").unlink()
        self.env.ref("ar_followup_plus.mail_template_plan_done").unlink()
        plan = self.agreed(self.bill)
        self.work_day(11)
        self.assertTrue(plan.line_ids[0].late_on)
        self.paid(self.bill)
        self.assertEqual(plan.state, "done")
        self.assertFalse(self.messages(plan))

"""A plan is kept: what was paid is read from the books, and the plan closes itself."""

from datetime import timedelta

from odoo.tests import tagged

from .common import START
from .common_keeping import KeepingCommon


@tagged("post_install", "-at_install")
class TestPlanKept(KeepingCommon):
    def test_payments_fill_the_instalments_and_end_the_plan(self):
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 150)
        first, second, third = plan.line_ids
        self.assertEqual((first.paid_on, first.amount_expected), (self._day(7), 0))
        self.assertEqual((second.paid_on, second.amount_expected), (False, 50))
        self.assertEqual(plan.state, "active")
        self.travel(14)
        self.paid(self.bill)
        self.assertEqual((plan.state, plan.end_reason), ("done", "paid"))
        self.assertFalse(plan.broken_on)
        self.assertEqual(third.amount_expected, 0)
        self.assertFalse(self.open_holds(plan))
        self.assertEqual(self.case(self.ann).state, "closed")

    def _day(self, days):
        return START + timedelta(days=days)

    def test_nobody_is_reminded_while_it_is_kept(self):
        plan = self.agreed(self.bill)
        for day in range(8):
            self.work_day(day)
        self.paid(self.bill, 100)
        self.work_days(8, 16)
        self.assertEqual(plan.state, "active")
        self.assertFalse(self.reminders(self.ann).filtered("level_id"))
        self.assertEqual(self.case(self.ann).reason, "planned")

    def test_credit_note_counts_like_a_payment(self):
        plan = self.agreed(self.bill)
        self.travel(7)
        note = self.credit(self.ann, 300)
        (self.receivable(self.bill) + self.receivable(note)).reconcile()
        self.events()
        self.assertEqual((plan.state, plan.end_reason), ("done", "paid"))

    def test_payment_taken_back_reopens_it(self):
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill)
        self.assertEqual(plan.state, "done")
        self.receivable(self.bill).remove_move_reconcile()
        # the money is there still, but of no invoice
        self.events()
        self.assertEqual((plan.state, plan.end_reason), ("active", False))
        self.assertFalse(plan.line_ids[0].paid_on)
        self.assertEqual(self.open_holds(plan).mapped("kind"), ["planned"])
        self.assertEqual(self.case(self.ann).reason, "planned")

    def test_payment_cancelled_after_the_grace_leaves_a_day(self):
        """Whoever's payment came back is not broken the same day."""
        plan = self.agreed(self.bill)
        self.work_day(7)
        payment = self.paid(self.bill)
        self.assertEqual(plan.state, "done")
        self.travel(40)
        payment.action_draft()
        payment.action_cancel()
        self.work_day(40)
        self.assertEqual(plan.state, "active")
        self.work_day(41)
        self.assertEqual(plan.state, "broken")

    def test_paid_before_it_was_accepted(self):
        """Who pays at once accepts nothing, and hears nothing more of it."""
        plan = self.plan(self.bill)
        payment = self.paid(self.bill)
        self.assertEqual((plan.state, plan.end_reason), ("done", "paid"))
        self.assertFalse(self.open_holds(plan))
        self.assertFalse(self.messages(plan))
        payment.action_draft()
        payment.action_cancel()
        self.events()
        self.assertEqual(plan.state, "approved")
        hold = self.open_holds(plan)
        self.assertEqual((hold.kind, hold.date_to), ("planned", plan.offer_until))

    def test_payment_of_an_old_offer_is_taken_back(self):
        """The offer ended long ago: it lapses, and nothing else of the day is lost."""
        plan = self.plan(self.bill)
        payment = self.paid(self.bill)
        self.travel(60)
        payment.action_draft()
        payment.action_cancel()
        self.work_day(60)
        self.assertEqual((plan.state, plan.end_reason), ("cancelled", "lapsed"))
        self.assertFalse(self.open_holds(plan))

    def test_invoice_corrected_in_between(self):
        """Reset to draft, nothing was paid; posted again, the plan goes on."""
        plan = self.agreed(self.bill)
        self.bill.button_draft()
        self.events()
        self.assertEqual(plan.state, "active")
        self.assertEqual(plan.line_ids.mapped("amount_expected"), [100] * 3)
        self.bill.action_post()
        self.events()
        self.assertEqual(plan.state, "active")
        self.assertEqual(self.case(self.ann).reason, "planned")
        self.travel(7)
        self.paid(self.bill)
        self.assertEqual(plan.state, "done")

    def test_tolerated_rest_ends_it(self):
        """What is tolerated of the last instalment does not keep it open for ever."""
        self.policy.plan_tolerance_amount = 5
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 296)
        self.work_day(24)
        self.assertEqual(plan.state, "active")
        self.work_day(25)  # four days after the last instalment
        self.assertEqual(plan.state, "done")
        self.assertFalse(plan.line_ids[2].late_on)

    def test_new_invoices_climb_and_the_letter_says_the_plan_is_kept(self):
        plan = self.agreed(self.bill)
        fresh = self.invoice(self.ann, 70, due=0)
        self.work_days(0, 3)
        reminder = self.reminders(self.ann, "sent").filtered("level_id")
        self.assertEqual(reminder.line_ids.item_id.move_id, fresh)
        self.assertIn(plan.name, reminder.body)
        self.assertIn("goes on as agreed", reminder.body)

    def test_the_letter_is_silent_while_an_instalment_is_late(self):
        plan = self.agreed(self.bill)
        self.work_day(11)
        self.assertTrue(plan.line_ids[0].late_on)
        self.invoice(self.ann, 70, due=14)
        self.policy.min_gap_days = 0
        self.work_day(17)
        reminder = self.reminders(self.ann, "sent").filtered("level_id")
        self.assertTrue(reminder)
        self.assertNotIn(plan.name, reminder.body)

    def test_button_looks_again(self):
        """A person asks for one case to be looked at, also where follow-up is off."""
        plan = self.agreed(self.bill)
        self.company.sudo().ar_followup_mode = "off"
        self.pay(self.bill)
        self.case(self.ann).with_user(self.collector).action_reassess()
        self.assertEqual(plan.state, "done")

    def test_several_companies_one_of_them_off(self):
        """What was agreed is looked at once a day, also where nobody is reminded."""
        plan = self.agreed(self.bill)
        self.company.sudo().ar_followup_mode = "off"
        other = self.setup_other_company()["company"]
        other.sudo().ar_followup_mode = "automatic"
        self.work_day(10)
        self.assertFalse(plan.line_ids[0].late_on)
        self.work_day(11)
        self.assertEqual(plan.line_ids[0].late_on, START + timedelta(days=11))
        self.work_day(15)
        self.assertEqual(plan.state, "broken")
        self.assertFalse(self.messages(plan), "nobody is asked where follow-up is off")

    def test_other_payments_are_named(self):
        """What she paid for other invoices, or what no invoice has, is not of it."""
        plan = self.agreed(self.bill)
        other = self.invoice(self.ann, 70, due=0)
        self.travel(3)
        self.pay(self.bill, 30)
        self.assertFalse(plan.other_payments_text)
        self.pay(other)
        self.credit(self.ann, 12, invoice_date=self._day(4))
        plan.invalidate_recordset(["other_payments_text"])
        text = plan.with_user(self.collector).other_payments_text
        first, second = text.splitlines()
        self.assertIn("Jan 9, 2026", second)
        self.assertIn(other.name, first)
        self.assertIn("70.00", first)
        self.assertIn("Jan 8, 2026", first)
        self.assertIn("12.00", second)
        self.assertIn("not matched", second)


@tagged("post_install", "-at_install")
class TestManyPlans(KeepingCommon):
    def test_as_many_statements_for_25_as_for_5(self):
        """The statements of a look at the books do not depend on how many plans."""
        people = [self.customer(f"C{n}") for n in range(25)]
        bills = [self.invoice(partner, 300, due=-5) for partner in people]
        plans = [self.agreed(bill) for bill in bills]
        self.travel(11)
        counts = []
        for own in (plans[:5], plans[5:]):
            records = self.engine["ar.payment.plan"].browse([plan.id for plan in own])
            for bill in bills[: len(own)]:
                self.assertTrue(bill)
            self.env.flush_all()
            self.env.invalidate_all()
            company = self.company.with_env(self.engine)
            today = company._ar_today()
            with self.assertQueryCount(1000):
                before = self.env.cr.sql_log_count
                records._review(company, today)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(plan.line_ids[0].late_on for plan in own))
        self.assertLessEqual(counts[1], counts[0] + 3, counts)

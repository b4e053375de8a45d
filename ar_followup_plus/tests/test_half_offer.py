"""Half now, half next month: printed where limits cover it, and then honoured."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import START, FollowupCommon

OFFER = "the other half by"
#: The friendly reminder of day 3 asks for an answer by day 10; the other half by:
SECOND_HALF = START.replace(month=2, day=15)


def day(days):
    return START + timedelta(days=days)


@tagged("post_install", "-at_install")
class TestHalfOffer(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().write(
            {
                "ar_plan_auto_installments": 2,
                "ar_plan_auto_days": 60,
                "ar_plan_auto_amount": 500,
            }
        )
        cls.ann = cls.customer("Ann")
        cls.bill = cls.invoice(cls.ann, 300, due=0)

    def offered(self):
        """The friendly reminder, sent on day 3."""
        self.work_day(3)
        reminder = self.reminders(self.ann, "sent")
        self.assertEqual(reminder.level_id, self.level("friendly"))
        return reminder

    def events(self):
        self.engine["ar.followup.mark"]._work(100)
        self.env.invalidate_all()

    def hold(self):
        return self.case(self.ann).hold_ids.filtered(
            lambda hold: hold.kind == "promised"
        )

    def test_printed_with_both_days(self):
        reminder = self.offered()
        text = html2plaintext(reminder.body)
        self.assertIn(OFFER, text)
        self.assertIn("January 15, 2026", text)
        self.assertIn("February 15, 2026", text)
        self.assertEqual(reminder.date_answer, day(10))
        self.assertEqual(reminder.offer_date, SECOND_HALF)

    def _assert_not_offered(self):
        reminder = self.offered()
        self.assertNotIn(OFFER, html2plaintext(reminder.body))
        self.assertFalse(reminder.offer_date)
        self.pay(self.bill, 150)
        self.events()
        self.assertFalse(self.hold())

    def test_too_few_instalments(self):
        self.company.sudo().ar_plan_auto_installments = 1
        self._assert_not_offered()

    def test_too_long(self):
        # from day 3 to the printed day
        self.company.sudo().ar_plan_auto_days = (SECOND_HALF - day(3)).days - 1
        self._assert_not_offered()

    def test_too_much(self):
        self.company.sudo().ar_plan_auto_amount = 299.99
        self._assert_not_offered()

    def test_no_limits_widened(self):
        self.company.sudo().write(
            {
                "ar_plan_auto_installments": 0,
                "ar_plan_auto_days": 0,
                "ar_plan_auto_amount": 0,
            }
        )
        self._assert_not_offered()

    def test_level_does_not_offer(self):
        self.level("friendly").offer_plan = False
        self._assert_not_offered()

    def test_two_currencies(self):
        foreign = self.setup_other_currency("EUR", rates=[("2025-01-01", 1.0)])
        self.invoice(self.ann, 10, due=0, currency_id=foreign.id)
        self._assert_not_offered()

    def test_text_that_does_not_print_it(self):
        """A company's own text may say nothing of it: then nothing was offered."""
        template = self.env.ref("ar_followup_plus.mail_template_friendly")
        template.body_html = '<p>Please pay. <t t-out="object.invoice_table"/></p>'
        self._assert_not_offered()

    def test_taken_out_of_the_letter_by_a_person(self):
        self.company.sudo().ar_followup_mode = "review"
        self.work_day(3)
        reminder = self.reminders(self.ann, "to_review")
        self.assertEqual(reminder.offer_date, SECOND_HALF)
        reminder.with_user(self.collector).body = "<p>Please pay.</p>"
        reminder.with_user(self.collector).action_send()
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.offer_date)

    def test_half_in_time_is_left_alone_until_the_printed_day(self):
        reminder = self.offered()
        self.travel(10)
        self.pay(self.bill, 150)
        self.events()
        hold = self.hold()
        self.assertEqual(hold.date_to, SECOND_HALF)
        self.assertEqual(hold.item_id, self.item(self.bill))
        self.assertIn("as offered", hold.note)
        self.assertEqual(reminder.offer_taken_on, day(10))
        self.assertEqual(self.case(self.ann).reason, "promised")
        last = (SECOND_HALF - START).days
        self.work_days(11, last)
        self.assertEqual(len(self.reminders(self.ann, "sent")), 1)
        self.assertEqual(len(self.hold()), 1, "once")
        # then it goes on, one step, and without offering half of the half
        self.work_day(last + 1)
        second = self.reminders(self.ann, "sent") - reminder
        self.assertEqual(second.level_id, self.level("second"))
        self.assertNotIn(OFFER, html2plaintext(second.body))

    def test_less_than_half(self):
        self.offered()
        self.travel(5)
        self.pay(self.bill, 149.99)
        self.events()
        self.assertFalse(self.hold())
        self.travel(6)
        self.pay(self.bill, 0.01)
        self.events()
        self.assertTrue(self.hold())

    def test_a_day_too_late(self):
        self.offered()
        self.travel(11)
        self.pay(self.bill, 150)
        self.events()
        self.assertFalse(self.hold())

    def test_matched_later_than_it_came(self):
        """What counts is the day of the payment, not of who books it."""
        self.offered()
        self.travel(13)
        self._register_payment(
            self.bill,
            payment_date=day(9),
            amount=150,
            group_payment=True,
        )
        self.events()
        self.assertTrue(self.hold())

    def test_not_matched_yet(self):
        self.offered()
        self.travel(8)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.ann.id,
                "amount": 150,
                "date": day(8),
            }
        )
        payment.action_post()
        self.work_day(8)
        self.assertTrue(self.hold())

    def test_credit_that_was_there_before_is_no_payment(self):
        """It was not asked for; matched later, it does not count."""
        self.travel(2)
        note = self.credit(self.ann, 100)
        reminder = self.offered()
        self.assertEqual(reminder.line_ids.amount_asked, 200)
        self.travel(5)
        (self.receivable(self.bill) + self.receivable(note)).reconcile()
        self.events()
        self.assertFalse(self.hold())
        self.pay(self.bill, 100)
        self.events()
        self.assertTrue(self.hold())

    def test_a_plan_that_covers_it_says_more(self):
        self.offered()
        self.travel(4)
        Plan = self.env["ar.payment.plan"].with_user(self.collector)
        plan = Plan.create(
            {"move_line_ids": self.receivable(self.bill).ids, "installment_count": 3}
        )
        plan.action_submit()
        plan.with_user(self.manager).action_approve()
        plan.action_accept(how="email")
        self.pay(self.bill, 150)
        self.events()
        self.assertFalse(self.hold())

    def test_paid_in_full_leaves_nothing_to_hold(self):
        reminder = self.offered()
        self.pay(self.bill)
        self.events()
        self.assertFalse(self.hold())
        self.assertEqual(self.case(self.ann).state, "closed")
        self.assertTrue(reminder.offer_taken_on)

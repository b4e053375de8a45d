from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import START
from .common_delivery import CORE_MAIL, DeliveryCommon

CALL = "ar_followup_plus.mail_activity_type_call"


@tagged("post_install", "-at_install")
class TestReview(DeliveryCommon):
    """A person reads reminders before they leave."""

    def setUp(self):
        super().setUp()
        self.company.ar_followup_mode = "review"

    def _prepared(self):
        self.work_day(3)
        reminder = self.reminders(self.ann)
        self.assertEqual(reminder.state, "to_review")
        return reminder.with_user(self.collector)

    def test_waits_for_a_person(self):
        reminder = self._prepared()
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "review", "state": "todo"}]
        )
        self.assertFalse(reminder.message_id, "nothing in the chatter yet")
        self.work_day(4)
        self.engine["mail.mail"].process_email_queue()
        self.assertFalse(self.sink.mails)
        self.assertEqual(len(self.reminders(self.ann)), 1)
        self.assertNotClimbed(self.anns)

    def test_edited_text_is_what_leaves(self):
        reminder = self._prepared()
        reminder.subject = "About our talk"
        reminder.body = "<p>Dear Ann, as discussed on Monday.</p>"
        reminder.action_send()
        self.assertEqual(reminder.state, "sent")
        (mail,) = self.received(self.ann)
        self.assertEqual(mail.subject, "About our talk")
        self.assertIn("as discussed on Monday", mail.html)
        self.assertNotIn("overlooked", mail.html)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        self.assertFalse(self.received(self.ben), "his still waits")
        with self.assertRaises(AccessError):
            reminder.body = "<p>What we wish we had written.</p>"
        self.assertEqual(
            self.case(self.ann).contact_log_ids.mapped("summary"), ["About our talk"]
        )

    def test_empty_text_is_refused(self):
        reminder = self._prepared()
        for vals in ({"body": "<p><br></p>"}, {"body": False}, {"subject": " "}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                reminder.write(vals)

    def test_send_goes_through_the_gate(self):
        """Paid while it waited: the button does not send it."""
        reminder = self._prepared()
        self.pay(self.anns)
        reminder.action_send()
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("Nothing is due", reminder.failure_reason)
        self.assertFalse(self.received(self.ann))

    def test_no_longer_right_the_next_day(self):
        """What waits is looked at again every day."""
        reminder = self._prepared()
        self.pay(self.anns, 30.0)
        self.work_day(4)
        self.assertEqual(reminder.state, "cancelled")
        (anew,) = self.reminders(self.ann, "to_review")
        self.assertEqual(anew.line_ids.amount_asked, 70.0)

    def test_cancel(self):
        reminder = self._prepared()
        reminder.action_cancel()
        self.assertEqual(reminder.state, "cancelled")
        self.assertNotClimbed(self.anns)
        self.assertFalse(self.sink.mails)
        with self.assertRaises(UserError):
            reminder.action_send()

    def test_only_collectors_send(self):
        reminder = self._prepared()
        accountant = self.simple_accountman
        accountant.group_ids = self.env.ref("account.group_account_readonly")
        accountant.company_ids = self.company
        accountant.company_id = self.company
        for button in ("action_send", "action_cancel"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(reminder.with_user(accountant), button)()
        self.assertEqual(reminder.state, "to_review")


@tagged("post_install", "-at_install")
class TestCalls(DeliveryCommon):
    """Steps of the ladder that a person takes on the phone."""

    def setUp(self):
        super().setUp()
        self.call_type = self.env.ref(CALL)
        self.sink.reset()

    def _ladder(self, **vals):
        """A friendly mail on day 3, then on day 14 a firm step with a call."""
        policy = self.set_policy(
            levels=[
                (3, "friendly", {"response_days": 0}),
                (14, "firm", {"activity_type_id": self.call_type.id, **vals}),
                (30, "firm", {"response_days": 0}),
            ]
        )
        return policy.level_ids

    def test_call_step(self):
        """One activity; it holds the ladder; closing it logs, climbs and goes on."""
        first, call_step, after = self._ladder(send_email=False, mail_template_id=False)
        self.work_day(3)
        self.work_days(13, 16)
        call = self.call(self.ann)
        self.assertEqual(len(call), 1)
        self.assertEqual(call.user_id, self.collector)
        self.assertEqual(call.date_deadline, START + timedelta(days=14))
        self.assertRecordValues(
            self.case(self.ann),
            [{"reason": "call_open", "state": "todo", "level_id": first.id}],
        )
        self.work_day(40)
        self.assertEqual(self.call(self.ann), call, "no second one")
        self.assertEqual(len(self.received(self.ann)), 1, "the ladder is held")
        self.close_call(self.ann, "Will talk to her accountant.")
        self.assertFalse(self.call(self.ann))
        self.assertEqual(self.item(self.anns).level_id, call_step)
        self.assertEqual(self.item(self.anns).level_date, START + timedelta(days=40))
        self.assertRecordValues(
            self.case(self.ann).contact_log_ids.filtered(lambda c: not c.reminder_id),
            [
                {
                    "channel": "phone",
                    "direction": "out",
                    "outcome": "reached",
                    "summary": "Will talk to her accountant.",
                    "user_id": self.collector.id,
                    "automated": False,
                }
            ],
        )
        self.assertEqual(self.case(self.ann).reason, "too_soon")
        self.work_days(41, 45)
        self.assertEqual(self.item(self.anns).level_id, after)
        self.assertEqual(
            self.reminders(self.ann, "sent")[-1].date_planned,
            START + timedelta(days=45),
            "the gap after the call",
        )

    def test_call_without_an_answer_counts_for_the_gap(self):
        """A call is a demand, also when nobody answered it."""
        self._ladder(send_email=False, mail_template_id=False)
        self.work_day(3)
        self.work_day(30)
        self.close_call(self.ann, False)
        self.assertEqual(
            self.case(self.ann).last_demand_date, START + timedelta(days=30)
        )
        self.work_days(31, 34)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.work_day(35)
        self.assertEqual(len(self.received(self.ann)), 2)

    def test_call_step_not_again_within_its_days(self):
        """The next invoice to come of age does not cause another call next week."""
        self._ladder(send_email=False, mail_template_id=False)
        self.invoice(self.ann, 50.0, 7)
        self.work_days(3, 14)
        self.close_call(self.ann)
        self.work_days(15, 29)
        self.assertFalse(self.call(self.ann))
        self.assertEqual(
            self.case(self.ann).contact_log_ids.mapped("channel").count("phone"), 1
        )

    def test_mail_and_call(self):
        """The mail announces the call; the level is reached when the mail left."""
        firm = self._ladder(response_days=5)[1]
        self.work_day(3)
        self.work_day(14)
        self.assertEqual(len(self.received(self.ann)), 2)
        self.assertEqual(self.item(self.anns).level_id, firm)
        call = self.call(self.ann)
        self.assertEqual(len(call), 1)
        self.assertEqual(
            call.date_deadline, START + timedelta(days=19), "the day of the answer"
        )
        self.assertEqual(self.case(self.ann).reason, "call_open")
        self.work_days(15, 16)
        self.assertEqual(self.call(self.ann), call)
        self.close_call(self.ann)
        self.assertEqual(self.item(self.anns).level_id, firm)
        self.assertEqual(self.case(self.ann).call_level_id.id, False)

    def test_no_call_for_a_mail_that_did_not_leave(self):
        self._ladder()
        self.work_day(3)
        self.travel(14)
        self.break_mail_server()
        with mute_logger(CORE_MAIL):
            self.work_day(14)
        firm = self.reminders(self.ann)[-1]
        self.assertEqual(firm.state, "queued")
        self.assertFalse(self.call(self.ann))
        self.mend_mail_server()
        firm._mails().mark_outgoing()
        self.engine["mail.mail"].process_email_queue()
        self.assertEqual(firm.state, "sent")
        self.work_day()
        self.assertEqual(len(self.call(self.ann)), 1, "whoever handed it over")

    def test_manager_is_told_once(self):
        """One list of all customers to be called, not a mail for each of them."""
        self._ladder(copy_manager=True, send_email=False, mail_template_id=False)
        self.work_day(3)
        self.sink.reset()
        self.work_day(14)
        (digest,) = self.received(self.manager.email)
        self.assertIn("Ann", digest.html)
        self.assertIn("Ben", digest.html)
        self.work_days(15, 16)
        self.assertEqual(len(self.received(self.manager.email)), 1)

    def test_manager_who_wants_no_lists(self):
        self._ladder(copy_manager=True, send_email=False, mail_template_id=False)
        self.manager.ar_no_copies = True
        self.work_day(3)
        self.sink.reset()
        self.work_day(14)
        self.assertTrue(self.call(self.ann))
        self.assertFalse(self.received(self.manager.email))

    def test_many_calls_in_batch(self):
        """The assignment mails nobody a flood."""
        self._ladder(send_email=False, mail_template_id=False)
        self.work_day(3)
        self.sink.reset()
        self.work_day(14)
        self.assertTrue(self.call(self.ann) and self.call(self.ben))
        self.assertFalse(self.received(self.collector.email))

    def test_paid_customer_is_not_called(self):
        """The open call goes when there is nothing to talk about any more."""
        self._ladder(send_email=False, mail_template_id=False)
        self.work_day(3)
        self.work_day(14)
        self.pay(self.anns)
        self.work_day(15)
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "nothing_due", "state": "closed"}]
        )
        self.assertFalse(self.call(self.ann))
        self.assertTrue(self.call(self.ben))


@tagged("post_install", "-at_install")
class TestFinalNotice(DeliveryCommon):
    def setUp(self):
        super().setUp()
        self.set_policy(
            levels=[
                (3, "friendly", {"response_days": 0}),
                (
                    30,
                    "final",
                    {"response_days": 0, "requires_review": True, "copy_manager": True},
                ),
            ]
        )
        self.work_day(3)
        self.sink.reset()

    def test_final_notice(self):
        """It waits for a person also in automatic mode; after it, nothing moves."""
        self.work_day(30)
        final = self.reminders(self.ann)[-1]
        self.assertEqual((final.state, final.tone), ("to_review", "final"))
        self.assertFalse(self.received(self.ann))
        final.with_user(self.collector).action_send()
        self.work_day()
        self.assertEqual(len(self.received(self.ann)), 1)
        case = self.case(self.ann)
        self.assertRecordValues(case, [{"reason": "ladder_done", "state": "todo"}])
        self.work_days(70, 72)
        self.assertEqual(len(self.received(self.ann)), 1)
        case.with_user(self.collector).action_release()
        self.assertFalse(self.item(self.anns).level_id)
        self.work_day(73)
        self.assertEqual(self.reminders(self.ann)[-1].tone, "friendly")
        self.assertEqual(len(self.received(self.ann)), 2)

    def test_manager_is_told(self):
        """By a copy, also of what a person sent: see ``test_copies``."""
        self.work_day(30)
        self.reminders(self.ann)[-1].with_user(self.collector).action_send()
        self.work_day()
        self.engine["mail.mail"].process_email_queue()
        self.assertEqual(len(self.received(self.manager.email)), 1)

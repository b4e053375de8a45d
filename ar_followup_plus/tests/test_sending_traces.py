from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_delivery import CORE_MAIL, DeliveryCommon


@tagged("post_install", "-at_install")
class TestCopies(DeliveryCommon):
    """Only the customer's own mail is a delivery, whoever else got one."""

    def setUp(self):
        super().setUp()
        self.prepare(3)
        self.reminder = self.reminders(self.ann)
        self.own = self.reminder._mails()
        self.sink.refused.add(self.ann.email)

    def _check_not_delivered(self):
        self.assertEqual(self.reminder.state, "failed")
        self.assertIn("no such mailbox", self.reminder.failure_reason)
        self.assertEqual(len(self.received(self.collector.email)), 1)
        self.assertNotClimbed(self.anns)

    @mute_logger(CORE_MAIL)
    def test_copy_in_the_same_mail(self):
        """Accepted for the collector, whom Odoo writes to first; refused for her."""
        self.ann.name = "Zoe"
        self.own.recipient_ids += self.collector.partner_id
        self.env.flush_all()
        self.env.invalidate_all()
        self.work_day()
        self._check_not_delivered()

    @mute_logger(CORE_MAIL)
    def test_copy_in_a_mail_of_its_own(self):
        self.own.copy(
            {
                "mail_message_id": self.own.mail_message_id.id,
                "recipient_ids": self.collector.partner_id.ids,
                "body_html": self.own.body_html,
            }
        )
        self.engine["mail.mail"].process_email_queue()
        self._check_not_delivered()

    def test_copy_first(self):
        """It neither claims the reminder nor counts for it."""
        copy = self.own.copy(
            {
                "mail_message_id": self.own.mail_message_id.id,
                "recipient_ids": self.collector.partner_id.ids,
            }
        )
        copy.send()
        self.assertEqual(len(self.received(self.collector.email)), 1)
        self.assertEqual(self.reminder.state, "queued")
        self.assertFalse(self.reminder.attempt_count)


@tagged("post_install", "-at_install")
class TestHistory(DeliveryCommon):
    """Beside the message in the case's history stands what became of it."""

    def _mark(self, partner):
        self.env.invalidate_all()
        (mark,) = self.reminders(partner).message_id.notification_ids
        return mark

    def test_queued_and_sent(self):
        self.prepare(3)
        self.assertEqual(self._mark(self.ann).notification_status, "ready")
        self.work_day()
        self.assertEqual(self._mark(self.ann).notification_status, "sent")

    @mute_logger(CORE_MAIL)
    def test_failed_and_sent_again(self):
        self.sink.refused.add(self.ann.email)
        self.work_day(3)
        failed = self._mark(self.ann)
        self.assertEqual(failed.notification_status, "exception")
        self.assertEqual(failed.failure_reason, self.reminders(self.ann).failure_reason)
        self.assertEqual(self._mark(self.ben).notification_status, "sent")
        self.sink.refused.clear()
        self.reminders(self.ann).with_user(self.collector).action_retry()
        sent = self._mark(self.ann)
        self.assertEqual(sent.notification_status, "sent")
        self.assertFalse(sent.failure_reason)

    def test_waits_for_the_server(self):
        self.break_mail_server()
        self.work_day(3)
        for partner in (self.ann, self.ben):
            self.assertEqual(self._mark(partner).notification_status, "ready")

    @mute_logger(CORE_MAIL)
    def test_nobody_knows(self):
        self.sink.hung_up.add(self.ann.email)
        self.work_day(3)
        unknown = self._mark(self.ann)
        self.assertEqual(unknown.notification_status, "exception")
        self.assertIn("Nobody can know", unknown.failure_reason)
        self.reminders(self.ann).with_user(self.collector).action_mark_sent()
        self.assertEqual(self._mark(self.ann).notification_status, "sent")

    def test_sender_died(self):
        self.prepare(3)
        self.reminders(self.ann)._set_state("sending", sender_key=4711)
        self.work_day()
        self.assertEqual(self.reminders(self.ann).state, "unknown")
        self.assertEqual(self._mark(self.ann).notification_status, "exception")

    def test_overtaken(self):
        self.prepare(3)
        message = self.reminders(self.ann).message_id
        self.pay(self.anns)
        self.work_day()
        self.assertFalse(message.exists(), "what never left does not stand there")

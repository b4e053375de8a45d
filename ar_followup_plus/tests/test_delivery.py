import contextlib
from datetime import datetime, timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.contact.mail_mail import SENDER_LOCK
from .common import START
from .common_delivery import CORE_MAIL, DeliveryCommon


@tagged("post_install", "-at_install")
class TestResult(DeliveryCommon):
    """What the mail server answered, and what it leaves behind."""

    def test_accepted(self):
        (queued,) = self.prepare(3).filtered(lambda r: r.partner_id == self.ann)
        self.assertEqual(queued.state, "queued")
        self.assertNotClimbed(self.anns)
        self.work_day()
        self.assertEqual(queued.state, "sent")
        self.assertEqual(queued.date_sent, datetime(2026, 1, 8, 12))
        self.assertEqual(queued.attempt_count, 1)
        self.assertFalse(queued.failure_reason)
        self.assertRecordValues(
            queued.line_ids,
            [
                {
                    "name": self.anns.name,
                    "amount_residual": 100.0,
                    "amount_held": 0.0,
                    "level_before_id": False,
                    "level_after_id": self.friendly.id,
                }
            ],
        )
        self.assertRecordValues(
            self.item(self.anns),
            [{"level_id": self.friendly.id, "level_date": START + timedelta(days=3)}],
        )
        self._check_traces(queued)

    def _check_traces(self, reminder):
        case = self.case(self.ann)
        self.assertRecordValues(
            case,
            [
                {
                    "state": "waiting",
                    "reason": "awaiting_answer",
                    "level_id": self.friendly.id,
                    "next_level_id": self.level("second").id,
                    "next_date": START + timedelta(days=14),
                    "last_demand_date": START + timedelta(days=3),
                }
            ],
        )
        self.assertRecordValues(
            case.contact_log_ids,
            [
                {
                    "channel": "email",
                    "direction": "out",
                    "outcome": "sent",
                    "automated": True,
                    "contact_person_id": self.ann.id,
                    "user_id": self.collector.id,
                    "date": datetime(2026, 1, 8, 12),
                    "summary": reminder.subject,
                    "reminder_id": reminder.id,
                }
            ],
        )
        self.assertIn(reminder.message_id, case.message_ids)
        self.assertEqual(
            reminder.message_id.notification_ids.mapped("notification_status"),
            ["sent"],
        )
        self.assertFalse(case.message_partner_ids & self.ann, "no customer follows")
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_not_twice(self):
        """Neither a second tick nor Odoo's queue nor a button sends it again."""
        self.work_day(3)
        reminder = self.reminders(self.ann)
        self.work_day()
        reminder._deliver()
        self.engine["mail.mail"].process_email_queue()
        for button in ("action_send", "action_retry", "action_mark_sent"):
            with self.assertRaises(UserError):
                getattr(reminder, button)()
        self.work_day(4)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertEqual(len(self.reminders(self.ann)), 1)

    @mute_logger(CORE_MAIL)
    def test_refused_recipient(self):
        """It concerns that customer only; after the correction it is sent again."""
        self.sink.refused.add(self.ann.email)
        self.work_day(3)
        failed = self.reminders(self.ann)
        self.assertEqual(failed.state, "failed")
        self.assertIn("no such mailbox", failed.failure_reason)
        self.assertNotClimbed(self.anns)
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "send_failed", "state": "todo"}]
        )
        self.assertEqual(self.reminders(self.ben).state, "sent")
        self.assertEqual(len(self.received(self.ben)), 1)
        self.sink.refused.clear()
        self.work_day(4)
        self.assertFalse(self.received(self.ann), "a person has to look at it")
        failed.with_user(self.collector).action_retry()
        self.assertEqual(failed.state, "sent")
        self.assertEqual(failed.attempt_count, 2)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        self.work_day()
        self.assertEqual(self.case(self.ann).reason, "awaiting_answer")

    @mute_logger(CORE_MAIL)
    def test_sent_again_outside_the_hours(self):
        """It waits for the morning; nobody is told any more to look at it."""
        self.sink.refused.add(self.ann.email)
        self.work_day(3)
        self.sink.refused.clear()
        self.policy.write({"send_from_hour": 20, "send_until_hour": 22})
        again = self.reminders(self.ann)
        again.with_user(self.collector).action_retry()
        self.assertRecordValues(again, [{"state": "queued", "failure_reason": False}])
        self.assertGreater(again.send_after, fields.Datetime.now())
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "remind", "state": "waiting"}]
        )

    @mute_logger(CORE_MAIL)
    def test_refused_then_dropped(self):
        """Cancelled by a person, the next run prepares a new one."""
        self.sink.refused.add(self.ann.email)
        self.work_day(3)
        failed = self.reminders(self.ann)
        self.sink.refused.clear()
        failed.with_user(self.collector).action_cancel()
        self.assertEqual(failed.state, "cancelled")
        self.work_day(4)
        self.assertEqual(
            self.reminders(self.ann).mapped("state"), ["cancelled", "sent"]
        )
        self.assertEqual(len(self.received(self.ann)), 1)

    @mute_logger(CORE_MAIL)
    def test_mail_server_down(self):
        """Nothing is lost and nothing climbs; it leaves when the server is back."""
        self.break_mail_server()
        self.work_day(3)
        waiting = self.reminders(self.ann) | self.reminders(self.ben)
        self.assertEqual(waiting.mapped("state"), ["queued", "queued"])
        self.assertEqual(waiting.mapped("attempt_count"), [1, 0], "one was enough")
        self.assertIn("could not be reached", waiting[0].failure_reason)
        self.assertNotClimbed(self.anns, self.bens)
        self._work_at(datetime(2026, 1, 8, 12, 10))
        self.assertEqual(waiting.mapped("attempt_count"), [1, 1], "each in its turn")
        self._work_at(datetime(2026, 1, 8, 12, 12))
        self.assertEqual(waiting.mapped("attempt_count"), [1, 1], "not yet again")
        self.mend_mail_server()
        self._work_at(datetime(2026, 1, 8, 12, 25))
        self.assertEqual(waiting.mapped("state"), ["sent", "sent"])
        self.assertFalse(waiting[0].failure_reason)
        for partner in (self.ann, self.ben):
            self.assertEqual(len(self.received(partner)), 1)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        self.assertEqual(self.case(self.ann).reason, "awaiting_answer")

    def _work_at(self, moment):
        self.clock.move_to(moment)
        self.work_day()

    @mute_logger(CORE_MAIL)
    def test_mail_server_down_for_days(self):
        """After some tries a person has to look at it; the button sends it then."""
        self.break_mail_server()
        self.work_day(3)
        reminder = self.reminders(self.ann)
        while reminder.state == "queued":
            self.assertLess(reminder.attempt_count, 10)
            self._work_at(reminder.send_after)
        self.assertEqual(reminder.state, "failed")
        self.assertNotClimbed(self.anns, self.bens)
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "send_failed", "state": "todo"}]
        )
        self.assertEqual(len(self.reminders(self.ann)), 1, "no second one meanwhile")
        self.mend_mail_server()
        self.work_day(6)
        self.assertFalse(self.received(self.ann), "a person has to look at it")
        reminder.with_user(self.collector).action_retry()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertEqual(
            self.item(self.anns).level_date,
            START + timedelta(days=6),
            "the day on which it left",
        )

    @mute_logger(CORE_MAIL)
    def test_server_down_at_the_retry(self):
        """What a person sent again waits for the server like any other."""
        self.sink.refused.add(self.ann.email)
        self.work_day(3)
        self.sink.refused.clear()
        self.break_mail_server()
        reminder = self.reminders(self.ann)
        reminder.with_user(self.collector).action_retry()
        self.assertEqual(reminder.state, "queued")
        self.assertNotClimbed(self.anns)
        self.mend_mail_server()
        self.work_day(4)
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(len(self.received(self.ann)), 1)

    @mute_logger(CORE_MAIL)
    def test_line_goes_dead(self):
        """Nobody knows whether that one left; all others go on."""
        self.sink.hung_up.add(self.ann.email)
        self.work_day(3)
        reminder = self.reminders(self.ann)
        self.assertEqual(reminder.state, "unknown")
        self.assertIn("Nobody can know", reminder.failure_reason)
        self.assertNotClimbed(self.anns)
        self.work_day()
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "unknown", "state": "todo"}]
        )
        self.assertEqual(len(self.received(self.ben)), 1)
        self.engine["mail.mail"].process_email_queue()
        self.work_day(9)
        self.assertFalse(self.received(self.ann), "nothing is sent twice by itself")
        reminder.with_user(self.collector).action_mark_sent()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        self.assertFalse(self.received(self.ann))

    @mute_logger(CORE_MAIL)
    def test_unknown_sent_again_by_a_person(self):
        self.sink.hung_up.add(self.ann.email)
        self.work_day(3)
        self.sink.hung_up.clear()
        reminder = self.reminders(self.ann)
        reminder.with_user(self.collector).action_retry()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_headers(self):
        """Machines shall not answer it; people's answers come to the collector."""
        self.work_day(3)
        message = self.received(self.ann)[0].message
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertEqual(message["X-Auto-Response-Suppress"], "OOF, AutoReply")
        self.assertIn("Carla Collector", message["From"])
        self.assertIn("carla@seller.example", message["Reply-To"])
        self.assertIn("ann@customer.example", message["To"])
        self.assertEqual(
            self.reminders(self.ann).message_id.message_id, message["Message-Id"]
        )


@tagged("post_install", "-at_install")
class TestStoppedSender(DeliveryCommon):
    """A process died, or somebody else is at work."""

    KEY = 4711

    def setUp(self):
        super().setUp()
        self.reminder = self.prepare(3).filtered(lambda r: r.partner_id == self.ann)
        self.reminder._set_state("sending", attempt_count=1, sender_key=self.KEY)

    def test_orphan_becomes_unknown(self):
        self.work_day()
        self.assertEqual(self.reminder.state, "unknown")
        self.assertIn("Nobody can know", self.reminder.failure_reason)
        self.assertFalse(self.received(self.ann))
        self.assertNotClimbed(self.anns)
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "unknown", "state": "todo"}]
        )
        self.assertEqual(len(self.received(self.ben)), 1)
        self.engine["mail.mail"].process_email_queue()
        self.assertFalse(self.received(self.ann), "also not through Odoo's queue")

    def test_living_sender_keeps_its_claim(self):
        with contextlib.closing(db_connect(self.cr.dbname).cursor()) as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", (SENDER_LOCK, self.KEY))
            self.work_day()
            self.assertEqual(self.reminder.state, "sending")
            self.reminder._deliver()
            self.assertFalse(self.received(self.ann))
            other.execute("SELECT pg_advisory_unlock(%s, %s)", (SENDER_LOCK, self.KEY))
        self.work_day()
        self.assertEqual(self.reminder.state, "unknown")

    def test_second_live_reminder_is_impossible(self):
        """The database refuses it, whatever the program thinks."""
        for state in ("to_review", "queued", "sending", "unknown"):
            with self.subTest(state=state):
                self._assert_refused(
                    "ar_followup_reminder_live_uniq",
                    lambda state=state: self.reminder.copy({"state": state}),
                )
        self._assert_refused(
            "ar_followup_reminder_line_live_climb_uniq", self.reminder.line_ids.copy
        )

    def _assert_refused(self, index, make):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation) as refusal,
            self.cr.savepoint(),
        ):
            make().flush_recordset()
        self.assertEqual(refusal.exception.diag.constraint_name, index)

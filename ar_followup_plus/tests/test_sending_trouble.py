from datetime import timedelta
from unittest.mock import patch

from freezegun import api as freezer

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common_delivery import CORE_MAIL, DeliveryCommon
from .smtp_sink import SilentServer

#: seconds Odoo waits for an answer here; it has no setting for its 60
PATIENCE = 1
TICK = "ar_followup_plus.cron_tick"
SERVER_TROUBLE = "ar_followup_plus.mail_activity_type_mail_server"


class TroubleCommon(DeliveryCommon):
    """Three customers, and a mail server with its moods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch("odoo.addons.base.models.ir_mail_server.SMTP_TIMEOUT", PATIENCE)
        )

    def setUp(self):
        super().setUp()
        self.cat = self.customer("Cat")
        self.cats = self.invoice(self.cat, 30.0, 0)

    def all_reminders(self):
        people = self.ann | self.ben | self.cat
        return self.env["ar.followup.reminder"].union(
            *(self.reminders(partner) for partner in people)
        )

    def assertStates(self, states, attempts):
        reminders = self.all_reminders()
        self.assertEqual(reminders.mapped("state"), states)
        self.assertEqual(reminders.mapped("attempt_count"), attempts)

    def alerts(self):
        kind = self.env.ref(SERVER_TROUBLE)
        return self.engine["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def tick_later(self, **later):
        self.clock.move_to(fields.Datetime.now() + timedelta(**later))
        self.work_day()

    def assertAllArriveOnce(self):
        for partner in (self.ann, self.ben, self.cat):
            self.assertEqual(len(self.received(partner)), 1, partner.name)


@tagged("post_install", "-at_install")
class TestServer(TroubleCommon, CronMixinCase):
    """The mail server's trouble is nobody's fault: nothing is lost, nothing climbs."""

    def test_nobody_there(self):
        """One try shows it; the admin is told once, and that it is over, too."""
        self.break_mail_server()
        self.work_day(3)
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.assertNotClimbed(self.anns, self.bens, self.cats)
        self.assertIn("is about to leave", self.case(self.ann).decision_text)
        (alert,) = self.alerts()
        self.assertEqual(alert.user_id, self.manager)
        self.assertEqual(alert.res_model, "ar.followup.run")
        self.assertIn("The Seller", alert.note)
        self.assertIn("refused", alert.note)
        self.tick_later(minutes=15)
        self.assertEqual(self.alerts(), alert, "told once")
        self.mend_mail_server()
        self.tick_later(minutes=1)
        self.assertFalse(self.alerts(), "nobody needs to look any more")
        self.tick_later(hours=1)
        self.assertStates(["sent"] * 3, [3, 1, 1])
        self.assertAllArriveOnce()

    def test_tried_now(self):
        """Who mended the mail server need not wait for the next try."""
        self.break_mail_server()
        self.work_day(3)
        waiting = self.reminders(self.ann)
        self.assertGreater(waiting.send_after, fields.Datetime.now())
        self.mend_mail_server()
        waiting.with_user(self.collector).action_retry()
        self.assertStates(["sent", "queued", "queued"], [2, 0, 0])
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_left_in_peace(self):
        """The tick does not wake itself to ask the same server at once again."""
        self.prepare(3)
        self.break_mail_server()
        with self.capture_triggers(TICK) as triggers:
            self.work_day()
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.assertFalse(triggers.records)
        self.assertFalse(self.engine["ar.followup.mark"].search([]), "worked already")

    def test_the_day_after_and_another_day(self):
        """Told once however long it lasts, also over several days' runs."""
        self.break_mail_server()
        self.work_days(3, 5)
        self.assertEqual(len(self.alerts()), 1)

    def test_silent_from_the_start(self):
        """It costs the tick one wait, not one for each mail."""
        with SilentServer() as server:
            self.mail_server.smtp_port = server.port
            began = freezer.real_monotonic()
            self.work_day(3)
            self.assertLess(freezer.real_monotonic() - began, 3 * PATIENCE + 5)
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.assertEqual(len(self.alerts()), 1)
        self.mend_mail_server()
        self.tick_later(minutes=15)
        self.assertAllArriveOnce()

    @mute_logger(CORE_MAIL)
    def test_silent_in_the_middle(self):
        """Before the text went over the line: it did not leave, and waits."""
        self.sink.good, self.sink.silent_at = 1, "MAIL"
        self.work_day(3)
        self.assertStates(["sent", "queued", "queued"], [1, 1, 0])
        self.assertEqual(self.sink.connections, 1, "not tried again")
        self.assertEqual(len(self.alerts()), 1)
        self.sink.silent_at = None
        self.tick_later(minutes=15)
        self.assertAllArriveOnce()
        self.assertFalse(self.alerts())

    @mute_logger(CORE_MAIL)
    def test_silent_after_the_text(self):
        """Nobody can know: that one is for a person, the others wait."""
        self.sink.good, self.sink.silent_at = 1, "DATA"
        self.work_day(3)
        self.assertStates(["sent", "unknown", "queued"], [1, 1, 0])
        self.assertEqual(self.sink.connections, 1)
        self.sink.silent_at = None
        self.tick_later(minutes=15)
        self.assertStates(["sent", "unknown", "sent"], [1, 1, 1])
        self.assertFalse(self.received(self.ben))

    @mute_logger(CORE_MAIL)
    def test_drops_the_line_at_once(self):
        self.sink.drops_at = "MAIL"
        self.work_day(3)
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.assertEqual(len(self.alerts()), 1)
        self.sink.drops_at = None
        self.tick_later(minutes=15)
        self.assertAllArriveOnce()

    def test_a_few_mails_a_connection(self):
        """No trouble at all: another connection takes the others."""
        self.sink.a_connection = 1
        with mute_logger(CORE_MAIL):
            self.work_day(3)
        self.assertStates(["sent", "queued", "sent"], [1, 1, 1])
        self.assertFalse(self.alerts())
        self.tick_later(minutes=15)
        self.assertAllArriveOnce()

    @mute_logger(CORE_MAIL)
    def test_no_more_for_now(self):
        """It takes nothing more from us: it is not asked for each of the others."""
        self.sink.good, self.sink.sender_answer = 1, "451 4.7.1 too many messages"
        self.work_day(3)
        self.assertStates(["sent", "queued", "queued"], [1, 1, 0])
        self.assertIn("too many messages", self.all_reminders()[1].failure_reason)
        (alert,) = self.alerts()
        self.assertIn("too many messages", alert.note)
        self.sink.sender_answer = None
        self.tick_later(minutes=15)
        self.assertAllArriveOnce()

    @mute_logger(CORE_MAIL)
    def test_greylisted(self):
        """One customer's server wants to be asked twice: no trouble of ours."""
        self.sink.later.add(self.ann.email)
        self.work_day(3)
        self.assertStates(["queued", "sent", "sent"], [1, 1, 1])
        (ann, _ben, _cat) = self.all_reminders()
        self.assertIn("greylisted", ann.failure_reason)
        self.assertEqual(ann.send_after, ann.tried_on + timedelta(minutes=15))
        self.assertNotClimbed(self.anns)
        self.assertFalse(self.alerts())
        self.sink.later.clear()
        self.tick_later(minutes=14)
        self.assertFalse(self.received(self.ann))
        self.tick_later(minutes=1)
        self.assertAllArriveOnce()
        self.assertFalse(ann.failure_reason)

    @mute_logger(CORE_MAIL)
    def test_greylisted_for_good(self):
        """After 15 minutes, an hour, four, and two days a person has to look."""
        self.sink.later.add(self.ann.email)
        self.work_day(3)
        ann = self.reminders(self.ann)
        waits = []
        while ann.state == "queued":
            before = ann.tried_on
            waits.append(ann.send_after - before)
            self.clock.move_to(ann.send_after)
            self.work_day()
        hours = [wait / timedelta(hours=1) for wait in waits]
        self.assertEqual(hours, [0.25, 1, 4, 24, 24])
        self.assertEqual(ann.state, "failed")
        self.assertIn("greylisted", ann.failure_reason)
        self.assertEqual(self.case(self.ann).reason, "send_failed")
        self.assertNotClimbed(self.anns)

    def test_login_refused(self):
        """That is the admin's business, not the customers'."""
        self.mail_server.write(
            {"smtp_authentication": "login", "smtp_user": "us", "smtp_pass": "wrong"}
        )
        self.work_day(3)
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.assertIn("AUTH", self.alerts().note)

    @mute_logger(CORE_MAIL)
    def test_refused_for_good(self):
        """What a person has to correct waits for a person, with the server's words."""
        self.sink.refused.add(self.ann.email)
        self.sink.rejected.add(self.ben.email)
        self.work_day(3)
        self.assertStates(["failed", "failed", "sent"], [1, 1, 1])
        ann, ben, _cat = self.all_reminders()
        self.assertIn("address was refused (550 5.1.1 no such", ann.failure_reason)
        self.assertIn("554 5.7.1 looks like spam", ben.failure_reason)
        self.assertFalse(self.alerts())
        self.assertEqual(self.sink.connections, 1, "the connection goes on")

    @mute_logger(CORE_MAIL)
    def test_address_that_is_none(self):
        self.ann.email = "ann at home"
        self.work_day(3)
        self.assertIn(self.case(self.ann).reason, ("send_failed", "no_address"))
        self.assertEqual(len(self.received(self.ben)), 1)
        self.assertNotClimbed(self.anns)


@tagged("post_install", "-at_install")
class TestOdoosQueue(TroubleCommon):
    """Odoo's own queue meets the same servers and passes the same gate."""

    def setUp(self):
        super().setUp()
        self.prepare(3)

    def _queue(self):
        self.engine["mail.mail"].process_email_queue()
        self.env.invalidate_all()

    def test_nobody_there(self):
        self.break_mail_server()
        self._queue()
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.mend_mail_server()
        self._queue()
        self.tick_later(minutes=15)
        self.assertStates(["sent"] * 3, [2, 1, 1])
        self.assertAllArriveOnce()

    @mute_logger(CORE_MAIL)
    def test_silent(self):
        self.sink.silent_at = "MAIL"
        self._queue()
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.sink.silent_at = None
        self._queue()
        self.tick_later(minutes=15)
        self.assertAllArriveOnce()


@tagged("post_install", "-at_install")
class TestRetries(DeliveryCommon):
    """Whoever sends again: the customer paid meanwhile, and nothing leaves."""

    @mute_logger(CORE_MAIL)
    def setUp(self):
        super().setUp()
        self.sink.refused.add(self.ann.email)
        self.work_day(3)
        self.sink.refused.clear()
        self.reminder = self.reminders(self.ann, "failed")
        self.mail = self.reminder._mails()
        self.assertEqual(self.mail.state, "exception")

    def _retry_ours(self):
        self.reminder.with_user(self.collector).action_retry()

    def _retry_in_the_mail_form(self):
        self.mail.action_retry()
        self.engine["mail.mail"].process_email_queue()

    def _send_now_in_the_mail_form(self):
        self.mail.mark_outgoing()
        self.mail.action_send_and_close()

    def _retries(self):
        return (
            self._retry_ours,
            self._retry_in_the_mail_form,
            self._send_now_in_the_mail_form,
        )

    def test_paid_meanwhile(self):
        self.pay(self.anns)
        for retry in self._retries():
            with self.subTest(retry=retry.__name__), self.env.cr.savepoint() as point:
                retry()
                self.env.invalidate_all()
                self.assertEqual(self.reminder.state, "cancelled")
                self.assertIn("Nothing is due", self.reminder.failure_reason)
                self.assertFalse(self.received(self.ann))
                point.rollback()
                self.env.invalidate_all()

    def test_still_due(self):
        """Each of them does send what is still right, and only once."""
        for retry in self._retries():
            self.sink.mails.clear()
            with self.subTest(retry=retry.__name__), self.env.cr.savepoint() as point:
                retry()
                self.env.invalidate_all()
                self.assertEqual(self.reminder.state, "sent")
                self.engine["mail.mail"].process_email_queue()
                self.work_day()
                self.assertEqual(len(self.received(self.ann)), 1)
                point.rollback()
                self.env.invalidate_all()

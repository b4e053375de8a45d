import contextlib
import smtplib
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_delivery import CORE_MAIL
from .test_sending_trouble import TroubleCommon


@tagged("post_install", "-at_install")
class TestOurOwnTrouble(TroubleCommon):
    """Trouble that is neither the server's nor the customer's."""

    def setUp(self):
        super().setUp()
        self.queued = self.prepare(3)
        self.ann_reminder = self.reminders(self.ann)

    def test_the_error_is_not_hidden(self):
        """The database takes no statement after an error; that one is told."""
        Mail = type(self.env["mail.mail"])

        def fail(mails, *_args):
            mails.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(Mail, "_ar_hand_over_each", fail),
            self.assertRaises(psycopg2.errors.DivisionByZero),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.queued._mails().send()

    def test_what_is_in_hand_does_not_fail(self):
        """It may have left: with "send it again" the customer would get it twice."""
        self.ann_reminder._set_state("sending")
        self.queued._register_trouble(ValueError("out of paper"))
        self.assertStates(["sending", "failed", "failed"], [0, 0, 0])

    @mute_logger(CORE_MAIL)
    def test_stopped_after_the_text(self):
        """The process was told to end (time, memory): nobody knows whether it left."""
        with self._ends_after_the_text(Exception("CPU time limit exceeded.")):
            self.ann_reminder._deliver()
        self.assertStates(["unknown", "queued", "queued"], [1, 0, 0])
        self.assertIn("CPU time", self.ann_reminder.failure_reason)
        self.assertEqual(len(self.received(self.ann)), 1, "as it happens, it did")
        self.work_day()
        self.assertAllArriveOnce()

    @contextlib.contextmanager
    def _ends_after_the_text(self, error):
        """The server takes the mail, and we do not hear of it any more."""
        data = smtplib.SMTP.data

        def end(session, message):
            data(session, message)
            raise error

        with patch.object(smtplib.SMTP, "data", end):
            yield

    @mute_logger(CORE_MAIL)
    def test_a_colleague_was_faster(self):
        """The database refused before SMTP: no word of a server, the next tick goes."""
        conflict = psycopg2.errors.SerializationFailure("could not serialize access")
        Mail = type(self.env["mail.mail"])
        with patch.object(Mail, "_prepare_outgoing_list", side_effect=conflict):
            self.ann_reminder._deliver()
        self.assertStates(["queued"] * 3, [1, 0, 0])
        self.assertFalse(self.ann_reminder.failure_reason)
        self.assertFalse(self.ann_reminder.send_after)
        self.work_day()
        self.assertAllArriveOnce()

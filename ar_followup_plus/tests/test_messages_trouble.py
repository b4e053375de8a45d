"""Messages about agreements that do not leave, or come back: a person hears of it."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import START
from .common_delivery import DeliveryCommon
from .common_events import day
from .common_incoming import IncomingCommon
from .common_messages import TEXT, MessagesCommon
from .test_events_merge import MergeCommon


@tagged("post_install", "-at_install")
class TestNotSent(MessagesCommon, DeliveryCommon):
    """A run makes no such message anew: a person hears of what did not leave."""

    def test_what_cannot_be_worded(self):
        self.template.body_html = '<t t-out="object.no_such_field" />'
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            messages = self.make(self.vals(self.ann), self.vals(self.ben))
        self.assertEqual(messages.mapped("state"), ["failed", "failed"])
        for partner in (self.ann, self.ben):
            activity = self.told(partner).ensure_one()
            self.assertEqual(activity.user_id, self.collector)
            self.assertIn("Payment plan", activity.note)
            self.case(partner)._reassess()
            self.assertNotEqual(self.case(partner).reason, "send_failed")
        self.template.body_html = TEXT
        messages.with_user(self.collector).action_retry()
        self.assertEqual(messages.mapped("state"), ["sent", "sent"])
        self.assertFalse(self.told(self.ann) | self.told(self.ben))

    def test_somebody_else_is_written_to_by_now(self):
        message = self.make(self.vals(self.ann))
        fran = self.env["res.partner"].create(
            {
                "name": "Fran",
                "type": "followup",
                "parent_id": self.ann.id,
                "email": "fran@customer.example",
                "lang": "en_US",
            }
        )
        message._leave()
        self.assertEqual(message.state, "failed")
        self.assertFalse(self.sink.mails)
        self.assertEqual(len(self.told(self.ann)), 1)
        self.engine["mail.mail"].process_email_queue()
        self.work_day(1)
        self.assertEqual(message.state, "failed", "a person has to say so")
        self.assertEqual(len(self.told(self.ann)), 1)
        message.with_user(self.collector).action_retry()
        self.assertEqual((message.state, message.partner_id), ("sent", fran))
        self.assertIn("Dear Fran", self.received(fran)[0].html)
        self.assertFalse(self.told(self.ann))
        self.assertEqual(len(self.case(self.ann).contact_log_ids), 1)

    def test_one_of_two_is_dealt_with(self):
        messages = self.make(self.vals(self.ann), self.vals(self.ann, kind="plan_done"))
        messages._register_failed("No reason.")
        self.assertEqual(len(self.told(self.ann)), 1)
        messages[0].with_user(self.collector).action_cancel()
        self.assertEqual(len(self.told(self.ann)), 1)
        messages[1].with_user(self.collector).action_retry()
        self.assertFalse(self.told(self.ann))

    def test_what_must_not_leave_any_more_is_no_trouble(self):
        note = self.make(self.vals(self.ann, kind="plan_note"))
        note._register_failed("No reason.")
        self.assertEqual(len(self.told(self.ann)), 1)
        self.company.ar_followup_mode = "off"
        self.case(self.ann)._reassess()
        self.assertEqual(note.state, "cancelled")
        self.assertFalse(self.told(self.ann))

    def test_dropping_it_pauses_nobody(self):
        message = self.make(self.vals(self.ann))
        Drop = self.env["ar.followup.reminder.drop"].with_user(self.collector)
        window = Drop.create({"reminder_ids": message.ids})
        self.assertRecordValues(
            window, [{"is_agreed": True, "is_waiting": False, "date_until": False}]
        )
        window.action_drop()
        self.assertEqual(message.state, "cancelled")
        self.assertFalse(self.case(self.ann).hold_ids)
        self.work_day(3)
        self.assertEqual(len(self.received(self.ann)), 1, "the ladder goes on")

    def test_the_worklist_opens_reminders(self):
        message = self.make(self.vals(self.ann))
        message._register_failed("No reason.")
        with self.assertRaises(UserError):
            self.case(self.ann).action_open_reminder()


@tagged("post_install", "-at_install")
class TestBounced(MessagesCommon, IncomingCommon):
    """Ann got the friendly reminder on day 3, and later an answer that came back."""

    def setUp(self):
        super().setUp()
        self.travel(10)
        self.answered = self.answer(self.ann)
        self.incoming("failed", original=self.answered.message_id.message_id)

    def test_what_it_leaves_behind(self):
        self.assertEqual(self.answered.state, "bounced")
        self.assertEqual(self.sent.state, "sent")
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        self.assertEqual(self.case_ann.last_demand_date, day(3))
        self.assertEqual(self.ann.ar_bounced_email, "ann@customer.example")
        self.assertIn("550 5.1.1", self.activities("bounced").ensure_one().note)
        self.assertEqual(
            self.case_ann.contact_log_ids.sorted("id").mapped("outcome"),
            ["sent", "sent", "bounced"],
        )

    def test_a_planned_call_stays(self):
        self.case_ann.activity_schedule(
            "ar_followup_plus.mail_activity_type_call", user_id=self.collector.id
        )
        self.answered._set_state("queued")
        self.answered._set_state("sending")
        self.answered._register_sent()
        self.incoming("failed", original=self.answered.message_id.message_id)
        self.assertTrue(self.call(self.ann))

    def test_the_ladder_finds_no_address(self):
        self.travel(START + timedelta(days=40))
        self.case_ann._reassess()
        self.assertEqual(self.case_ann.reason, "no_address")

    def test_sent_again_to_the_corrected_address(self):
        self.ann.email = "ann@new.example"
        first = self.answered.message_id
        self.answered.with_user(self.collector).action_retry()
        self.assertEqual(self.answered.state, "sent")
        self.assertEqual(len(self.received("ann@new.example")), 1)
        self.assertNotEqual(self.answered.message_id, first)
        self.assertTrue(first.exists(), "it did leave")
        self.assertFalse(self.activities("bounced"))

    def test_a_reminder_that_came_back_is_not_sent_again(self):
        self.incoming("failed", original=self.sent.message_id.message_id)
        self.assertEqual(self.sent.state, "bounced")
        with self.assertRaises(UserError):
            self.sent.with_user(self.collector).action_retry()


@tagged("post_install", "-at_install")
class TestMerged(MessagesCommon, MergeCommon):
    def test_what_waits_goes_to_whoever_stays(self):
        self.work_day(3)
        note = self.make(self.vals(self.gone))
        self.merge(self.gone, self.kept)
        self.assertEqual(note.case_id, self.case(self.kept))
        self.assertEqual(note.state, "queued")
        note._leave()
        self.assertEqual(note.state, "sent")

"""An approver sends a reminder despite the limits, and says why."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common_delivery import CORE_MAIL, DeliveryCommon
from .common_events import day

WHY = "Their director asked for it."


@tagged("post_install", "-at_install")
class TestDespite(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = new_test_user(
            cls.env,
            login="ar_approver",
            name="Abe Approver",
            groups="account.group_account_invoice,ar_followup_plus.group_ar_approver",
            company_id=cls.company.id,
        )

    def talk(self, partner):
        self.env["ar.contact.log"].create({"case_id": self.case(partner).id})

    def send(self, partner, note=WHY, user=None):
        """The approver's button, through its window."""
        case = self.case(partner).with_env(self.env(user=user or self.approver))
        action = case.action_open_despite()
        window = Form(case.env[action["res_model"]].with_context(**action["context"]))
        window.note = note
        return window.save().action_send()

    def offered(self, partner, user=None):
        self.env.invalidate_all()
        case = self.case(partner).with_env(self.env(user=user or self.approver))
        return case.can_send_despite

    def assertSentDespite(self, partner):
        reminder = self.reminders(partner)[-1]
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(reminder.despite_by_id, self.approver)
        self.assertEqual(reminder.despite_note, WHY)
        self.assertEqual(len(self.received(partner)), 1)

    def too_soon(self):
        self.work_day(2)
        self.talk(self.ann)
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "too_soon")

    # what gives way -----------------------------------------------------------

    def test_the_gap(self):
        self.too_soon()
        self.assertTrue(self.offered(self.ann))
        self.send(self.ann)
        self.assertSentDespite(self.ann)
        case = self.case(self.ann)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        self.assertEqual(case.last_demand_date, day(3))
        self.assertFalse(self.offered(self.ann))
        self.work_days(4, 13)
        self.assertEqual(len(self.received(self.ann)), 1, "the next comes in its time")

    def test_it_is_told_who_and_why(self):
        self.too_soon()
        self.send(self.ann)
        self.assertSentDespite(self.ann)
        case = self.case(self.ann)
        (note,) = case.message_ids.filtered(lambda m: WHY in (m.body or ""))
        self.assertEqual(note.author_id, self.approver.partner_id)
        texts = [happening.text for happening in case._history(20)]
        (told,) = [text for text in texts if WHY in text]
        self.assertIn("Abe Approver", told)

    def test_a_quiet_day_and_the_hour(self):
        self.policy.working_days_only = True
        self.travel(5, hour=22)
        self.work_day()
        self.assertEqual(self.case(self.ann).reason, "quiet_day")
        self.send(self.ann)
        self.assertSentDespite(self.ann)
        self.assertFalse(self.received(self.ben))
        answer = day(5 + self.friendly.response_days)
        self.assertEqual(self.reminders(self.ann).date_answer, answer, "it left today")

    def test_the_cap(self):
        levels = [(3, "friendly"), (8, "friendly")]
        policy = self.set_policy(self.ann, levels, message_cap=1)
        policy.level_ids.response_days = 0
        self.work_days(3, 9)
        self.assertEqual(self.case(self.ann).reason, "contact_cap")
        self.sink.reset()
        self.send(self.ann)
        self.assertSentDespite(self.ann)

    def test_the_daily_limit(self):
        self.company.ar_daily_limit = 1
        self.work_day(3)
        (late,) = (
            partner
            for partner in (self.ann, self.ben)
            if self.case(partner).reason == "daily_limit"
        )
        self.send(late)
        self.assertSentDespite(late)

    # what does not --------------------------------------------------------------

    def assertKeptBack(self, reason):
        self.assertEqual(self.case(self.ann).reason, reason)
        self.assertFalse(self.offered(self.ann))
        before = len(self.reminders(self.ann))
        with self.assertRaisesRegex(UserError, "not the limits alone"):
            self.send(self.ann)
        self.assertEqual(len(self.reminders(self.ann)), before)

    def test_a_hold_stands(self):
        self.too_soon()
        self.engine["ar.followup.hold"].create(
            {"case_id": self.case(self.ann).id, "kind": "paused", "note": "x"}
        )
        self.assertKeptBack("paused")

    def test_the_promised_days_to_answer_stand(self):
        self.work_day(3)
        self.policy.level_ids.filtered(lambda lv: lv.delay_days == 14).delay_days = 5
        self.work_day(6)
        self.assertKeptBack("awaiting_answer")

    def test_who_wants_no_emails_gets_none(self):
        self.too_soon()
        self.ann.ar_no_email = True
        self.work_day()
        self.assertKeptBack("do_not_contact")

    def test_the_ladder_stands(self):
        """Nothing is due: the next level is some days away."""
        self.friendly.response_days = 0
        self.work_days(3, 9)
        self.assertKeptBack("too_soon")

    def test_paid_meanwhile(self):
        self.too_soon()
        self.pay(self.anns)
        with self.assertRaises(UserError):
            self.send(self.ann)
        self.assertFalse(self.reminders(self.ann))

    def test_nothing_leaves_while_follow_up_is_off(self):
        self.too_soon()
        self.company.ar_followup_mode = "off"
        with self.assertRaisesRegex(UserError, "Follow-up is off"):
            self.send(self.ann)

    # who, and what is asked of them ----------------------------------------------

    def test_collectors_do_not(self):
        self.too_soon()
        self.assertFalse(self.offered(self.ann, self.collector))
        with self.assertRaisesRegex(AccessError, "by an approver"):
            self.case(self.ann).with_user(self.collector).action_send_despite(WHY)
        with self.assertRaises(AccessError):
            self.send(self.ann, user=self.collector)
        self.assertFalse(self.reminders(self.ann))

    def test_a_note_is_needed(self):
        self.too_soon()
        for note in (None, "", "  "):
            with self.assertRaisesRegex(UserError, "Say in a note"):
                self.case(self.ann).with_user(self.approver).action_send_despite(note)
        self.assertFalse(self.reminders(self.ann))

    # reviewed, failed --------------------------------------------------------------

    def test_what_is_to_be_read_is_read_first(self):
        """It leaves when it is sent, at whatever hour."""
        self.company.ar_followup_mode = "review"
        self.too_soon()
        action = self.send(self.ann)
        reminder = self.reminders(self.ann)
        self.assertEqual(reminder.state, "to_review")
        self.assertEqual(action["res_id"], reminder.id)
        self.work_day()
        self.assertEqual(reminder.state, "to_review")
        self.travel(3, hour=23)
        reminder.with_user(self.collector).action_send()
        self.assertSentDespite(self.ann)

    @mute_logger(CORE_MAIL)
    def test_the_mail_server_was_down(self):
        """It is tried again by itself, whatever the hour is then."""
        self.too_soon()
        self.break_mail_server()
        self.travel(3, hour=22)
        self.send(self.ann)
        reminder = self.reminders(self.ann)
        self.assertEqual((reminder.state, reminder.attempt_count), ("queued", 1))
        self.case(self.ann)._reassess()
        self.assertEqual(self.case(self.ann).reason, "remind", "not too soon")
        self.mend_mail_server()
        self.travel(3, hour=23)
        self.work_day()
        self.assertSentDespite(self.ann)

    def test_without_it_the_gate_says_no(self):
        self.too_soon()
        self.company.ar_followup_mode = "review"
        self.send(self.ann)
        reminder = self.reminders(self.ann)
        reminder.sudo().despite_by_id = False
        reminder.with_user(self.collector).action_send()
        self.assertEqual(reminder.state, "cancelled")
        self.assertFalse(self.received(self.ann))

"""Reviewing reminders: drop, send many, prepare one now, see the mail as it left."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..models.contact.ar_followup_reminder_mail import SEND_AT_ONCE
from .common import START
from .common_delivery import ReviewCommon
from .rpc import RpcCommon


@tagged("post_install", "-at_install")
class TestCaseButtons(ReviewCommon):
    """What the customer's page opens, for a person to do the next thing."""

    def test_the_reminder_that_waits(self):
        reminder = self.prepared(self.ann).sudo()
        case = self.case(self.ann).with_user(self.collector)
        for state in ("to_review", "failed", "bounced", "unknown"):
            reminder.state = state
            self.assertEqual(case.action_open_reminder()["res_id"], reminder.id)
        reminder.state = "sent"
        with self.assertRaisesRegex(UserError, "dealt with"):
            case.action_open_reminder()

    def test_an_open_contact_form_claims_no_outcome(self):
        """The browser saves an open form when its page is left; a log stays."""
        self.prepared(self.ann)
        window = self.case(self.ann).action_log_call()
        new = Form(self.env[window["res_model"]].with_context(**window["context"]))
        with self.assertRaisesRegex(AssertionError, "outcome is a required field"):
            new.save()
        new.outcome = "no_answer"
        self.assertEqual(new.save().case_id, self.case(self.ann))
        self.assertFalse(
            self.env["ar.contact.log"].search_count(
                [("case_id", "=", self.case(self.ann).id), ("automated", "=", False)]
            ),
            "nothing is in the log before it is saved",
        )


@tagged("post_install", "-at_install")
class TestDrop(ReviewCommon):
    """Dropped is dropped: the next run does not bring it back."""

    def test_drop(self):
        reminder = self.prepared(self.ann)
        reminder.action_cancel(note="They pay on Friday.")
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(
            reminder.failure_reason, "Carla Collector dropped it: They pay on Friday."
        )
        self.assertNotClimbed(self.anns)
        gap = timedelta(days=self.policy.min_gap_days)
        self.assertRecordValues(
            self.pause(self.ann),
            [
                {
                    "kind": "paused",
                    "user_id": self.collector.id,
                    "date_from": START + timedelta(days=3),
                    "date_to": START + timedelta(days=3) + gap,
                    "note": "They pay on Friday.",
                }
            ],
        )
        self.assertEqual(self.case(self.ann).reason, "paused")

    def test_not_prepared_again_until_then(self):
        reminder = self.prepared(self.ann)
        last = START + timedelta(days=6)
        reminder.action_cancel(str(last))
        self.work_days(4, 6)
        self.assertFalse(self.reminders(self.ann, "to_review"))
        self.work_day(7)
        self.assertTrue(self.reminders(self.ann, "to_review"))
        self.assertFalse(self.sink.mails)

    def test_tomorrow_at_least(self):
        """Also where the policy knows no gap."""
        self.set_policy(levels=[(3, "friendly")], min_gap_days=0)
        reminder = self.prepared(self.ann)
        reminder.action_cancel()
        self.assertEqual(self.pause(self.ann).date_to, START + timedelta(days=4))

    def test_a_day_gone_by_is_refused(self):
        reminder = self.prepared(self.ann)
        with self.assertRaisesRegex(UserError, "today or a later day"):
            reminder.action_cancel("2026-01-01")
        self.assertEqual(reminder.state, "to_review")

    def test_window_for_many(self):
        """One day and one reason for all of them."""
        reminders = self.prepared(self.ann) | self.prepared(self.ben)
        window = reminders.action_open_drop()
        wizard = Form(
            self.env[window["res_model"]]
            .with_user(self.collector)
            .with_context(**window["context"])
        )
        gap = timedelta(days=self.policy.min_gap_days)
        self.assertEqual(wizard.date_until, START + timedelta(days=3) + gap)
        wizard.date_until = START + timedelta(days=20)
        wizard.note = "A fair is on."
        wizard.save().action_drop()
        self.assertEqual(reminders.mapped("state"), ["cancelled"] * 2)
        for partner in (self.ann, self.ben):
            hold = self.pause(partner)
            self.assertEqual(hold.date_to, START + timedelta(days=20))
            self.assertEqual(hold.note, "A fair is on.")

    def test_what_failed_is_only_put_aside(self):
        """Nobody wished to leave the customer alone: a new one is prepared."""
        reminder = self.prepared(self.ann)
        reminder.sudo()._register_failed("The address is not valid.")
        reminder.action_cancel()
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(reminder.failure_reason, "The address is not valid.")
        self.assertFalse(self.case(self.ann).hold_ids)

    def test_queued_by_a_colleague(self):
        """The engine's own, on its way: dropped before it left."""
        self.company.sudo().ar_followup_mode = "automatic"
        (mine,) = self.prepare(3).filtered(lambda r: r.case_id.partner_id == self.ann)
        mine.with_user(self.collector).action_cancel()
        self.assertFalse(mine.message_id)
        self.work_day(3)
        self.assertFalse(self.received(self.ann))
        self.assertTrue(self.received(self.ben))
        self.assertTrue(self.pause(self.ann).is_current)


@tagged("post_install", "-at_install")
class TestSendMany(ReviewCommon):
    def test_few_leave_at_once(self):
        reminders = self.prepared(self.ann) | self.prepared(self.ben)
        answer = reminders.action_send()
        self.assertEqual(reminders.mapped("state"), ["sent", "sent"])
        self.assertIn("2 reminders leave now", answer["params"]["message"])

    def test_many_are_left_to_the_tick(self):
        """No browser waits for a mail server that takes a second for each."""
        people = [self.customer(f"Number {n}") for n in range(SEND_AT_ONCE)]
        self.invoices([(partner, 50.0, 0) for partner in people])
        self.work_day(3)
        reminders = self.engine["ar.followup.reminder"].search(
            [("state", "=", "to_review"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(reminders), SEND_AT_ONCE + 2)
        cron = self.env.ref("ar_followup_plus.cron_tick")
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        reminders.with_user(self.collector).action_send()
        self.assertEqual(set(reminders.mapped("state")), {"queued"})
        self.assertFalse(self.sink.mails)
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        self.work_day()
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertEqual(len(self.sink.mails), SEND_AT_ONCE + 2)

    def test_list_costs_the_same_for_more(self):
        """Every column of the list, with and without another row."""
        self.prepared(self.ann)
        view = self.env.ref("ar_followup_plus.ar_followup_reminder_view_list_review")
        Reminder = self.env["ar.followup.reminder"].with_user(self.collector)
        arch = Reminder.get_view(view.id, "list")["arch"]
        names = [name for name in Reminder._fields if f'name="{name}"' in arch]
        self.assertIn("review_text", names)
        self.assertIn("days_late", names)

        def queries(limit):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = Reminder.search([("state", "=", "to_review")], limit=limit)
            self.assertEqual(len(rows), limit)
            rows.read(names)
            return self.cr.sql_log_count - before

        self.env["ar.followup.reminder"].with_user(self.collector).search([]).read(
            names
        )
        self.assertEqual(queries(1), queries(2))


@tagged("post_install", "-at_install")
class TestPrepareNow(ReviewCommon):
    def test_prepare_now(self):
        """In automatic mode it would simply leave: who asks for it, reads it."""
        self.company.sudo().ar_followup_mode = "automatic"
        self.travel(3)
        case = self.case_of(self.ann)
        action = case.action_prepare()
        reminder = self.reminders(self.ann)
        self.assertEqual(action["res_id"], reminder.id)
        self.assertEqual(reminder.state, "to_review")
        self.assertIn("by hand", reminder.review_text)
        self.assertFalse(self.reminders(self.ben))
        self.work_day(3)
        self.assertEqual(self.reminders(self.ann), reminder, "the run adds none")
        self.assertFalse(self.received(self.ann))
        self.assertTrue(self.received(self.ben))

    def case_of(self, partner):
        """The case as a person finds it, who had it looked at."""
        Case = self.env["ar.followup.case"].with_user(self.collector)
        return Case.create({"partner_id": partner.id})

    def test_not_offered_beside_one_that_waits(self):
        """At night it is queued until the morning: pressing it would do nothing."""
        self.company.sudo().ar_followup_mode = "automatic"
        self.travel(3, hour=21)
        case = self.case_of(self.ann)
        self.assertTrue(case.can_prepare)
        self.work_day()
        self.assertEqual(self.reminders(self.ann).state, "queued")
        self.assertEqual((case.state, case.reason), ("waiting", "remind"))
        self.assertFalse(case.can_prepare)

    def test_nothing_is_bypassed(self):
        self.travel(3)
        case = self.case_of(self.ann)
        self.env["ar.followup.hold"].with_user(self.collector).create(
            {"case_id": case.id}
        )
        with self.assertRaisesRegex(UserError, "Ann: Paused"):
            case.action_prepare()
        other = self.case_of(self.ben)
        other.action_prepare()
        with self.assertRaisesRegex(UserError, "A reminder waits for you"):
            other.action_prepare()
        self.assertEqual(len(self.reminders(self.ben)), 1)
        self.company.ar_followup_mode = "off"
        with self.assertRaisesRegex(UserError, "Follow-up is off"):
            other.action_prepare()


@tagged("post_install", "-at_install")
class TestMailAsItLeft(ReviewCommon):
    def test_shown_as_it_left(self):
        """Also when the company has moved since."""
        reminder = self.prepared(self.ann)
        self.assertIn("The Seller", reminder.mail_html)
        reminder.body = "<p>As we said.</p>"
        self.assertIn("As we said.", reminder.mail_html)
        reminder.action_send()
        (mail,) = self.received(self.ann)
        self.company.name = "Another Name"
        self.env.invalidate_all()
        self.assertIn("The Seller", reminder.mail_html)
        self.assertNotIn("Another Name", reminder.mail_html)
        self.assertIn("As we said.", reminder.mail_html)
        self.assertEqual(mail.html.split(), reminder.mail_html.split())
        self.assertIn("Carla Collector", reminder.email_from)

    def test_invoices_that_go_with_it(self):
        self.friendly.attach_invoices = True
        reminder = self.prepared(self.ann)
        self.assertIn(self.anns.name, reminder.attachment_text)


@tagged("post_install", "-at_install")
class TestReviewRights(RpcCommon):
    def test_auditors_only_look(self):
        reminder = self.rows["ar.followup.reminder"]
        self.act_as("auditor")
        for button in ("action_cancel", "action_take_over_text"):
            self.assertRefused(
                "collectors", "ar.followup.reminder", button, reminder.ids
            )
        self.assertRefused(
            "not allowed",
            "ar.followup.reminder.drop",
            "create",
            [{"reminder_ids": reminder.ids}],
        )
        self.assertRefused(
            "not allowed", "ar.followup.case", "action_prepare", reminder.case_id.ids
        )
        self.assertRefused("not allowed", "ar.followup.run", "action_preview_today", [])
        self.assertEqual(reminder.state, "to_review")

    def test_collectors_drop_through_the_window(self):
        reminder = self.rows["ar.followup.reminder"]
        self.act_as("collector")
        window = self.rpc("ar.followup.reminder", "action_open_drop", reminder.ids)
        (wizard_id,) = self.rpc(
            window["res_model"], "create", [{}], context=window["context"]
        )
        self.rpc(window["res_model"], "action_drop", [wizard_id])
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(
            reminder.case_id.hold_ids.filtered("is_current").user_id,
            self.people["collector"],
        )

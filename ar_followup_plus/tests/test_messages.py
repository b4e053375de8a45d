"""Messages about agreements leave as reminders do, and are none of the ladder's."""

from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import START
from .common_delivery import CORE_MAIL, DeliveryCommon
from .common_events import day
from .common_messages import MessagesCommon


@tagged("post_install", "-at_install")
class TestAnswers(MessagesCommon, DeliveryCommon):
    """What only answers always leaves, at once, and counts for nothing."""

    def test_it_leaves_at_once_and_stays_on_record(self):
        message = self.answer(self.ann)
        (mail,) = self.received(self.ann)
        self.assertIn("Dear Ann, this is your plan", mail.html)
        self.assertRecordValues(
            message,
            [
                {
                    "state": "sent",
                    "email_to": "ann@customer.example",
                    "user_id": self.collector.id,
                    "date_planned": START,
                    "level_id": False,
                    "asked_text": "",
                }
            ],
        )
        case = self.case(self.ann)
        self.assertFalse(case.last_demand_date)
        self.assertEqual(case.contact_log_ids.reminder_id, message)
        (line,) = [row for row in case.history if row["id"] == message.id]
        self.assertEqual(line["title"], "Payment plan: sent")
        self.assertEqual(line["text"], "To ann@customer.example.")
        self.assertIn(message.message_id, case.message_ids)

    def test_the_ladder_goes_on(self):
        self.answer(self.ann)
        self.work_day(3)
        self.assertEqual(len(self.received(self.ann)), 2)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        run = self.reminders(self.ann).run_id
        self.assertEqual(run.sent_count, 2, "Ann's reminder and Ben's")

    def test_at_any_hour_of_any_day(self):
        self.policy.write({"working_days_only": True, "message_cap": 1})
        self.travel(5, hour=3)
        self.assertEqual(self.answer(self.ann).state, "sent")
        self.assertEqual(self.answer(self.ann).state, "sent")
        self.assertFalse(self.case(self.ann).last_demand_date)

    def test_whoever_was_asked_or_is_left_alone_gets_it(self):
        self.work_day(3)
        self.engine["ar.followup.hold"].create(
            {"case_id": self.case(self.ann).id, "kind": "legal"}
        )
        self.assertEqual(self.answer(self.ann).state, "sent")

    def test_while_follow_up_is_off(self):
        self.company.ar_followup_mode = "off"
        self.assertEqual(self.answer(self.ann).state, "sent")
        note = self.note(self.ann)
        self.assertEqual(note.state, "cancelled")
        self.assertIn("switched off", note.failure_reason)

    def test_the_tick_hands_over_while_follow_up_is_off(self):
        self.company.ar_followup_mode = "off"
        message = self.make(self.vals(self.ann))
        self.assertEqual(message.state, "queued")
        self.work_day(1)
        self.assertEqual(message.state, "sent")
        self.assertFalse(self.engine["ar.followup.run"].search([]), "nobody is asked")

    def test_a_reminder_tells_of_the_plans_that_are_kept(self):
        def kept(reminder):
            partner = reminder.case_id.partner_id
            return "Your plan <PP/1> is being kept." if partner == self.ann else ""

        Reminder = type(self.env["ar.followup.reminder"])
        with patch.object(Reminder, "_plans_kept_text", kept):
            self.work_day(3)
        (anns,), (bens,) = self.received(self.ann), self.received(self.ben)
        text = "Your plan &lt;PP/1&gt; is being kept."
        self.assertIn(text, anns.html)
        self.assertGreater(anns.html.index(text), anns.html.index("</table>"))
        self.assertNotIn("being kept", bens.html)

    def test_many_leave_with_the_tick(self):
        people = [self.customer(f"Customer {n}") for n in range(11)]
        messages = self.make(*map(self.vals, people))
        messages._leave()
        self.assertFalse(self.sink.mails)
        self.company.ar_followup_mode = "off"
        self.work_day(0)
        self.assertEqual(len(self.sink.mails), 11)
        self.assertEqual(set(messages.mapped("state")), {"sent"})

    def test_where_another_addon_reminds(self):
        """It keeps us from asking, not from answering."""
        with patch.object(
            type(self.env["res.company"]),
            "_ar_followup_conflict",
            lambda _company: "Another addon reminds.",
        ):
            message = self.make(self.vals(self.ann))
            self.work_day(1)
            self.assertEqual(message.state, "sent")
            self.assertEqual(self.note(self.ann).state, "cancelled")

    def test_a_silent_mail_server_delays_it(self):
        self.company.ar_followup_mode = "off"
        self.break_mail_server()
        with mute_logger(CORE_MAIL):
            message = self.answer(self.ann)
            self.work_day(0)
        self.assertEqual(message.state, "queued")
        self.mend_mail_server()
        self.work_day(1)
        self.assertEqual(message.state, "sent")

    def test_whom_nobody_can_write_to_gets_none(self):
        self.ann.email = False
        messages = self.make(self.vals(self.ann), self.vals(self.ben))
        self.assertEqual(messages.partner_id, self.ben)

    def test_several_at_a_time(self):
        """What is on its way to a customer keeps nothing back but a second reminder."""
        self.prepare(3)
        self.make(self.vals(self.ann), self.vals(self.ann, kind="plan_done"))
        self.assertEqual(len(self.reminders(self.ann, "queued")), 3)
        reminder = self.reminders(self.ann)[0]
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            reminder.copy({"state": "queued"})

    def test_only_a_reminder_has_to_have_a_level(self):
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.make(self.vals(self.ann, kind="reminder"))

    def test_own_attachments(self):
        def pdf(message):
            if message.case_id.partner_id == self.ben:
                raise ValueError("The page cannot be printed.")
            return message.env["ir.attachment"].create(
                {"name": "plan.pdf", "raw": b"%PDF", "mimetype": "application/pdf"}
            )

        Reminder = type(self.env["ar.followup.reminder"])
        with patch.object(Reminder, "_own_attachments", pdf):
            messages = self.make(self.vals(self.ann), self.vals(self.ben))
            messages._leave()
        self.assertEqual(messages.mapped("state"), ["sent", "failed"])
        self.assertEqual(messages[0].attachment_ids.mapped("name"), ["plan.pdf"])
        self.assertIn(b"plan.pdf", self.received(self.ann)[0].message.as_bytes())
        self.assertIn("cannot be printed", messages[1].failure_reason)

    def test_statements_do_not_grow_with_the_customers(self):
        people = [self.customer(f"Customer {n}") for n in range(40)]
        vals_list = list(map(self.vals, people))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.make(*some)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(vals_list[:1])  # the template is compiled once
        self.assertEqual(count(vals_list[1:5]), count(vals_list[5:]))


@tagged("post_install", "-at_install")
class TestDemands(MessagesCommon, DeliveryCommon):
    """What asks for something keeps to what limits how often a customer is asked."""

    def test_it_counts(self):
        self.travel(1)
        self.assertEqual(self.note(self.ann).state, "sent")
        self.assertEqual(self.case(self.ann).last_demand_date, day(1))
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "too_soon")
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertEqual(len(self.received(self.ben)), 1)

    def test_it_counts_for_the_cap(self):
        self.policy.write({"min_gap_days": 0, "message_cap": 1, "message_cap_days": 10})
        self.travel(1)
        self.note(self.ann)
        self.assertEqual(self.why_not(self.ann), "contact_cap")
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "contact_cap")

    def test_it_counts_for_the_daily_limit(self):
        self.company.ar_daily_limit = 1
        self.travel(3)
        self.note(self.ben)
        self.answer(self.ben)
        self.vals(self.ann)  # opens the case
        self.assertEqual(self.case(self.ann).reason, "daily_limit")
        self.assertEqual(self.why_not(self.ann), "daily_limit")

    def test_the_daily_limit_is_for_all_who_are_asked_about(self):
        self.company.ar_daily_limit = 1
        cases = self.env["ar.followup.case"]
        for partner in (self.ann, self.ben):
            cases |= cases.browse(self.vals(partner)["case_id"])
        reasons = cases._may_ask(self.company, START, cases)
        self.assertEqual(list(reasons.values()), [None, "daily_limit"])

    def test_it_waits_for_the_hours_of_the_policy(self):
        self.travel(0, hour=3)
        note = self.note(self.ann)
        self.assertEqual(note.state, "queued")
        self.assertEqual(note.send_after.hour, self.policy.send_from_hour)
        self.assertFalse(self.received(self.ann))
        self.work_day(0)
        self.assertEqual(note.state, "sent")
        courtesy = self.reminders(self.ann)[1]
        self.assertEqual(courtesy.state, "cancelled", "one demand a day")

    def test_why_not(self):
        self.vals(self.ann)
        self.assertIsNone(self.why_not(self.ann))
        hold = self.engine["ar.followup.hold"].create(
            {"case_id": self.case(self.ann).id, "kind": "planned"}
        )
        self.assertIsNone(self.why_not(self.ann), "the plan's own")
        for kind in ("legal", "disputed", "replied", "paused"):
            hold.kind = kind
            self.assertEqual(self.why_not(self.ann), kind)
        hold.kind = "planned"
        self.ann.ar_no_email = True
        self.assertEqual(self.why_not(self.ann), "do_not_contact")
        self.ann.write({"ar_no_email": False, "email": False})
        self.assertEqual(self.why_not(self.ann), "no_address")
        self.ann.email = "ann@customer.example"
        self.policy.working_days_only = True
        self.travel(5)
        self.assertEqual(self.why_not(self.ann), "quiet_day")
        self.company.ar_followup_mode = "off"
        self.assertEqual(self.why_not(self.ann), "no_policy")

    def test_a_reminder_about_to_leave_is_enough(self):
        self.prepare(3)
        self.assertEqual(self.why_not(self.ann), "remind")
        self.engine["ar.followup.run"]._cron_run()
        self.assertEqual(self.why_not(self.ann), "too_soon")
        self.travel(30)
        self.assertIsNone(self.why_not(self.ann), "of the ladder's day")

    def test_the_gate_asks_again(self):
        note = self.make(self.vals(self.ann, kind="plan_note"))
        self.engine["ar.followup.hold"].create(
            {"case_id": self.case(self.ann).id, "kind": "paused"}
        )
        self.assertEqual(note.state, "cancelled", "the hold decides anew")
        self.assertIn("Paused", note.failure_reason)
        late = self.make(self.vals(self.ben, kind="plan_note"))
        late.case_id.last_demand_date = START
        late._deliver()
        self.assertEqual(late.state, "cancelled")
        self.assertFalse(self.sink.mails)

    def test_a_person_reads_it_first(self):
        self.company.ar_followup_mode = "review"
        note = self.make(self.vals(self.ann, kind="plan_note", state="to_review"))
        self.work_day(1)
        self.assertEqual(note.state, "to_review")
        self.assertNotEqual(self.case(self.ann).reason, "review", "the ladder's only")
        note = note.with_user(self.collector)
        self.assertEqual(note.review_text, "Follow-up is in the mode “Review”.")
        note.body = "<p>Dear Ann, as agreed.</p>"
        note.action_send()
        self.assertEqual(note.state, "sent")
        self.assertIn("as agreed", self.received(self.ann)[0].html)

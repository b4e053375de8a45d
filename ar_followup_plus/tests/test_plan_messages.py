"""Notes about instalments and thanks: each once, and only while they are right."""

from datetime import timedelta

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import START
from .common_keeping import KeepingCommon


@tagged("post_install", "-at_install")
class TestNotes(KeepingCommon):
    """What asks for something."""

    def test_a_note_before_each_instalment(self):
        """Three days ahead, once, in the customer's words and with the day."""
        plan = self.agreed(self.bill)
        self.work_day(3)
        self.assertFalse(self.messages(plan))
        self.work_days(4, 7)
        self.assertEqual(self.messages(plan), [("plan_note", "sent")])
        note = self.received(self.ann)[-1]
        self.assertIn("January 12, 2026", note.html)
        self.assertEqual(
            self.case(self.ann).last_demand_date, START + timedelta(days=4)
        )
        self.paid(self.bill, 100)
        self.work_days(8, 14)
        self.assertEqual(len(self.messages(plan, "plan_note")), 2)

    def test_no_note_where_the_company_wants_none(self):
        self.company.sudo().ar_plan_notice_days = 0
        plan = self.agreed(self.bill)
        self.work_days(4, 8)
        self.assertFalse(self.messages(plan))

    def test_skipped_when_there_was_no_day_for_it(self):
        """Somebody was spoken with just before: on the day itself it is too late."""
        self.policy.min_gap_days = 7
        plan = self.agreed(self.bill)
        self.travel(3)
        self.env["ar.contact.log"].create(
            {"case_id": self.case(self.ann).id, "outcome": "reached", "summary": "Hi"}
        )
        self.work_days(3, 9)
        self.assertFalse(self.messages(plan))
        self.work_day(11)
        self.assertEqual(self.messages(plan), [("plan_late", "sent")])

    def test_paid_early_gets_no_note(self):
        plan = self.agreed(self.bill)
        self.travel(1)
        self.paid(self.bill, 100)
        self.work_days(2, 8)
        self.assertFalse(self.messages(plan))

    def test_late_is_said_once_and_tried_again(self):
        self.policy.min_gap_days = 7
        plan = self.agreed(self.bill)
        self.travel(5)
        self.env["ar.contact.log"].create(
            {"case_id": self.case(self.ann).id, "outcome": "reached", "summary": "Hi"}
        )
        self.work_day(11)
        self.assertFalse(self.messages(plan), "too soon after the conversation")
        self.work_days(12, 14)
        self.assertEqual(self.messages(plan), [("plan_late", "sent")])

    def test_dropped_by_a_person_is_not_made_again(self):
        self.company.sudo().ar_followup_mode = "review"
        plan = self.agreed(self.bill)
        self.work_day(11)
        self.assertEqual(self.messages(plan), [("plan_late", "to_review")])
        message = self.engine["ar.followup.reminder"].search(
            [("plan_id", "=", plan.id), ("kind", "=", "plan_late")]
        )
        message.with_user(self.collector).action_cancel()
        self.work_days(12, 14)
        self.assertEqual(self.messages(plan, "plan_late"), [("plan_late", "cancelled")])

    def test_in_review_a_person_sends_it(self):
        self.company.sudo().ar_followup_mode = "review"
        plan = self.agreed(self.bill)
        self.work_day(4)
        self.assertEqual(self.messages(plan), [("plan_note", "to_review")])
        self.engine["ar.followup.reminder"].search(
            [("plan_id", "=", plan.id), ("kind", "=", "plan_note")]
        ).with_user(self.collector).action_send()
        self.assertEqual(self.messages(plan), [("plan_note", "sent")])

    def test_in_review_too_long_it_is_not_sent_any_more(self):
        """A note that nobody read before the day came is no note."""
        self.policy.review_always = True
        plan = self.agreed(self.bill)
        self.work_day(4)
        self.work_day(7)
        self.assertEqual(self.messages(plan), [("plan_note", "cancelled")])
        message = self.engine["ar.followup.reminder"].search(
            [("plan_id", "=", plan.id), ("kind", "=", "plan_note")]
        )
        self.assertIn("day of the instalment", message.failure_reason)

    def test_one_message_for_a_customer_with_two_plans(self):
        second = self.invoice(self.ann, 90, due=-3)
        plans = [self.agreed(self.bill), self.agreed(second)]
        self.work_day(11)
        kinds = [kind for plan in plans for kind, _state in self.messages(plan)]
        self.assertEqual(kinds, ["plan_late"])

    def _queued(self, plan, kind="plan_late"):
        """A message that waits to be handed over."""
        self.engine["ar.payment.plan"]._make_plan_messages(
            kind, plan.sudo().line_ids[0].with_env(self.engine)
        )
        return self.engine["ar.followup.reminder"].search(
            [("plan_id", "=", plan.id), ("kind", "=", kind)]
        )

    def _hand_over(self, message):
        """The gate looks at it; whether its customer got a mail."""
        before = len(self.received(self.ann))
        message._leave() if hasattr(message, "_leave") else message._deliver()
        self.env.invalidate_all()
        return len(self.received(self.ann)) > before

    def test_the_gate_asks_again_paid_meanwhile(self):
        plan = self.agreed(self.bill)
        self.travel(11)
        message = self._queued(plan)
        self.pay(self.bill, 100)
        self.assertFalse(self._hand_over(message))
        self.assertEqual(message.state, "cancelled")
        self.assertIn("paid meanwhile", message.failure_reason)

    def test_the_gate_asks_again_no_longer_in_force(self):
        plan = self.agreed(self.bill)
        self.travel(11)
        message = self._queued(plan)
        plan.with_user(self.manager).action_cancel(note="They pay all at once.")
        self.assertFalse(self._hand_over(message))
        self.assertIn("not in force", message.failure_reason)

    def test_the_gate_asks_again_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        plan = self.agreed(self.bill)
        self.travel(4)
        message = self._queued(plan, "plan_note")
        said = []
        env_class = type(message)
        original = env_class._plan_moved_on

        def listens(self, *args):
            said.append(self.env.lang)
            return original(self, *args)

        self.patch(env_class, "_plan_moved_on", listens)
        self.travel(7)
        self.assertFalse(self._hand_over(message))
        self.assertEqual(set(said), {"fr_FR"})

    def test_never_twice(self):
        """Two ticks at once: the index stops the second, which goes on."""
        plan = self.agreed(self.bill)
        self.travel(11)
        message = self._queued(plan)
        self.assertEqual(len(self._queued(plan)), 1)
        line_class = type(self.env["ar.payment.plan.line"])
        # as if the other tick's message were not to be seen yet
        self.patch(line_class, "_written_about", lambda lines, _kind: lines.browse())
        with mute_logger("odoo.sql_db"):
            self.assertEqual(self._queued(plan), message)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
        ):
            message.copy({"state": "queued"})
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestThanks(KeepingCommon):
    """What only answers."""

    def test_thanks_for_each_where_the_policy_says_so(self):
        self.policy.plan_thanks = True
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 100)
        self.work_day()
        self.assertEqual(self.messages(plan), [("plan_paid", "sent")])
        self.assertEqual(self.case(self.ann).last_demand_date, False)
        self.travel(8)
        self.paid(self.bill, 100)
        self.paid(self.bill, 100)
        self.work_day()
        # not for the last: that one ends the plan
        self.assertEqual(
            self.messages(plan),
            [("plan_paid", "sent"), ("plan_paid", "sent"), ("plan_done", "sent")],
        )

    def test_by_default_only_at_the_end(self):
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 100)
        self.work_day()
        self.assertFalse(self.messages(plan, "plan_paid"))
        self.paid(self.bill)
        self.work_day()
        self.assertEqual(self.messages(plan, "plan_done"), [("plan_done", "sent")])

    def test_several_paid_at_once_are_thanked_for_once(self):
        self.policy.plan_thanks = True
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 200)
        self.work_day()
        self.assertEqual(self.messages(plan), [("plan_paid", "sent")])

    def test_not_again_after_a_payment_was_taken_back_and_came_again(self):
        self.policy.plan_thanks = True
        plan = self.agreed(self.bill)
        self.travel(7)
        payment = self.paid(self.bill, 100)
        self.work_day()
        payment.action_draft()
        payment.action_cancel()
        self.events()
        self.assertFalse(plan.line_ids[0].paid_on)
        self.paid(self.bill, 100)
        self.work_day()
        self.assertEqual(self.messages(plan), [("plan_paid", "sent")])

    def test_thanks_leave_also_where_follow_up_is_off(self):
        plan = self.agreed(self.bill)
        self.company.sudo().ar_followup_mode = "off"
        self.travel(7)
        self.paid(self.bill)
        self.work_day()
        self.assertEqual(self.messages(plan), [("plan_done", "sent")])

    def test_switched_on_later_it_thanks_for_nothing_old(self):
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 100)
        self.policy.plan_thanks = True
        self.work_days(8, 10)
        self.assertFalse(self.messages(plan, "plan_paid"))

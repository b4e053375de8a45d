"""Customers are merged: one case per company, nothing lost and nothing doubled."""

import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_events import EventsCommon, day


class MergeCommon(EventsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept, cls.gone = cls.customer("Kept"), cls.customer("Gone")
        cls.move_kept = cls.invoice(cls.kept, 100, due=0)
        cls.move_gone = cls.invoice(cls.gone, 200, due=0)

    def merge(self, *partners):
        """Merge contacts into the last of them, as an admin does."""
        dst = partners[-1]
        wizard = self.engine["base.partner.merge.automatic.wizard"]
        wizard._merge([partner.id for partner in partners], dst.with_env(self.engine))
        self.env.invalidate_all()
        return dst

    def contact(self, parent, **vals):
        """The contact of a customer who gets the reminders."""
        return self.env["res.partner"].create(
            {
                "name": f"Accounts of {parent.name}",
                "type": "followup",
                "email": f"accounts.{parent.email}",
                "parent_id": parent.id,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestMergeCustomers(MergeCommon):
    """Both customers have a case."""

    def setUp(self):
        super().setUp()
        self.work_day(3)
        self.case_kept, self.case_gone = self.case(self.kept), self.case(self.gone)
        self.cases = self.case_kept | self.case_gone

    def assertMerged(self):
        """One case, of the customer who stays; the other is gone."""
        case = self.engine["ar.followup.case"].search(
            [("partner_id", "in", (self.kept | self.gone).ids)]
        )
        self.assertEqual(len(case), 1)
        self.assertEqual(case.partner_id, self.kept)
        self.assertFalse(self.gone.exists())
        return case

    def test_items_keep_their_levels_and_climb_together(self):
        self.policy.message_cap = 0
        items = self.cases.item_ids
        self.merge(self.gone, self.kept)
        self.assertEqual(self.assertMerged(), self.case_kept)
        self.assertEqual(self.case_kept.item_ids, items)
        self.assertEqual(items.level_id, self.first)
        self.work_day(17)  # they had two messages, one each, on day 3
        second = self.reminders(self.kept, "sent")[-1]
        self.assertEqual(second.level_id, self.second)
        self.assertEqual(second.line_ids.item_id, items)
        self.assertEqual(len(self.received(self.kept)), 2)
        self.assertEqual(self.case_kept.amount_overdue, 300)

    def test_history_is_complete(self):
        reminders, logs = self.cases.reminder_ids, self.cases.contact_log_ids
        decisions = self.cases.decision_ids
        holds = self.hold(self.case_gone, self.item(self.move_gone)) | self.hold(
            self.case_kept
        )
        self.assertEqual((len(reminders), len(logs)), (2, 2))
        self.merge(self.gone, self.kept)
        case = self.assertMerged()
        self.assertEqual(case.reminder_ids, reminders)
        self.assertEqual(case.reminder_ids.partner_id, self.kept)
        self.assertEqual(case.contact_log_ids, logs)
        self.assertEqual(case.contact_log_ids.partner_id, self.kept)
        self.assertEqual(case.hold_ids, holds)
        self.assertLessEqual(decisions, case.decision_ids)
        self.assertEqual(case.decision_ids.partner_id, self.kept)
        self.work_day(14)
        self.assertEqual((case.state, case.reason), ("held", "paused"))

    def test_one_decision_is_in_force(self):
        self.merge(self.gone, self.kept)
        self.assertEqual(len(self.decision(self.kept)), 1)
        self.work_days(4, 14)
        self.assertEqual(len(self.decision(self.kept)), 1)
        rows = self.case_kept.decision_ids
        for at in map(day, range(4, 14)):
            covering = [
                row
                for row in rows
                if row.date_from <= at and (not row.date_to or at <= row.date_to)
            ]
            self.assertEqual(len(covering), 1, at)

    def test_the_chatter_is_complete(self):
        message = self.case_gone.message_post(
            body="They will call back",
            attachments=[("note.txt", b"Ask for Ann")],
        )
        attached = message.attachment_ids
        loose = self.engine["ir.attachment"].create(
            {
                "name": "contract.txt",
                "datas": base64.b64encode(b"Net 30"),
                "res_model": "ar.followup.case",
                "res_id": self.case_gone.id,
            }
        )
        self.case_gone.message_subscribe(self.manager.partner_id.ids)
        self.cases.message_subscribe(self.collector.partner_id.ids)
        scheduled = self.engine["mail.scheduled.message"].create(
            {
                "model": "ar.followup.case",
                "res_id": self.case_gone.id,
                "author_id": self.collector.partner_id.id,
                "body": "Thank you",
                "scheduled_date": fields.Datetime.now() + timedelta(days=2),
            }
        )
        sent = self.cases.message_ids
        self.merge(self.gone, self.kept)
        case = self.assertMerged()
        self.assertIn(message, case.message_ids)
        self.assertLessEqual(sent, case.message_ids)
        self.assertEqual(attached.raw, b"Ask for Ann")
        self.assertEqual((attached | loose).mapped("res_id"), [case.id, case.id])
        self.assertEqual(loose.raw, b"Net 30")
        self.assertEqual(scheduled.res_id, case.id)
        followers = case.message_partner_ids
        self.assertIn(self.manager.partner_id, followers)
        self.assertIn(self.collector.partner_id, followers)

    def test_activities_are_complete_done_ones_too(self):
        todo, done = (
            self.case_gone.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=user.id
            )
            for summary, user in (("Ask Ann", self.collector), ("Done", self.manager))
        )
        done.action_feedback(feedback="Did it")
        self.merge(self.gone, self.kept)
        case = self.assertMerged()
        self.assertEqual((todo | done).mapped("res_id"), [case.id, case.id])
        self.assertEqual(case.activity_ids, todo)
        self.assertFalse(done.active)

    def test_the_last_reminder_and_the_round_count(self):
        self.pay(self.move_gone)
        self.work_day(4)
        late = self.invoice(self.gone, due=0)
        self.first.repeat_after_days = 5
        self.work_day(9)
        self.assertEqual(self.case_gone.round, 2)
        self.assertGreater(
            self.case_gone.last_demand_date, self.case_kept.last_demand_date
        )
        self.case_gone.user_id = self.collector
        self.merge(self.gone, self.kept)
        case = self.assertMerged()
        self.assertEqual((case.round, case.last_demand_date), (2, day(9)))
        self.assertEqual(case.user_id, self.collector)
        self.assertEqual(case.opened_on, day(3))
        self.assertStands(late, self.first)

    def test_a_closed_case_that_gets_an_open_one_is_open(self):
        self.policy.message_cap = 0
        self.pay(self.move_kept)
        self.work_day(4)
        self.assertEqual(self.case_kept.state, "closed")
        self.merge(self.gone, self.kept)
        case = self.assertMerged()
        self.assertNotEqual(case.state, "closed")
        self.assertFalse(case.closed_on)
        self.work_day(17)
        self.assertEqual(self.reminders(self.kept, "sent")[-1].level_id, self.second)

    def test_marks_go_along_and_the_case_is_decided_anew(self):
        self.pay(self.move_gone)
        self.assertTrue(self.marks(self.gone))
        self.merge(self.gone, self.kept)
        self.assertTrue(self.marks(self.kept))
        self.work_day()
        case = self.assertMerged()
        self.assertEqual(case.amount_overdue, 100)
        self.assertFalse(self.marks(self.kept))

    def test_the_day_is_right_without_any_other_event(self):
        self.work_day()
        self.merge(self.gone, self.kept)
        self.work_day()
        self.assertEqual(self.assertMerged().amount_overdue, 300)

    def test_three_at_once(self):
        third = self.customer("Third")
        move = self.invoice(third, 400, due=0)
        self.work_day(4)
        self.merge(third, self.gone, self.kept)
        case = self.assertMerged()
        self.assertEqual(case.item_ids.move_id, self.move_kept | self.move_gone | move)
        self.work_day()
        self.assertEqual(case.amount_overdue, 700)


@tagged("post_install", "-at_install")
class TestMergeOneCase(MergeCommon):
    """Only customers who go have a case, or the case is in another company."""

    def test_the_case_goes_to_the_customer_who_stays(self):
        self.work_day(3)
        new = self.customer("New")
        case = self.case(self.gone)
        self.merge(self.gone, new)
        self.assertEqual(case.partner_id, new)
        self.work_day(14)
        self.assertSent(new, self.first, self.second)
        self.assertEqual(len(self.received(new)), 1)

    def test_two_cases_go_to_a_customer_without_one(self):
        self.work_day(3)
        new = self.customer("New")
        items = self.item(self.move_kept) | self.item(self.move_gone)
        self.merge(self.kept, self.gone, new)
        case = self.case(new)
        self.assertEqual(len(case), 1)
        self.assertEqual(case.item_ids, items)

    def test_each_company_keeps_its_own_case(self):
        other = self.env["res.company"].create({"name": "Sister"})
        Case = self.engine["ar.followup.case"]
        self.work_day(3)
        far = Case.create({"partner_id": self.gone.id, "company_id": other.id})
        near = self.case(self.kept)
        self.merge(self.gone, self.kept)
        self.assertEqual(Case.search([("partner_id", "=", self.kept.id)]), far | near)
        self.assertEqual(far.company_id, other)
        self.assertEqual(near.item_ids.move_id, self.move_kept | self.move_gone)


@tagged("post_install", "-at_install")
class TestMergeLive(MergeCommon):
    """Reminders are on their way to the contacts that are merged."""

    def assertOneAtMost(self):
        live = self.reminders(self.kept, "to_review", "queued", "sending", "unknown")
        self.assertLessEqual(len(live), 1)
        return live

    def test_both_wait_for_review(self):
        self.policy.review_always = True
        self.work_day(3)
        both = self.reminders(self.kept) | self.reminders(self.gone)
        self.assertEqual(both.mapped("state"), ["to_review", "to_review"])
        self.merge(self.gone, self.kept)
        self.assertEqual(self.case(self.kept).reminder_ids, both)
        self.assertOneAtMost()
        self.work_day(4)
        new = self.assertOneAtMost()
        self.assertEqual(sum(new.line_ids.mapped("amount_asked")), 300)
        self.assertTrue(all((both - new).mapped("failure_reason")))

    def test_both_are_queued(self):
        self.break_mail_server()
        self.work_day(3)
        both = self.reminders(self.kept) | self.reminders(self.gone)
        self.assertEqual(both.mapped("state"), ["queued", "queued"])
        self.merge(self.gone, self.kept)
        self.mend_mail_server()
        self.work_day()
        self.assertOneAtMost()
        self.assertLessEqual(len(self.sink.mails), 1)
        self.work_day(4)
        self.assertEqual(len(self.sink.mails), 1)
        sent = self.reminders(self.kept, "sent")
        self.assertEqual(sum(sent.line_ids.mapped("amount_asked")), 300)

    def test_nobody_knows_whether_either_left(self):
        self.policy.review_always = True
        self.work_day(3)
        both = self.reminders(self.kept) | self.reminders(self.gone)
        both._set_state("queued")
        both._set_state("sending")
        both._set_state("unknown")
        self.merge(self.gone, self.kept)
        open_, dropped = self.reminders(self.kept).sorted("state", reverse=True)
        self.assertEqual((open_.state, dropped.state), ("unknown", "cancelled"))
        self.assertTrue(dropped.failure_reason)
        self.work_day(4)
        case = self.case(self.kept)
        self.assertEqual((case.state, case.reason), ("todo", "unknown"))
        self.assertFalse(self.sink.mails)

    def test_unknown_wins_over_what_only_waits(self):
        self.policy.review_always = True
        self.work_day(3)
        unknown = self.reminders(self.gone)
        unknown._set_state("queued")
        unknown._set_state("sending")
        unknown._set_state("unknown")
        self.merge(self.gone, self.kept)
        self.assertEqual(self.assertOneAtMost(), unknown)

    def test_no_merge_while_a_mail_is_being_handed_over(self):
        self.policy.review_always = True
        self.work_day(3)
        reminder = self.reminders(self.gone)
        reminder._set_state("queued")
        reminder._set_state("sending")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.merge(self.gone, self.kept)
        self.assertTrue(self.gone.exists())
        self.assertEqual(reminder.state, "sending")

    def test_the_contacts_of_merged_customers_are_merged_in_turn(self):
        self.policy.review_always = True
        contacts = self.contact(self.kept) | self.contact(self.gone)
        self.work_day(3)
        both = self.reminders(self.kept) | self.reminders(self.gone)
        self.assertEqual(both.partner_id, contacts)
        self.merge(self.gone, self.kept)
        self.assertOneAtMost()
        self.merge(contacts[1], contacts[0])
        self.assertEqual(both.partner_id, contacts[0])
        self.work_day(4)
        self.assertEqual(self.assertOneAtMost().partner_id, contacts[0])


@tagged("post_install", "-at_install")
class TestMergeCalls(MergeCommon):
    """A call is to be made at the customers who are merged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.set_policy(
            levels=[
                *cls.plain((3, "friendly")),
                (
                    14,
                    "firm",
                    {
                        "send_email": False,
                        "activity_type_id": cls.env.ref(
                            "ar_followup_plus.mail_activity_type_call"
                        ).id,
                    },
                ),
            ],
            name="With a call",
        )
        cls.called = cls.policy.level_ids[1]

    def test_the_call_goes_along_and_its_step_counts(self):
        self.receivable(self.move_kept).date_maturity = day(9)
        self.work_days(3, 14)
        self.assertFalse(self.call(self.kept))
        self.assertTrue(self.call(self.gone))
        self.merge(self.gone, self.kept)
        self.assertEqual(len(self.call(self.kept)), 1)
        self.work_day(15)
        self.close_call(self.kept)
        self.assertStands(self.move_gone, self.called)

    def test_of_two_calls_one_is_left(self):
        self.work_days(3, 14)
        self.assertTrue(self.call(self.kept))
        self.assertTrue(self.call(self.gone))
        self.merge(self.gone, self.kept)
        self.assertEqual(len(self.call(self.kept)), 1)
        self.close_call(self.kept)
        self.assertStands(self.move_kept, self.called)
        self.assertStands(self.move_gone, self.called)

"""The activity that asks for an approval: how it ends, and how it is passed on."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import START
from .common_approval import APPROVAL, ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalActivity(ApprovalCommon):
    def test_it_ends_by_a_decision_alone(self):
        plan = self.submitted()
        todo = self.env.ref("mail.mail_activity_data_todo")
        admin = new_test_user(
            self.env,
            login="ar_admin",
            groups="base.group_system,account.group_account_manager",
            company_id=self.company.id,
        )
        for user in (self.manager, self.collector, admin):
            activity = self.asked(plan).with_user(user)
            for act in (
                lambda own: own.action_done(),
                lambda own: own.action_done_schedule_next(),
                lambda own: own.action_feedback(feedback="Yes"),
                lambda own: own.action_feedback_schedule_next(),
                lambda own: own.action_done_redirect_to_other(),
                lambda own: own.action_cancel(),
                lambda own: own.action_archive(),
                lambda own: own.action_reschedule_tomorrow(),
                lambda own: own.unlink(),
                lambda own: own.write({"user_id": self.second.id}),
                lambda own: own.write({"activity_type_id": todo.id}),
                lambda own: own.write({"note": "Another amount"}),
            ):
                with (
                    self.subTest(user=user.login),
                    self.assertRaisesRegex(UserError, "“Approve” or “Refuse”"),
                    self.env.cr.savepoint(),
                ):
                    act(activity)
        for act in (
            lambda own: own.activity_feedback([APPROVAL]),
            lambda own: own.activity_unlink([APPROVAL]),
            lambda own: own.activity_reschedule([APPROVAL], new_user_id=admin.id),
        ):
            with self.assertRaisesRegex(UserError, "“Approve” or “Refuse”"):
                act(plan.with_user(self.manager))
        self.assertEqual(self.asked(plan).user_id, self.manager)
        self.assertEqual(plan.state, "to_approve")

    def test_nobody_makes_one_by_hand(self):
        plan = self.plan()
        with self.assertRaisesRegex(UserError, "button “Submit for Approval”"):
            plan.activity_schedule(APPROVAL, user_id=self.manager.id)
        todo = plan.activity_schedule("mail.mail_activity_data_todo")
        with self.assertRaisesRegex(UserError, "button “Submit for Approval”"):
            todo.activity_type_id = self.env.ref(APPROVAL)

    def test_nobody_is_offered_to_make_one(self):
        for model in ("mail.activity", "mail.activity.schedule"):
            field = self.env[model].fields_get(["activity_type_id"])["activity_type_id"]
            domain = safe_eval(field["domain"], {"res_model": "ar.payment.plan"})
            offered = self.env["mail.activity.type"].search(domain)
            self.assertNotIn(self.env.ref(APPROVAL), offered)
            self.assertIn(self.env.ref("mail.mail_activity_data_todo"), offered)

    def test_other_activities_are_free(self):
        plan = self.submitted()
        activity = plan.activity_schedule("mail.mail_activity_data_todo")
        activity.summary = "Ask again"
        activity.action_feedback(feedback="Done")
        self.assertFalse(activity.active)

    def test_the_type_stays(self):
        with self.assertRaises(UserError):
            self.env.ref(APPROVAL).unlink()

    def test_what_the_client_is_told(self):
        plan = self.submitted()
        todo = plan.activity_schedule("mail.mail_activity_data_todo")

        def told(user, activity):
            found = activity.with_user(user).activity_format()["mail.activity"]
            return found[0]["ar_approval"]

        self.assertFalse(told(self.manager, todo))
        activity = self.asked(plan)
        self.assertEqual(
            told(self.manager, activity),
            {
                "can_approve": True,
                "hint": "",
                "fingerprint": plan.approval_fingerprint,
            },
        )
        waiting = told(self.collector, activity)
        self.assertFalse(waiting["can_approve"])
        self.assertIn("approver", waiting["hint"])


@tagged("post_install", "-at_install")
class TestPassOn(ApprovalCommon):
    def pass_on(self, day):
        self.travel(day)
        self.engine["ar.payment.plan"]._pass_on(self.company, self.company._ar_today())

    def test_after_two_working_days_the_others_are_asked_once(self):
        plan = self.submitted()  # on a Monday
        self.pass_on(1)
        self.assertEqual(self.asked(plan).user_id, self.manager)
        self.pass_on(2)
        self.assertEqual(self.asked(plan).user_id, self.manager + self.second)
        self.assertEqual(plan.approval_passed_on, START + timedelta(days=2))
        self.assertIn("Also asked: Sam Second", self.notes(plan)[0])
        notes = len(self.notes(plan))
        self.pass_on(3)
        self.assertEqual(len(self.asked(plan)), 2)
        self.assertEqual(len(self.notes(plan)), notes)
        plan.with_user(self.second).action_approve()
        self.assertFalse(self.asked(plan))

    def test_a_weekend_is_no_absence(self):
        self.travel(4)  # a Friday
        plan = self.submitted()
        self.pass_on(7)
        self.assertEqual(self.asked(plan).user_id, self.manager)
        self.pass_on(8)
        self.assertEqual(self.asked(plan).user_id, self.manager + self.second)

    def test_as_the_company_says(self):
        self.company.ar_approver_absent_days = 0
        plan = self.submitted()
        self.pass_on(20)
        self.assertEqual(self.asked(plan).user_id, self.manager)
        self.company.ar_approver_absent_days = 1
        self.pass_on(21)
        self.assertEqual(self.asked(plan).user_id, self.manager + self.second)

    def test_the_requester_is_not_asked(self):
        plan = self.submitted(self.second)
        self.pass_on(5)
        self.assertEqual(self.asked(plan).user_id, self.manager)

    def test_an_approver_who_left(self):
        plan = self.submitted()
        self.manager.with_env(self.engine).action_archive()
        self.assertFalse(self.asked(plan), "Odoo ends the activities of who leaves")
        self.pass_on(0)
        self.assertEqual(self.asked(plan).user_id, self.second)

    def test_many_at_once(self):
        """A batch needs no more queries for each than the activities themselves."""
        counts = []
        for number in (2, 8):
            bills = self.invoices([(self.ann, 100, -10)] * number)
            self.work_day(0)
            plans = self.env["ar.payment.plan"].with_user(self.collector)
            for bill in bills:
                plans |= self.plan(move_line_ids=self.receivable(bill).ids)
            plans.action_submit()
            self.travel(2)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.engine["ar.payment.plan"]._pass_on(
                self.company, self.company._ar_today()
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self.asked(plans[-1])), 2)
            self.travel(0)
            plans.with_user(self.manager).action_refuse("x")
        self.assertLessEqual(counts[1], counts[0] + 6)

"""Approval: who is asked, who decides, what is noted, and what nobody can do."""

import html
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import START, FollowupCommon

APPROVAL = "ar_followup_plus.mail_activity_type_approval"


class ApprovalCommon(FollowupCommon):
    """A customer with an overdue invoice; a manager and a second approver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(
            cls.env,
            login="ar_second",
            name="Sam Second",
            email="sam@seller.example",
            groups="ar_followup_plus.group_ar_approver,account.group_account_invoice",
            company_id=cls.company.id,
        )
        cls.ann = cls.customer("Ann")
        cls.bill = cls.invoice(cls.ann, 300, due=-10)
        cls.travel(START)
        cls.case_ann = cls.engine["ar.followup.case"].create(
            {"partner_id": cls.ann.id, "company_id": cls.company.id}
        )
        cls.engine["ar.followup.run"]._cron_run()
        # only these two approve here, whoever else the tests of Odoo bring along
        others = cls.company._ar_approvers() - cls.manager - cls.second
        others.with_env(cls.engine).active = False

    def setUp(self):
        super().setUp()
        self.sink.reset()

    def plan(self, user=None, **vals):
        """A draft over the invoice, as somebody proposes it."""
        Plan = self.env["ar.payment.plan"].with_user(user or self.collector)
        return Plan.create(
            {
                "case_id": self.case_ann.id,
                "move_line_ids": self.receivable(self.bill).ids,
                "installment_count": 3,
                "date_first": START + timedelta(days=20),
                **vals,
            }
        )

    def submitted(self, user=None, **vals):
        plan = self.plan(user, **vals)
        plan.action_submit()
        return plan

    def asked(self, plan, archived=False):
        """The activities that ask for the approval of a plan."""
        activities = self.engine["mail.activity"].with_context(active_test=not archived)
        return activities.search(
            [
                ("res_model", "=", plan._name),
                ("res_id", "=", plan.id),
                ("activity_type_id", "=", self.env.ref(APPROVAL).id),
            ]
        )

    def notes(self, plan):
        """What the chatter says of the plan's steps, newest first."""
        return [
            message.preview
            for message in plan.sudo().message_ids
            if message.message_type == "notification" and message.body
        ]

    def only_approver(self, user):
        others = self.company._ar_approvers() - user
        others.with_env(self.engine).active = False


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    def test_the_manager_is_asked_with_the_key_figures(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        plan = self.submitted()
        self.assertEqual(plan.state, "to_approve")
        self.assertEqual(plan.requested_by_id, self.collector)
        self.assertEqual(plan.requested_on, fields.Datetime.now())
        activity = self.asked(plan)
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.date_deadline, START)
        figures = plan.with_context(lang="fr_FR")._approval_key_figures()
        self.assertGreaterEqual(len(figures), 3)
        note = html.unescape(activity.note)
        for label, text in figures:
            self.assertIn(label, note)
            self.assertIn(text, note)
        self.assertIn("Carla Collector", activity.note)
        self.assertIn("Asked: Mona Manager", self.notes(plan)[0])

    def test_the_managers_of_the_company_stand_in_for_one_another(self):
        self.company.ar_manager_id = self.collector  # cannot approve
        self.assertEqual(
            self.asked(self.submitted()).user_id, self.manager + self.second
        )

    def test_who_requests_is_not_asked(self):
        plan = self.submitted(self.manager)
        self.assertEqual(self.asked(plan).user_id, self.second)

    def test_nobody_to_ask(self):
        self.only_approver(self.manager)
        plan = self.plan(self.manager)
        with self.assertRaisesRegex(UserError, "no approver other than you"):
            plan.action_submit()

    def test_approved(self):
        plan = self.submitted()
        plan.with_user(self.manager).action_approve()
        self.assertEqual(plan.state, "approved")
        self.assertEqual(plan.approved_by_id, self.manager)
        self.assertEqual(plan.approved_on, fields.Datetime.now())
        self.assertFalse(plan.is_self_approved)
        self.assertFalse(plan.approval_rule)
        self.assertFalse(self.asked(plan))
        self.assertEqual(self.asked(plan, archived=True).user_id, self.manager)
        self.assertIn("Approved", self.notes(plan)[0])
        message = plan.sudo().message_ids[0]
        self.assertEqual(message.author_id, self.manager.partner_id)
        self.assertTrue(message.is_internal)

    def test_refused_with_a_reason(self):
        plan = self.submitted()
        approver = plan.with_user(self.manager)
        for empty in ("", "  ", False):
            with self.assertRaisesRegex(UserError, "Say why"):
                approver.action_refuse(empty)
        self.assertEqual(plan.state, "to_approve")
        window = approver.action_refuse()
        self.assertEqual(plan.state, "to_approve", "the window only asks")
        self.env[window["res_model"]].with_user(self.manager).with_context(
            **window["context"]
        ).create({"reason": "Too long <b>for us</b>"}).action_refuse()
        self.assertEqual(plan.state, "draft")
        self.assertEqual(plan.refused_by_id, self.manager)
        self.assertEqual(plan.refused_on, fields.Datetime.now())
        self.assertEqual(plan.refusal_reason, "Too long <b>for us</b>")
        self.assertFalse(self.asked(plan))
        body = plan.sudo().message_ids[0].body
        self.assertIn("&lt;b&gt;for us", body, "text, not markup")
        # and again
        plan.action_submit()
        self.assertEqual(self.asked(plan).user_id, self.manager)

    def test_the_window_is_for_approvals_only(self):
        with self.assertRaises(ValidationError):
            self.env["ar.approval.refuse"].with_user(self.manager).create(
                {"res_model": "res.partner", "res_id": self.ann.id, "reason": "x"}
            )

    def test_the_requester_is_told_in_their_language(self):
        self.collector.notification_type = "inbox"
        for step, word in (
            (lambda plan: plan.action_approve(), "is approved"),
            (lambda plan: plan.action_refuse("Too long"), "Too long"),
            (lambda plan: plan.action_withdraw(), "draft"),
        ):
            plan = self.submitted()
            step(plan.with_user(self.manager))
            message = self.engine["mail.message"].search(
                [
                    ("model", "=", plan._name),
                    ("res_id", "=", plan.id),
                    ("message_type", "=", "user_notification"),
                ]
            )
            notified = message.sudo().notification_ids
            self.assertEqual(notified.res_partner_id, self.collector.partner_id)
            self.assertIn(word, message.subject + message.body)
            if plan.state == "approved":
                plan.sudo()._set_state("cancelled")

    def test_own_steps_are_not_told(self):
        plan = self.submitted()
        plan.action_withdraw()
        self.assertEqual(plan.state, "draft")
        self.assertFalse(
            self.engine["mail.message"].search_count(
                [
                    ("model", "=", plan._name),
                    ("res_id", "=", plan.id),
                    ("message_type", "=", "user_notification"),
                ]
            )
        )

    def test_who_withdraws(self):
        plan = self.submitted()
        colleague = new_test_user(
            self.env,
            login="ar_colleague",
            groups="ar_followup_plus.group_ar_collector,account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaisesRegex(AccessError, "Ask Carla Collector"):
            plan.with_user(colleague).action_withdraw()
        plan.with_user(self.second).action_withdraw()
        self.assertEqual(plan.state, "draft")
        self.assertFalse(self.asked(plan))
        with self.assertRaisesRegex(UserError, "does not wait"):
            plan.action_withdraw()

    def test_what_does_not_wait_is_not_decided(self):
        plan = self.plan()
        for decide in (
            lambda plan: plan.action_approve(),
            lambda plan: plan.action_refuse("x"),
        ):
            with self.assertRaisesRegex(UserError, "does not wait"):
                decide(plan.with_user(self.manager))
        plan.action_submit()
        with self.assertRaisesRegex(UserError, "no draft"):
            plan.action_submit()

    def test_the_view_knows_who_may(self):
        plan = self.submitted()
        self.assertTrue(plan.with_user(self.manager).can_approve)
        self.assertFalse(plan.with_user(self.manager).approval_hint)
        self.assertFalse(plan.can_approve)
        self.assertIn("approver of the company", plan.approval_hint)
        own = self.plan(self.second, date_first=START + timedelta(days=9))
        plan.with_user(self.manager).action_refuse("Another one comes")
        own.action_submit()
        self.assertFalse(own.can_approve)
        self.assertIn("other than you", own.approval_hint)
        own.with_user(self.manager).action_approve()
        self.assertFalse(own.with_user(self.manager).can_approve)
        self.assertFalse(own.with_user(self.manager).approval_hint)


@tagged("post_install", "-at_install")
class TestFourEyes(ApprovalCommon):
    def test_nobody_approves_their_own(self):
        for user in (self.manager, self.second):
            plan = self.submitted(user)
            with self.assertRaisesRegex(AccessError, "other than you"):
                plan.action_approve()
            with self.assertRaisesRegex(AccessError, "other than you"):
                plan.sudo().action_approve()
            self.assertEqual(plan.state, "to_approve")
            plan.action_withdraw()

    def test_a_collector_approves_nothing(self):
        plan = self.submitted()
        for decide in (
            lambda: plan.action_approve(),
            lambda: plan.action_refuse(),
            lambda: plan.action_refuse("x"),
        ):
            with self.assertRaisesRegex(AccessError, "by an approver"):
                decide()

    def test_whoever_changes_the_figures_requests(self):
        plan = self.plan()
        plan.with_user(self.manager).installment_count = 2
        self.assertEqual(plan.requested_by_id, self.manager)
        plan = self.submitted()
        plan.with_user(self.manager).action_withdraw()
        plan.with_user(self.manager).installment_count = 2
        plan.with_user(self.manager).action_submit()
        with self.assertRaisesRegex(AccessError, "other than you"):
            plan.with_user(self.manager).action_approve()
        self.assertEqual(self.asked(plan).user_id, self.second)

    def test_an_approver_of_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.second.sudo().write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        plan = self.submitted()
        for records in (
            plan.with_user(self.second),
            plan.with_user(self.second).sudo(),
        ):
            with self.assertRaises(AccessError):
                records.action_approve()

    def test_only_what_was_seen_is_approved(self):
        plan = self.submitted()
        seen = plan.approval_fingerprint
        approver = plan.with_user(self.manager)
        plan.action_withdraw()
        plan.installment_count = 6
        plan.action_submit()
        for stale in (
            lambda: approver.action_approve(seen),
            lambda: approver.action_approve(fingerprint=""),
            lambda: approver.with_context(approval_fingerprint=seen).action_approve(),
        ):
            with self.assertRaisesRegex(UserError, "changed since"):
                stale()
        self.assertEqual(plan.state, "to_approve")
        approver.action_approve(plan.approval_fingerprint)
        self.assertEqual(plan.state, "approved")

    def test_what_was_changed_underneath_is_not_approved(self):
        plan = self.submitted()
        plan.sudo().line_ids[0].date_due += timedelta(days=1)
        with self.assertRaisesRegex(UserError, "changed since"):
            plan.with_user(self.manager).action_approve()

    def test_an_approval_by_rule_says_which(self):
        plan = self.plan()
        rule = "At most 3 instalments, widened by Mona"
        self.patch(type(plan), "_rule_that_approves", lambda self: rule)
        plan.action_submit()
        self.assertEqual(plan.state, "approved")
        self.assertEqual(plan.approval_rule, rule)
        self.assertFalse(plan.approved_by_id)
        self.assertTrue(plan.approved_on)
        self.assertFalse(self.asked(plan))
        self.assertIn(rule, self.notes(plan)[0])


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
                    self.assertRaisesRegex(UserError, "Approve or Refuse"),
                    self.env.cr.savepoint(),
                ):
                    act(activity)
        for act in (
            lambda own: own.activity_feedback([APPROVAL]),
            lambda own: own.activity_unlink([APPROVAL]),
            lambda own: own.activity_reschedule([APPROVAL], new_user_id=admin.id),
        ):
            with self.assertRaisesRegex(UserError, "Approve or Refuse"):
                act(plan.with_user(self.manager))
        self.assertEqual(self.asked(plan).user_id, self.manager)
        self.assertEqual(plan.state, "to_approve")

    def test_nobody_makes_one_by_hand(self):
        plan = self.plan()
        with self.assertRaisesRegex(UserError, "button Submit"):
            plan.activity_schedule(APPROVAL, user_id=self.manager.id)
        todo = plan.activity_schedule("mail.mail_activity_data_todo")
        with self.assertRaisesRegex(UserError, "button Submit"):
            todo.activity_type_id = self.env.ref(APPROVAL)

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


@tagged("post_install", "-at_install")
class TestApprovalSettings(ApprovalCommon):
    def setUp(self):
        super().setUp()
        self.admin = self.manager
        self.admin.sudo().group_ids += self.env.ref("base.group_erp_manager")
        self.as_admin = self.company.with_user(self.admin)

    def company_notes(self):
        return [
            str(message.body)
            for message in self.company.partner_id.message_ids
            if message.message_type == "notification"
        ]

    def test_own_requests_need_a_single_approver(self):
        self.assertFalse(self.company.ar_approve_own)
        with self.assertRaisesRegex(UserError, "there are 2 approvers"):
            self.as_admin.ar_approve_own = True

    def test_own_requests_of_the_only_approver(self):
        self.only_approver(self.manager)
        self.as_admin.ar_approve_own = True
        self.assertEqual(self.company.ar_approve_own_by_id, self.admin)
        self.assertEqual(self.company.ar_approve_own_on, fields.Datetime.now())
        self.assertIn("switched on", self.company_notes()[0])
        plan = self.submitted(self.manager)
        self.assertEqual(self.asked(plan).user_id, self.manager)
        plan.action_approve()
        self.assertEqual(plan.state, "approved")
        self.assertTrue(plan.is_self_approved)
        self.assertIn("no other approver", self.notes(plan)[0])
        self.assertIn(f'data-oe-id="{plan.id}"', self.company_notes()[0])
        # what others request is not their own
        plan.sudo()._set_state("cancelled")
        theirs = self.submitted()
        theirs.with_user(self.manager).action_approve()
        self.assertFalse(theirs.is_self_approved)

    def test_the_page_offers_it_to_the_only_approver(self):
        def page():
            return Form(self.env["res.config.settings"].with_user(self.admin))

        self.admin.sudo().group_ids += self.env.ref("base.group_system")
        self.company.tax_exigibility = True  # else the page complains of taxes
        with self.assertRaisesRegex(AssertionError, "invisible"):
            page().ar_approve_own = True
        self.only_approver(self.manager)
        settings = page()
        settings.ar_approve_own = True
        settings.save().execute()
        self.assertTrue(self.company.ar_approve_own)
        self.assertEqual(page().ar_approve_own_by_id, self.admin)

    def test_without_the_setting_the_only_approver_waits(self):
        self.only_approver(self.manager)
        plan = self.submitted()
        plan.sudo().requested_by_id = self.manager
        with self.assertRaises(AccessError):
            plan.with_user(self.manager).action_approve()

    def test_a_second_approver_ends_it(self):
        self.only_approver(self.manager)
        self.as_admin.ar_approve_own = True
        plan = self.submitted(self.manager)
        self.second.with_env(self.engine).active = True
        with self.assertRaisesRegex(AccessError, "other than you"):
            plan.action_approve()
        # and it can be switched off
        self.travel(1)
        self.as_admin.ar_approve_own = False
        self.assertEqual(self.company.ar_approve_own_on, fields.Datetime.now())
        self.assertIn("switched off", self.company_notes()[0])

    def test_saving_what_is_set_already_is_no_switch(self):
        self.company.sudo().ar_approve_own = True
        notes = len(self.company_notes())
        self.as_admin.ar_approve_own = True
        self.assertEqual(len(self.company_notes()), notes)

    def test_who_widens_the_envelope_is_noted(self):
        self.as_admin.write(
            {
                "ar_plan_auto_installments": 2,
                "ar_plan_auto_days": 40,
                "ar_plan_auto_amount": 500,
            }
        )
        self.assertEqual(self.company.ar_plan_auto_by_id, self.admin)
        self.assertEqual(self.company.ar_plan_auto_on, fields.Datetime.now())
        self.assertRegex(self.company_notes()[0], "2 instalments, 40 days and .*500")
        widened, notes = self.company.ar_plan_auto_on, len(self.company_notes())
        self.travel(1)
        self.as_admin.ar_plan_auto_days = 20
        self.assertEqual(self.company.ar_plan_auto_on, widened, "narrower is no news")
        self.as_admin.write({"ar_plan_auto_days": 10, "ar_plan_auto_amount": 501})
        self.assertEqual(self.company.ar_plan_auto_on, fields.Datetime.now())
        self.assertEqual(len(self.company_notes()), notes + 1)

    def test_who_switched_is_not_for_anybody_to_say(self):
        for name in ("ar_approve_own_by_id", "ar_plan_auto_by_id"):
            with self.assertRaisesRegex(AccessError, "noted by the server"):
                self.as_admin.write({name: self.second.id})
            Company = self.env["res.company"].with_user(self.env.ref("base.user_admin"))
            with self.assertRaisesRegex(AccessError, "noted by the server"):
                Company.create({"name": "Other", name: self.second.id})

    def test_negative_numbers(self):
        for name in (
            "ar_approver_absent_days",
            "ar_plan_offer_days",
            "ar_plan_auto_amount",
        ):
            with (
                self.subTest(name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.as_admin[name] = -1
                self.env.flush_all()

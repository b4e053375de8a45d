"""Approval: who is asked, who decides, and what is noted."""

import html
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import START
from .common_approval import ApprovalCommon


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
        with self.assertRaisesRegex(AccessError, "by Carla Collector"):
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
        plan.with_user(self.manager).action_refuse("Another one comes")
        own = self.submitted(self.second, date_first=START + timedelta(days=9))
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

    def test_the_page_says_what_was_seen(self):
        arch = self.env["ar.payment.plan"].get_view(view_type="form")["arch"]
        (button,) = etree.fromstring(arch).xpath("//button[@name='action_approve']")
        self.assertEqual(
            button.get("context"), "{'approval_fingerprint': approval_fingerprint}"
        )

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

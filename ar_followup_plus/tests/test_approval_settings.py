"""Settings of approval: own requests, plans without approval, and who switched them."""

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_approval import ApprovalCommon


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

    def test_limits_that_let_nothing_pass_are_no_news(self):
        """The page saves one after the other: only the last of them opens the way."""
        notes = len(self.company_notes())
        for name, value in (
            ("ar_plan_auto_installments", 2),
            ("ar_plan_auto_days", 40),
            ("ar_plan_auto_amount", 500),
        ):
            self.assertEqual(len(self.company_notes()), notes)
            self.as_admin[name] = value
            self.assertEqual(self.company.ar_plan_auto_by_id, self.admin)
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

"""The Settings page: what an admin chooses there, and what it tells them."""

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FollowupCommon

FIELDS = (
    "ar_followup_mode",
    "ar_followup_policy_id",
    "ar_followup_start_date",
    "ar_followup_hour",
    "ar_daily_limit",
    "ar_attachment_max",
    "ar_attachment_mb_max",
    "ar_manager_id",
    "ar_default_user_id",
    "ar_reply_pause_days",
    "ar_approver_absent_days",
    "ar_plan_approval_days",
    "ar_plan_grace_days",
    "ar_plan_notice_days",
    "ar_plan_offer_days",
    "ar_plan_auto_installments",
    "ar_plan_auto_days",
    "ar_plan_auto_amount",
    "ar_call_overdue_days",
    "ar_copy_manager",
    "ar_verify_first_invoice",
)


@tagged("post_install", "-at_install")
class TestSettings(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env,
            login="ar_settings_admin",
            groups="base.group_system,account.group_account_manager",
            company_id=cls.company.id,
        )
        # else the page complains of the test company's taxes
        cls.company.tax_exigibility = True

    def page(self):
        """The page as the admin sees it."""
        return Form(self.env["res.config.settings"].with_user(self.admin))

    def install_beside(self, name, title):
        """As if this addon were installed, too."""
        Module = self.env["ir.module.module"]
        module = Module.search([("name", "=", name)]) or Module.create({"name": name})
        module.write({"state": "installed", "shortdesc": title})
        return module

    def test_every_setting_is_on_the_page_and_reaches_the_company(self):
        policy = self.env["ar.followup.policy"].create({"name": "Gentle"})
        other = self.env["res.company"].create({"name": "Other"})
        before = {name: other[name] for name in FIELDS}
        values = {
            "ar_followup_mode": "review",
            "ar_followup_policy_id": policy,
            "ar_followup_start_date": "2026-01-01",
            "ar_followup_hour": 6,
            "ar_daily_limit": 40,
            "ar_attachment_max": 3,
            "ar_attachment_mb_max": 2,
            "ar_manager_id": self.collector,
            "ar_default_user_id": self.manager,
            "ar_reply_pause_days": 3,
            "ar_approver_absent_days": 4,
            "ar_plan_approval_days": 6,
            "ar_plan_grace_days": 9,
            "ar_plan_notice_days": 2,
            "ar_plan_offer_days": 21,
            "ar_plan_auto_installments": 2,
            "ar_plan_auto_days": 40,
            "ar_plan_auto_amount": 500.0,
            "ar_call_overdue_days": 8,
            "ar_copy_manager": False,
            "ar_verify_first_invoice": True,
        }
        self.assertEqual(set(values), set(FIELDS))
        page = self.page()
        for name, value in values.items():
            setattr(page, name, value)
        page.save().execute()
        for name, value in values.items():
            found = self.company[name]
            self.assertEqual(str(found), str(value), name)
        self.assertEqual({name: other[name] for name in FIELDS}, before)

    def test_the_page_shows_what_is_chosen(self):
        page = self.page()
        self.assertEqual(page.ar_followup_mode, "automatic")
        self.assertEqual(page.ar_followup_policy_id, self.policy)
        self.assertEqual(page.ar_followup_hour, 8)
        self.assertEqual(page.ar_manager_id, self.manager)
        self.assertFalse(page.ar_followup_conflict)

    def test_the_batch_size_is_for_all_companies(self):
        """A parameter, as other technical sizes are; nonsense in it stops nobody."""
        page = self.page()
        self.assertEqual(page.ar_batch_size, 100)
        page.ar_batch_size = 20
        page.save().execute()
        self.assertEqual(self.page().ar_batch_size, 20)
        Company = self.env["res.company"].with_user(self.collector)
        self.assertEqual(Company._ar_batch_size(), 20)
        parameters = self.env["ir.config_parameter"]
        for nonsense in ("0", "-5", "many"):
            parameters.set_param("ar_followup_plus.batch_size", nonsense)
            self.assertEqual(Company._ar_batch_size(), 100)

    def test_the_page_shows_whose_clock_counts(self):
        self.company.partner_id.tz = "Europe/Brussels"
        self.assertEqual(self.page().ar_followup_timezone, "Europe/Brussels")
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "America/Lima"
        self.assertEqual(self.page().ar_followup_timezone, "America/Lima")
        self.company.resource_calendar_id = False
        self.assertEqual(self.page().ar_followup_timezone, "UTC")

    def test_the_clock_can_be_changed_there(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        page = self.page()
        page.ar_followup_hour = 7
        page.save().execute()
        self.assertFalse(self.company.partner_id.tz, "nobody chose another one")
        page = self.page()
        page.ar_followup_timezone = "Europe/Lisbon"
        page.save().execute()
        self.assertEqual(str(self.company._ar_timezone()), "Europe/Lisbon")

    def test_the_page_shows_who_sends(self):
        """The same whose name is in the From of a customer's reminder."""
        self.assertEqual(
            self.page().ar_followup_sender, '"Carla Collector" <carla@seller.example>'
        )
        for day, setting, sender in (
            (1, "ar_default_user_id", "mona@seller.example"),
            (2, "ar_manager_id", "office@seller.example"),
        ):
            self.company[setting] = False
            self.assertIn(sender, self.page().ar_followup_sender)
            partner = self.customer(f"Customer {day}")
            self.invoice(partner, due=-10)
            self.work_day(day)
            (mail,) = self.received(partner)
            self.assertIn(sender, mail.message["From"])
        self.company.partner_id.email = False
        page = self.page()
        self.assertFalse(page.ar_followup_sender)
        page.ar_default_user_id = self.collector
        self.assertIn("carla@", page.ar_followup_sender, "before it is saved")

    def test_every_setting_has_a_sentence_of_help(self):
        Settings = self.env["res.config.settings"].with_user(self.admin)
        arch = etree.fromstring(Settings.get_view(view_type="form")["arch"])
        blocks = "//block[@id='ar_followup_settings' or @id='ar_agreement_settings']"
        settings = arch.xpath(f"{blocks}//setting")
        shown = {field.get("name") for field in arch.xpath(f"{blocks}//setting//field")}
        self.assertLessEqual(set(FIELDS), shown)
        for setting in settings:
            with self.subTest(setting=setting.get("id")):
                self.assertRegex(setting.get("help"), r"^[A-Z].{30,}\.$")
                shared = setting.get("id") == "ar_batch_size"
                self.assertEqual(not shared, bool(setting.get("company_dependent")))
                self.assertTrue(setting.get("string"))

    def test_a_rival_addon_keeps_follow_up_off_and_the_page_says_why(self):
        self.company.ar_followup_mode = "off"
        for name, title in (
            ("account_followup", "Payment Follow-up Management"),
            ("account_credit_control", "Account Credit Control"),
        ):
            module = self.install_beside(name, title)
            page = self.page()
            self.assertIn(title, page.ar_followup_conflict)
            for mode in ("review", "automatic"):
                page.ar_followup_mode = mode
                with (
                    self.subTest(name=name, mode=mode),
                    self.assertRaisesRegex(UserError, f"stays off while {title}"),
                    self.env.cr.savepoint(),
                ):
                    page.save().execute()
            self.assertEqual(self.company.ar_followup_mode, "off")
            module.state = "uninstalled"

    def test_with_a_rival_the_other_settings_are_saved(self):
        """One that came later is shown, but locks nobody out of the page."""
        self.install_beside("account_followup", "Payment Follow-up Management")
        page = self.page()
        self.assertIn("Payment Follow-up Management", page.ar_followup_conflict)
        page.ar_followup_hour = 7
        page.save().execute()
        self.assertEqual(self.company.ar_followup_hour, 7)
        page = self.page()
        page.ar_followup_mode = "off"
        page.save().execute()
        self.assertEqual(self.company.ar_followup_mode, "off")

    def test_a_rival_that_comes_later_stops_the_day(self):
        """It does not ask us before it is installed, so the tick looks, too."""
        partner = self.customer("Ann")
        self.invoice(partner)
        self.install_beside("account_followup", "Payment Follow-up Management")
        self.work_day(4)
        self.assertFalse(self.case(partner))
        self.assertFalse(self.received(partner))

    def test_a_rival_that_comes_later_stops_what_was_prepared(self):
        self.company.ar_followup_mode = "review"
        partner = self.customer("Ann")
        self.invoice(partner)
        self.work_day(4)
        reminder = self.reminders(partner, "to_review")
        self.assertTrue(reminder)
        self.install_beside("account_followup", "Payment Follow-up Management")
        reminder.with_user(self.collector).action_send()
        self.assertFalse(self.received(partner))

    def test_wrong_settings_are_refused(self):
        for name, value in (
            ("ar_followup_hour", 24),
            ("ar_followup_hour", -1),
            ("ar_daily_limit", -1),
            ("ar_attachment_max", -1),
            ("ar_attachment_mb_max", -1),
            ("ar_batch_size", 0),
            ("ar_approver_absent_days", -1),
            ("ar_plan_approval_days", -1),
            ("ar_plan_grace_days", -1),
            ("ar_plan_notice_days", -1),
            ("ar_plan_offer_days", -1),
            ("ar_plan_auto_installments", -1),
            ("ar_plan_auto_days", -1),
            ("ar_plan_auto_amount", -1),
        ):
            page = self.page()
            setattr(page, name, value)
            with (
                self.subTest(name=name, value=value),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                page.save().execute()
                self.env.flush_all()

"""Start: who may, what it costs, and automatic mode only with open eyes."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_events import day
from .common_start import StartCommon
from .rpc import READERS, STRANGERS, RpcCommon

NOT_SEEN = "open a preview of today"


@tagged("post_install", "-at_install")
class TestAutomaticMode(StartCommon):
    """Automatic mode is switched on only after a preview was opened that day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who may also change companies by hand
        cls.boss = new_test_user(
            cls.env,
            login="ar_start_boss",
            groups="base.group_system,account.group_account_manager",
            company_id=cls.company.id,
        )

    def automatic(self, **vals):
        self.company.with_user(self.boss).write(
            {"ar_followup_mode": "automatic", **vals}
        )

    def assertNotYet(self):
        with self.assertRaisesRegex(UserError, NOT_SEEN), self.env.cr.savepoint():
            self.automatic()
        self.company.invalidate_recordset()
        self.assertEqual(self.company.ar_followup_mode, "off")

    def test_after_a_preview(self):
        self.assertNotYet()
        self.preview(day(0))
        self.automatic()
        self.assertEqual(self.company.ar_followup_mode, "automatic")

    def test_the_preview_of_another_day(self):
        self.preview(day(1))
        self.assertNotYet()
        # made before today, also when it was of today
        self.travel(1)
        self.assertNotYet()

    def test_on_the_companys_clock(self):
        """At noon UTC it is the next day in Auckland, from eleven on."""
        self.company.partner_id.tz = "Pacific/Auckland"
        self.travel(0, hour=10)
        self.preview(day(0))
        self.automatic()
        self.company.sudo().ar_followup_mode = "off"
        self.travel(0, hour=12)
        self.assertNotYet()
        self.preview(day(1))
        self.automatic()

    def test_an_unfinished_preview(self):
        run = self.engine["ar.followup.run"].create(
            {"company_id": self.company.id, "date": day(0), "is_preview": True}
        )
        self.assertNotYet()
        run.state = "failed"
        self.assertNotYet()

    def test_the_preview_of_another_company(self):
        sister = self.setup_other_company(name="The Sister")["company"]
        self.engine["ar.followup.run"].create(
            {"company_id": sister.id, "date": day(0), "is_preview": True}
        ).action_run()
        self.assertNotYet()
        self.boss.company_ids |= sister
        both = (self.company | sister).with_user(self.boss)
        with self.assertRaisesRegex(UserError, "for The Seller"):
            both.write({"ar_followup_mode": "automatic"})
        sister.with_user(self.boss).ar_followup_mode = "automatic"

    def test_a_new_company(self):
        Company = self.env["res.company"].with_user(self.boss)
        with self.assertRaisesRegex(UserError, NOT_SEEN), self.env.cr.savepoint():
            Company.create({"name": "Rash", "ar_followup_mode": "automatic"})
        with self.assertRaisesRegex(UserError, NOT_SEEN), self.env.cr.savepoint():
            Company.with_context(default_ar_followup_mode="automatic").create(
                {"name": "Rash"}
            )
        Company.create({"name": "Calm"})

    def test_the_settings_page(self):
        self.company.tax_exigibility = True
        page = Form(self.env["res.config.settings"].with_user(self.boss))
        page.ar_followup_mode = "automatic"
        with self.assertRaisesRegex(UserError, NOT_SEEN), self.env.cr.savepoint():
            page.save().execute()
        self.preview(day(0))
        page.save().execute()
        self.assertEqual(self.company.ar_followup_mode, "automatic")

    def test_what_is_automatic_already_is_not_asked(self):
        self.company.sudo().ar_followup_mode = "automatic"
        self.automatic(ar_followup_hour=9)
        self.assertEqual(self.company.ar_followup_hour, 9)

    def test_other_modes_are_free(self):
        company = self.company.with_user(self.boss)
        for mode in ("review", "off"):
            company.ar_followup_mode = mode
            self.assertEqual(self.company.ar_followup_mode, mode)

    def test_code_that_acts_as_superuser(self):
        """The same switch is refused to the user and free for code."""
        self.assertNotYet()
        self.company.sudo().ar_followup_mode = "automatic"
        self.assertEqual(self.company.ar_followup_mode, "automatic")


@tagged("post_install", "-at_install")
class TestStartRights(RpcCommon):
    ACTIONS = (
        "action_apply",
        "action_back",
        "action_download",
        "action_finish",
        "action_next",
        "action_open_credits",
        "action_open_preview",
        "action_open_undated",
    )

    def test_only_the_admin_starts(self):
        self.act_as("admin")
        (start,) = self.rpc("ar.followup.start", "create", [{}])
        for role in (*READERS, *STRANGERS):
            if role == "admin":
                continue
            self.act_as(role)
            for model in ("ar.followup.start", "ar.followup.start.line"):
                for method, args in (
                    ("create", [[{}]]),
                    ("read", [[start]]),
                    ("onchange", [[], {}, [], {"display_name": {}}]),
                ):
                    with self.subTest(role=role, model=model, method=method):
                        self.assertRefused(".", model, method, *args)
            for action in self.ACTIONS:
                with self.subTest(role=role, action=action):
                    self.assertRefused(".", "ar.followup.start", action, [start])
        self.act_as("admin")
        self.assertEqual(
            self.rpc("ar.followup.start", "read", [start], ["step"])[0]["step"], "owed"
        )

    def test_the_admin_goes_through(self):
        self.act_as("admin")
        (start,) = self.rpc("ar.followup.start", "create", [{}])
        for action in ("action_next",) * 2 + ("action_apply", "action_finish"):
            self.rpc("ar.followup.start", action, [start])
        models = [
            self.rpc("ar.followup.start", action, [start])["res_model"]
            for action in self.ACTIONS[-3:]
        ]
        self.assertEqual(
            models, ["account.move.line", "ar.followup.run", "account.move.line"]
        )
        (row,) = self.rpc("ar.followup.start", "read", [start], ["step", "preview_id"])
        self.assertEqual(row["step"], "mode")
        preview = self.env["ar.followup.run"].browse(row["preview_id"][0])
        self.assertTrue(preview.is_preview)
        self.assertEqual(preview.state, "done")

    def test_the_list_can_be_fetched(self):
        bill = self.invoice(self.customer("Ben"))
        self.act_as("admin")
        (start,) = self.rpc(
            "ar.followup.start", "create", [{"start_date": str(day(10))}]
        )
        window = self.rpc("ar.followup.start", "action_download", [start])
        answer = self.url_open(window["url"])
        self.assertIn(f",{bill.name},Ben,", answer.content.decode("utf-8-sig"))

    def test_nobody_goes_on_with_anothers(self):
        self.act_as("admin")
        (start,) = self.rpc("ar.followup.start", "create", [{}])
        self.people["second"] = new_test_user(
            self.env,
            login="ar_second_rpc",
            groups="account.group_account_manager",
            company_id=self.company.id,
        )
        self.act_as("second")
        self.assertRefused(".", "ar.followup.start", "read", [start])
        self.assertRefused(".", "ar.followup.start", "action_next", [start])

    def test_is_released_is_the_engines(self):
        self.act_as("admin")
        item = self.rows["ar.followup.item"]
        self.assertRefused(
            ".", "ar.followup.item", "write", item.ids, {"is_released": True}
        )


@tagged("post_install", "-at_install")
class TestStartCompanies(StartCommon):
    """Each company starts by itself."""

    def setUp(self):
        super().setUp()
        data = self.setup_other_company(name="The Sister")
        self.sister = data["company"]
        self.sister.partner_id.tz = "UTC"
        self.journal = data["default_journal_sale"]
        self.own = self.invoice(self.ann, 100, due=-60)
        self.theirs = self.invoice(self.ann, 7000, due=-60, journal_id=self.journal.id)

    def test_the_other_company_is_not_touched(self):
        wizard = self.wizard()
        self.assertNotIn("7,000", self.text(wizard))
        self.apply(older="release")
        self.assertTrue(self.item(self.own).is_released)
        self.assertFalse(self.item(self.theirs))
        self.assertFalse(self.sister.ar_followup_start_date)
        self.assertEqual(self.sister.ar_followup_mode, "off")

    def test_nobody_starts_a_company_they_do_not_work_in(self):
        Start = self.env(user=self.admin, context={})["ar.followup.start"]
        with self.assertRaises(AccessError):
            Start.with_company(self.sister).create({}).action_next()
        wizard = self.wizard()
        # the company is nobody's to say
        wizard.company_id = self.sister
        wizard.invalidate_recordset()
        self.assertEqual(wizard.company_id, self.company)

    def test_in_the_company_one_works_in(self):
        self.admin.company_ids |= self.sister
        Start = self.env(
            user=self.admin,
            context={"allowed_company_ids": [self.sister.id, self.company.id]},
        )["ar.followup.start"]
        wizard = Start.create(
            {"start_date": day(0), "older": "release", "reason": "Both."}
        )
        self.assertIn("7,000", self.text(wizard))
        wizard.action_download()
        rows = base64.b64decode(wizard.csv_export).decode("utf-8-sig")
        self.assertIn(",7000.0,", rows)
        self.assertNotIn(f",{self.own.name},Ann,{day(-60)},100.0", rows)
        self.go(wizard, "check").action_apply()
        self.assertTrue(self.item(self.theirs).is_released)
        self.assertFalse(self.item(self.own).is_released)
        self.assertEqual(wizard.preview_id.company_id, self.sister)


@tagged("post_install", "-at_install")
class TestStartQueries(StartCommon):
    """Ten times the debt costs no query more."""

    def count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def fill(self, first, last):
        customers = [self.customer(f"Many {i}") for i in range(first, last)]
        self.invoices([(customer, 100, -60) for customer in customers])
        for customer in customers:
            self.entry(customer, 50, due=-70, date_maturity=day(-70))

    def test_every_step(self):
        self.fill(0, 1)
        self.work_all()  # what is read once for all
        self.fill(1, 10)
        few = self.work_all()
        self.fill(10, 100)
        many = self.work_all()
        for step, queries in few.items():
            self.assertLessEqual(many[step], queries + 8, (step, few, many))

    def work_all(self):
        """Queries of each step, all of which is rolled back."""
        journal = self.company_data["default_journal_misc"]
        result = {}
        with self.env.cr.savepoint() as savepoint:
            wizard = self.wizard(older="level", release_others=True)
            wizard.opening_journal_ids = journal
            while wizard.step != "check":
                result[wizard.step] = self.count(lambda: wizard.page)
                result[f"leave {wizard.step}"] = self.count(wizard.action_next)
            result["check"] = self.count(lambda: wizard.page)
            result["apply"] = self.count(wizard.action_apply)
            result["mode"] = self.count(lambda: wizard.page)
            savepoint.rollback()
        self.env.invalidate_all()
        return result

"""Who may read, do and change what, beside the table of rights; over RPC."""

from odoo.tests import Form, new_test_user, tagged

from .rpc import (
    BUTTONS,
    MODELS,
    NOT_ALLOWED,
    READERS,
    WINDOWS,
    Refused,
    RpcCommon,
)

SETTINGS = ("ar.followup.level", "ar.followup.policy")


@tagged("post_install", "-at_install")
class TestReading(RpcCommon):
    def test_everyone_in_accounting_reads_the_customer_and_the_invoice(self):
        case = self.rows["ar.followup.case"]
        for role in READERS:
            self.act_as(role)
            (partner,) = self.rpc(
                "res.partner",
                "read",
                self.ann.ids,
                ["ar_case_id", "ar_amount_overdue", "ar_followup_policy_id"],
            )
            self.assertEqual(partner["ar_case_id"][0], case.id)
            self.assertEqual(partner["ar_amount_overdue"], 100)
            (move,) = self.rpc(
                "account.move",
                "read",
                self.bill.ids,
                ["ar_case_id", "ar_level_id", "ar_hold_reason"],
            )
            self.assertEqual(move["ar_case_id"][0], case.id)

    def test_strangers_read_nothing(self):
        for role in ("sales", "portal"):
            self.act_as(role)
            for model in (*MODELS, "ar.followup.mark"):
                with self.subTest(role=role, model=model):
                    self.assertRefused(NOT_ALLOWED, model, "search_read", [], ["id"])
                    if model in self.rows:
                        ids = self.rows[model].ids
                        name = {"display_name": {}}
                        self.assertRefused(NOT_ALLOWED, model, "read", ids)
                        self.assertRefused(NOT_ALLOWED, model, "web_read", ids, name)

    def test_the_public_reads_nothing(self):
        public = self.env.ref("base.public_user")
        for model in (*MODELS, "ar.followup.mark"):
            self.assertFalse(self.env[model].with_user(public).has_access("read"))
        self.authenticate(None, None)
        self.assertRefused(
            ".*",
            "ar.followup.case",
            "search_read",
            [],
            kind="SessionExpiredException",
        )

    def test_strangers_do_not_read_the_fields_on_customers_and_invoices(self):
        self.act_as("sales")
        for name in ("ar_case_id", "ar_amount_overdue", "ar_followup_policy_id"):
            self.assertRefused(name, "res.partner", "read", self.ann.ids, [name])
            self.assertRefused(
                name, "res.partner", "search", [[name, "!=", False]], kind="AccessError"
            )
        self.act_as("portal")
        names = ("ar_followup_mode", "ar_daily_limit", "ar_manager_id")
        for name in names:
            self.assertRefused(name, "res.company", "read", self.company.ids, [name])

    def test_sales_people_open_and_change_customers(self):
        """No field of ours stands in their way, and their changes are noticed."""
        sales = self.people["sales"]
        self.env["ar.followup.mark"].search([]).unlink()
        form = Form(self.ann.with_user(sales))
        form.email = "ann@elsewhere.example"
        form.save()
        self.assertEqual(self.ann.email, "ann@elsewhere.example")
        marks = self.env["ar.followup.mark"].search([])
        self.assertEqual(marks.case_id, self.rows["ar.followup.case"])
        self.act_as("sales")
        vals = {"name": "Dunning", "type": "followup", "parent_id": self.ann.id}
        (contact_id,) = self.rpc("res.partner", "create", [vals])
        contact = self.env["res.partner"].browse(contact_id)
        self.assertEqual(contact.commercial_partner_id, self.ann)

    def test_a_collector_without_accounting_opens_a_case(self):
        """The follow-up group alone is enough for the follow-up screens."""
        alone = new_test_user(
            self.env,
            login="ar_collector_alone",
            groups="base.group_user,ar_followup_plus.group_ar_collector",
            company_id=self.company.id,
        )
        for model in ("ar.followup.case", "ar.followup.reminder", "ar.followup.hold"):
            form = Form(self.rows[model].with_user(alone))
            self.assertTrue(form.id, model)


@tagged("post_install", "-at_install")
class TestWriting(RpcCommon):
    def test_the_auditor_writes_nothing(self):
        self.act_as("auditor")
        case = self.rows["ar.followup.case"]
        allowed = {
            "ar.contact.log": ({"summary": "x"}, {"case_id": case.id}),
            "ar.followup.case": ({"user_id": 1}, {"partner_id": case.partner_id.id}),
            "ar.followup.hold": ({"note": "x"}, {"case_id": case.id}),
            "ar.followup.reminder": ({"subject": "x"}, {}),
            "ar.followup.run": ({"is_preview": True}, {"is_preview": True}),
            "ar.followup.policy": ({"name": "x"}, {"name": "x"}),
            "ar.followup.level": ({"name": "x"}, {"name": "x"}),
        }
        for model in MODELS:
            ids = self.rows[model].ids
            write, create = allowed.get(model, ({}, {}))
            with self.subTest(model=model):
                self.assertRefused(NOT_ALLOWED, model, "write", ids, write)
                self.assertRefused(NOT_ALLOWED, model, "create", [create])
                self.assertRefused(NOT_ALLOWED, model, "unlink", ids)

    def test_the_auditor_pushes_no_button(self):
        self.act_as("auditor")
        for model, names in BUTTONS.items():
            for name in names - WINDOWS:
                with self.subTest(model=model, button=name):
                    self.assertRefused(".", model, name, self.rows[model].ids)
        self.assertRefused(
            NOT_ALLOWED,
            "ar.followup.hold.lift",
            "create",
            [{"hold_ids": self.rows["ar.followup.hold"].ids}],
        )

    def test_the_auditor_leaves_nothing_at_the_customers(self):
        """No note, and no call to be made, which would hold the reminders."""
        self.act_as("auditor")
        case = self.rows["ar.followup.case"]
        call = {
            "res_model_id": self.env["ir.model"]._get_id(case._name),
            "res_id": case.id,
            "activity_type_id": self.env.ref(
                "ar_followup_plus.mail_activity_type_call"
            ).id,
        }
        for model, method, args in (
            (case._name, "message_post", [case.ids]),
            (case._name, "message_subscribe", [case.ids, self.ann.ids]),
            (
                case._name,
                "activity_schedule",
                [case.ids, "mail.mail_activity_data_todo"],
            ),
            ("mail.activity", "create", [[call]]),
        ):
            with self.subTest(method=method):
                self.assertRefused(".", model, method, *args)
        self.assertFalse(case.activity_ids)
        self.act_as("collector")
        self.rpc("mail.activity", "create", [call])
        self.assertTrue(case.activity_ids)

    def test_nothing_of_the_engine_is_deleted(self):
        """Nor a run, a case or a reminder, with which history would go."""
        for role in READERS:
            self.act_as(role)
            for model in MODELS:
                if model in SETTINGS:
                    continue
                row = self.rows[model]
                for context in ({}, {"_force_unlink": True}):
                    with self.subTest(role=role, model=model, context=context):
                        with self.assertRaises(Refused):
                            self.rpc(model, "unlink", row.ids, context=context)
                        self.assertTrue(row.exists())

    def test_previews_may_go(self):
        self.act_as("collector")
        (run_id,) = self.rpc("ar.followup.run", "create", [{"is_preview": True}])
        self.rpc("ar.followup.run", "action_run", [run_id])
        both = [run_id, self.rows["ar.followup.run"].id]
        for context in ({}, {"_force_unlink": True}):
            self.assertRefused(
                "a day that was worked stays",
                "ar.followup.run",
                "unlink",
                both,
                context=context,
                kind="UserError",
            )
        self.rpc("ar.followup.run", "unlink", [run_id])
        self.assertFalse(self.env["ar.followup.run"].browse(run_id).exists())

    def test_a_used_level_stays(self):
        self.act_as("admin")
        level = self.rows["ar.followup.level"]
        for context in ({}, {"_force_unlink": True}):
            with self.assertRaises(Refused):
                self.rpc("ar.followup.level", "unlink", level.ids, context=context)
            with self.assertRaises(Refused):
                self.rpc(
                    "ar.followup.policy", "unlink", self.policy.ids, context=context
                )
            self.assertTrue(level.exists())

    def test_a_customer_with_history_is_not_deleted(self):
        self.act_as("admin")
        self.bill.button_draft()
        self.bill.unlink()
        self.assertRefused(
            "The contact log is about Ann",
            "res.partner",
            "unlink",
            self.ann.ids,
            kind="UserError",
        )
        self.assertTrue(self.ann.exists())

    def test_companies_are_made_without_rights_on_follow_up(self):
        """Not how they are followed up: that is for who administers the invoicing."""
        manager = self.people["companies"] = new_test_user(
            self.env,
            login="ar_erp_manager",
            groups="base.group_erp_manager,base.group_partner_manager",
            company_id=self.company.id,
        )
        create = ("res.company", "create")
        self.act_as("companies")
        for name, value in {
            "ar_followup_mode": "review",
            "ar_followup_policy_id": False,
            "ar_daily_limit": 5,
            "ar_manager_id": manager.id,
        }.items():
            with self.subTest(name=name):
                vals = [{"name": "A Branch", name: value}]
                self.assertRefused("administrator of Invoicing", *create, vals)
        default = ("ir.default", "set", "res.company")
        self.rpc(*default, "ar_followup_mode", "review", user_id=True)
        context = {"default_ar_followup_hour": 3, "default_ar_daily_limit": 1}
        (company_id,) = self.rpc(*create, [{"name": "A Branch"}], context=context)
        company = self.env["res.company"].browse(company_id).sudo()
        self.assertEqual(company.ar_followup_mode, "off")
        self.assertEqual(company.ar_followup_hour, 8)
        self.assertEqual(company.ar_followup_policy_id, self.policy)
        self.rpc("res.company", "write", company.ids, {"name": "Another Branch"})

    def test_a_copied_level_has_a_text_of_its_own(self):
        """Also when an accountant copies it who is no editor of templates."""
        accountant = new_test_user(
            self.env,
            login="ar_accountant",
            groups="account.group_account_manager",
            company_id=self.company.id,
        )
        self.assertFalse(accountant.has_group("mail.group_mail_template_editor"))
        copied = self.policy.with_user(accountant).copy()
        self.assertEqual(len(copied.level_ids), len(self.policy.level_ids))
        texts = copied.sudo().level_ids.mail_template_id
        self.assertFalse(texts & self.policy.level_ids.mail_template_id)
        self.assertEqual(len(texts), len(self.policy.level_ids.mail_template_id))

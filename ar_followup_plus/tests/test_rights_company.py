"""A company's follow-up is its own; and there is no back door."""

import inspect
from xmlrpc.client import Fault

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .rpc import BUTTONS, MODELS, NOT_ALLOWED, REFUSALS, WINDOWS, RpcCommon

#: what every model has and ours extend
ORDINARY = {"copy_data", "create", "default_get", "unlink", "write"}
ALL_RIGHTS = "base.group_system,account.group_account_manager"


@tagged("post_install", "-at_install")
class TestCompanies(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "The Neighbour"})
        # what may be shared belongs to one company here
        cls.policy.company_id = cls.company
        cls.people["neighbour"] = new_test_user(
            cls.env,
            login="ar_neighbour",
            groups=ALL_RIGHTS,
            company_id=cls.other.id,
        )
        cls.people["both"] = new_test_user(
            cls.env,
            login="ar_both",
            groups=ALL_RIGHTS,
            company_id=cls.other.id,
            company_ids=[Command.set((cls.other | cls.company).ids)],
        )

    def test_the_neighbour_finds_nothing(self):
        self.act_as("neighbour")
        for model in MODELS:
            row = self.rows[model]
            own = [["company_id", "=", self.company.id]]
            for domain in ([["id", "=", row.id]], own):
                with self.subTest(model=model, domain=domain):
                    self.assertEqual(self.rpc(model, "search", domain), [])
            self.assertEqual(self.rpc(model, "search_count", own), 0)

    def test_the_neighbour_reaches_nothing_by_its_number(self):
        self.act_as("neighbour")
        for model in MODELS:
            ids = self.rows[model].ids
            for method, args in (
                ("read", [["display_name"]]),
                ("web_read", [{"company_id": {}}]),
                ("export_data", [["company_id/.id"]]),
                ("write", [{}]),
                ("copy", []),
                ("unlink", []),
            ):
                if method == "write" and model == "ar.followup.case":
                    args = [{"user_id": False}]
                with self.subTest(model=model, method=method):
                    self.assertRefused(".", model, method, ids, *args)

    def test_the_neighbour_pushes_no_button(self):
        self.act_as("neighbour")
        states = {
            model: self.rows[model]._fields.get("state") and self.rows[model].state
            for model in BUTTONS
        }
        for model, names in BUTTONS.items():
            # a preview of today is one of the neighbour's own company, see below
            for name in names - WINDOWS - {"action_preview_today"}:
                with self.subTest(model=model, button=name):
                    self.assertRefused(".", model, name, self.rows[model].ids)
        for model, state in states.items():
            if state:
                self.assertEqual(self.rows[model].state, state)
        self.assertFalse(self.rows["ar.followup.hold"].lifted_on)

    def test_the_neighbour_adds_nothing(self):
        self.act_as("neighbour")
        case = self.rows["ar.followup.case"]
        bob = self.customer("Bob")
        company = {"company_id": self.company.id}
        level = {
            "name": "Mine",
            "policy_id": self.policy.id,
            "delay_days": 200,
            "tone": "final",
            "mail_template_id": self.level("final").mail_template_id.id,
        }
        for model, vals in (
            ("ar.contact.log", {"case_id": case.id}),
            ("ar.contact.log", {"case_id": case.id, "company_id": self.other.id}),
            ("ar.followup.hold", {"case_id": case.id}),
            ("ar.followup.hold", {"case_id": case.id, "company_id": self.other.id}),
            ("ar.followup.case", {"partner_id": bob.id, **company}),
            ("ar.followup.run", {"is_preview": True, **company}),
            ("ar.followup.policy", {"name": "Mine", **company}),
            ("ar.followup.level", level),
        ):
            with self.subTest(model=model, vals=vals):
                self.assertRefused(".", model, "create", [vals])

    def test_one_company_at_a_time(self):
        """Who works in both sees the one that is chosen."""
        self.act_as("both")
        chosen = {"allowed_company_ids": self.other.ids}
        for model in MODELS:
            row = self.rows[model]
            domain = [["id", "=", row.id]]
            with self.subTest(model=model):
                found = self.rpc(model, "search", domain, context=chosen)
                self.assertEqual(found, [])
                both = {"allowed_company_ids": (self.other | self.company).ids}
                found = self.rpc(model, "search", domain, context=both)
                self.assertEqual(found, row.ids)

    def test_a_company_is_not_chosen_by_asking(self):
        self.act_as("neighbour")
        context = {"allowed_company_ids": self.company.ids}
        for model in MODELS:
            with self.subTest(model=model):
                self.assertRefused("unauthorized", model, "search", [], context=context)

    def test_the_customer_shows_the_case_of_the_company_at_work(self):
        names = ["ar_case_id", "ar_amount_overdue", "ar_followup_policy_id"]
        self.ann.with_company(self.company).ar_followup_policy_id = self.policy
        self.act_as("neighbour")
        (values,) = self.rpc("res.partner", "read", self.ann.ids, names)
        self.assertEqual([values[name] for name in names], [False, 0, False])
        self.act_as("collector")
        (values,) = self.rpc("res.partner", "read", self.ann.ids, names)
        case = self.rows["ar.followup.case"]
        self.assertEqual(values["ar_case_id"][0], case.id)
        self.assertEqual(values["ar_followup_policy_id"][0], self.policy.id)

    def test_a_preview_looks_at_its_own_company(self):
        self.invoice(self.customer("Bob"), 10)
        self.act_as("neighbour")
        (run_id,) = self.rpc("ar.followup.run", "create", [{"is_preview": True}])
        self.rpc("ar.followup.run", "action_run", [run_id])
        theirs = self.rows["ar.followup.run"].ids
        window = self.rpc("ar.followup.run", "action_preview_today", theirs)
        for run in self.env["ar.followup.run"].browse([run_id, window["res_id"]]):
            self.assertEqual((run.company_id, run.state), (self.other, "done"))
            self.assertFalse(run.decision_ids)


@tagged("post_install", "-at_install")
class TestDoors(RpcCommon):
    def ours(self, model):
        """Names of the methods that this addon defines on a model."""
        return {
            name
            for kind in type(self.env[model]).mro()
            if "ar_followup_plus" in kind.__module__
            for name, _method in inspect.getmembers(kind, inspect.isroutine)
            if name in vars(kind)
        }

    def test_only_the_buttons_are_public(self):
        for model in (*MODELS, "ar.followup.mark"):
            public = {name for name in self.ours(model) if not name.startswith("_")}
            self.assertEqual(
                public - ORDINARY, BUTTONS.get(model, set()), f"methods of {model}"
            )

    def test_private_methods_are_not_called(self):
        self.act_as("admin")
        names = {name for model in MODELS for name in self.ours(model)}
        self.assertGreater(len(names), 100)
        for model, name in (
            ("ar.followup.case", "_reassess"),
            ("ar.followup.case", "_record_decisions"),
            ("ar.followup.item", "_start_anew"),
            ("ar.followup.reminder", "_set_state"),
            ("ar.followup.reminder", "_register_sent"),
            ("ar.followup.run", "_cron_run"),
            ("ar.followup.hold", "_do_lift"),
            ("mail.mail", "_ar_hand_over"),
        ):
            self.assertTrue(hasattr(self.env[model], name))
            self.assertRefused("private methods", model, name, [1])
        for model in MODELS:
            for name in self.ours(model):
                if name.startswith("_"):
                    with self.assertRaises(AccessError, msg=f"{model}.{name}"):
                        get_public_method(self.env[model], name)

    def test_nobody_becomes_another(self):
        self.act_as("collector")
        ids = self.rows["ar.followup.case"].ids
        for method, args in (
            ("sudo", []),
            ("with_user", [1]),
            ("with_context", [{}]),
            ("with_env", [{}]),
            ("browse", []),
        ):
            self.assertRefused(
                "private methods", "ar.followup.case", method, ids, *args
            )

    def test_mails_of_reminders_are_the_systems(self):
        """Who sends reminders cannot read, change or send the mails as such."""
        self.act_as("approver")
        reminder = self.rows["ar.followup.reminder"]
        self.env["mail.mail"].search([]).unlink()
        mail = self.env["mail.mail"].create({"model": "ar.followup.case"})
        for method, args in (
            ("read", [["body_html"]]),
            ("write", [{"body_html": "x"}]),
            ("send", []),
            ("unlink", []),
        ):
            self.assertRefused(NOT_ALLOWED, "mail.mail", method, mail.ids, *args)
        self.assertRefused(
            NOT_ALLOWED,
            "mail.mail",
            "create",
            [{"mail_message_id": reminder.message_id.id}],
        )

    def test_the_older_protocol_is_no_other_door(self):
        collector = self.people["collector"]
        self.env.flush_all()
        with (
            mute_logger(*REFUSALS),
            self.assertRaisesRegex(Fault, "State of a Reminder cannot be set by hand"),
        ):
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname,
                collector.id,
                collector.login,  # the test user's password
                "ar.followup.reminder",
                "write",
                [self.rows["ar.followup.reminder"].ids, {"state": "sent"}],
            )

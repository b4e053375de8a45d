"""Nobody sets by hand what a state machine or the engine owns.

The fields people may set are listed here; every other stored field of the models
must refuse, so that a field added later is guarded or listed, not forgotten.
"""

import json

from odoo import models
from odoo.tests import tagged

from .common import START
from .rpc import RpcCommon

# policies and levels are settings: test_rights says who may change them
BY_HAND = {
    "ar.contact.log": {
        "case_id",
        "channel",
        "contact_person_id",
        "correction_of_id",
        "date",
        "direction",
        "next_step",
        "next_step_date",
        "outcome",
        "person_name",
        "summary",
    },
    "ar.dispute": {
        "amount_disputed",
        "attachment_ids",
        "case_id",
        "date_deadline",
        "description",
        "log_id",
        "move_id",
        "reason_id",
        "tell_customer",
        "user_id",
    },
    "ar.followup.case": {"company_id", "is_hardship", "partner_id", "user_id"},
    "ar.followup.decision": set(),
    "ar.followup.hold": {
        "amount",
        "case_id",
        "date_from",
        "date_to",
        "is_partial",
        "item_id",
        "kind",
        "note",
    },
    "ar.followup.item": set(),
    "ar.followup.reminder": {"body", "subject"},
    "ar.followup.reminder.line": set(),
    "ar.followup.run": {"company_id", "date", "is_preview"},
    "ar.payment.plan": {
        "case_id",
        "date_first",
        "down_payment",
        "installment_count",
        "interval_count",
        "interval_unit",
        "move_line_ids",
        "note",
    },
    "ar.payment.plan.item": set(),
    "ar.payment.plan.line": {"amount", "date_due", "plan_id"},
    "ar.payment.promise": {
        "amount",
        "case_id",
        "date_promised",
        "log_id",
        "method",
        "move_line_ids",
        "note",
    },
    "ar.payment.promise.item": set(),
}
# these follow from the customer's case, whatever is given
FOLLOWS_CASE = {
    "ar.contact.log": {"company_id", "partner_id"},
    "ar.followup.hold": {"company_id"},
}
# the guard's own words, or Odoo's where nobody has the right at all
BY_GUARD = "cannot be set by hand"
REFUSED = f"{BY_GUARD}|not allowed to (modify|create)"
WRITERS = ("collector", "approver", "admin")


@tagged("post_install", "-at_install")
class TestOwnedFields(RpcCommon):
    """What a program with a log-in tries, field by field."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bob = cls.customer("Bob")
        case = cls.rows["ar.followup.case"]
        plan = cls.env["ar.payment.plan"].create({"case_id": case.id})
        #: values with which people may create a row
        cls.creatable = {
            "ar.contact.log": {"case_id": case.id, "outcome": "other"},
            "ar.dispute": {
                "move_id": cls.bill.id,
                "reason_id": cls.rows["ar.dispute.reason"].id,
                "amount_disputed": 1.0,
            },
            "ar.followup.case": {"partner_id": cls.bob.id},
            "ar.followup.hold": {"case_id": case.id},
            "ar.followup.run": {"is_preview": True},
            "ar.payment.plan": {"case_id": case.id},
            "ar.payment.plan.line": {
                "plan_id": plan.id,
                "date_due": "2026-03-01",
                "amount": 10.0,
            },
            "ar.payment.promise": {
                "case_id": cls._case_of_eve().id,
                "date_promised": "2026-03-01",
            },
        }

    @classmethod
    def _case_of_eve(cls):
        """A customer whose only invoice is neither disputed nor on a plan."""
        eve = cls.customer("Eve")
        cls.invoice(eve, 50, due=400)
        return cls.env["ar.followup.case"].sudo().create({"partner_id": eve.id})

    def owned(self, model):
        """Names of the stored fields of ours that nobody may set."""
        free = BY_HAND[model] | FOLLOWS_CASE.get(model, set())
        return sorted(
            name
            for name, field in self.env[model]._fields.items()
            if field.store
            and field.type != "one2many"
            and "ar_followup_plus" in field._modules
            and name not in free
            and name not in models.MAGIC_COLUMNS
        )

    def value(self, model, name):
        """Another value than the row's, and than the field's default."""
        field = self.env[model]._fields[name]
        present = self.rows[model][name]
        if field.type == "selection":
            # a new plan is a draft, and its lines say so
            taken = (present, self.env[model].default_get([name]).get(name), "draft")
            codes = field.get_values(self.env)
            return next((c for c in codes if c not in taken), codes[0])
        if field.type == "many2one":
            records = self.env[field.comodel_name].with_context(active_test=False)
            taken = {present.id, self.people["collector"].id}
            return records.search([("id", "not in", list(taken))], limit=1).id or 1
        if field.type == "many2many":
            return [[6, 0, []]]
        return {
            "binary": "cGFwZXI=",
            "boolean": not present,
            "char": "by hand",
            "date": "2025-01-01",
            "datetime": "2025-01-01 10:00:00",
            "float": 77.0,
            "html": "<p>by hand</p>",
            "integer": 77,
            "json": {"by": "hand"},
            "monetary": 77.0,
            "text": "by hand",
        }[field.type]

    def cases(self, *roles):
        """Every owned field of every model, for every role; logged in."""
        for role in roles:
            self.act_as(role)
            for model in BY_HAND:
                for name in self.owned(model):
                    yield model, name, self.value(model, name)

    def story(self, model, name):
        """Tells which field it was that did not refuse."""
        return self.subTest(role=self.role, model=model, field=name)

    def test_the_table_names_fields_that_exist(self):
        for model, names in BY_HAND.items():
            self.assertLessEqual(names, self.env[model]._fields.keys(), model)
            self.assertGreater(self.owned(model), [], model)

    def test_write(self):
        for model, name, value in self.cases("auditor", *WRITERS):
            row = self.rows[model]
            before = row[name]
            with self.story(model, name):
                self.assertRefused(REFUSED, model, "write", [row.id], {name: value})
                self.assertEqual(row[name], before)

    def test_the_refusal_names_the_field(self):
        self.act_as("admin")
        case = self.rows["ar.followup.case"]
        self.assertRefused(
            "Oldest Due Date of a Follow-up Case cannot be set by hand.*the buttons",
            "ar.followup.case",
            "write",
            [case.id],
            {"date_oldest_due": "2025-01-01"},
        )

    def test_create(self):
        for model, name, value in self.cases(*WRITERS):
            vals = {**self.creatable.get(model, {}), name: value}
            with self.story(model, name):
                self.assertRefused(REFUSED, model, "create", [vals])

    def test_create_does_not_take_nothing_for_an_answer(self):
        """An empty value is a value, too, where the field has a default."""
        self.act_as("collector")
        for model, name, empty in (
            ("ar.contact.log", "user_id", False),
            ("ar.followup.hold", "user_id", False),
            ("ar.followup.case", "round", 0),
            ("ar.followup.run", "started_on", False),
        ):
            with self.subTest(model=model, field=name):
                vals = {**self.creatable[model], name: empty}
                self.assertRefused(BY_GUARD, model, "create", [vals])

    def test_copy(self):
        for model, name, value in self.cases("collector", "admin"):
            default = {**self.creatable.get(model, {}), name: value}
            row = self.rows[model]
            with self.story(model, name):
                self.assertRefused(REFUSED, model, "copy", [row.id], default)

    def test_import(self):
        for model, name, value in self.cases("collector", "admin"):
            row = {**self.creatable.get(model, {}), name: value}
            columns = [self.column(model, key) for key in row]
            values = [self.cell(model, key, row[key]) for key in row]
            with self.story(model, name):
                result = self.rpc(model, "load", columns, [values])
                self.assertFalse(result["ids"])
                said = " ".join(message["message"] for message in result["messages"])
                self.assertRegex(said, REFUSED)

    def column(self, model, name):
        relational = self.env[model]._fields[name].relational
        return f"{name}/.id" if relational else name

    def cell(self, model, name, value):
        """A value as a file to import has it."""
        if self.env[model]._fields[name].type == "many2many":
            return str(self.env["ir.attachment"].search([], limit=1).id)
        return json.dumps(value) if isinstance(value, dict) else str(value)

    def test_default_from_the_context(self):
        for model, name, value in self.cases("collector", "admin"):
            context = {f"default_{name}": value}
            vals = self.creatable.get(model, {})
            with self.story(model, name):
                self.assertRefused(REFUSED, model, "create", [vals], context=context)

    def test_default_of_the_user(self):
        """Everyone may keep defaults of their own: the guard does not take them."""
        self.act_as("collector")
        for model, vals in self.creatable.items():
            names = [
                name
                for name in self.owned(model)
                if self.env[model]._fields[name].type != "json"
            ]
            for name in names:
                value = self.value(model, name)
                self.rpc("ir.default", "set", model, name, value, user_id=True)
            (new_id,) = self.rpc(model, "create", [vals])
            row = self.env[model].browse(new_id)
            for name in names:
                with self.subTest(model=model, field=name):
                    field = self.env[model]._fields[name]
                    given = field.convert_to_record(
                        field.convert_to_cache(self.value(model, name), row), row
                    )
                    self.assertNotEqual(row[name], given)

    def test_the_engine_takes_no_defaults_either(self):
        """Neither an admin's defaults nor the context of whoever starts the engine
        slip a value into what it makes."""
        self.invoice(self.bob, 100, due=START)
        self.act_as("admin")
        for model, name, value in (
            ("ar.followup.reminder", "attempt_count", 9),
            ("ar.followup.reminder.line", "is_live", False),
        ):
            self.rpc("ir.default", "set", model, name, value)
        self.act_as("approver")
        self.travel(5)
        (run_id,) = self.rpc("ar.followup.run", "create", [{}])
        context = {"default_call_pending": True, "default_level_after_id": False}
        self.rpc("ar.followup.run", "action_run", [run_id], context=context)
        reminder = self.reminders(self.bob)
        self.assertEqual(reminder.state, "to_review")
        self.assertEqual(reminder.attempt_count, 0)
        self.assertFalse(reminder.call_pending)
        self.assertEqual(reminder.line_ids.mapped("is_live"), [True])
        self.assertEqual(reminder.line_ids.level_after_id, self.level("friendly"))

    def test_people_create_what_is_theirs(self):
        """The control: without an owned field, the same values are welcome."""
        for role in WRITERS:
            self.act_as(role)
            for model, vals in self.creatable.items():
                if model == "ar.followup.case" and role != "collector":
                    continue  # a customer has one case
                with self.subTest(role=role, model=model):
                    (new_id,) = self.rpc(model, "create", [vals])
                    self.assertTrue(self.env[model].browse(new_id).exists())

    def test_what_follows_the_case_follows_it(self):
        """A company or a customer given beside the case changes nothing."""
        self.act_as("collector")
        case = self.rows["ar.followup.case"]
        other = self.env["res.company"].create({"name": "Other"})
        for model, names in FOLLOWS_CASE.items():
            given = {"company_id": other.id, "partner_id": self.bob.id}
            vals = {**self.creatable[model], **{name: given[name] for name in names}}
            (new_id,) = self.rpc(model, "create", [vals])
            row = self.env[model].browse(new_id)
            for name in names:
                self.assertEqual(row[name], case[name], (model, name))

    def test_a_case_stays_with_its_customer(self):
        for role in WRITERS:
            self.act_as(role)
            case = self.rows["ar.followup.case"]
            for name, value in (("partner_id", self.bob.id), ("company_id", 1)):
                self.assertRefused(
                    "stays with its customer and its company",
                    "ar.followup.case",
                    "write",
                    [case.id],
                    {name: value},
                )

    def test_no_way_round_through_the_case(self):
        """A case's form brings its children along: the guard is theirs, too."""
        self.act_as("admin")
        case = self.rows["ar.followup.case"]
        for name, model, vals in (
            ("item_ids", "ar.followup.item", {"level_id": False}),
            ("reminder_ids", "ar.followup.reminder", {"state": "sent"}),
            ("hold_ids", "ar.followup.hold", {"lifted_on": "2026-01-01"}),
            ("contact_log_ids", "ar.contact.log", {"automated": True}),
            ("decision_ids", "ar.followup.decision", {"reason": "remind"}),
        ):
            row = self.rows[model]
            for command in ([1, row.id, vals], [2, row.id, 0], [0, 0, vals]):
                with self.subTest(field=name, command=command):
                    self.assertRefused(
                        f"{REFUSED}|not allowed to delete",
                        "ar.followup.case",
                        "write",
                        [case.id],
                        {name: [command]},
                    )

    def test_context_keys_open_nothing(self):
        keys = {
            "su": True,
            "sudo": True,
            "uid": 1,
            "install_mode": True,
            "import_file": True,
            "tracking_disable": True,
            "_force_unlink": True,
        }
        self.act_as("admin")
        for model in BY_HAND:
            for name in self.owned(model)[:1]:
                value = self.value(model, name)
                ids = self.rows[model].ids
                self.assertRefused(
                    REFUSED, model, "write", ids, {name: value}, context=keys
                )

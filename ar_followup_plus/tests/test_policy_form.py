"""The ladder as an admin reads and changes it."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FollowupCommon

# what explains itself, or belongs to Odoo
UNEXPLAINED = {"active", "company_id", "level_ids", "user_id", "case_count"}


@tagged("post_install", "-at_install")
class TestPolicyForm(FollowupCommon):
    def test_the_ladder_in_words(self):
        self.assertEqual(
            [
                (level.when_text, level.name, level.how_text)
                for level in self.policy.level_ids
            ],
            [
                ("3 days before the due date", "Courtesy note", "Email"),
                ("3 days after the due date", "Friendly reminder", "Email"),
                ("14 days after the due date", "Second reminder", "Email"),
                ("30 days after the due date", "Firm reminder", "Email, then a call"),
                ("60 days after the due date", "Negotiation call", "Call"),
                ("90 days after the due date", "Final notice", "Email"),
            ],
        )
        level = self.level("friendly")
        for days, words in ((0, "On the due date"), (1, "1 day after the due date")):
            level.delay_days = days
            self.assertEqual(level.when_text, words)
        courtesy = self.level("courtesy")
        courtesy.delay_days = -1
        self.assertEqual(courtesy.when_text, "1 day before the due date")

    def test_the_contact_rules_in_words(self):
        self.policy.working_days_only = True
        self.assertEqual(
            self.policy.contact_rules_text,
            "8:00 to 20:00, on working days; days in between: 5; most reminders in 14 "
            "days: 2; most calls in 7 days: 7.",
        )
        self.policy.write(
            {
                "working_days_only": False,
                "min_gap_days": 0,
                "message_cap": 0,
                "call_cap": 0,
            }
        )
        self.assertEqual(self.policy.contact_rules_text, "8:00 to 20:00, on every day.")

    def test_an_admin_builds_a_ladder(self):
        form = Form(self.env["ar.followup.policy"].with_user(self.manager))
        form.name = "For good customers"
        for name, days, tone in (("Later", 20, "firm"), ("First", 5, "friendly")):
            with form.level_ids.new() as level:
                level.name = name
                level.delay_days = days
                level.tone = tone
        policy = form.save()
        policy.invalidate_recordset()
        self.assertEqual(policy.level_ids.mapped("name"), ["First", "Later"])
        self.assertTrue(all(level.mail_template_id for level in policy.level_ids))

    def test_what_is_wrong_is_said_with_what_to_do(self):
        friendly, call = self.level("friendly"), self.level("call")
        for said, level, vals in (
            ("tones that grow firmer", friendly, {"delay_days": 45}),
            ("first reminder .* must be friendly", friendly, {"tone": "firm"}),
            ("negative days", friendly, {"delay_days": -1}),
            ("let it send an email, plan a call", friendly, {"send_email": False}),
            (
                "nobody is called before",
                self.level("courtesy"),
                {"activity_type_id": call.activity_type_id.id},
            ),
            (
                "choose one that applies to the model Reminder",
                friendly,
                {
                    "mail_template_id": self.env.ref(
                        "account.email_template_edi_invoice"
                    ).id
                },
            ),
            ("Create one in the other", friendly, {"policy_id": self.policy.copy().id}),
        ):
            if vals.get("tone"):
                # the second one would be the first to be friendly
                self.level("second").active = False
            with (
                self.subTest(said=said),
                self.assertRaisesRegex((ValidationError, UserError), said),
                self.env.cr.savepoint(),
            ):
                level.write(vals)

    def test_two_levels_on_one_day_are_refused(self):
        Level = self.env.registry["ar.followup.level"]
        self.assertIn("Choose other days", Level._delay_uniq.get_error_message(Level))
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.level("second").delay_days = 3
            self.env.flush_all()

    def test_whom_it_is_for(self):
        own = self.policy.copy({"name": "Own"})
        ann, ben, cat = (self.customer(name) for name in ("Ann", "Ben", "Cat"))
        ann.with_company(self.company).ar_followup_policy_id = own
        for partner in (ann, ben, cat):
            self.invoice(partner, due=0)
        self.work_day(3)
        scoped = self.env["ar.followup.policy"].with_company(self.company)
        default, own = scoped.browse(self.policy.id), scoped.browse(own.id)
        self.assertEqual((default.case_count, own.case_count), (2, 1))
        for policy, partners in ((default, ben + cat), (own, ann)):
            action = policy.with_user(self.manager).action_open_cases()
            cases = self.env["ar.followup.case"].with_user(self.manager)
            found = cases.with_company(self.company).search(action["domain"])
            self.assertEqual(found.partner_id, partners)
            self.assertEqual(found.policy_id, policy)
        own.active = False
        self.env.invalidate_all()
        self.assertEqual((default.case_count, own.case_count), (3, 0))
        self.pay(self.env["account.move"].search([("partner_id", "=", ben.id)]))
        self.work_day(4)
        self.assertEqual(default.case_count, 2, "one has paid")

    def test_the_default_is_not_archived(self):
        with self.assertRaisesRegex(ValidationError, "Choose another one in the sett"):
            self.policy.active = False
        other = self.policy.copy()
        self.env["res.company"].search([]).ar_followup_policy_id = other
        self.policy.active = False
        self.assertFalse(self.policy.active)

    def test_every_setting_is_explained(self):
        for model in ("ar.followup.policy", "ar.followup.level"):
            arch = self.env[model].get_view(view_type="form")["arch"]
            fields = self.env[model].fields_get(attributes=["help"])
            for name, field in fields.items():
                if f'name="{name}"' in arch and name not in UNEXPLAINED:
                    if not name.endswith("_text"):
                        self.assertTrue(field.get("help"), f"{model}.{name}")

"""A level's mail as an example: like a real one, and without a trace."""

import re

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FollowupCommon

EXAMPLE = "ar.followup.level.example"
ENGLISH = ("Dear", "Kind regards", "View and pay", "Due date", "Total open", "please")


@tagged("post_install", "-at_install")
class TestLevelExample(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["ar_followup_plus"], ["fr_FR"])
        cls.accountant = new_test_user(
            cls.env,
            login="ar_example_accountant",
            groups="account.group_account_manager",
            company_id=cls.company.id,
        )

    def setUp(self):
        super().setUp()
        # the example has a transaction of its own, which has to see the test's
        self.enterContext(self.enter_registry_test_mode())

    def example(self, level="friendly", partner=None, lang="en_US", user=None):
        """What the dialog shows."""
        self.env.flush_all()
        self.env.invalidate_all()
        dialog = Form(
            self.env[EXAMPLE]
            .with_user(user or self.accountant)
            .with_context(active_model="ar.followup.level", active_id=self.step(level))
        )
        if partner is not None:
            dialog.partner_id = partner
        dialog.lang = lang
        return dialog

    def step(self, level):
        return self.level(level).id if isinstance(level, str) else level.id

    @staticmethod
    def text(body):
        return re.sub(r"\s+", " ", html.fromstring(str(body)).text_content())

    def counts(self):
        """Rows of all that an example could leave behind."""
        models = [
            name
            for name, model in self.env.items()
            if name.startswith("ar.") and not model._abstract
        ]
        models += ["mail.mail", "mail.message", "mail.activity", "res.partner"]
        models += ["account.move", "ir.cron.trigger"]
        self.env.flush_all()
        return {
            name: self.env[name].sudo().with_context(active_test=False).search_count([])
            for name in models
        }

    # what is shown -----------------------------------------------------------

    def test_of_a_customer_who_owes(self):
        ann = self.customer("Ann & Sons")
        late = self.invoice(ann, 1234.5, due=-10)
        later = self.invoice(ann, 80.0, due=20)
        dialog = self.example(partner=ann)
        text = self.text(dialog.body)
        self.assertIn("Dear Ann & Sons", text)
        self.assertIn(late.name, text)
        self.assertIn("1,234.50", text)
        self.assertNotIn(later.name, text, "it is not overdue")
        self.assertIn("January 12, 2026", text, "the answer is asked for in 7 days")
        self.assertEqual(dialog.email_from, '"Carla Collector" <carla@seller.example>')
        self.assertEqual(dialog.email_to, '"Ann & Sons" <ann.&.sons@customer.example>')
        self.assertIn(late.name, dialog.subject)
        self.assertFalse(dialog.is_sample)
        self.assertFalse(dialog.error)
        self.assertIn(later.name, self.text(self.example("courtesy", ann).body))

    def test_it_begins_with_a_customer_who_owes(self):
        self.env["account.move"].search([("state", "=", "posted")]).button_draft()
        ann, ben, cat = (self.customer(name) for name in ("Ann", "Ben", "Cat"))
        self.invoice(ann, due=2)
        self.invoice(ben, due=-5)
        self.invoice(cat, due=-50)
        self.assertEqual(self.example("courtesy").partner_id, ann)
        self.assertEqual(self.example("friendly").partner_id, ben)
        self.assertEqual(self.example("firm").partner_id, cat)
        self.assertEqual(self.example("final").partner_id, cat, "the oldest")

    def test_it_is_the_letter_that_a_run_sends(self):
        ann = self.customer("Ann")
        self.invoice(ann, 100.0, due=0)
        self.travel(3)
        shown = self.text(self.example(partner=ann).body)
        self.work_day(3)
        (mail,) = self.received(ann)
        sent = re.sub(r"\s+", " ", html.fromstring(mail.html).text_content())
        self.assertEqual(sent.strip(), shown.strip())
        self.assertEqual(mail.subject, self.example(partner=ann).subject)

    def test_invented_where_nobody_owes(self):
        for level in ("courtesy", "friendly", "second", "firm", "final"):
            with self.subTest(level=level):
                dialog = self.example(level, self.env["res.partner"])
                self.assertTrue(dialog.is_sample)
                self.assertFalse(dialog.error)
                text = self.text(dialog.body)
                self.assertIn("Dear Martin & Weber", text)
                self.assertIn("1,626.50", text, "the total")
                self.assertIn("View and pay", text)
                self.assertTrue(dialog.email_from)

    def test_a_customer_who_owes_nothing(self):
        dialog = self.example(partner=self.customer("Ann"))
        self.assertTrue(dialog.is_sample)
        self.assertIn("Dear Ann,", self.text(dialog.body))

    def test_in_french(self):
        ann = self.customer("Ann", lang="en_US")
        self.invoice(ann, 1234.5, due=-10)
        for level in ("courtesy", "friendly", "second", "firm", "final"):
            for partner in (ann, self.env["res.partner"]):
                with self.subTest(level=level, partner=partner.name):
                    dialog = self.example(level, partner, lang="fr_FR")
                    text = self.text(dialog.body)
                    self.assertIn("Bonjour", text)
                    for english in ENGLISH:
                        self.assertNotIn(english, text)
                        self.assertNotIn(english, dialog.subject)

    def test_the_levels_of_the_policy_can_be_turned_like_pages(self):
        dialog = self.example(partner=self.env["res.partner"])
        friendly = dialog.subject
        dialog.level_id = self.level("final")
        self.assertNotEqual(dialog.subject, friendly)
        self.assertIn("final notice", dialog.subject)

    def test_the_policys_own_collector_signs(self):
        policy = self.policy.copy()
        policy.user_id = self.manager
        level = policy.level_ids.filtered(lambda level: level.tone == "final")
        dialog = self.example(level, self.env["res.partner"])
        self.assertIn("mona@seller.example", dialog.email_from)
        self.assertIn("Mona Manager", self.text(dialog.body))

    # what is not -------------------------------------------------------------

    def test_nothing_is_left_behind(self):
        ann = self.customer("Ann")
        move = self.invoice(ann, due=-10)
        move.access_token = False
        before = self.counts()
        for partner in (ann, self.env["res.partner"]):
            for level in ("courtesy", "friendly"):
                self.assertTrue(self.example(level, partner).body)
        self.env.invalidate_all()
        self.assertEqual(self.counts(), before)
        self.assertFalse(move.access_token)
        self.assertFalse(ann.with_company(self.company).ar_followup_policy_id)
        self.work_day(0)
        self.assertFalse(self.sink.mails and self.received("accounts@example.com"))

    def test_beside_a_reminder_in_review(self):
        """The customer's real reminder is not in the way, and stays as it is."""
        self.policy.review_always = True
        ann = self.customer("Ann")
        self.invoice(ann, due=0)
        self.work_day(3)
        waiting = self.reminders(ann, "to_review")
        body = waiting.ensure_one().body
        self.assertTrue(self.example(partner=ann).body)
        self.env.invalidate_all()
        self.assertEqual((waiting.state, waiting.body), ("to_review", body))
        self.assertEqual(self.reminders(ann), waiting)

    # what goes wrong ---------------------------------------------------------

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_a_broken_text_is_explained(self):
        template = self.level("friendly").mail_template_id
        for vals in (
            {"body_html": '<p>Dear <t t-out="object.nickname"/></p>'},
            {"subject": "{{ object.nickname }}"},
            {"body_html": '<p t-if="1 / 0">Dear</p>'},
        ):
            kept = {name: template[name] for name in vals}
            template.write(vals)
            with self.subTest(vals=vals):
                dialog = self.example(partner=self.env["res.partner"])
                self.assertIn(template.name, dialog.error)
                self.assertIn("Edit Text", dialog.error)
                self.assertNotIn("Traceback", dialog.error)
                self.assertNotIn("File ", dialog.error)
                self.assertLess(len(dialog.error), 400, dialog.error)
                self.assertFalse(dialog.body)
            template.write(kept)
        self.assertTrue(self.example(partner=self.env["res.partner"]).body)

    def test_without_an_address_to_send_from(self):
        self.company.write({"ar_default_user_id": False, "ar_manager_id": False})
        self.company.partner_id.email = False
        dialog = self.example(partner=self.env["res.partner"])
        self.assertFalse(dialog.email_from)
        self.assertTrue(dialog.body)

    def test_who_may_look(self):
        for user in (self.collector, self.manager):
            may = user.has_group("account.group_account_manager")
            self.assertEqual(
                self.env[EXAMPLE].with_user(user).has_access("create"), may
            )

    def test_not_of_another_companys_policy(self):
        other = self.env["res.company"].create({"name": "Other"})
        level = (
            self.env["ar.followup.policy"]
            .create(
                {
                    "name": "Theirs",
                    "company_id": other.id,
                    "level_ids": [self._new_level(3, "friendly")],
                }
            )
            .level_ids
        )
        with self.assertRaises(AccessError):
            self.example(level)

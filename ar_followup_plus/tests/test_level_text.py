"""Who words the reminders, and with which words."""

from lxml import html

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.rendering_tools import parse_inline_template

from ..models.contact.mail_template import WORDS
from .common import FollowupCommon

ACCOUNTANT = "base.group_user,account.group_account_manager"
LEVELS = ("courtesy", "friendly", "second", "firm", "final")


@tagged("post_install", "-at_install")
class TestLevelText(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._user("accountant", ACCOUNTANT)
        cls.template = cls.level("friendly").mail_template_id

    @classmethod
    def _user(cls, name, groups):
        """Somebody who is no editor of templates."""
        user = new_test_user(
            cls.env, login=f"ar_text_{name}", groups=groups, company_id=cls.company.id
        )
        assert not user.has_group("mail.group_mail_template_editor")
        return user

    def by(self, user, template=None):
        return (template or self.template).with_user(user)

    # who ---------------------------------------------------------------------

    def test_an_accountant_words_every_shipped_level(self):
        for level in LEVELS:
            template = self.by(self.accountant, self.level(level).mail_template_id)
            with self.subTest(level=level):
                self.assertTrue(template.can_write)
                body = str(template.body_html).replace("Kind regards", "Yours")
                template.write({"subject": f"{template.subject}!", "body_html": body})
                self.assertIn("Yours", template.body_html)
        partner = self.customer("Ann")
        self.invoice(partner, due=0)
        self.work_day(3)
        (mail,) = self.received(partner)
        self.assertTrue(mail.subject.endswith("?!"))
        self.assertIn("Yours", mail.html)

    def test_an_accountant_translates(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.by(self.accountant)
        template.update_field_translations("subject", {"fr_FR": "Notre facture"})
        french = template.with_context(lang="fr_FR")
        french.body_html = '<p>Bien à vous, <t t-out="object.sender_name"/></p>'
        self.assertEqual(french.subject, "Notre facture")
        self.assertIn("Kind regards", self.template.body_html)
        self.assertNotIn("Notre", self.template.subject)
        partner = self.customer("Ann", lang="fr_FR")
        self.invoice(partner, due=0)
        self.work_day(3)
        (mail,) = self.received(partner)
        self.assertEqual(mail.subject, "Notre facture")
        self.assertIn("Bien à vous, Carla Collector", mail.html)

    @mute_logger("odoo.addons.mail.models.mail_template")
    def test_a_translation_has_the_same_words(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.by(self.accountant)
        code = '<p>Ann <t t-out="object.sudo().env.cr.dbname"/></p>'
        for name, text in (("subject", "{{ object.env.user }}"), ("body_html", code)):
            with self.subTest(field=name), self.assertRaises(AccessError):
                template.with_context(lang="fr_FR")[name] = text
            with self.subTest(field=name), self.assertRaises(AccessError):
                template.update_field_translations(name, {"fr_FR": text})

    def test_the_window_saves(self):
        level = self.level("friendly").with_user(self.accountant)
        action = level.action_edit_text()
        Text = self.env[action["res_model"]].with_user(self.accountant)
        form = Form(Text.with_context(**action["context"]))
        self.assertEqual(form.subject, self.template.subject)
        self.assertFalse(form.other_levels)
        form.subject = "Our invoice {{ object.total_text }}"
        body = self.template.body_html
        form.save().action_save()
        self.assertEqual(self.template.subject, "Our invoice {{ object.total_text }}")
        self.assertEqual(self.template.body_html, body)
        with self.assertRaisesRegex(UserError, "sends no email"):
            self.level("call").with_user(self.accountant).action_edit_text()

    def test_the_window_has_a_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").subject = "Notre facture"
        example = self.env["ar.followup.level.example"].with_user(self.accountant)
        action = example.new(
            {"level_id": self.level("friendly").id, "lang": "fr_FR"}
        ).action_edit_text()
        Text = self.env[action["res_model"]].with_user(self.accountant)
        form = Form(Text.with_context(**action["context"]))
        self.assertEqual((form.lang, form.subject), ("fr_FR", "Notre facture"))
        form.lang = "en_US"
        self.assertEqual(form.subject, self.template.subject)
        form.lang = "fr_FR"
        form.subject = "Votre facture"
        form.body = "<p>Bien à vous</p>"
        action = form.save().action_see_example()
        self.assertEqual(action["context"]["default_lang"], "fr_FR")
        french = self.template.with_context(lang="fr_FR")
        self.assertEqual(french.subject, "Votre facture")
        self.assertIn("Bien à vous", french.body_html)
        self.assertIn("have you seen", self.template.subject)
        self.assertIn("Kind regards", self.template.body_html)

    def test_the_window_names_who_else_has_the_text(self):
        self.level("second").mail_template_id = self.template
        Text = self.env["ar.followup.level.text"].with_user(self.accountant)
        form = Form(Text.with_context(default_level_id=self.level("friendly").id))
        self.assertEqual(form.other_levels, "Second reminder (Standard ladder)")

    def test_the_window_gives_no_rights(self):
        text = self.env["ar.followup.level.text"].create(
            {"level_id": self.level("friendly").id, "lang": "en_US", "subject": "Mine"}
        )
        with self.assertRaises(AccessError):
            text.with_user(self.collector).action_save()
        with self.assertRaises(AccessError):
            self.env["ar.followup.level.text"].with_user(self.collector).create({})

    def test_nobody_else_does(self):
        approver = "account.group_account_invoice,ar_followup_plus.group_ar_approver"
        for name, groups in (
            ("collector", "account.group_account_invoice"),
            ("approver", approver),
            ("auditor", "base.group_user,account.group_account_readonly"),
            ("sales", "base.group_user,base.group_partner_manager"),
        ):
            template = self.by(self._user(name, groups))
            with self.subTest(name=name):
                self.assertFalse(template.can_write)
                with self.assertRaises(AccessError):
                    template.subject = "Mine"

    # which templates ---------------------------------------------------------

    def test_no_other_template(self):
        invoice = self.env.ref("account.email_template_edi_invoice")
        with self.assertRaises(AccessError):
            self.by(self.accountant, invoice).subject = "Mine"

    def test_ours_does_not_become_another(self):
        """Odoo's own rule counts for what is then no reminder's."""
        model = self.env["ir.model"]._get("res.partner")
        with self.assertRaises(AccessError):
            self.by(self.accountant).model_id = model

    def test_it_is_not_deleted(self):
        unused = self.template.copy()
        with self.assertRaises(AccessError):
            self.by(self.accountant, unused).unlink()

    # which words -------------------------------------------------------------

    @mute_logger("odoo.addons.mail.models.mail_template")
    def test_only_the_words_of_a_letter(self):
        """What a text does, it does with the engine's rights."""
        body = self.template.body_html
        for vals in (
            {"body_html": f'{body}<t t-out="object.sudo().env.cr.dbname"/>'},
            {"body_html": f'{body}<t t-set="x" t-value="object.total_text"/>'},
            {"body_html": f'{body}<a t-att-href="object.total_text">x</a>'},
            {"body_html": f'{body}<t t-foreach="object.line_ids" t-as="l">x</t>'},
            {"body_html": f'{body}<t t-call="web.layout"/>'},
            {"body_html": f'{body}<p t-if="object.env.user">x</p>'},
            {"body_html": f'{body}<p t-out="user.password"/>'},
            {"subject": "{{ object.create_uid.partner_id.email }}"},
            {"email_from": "{{ object.env.user.email }}"},
            {"lang": "{{ object.env.cr.commit() }}"},
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint():
                with self.assertRaisesRegex(AccessError, "cannot be used in a rem"):
                    self.by(self.accountant).write(vals)
                    self.fail("it was saved")

    def test_an_editor_of_templates_uses_any(self):
        self.accountant.group_ids += self.env.ref("mail.group_mail_template_editor")
        self.by(self.accountant).subject = "{{ object.case_id.round }}"
        self.assertEqual(self.template.subject, "{{ object.case_id.round }}")

    def test_the_shipped_texts_use_only_these(self):
        used = set()
        for level in LEVELS:
            template = self.level(level).mail_template_id
            self.assertFalse(list(template._ar_foreign_words()))
            used |= {
                word for _text, word, _or in parse_inline_template(template.subject)
            }
            for element in html.fromstring(template.body_html).iter():
                used |= {element.get("t-out"), element.get("t-if")}
        self.assertGreater(len(used & WORDS), 8)
        self.assertLessEqual(used - {None, ""}, WORDS)

    def test_the_words_are_of_the_reminder(self):
        partner = self.customer("Ann")
        self.invoice(partner, due=0)
        self.work_day(3)
        reminder = self.reminders(partner)
        for word in WORDS:
            with self.subTest(word=word):
                reminder.mail_template_id._render_template(
                    f'<t t-out="{word}"/>', reminder._name, reminder.ids, engine="qweb"
                )

    # a text of its own -------------------------------------------------------

    def test_a_new_level_gets_the_usual_text_of_its_tone(self):
        policy = self.env["ar.followup.policy"].with_user(self.accountant)
        policy = policy.create(
            {
                "name": "New",
                "level_ids": [
                    Command.create({"name": name, "tone": name, "delay_days": days})
                    for name, days in (
                        ("courtesy", -2),
                        ("friendly", 1),
                        ("firm", 9),
                        ("final", 20),
                    )
                ],
            }
        )
        for level in policy.level_ids:
            usual = self.level(level.tone).mail_template_id
            with self.subTest(tone=level.tone):
                self.assertNotEqual(level.mail_template_id, usual)
                self.assertEqual(level.mail_template_id.body_html, usual.body_html)
                self.assertIn(level.name, level.mail_template_id.name)
                self.assertTrue(level.mail_template_id.can_write)

    def test_a_call_gets_none_until_it_sends_an_email(self):
        level = self.level("call").with_user(self.accountant)
        self.assertFalse(level.mail_template_id)
        level.send_email = True
        self.assertEqual(
            level.mail_template_id.body_html,
            self.level("firm").mail_template_id.body_html,
        )

    def test_without_the_usual_text_one_has_to_be_chosen(self):
        self.level("final").write(
            {
                "send_email": False,
                "mail_template_id": False,
                "activity_type_id": self.level("call").activity_type_id.id,
            }
        )
        self.env.ref("ar_followup_plus.mail_template_final").unlink()
        with self.assertRaisesRegex(ValidationError, "Choose a template"):
            self.level("final").send_email = True

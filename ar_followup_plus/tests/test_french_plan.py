"""A French customer reads French, and nothing else, about a payment plan."""

import polib
from lxml import html

from odoo.tests import tagged

from ..models.agreement.ar_followup_reminder import PLAN_KINDS
from .common_plans import PlanCommon
from .test_french_mail import ENGLISH_MONTHS, I18N, words

#: Words of the French texts that are English words, too.
BOTH = {
    "date",
    "dates",
    "font",
    "mail",
    "message",
    "moment",
    "plus",
    "solution",
    "total",
}


@tagged("post_install", "-at_install")
class TestFrenchPlan(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["ar_followup_plus"], ["fr_FR"])
        cls.company.name = "Meubles Martin"
        cls.collector.name = "Chloé Lefèvre"
        cls.ann.write({"name": "Boulangerie Dupont", "lang": "fr_FR"})
        template = polib.pofile(str(I18N / "ar_followup_plus.pot"), encoding="utf-8")
        cls.english = ENGLISH_MONTHS.union(
            *(
                words(html.fromstring(f"<p>{e.msgid}</p>").text_content())
                for e in template
            )
        )

    def setUp(self):
        super().setUp()
        self.agreed = self.approved(
            self.bill, installment_count=4, date_first="2026-01-12"
        )

    def assertFrench(self, text):
        self.assertFalse(words(text) & self.english - BOTH, text)

    def test_each_mail(self):
        for kind, _label in PLAN_KINDS:
            if kind == "plan_note":
                self.agreed.action_accept()
            with self.subTest(kind):
                template = self.env.ref(f"ar_followup_plus.mail_template_{kind}")
                message = self.engine["ar.followup.reminder"]._make_messages(
                    [
                        {
                            "case_id": self.agreed.case_id.id,
                            "kind": kind,
                            "is_demand": False,
                            "mail_template_id": template.id,
                            "level_name": kind,
                            "plan_id": self.agreed.id,
                            "plan_line_id": self.agreed.line_ids[0].id,
                        }
                    ]
                )
                body = html.fromstring(message._mail_html()).find("body")
                self.assertFrench(f"{message.subject} {body.text_content()}")

    def test_the_agreement_on_paper(self):
        for step in (lambda: None, lambda: self.agreed.action_accept("phone")):
            step()
            with self.subTest(self.agreed.state):
                page, _kind = self.engine["ir.actions.report"]._render_qweb_html(
                    "ar_followup_plus.report_payment_plan", self.agreed.ids
                )
                (text,) = html.fromstring(page).xpath("//div[@class='page']")
                self.assertFrench(text.text_content())

    def test_what_the_page_says(self):
        plan = self.agreed.with_context(lang="fr_FR")
        for step in (lambda: None, plan.action_accept):
            step()
            with self.subTest(plan.state):
                self.assertFrench(plan._customer_status())

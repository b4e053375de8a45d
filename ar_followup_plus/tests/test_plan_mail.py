"""What customers read in the mails about their payment plan."""

import re
from typing import NamedTuple

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools.rendering_tools import parse_inline_template

from ..models.agreement.ar_followup_reminder import PLAN_KINDS
from ..models.agreement.mail_template import AGREEMENT_WORDS
from .common_plans import PlanCommon

KINDS = [kind for kind, _label in PLAN_KINDS]
#: what a word that was not filled in leaves behind
RAW = ("object.", "False", "None", "{{", "}}", "ar.", "t-out", "[[")


class Letter(NamedTuple):
    """What would leave, in its frame."""

    subject: str
    html: str


@tagged("post_install", "-at_install")
class TestPlanMail(PlanCommon):
    def setUp(self):
        super().setUp()
        # 250 on the 12th of each month; in April that is a Sunday
        self.agreed = self.approved(
            self.bill, installment_count=4, date_first="2026-01-12"
        )

    def template(self, kind):
        return self.env.ref(f"ar_followup_plus.mail_template_{kind}")

    def mail(self, kind):
        """The letter of this kind about the plan and its first instalment."""
        message = self.engine["ar.followup.reminder"]._make_messages(
            [
                {
                    "case_id": self.agreed.case_id.id,
                    "kind": kind,
                    "is_demand": False,
                    "mail_template_id": self.template(kind).id,
                    "level_name": kind,
                    "plan_id": self.agreed.id,
                    "plan_line_id": self.agreed.line_ids[0].id,
                }
            ]
        )
        self.assertEqual(message.state, "queued", message.failure_reason)
        return Letter(message.subject, str(message._mail_html()))

    def subject(self, mail):
        return " ".join(mail.subject.split())

    def text(self, mail):
        body = html.fromstring(mail.html).find("body")
        return re.sub(r"\s+", " ", body.text_content())

    def rows(self, mail):
        return [
            [" ".join(cell.text_content().split()) for cell in row]
            for row in html.fromstring(mail.html).xpath("//table//tr")
        ]

    def link(self, mail):
        (link,) = html.fromstring(mail.html).xpath("//a[contains(@href, '/my/')]")
        return link.get("href"), " ".join(link.text_content().split())

    def test_the_offer(self):
        mail = self.mail("plan_offer")
        self.assertIn("your payment plan for $ 1,000.00", self.subject(mail))
        self.assertEqual(
            self.rows(mail),
            [
                ["To be paid by", "Instalment"],
                ["January 12, 2026", "$ 250.00"],
                ["February 12, 2026", "$ 250.00"],
                ["March 12, 2026", "$ 250.00"],
                ["April 13, 2026", "$ 250.00"],
                ["Total", "$ 1,000.00"],
            ],
        )
        self.assertIn("accept it by January 24, 2026", self.text(mail))
        address, label = self.link(mail)
        self.assertEqual(label, "See and accept the plan")
        self.assertTrue(address.startswith("http"))
        self.assertIn(f"/my/payment-plans/{self.agreed.id}?access_token=", address)
        self.assertIn(self.agreed.sudo().access_token, address)

    def test_before_an_instalment(self):
        self.agreed.action_accept()
        self.pay(self.bill, 50)
        mail = self.mail("plan_note")
        self.assertIn("your instalment on January 12, 2026", self.subject(mail))
        text = self.text(mail)
        self.assertIn("is $ 200.00, to be paid by January 12, 2026", text)
        self.assertIn(f"{self.agreed.name} as payment reference", text)
        self.assertEqual(self.link(mail)[1], "See the plan and pay")

    def test_an_instalment_is_late(self):
        self.agreed.action_accept()
        self.travel(12)
        mail = self.mail("plan_late")
        self.assertIn(
            "your instalment of $ 250.00 been overlooked?", self.subject(mail)
        )
        text = self.text(mail)
        self.assertIn("$ 250.00 that was to be paid by January 12, 2026", text)
        for answer in ("pay with the link", "tell us when", "tell us what is wrong"):
            self.assertIn(answer, text)

    def test_thanks_for_an_instalment(self):
        self.agreed.action_accept()
        self.pay(self.bill, 300)
        mail = self.mail("plan_paid")
        self.assertIn("thank you for your instalment of $ 250.00", self.subject(mail))
        self.assertIn(
            "The next one is $ 200.00, to be paid by February 12, 2026", self.text(mail)
        )
        self.assertEqual(
            self.rows(mail)[1:4],
            [
                ["January 12, 2026", "$ 250.00", "paid"],
                ["February 12, 2026", "$ 250.00", "$ 200.00"],
                ["March 12, 2026", "$ 250.00", "$ 250.00"],
            ],
        )
        self.assertEqual(self.rows(mail)[-1], ["Total", "$ 1,000.00", "$ 700.00"])

    def test_thanks_for_the_last_one(self):
        """There is no next one to speak of."""
        self.agreed.action_accept()
        self.pay(self.bill)
        self.assertNotIn("The next one", self.text(self.mail("plan_paid")))

    def test_thanks_for_the_plan(self):
        self.agreed.action_accept()
        self.pay(self.bill)
        text = self.text(self.mail("plan_done"))
        self.assertIn(f"plan {self.agreed.name} for $ 1,000.00 has been paid", text)

    def test_each_is_whole(self):
        """Every word is filled in, somebody greets by name, whatever the kind."""
        self.agreed.action_accept()
        for kind in KINDS:
            with self.subTest(kind):
                mail = self.mail(kind)
                text = f"{self.subject(mail)} {self.text(mail)}"
                for raw in RAW:
                    self.assertNotIn(raw, text)
                self.assertIn("The Seller:", self.subject(mail))
                self.assertIn("Dear Ann,", text)
                self.assertIn("Carla Collector", text)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        rows = self.rows(self.mail("plan_offer"))
        self.assertEqual(rows[2][0], "12 février 2026")
        self.assertEqual(rows[2][1].replace("\N{NO-BREAK SPACE}", " "), "$ 250,00")

    def test_who_administers_invoicing_words_them(self):
        """With the words of a reminder and those of agreements, and nothing else."""
        admin = new_test_user(
            self.env, login="words", groups="account.group_account_manager"
        )
        ours = self.env["ir.model.data"].search(
            [("module", "=", "ar_followup_plus"), ("model", "=", "mail.template")]
        )
        used = set()
        for template in self.env["mail.template"].browse(ours.mapped("res_id")):
            template = template.with_user(admin)
            self.assertFalse(list(template._ar_foreign_words()), template.name)
            used |= {
                word for _text, word, _or in parse_inline_template(template.subject)
            }
            for element in html.fromstring(template.body_html).iter():
                used |= {element.get("t-out"), element.get("t-if")}
                used.add(element.get("t-foreach"))
        self.assertLessEqual(AGREEMENT_WORDS, used)
        template = self.template(KINDS[0]).with_user(admin)
        body = str(template.body_html)
        template.body_html = f'{body}<p t-out="object.plan_table"/>'
        with self.assertRaisesRegex(AccessError, "cannot be used"):
            template.body_html = f'{body}<p t-out="object.plan_id.note"/>'

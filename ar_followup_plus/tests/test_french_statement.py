"""A French customer reads French, and nothing else, of their account."""

import polib
from lxml import html

from odoo.tests import tagged

from .test_french_mail import ENGLISH_MONTHS, I18N, words
from .test_statement_pdf import PaperCommon

#: Words of the French texts that are English words, too.
BOTH = {"contact", "date", "document", "mail", "message", "plus", "question"}


@tagged("post_install", "-at_install")
class TestFrenchStatement(PaperCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["ar_followup_plus"], ["fr_FR"])
        cls.company.name = "Meubles Martin"
        cls.collector.name = "Chloé Lefèvre"
        bank_sudo = cls.company.partner_id.bank_ids.sudo()
        bank_sudo.acc_number = "30004 01587 00026711701 73"
        bank_sudo.bank_id.name = "Banque de Lyon"
        cls.ann.write({"name": "Boulangerie Dupont", "lang": "fr_FR"})
        template = polib.pofile(str(I18N / "ar_followup_plus.pot"), encoding="utf-8")
        cls.english = ENGLISH_MONTHS.union(
            *(
                words(html.fromstring(f"<p>{e.msgid}</p>").text_content())
                for e in template
            )
        )

    def assertFrench(self, text):
        self.assertFalse(words(text) & self.english - BOTH, text)

    def test_the_paper(self):
        """With each kind of row, each mark and each age; and with nothing at all."""
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        bills = self.invoices([(self.ann, 100, -40 * n) for n in range(3)])
        foreign = self.invoice(self.ann, 80, due=-5, currency_id=euro.id)
        self.work_day(1)
        kinds = ("disputed", "planned", "promised")
        for bill, kind in zip(bills, kinds, strict=True):
            item = self.item(bill)
            self.engine["ar.followup.hold"].create(
                {"case_id": item.case_id.id, "item_id": item.id, "kind": kind}
            )
        self.credit(self.ann, 30)
        self.match(foreign, self.unmatched(self.ann, 20).move_id)
        (text,) = self.page(self.window(self.ann, date_from=self.day(-200)))
        self.assertFrench(text)
        (text,) = self.page(self.window(self.ann, date=self.day(-300)))
        self.assertFrench(text)
        self.credit(self.ann, 3000)
        (text,) = self.page(self.window(self.ann))
        self.assertFrench(text)

    def test_the_mail(self):
        self.window(self.ann).action_send()
        message = self.reminders(self.ann)
        body = html.fromstring(message._mail_html()).find("body")
        self.assertFrench(f"{message.subject} {body.text_content()}")

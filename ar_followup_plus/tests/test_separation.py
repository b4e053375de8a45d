"""A customer's mail carries nothing of another customer, whatever they are called."""

import io
import re
from email.utils import getaddresses
from html import unescape
from itertools import pairwise

from PyPDF2 import PdfReader

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FollowupCommon

#: name, language, fields; the addressee of the first three is a person, "Alex Kim"
PEOPLE = (
    ("Anna Berg", "en_US"),
    ("Anna Berg Nachfolger", "en_US"),  # with another customer's name in it
    ('Bert & <b>Söhne</b> "GmbH"', "fr_FR"),
    ("{{ object.customer_id.id }}", "en_US"),  # reads like a template
    ("Dora <t t-out=\"'x'\"/> 'Dora'", "fr_FR"),
    ("Zwilling SA", "fr_FR"),
    ("Zwilling SA", "fr_FR"),
    ("Eve, Bcc: dora <dora@customer.example>", "en_US"),  # reads like a header
)
PERSON = "Alex Kim"
SUBJECT = "{{ object.customer_id.name }}: {{ object.line_ids[:1].name }}"
BODY = """
<div>
    <p>Dear <t t-out="object.addressee_name"/>,</p>
    <p><t t-out="object.customer_id.ref"/> owes <t t-out="object.total_text"/></p>
    <t t-out="object.invoice_table"/>
    <p><t t-out="object.sender_name"/></p>
</div>
"""


@tagged("post_install", "-at_install")
class TestSeparation(FollowupCommon):
    """One batch: the same template, salesperson and day for all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        template = cls.env["mail.template"].create(
            {
                "name": "Letter",
                "model_id": cls.env["ir.model"]._get_id("ar.followup.reminder"),
                "subject": SUBJECT,
                "body_html": BODY,
            }
        )
        level = {"mail_template_id": template.id, "attach_invoices": True}
        cls.set_policy(levels=[(3, "friendly", level)])
        # in a test Odoo would attach the page that the PDF is made of
        context = {"force_report_rendering": True}
        cls.engine = cls.env(user=SUPERUSER_ID, context=context)
        cls.people = [cls._some_customer(*who) for who in enumerate(PEOPLE)]
        cls.debts = cls.invoices(
            [
                (partner, 137.11 + 101.01 * number + 40.5 * which, -which)
                for number, partner in enumerate(cls.people)
                for which in range(2 if number == 1 else 1)
            ]
        ).grouped("partner_id")

    @classmethod
    def _some_customer(cls, number, who):
        name, lang = who
        partner = cls.customer(
            name,
            lang=lang,
            ref=f"REF-{number}{number}",
            email=f"c{number}@customer.example",
            street=f"{number}{number} Main Street",
            user_id=cls.collector.id,
        )
        if number < 3:
            person = {"name": PERSON, "type": "invoice", "parent_id": partner.id}
            address = f"alex.{number}@customer.example"
            cls.env["res.partner"].create({**person, "lang": lang, "email": address})
        return partner

    def test_a_batch(self):
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            self.work_day(3)  # what it says about pictures it does not reach
        mails = {partner: self._mail_of(partner) for partner in self.people}
        self.assertEqual(len(self.sink.mails), len(PEOPLE))
        for partner, mail in mails.items():
            with self.subTest(partner.name, address=mail.recipients):
                self._check_headers(partner, mail)
                files = self._check_files(partner, mail)
                self._check_words(partner, mail, files)
        self._check_tells_them_apart(mails)

    def _check_tells_them_apart(self, mails):
        """Each of the checks notices the mail of somebody else."""
        for partner, other in pairwise(self.people):
            mail = mails[other]
            for check, *more in (
                (self._check_headers,),
                (self._check_files,),
                (self._check_words, ""),
            ):
                with self.assertRaises(AssertionError):
                    check(partner, mail, *more)
            with self.assertRaises(AssertionError):
                self._check_words(partner, mails[partner], other.street)

    def _mail_of(self, partner):
        (mail,) = self.received(self._address(partner))
        return mail

    @staticmethod
    def _address(partner):
        return partner.child_ids.email or partner.email

    def _check_headers(self, partner, mail):
        """Who it goes to, and where an answer would go."""
        own = self._address(partner)
        message = mail.message
        self.assertEqual(mail.recipients, (own,))
        to = [address for _name, address in getaddresses(message.get_all("To"))]
        self.assertEqual(to, [own])
        self.assertFalse(message.get_all("Cc"))
        self.assertFalse(message.get_all("Bcc"))
        for header in ("From", "Reply-To", "Return-Path", "Sender"):
            for _name, address in getaddresses(message.get_all(header, [])):
                self.assertNotIn("customer.example", address, header)
        case = self.case(partner)
        self.assertEqual(self._threads(message), {case.id})

    @staticmethod
    def _threads(message):
        """The cases that the mail's own name and its references belong to."""
        names = " ".join(
            str(value)
            for header in ("Message-Id", "References", "In-Reply-To")
            for value in message.get_all(header, [])
        )
        return set(map(int, re.findall(r"openerp-(\d+)-ar\.followup\.case", names)))

    def _check_files(self, partner, mail):
        """Each invoice's PDF is its own; returns what is written in them."""
        words = {}
        for part in mail.message.iter_attachments():
            pages = PdfReader(io.BytesIO(part.get_content())).pages
            text = " ".join(page.extract_text() for page in pages)
            words[part.get_filename()] = " ".join(text.split())
        moves = self.debts[partner]
        self.assertEqual(
            set(words), {move.invoice_pdf_report_id.name for move in moves}
        )
        for move in moves:
            text = words[move.invoice_pdf_report_id.name]
            self.assertIn(move.name, text)
            self.assertIn(partner.street, text)
            self.assertIn(" ".join(partner.name.split()), text)
            for other in self.env["account.move"].concat(*self.debts.values()) - move:
                self.assertNotIn(other.name, text)
        return " ".join(words.values())

    def _check_words(self, partner, mail, files):
        """Text, links and files name what is the customer's, and nobody else's."""
        moves = self.debts[partner]
        self.assertEqual(mail.subject, f"{partner.name}: {moves[-1].name}")
        if "<" in partner.name:
            self.assertNotIn(partner.name, mail.html, "a name is no markup")
        shown = unescape(mail.html)
        self.assertIn(PERSON if partner.child_ids else partner.name, shown)
        links = set(re.findall(r"/my/invoices/(\d+)\?access_token=([\w-]+)", shown))
        self.assertEqual(links, {(str(m.id), m.access_token) for m in moves})
        headers = " ".join(map(str, mail.message.values()))
        everything = " ".join((headers, mail.message.as_string(), shown, files))
        for other in self.people:
            if other == partner:
                self.assertIn(partner.ref, shown)
                continue
            strangers = [other.ref, self._address(other), other.street]
            strangers += self.debts[other].mapped("name")
            strangers += self.debts[other].mapped("access_token")
            for amount in self.debts[other].mapped("amount_total"):
                strangers += [f"{amount:.2f}", f"{amount:.2f}".replace(".", ",")]
            if other.name not in partner.name:
                strangers.append(other.name)
            for stranger in strangers:
                self.assertFalse(stranger in everything, stranger)

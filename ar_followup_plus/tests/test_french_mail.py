"""A French customer reads French, and nothing else, in every mail."""

import re
from datetime import timedelta
from pathlib import Path

import polib
from lxml import html

from odoo.tests import tagged

from .common import START
from .test_wording_mail import ANSWER_DAYS, MAILS, WordingCommon

I18N = Path(__file__).parents[1] / "i18n"
#: Words of the French mails that are English words, too.
BOTH = {
    "contact",
    "date",
    "mail",
    "message",
    "part",
    "plus",
    "solution",
    "suit",
    "total",
}
#: Signs of what English writes into dates and amounts.
ENGLISH_MONTHS = {
    "january",
    "february",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
}
#: What people read that is no text of an element.
READ = ("title", "alt", "aria-label")


def words(text):
    """The words of a text, without addresses, which have no language."""
    text = re.sub(r"\S+[@/]\S+", " ", text)
    return set(re.findall(r"[^\W\d_]{2,}", text.lower()))


@tagged("post_install", "-at_install")
class TestFrenchMail(WordingCommon):
    """Every level, sent to a French customer by a French collector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["ar_followup_plus"], ["fr_FR"])
        cls.company.name = "Meubles Martin"
        cls.collector.name = "Chloé Lefèvre"
        cls.euro = cls.setup_other_currency("EUR", rates=[("2025-01-01", 1.0)])
        # the paragraph an approved rule lets print is part of the mails
        cls.classPatch(
            type(cls.env["ar.followup.reminder"]),
            "_plan_offer_approved",
            lambda _reminder: True,
        )
        template = polib.pofile(str(I18N / "ar_followup_plus.pot"), encoding="utf-8")
        cls.english = ENGLISH_MONTHS.union(
            *(
                words(html.fromstring(f"<p>{e.msgid}</p>").text_content())
                for e in template
            )
        )

    def _mails(self, *names):
        """The mails of these levels as they arrived: name → mail."""
        due = {name: self._due(name) for name in names}
        self.work_day(0)
        for partner in due.values():
            waiting = self.reminders(partner, "to_review")
            waiting.with_user(self.collector).action_send()
        return {name: self._mail_to(partner) for name, partner in due.items()}

    def _due(self, name):
        """A customer who gets this level's mail on the first day.

        They owe two invoices, of one of which a part is in dispute.
        """
        before, age = MAILS[name]
        partner = self.customer(
            "Boulangerie Dupont", lang="fr_FR", email=f"{name}@dupont.example"
        )
        day = START - timedelta(days=age)
        owed = {"currency_id": self.euro.id, "invoice_date": day - timedelta(days=30)}
        moves = self.invoices(
            [(partner, amount, day, owed) for amount in (1234.56, 80)]
        )
        self.engine["ar.followup.case"]._collect(self.company, START, partner.ids)
        items = self.item(moves[0]) | self.item(moves[1])
        if before:
            stood = START - timedelta(days=10)
            items.write({"level_id": self.level(before).id, "level_date": stood})
        self.engine["ar.followup.hold"].create(
            {
                "case_id": self.case(partner).id,
                "item_id": items[1].id,
                "kind": "disputed",
                "is_partial": True,
                "amount": 30.0,
            }
        )
        return partner

    def _english(self, mail):
        """The English words that a customer reads in a mail."""
        body = html.fromstring(mail.html).find("body")
        read = [mail.subject, *body.itertext()]
        for name in READ:
            read += body.xpath(f"//@{name}")
        return words(" ".join(read)) & self.english - BOTH

    def test_no_english_word(self):
        mails = self._mails(*MAILS)
        self.assertEqual(len(mails), len(MAILS))
        for name, mail in mails.items():
            with self.subTest(level=name):
                self.assertFalse(self._english(mail))
                self.assertIn('lang="fr-FR"', mail.html)

    def test_what_both_languages_write_is_needed(self):
        """No word is let pass that no French mail has."""
        read = " ".join(self._text(mail) for mail in self._mails(*MAILS).values())
        self.assertFalse(BOTH - words(read))

    def test_dates_and_amounts(self):
        for name, mail in self._mails(*MAILS).items():
            with self.subTest(level=name):
                text = self._text(mail)
                self.assertIn("1 234,56 €", text)
                self.assertIn("50,00 € sur 80,00 €", text)
                self.assertIn("1 284,56 €", text)
                self.assertNotRegex(text, r"€ ?\d|\d\.\d\d\b|\d,\d{3}\b")
                due = START - timedelta(days=MAILS[name][1])
                self.assertIn(f"{due:%d/%m/%Y}", text)
                if ANSWER_DAYS.get(name):
                    answer = START + timedelta(days=ANSWER_DAYS[name])
                    self.assertIn(f"au plus tard le {answer.day} janvier 2026 :", text)

    def test_an_english_subject_is_caught(self):
        self._without_french(self._template("friendly"), "subject")
        (mail,) = self._mails("friendly").values()
        self.assertLessEqual({"have", "you", "seen", "our"}, self._english(mail))

    def test_an_english_body_is_caught(self):
        self._without_french(self._template("firm"), "body_html")
        (mail,) = self._mails("firm").values()
        self.assertLessEqual({"dear", "kind", "regards"}, self._english(mail))

    def test_an_english_word_of_the_table_is_caught(self):
        """One word is enough, were it but the text of a link."""
        table = self.env.ref("ar_followup_plus.reminder_table")
        table.update_field_translations(
            "arch_db", {"fr_FR": {"View and pay": "View and pay", "of": "of"}}
        )
        (mail,) = self._mails("friendly").values()
        self.assertEqual(self._english(mail), {"view", "and", "pay", "of"})

    def _template(self, level):
        return self.level(level).mail_template_id

    def _without_french(self, record, field):
        """As if a term of the addon had no translation."""
        record.update_field_translations(field, {"fr_FR": False})

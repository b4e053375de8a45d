import re
from datetime import date, timedelta
from html import unescape

from lxml import html

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import START, FollowupCommon

#: the shipped levels that send a mail → the level before, and days since the due date
MAILS = {
    "courtesy": (None, -2),
    "friendly": (None, 5),
    "second": ("friendly", 20),
    "firm": ("second", 40),
    "final": ("call", 100),
}
ANSWER_DAYS = {"friendly": 7, "second": 7, "firm": 7, "final": 10}
OFFER = "and the other half by"
MONTHS = {1: "janvier", 2: "février"}


class WordingCommon(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level("friendly").attach_invoices = False

    def _at_level(self, name, **vals):
        """A customer for whom the mail of this level is due on the first day."""
        before, age = MAILS[name]
        partner = self.customer(f"Client {name}", **vals)
        move = self.invoice(partner, 1234.5, START - timedelta(days=age))
        if before:
            case = self.engine["ar.followup.case"]
            case._collect(self.company, START, partner.ids)
            self.item(move).write(
                {
                    "level_id": self.level(before).id,
                    "level_date": START - timedelta(days=10),
                }
            )
        return partner, move

    def _mail_to(self, partner):
        (mail,) = self.received(partner)
        return mail

    def _text(self, mail):
        """What the customer reads, without the markup."""
        body = html.fromstring(mail.html).find("body")
        return re.sub(r"\s+", " ", body.text_content())

    def _rows(self, mail, part):
        """The cells of the table's rows, as text."""
        return [
            [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row]
            for row in html.fromstring(mail.html).xpath(f"//table/{part}/tr")
        ]


@tagged("post_install", "-at_install")
class TestShippedTexts(WordingCommon):
    """What the mail of each level says, as it is delivered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["ar_followup_plus"], ["fr_FR"])

    def _all_mails(self, **vals):
        """The mail of each level, as it arrived: name → (mail, invoice)."""
        due = {name: self._at_level(name, **vals) for name in MAILS}
        self.work_day(0)
        final = self.reminders(due["final"][0], "to_review")
        final.with_user(self.collector).action_send()
        return {
            name: (self._mail_to(partner), move)
            for name, (partner, move) in due.items()
        }

    def test_in_english(self):
        mails = self._all_mails(lang="en_US")
        for name, (mail, move) in mails.items():
            with self.subTest(level=name):
                self._check_frame(mail, move)
                self._check_table(
                    name, mail, move, "%m/%d/%Y", f"{move.currency_id.symbol} 1,234.50"
                )
                answer = "{0:%B} {0.day}, {0.year}".format
                self._check_one_answer_day(name, mail, answer, r"\w+ \d+, 2026")
        self.assertEqual(
            len({mail.subject for mail, _move in mails.values()}), len(MAILS)
        )
        self.assertIn("will call you", self._text(mails["firm"][0]))
        self.assertIn("final notice", self._text(mails["final"][0]))

    def test_in_french(self):
        """The customer's language rules, whoever runs the tick."""
        for name, (mail, move) in self._all_mails(lang="fr_FR").items():
            with self.subTest(level=name):
                self._check_frame(mail, move)
                self._check_table(
                    name, mail, move, "%d/%m/%Y", f"{move.currency_id.symbol} 1 234,50"
                )
                self._check_one_answer_day(
                    name,
                    mail,
                    lambda day: f"{day.day} {MONTHS[day.month]} {day.year}",
                    r"\d+ \w+ 2026",
                )
                self.assertIn('lang="fr-FR"', mail.html)
                for english in ("Dear", "Kind regards", "View and pay", "Due date"):
                    self.assertNotIn(english, mail.html)

    def _check_frame(self, mail, move):
        """A named sender with phone and company; nothing left unfilled; no offer."""
        text = self._text(mail)
        for words in (
            "Carla Collector",
            "+1 555 0123",
            "carla@seller.example",
            "The Seller",
            move.partner_id.name,
        ):
            self.assertIn(words, text)
        self.assertIn("Carla Collector", mail.message["From"])
        self.assertTrue(mail.subject.startswith("The Seller"))
        for left_over in ("{{", "t-out", "object.", "False", "None"):
            self.assertNotIn(left_over, mail.html + mail.subject)
        self.assertNotIn(OFFER, text)

    def _check_table(self, name, mail, move, day, amount):
        """Number, invoice date, due date, days overdue, open amount, link; a total."""
        age = MAILS[name][1]
        ((invoice, due, open_amount),) = self._rows(mail, "tbody")
        invoiced_on = move.invoice_date.strftime(day)
        self.assertRegex(invoice, f"^{re.escape(move.name)} .*: {invoiced_on} ")
        due_on = move.invoice_date_due.strftime(day)
        self.assertRegex(due, f"^{due_on} .*: {age}$" if age > 0 else f"^{due_on}$")
        plain = amount.replace(" ", "")
        self.assertEqual(re.sub(r"\s", "", open_amount), plain)
        ((_total, total, *_rest),) = self._rows(mail, "tfoot")
        self.assertEqual(re.sub(r"\s", "", total), plain)
        (link,) = html.fromstring(mail.html).xpath("//table//a/@href")
        self.assertEqual(
            link,
            f"{move.get_base_url()}/my/invoices/{move.id}"
            f"?access_token={move.access_token}",
        )

    def _check_one_answer_day(self, name, mail, written, pattern):
        """One date by which we ask for an answer, and no second one."""
        days = ANSWER_DAYS.get(name)
        expected = [written(START + timedelta(days=days))] if days else []
        self.assertEqual(re.findall(pattern, self._text(mail)), expected)

    def test_offer_only_where_a_rule_covers_it(self):
        """With an approved rule it prints, on the levels that offer it."""
        self.patch(
            type(self.env["ar.followup.reminder"]),
            "_plan_offer_approved",
            lambda _reminder: True,
        )
        offering = {
            name
            for name, (mail, _move) in self._all_mails().items()
            if OFFER in self._text(mail)
        }
        self.assertEqual(offering, {"friendly", "second", "firm"})


@tagged("post_install", "-at_install")
class TestAmounts(WordingCommon):
    """What a mail asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")

    def test_one_total_per_currency(self):
        """Sums never mix currencies."""
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        wanted = [(100.0, None), (20.5, euro), (7.0, None), (30.0, euro)]
        self.invoices(
            [
                (self.ann, amount, 0, {"currency_id": currency.id} if currency else {})
                for amount, currency in wanted
            ]
        )
        self.work_day(3)
        mail = self._mail_to(self.ann)
        totals = [re.sub(r"\s", "", row[1]) for row in self._rows(mail, "tfoot")]
        self.assertEqual(sorted(totals), ["$107.00", "50.50€"])
        amounts = [re.sub(r"\s", "", row[2]) for row in self._rows(mail, "tbody")]
        self.assertEqual(
            sorted(amounts), sorted(["$100.00", "20.50€", "$7.00", "30.00€"])
        )

    def test_partial_hold(self):
        """A part in dispute is not asked for; the letter asks for the rest."""
        move = self.invoice(self.ann, 100.0, 0)
        self.work_day(1)
        self.engine["ar.followup.case"]._collect(
            self.company, START + timedelta(days=3), self.ann.ids
        )
        self.engine["ar.followup.hold"].create(
            {
                "case_id": self.case(self.ann).id,
                "item_id": self.item(move).id,
                "kind": "disputed",
                "is_partial": True,
                "amount": 30.0,
            }
        )
        self.work_day(3)
        line = self.reminders(self.ann, "sent").line_ids
        self.assertRecordValues(
            line,
            [{"amount_residual": 100.0, "amount_held": 30.0, "amount_asked": 70.0}],
        )
        mail = self._mail_to(self.ann)
        ((_total, total, *_rest),) = self._rows(mail, "tfoot")
        self.assertEqual(re.sub(r"\s", "", total), "$70.00")
        self.assertIn("70.00", self._rows(mail, "tbody")[0][2])

    def test_credit_against_the_oldest(self):
        """An unallocated credit is set against the oldest due first."""
        older = self.invoice(self.ann, 100.0, -10)
        newer = self.invoice(self.ann, 80.0, 0)
        self.credit(self.ann, 130.0)
        self.work_day(3)
        mail = self._mail_to(self.ann)
        ((invoice, *_cells),) = self._rows(mail, "tbody")
        self.assertTrue(invoice.startswith(newer.name), invoice)
        self.assertNotIn(older.name, mail.html)
        ((_total, total, *_rest),) = self._rows(mail, "tfoot")
        self.assertEqual(re.sub(r"\s", "", total), "$50.00")

    def test_instalments(self):
        """Only what has come due is asked for."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 60 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50.0, "nb_days": days}
                    )
                    for days in (0, 60)
                ],
            }
        )
        self.invoice(
            self.ann,
            200.0,
            START,
            invoice_date=START,
            invoice_payment_term_id=term.id,
        )
        self.work_day(3)
        ((_invoice, due, amount),) = self._rows(self._mail_to(self.ann), "tbody")
        self.assertTrue(due.startswith(date(2026, 1, 5).strftime("%m/%d/%Y")))
        self.assertEqual(re.sub(r"\s", "", amount), "$100.00")

    def test_sender(self):
        """The customer's own collector signs; without anyone, the company does."""
        own = self.env["res.users"].create(
            {
                "name": "Otto Own",
                "login": "ar_otto",
                "email": "otto@seller.example",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self.invoice(self.ann, 100.0, 0)
        self.engine["ar.followup.case"].create(
            {
                "partner_id": self.ann.id,
                "company_id": self.company.id,
                "user_id": own.id,
            }
        )
        ben = self.customer("Ben")
        self.invoice(ben, 100.0, 0)
        self.company.ar_default_user_id = self.company.ar_manager_id = False
        self.work_day(3)
        mail = self._mail_to(self.ann)
        self.assertIn("otto@seller.example", mail.message["From"])
        self.assertIn("Otto Own", self._text(mail))
        self.assertIn("+1 555 0100", self._text(mail), "the office, he has no phone")
        mail = self._mail_to(ben)
        self.assertIn("office@seller.example", mail.message["From"])
        self.assertIn("Kind regards, The Seller", self._text(mail))


@tagged("post_install", "-at_install")
class TestTemplates(WordingCommon):
    """Templates that an admin rewrites."""

    def test_empty_body_is_refused(self):
        template = self.level("friendly").mail_template_id
        for body in (False, "", "<p><br></p>", "<div> </div>"):
            with self.subTest(body=body), self.assertRaises(ValidationError):
                template.body_html = body
        with self.assertRaises(ValidationError):
            self.level("firm").mail_template_id = template.copy({"body_html": False})

    def test_empty_translation_is_refused(self):
        """No customer gets a blank page because they speak another language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.level("friendly").mail_template_id
        with self.assertRaises(ValidationError):
            template.with_context(lang="fr_FR").body_html = "<p> </p>"

    def test_one_template_per_level(self):
        """A level is rewritten without touching another, also in a copied policy."""
        copied = self.policy.copy()
        levels = (self.policy | copied).level_ids.filtered("send_email")
        self.assertEqual(len(levels), 10)
        self.assertEqual(len(levels.mail_template_id), 10)

    def test_rewritten_text_leaves(self):
        template = self.level("friendly").mail_template_id
        template.body_html = (
            '<p>Hello <t t-out="object.partner_id.name"/>, '
            'please send <t t-out="object.total_text"/>.</p>'
        )
        template.subject = "Hello from {{ object.sender_name }}"
        ann = self.customer("Ann & Sons <Ltd>", email="ann@customer.example")
        self.invoice(ann, 100.0, 0)
        self.work_day(3)
        mail = self._mail_to(ann)
        self.assertEqual(mail.subject, "Hello from Carla Collector")
        self.assertIn("Hello Ann & Sons <Ltd>, please send", unescape(mail.html))
        self.assertNotIn("<Ltd>", mail.html, "names are text, never markup")


@tagged("post_install", "-at_install")
class TestLink(WordingCommon, HttpCase):
    """The link beside an invoice."""

    def test_link_opens_the_invoice(self):
        ann = self.customer("Ann")
        move = self.invoice(ann, 100.0, 0)
        self.work_day(3)
        (link,) = html.fromstring(self._mail_to(ann).html).xpath("//table//a/@href")
        self.assertTrue(link.startswith(move.get_base_url()))
        path = link.removeprefix(move.get_base_url())
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn(move.name, page.text)
        self.assertIn("100.00", page.text)
        for wrong in ("?access_token=0000", ""):
            refused = self.url_open(
                f"/my/invoices/{move.id}{wrong}", allow_redirects=False
            )
            self.assertIn(refused.status_code, (302, 303))
            self.assertNotIn(move.name, refused.text)

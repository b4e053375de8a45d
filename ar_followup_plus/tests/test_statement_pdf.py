"""The statement of account on paper, as wkhtmltopdf makes it."""

import io

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common_statement import StatementCommon

REPORT = "odoo.addons.base.models.ir_actions_report"
NAME = "ar_followup_plus.action_report_statement"


class PaperCommon(StatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.bank_ids.sudo().unlink()
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "BE71 0961 2345 6769",
                "partner_id": cls.company.partner_id.id,
                "bank_id": cls.env["res.bank"].create({"name": "First Bank"}).id,
                "allow_out_payment": True,
            }
        )
        cls.auditor = new_test_user(
            cls.env,
            login="ar_auditor",
            groups="base.group_user,account.group_account_readonly",
            company_id=cls.company.id,
        )

    def pdf(self, window):
        """The pages of the window's PDF, each as one line of text."""
        # tests are spared wkhtmltopdf otherwise
        report = window.with_context(force_report_rendering=True).env[
            "ir.actions.report"
        ]
        with mute_logger(REPORT):  # no web server to fetch the styles from
            content, kind = report._render_qweb_pdf(NAME, window.ids)
        self.assertEqual(kind, "pdf")
        return self.pages(content)

    def pages(self, content):
        reader = PdfFileReader(io.BytesIO(content))
        return [self.plain(page.extract_text()) for page in reader.pages]

    @staticmethod
    def plain(text):
        for space in ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"):
            text = text.replace(space, " ")
        # Odoo writes it between a minus and its figures
        for mark in ("\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH NO-BREAK SPACE}"):
            text = text.replace(mark, "")
        return " ".join(text.split())

    def page(self, window):
        """What the one page says, without wkhtmltopdf."""
        page, _kind = window.env["ir.actions.report"]._render_qweb_html(
            NAME, window.ids
        )
        return [
            self.plain(part.text_content())
            for part in html.fromstring(page).xpath("//div[@class='page']")
        ]


@tagged("post_install", "-at_install")
class TestPaper(PaperCommon):
    def setUp(self):
        super().setUp()
        self.bill = self.invoice(self.ann, 1000, due=0)
        self.later = self.invoice(self.ann, 250, due=20)

    def test_what_it_says(self):
        """Who, when, what is open, how old, what is left alone, whom to ask."""
        self.work_day(4)
        note = self.credit(self.ann, 30)
        item = self.item(self.bill)
        self.engine["ar.followup.hold"].create(
            {
                "case_id": item.case_id.id,
                "item_id": item.id,
                "kind": "disputed",
                "is_partial": True,
                "amount": 300,
                "date_from": self.day(2),
            }
        )
        (text,) = self.pdf(self.window(self.ann))
        for said in (
            "Statement of account, January 9, 2026",
            "Ann",
            f"Invoice {self.bill.name}",
            "Disputed, being looked into $ 300.00",
            "12/06/2025 01/05/2026 $ 1,000.00 $ 1,000.00",
            f"Credit note {note.name}",
            "$ -30.00 $ -30.00",
            "Balance $ 1,220.00",
            "Being looked into or agreed with you $ 300.00",
            "Not due yet 1–30 days overdue 31–60 days 61–90 days Over 90 days Credits",
            "$ 250.00 $ 1,000.00 $ 0.00 $ 0.00 $ 0.00 $ -30.00",
            "First Bank",
            "Carla Collector +1 555 0123 carla@seller.example",
        ):
            with self.subTest(said):
                self.assertIn(said, text)
        self.assertIn("BE71096123456769", text.replace(" ", ""))
        self.assertNotIn("What happened", text)

    def test_where_to_pay_is_no_account_of_theirs(self):
        """A credit note names the bank account to which it would be paid out."""
        self.env["res.partner.bank"].create(
            {
                "acc_number": "FR76 3000 6000 0112 3456 7890 189",
                "partner_id": self.ann.id,
                "allow_out_payment": True,
            }
        )
        self.travel(9)
        note = self.credit(self.ann, 30)
        self.assertEqual(note.partner_bank_id.partner_id, self.ann)
        (text,) = self.page(self.window(self.ann))
        text = text.replace(" ", "")
        self.assertIn("BE71096123456769", text)
        self.assertNotIn("FR7630006000011234567890189", text)

    def test_with_movements(self):
        self.travel(5)
        self.pay(self.bill, 400)
        payment = self.receivable(self.bill).matched_credit_ids.credit_move_id.move_id
        new = self.invoice(self.ann, 80, due=40)
        self.travel(26)
        (text,) = self.pdf(self.window(self.ann, date_from=self.day(1)))
        for said in (
            "01/06/2026 Balance before $ 1,250.00",
            f"01/10/2026 Payment {payment.name} $ -400.00",
            f"01/15/2026 Invoice {new.name} 02/14/2026 $ 80.00",
            "01/31/2026 Balance $ 930.00",
        ):
            with self.subTest(said):
                self.assertIn(said, text)

    def test_nothing_is_open(self):
        (text,) = self.pdf(self.window(self.customer("Ben")))
        self.assertIn("on this day nothing is open", text)
        self.assertNotIn("First Bank", text)
        self.travel(3)
        self.pay(self.bill | self.later)
        (text,) = self.pdf(self.window(self.ann))
        self.assertIn("Everything is paid", text)
        (text,) = self.pdf(self.window(self.ann, date_from=self.day(-60)))
        self.assertIn("Nothing is open any more", text)

    def test_in_their_favour(self):
        self.travel(3)
        self.credit(self.ann, 1400)
        (text,) = self.pdf(self.window(self.ann))
        self.assertIn("In your favour $ 150.00", text)
        self.assertIn("tell us whether we shall pay it out", text)


@tagged("post_install", "-at_install")
class TestManyCustomers(PaperCommon):
    """One file for many, each customer's in their language."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.luc = self.customer("Luc", lang="fr_FR")
        self.invoice(self.ann, 1000, due=0)
        self.invoice(self.luc, 2000, due=0)

    def test_a_page_for_each(self):
        """Also where wkhtmltopdf can only make one at a time, as here."""
        pages = self.pdf(self.window(self.luc | self.ann | self.customer("Ben")))
        self.assertEqual(len(pages), 3)
        luc, ann, ben = (
            next(page for page in pages if page.startswith(name))
            for name in ("Luc", "Ann", "Ben")
        )
        self.assertIn("on this day nothing is open", ben)
        self.assertIn("$ 1,000.00", ann)
        self.assertIn("2 000,00", luc)
        self.assertIn("5 janvier 2026", luc)
        self.assertNotIn("January", luc)
        self.assertIn("05/01/2026", luc)

    def test_one_for_a_customer_and_their_contacts(self):
        contact = self.env["res.partner"].create(
            {"name": "Bookkeeping", "parent_id": self.ann.id}
        )
        self.assertEqual(len(self.page(self.window(self.ann | contact))), 1)

    def test_of_one_currency_each(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        self.invoice(self.ann, 80, due=-40, currency_id=euro.id)
        (text,) = self.page(self.window(self.ann))
        self.assertRegex(text, r"In USD .* 1,000\.00 .* In EUR .* 80\.00")
        self.assertNotIn("1,080", text)

    def test_as_many_statements_for_12_as_for_3(self):
        people = [self.customer(f"C{n}") for n in range(12)]
        self.invoices([(partner, 100, 0) for partner in people for _ in "12"])
        counts = []
        for own in (people[:3], people[:3], people):
            window = self.window(self.ann.browse().concat(*own))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.page(window)), len(own))
            counts.append(self.env.cr.sql_log_count - before)
        # the first fills the caches of templates
        self.assertLessEqual(counts[2], counts[1], counts)


@tagged("post_install", "-at_install")
class TestWindow(PaperCommon):
    """Who may print, of what and of which day."""

    def setUp(self):
        super().setUp()
        self.bill = self.invoice(self.ann, 1000, due=0)

    def test_as_of_a_past_day(self):
        self.travel(9)
        self.pay(self.bill, 400)
        (text,) = self.page(self.window(self.ann, date=self.day(8)))
        self.assertIn("$ 1,000.00", text)
        self.assertNotIn("600.00", text)

    def test_a_day_to_come(self):
        window = self.window(self.ann, date=self.day(1))
        for button in (window.action_print, window.action_send, window._statements):
            with self.assertRaisesRegex(UserError, "January 6, 2026 has not come yet"):
                button()

    def test_movements_after_the_day(self):
        window = self.window(self.ann, date_from=self.day(0), date=self.day(-1))
        with self.assertRaisesRegex(UserError, "begin after the day"):
            window.action_print()

    def test_today_is_the_companys(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self.travel(0, hour=13)
        self.assertEqual(self.window(self.ann).date, self.day(1))

    def test_the_print_button(self):
        window = self.window(self.ann)
        action = window.action_print()
        self.assertEqual(action["report_name"], "ar_followup_plus.report_statement")
        self.assertEqual(action["context"]["active_ids"], window.ids)
        self.assertEqual(window._file_name(), "Statement of account Ann 2026-01-05")

    def test_an_auditor_prints_and_does_not_send(self):
        window = self.window(self.ann, self.auditor)
        (text,) = self.page(window)
        self.assertIn("$ 1,000.00", text)
        with self.assertRaisesRegex(AccessError, "sent by collectors"):
            window.action_send()
        self.assertFalse(self.reminders(self.ann))

    def test_strangers_do_not(self):
        seller = new_test_user(
            self.env,
            login="ar_seller",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self.window(self.ann, seller)

    def test_another_companys_collector_does_not(self):
        other = self.env["res.company"].create({"name": "The Neighbour"})
        neighbour = new_test_user(
            self.env,
            login="ar_neighbour",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        window = self.window(self.ann, neighbour, company_id=self.company.id)
        for button in (window.action_print, window.action_send, window._statements):
            with self.assertRaises(AccessError):
                button()
        hidden = self.customer("Hidden", company_id=self.company.id)
        Window = self.env["ar.statement"].with_user(neighbour)
        window = Window.new({"company_id": other.id, "partner_ids": hidden.ids})
        self.assertFalse(window.addressee_text or window.unreachable_text)
        # of their own company, the customer owes nothing
        (text,) = self.page(self.window(self.ann, neighbour))
        self.assertIn("on this day nothing is open", text)

    def test_nobody_elses_window(self):
        window = self.window(self.ann, self.auditor)
        with self.assertRaises(AccessError):
            window.with_user(self.collector)._statements()

    def test_of_an_archived_customer(self):
        self.ann.action_archive()
        window = self.window(self.ann)
        self.assertEqual(window.partner_ids, self.ann)
        (text,) = self.page(window)
        self.assertIn("$ 1,000.00", text)
        self.assertEqual(window.unreachable_text, "Ann")
        self.assertFalse(window.addressee_text)

    def test_cases_of_two_companies(self):
        self.env["ar.followup.case"].create({"partner_id": self.ann.id})
        cases = self.case(self.ann)
        action = cases.with_user(self.collector).action_statement()
        self.assertEqual(action["context"]["default_partner_ids"], self.ann.ids)
        other = self.env["res.company"].create({"name": "The Neighbour"})
        cases |= cases.create({"partner_id": self.ann.id, "company_id": other.id})
        with self.assertRaisesRegex(UserError, "one company at a time"):
            cases.action_statement()

"""The agreement on paper, as wkhtmltopdf makes it."""

import io

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common_plans import PlanCommon
from .common_portal import SIGNATURE

REPORT = "odoo.addons.base.models.ir_actions_report"
DRAFT = "draft, not an offer"


@tagged("post_install", "-at_install")
class TestPlanPdf(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # tests are spared wkhtmltopdf otherwise
        cls.engine = cls.env(
            user=SUPERUSER_ID, context={"force_report_rendering": True}
        )
        cls.env["res.partner.bank"].sudo().search(
            [("partner_id", "=", cls.company.partner_id.id)]
        ).unlink()
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "BE71 0961 2345 6769",
                "partner_id": cls.company.partner_id.id,
                "bank_id": cls.env["res.bank"].create({"name": "First Bank"}).id,
                "allow_out_payment": True,
            }
        )

    def four(self, step="plan"):
        """250 on the 12th of each month; in April that is a Sunday."""
        make = getattr(self, step)
        return make(self.bill, installment_count=4, date_first="2026-01-12")

    def text(self, plan):
        """What the PDF says, on one line."""
        report = self.engine["ir.actions.report"]
        with mute_logger(REPORT):  # no web server to fetch the styles from
            content, kind = report._render_qweb_pdf(
                "ar_followup_plus.report_payment_plan", plan.ids
            )
        self.assertEqual(kind, "pdf")
        return self.words(content)

    def words(self, content):
        pages = PdfFileReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def test_a_draft_is_no_offer(self):
        plan = self.four()
        for step in (lambda: None, plan.action_submit):
            step()
            with self.subTest(plan.state):
                text = self.text(plan)
                self.assertIn(DRAFT, text.lower())
                self.assertIn("has not been approved", text)
                self.assertIn(self.bill.name, text)
                self.assertNotIn("can be accepted", text)
                self.assertNotIn("Online", text)
                self.assertFalse(plan.sudo().access_token, "there is no link to it yet")

    def test_an_offer(self):
        """Who, which invoices, when and how much, how to pay, and what it means."""
        plan = self.four("approved")
        text = self.text(plan)
        self.assertNotIn(DRAFT, text.lower())
        for said in (
            f"Payment plan {plan.name}",
            "Ann owes The Seller",
            f"{self.bill.name} December 6, 2025 January 5, 2026 $ 1,000.00",
            "January 12, 2026 $ 250.00 February 12, 2026 $ 250.00",
            "March 12, 2026 $ 250.00 April 13, 2026 $ 250.00 Total $ 1,000.00",
            "First Bank",
            f"Payment reference {plan.name}",
            "The due dates of the invoices, and all rights under them, stay unchanged",
            "New invoices are not part of this plan",
            "can be accepted until January 24, 2026",
        ):
            with self.subTest(said):
                self.assertIn(said, text)
        self.assertIn("BE71096123456769", text.replace(" ", ""))
        self.assertNotIn("Acceptance", text)

    def test_once_accepted(self):
        plan = self.four("approved")
        before = self.text(plan)
        plan.sudo()._do_accept("portal", "Ann <i>Other</i>", signature=SIGNATURE)
        text = self.text(plan)
        self.assertIn("By Ann <i>Other</i> On 01/10/2026", text)
        self.assertIn("In the portal Signature", text)
        self.assertNotIn("can be accepted", text)
        self.assertIn("By Ann", text)
        self.assertNotIn("Signature", before)

    def test_no_longer_in_force(self):
        plan = self.four("approved")
        self.assertNotIn("not in force", self.text(plan))
        plan.sudo()._do_decline("Too short", "Ann")
        self.assertIn("This plan is not in force", self.text(plan))

    def test_in_the_customers_language(self):
        """Days and amounts; the words are checked with all others."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        text = self.text(self.four("approved")).replace(
            "\N{NARROW NO-BREAK SPACE}", " "
        )
        self.assertIn("12 février 2026", text)
        self.assertRegex(text.replace("\N{NO-BREAK SPACE}", " "), r"1 000,00")

    def test_it_goes_with_the_offer(self):
        plan = self.four("submitted")
        approved_by = plan.with_user(self.manager)
        approved_by.with_context(force_report_rendering=True).action_approve()
        with mute_logger(REPORT):
            self.work_day(6)
        (mail,) = self.received(self.ann)
        (file,) = mail.message.iter_attachments()
        self.assertEqual(
            file.get_filename(), f"Payment plan {plan.name.replace('/', '-')}.pdf"
        )
        text = self.words(file.get_content())
        self.assertIn("February 12, 2026 $ 250.00", text)
        self.assertNotIn(DRAFT, text.lower())

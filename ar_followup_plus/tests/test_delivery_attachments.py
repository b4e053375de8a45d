import contextlib
import io
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from ..models.contact.ar_followup_reminder_attachment import MEGABYTE
from ..models.engine.ar_followup_run import Clock
from .common import FollowupCommon

NO_PDF = "odoo.addons.ar_followup_plus.models.contact.account_move"
REPORT = "odoo.addons.base.models.ir_actions_report"


class AttachmentCommon(FollowupCommon):
    """Ann has two invoices, Ben has one; the friendly level takes their PDFs along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.ben = cls.customer("Ann"), cls.customer("Ben")
        # the one that is due later comes first in the books
        cls.later, cls.sooner, cls.bens = cls.invoices(
            [(cls.ann, 10.0, 0), (cls.ann, 20.0, -1), (cls.ben, 30.0, 0)]
        )

    def attached(self, partner):
        """File name and content of what the customer's only mail carries."""
        (mail,) = self.received(partner)
        return {
            part.get_filename(): part.get_content()
            for part in mail.message.iter_attachments()
        }

    def assertAttached(self, partner, *moves):
        files = {move.invoice_pdf_report_id.name for move in moves}
        self.assertEqual(set(self.attached(partner)), files)
        (mail,) = self.received(partner)
        for move in (self.later, self.sooner, self.bens):
            own = move.partner_id == partner
            self.assertEqual(own, f"/my/invoices/{move.id}?" in mail.html)

    def renders(self):
        """Counts how many invoices are rendered, in all the calls."""
        Report = type(self.env["ir.actions.report"])
        return patch.object(
            Report,
            "_pre_render_qweb_pdf",
            autospec=True,
            side_effect=Report._pre_render_qweb_pdf,
        )

    def break_report(self, partner):
        """The customer's invoices have a layout of their own, which cannot be made."""
        self.env["ir.ui.view"].create(
            {
                "name": "Broken Layout",
                "type": "qweb",
                "key": "ar_followup_plus.broken_layout",
                "arch": '<t t-name="broken"><t t-out="docs.no_such_field"/></t>',
            }
        )
        report = self.env.ref("account.account_invoices").copy(
            {"report_name": "ar_followup_plus.broken_layout", "is_invoice_report": True}
        )
        partner.with_company(self.company).invoice_template_pdf_report_id = report


@tagged("post_install", "-at_install")
class TestRealPdfs(AttachmentCommon):
    """With wkhtmltopdf, which tests are spared otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = cls.env(
            user=SUPERUSER_ID, context={"force_report_rendering": True}
        )

    @mute_logger(REPORT)  # there is no web server to fetch the styles from
    def test_each_customer_gets_their_own(self):
        Report = type(self.env["ir.actions.report"])
        with patch.object(
            Report,
            "_run_wkhtmltopdf",
            autospec=True,
            side_effect=Report._run_wkhtmltopdf,
        ) as made:
            self.work_day(3)
            self.assertTrue(made.called)
            made.reset_mock()
            for partner, moves in (
                (self.ann, self.sooner | self.later),
                (self.ben, self.bens),
            ):
                self._check_files(partner, moves)
            self.level("second").attach_invoices = True
            self.sink.reset()
            self.work_day(30)
            for partner, moves in (
                (self.ann, self.sooner | self.later),
                (self.ben, self.bens),
            ):
                self._check_files(partner, moves)
            self.assertFalse(made.called, "they are stored")

    def _check_files(self, partner, moves):
        files = self.attached(partner)
        self.assertEqual(set(files), set(moves.invoice_pdf_report_id.mapped("name")))
        for move in moves:
            content = files[move.invoice_pdf_report_id.name]
            self.assertEqual(content, move.invoice_pdf_report_id.raw)
            text = "".join(
                page.extract_text() for page in PdfFileReader(io.BytesIO(content)).pages
            )
            for other in (self.later, self.sooner, self.bens):
                self.assertEqual(other.name in text, other == move)
            self.assertIn(partner.name, text)


@tagged("post_install", "-at_install")
class TestAttachments(AttachmentCommon):
    def _store(self, move, megabytes):
        """A PDF made when the invoice was sent, of this size."""
        self.env["ir.attachment"].create(
            {
                "name": f"{move.id}.pdf",
                "raw": b"%PDF-" + b"x" * int(megabytes * MEGABYTE),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )

    def test_all_that_fit(self):
        self.work_day(3)
        self.assertAttached(self.ann, self.later, self.sooner)
        self.assertAttached(self.ben, self.bens)
        for moves in (self.sooner | self.later, self.bens):
            reminder = self.reminders(moves.partner_id).with_user(self.collector)
            self.env.invalidate_all()
            self.assertEqual(reminder.attachment_ids, moves.invoice_pdf_report_id)

    def test_at_most_so_many(self):
        """The oldest due first; no PDF is made that nobody gets."""
        self.company.ar_attachment_max = 1
        self.work_day(3)
        self.assertAttached(self.ann, self.sooner)
        self.assertFalse(self.later.invoice_pdf_report_id)
        self.assertAttached(self.ben, self.bens)

    def test_at_most_so_large(self):
        """One that is too large leaves its room to the next."""
        last = self.invoice(self.ann, 40.0)
        for move, megabytes in ((self.sooner, 3), (self.later, 2.5), (last, 1)):
            self._store(move, megabytes)
        self.work_day(3)
        self.assertEqual(
            set(self.attached(self.ann)), {f"{self.sooner.id}.pdf", f"{last.id}.pdf"}
        )
        self.assertAttached(self.ben, self.bens)

    def test_links_only(self):
        self._store(self.bens, 0.1)
        self.company.ar_attachment_mb_max = 0
        self.work_day(3)
        self.assertAttached(self.ann)
        self.assertAttached(self.ben)

    def test_stored_ones_are_used_again(self):
        for move in (self.later, self.sooner, self.bens):
            self._store(move, 0.1)
        with self.renders() as rendered:
            self.work_day(3)
        self.assertFalse(rendered.called)
        self.assertAttached(self.ann, self.later, self.sooner)

    def test_one_that_fails_stops_no_other(self):
        self.break_report(self.ann)
        with mute_logger(NO_PDF):
            self.work_day(3)
        self.assertAttached(self.ann)
        self.assertAttached(self.ben, self.bens)
        self.assertEqual(self.reminders(self.ann).state, "sent")

    def test_where_only_one_can_be_made_at_a_time(self):
        """As with the wkhtmltopdf of some systems."""
        Report = type(self.env["ir.actions.report"])
        original = Report._pre_render_qweb_pdf

        def one_by_one(self, report_ref, res_ids=None, data=None):
            if len(res_ids) > 1:
                raise ValueError("several documents")
            return original(self, report_ref, res_ids=res_ids, data=data)

        with (
            patch.object(Report, "_pre_render_qweb_pdf", one_by_one),
            mute_logger(NO_PDF),
        ):
            self.work_day(3)
        self.assertAttached(self.ann, self.later, self.sooner)
        self.assertAttached(self.ben, self.bens)

    def test_what_needs_no_file_leaves_first(self):
        self.set_policy(self.ben, levels=[(3, "friendly")])
        self.work_day(3)
        self.assertEqual(
            self.sink.mails, self.received(self.ben) + self.received(self.ann)
        )

    def test_beside_one_that_was_overtaken(self):
        """It was looked at before the files of an earlier one were made."""
        self.set_policy(self.ben, levels=[(3, "friendly")])
        self.travel(3)
        Run = self.engine["ar.followup.run"]
        run = Run.create({"company_id": self.company.id})
        run._work(Clock(60))
        self.assertLess(self.reminders(self.ann).id, self.reminders(self.ben).id)
        self.pay(self.bens)
        self.work_day()
        self.assertFalse(self.received(self.ben))
        self.assertAttached(self.ann, self.later, self.sooner)

    def test_no_time_left(self):
        """What has no files yet waits for the next tick."""
        self.set_policy(self.ben, levels=[(3, "friendly")])
        self.travel(3)
        Run = self.engine["ar.followup.run"]
        Run.create({"company_id": self.company.id})._work(Clock(60))
        with self.renders() as rendered:
            self.assertTrue(Run._hand_over(self.company, Clock(0)))
            self.assertFalse(rendered.called)
        self.assertFalse(self.sink.mails)
        ready = self.engine["ar.followup.reminder"]._ready_to_hand_over(self.company, 9)
        self.assertEqual(ready.case_id.partner_id, self.ben)
        self.work_day()
        self.assertAttached(self.ann, self.later, self.sooner)
        self.assertAttached(self.ben)

    def test_one_that_brings_the_process_down(self):
        """It is tried a few times; then its reminder leaves with a link."""
        self.bens.button_cancel()
        Report = type(self.env["ir.actions.report"])
        with patch.object(Report, "_pre_render_qweb_pdf", side_effect=SystemExit):
            for _time in range(2):
                # not assertRaises, which would take back what was committed
                with contextlib.suppress(SystemExit):
                    self.work_day(3)
                self.assertFalse(self.received(self.ann))
            self.work_day()
        self.assertAttached(self.ann)

    def test_not_sent_to_the_authorities(self):
        """Where making the PDF would transmit the invoice, its link must do."""
        Send = type(self.env["account.move.send"])
        edi = {"tax_office": {"label": "Tax Office", "is_applicable": bool}}
        with patch.object(Send, "_get_all_extra_edis", lambda _self: edi):
            self.work_day(3)
        self.assertAttached(self.ann)
        self.assertFalse(self.later.invoice_pdf_report_id)

    def test_pressed_by_a_person(self):
        """The files go along with what a collector sends, too."""
        self.company.ar_followup_mode = "review"
        self.work_day(3)
        reminder = self.reminders(self.ann, "to_review").with_user(self.collector)
        reminder.action_send()
        self.assertAttached(self.ann, self.later, self.sooner)
        self.assertFalse(self.bens.invoice_pdf_report_id, "nobody sends it yet")

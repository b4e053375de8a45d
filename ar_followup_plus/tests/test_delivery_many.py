from datetime import timedelta
from html import unescape

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import START, FollowupCommon
from .common_delivery import DeliveryCommon

#: logs what could not be composed
COMPOSING = "odoo.addons.ar_followup_plus.models.contact.ar_followup_reminder"
FEW, MANY = 20, 100


@tagged("post_install", "-at_install")
class TestOneOfMany(DeliveryCommon):
    """Trouble with one customer is nobody else's."""

    def _break_template_for_ann(self):
        """The customer's reference is a number for everyone but Ann."""
        self.ann.ref, self.ben.ref = "none", "42"
        template = self.env.ref("ar_followup_plus.mail_template_friendly").copy(
            {"body_html": '<p>Number <t t-out="int(object.customer_id.ref)"/></p>'}
        )
        self.set_policy(levels=[(3, "friendly", {"mail_template_id": template.id})])
        return template

    def test_broken_template(self):
        template = self._break_template_for_ann()
        with mute_logger(COMPOSING):
            self.work_day(3)
        failed = self.reminders(self.ann)
        self.assertEqual(failed.state, "failed")
        self.assertIn(template.name, failed.failure_reason)
        self.assertIn("invalid literal", failed.failure_reason)
        self.assertNotClimbed(self.anns)
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "send_failed", "state": "todo"}]
        )
        self.assertEqual(self.reminders(self.ben).state, "sent")
        self.assertIn("Number 42", self.received(self.ben)[0].html)
        self._send_after_the_correction(failed)

    def _send_after_the_correction(self, failed):
        """A retry words it anew: what has no text never leaves."""
        failed = failed.with_user(self.collector)
        with mute_logger(COMPOSING):
            failed.action_retry()
        self.assertEqual(failed.state, "failed")
        self.assertFalse(self.received(self.ann))
        self.ann.ref = "7"
        failed.action_retry()
        self.assertEqual(failed.state, "sent")
        (mail,) = self.received(self.ann)
        self.assertIn("Number 7", mail.html)
        self.assertIn("have you seen our invoice", mail.subject)

    def test_broken_template_dropped(self):
        """Cancelled after the correction, a new one is prepared."""
        self._break_template_for_ann()
        with mute_logger(COMPOSING):
            self.work_day(3)
        self.ann.ref = "7"
        self.reminders(self.ann).with_user(self.collector).action_cancel()
        self.work_day(4)
        self.assertIn("Number 7", self.received(self.ann)[0].html)

    def test_no_address(self):
        """The case says so; once there is an address, the reminder leaves."""
        self.ann.email = False
        self.work_day(3)
        self.assertFalse(self.reminders(self.ann))
        self.assertRecordValues(
            self.case(self.ann), [{"reason": "no_address", "state": "todo"}]
        )
        self.assertEqual(len(self.received(self.ben)), 1)
        self.ann.email = "ann@new.example"
        self.work_day(4)
        self.assertEqual(len(self.received("ann@new.example")), 1)

    def test_addressee(self):
        """The follow-up contact, else the invoice contact, else the company."""
        kinds = ("contact", "invoice", "followup")
        for kind in kinds:
            self.env["res.partner"].create(
                {
                    "name": f"Ann's {kind}",
                    "type": kind,
                    "parent_id": self.ann.id,
                    "email": f"{kind}@ann.example",
                }
            )
        self.env["res.partner"].create(
            {
                "name": "Ben's bookkeeper",
                "type": "invoice",
                "parent_id": self.ben.id,
                "email": "books@ben.example",
            }
        )
        self.work_day(3)
        self.assertEqual(len(self.received("followup@ann.example")), 1)
        self.assertEqual(len(self.received("books@ben.example")), 1)
        self.assertEqual(len(self.sink.mails), 2)
        (mail,) = self.received("followup@ann.example")
        self.assertIn("Dear Ann's followup", unescape(mail.html))


@tagged("post_install", "-at_install")
class TestTenCustomers(FollowupCommon):
    """A batch of ten with two invoices each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = [cls.customer(f"Customer {number:02}") for number in range(10)]

    def _bill_everybody(self):
        moves = self.invoices(
            [
                (partner, 100.0 + number, due)
                for number, partner in enumerate(self.people)
                for due in (0, -1)
            ]
        )
        return moves.grouped("partner_id")

    def test_everyone_gets_only_their_own(self):
        """Recipient, text, links and attachments."""
        invoices = self._bill_everybody()
        self.work_day(3)
        for number, partner in enumerate(self.people):
            (mail,) = self.received(partner)
            self.assertEqual(mail.recipients, (partner.email,))
            text = mail.message.as_string() + mail.html + mail.subject
            for other in self.people:
                own = other == partner
                for move in invoices[other]:
                    self.assertEqual(own, move.name in text)
                    self.assertEqual(own, f"/my/invoices/{move.id}?" in mail.html)
                    self.assertEqual(own, move.access_token in mail.html)
                self.assertEqual(own, other.name in text)
                self.assertEqual(own, other.email in text)
            self.assertIn(f"{2 * (100 + number)}.00", mail.html)
            files = {part.get_filename() for part in mail.message.iter_attachments()}
            self.assertEqual(
                files,
                {move.invoice_pdf_report_id.name for move in invoices[partner]},
            )
            self.assertEqual(len(files), 2)

    def test_daily_limit(self):
        """The rest goes out on the next days, nobody twice."""
        self.company.ar_daily_limit = 4
        self._bill_everybody()
        self.level("friendly").attach_invoices = False
        for day, reached in ((3, 4), (4, 8), (5, 10), (6, 10)):
            self.work_day(day)
            self.work_day()
            self.assertEqual(len(self.sink.mails), reached)
        self.assertEqual(len({mail.recipients for mail in self.sink.mails}), 10)

    def test_daily_limit_tells_why(self):
        self.company.ar_daily_limit = 9
        self._bill_everybody()
        self.work_day(3)
        left_out = self.case(self.people[-1])
        self.assertRecordValues(
            left_out,
            [
                {
                    "reason": "daily_limit",
                    "state": "waiting",
                    "next_date": START + timedelta(days=4),
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestStatements(FollowupCommon):
    """The number of statements does not grow with the number of customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level("friendly").attach_invoices = False
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"c{number}@customer.example"}
                for number in range(MANY + MANY // 2)
            ]
        )
        cls.invoices([(partner, 100.0, 0) for partner in cls.people])

    def setUp(self):
        super().setUp()
        self.Case = self.engine["ar.followup.case"]
        self.day = self.company.with_env(self.engine).with_company(self.company)
        self.travel(3)

    def _count(self, work, *args):
        """Statements that ``work`` takes with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_collect_and_decide(self):
        today = START + timedelta(days=3)

        def a_day(partners):
            ids = partners.ids
            self.Case._collect(self.day, today, ids)
            decided = self.Case._decide(self.day, today, ids)
            self.Case._record_decisions(self.day, decided, today)
            self.assertEqual(len(decided), len(ids))
            self.assertEqual({d.reason for _subject, d in decided}, {"remind"})

        def decide_only(partners):
            return self.Case._decide(self.day, today, partners.ids)

        few, many = self.people[:20], self.people[-120:]
        self.assertEqual(self._count(a_day, few), self._count(a_day, many))
        few, many = self._count(decide_only, few), self._count(decide_only, many)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 23)

    def test_hand_over(self):
        """The facts are read again for each mail, so each costs the same."""
        reminders = self._queued()
        few, many = reminders[:FEW], reminders[FEW:MANY]
        # what every process looks up once: languages, views, record rules
        few[:1]._deliver()
        of_few = self._count(few[1:]._deliver)
        of_many = self._count(many._deliver)
        self.assertEqual(set((few | many).mapped("state")), {"sent"})
        self.assertEqual(len(self.sink.mails), MANY)
        each_of_few = of_few / len(few[1:])
        self.assertLessEqual(of_many / len(many), each_of_few, (of_few, of_many))
        self.assertLess(each_of_few, 80)

    def _queued(self):
        """Everybody's reminder, with its mail, in the order of their ids."""
        run = self.engine["ar.followup.run"].create({"company_id": self.company.id})
        while run.state == "running":
            run._work_batch()
        reminders = self.engine["ar.followup.reminder"].search(
            [("customer_id", "in", self.people.ids)], order="id"
        )
        self.assertEqual(len(reminders), len(self.people))
        reminders._queue_mails()
        return reminders

    def _prepare_few_and_many(self):
        """Statements to prepare, and to make the mails of, 50 and then 100."""
        today = START + timedelta(days=3)
        run = self.engine["ar.followup.run"].create(
            {"company_id": self.company.id, "date": today}
        )
        run._work_collect()
        run._work_decide()
        cases = self.Case.search([("partner_id", "in", self.people.ids)], order="id")
        self.assertEqual(len(cases), MANY + MANY // 2)

        def prepare(some):
            reminders = some.with_company(self.company)._prepare(self.day, today, run)
            reminders._make_pdfs()
            reminders._queue_mails()
            self.assertEqual(len(reminders._mails()), len(some))
            self.assertEqual(set(reminders.mapped("state")), {"queued"})
            return reminders

        few = self._count(prepare, cases[: MANY // 2])
        many = self._count(prepare, cases[MANY // 2 :])
        return few, many

    def test_prepare(self):
        """Reminders, lines, texts with links, messages, mails, notifications."""
        few, many = self._prepare_few_and_many()
        self.assertLess((many - few) / (MANY - MANY // 2), 0.5, (few, many))
        self.assertLess(many / MANY, 1.0, "fixed costs included")

    def test_prepare_with_stored_pdfs(self):
        self.level("friendly").attach_invoices = True
        moves = self.env["account.move"].search([("partner_id", "in", self.people.ids)])
        pdfs = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{move.id}.pdf",
                    "raw": b"%PDF-",
                    "res_model": "account.move",
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                }
                for move in moves
            ]
        )
        few, many = self._prepare_few_and_many()
        self.assertLess(many / MANY, 1.0, "fixed costs included")
        sent = self.engine["ar.followup.reminder"].search([]).attachment_ids
        self.assertEqual(sent, pdfs)

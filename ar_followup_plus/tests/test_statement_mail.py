"""Statements of account by mail: to whom, in which language, with which paper."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_statement_pdf import REPORT, PaperCommon

SENDING = "odoo.addons.ar_followup_plus.models.contact.sending"


@tagged("post_install", "-at_install")
class TestStatementMail(PaperCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_policy(levels=[(3, "friendly")])

    def setUp(self):
        super().setUp()
        self.bill = self.invoice(self.ann, 1000, due=0)

    def send(self, partners, **vals):
        """Press the button, and let the scheduled action do what is left."""
        window = self.window(partners, **vals)
        with mute_logger(REPORT):
            answer = window.with_context(force_report_rendering=True).action_send()
            self.env.cr.postcommit.run()
            self.engine = self.engine(
                context={**self.engine.context, "force_report_rendering": True}
            )
            self.work_day()
        return answer["params"]

    def paper(self, mail):
        (file,) = mail.message.iter_attachments()
        return file.get_filename(), " ".join(self.pages(file.get_content()))

    def test_it_arrives(self):
        said = self.send(self.ann)
        self.assertEqual(said["type"], "success")
        (mail,) = self.received(self.ann)
        self.assertEqual(
            mail.message["Subject"],
            "The Seller: your statement of account, January 5, 2026",
        )
        self.assertIn("Dear Ann", mail.html)
        self.assertIn("Carla Collector", mail.html)
        name, text = self.paper(mail)
        self.assertEqual(name, "Statement of account 2026-01-05.pdf")
        self.assertIn("Balance $ 1,000.00", text)

    def test_what_stays_on_record(self):
        self.send(self.ann, date=self.day(-3), date_from=self.day(-10))
        message = self.reminders(self.ann)
        self.assertRecordValues(
            message,
            [
                {
                    "kind": "statement",
                    "state": "sent",
                    "is_demand": False,
                    "level_name": "Statement of account",
                    "statement_date": self.day(-3),
                    "statement_from": self.day(-10),
                    "user_id": self.collector.id,
                }
            ],
        )
        self.assertFalse(self.case(self.ann).last_demand_date)
        (entry,) = self.case(self.ann).contact_log_ids
        self.assertEqual((entry.channel, entry.direction), ("email", "out"))
        _name, text = self.paper(self.received(self.ann)[0])
        self.assertIn("Statement of account, January 2, 2026", text)
        self.assertIn("12/26/2025 Balance before $ 1,000.00", text)

    def test_an_answer_leaves_whatever_else_was_sent(self):
        """It asks for nothing: limits do not count, and nor does it for them."""
        self.work_day(3)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.send(self.ann)
        self.assertEqual(len(self.received(self.ann)), 2)
        self.send(self.ann)
        self.assertEqual(len(self.received(self.ann)), 3)

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        luc = self.customer("Luc", lang="fr_FR")
        self.invoice(luc, 2000, due=0)
        self.send(luc)
        (mail,) = self.received(luc)
        self.assertIn("5 janvier 2026", str(mail.message["Subject"]))
        self.assertIn("2 000,00", self.paper(mail)[1])

    def test_to_whom(self):
        """The follow-up contact; the window says so before."""
        contact = self.customer(
            "Fay", parent_id=self.ann.id, type="followup", is_company=False
        )
        window = self.window(self.ann)
        self.assertIn("fay@customer.example", window.addressee_text)
        self.send(self.ann)
        self.assertEqual(len(self.received(contact)), 1)
        self.assertFalse(self.received(self.ann))

    def test_who_gets_none(self):
        ben = self.customer("Ben", email=False)
        cat = self.customer("Cat", ar_no_email=True)
        form = Form(self.window(self.ann | ben | cat).browse())
        self.assertEqual(form.unreachable_text, "Ben\nCat")
        window = form.save()
        self.assertIn("ann@customer.example", window.addressee_text)
        self.assertEqual(window.unreachable_text, "Ben\nCat")
        said = self.send(self.ann | ben | cat)
        self.assertEqual(said["type"], "warning")
        self.assertIn("email: 1.", said["message"])
        self.assertIn("Ben, Cat", said["message"])
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertFalse(self.case(ben), "nothing was begun for nothing")
        with self.assertRaisesRegex(UserError, "Nobody can be written to"):
            self.window(ben | cat).action_send()

    def test_the_case_is_made_once(self):
        ben = self.customer("Ben")
        self.send(ben)
        self.send(ben)
        self.assertEqual(len(self.case(ben)), 1)
        self.assertEqual(len(self.reminders(ben, "sent")), 2)
        self.assertIn("Everything is paid", self.paper(self.received(ben)[1])[1])

    def test_the_books_as_they_are_when_it_leaves(self):
        """Queued for the tick, also where nobody is followed up; then somebody pays."""
        self.company.sudo().ar_followup_mode = "off"
        people = [self.customer(f"C{n}") for n in range(12)]
        bills = self.invoices([(partner, 100, 0) for partner in people])
        partners = self.ann.union(*people)
        window = self.window(partners)
        window.action_send()
        self.assertFalse(self.sink.mails)
        self.pay(bills[0])
        with mute_logger(REPORT):
            self.engine = self.engine(
                context={**self.engine.context, "force_report_rendering": True}
            )
            self.work_day(0)
        for partner in partners:
            self.assertEqual(len(self.received(partner)), 1, partner.name)
        self.assertIn("Everything is paid", self.paper(self.received(people[0])[0])[1])
        self.assertIn("$ 100.00", self.paper(self.received(people[1])[0])[1])

    def test_as_many_statements_for_48_as_for_12(self):
        """Up to the queue; the papers are made a few at a time, each by itself."""
        people = [self.customer(f"C{n}") for n in range(60)]
        self.invoices([(partner, 100, 0) for partner in people])
        counts = []
        for own in (people[:12], people[12:]):
            window = self.window(self.ann.browse().concat(*own))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            window.action_send()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # rows are inserted so many at a time
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    def test_a_paper_that_cannot_be_made(self):
        """Nothing leaves without it, and somebody is told."""
        self.env.ref(
            "ar_followup_plus.report_statement_open"
        ).arch_db = '<t t-name="x"><t t-out="1 / 0"/></t>'
        with mute_logger("odoo.addons.base.models.ir_qweb", SENDING):
            self.send(self.ann)
        self.assertFalse(self.received(self.ann))
        message = self.reminders(self.ann)
        self.assertEqual(message.state, "failed")
        self.assertTrue(self.case(self.ann).activity_ids)

    def test_without_its_text(self):
        self.env.ref("ar_followup_plus.mail_template_statement").unlink()
        with self.assertRaisesRegex(UserError, "Print the statement instead"):
            self.window(self.ann).action_send()

"""Contact details that somebody made sure of, and who is asked to do so."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import START, FollowupCommon

VERIFY = "ar_followup_plus.mail_activity_type_verify"


@tagged("post_install", "-at_install")
class TestVerified(FollowupCommon):
    def setUp(self):
        super().setUp()
        self.ann = self.customer("Ann", phone="+1 555 0101")

    def verify(self, partner):
        partner.with_user(self.collector).action_ar_verified()

    def test_who_and_when(self):
        self.travel(2)
        self.verify(self.ann)
        self.assertEqual(self.ann.ar_verified_on, START + timedelta(days=2))
        self.assertEqual(self.ann.ar_verified_by_id, self.collector)

    def test_new_details_are_not_verified(self):
        for vals in ({"email": "new@customer.example"}, {"phone": "+1 555 0102"}):
            with self.subTest(vals=vals):
                self.verify(self.ann)
                self.ann.write(vals)
                self.assertFalse(self.ann.ar_verified_on)
                self.assertFalse(self.ann.ar_verified_by_id)

    def test_the_same_details_are(self):
        self.verify(self.ann)
        self.ann.write({"email": "ANN@customer.example", "phone": "+1 (555) 0101"})
        self.ann.name = "Ann & Co"
        self.assertTrue(self.ann.ar_verified_on)

    def test_of_that_contact(self):
        fay = self.customer("Fay", parent_id=self.ann.id, is_company=False)
        self.verify(self.ann)
        self.verify(fay)
        fay.email = "fay2@customer.example"
        self.assertTrue(self.ann.ar_verified_on)
        self.assertFalse(fay.ar_verified_on)

    def test_merged(self):
        """That another contact's details were right says nothing of these."""
        twin = self.customer("Ann twin", phone="+1 555 0199")
        self.verify(twin)
        self.merge(twin, self.ann)
        self.assertFalse(self.ann.ar_verified_on)
        other = self.customer("Ann other", phone="+1 555 0199")
        self.verify(self.ann)
        self.merge(other, self.ann)
        self.assertTrue(self.ann.ar_verified_on)

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | target).ids, target
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestFirstInvoice(FollowupCommon):
    """With a first invoice, somebody makes sure that it gets where it should."""

    def setUp(self):
        super().setUp()
        self.company.ar_verify_first_invoice = True
        self.ann = self.customer("Ann")

    def asked(self, customer=None):
        return (customer or self.ann).activity_search([VERIFY])

    def test_off_by_default(self):
        new = self.env["res.company"].create({"name": "New"})
        self.assertFalse(new.ar_verify_first_invoice)
        self.company.ar_verify_first_invoice = False
        self.invoice(self.ann, due=30)
        self.assertFalse(self.asked())

    def test_asks_the_collector_before_it_is_due(self):
        bill = self.invoice(self.ann, due=30)
        activity = self.asked()
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.summary, "Confirm where invoices should go")
        self.assertEqual(activity.date_deadline, START + timedelta(days=23))
        self.assertIn(bill.name, activity.note)
        self.assertEqual(bill.state, "posted")

    def test_of_the_one_in_charge(self):
        own = self.set_policy(self.ann)
        own.user_id = self.manager
        self.invoice(self.ann, due=30)
        self.assertEqual(self.asked().user_id, self.manager)

    def test_soon_due(self):
        self.invoice(self.ann, due=2)
        self.assertEqual(self.asked().date_deadline, START)

    def test_once_for_each_customer(self):
        fay = self.customer("Fay", parent_id=self.ann.id, is_company=False)
        self.invoices([(self.ann, 10, 40), (fay, 10, 30), (self.ann, 10, 50)])
        self.assertEqual(len(self.asked()), 1)
        self.assertEqual(self.asked().date_deadline, START + timedelta(days=23))
        self.invoice(self.ann, due=20)
        self.assertEqual(len(self.asked()), 1)

    def test_done_by_the_button(self):
        self.invoice(self.ann, due=30)
        self.ann.with_user(self.collector).action_ar_verified()
        self.assertFalse(self.asked())

    def test_done_by_closing_it(self):
        bill = self.invoice(self.ann, due=30)
        self.asked().with_user(self.collector).action_feedback(feedback="Asked.")
        self.assertFalse(self.asked())
        bill.button_draft()
        bill.action_post()
        self.assertFalse(self.asked(), "it was asked once")

    def test_not_of_known_customers(self):
        known, verified, credited = map(self.customer, ("Kim", "Vic", "Cy"))
        self.company.ar_verify_first_invoice = False
        self.invoice(known, due=30)
        self.company.ar_verify_first_invoice = True
        contact = self.customer("Val", parent_id=verified.id, is_company=False)
        contact.with_user(self.collector).action_ar_verified()
        self.invoices([(known, 10, 30), (verified, 10, 30)])
        self.credit(credited, 10)
        for customer in (known, verified, credited):
            self.assertFalse(self.asked(customer), customer.name)

    def test_by_whoever_posts(self):
        """Somebody who knows nothing of follow-up posts it."""
        biller = self.simple_accountman
        biller.write(
            {
                "company_ids": [Command.link(self.company.id)],
                "company_id": self.company.id,
                "group_ids": [
                    Command.set(self.env.ref("account.group_account_invoice").ids)
                ],
            }
        )
        collectors = self.env.ref("ar_followup_plus.group_ar_collector")
        invoicing = self.env.ref("account.group_account_invoice")
        invoicing.implied_ids -= collectors
        bill = self.invoice(self.ann, due=30, post=False)
        bill.with_user(biller).action_post()
        self.assertEqual(self.asked().user_id, self.collector)

    def test_without_the_kind_of_activity(self):
        """Nothing keeps an invoice from being posted."""
        self.env.ref(VERIFY).unlink()
        self.assertEqual(self.invoice(self.ann, due=30).state, "posted")

    def test_no_query_for_each_invoice(self):
        def queries(count, name):
            customers = [self.customer(f"{name} {number}") for number in range(count)]
            bills = self.invoices(
                [(customer, 10.0, 30) for customer in customers], post=False
            )
            bills.action_post()
            self.env.flush_all()
            everybody = self.env["res.partner"].union(*customers)
            everybody.activity_search([VERIFY]).unlink()
            bills.line_ids.mapped("account_type")
            self.env.flush_all()
            # as if none had been asked; what posting itself costs is not looked at
            self.env["mail.activity"].with_context(active_test=False).search(
                [("res_model", "=", "res.partner"), ("res_id", "in", everybody.ids)]
            ).unlink()
            before = self.env.cr.sql_log_count
            bills._ar_ask_where_to_send(self.company)
            self.env.flush_all()
            self.assertEqual(len(everybody.activity_search([VERIFY])), count)
            return self.env.cr.sql_log_count - before

        queries(1, "Warm")
        few, many = queries(2, "Few"), queries(20, "Many")
        self.assertLessEqual(many, few + 5)

"""What people look at: lists of disputes, and where disputes are shown."""

from odoo.tests import Form, tagged

from .common import START
from .common_disputes import DisputeCommon
from .common_views import filters, view_arch

DISPUTE = "ar.dispute"


@tagged("post_install", "-at_install")
class TestDisputePages(DisputeCommon):
    def setUp(self):
        super().setUp()
        self.Dispute = self.mine[DISPUTE]

    def test_the_window_on_an_invoice(self):
        action = self.bill.with_env(self.mine).action_dispute()
        Dispute = self.Dispute.with_context(**action["context"])
        view = self.env.ref("ar_followup_plus.ar_dispute_view_record")
        form = Form(Dispute, view)
        self.assertEqual(form.amount_disputed, 1000)
        self.assertEqual(form.user_id, self.collector.with_env(self.mine))
        form.amount_disputed = 250
        form.reason_id = self.reason
        dispute = form.save()
        self.assertEqual(dispute.amount_disputed, 250)
        self.assertEqual(dispute.case_id.partner_id, self.ann.with_env(self.mine))

    def test_the_window_on_a_case(self):
        case = self.case(self.ann).with_env(self.mine)
        case._reassess()
        context = case.action_dispute()["context"]
        self.assertEqual(context["default_move_id"], self.bill.id)
        self.invoice(self.ann, 10)
        self.settle(self.ann)
        self.assertFalse(case.action_dispute()["context"]["default_move_id"])

    def test_another_invoice_another_amount(self):
        other = self.invoice(self.ann, 40)
        view = self.env.ref("ar_followup_plus.ar_dispute_view_record")
        form = Form(self.Dispute, view)
        form.move_id = self.bill
        self.assertEqual(form.amount_disputed, 1000)
        form.move_id = other
        self.assertEqual(form.amount_disputed, 40)

    def test_the_case_says_where_its_disputes_stand(self):
        dispute = self.dispute()
        case = dispute.case_id
        (row,) = case.disputes_now
        self.assertIn("300.00", row["title"])
        self.assertIn(self.collector.name, row["text"])
        self.assertEqual((row["model"], row["id"]), (DISPUTE, dispute.id))
        self.travel(20)
        self.env.invalidate_all()
        (row,) = case.disputes_now
        self.assertIn("should have had an answer", row["text"])
        dispute.action_accept(100)
        (row,) = case.disputes_now
        self.assertIn("until the credit note is posted", row["text"])
        dispute.sudo().credit_note_id.action_post()
        self.settle(self.ann)
        self.assertFalse(case.disputes_now)
        self.assertEqual(case.dispute_count, 1)

    def test_the_history_tells_each_step_once(self):
        dispute = self.dispute(description="The discount is missing.")
        dispute.action_withdraw("They found the mail with the price.")
        titles = [row["title"] for row in dispute.case_id.history]
        self.assertEqual(titles.count("The customer disputes an invoice"), 1)
        self.assertEqual(titles.count("Dispute withdrawn"), 1)
        self.assertFalse([title for title in titles if title.startswith("Disputed")])

    def test_the_invoice_shows_its_disputes(self):
        dispute = self.dispute()
        bill = self.bill.with_env(self.mine)
        self.assertEqual(bill.ar_dispute_count, 1)
        self.assertEqual(bill.action_open_ar_disputes()["res_id"], dispute.id)
        customer = bill.partner_id
        self.assertEqual(customer.ar_dispute_count, 1)
        self.assertEqual(customer.action_open_ar_disputes()["res_id"], dispute.id)
        alert = bill._get_alerts()["ar_disputed"]
        self.assertIn("300.00", alert["message"])
        self.assertIn(self.collector.name, alert["message"])
        self.assertEqual(alert["action"]["res_id"], dispute.id)
        dispute.action_withdraw()
        self.env.invalidate_all()
        self.assertNotIn("ar_disputed", bill._get_alerts())

    def test_the_credit_note_leads_back(self):
        dispute = self.dispute()
        dispute.action_accept()
        note = dispute.credit_note_id
        self.assertEqual(note.ar_dispute_count, 1)
        self.assertEqual(dispute.action_open_credit_note()["res_id"], note.id)

    def test_filters(self):
        late = self.dispute(amount=100)
        self.travel(20)
        fresh = self.dispute(amount=100)
        post = self.dispute(amount=100, user_id=self.manager.id)
        post.action_accept()
        domains = filters(self.Dispute)
        found = {
            name: self.Dispute.search(domains[name])
            for name in ("open", "late", "mine", "to_post", "accepted")
        }
        self.assertEqual(found["open"], late + fresh)
        self.assertEqual(found["late"], late)
        self.assertEqual(found["mine"], late + fresh)
        self.assertEqual(found["to_post"], post)
        self.assertEqual(found["accepted"], post)

    def test_every_state_has_its_words(self):
        for state, _label in self.Dispute._fields["state"].selection:
            with self.subTest(state=state):
                self.assertTrue(hasattr(self.Dispute, f"_status_{state}"))

    def test_many_cases_and_invoices_take_no_more_queries(self):
        partners = [self.customer(f"Many {number}") for number in range(12)]
        moves = self.invoices([(partner, 90, START) for partner in partners])
        disputes = self.Dispute.union(*(self.dispute(move, 30) for move in moves))

        def cost(records, name):
            for _warm_up in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                records.browse(records.ids).mapped(name)
            return self.env.cr.sql_log_count - before

        for records, name in (
            (disputes.case_id, "disputes_now"),
            (disputes.case_id, "dispute_count"),
            (disputes, "status_text"),
            (disputes, "is_late"),
            (moves.with_env(self.mine), "ar_dispute_count"),
        ):
            with self.subTest(field=f"{records._name}.{name}"):
                few = cost(records[:3], name)
                self.assertLessEqual(cost(records, name), few)

    def test_the_analysis(self):
        view = view_arch(self.Dispute, "pivot")
        fields = [node.get("name") for node in view.iter("field")]
        self.assertIn("days_to_resolve", fields)
        dispute = self.dispute(amount=10)
        self.travel(9)
        dispute.action_withdraw()
        other = self.dispute(amount=10)
        self.travel(11)
        other.action_withdraw()
        ((reason, days),) = self.Dispute._read_group(
            [], ["reason_id"], ["days_to_resolve:avg"]
        )
        self.assertEqual((reason, days), (self.reason.with_env(self.mine), 3))

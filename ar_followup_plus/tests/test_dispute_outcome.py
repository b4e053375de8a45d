"""How disputes end, and what the engine makes of it."""

from odoo.tests import tagged

from .common import START
from .common_disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeOutcome(DisputeCommon):
    def accepted(self, dispute, *args, **kwargs):
        dispute.action_accept(*args, **kwargs)
        return dispute.sudo().credit_note_id

    # accepted -------------------------------------------------------------------------

    def test_accepted_and_posted(self):
        dispute = self.dispute()
        note = self.accepted(dispute, explanation="The discount was missing.")
        self.assertEqual((dispute.state, note.state), ("accepted", "draft"))
        self.assertEqual(note.reversed_entry_id, self.bill)
        self.assertEqual(note.amount_total, 300)
        self.assertEqual(dispute.amount_accepted, 300)
        # nobody asks for it, and nobody has promised it
        self.settle(self.ann)
        self.assertEqual(self.shielded(self.bill), [300])
        self.assertEqual(self.messages(dispute), [("dispute_received", "queued")])
        self.assertEqual(note.activity_ids.user_id, self.manager)
        note.action_post()
        self.work_day()
        self.assertEqual(self.bill.amount_residual, 700)
        self.assertEqual(self.shielded(self.bill), [0])
        self.assertFalse(dispute.credit_pending)
        self.assertFalse(note.activity_ids)
        self.assertIn(("dispute_accepted", "sent"), self.messages(dispute))
        (letter,) = (own for own in self.letters(self.ann) if note.name in own)
        self.assertIn("The discount was missing.", letter)

    def test_due_dates_stay(self):
        before = self.receivable(self.bill).date_maturity
        self.accepted(self.dispute()).action_post()
        self.assertEqual(self.receivable(self.bill).date_maturity, before)

    def test_a_part_is_told_before_the_rest_is_asked_for(self):
        dispute = self.dispute(amount=0)
        note = self.accepted(dispute, 200, "Three of ten boxes were whole.")
        self.assertEqual(dispute.state, "partly")
        self.work_day(6)
        self.assertEqual(self.reason_of(self.ann), "disputed")
        note.action_post()
        self.settle(self.ann)
        self.assertEqual(self.shielded(self.bill), [0])
        self.assertEqual(self.reason_of(self.ann), "too_soon")
        self.work_day()
        kinds = [kind for kind, state in self.messages(dispute) if state == "sent"]
        self.assertEqual(kinds, ["dispute_received", "dispute_accepted"])
        self.work_day(20)
        (reminder,) = self.reminded(self.ann)
        self.assertEqual(reminder.line_ids.amount_asked, 800)

    def test_the_accountant_posts_another_amount(self):
        dispute = self.dispute()
        note = self.accepted(dispute)
        note.invoice_line_ids.price_unit = 120
        note.action_post()
        self.settle(self.ann)
        self.assertEqual((dispute.state, dispute.amount_accepted), ("partly", 120))

    def test_the_draft_is_deleted(self):
        dispute = self.dispute()
        note = self.accepted(dispute)
        note.unlink()
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertFalse(dispute.resolved_on)
        self.assertEqual(self.shielded(self.bill), [300])
        self.assertEqual(self.asked(dispute), ["Dispute"])

    def test_the_draft_is_cancelled(self):
        dispute = self.dispute()
        self.accepted(dispute).button_cancel()
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertTrue(self.accepted(dispute))

    def test_the_posted_one_is_a_draft_again(self):
        dispute = self.dispute()
        note = self.accepted(dispute)
        note.action_post()
        self.settle(self.ann)
        note.button_draft()
        self.settle(self.ann)
        self.assertEqual(dispute.state, "accepted")
        self.assertEqual(self.shielded(self.bill), [300])
        note.action_post()
        self.settle(self.ann)
        self.assertEqual(self.shielded(self.bill), [0])
        self.assertFalse(dispute.credit_pending)

    def test_to_the_cent_with_taxes(self):
        for prices, amount in (
            ([(840.34, 1)], 300),
            ([(840.34, 1)], 0.01),
            ([(33.33, 3), (17.77, 7), (0.99, 13)], 99.99),
            ([(33.33, 3), (17.77, 7), (0.99, 13)], 123.45),
            ([(100, 10), (-50, 1)], 777.77),
        ):
            for method in ("round_globally", "round_per_line"):
                self.company.sudo().tax_calculation_rounding_method = method
                with self.subTest(prices=prices, amount=amount, method=method):
                    move = self.taxed(self.ann, *prices)
                    note = self.accepted(self.dispute(move, amount=amount))
                    self.assertEqual(note.amount_total, amount)
                    self.assertEqual(note.invoice_line_ids.tax_ids, self.vat)
                    self.assertEqual(
                        note.invoice_line_ids.account_id,
                        move.invoice_line_ids.account_id,
                    )

    def test_every_cent_with_several_taxes(self):
        included = self.env["account.tax"].create(
            {
                "name": "VAT 7 % included",
                "amount": 7,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
            }
        )
        move = self.taxed(self.ann, (33.33, 3), (12.5, 2), (7, 1), post=False)
        move.invoice_line_ids[1].tax_ids = included
        move.invoice_line_ids[2].tax_ids = False
        move.action_post()
        for cents in range(1, 60, 7):
            amount = 50 + cents / 100
            with self.subTest(amount=amount):
                dispute = self.dispute(move, amount=amount)
                note = self.accepted(dispute)
                self.assertEqual(note.amount_total, amount)
                note.unlink()
                self.settle(self.ann)
                dispute.action_cancel()

    def test_in_another_currency(self):
        euro = self.setup_other_currency("EUR")
        move = self.taxed(self.ann, (100.1, 3), currency_id=euro.id)
        dispute = self.dispute(move, amount=77.77)
        self.assertEqual(dispute.currency_id, euro)
        note = self.accepted(dispute)
        self.assertEqual((note.currency_id, note.amount_total), (euro, 77.77))
        note.action_post()
        self.settle(self.ann)
        self.assertAlmostEqual(move.amount_residual, move.amount_total - 77.77)

    def test_all_of_an_invoice_keeps_its_goods(self):
        move = self.taxed(self.ann, (10, 3), (20, 2))
        note = self.accepted(self.dispute(move, amount=0))
        self.assertEqual(note.amount_total, move.amount_total)
        self.assertEqual(note.invoice_line_ids.mapped("quantity"), [3, 2])

    def test_goods_that_came_back(self):
        move = self.taxed(self.ann, (10, 30), (20, 2))
        dispute = self.dispute(move, amount=0)
        first, second = move.invoice_line_ids
        note = self.accepted(dispute, quantities=[(first.id, 4)])
        self.assertEqual(note.invoice_line_ids.mapped("quantity"), [4])
        self.assertEqual(note.amount_total, 47.6)
        self.assertEqual((dispute.state, dispute.amount_accepted), ("partly", 47.6))
        self.assertTrue(second)

    def test_goods_that_cannot_have_come_back(self):
        move = self.taxed(self.ann, (10, 30), (20, 2))
        line = move.invoice_line_ids[0]
        dispute = self.dispute(move, amount=100)
        for said, pairs in (
            ("no more can come back", [(line.id, 31)]),
            ("no more can come back", [(line.id, -1)]),
            ("Choose which goods", [(line.id, 0)]),
            ("Choose which goods", [(self.bill.invoice_line_ids.id, 1)]),
            ("is more than the", [(line.id, 30)]),
        ):
            with self.subTest(said), self.refused(said):
                dispute.action_accept(quantities=pairs)
        self.assertEqual(dispute.state, "open")

    def test_amounts_that_cannot_be_accepted(self):
        dispute = self.dispute()
        with self.refused("more than zero"):
            dispute.action_accept(-1)
        with self.refused("is more than the"):
            dispute.action_accept(300.01)

    def test_what_is_over_is_over(self):
        dispute = self.dispute()
        dispute.action_withdraw()
        for act in (
            lambda: dispute.action_accept(),
            lambda: dispute.action_reject("No."),
            lambda: dispute.action_cancel(),
            lambda: dispute.action_open_accept(),
        ):
            with self.refused("is over"):
                act()

    # rejected -------------------------------------------------------------------------

    def test_rejected_explained_then_one_step_with_the_gap(self):
        self.work_day(5)
        dispute = self.dispute(amount=0)
        self.work_day(30)
        self.travel(31)
        dispute.action_reject("The price is the one of our offer of May.")
        self.assertEqual(self.shielded(self.bill), [0])
        self.assertEqual(self.reason_of(self.ann), "too_soon")
        self.work_day(31)
        self.assertIn(("dispute_rejected", "sent"), self.messages(dispute))
        self.assertIn("our offer of May", self.letters(self.ann)[-1])
        asked = self.reminded(self.ann)
        gap = self.policy.min_gap_days
        self.work_days(32, 31 + gap)
        after = self.reminded(self.ann)
        (step,) = after - asked
        self.assertEqual((step.date_planned - START).days, 31 + gap)
        self.assertEqual(step.line_ids.amount_asked, 1000)

    def test_the_explanation_is_needed(self):
        dispute = self.dispute()
        for nothing in (None, "", "  ", 5):
            with self.refused("Explain"):
                dispute.action_reject(nothing)

    # withdrawn ------------------------------------------------------------------------

    def test_withdrawn(self):
        dispute = self.dispute(amount=0)
        dispute.action_withdraw("They found the parcel.")
        self.assertEqual(dispute.state, "withdrawn")
        self.assertEqual(dispute.resolved_by_id, self.collector)
        self.assertFalse(dispute.activity_ids)
        self.assertEqual(self.shielded(self.bill), [0])
        self.assertEqual(self.reason_of(self.ann), "remind")

    def test_the_rest_is_paid(self):
        dispute = self.dispute()
        self.pay(self.bill, 700)
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(self.bill), [300])

    def test_a_part_of_the_disputed_amount_is_paid(self):
        dispute = self.dispute()
        self.pay(self.bill, 800)
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(self.bill), [200])

    def test_paid_and_taken_back(self):
        dispute = self.dispute()
        payment = self.pay(self.bill)
        self.work_day()
        self.assertEqual((dispute.state, dispute.is_settled), ("withdrawn", True))
        self.assertFalse(dispute.resolved_by_id)
        self.assertFalse(dispute.activity_ids)
        payment.action_draft()
        payment.action_cancel()
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertFalse(dispute.resolved_on)
        self.assertEqual(self.shielded(self.bill), [300])
        self.assertEqual(self.asked(dispute), ["Dispute"])

    def test_holds_follow_the_payments(self):
        move = self.in_parts(self.ann, 500, 500)
        self.dispute(move, amount=300)
        self.assertEqual(self.shielded(move), [300, 0])
        self.pay(move, 600)
        self.settle(self.ann)
        self.assertEqual(self.shielded(move), [0, 300])

    def test_all_of_it_and_a_payment_taken_back(self):
        payment = self.pay(self.bill, 400)
        self.dispute(amount=0)
        self.assertEqual(self.shielded(self.bill), [600])
        payment.action_draft()
        payment.action_cancel()
        self.settle(self.ann)
        self.assertEqual(self.shielded(self.bill), [600])

    def test_what_an_approver_lifted_stays_lifted(self):
        dispute = self.dispute()
        dispute.hold_ids.with_user(self.manager).action_lift("They agreed to pay.")
        self.settle(self.ann)
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(self.bill), [0])

    # by the books ---------------------------------------------------------------------

    def by_hand(self, move, amount):
        """A credit note that an accountant makes from the invoice."""
        note = self.credit(move.partner_id, amount)
        (self.receivable(note) + self.receivable(move)).reconcile()
        return note

    def test_credited_by_hand(self):
        dispute = self.dispute()
        note = self.by_hand(self.bill, 300)
        self.work_day()
        self.assertEqual(dispute.state, "accepted")
        self.assertEqual(dispute.credit_note_id, note.with_env(self.mine))
        self.assertEqual(self.shielded(self.bill), [0])
        self.receivable(note).remove_move_reconcile()
        note.button_draft()
        self.work_day()
        self.assertEqual(self.shielded(self.bill), [300])

    def test_a_part_credited_by_hand(self):
        dispute = self.dispute()
        self.by_hand(self.bill, 100)
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(self.bill), [200])
        self.pay(self.bill)
        self.work_day()
        self.assertEqual((dispute.state, dispute.amount_accepted), ("partly", 100))

    def test_what_was_credited_before_is_none_of_it(self):
        self.by_hand(self.bill, 400)
        dispute = self.dispute(amount=300)
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(self.bill), [300])

    def test_one_of_two_is_credited(self):
        first, second = self.dispute(amount=300), self.dispute(amount=200)
        self.accepted(first).action_post()
        self.settle(self.ann)
        self.assertEqual(first.state, "accepted")
        self.assertEqual(second.state, "open")
        self.assertEqual(self.shielded(self.bill), [200])

    def test_the_invoice_is_corrected(self):
        dispute = self.dispute()
        self.bill.button_draft()
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.bill.action_post()
        self.work_day()
        self.assertEqual(self.shielded(self.bill), [300])

    def test_the_invoice_is_corrected_to_less(self):
        dispute = self.dispute()
        self.bill.button_draft()
        self.bill.invoice_line_ids.price_unit = 100
        self.bill.action_post()
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(self.bill), [100])

    def test_the_invoice_is_cancelled(self):
        dispute = self.dispute()
        self.bill.button_draft()
        self.bill.button_cancel()
        self.work_day()
        self.assertEqual((dispute.state, dispute.amount_accepted), ("accepted", 300))
        self.assertFalse(dispute.hold_ids.filtered(lambda hold: not hold.lifted_on))
        self.bill.button_draft()
        self.bill.action_post()
        self.work_day()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(self.bill), [300])

    def test_the_invoice_is_another_customers(self):
        dispute = self.dispute()
        self.bill.button_draft()
        self.bill.partner_id = self.customer("Bob")
        self.bill.action_post()
        self.work_day()
        self.assertEqual(dispute.state, "cancelled")
        self.assertEqual(self.shielded(self.bill), [0])

    # beside a plan --------------------------------------------------------------------

    def test_a_plan_leaves_the_disputed_part_out(self):
        self.dispute()
        plan = self.mine["ar.payment.plan"].create(
            {"move_line_ids": self.receivable(self.bill).ids}
        )
        self.assertEqual(plan.amount_total, 700)

    # figures --------------------------------------------------------------------------

    def test_days_to_resolve(self):
        dispute = self.dispute()
        self.travel(11)
        dispute.action_withdraw()
        self.assertEqual(dispute.days_to_resolve, 6)
        self.assertEqual((dispute.resolved_on - START).days, 11)

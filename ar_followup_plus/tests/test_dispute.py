"""Disputes: recorded once and rightly, left alone, looked into, answered in time."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import START
from .common_disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    def test_three_hundred_of_a_thousand(self):
        dispute = self.dispute()
        self.assertEqual(dispute.state, "open")
        self.assertRegex(dispute.name, r"^DISP/\d{4}/\d+$")
        self.assertEqual(dispute.case_id, self.case(self.ann).with_env(self.mine))
        self.assertEqual(self.shielded(self.bill), [300])
        (hold,) = dispute.hold_ids
        self.assertEqual((hold.kind, hold.amount), ("disputed", 300))
        self.assertEqual(self.reason_of(self.ann), "remind")
        self.work_day()
        (reminder,) = self.reminded(self.ann)
        self.assertEqual(reminder.line_ids.amount_asked, 700)
        self.assertIn("700.00", self.letters(self.ann)[-1])
        self.assertNotIn("1,000.00", reminder.total_text)

    def test_all_of_it_is_left_alone(self):
        dispute = self.dispute(amount=0)
        self.assertEqual(dispute.amount_disputed, 1000)
        self.assertFalse(dispute.hold_ids.is_partial)
        self.assertEqual(self.reason_of(self.ann), "disputed")
        self.work_day()
        self.assertFalse(self.reminded(self.ann))

    def test_who_and_by_when(self):
        dispute = self.dispute()
        self.assertEqual(dispute.user_id, self.collector)
        self.assertEqual(dispute.date_deadline, START + timedelta(days=12))
        (activity,) = dispute.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.date_deadline, dispute.date_deadline)
        self.assertIn("300.00", activity.note)
        self.assertIn("answer the customer", activity.summary)

    def test_the_company_says_who_and_how_fast(self):
        self.company.sudo().write(
            {"ar_dispute_user_id": self.manager.id, "ar_dispute_days": 3}
        )
        dispute = self.dispute()
        self.assertEqual(dispute.user_id, self.manager)
        self.assertEqual(dispute.date_deadline, START + timedelta(days=8))

    def test_two_on_one_invoice(self):
        self.dispute(amount=300)
        second = self.dispute(amount=0)
        self.assertEqual(second.amount_disputed, 700)
        self.assertEqual(self.shielded(self.bill), [1000])
        with self.refused("disputed already"):
            self.dispute(amount=1)
        with self.refused("disputed already"):
            self.dispute(amount=0)

    def test_two_at_once_are_not_more_than_the_invoice(self):
        vals = {"move_id": self.bill.id, "reason_id": self.reason.id}
        with self.refused("at most .*500"):
            self.mine["ar.dispute"].create(
                [{**vals, "amount_disputed": 600}, {**vals, "amount_disputed": 500}]
            )

    def test_overlapping_holds_shield_the_invoice_once(self):
        self.dispute(amount=800)
        self.engine["ar.followup.hold"].create(
            {
                "case_id": self.case(self.ann).id,
                "item_id": self.item(self.bill).id,
                "kind": "promised",
                "is_partial": True,
                "amount": 900,
            }
        )
        self.assertEqual(self.shielded(self.bill), [1000])

    def test_instalments_oldest_due_first(self):
        move = self.in_parts(self.ann, 300, 300, 400)
        first = self.dispute(move, amount=500)
        self.assertEqual(self.shielded(move), [300, 200, 0])
        self.assertEqual(
            [(hold.is_partial, hold.amount) for hold in first.hold_ids.sorted("id")],
            [(False, 0), (True, 200)],
        )
        self.dispute(move, amount=400)
        self.assertEqual(self.shielded(move), [300, 300, 300])

    def test_what_cannot_be_disputed(self):
        bob = self.customer("Bob")
        draft = self.invoice(bob, 50, post=False)
        paid = self.invoice(bob, 50)
        self.pay(paid)
        note = self.credit(bob, 20)
        entry = {"case_id": self.case(self.ann).id}
        other = self.invoice(bob, 70)
        for said, vals in (
            ("not posted", {"move_id": draft.id}),
            ("Nothing is open", {"move_id": paid.id}),
            ("no invoice to a customer", {"move_id": note.id}),
            ("Choose the invoice", {"move_id": False}),
            ("owed by Bob", {**entry, "move_id": other.id}),
            ("more than zero", {"amount_disputed": -5}),
            ("Only .*1,000.00", {"amount_disputed": 1000.01}),
            ("Choose why", {"reason_id": False}),
            ("not passed", {"date_deadline": START}),
        ):
            with self.subTest(said), self.refused(said):
                self.dispute(**vals)
        self.reason.active = False
        with self.refused("not used any more"):
            self.dispute()
        self.assertFalse(self.env["ar.dispute"].search([]))

    def test_an_invoice_of_another_company(self):
        other = self.setup_other_company()["company"]
        foreign = self.env["account.move"].with_company(other)
        foreign = foreign.create(
            {**self._invoice_vals(self.ann, 90, START), "company_id": other.id}
        )
        foreign.action_post()
        with self.refused("an invoice of"):
            self.dispute(foreign, amount=0, case_id=self.case(self.ann).id)
        with self.assertRaises(AccessError):
            self.dispute(foreign, amount=0)

    def test_people_who_only_read(self):
        auditor = new_test_user(
            self.env,
            login="dispute_auditor",
            groups="base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        dispute = self.dispute()
        read = dispute.with_user(auditor)
        self.assertEqual(read.amount_disputed, 300)
        self.assertFalse(read.can_decide)
        with self.assertRaises(AccessError):
            read.create({"move_id": self.bill.id, "reason_id": self.reason.id})
        for act in (
            lambda: read.action_accept(),
            lambda: read.action_reject("No."),
            lambda: read.action_withdraw(),
            lambda: read.action_cancel(),
            lambda: read.write({"user_id": auditor.id}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_a_collector_without_rights_on_entries(self):
        plain = new_test_user(
            self.env,
            login="dispute_plain",
            groups="base.group_user,ar_followup_plus.group_ar_collector",
            company_id=self.company.id,
        )
        dispute = (
            self.env["ar.dispute"]
            .with_user(plain)
            .create({"move_id": self.bill.id, "reason_id": self.reason.id})
        )
        dispute.action_accept(100)
        self.assertEqual(dispute.sudo().credit_note_id.amount_total, 100)

    def test_the_figures_are_on_record(self):
        dispute = self.dispute()
        for name, value in (
            ("amount_disputed", 5),
            ("description", "x"),
            ("move_id", self.bill.id),
            ("reason_id", self.reason.id),
        ):
            with self.refused("on record"):
                dispute.write({name: value})
        with self.assertRaises(AccessError):
            dispute.write({"state": "rejected"})
        with self.assertRaises(AccessError):
            self.dispute(state="rejected")
        with self.assertRaises(AccessError):
            self.dispute(amount_accepted=5)

    def test_a_new_owner_and_a_new_day(self):
        dispute = self.dispute()
        dispute.user_id = self.manager
        (activity,) = dispute.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        day = START + timedelta(days=40)
        dispute.date_deadline = day
        (activity,) = dispute.activity_ids
        self.assertEqual(
            (activity.user_id, activity.date_deadline), (self.manager, day)
        )
        with self.refused("not passed"):
            dispute.date_deadline = START

    def test_no_day_is_no_day(self):
        dispute = self.dispute()
        with self.refused("by which day"):
            dispute.date_deadline = False

    def test_only_colleagues_look_into_it(self):
        """Whom it is given to over RPC, too."""
        stranger = new_test_user(self.env, login="d_portal", groups="base.group_portal")
        with self.refused("does not work for"):
            self.dispute(user_id=stranger.id)
        dispute = self.dispute()
        with self.refused("does not work for"):
            dispute.user_id = stranger

    def test_one_after_the_other(self):
        """Two at once could be about more than the invoice, each without the other."""
        self.case(self.ann)._reassess()
        Item = type(self.env["ar.followup.item"])
        with (
            patch.object(
                Item, "try_lock_for_update", lambda items, **_how: items.browse()
            ),
            self.refused("Somebody is working"),
        ):
            self.dispute()

    def test_the_manager_hears_once_when_the_deadline_passes(self):
        dispute = self.dispute(amount=0)
        self.work_days(6, 12)
        self.assertEqual(self.asked(dispute), ["Dispute"])
        self.work_days(13, 15)
        self.assertEqual(self.asked(dispute), ["Dispute", "Dispute without an answer"])
        self.assertEqual(
            self.asked(dispute, self.manager), ["Dispute without an answer"]
        )
        self.assertTrue(dispute.is_late)
        dispute.date_deadline = START + timedelta(days=20)
        self.assertEqual(self.asked(dispute), ["Dispute"])
        self.work_day(21)
        self.assertEqual(len(self.asked(dispute, self.manager)), 1)

    def test_the_manager_hears_where_follow_up_is_off(self):
        dispute = self.dispute()
        self.company.sudo().ar_followup_mode = "off"
        self.work_day(13)
        self.assertEqual(len(self.asked(dispute, self.manager)), 1)
        self.work_day(14)
        self.assertEqual(len(self.asked(dispute, self.manager)), 1)

    def test_files_are_shown_in_the_chatter(self):
        file = self.mine["ir.attachment"].create({"name": "p.txt", "raw": b"broken"})
        dispute = self.dispute(attachment_ids=[Command.set(file.ids)])
        self.assertEqual((file.res_model, file.res_id), ("ar.dispute", dispute.id))

    def test_a_file_of_something_else_stays_there(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "x",
                "raw": b"x",
                "res_model": "res.partner",
                "res_id": self.ann.id,
            }
        )
        self.dispute(attachment_ids=[Command.set(file.ids)])
        self.assertEqual(file.res_model, "res.partner")

    # what the customer hears ----------------------------------------------------------

    def test_the_customer_hears_that_we_received_it(self):
        dispute = self.dispute(amount=0)
        self.assertEqual(self.messages(dispute), [("dispute_received", "queued")])
        self.work_day()
        self.assertEqual(self.messages(dispute), [("dispute_received", "sent")])
        (letter,) = self.letters(self.ann)
        self.assertIn(self.bill.name, letter)

    def test_a_mistake_is_taken_back_before_anybody_hears(self):
        dispute = self.dispute()
        dispute.action_cancel("Wrong customer.")
        self.work_day()
        self.assertEqual(self.messages(dispute), [("dispute_received", "cancelled")])
        self.assertEqual(dispute.outcome_note, "Wrong customer.")
        self.assertFalse(dispute.activity_ids)

    def test_the_customer_is_not_told(self):
        dispute = self.dispute(tell_customer=False)
        self.assertFalse(self.messages(dispute))

    def test_a_tax_of_so_much_a_piece(self):
        """The credit note comes to what was accepted, whatever the taxes are."""
        Tax = self.env["account.tax"]
        eco = {"name": "Eco", "amount_type": "fixed", "amount": 2.5}
        withheld = {"name": "Withheld", "amount": -10}
        taxed = {**eco, "name": "Eco, taxed", "include_base_amount": True}
        for vals in (eco, withheld, taxed):
            tax = Tax.create({**vals, "company_id": self.company.id})
            move = self.taxed(self.ann, (33.33, 3), (12.5, 2), post=False)
            move.invoice_line_ids[0].tax_ids = tax | self.vat
            move.action_post()
            with self.subTest(vals=vals):
                dispute = self.dispute(move, amount=50.01)
                dispute.action_accept()
                note = dispute.sudo().credit_note_id
                self.assertEqual(note.amount_total, 50.01)
                self.assertEqual(dispute.state, "accepted")

    def test_accepted_where_follow_up_is_off(self):
        """The customer hears of it all the same, once it is posted."""
        dispute = self.dispute()
        self.company.sudo().ar_followup_mode = "off"
        dispute.action_accept()
        self.work_day(6)
        self.assertNotIn("dispute_accepted", dict(self.messages(dispute)))
        dispute.sudo().credit_note_id.action_post()
        self.work_days(6, 7)  # the first finds out, the second hands over
        self.assertFalse(dispute.credit_pending)
        self.assertIn(("dispute_accepted", "sent"), self.messages(dispute))

    # others ---------------------------------------------------------------------------

    def test_merged_customers(self):
        bob = self.customer("Bob")
        bill = self.invoice(bob, 200)
        dispute = self.dispute(bill, amount=50)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard = wizard.with_context(active_test=False)
        wizard._merge([bob.id, self.ann.id], self.ann)
        self.settle(self.ann)
        self.assertEqual(dispute.partner_id, self.ann)
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.shielded(bill), [50])
        self.assertEqual(len(dispute.hold_ids), 1)

    def test_an_archived_customer(self):
        self.ann.active = False
        dispute = self.dispute()
        self.assertEqual(dispute.state, "open")
        dispute.action_reject("All was delivered.")
        self.assertIn("To-Do", self.asked(dispute, self.collector))

    def test_many_take_no_more_queries_each(self):
        def cost(count):
            partners = [self.customer(f"Many {count} {n}") for n in range(count)]
            moves = self.invoices([(partner, 90, START) for partner in partners])
            cases = self.engine["ar.followup.case"].create(
                [
                    {"partner_id": partner.id, "company_id": self.company.id}
                    for partner in partners
                ]
            )
            for move in moves:
                self.dispute(move, amount=30)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.engine["ar.dispute"]._to_review(
                self.company, cases.partner_id.ids
            )._review(self.company.with_env(self.engine))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        few = cost(2)
        self.assertLessEqual(cost(9), few + 2)

"""Events mark a customer, and the tick soon decides anew about them."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common_events import EventsCommon, day

TICK = "ar_followup_plus.cron_tick"


class MarksCommon(EventsCommon, CronMixinCase):
    """Two customers owe the same; only one of them has a case."""

    def setUp(self):
        super().setUp()
        self.known = self.customer("Known")
        self.known_move = self.invoice(self.known, due=0)
        self.work_day(3)
        self.assertTrue(self.case(self.known))
        self.new = self.customer("New")
        self.new_move = self.invoice(self.new, due=0)

    def work_off(self):
        """The tick has worked everything that happened so far."""
        self.work_day()
        self.assertFalse(self.engine["ar.followup.mark"].search([]))

    def assertMarks(self, partner, event):
        """``event`` marks the customer's case and calls the tick."""
        before = self.marks(partner)
        with self.capture_triggers(TICK) as triggers:
            event()
        self.env.flush_all()
        self.assertTrue(self.marks(partner) - before, "no mark")
        self.assertTrue(triggers.records, "nobody calls the tick")
        self.assertLessEqual(
            min(triggers.records.mapped("call_at")), fields.Datetime.now()
        )

    def assertMarksNobody(self, event):
        before = self.engine["ar.followup.mark"].search([])
        with self.capture_triggers(TICK) as triggers:
            event()
        self.env.flush_all()
        self.assertEqual(self.engine["ar.followup.mark"].search([]), before)
        self.assertFalse(triggers.records)


@tagged("post_install", "-at_install")
class TestEvents(MarksCommon):
    """What marks a customer: only those with a case, at any rate."""

    def both(self, event):
        """``event`` happens to a customer with a case, and to one without.

        :param event: a function of the customer and an open invoice of theirs
        """
        self.assertMarks(self.known, lambda: event(self.known, self.known_move))
        self.assertMarksNobody(lambda: event(self.new, self.new_move))

    def test_a_payment(self):
        self.both(lambda _partner, move: self.pay(move))

    def test_a_part_payment(self):
        self.both(lambda _partner, move: self.pay(move, 10))

    def test_a_reconciliation_of_what_was_there_before(self):
        credits = {
            partner: self.credit(partner, 10) for partner in (self.known, self.new)
        }
        self.work_off()
        self.both(
            lambda partner, move: (
                self.receivable(move) | self.receivable(credits[partner])
            ).reconcile()
        )

    def test_a_match_that_is_undone(self):
        for move in (self.known_move, self.new_move):
            self.pay(move, 10)
        self.work_off()
        self.both(lambda _partner, move: self.receivable(move).remove_move_reconcile())

    def test_a_credit_note(self):
        self.both(lambda partner, _move: self.credit(partner, 10))

    def test_an_unmatched_payment(self):
        self.both(lambda partner, _move: self.unmatched_payment(partner, 10))

    def test_a_credit_in_the_miscellaneous_journal(self):
        self.both(lambda partner, _move: self.entry(partner, -10))

    def test_a_new_invoice(self):
        self.both(lambda partner, _move: self.invoice(partner, due=0))

    def test_an_invoice_to_a_contact_of_the_customer(self):
        def invoice_contact(partner, _move):
            contact = self.env["res.partner"].create(
                {"name": "Branch office", "parent_id": partner.id}
            )
            self.invoice(contact, due=0)

        self.both(invoice_contact)

    def test_a_reset_to_draft(self):
        self.both(lambda _partner, move: move.button_draft())

    def test_a_blocked_payment_and_its_release(self):
        for _turn in ("blocked", "released"):
            self.both(lambda _partner, move: move.action_toggle_block_payment())

    def test_another_policy(self):
        other = self.policy.copy()

        def swap(partner, _move):
            partner.with_company(self.company).ar_followup_policy_id = other

        self.both(swap)

    def test_archived_and_back(self):
        for active in (False, True):
            self.both(lambda partner, _move, to=active: partner.write({"active": to}))

    def test_another_address(self):
        self.both(lambda partner, _move: partner.write({"email": "a@b.example"}))

    def test_another_address_of_the_contact_who_is_written_to(self):
        contacts = {
            partner: self.env["res.partner"].create(
                {"name": "Accounts", "type": "followup", "parent_id": partner.id}
            )
            for partner in (self.known, self.new)
        }
        self.both(
            lambda partner, _move: contacts[partner].write({"email": "a@b.example"})
        )

    def test_a_parent(self):
        """The contact's own case is looked at: its invoices are the parent's now."""
        parent = self.customer("Parent")
        case = self.case(self.known)
        (self.known | self.new).is_company = False
        with self.capture_triggers(TICK) as triggers:
            self.known.parent_id = parent
        self.assertEqual(self.engine["ar.followup.mark"].search([]).case_id, case)
        self.assertTrue(triggers.records)
        self.work_off()
        self.assertMarksNobody(lambda: self.new.write({"parent_id": parent.id}))

    def test_what_changes_nothing_marks_nobody(self):
        self.assertMarksNobody(lambda: self.known.write({"phone": "+1 555 0199"}))
        self.assertMarksNobody(lambda: self.known.write({"comment": "Likes tea"}))
        self.assertMarksNobody(lambda: self.invoice(self.known, due=0, post=False))

    def test_a_payment_by_somebody_without_rights_on_follow_up(self):
        bookkeeper = new_test_user(
            self.env,
            login="ar_bookkeeper",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        collectors = self.env.ref("ar_followup_plus.group_ar_collector")
        billing = self.env.ref("account.group_account_invoice")
        billing.implied_ids -= collectors
        self.assertFalse(bookkeeper.has_group("ar_followup_plus.group_ar_collector"))

        def pay():
            move = self.known_move.with_user(bookkeeper)
            context = {"active_model": "account.move", "active_ids": move.ids}
            wizard = move.env["account.payment.register"].with_context(**context)
            wizard.create({"payment_date": day(3)})._create_payments()

        self.assertMarks(self.known, pay)
        self.assertEqual(self.known_move.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestOneCompany(MarksCommon):
    """An event in one company leaves the cases of the others alone."""

    def setUp(self):
        super().setUp()
        self.sister = self.env["res.company"].create({"name": "Sister"})
        self.far = self.engine["ar.followup.case"].create(
            {"partner_id": self.known.id, "company_id": self.sister.id}
        )

    def marked(self):
        return self.engine["ar.followup.mark"].search([]).case_id

    def test_a_payment_concerns_its_company(self):
        self.pay(self.known_move)
        self.assertEqual(self.marked(), self.case(self.known))

    def test_a_policy_concerns_the_company_it_is_set_in(self):
        self.known.with_company(self.company).ar_followup_policy_id = self.policy.copy()
        self.assertEqual(self.marked(), self.case(self.known))

    def test_an_address_concerns_all(self):
        self.known.email = "a@b.example"
        self.assertEqual(self.marked(), self.case(self.known) | self.far)

    def test_an_address_written_together_with_a_policy_concerns_all(self):
        self.known.with_company(self.company).write(
            {"email": "a@b.example", "ar_followup_policy_id": self.policy.copy().id}
        )
        self.assertEqual(self.marked(), self.case(self.known) | self.far)


@tagged("post_install", "-at_install")
class TestTick(MarksCommon):
    """The tick works the marks and takes them away."""

    def prepare(self):
        """A reminder of the second level waits for review."""
        self.policy.review_always = True
        self.work_day(14)
        reminder = self.reminders(self.known, "to_review")
        self.assertEqual(len(reminder), 1)
        return reminder

    def test_a_payment_cancels_the_prepared_reminder(self):
        reminder = self.prepare()
        self.pay(self.known_move)
        self.assertEqual(reminder.state, "to_review", "the event only marks")
        self.assertTrue(self.marks(self.known))
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.assertTrue(reminder.failure_reason)
        self.assertFalse(self.marks(self.known))
        case = self.case(self.known)
        self.assertEqual((case.state, case.amount_open), ("closed", 0))

    def test_a_payment_cancels_a_reminder_that_waits_for_its_hour(self):
        reminder = self.prepare()
        reminder.send_after = fields.Datetime.now() + timedelta(hours=5)
        reminder._set_state("queued")
        self.pay(self.known_move)
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(len(self.sink.mails), 1, "only the first level of day 3")

    def test_a_credit_note_cancels_it_too(self):
        reminder = self.prepare()
        self.credit(self.known, 100)
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(self.case(self.known).reason, "credit_covers")

    def test_what_is_still_right_stays(self):
        reminder = self.prepare()
        self.invoice(self.known, due=300)
        self.work_off()
        self.assertEqual(reminder.state, "to_review")

    def test_many_marks_of_one_customer_are_worked_once(self):
        for amount in (1, 2, 3):
            self.pay(self.known_move, amount)
        self.assertGreater(len(self.marks(self.known)), 2)
        Case = self.registry["ar.followup.case"]
        with patch.object(Case, "_reassess_in", autospec=True) as reassess:
            self.engine["ar.followup.mark"]._work(100)
        (call,) = reassess.call_args_list
        self.assertEqual(call.args[0], self.case(self.known))

    def test_a_new_invoice_is_not_asked_for_before_the_next_day(self):
        other = self.invoice(self.known, due=-30)
        self.work_day()
        self.assertSent(self.known, self.first)
        self.assertStands(other, None)
        self.assertEqual(self.case(self.known).amount_overdue, 200)

    def test_marks_are_worked_before_the_days_hour_and_with_the_mode_off(self):
        self.company.ar_followup_hour = 20
        self.pay(self.known_move)
        self.work_off()
        self.assertEqual(self.case(self.known).state, "closed")
        self.receivable(self.known_move).remove_move_reconcile()
        self.company.ar_followup_mode = "off"
        self.work_off()
        self.assertEqual(self.case(self.known).reason, "credit_covers")

    def test_marks_in_other_hands_do_not_keep_the_tick_busy(self):
        self.pay(self.known_move)
        Mark = self.registry["ar.followup.mark"]
        with patch.object(
            Mark, "try_lock_for_update", lambda marks, **_options: marks.browse()
        ):
            self.assertFalse(self.engine["ar.followup.mark"]._work(100))
        self.assertTrue(self.marks(self.known), "who holds them works them")


@tagged("post_install", "-at_install")
class TestCost(MarksCommon):
    """An accountant never waits for the engine: a mark is a search and an insert."""

    #: look-up of the cases, the marks, the cron and its trigger
    MOST = 6

    def statements(self, event):
        """SQL statements of an event, with nothing left over from before."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        event()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def reconcile(self, partners):
        """Match credit notes with invoices, all in one go. Returns its cost."""
        lines = self.env["account.move.line"]
        for partner in partners:
            move = self.invoice(partner, 50, due=0)
            lines |= self.receivable(move) | self.receivable(self.credit(partner, 50))
        pairs = list(lines.grouped("partner_id").values())
        plan = self.env["account.move.line"]._reconcile_plan
        return self.statements(lambda: plan(pairs))

    def test_one_reconciliation(self):
        self.reconcile(self.customer("Warm"))
        without = self.reconcile(self.customer("Cold"))
        marks = self.marks(self.known)
        cost = self.reconcile(self.known)
        self.assertTrue(self.marks(self.known) - marks)
        self.assertLessEqual(cost - without, self.MOST)

    def test_many_at_once_cost_the_same(self):
        many = self.env["res.partner"]
        for number in range(12):
            partner = self.customer(f"Many {number}")
            self.invoice(partner, due=0)
            many |= partner
        self.reconcile(self.customer("Warm"))
        without = self.reconcile(many)
        self.work_day(4)
        self.assertEqual(len(many.mapped("ar_case_id")), 12)
        cost = self.reconcile(many)
        self.assertGreaterEqual(len(self.engine["ar.followup.mark"].search([])), 12)
        self.assertLessEqual(cost - without, self.MOST)

    def test_a_setting_marks_each_open_case_once(self):
        """However many settings are saved before the tick; settled cases are left."""
        settled = self.customer("Settled")
        paid = self.invoice(settled, due=0)
        self.work_day(4)
        self.pay(paid)
        self.work_day(5)
        self.assertEqual(self.case(settled).state, "closed")
        company = self.company.sudo()
        company.ar_followup_mode = "review"
        self.assertEqual(len(self.marks(self.known)), 1)
        company.ar_followup_start_date = day(0)
        company.ar_followup_mode = "automatic"
        self.assertEqual(len(self.marks(self.known)), 1)
        self.assertFalse(self.marks(settled))

"""What happens to an invoice while it is followed up: items survive their lines."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_events import EventsCommon, day


@tagged("post_install", "-at_install")
class TestResetToDraft(EventsCommon):
    """An invoice goes back to draft and is posted again."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.move = self.invoice(self.partner, due=0)

    def test_the_item_sleeps_while_its_invoice_is_a_draft_and_then_goes_on(self):
        self.work_day(3)
        item = self.assertStands(self.move, self.first, is_open=True)

        self.move.button_draft()
        self.work_day(14)
        self.assertSent(self.partner, self.first)
        self.assertStands(self.move, self.first, id=item.id, is_open=False)
        self.assertEqual(self.case(self.partner).amount_overdue, 0)

        self.move.action_post()
        self.work_day(15)
        self.assertSent(self.partner, self.first, self.second)
        self.assertStands(self.move, self.second, id=item.id, round=1, is_open=True)

    def test_a_prepared_reminder_is_cancelled_with_the_reason(self):
        self.policy.review_always = True
        self.work_day(3)
        reminder = self.reminders(self.partner, "to_review")
        self.assertEqual(len(reminder), 1)

        self.move.button_draft()
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.assertTrue(reminder.failure_reason)
        self.assertFalse(reminder.line_ids.filtered("is_live"))

        self.move.action_post()
        self.work_day(4)
        again = self.reminders(self.partner, "to_review")
        self.assertEqual(again.level_id, self.first)
        again.action_send()
        self.work_day()
        self.assertSent(self.partner, self.first)

    def test_new_lines_are_recognized_by_invoice_and_due_date(self):
        self.work_day(3)
        item = self.assertStands(self.move, self.first)
        old_line = self.receivable(self.move)

        self._rebuild(self.move, 150)
        new_line = self.receivable(self.move)
        self.assertNotEqual(new_line, old_line, "the story needs a line of its own")
        self.work_day(14)
        self.assertStands(self.move, self.second, id=item.id, amount_residual=150)
        self.assertEqual(item.move_line_id, new_line)
        self.assertEqual(item.case_id, self.case(self.partner))

    def test_a_changed_amount_is_asked_for_as_it_is_now(self):
        self.work_day(3)
        line = self.move.invoice_line_ids
        self.redraft(
            self.move, invoice_line_ids=[Command.update(line.id, {"price_unit": 80})]
        )
        self.work_day(14)
        second = self.reminders(self.partner, "sent")[-1]
        self.assertEqual(second.line_ids.amount_asked, 80)
        self.assertIn("80.00", self.received(self.partner)[-1].html)

    def test_another_currency_is_asked_for_as_it_is_now(self):
        euro = self.setup_other_currency("EUR")
        self.work_day(3)
        self.redraft(self.move, currency_id=euro.id)
        self.work_day(14)
        self.assertStands(self.move, self.second, currency_id=euro)
        second = self.reminders(self.partner, "sent")[-1]
        self.assertEqual(second.line_ids.currency_id, euro)
        self.assertEqual(self.item(self.move).amount_residual, 100)

    def test_another_number_is_printed_as_it_is_now(self):
        self.work_day(3)
        self.redraft(self.move, name="INV/2025/00999")
        self.work_day(14)
        self.assertStands(self.move, self.second, name="INV/2025/00999")
        self.assertIn("INV/2025/00999", self.received(self.partner)[-1].html)

    def test_a_hold_stays_on_the_invoice(self):
        self.work_day(3)
        item = self.item(self.move)
        hold = self.hold(self.case(self.partner), item)
        self._rebuild(self.move, 150)
        self.work_day(14)
        self.assertSent(self.partner, self.first)
        self.assertEqual(self.case(self.partner).reason, "paused")
        hold.action_lift("The customer has answered.")
        self.work_day(15)
        self.assertSent(self.partner, self.first, self.second)

    def test_a_deleted_draft_leaves_its_history(self):
        self.work_day(3)
        reminder = self.reminders(self.partner, "sent")
        item, name = self.item(self.move), self.move.name
        self.move.button_draft()
        self.move.with_context(force_delete=True).unlink()
        self.work_day(4)
        self.assertEqual(self.case(self.partner).state, "closed")
        self.assertEqual(reminder.line_ids.name, name)
        self.assertEqual(item.name, name)
        self.assertFalse(item.move_line_id | item.move_id.line_ids)
        self.assertFalse(item.is_open)

    def test_a_cancelled_invoice_is_over(self):
        self.work_day(3)
        self.move.button_draft()
        self.move.button_cancel()
        self.work_day(14)
        self.assertSent(self.partner, self.first)
        self.assertEqual(self.case(self.partner).state, "closed")

    def _rebuild(self, move, amount):
        """Edit the draft so that Odoo deletes its receivable line for a new one."""
        move.button_draft()
        move.line_ids.with_context(dynamic_unlink=True).unlink()
        move.invoice_line_ids = [
            Command.create({"name": "Goods", "price_unit": amount, "tax_ids": False})
        ]
        move.action_post()


@tagged("post_install", "-at_install")
class TestDueDate(EventsCommon):
    """The due date of an invoice moves."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.move = self.invoice(self.partner, due=0)
        self.work_day(3)

    def test_moved_past_the_last_reminder_the_invoice_starts_anew(self):
        self.redraft(self.move, invoice_date_due=day(40))
        self.work_day(14)
        self.assertStands(self.move, None, round=2, date_due=day(40), level_date=False)
        self.assertEqual(self.case(self.partner).reason, "nothing_due")
        self.work_day(43)
        self.assertSent(self.partner, self.first, self.first)
        self.assertStands(self.move, self.first, round=2)

    def test_moved_by_less_the_invoice_goes_on(self):
        self.redraft(self.move, invoice_date_due=day(2))
        self.work_day(14)
        self.assertSent(self.partner, self.first)
        self.assertStands(self.move, self.first, round=1, date_due=day(2))
        self.work_day(16)
        self.assertSent(self.partner, self.first, self.second)

    def test_moved_back_it_climbs_one_step_at_a_time(self):
        self.redraft(self.move, invoice_date_due=day(-40))
        self.work_day(4)
        self.assertSent(self.partner, self.first)
        self.work_days(5, 9)
        self.assertSent(self.partner, self.first, self.second)
        self.assertStands(self.move, self.second, round=1, date_due=day(-40))

    def test_changed_on_the_posted_line_it_counts_as_well(self):
        self.receivable(self.move).date_maturity = day(20)
        self.assertEqual(self.move.state, "posted")
        self.work_day(14)
        self.assertStands(self.move, None, round=2, date_due=day(20))
        self.assertSent(self.partner, self.first)

    def test_a_prepared_reminder_is_cancelled(self):
        self.policy.review_always = True
        self.work_day(14)
        reminder = self.reminders(self.partner, "to_review")
        self.assertEqual(reminder.level_id, self.second)
        self.redraft(self.move, invoice_date_due=day(30))
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.assertStands(self.move, None, round=2)

    def test_a_courtesy_note_does_not_make_a_moved_invoice_count_as_reminded(self):
        self.set_policy(levels=[(-3, "courtesy"), *self.plain(*self.LADDER)])
        later = self.invoice(self.customer("Early"), due=20)
        self.work_day(17)
        self.assertEqual(self.item(later).level_id.tone, "courtesy")
        self.redraft(later, invoice_date_due=day(60))
        self.work_day(18)
        self.assertStands(later, None, round=2, date_due=day(60))


@tagged("post_install", "-at_install")
class TestInstallments(EventsCommon):
    """Several lines of one invoice: each is an item that finds its own line."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.terms = self.env["account.payment.term"].create(
            {
                "name": "Half in 10 days, half in 40",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (10, 40)
                ],
            }
        )
        self.move = self.invoice(
            self.partner,
            invoice_date=day(-10),
            invoice_date_due=False,
            invoice_payment_term_id=self.terms.id,
        )

    def test_each_instalment_finds_its_own_line_again(self):
        self.work_day(3)
        early, late = self.item(self.move).sorted("date_due")
        self.assertEqual((early.date_due, late.date_due), (day(0), day(30)))
        self.assertEqual(early.level_id, self.first)
        self.assertFalse(late.level_id)

        self.redraft(
            self.move,
            invoice_line_ids=[
                Command.clear(),
                Command.create({"name": "Goods", "price_unit": 300, "tax_ids": False}),
            ],
        )
        self.work_day(4)
        self.assertEqual(self.item(self.move), early | late)
        self.assertEqual(early.move_line_id.date_maturity, day(0))
        self.assertEqual(late.move_line_id.date_maturity, day(30))
        self.assertEqual(early.level_id, self.first)
        self.assertFalse(late.level_id)

    def test_another_term_leaves_no_item_twice(self):
        self.work_day(3)
        early, late = self.item(self.move).sorted("date_due")
        thirty_days = self.env.ref("account.account_payment_term_30days")
        self.redraft(self.move, invoice_payment_term_id=thirty_days.id)
        self.work_day(4)
        line = self.receivable(self.move)
        self.assertEqual(len(line), 1)
        attached = (early | late).filtered("move_line_id")
        self.assertEqual(attached.move_line_id, line)
        self.assertEqual(attached.date_due, line.date_maturity)
        self.assertEqual(self.item(self.move), early | late)


@tagged("post_install", "-at_install")
class TestCustomerChanged(EventsCommon):
    """An invoice was made out to the wrong customer, and is corrected."""

    def setUp(self):
        super().setUp()
        self.wrong = self.customer("Wrong")
        self.right = self.customer("Right")
        self.move = self.invoice(self.wrong, due=0)
        self.work_day(3)
        self.item_before = self.assertStands(self.move, self.first)

    def test_it_begins_anew_with_the_right_customer(self):
        self.redraft(self.move, partner_id=self.right.id)
        self.work_day(14)
        self.assertStands(self.move, self.first, id=self.item_before.id, round=2)
        self.assertEqual(self.item_before.case_id, self.case(self.right))
        self.assertSent(self.wrong, self.first)
        self.assertSent(self.right, self.first)
        self.assertEqual(self.case(self.wrong).state, "closed")
        self.assertFalse(self.case(self.wrong).item_ids)

    def test_a_hold_on_the_invoice_goes_along(self):
        hold = self.hold(self.case(self.wrong), self.item_before)
        general = self.hold(self.case(self.wrong))
        self.redraft(self.move, partner_id=self.right.id)
        self.work_day(14)
        self.assertEqual(hold.case_id, self.case(self.right))
        self.assertEqual(general.case_id, self.case(self.wrong))
        self.assertEqual(self.case(self.right).reason, "paused")
        self.assertSent(self.right)

    def test_both_customers_are_looked_at_soon(self):
        other = self.invoice(self.right, due=-20)
        self.work_day(4)
        self.redraft(self.move, partner_id=self.right.id)
        self.assertTrue(self.marks(self.wrong))
        self.assertTrue(self.marks(self.right))
        self.work_day()
        self.assertEqual(self.item_before.case_id, self.case(self.right))
        self.assertEqual(self.case(self.right).amount_overdue, 200)
        self.assertStands(other, self.first)

    def test_not_due_at_the_new_customer_the_old_case_is_free_of_it(self):
        self.redraft(self.move, partner_id=self.right.id, invoice_date_due=day(60))
        self.work_day(14)
        self.assertEqual(self.case(self.wrong).state, "closed")
        self.assertEqual(self.case(self.wrong).amount_open, 0)
        self.work_day(63)
        self.assertStands(self.move, self.first, id=self.item_before.id, round=2)
        self.assertSent(self.right, self.first)


@tagged("post_install", "-at_install")
class TestMeanwhile(EventsCommon):
    """Something happens between two batches of a run."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.move = self.invoice(self.partner, due=0)
        self.travel(3)
        self.run_ = self.engine["ar.followup.run"].create(
            {"company_id": self.company.id, "date": day(3)}
        )

    def work_up_to(self, step):
        """Work batch by batch until the run is about to take ``step``."""
        while self.run_.step != step:
            self.assertTrue(self.run_._work_batch())
            self.assertEqual(self.run_.state, "running", self.run_.failure_reason)

    def finish(self):
        self.run_.action_run()
        self.env.invalidate_all()
        self.assertEqual(self.run_.state, "done", self.run_.failure_reason)

    def test_an_invoice_is_posted(self):
        for step in ("decide", "prepare"):
            with self.subTest(step):
                self.work_up_to(step)
                self.invoice(self.partner, 70, due=-30)
        self.finish()
        self.assertSent(self.partner, self.first)
        asked = self.reminders(self.partner).line_ids.item_id
        self.assertIn(self.item(self.move), asked)

    def test_the_invoice_is_paid(self):
        self.work_up_to("prepare")
        self.pay(self.move)
        self.finish()
        self.assertFalse(self.reminders(self.partner))
        self.assertEqual(self.case(self.partner).state, "closed")

    def test_the_invoice_is_reset_to_draft(self):
        self.work_up_to("prepare")
        self.move.button_draft()
        self.finish()
        self.assertFalse(self.reminders(self.partner))

    def test_the_customer_is_merged(self):
        other = self.customer("Other")
        self.invoice(other, 50, due=0)
        self.work_up_to("prepare")
        wizard = self.engine["base.partner.merge.automatic.wizard"]
        wizard._merge([self.partner.id, other.id], other.with_env(self.engine))
        self.finish()
        self.assertEqual(len(self.received(other)), 1)
        asked = self.reminders(other, "sent").line_ids
        self.assertEqual(sum(asked.mapped("amount_asked")), 150)

    def test_a_contact_is_given_a_parent(self):
        self.partner.is_company = False
        parent = self.customer("Parent")
        self.invoice(parent, 50, due=0)
        self.work_up_to("prepare")
        self.partner.parent_id = parent
        self.finish()
        self.assertEqual(len(self.received(parent)), 1)
        self.assertEqual(self.item(self.move).case_id, self.case(parent))
        self.work_day(4)
        self.assertEqual(len(self.sink.mails), 1)

    def test_an_invoice_is_posted_while_the_collector_calls(self):
        call = {
            "send_email": False,
            "activity_type_id": self.env.ref(
                "ar_followup_plus.mail_activity_type_call"
            ).id,
        }
        policy = self.set_policy(
            levels=[*self.plain((3, "friendly")), (14, "firm", call)]
        )
        self.work_days(3, 14)
        later = self.invoice(self.partner, due=-30)
        self.close_call(self.partner)
        self.assertStands(self.move, policy.level_ids[1])
        self.assertStands(later, None)

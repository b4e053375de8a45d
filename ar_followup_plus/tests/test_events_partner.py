"""What happens to a customer while they are followed up."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_events import EventsCommon, day


@tagged("post_install", "-at_install")
class TestParent(EventsCommon):
    """A contact is given a parent company: the company owes the money now."""

    def setUp(self):
        super().setUp()
        self.contact = self.customer("Person", is_company=False)
        self.parent = self.customer("Parent")
        self.move = self.invoice(self.contact, due=0)

    def test_the_item_moves_to_the_parents_case_and_keeps_its_level(self):
        self.work_day(3)
        item = self.assertStands(self.move, self.first)
        old_case = self.case(self.contact)
        self.contact.parent_id = self.parent
        self.assertEqual(self.receivable(self.move).partner_id, self.parent)

        self.work_day(4)
        self.assertStands(self.move, self.first, id=item.id, round=1, level_date=day(3))
        self.assertEqual(item.case_id, self.case(self.parent))
        self.assertNotEqual(item.case_id, old_case)
        self.assertEqual(old_case.state, "closed")
        self.assertEqual(old_case.closed_on, day(4))
        self.work_day(14)
        self.assertSent(self.parent, self.second)
        self.assertEqual(len(self.received(self.parent)), 1)
        self.assertEqual(old_case.reminder_ids.mapped("state"), ["sent"])

    def test_a_hold_on_the_invoice_goes_along(self):
        self.work_day(3)
        old_case = self.case(self.contact)
        on_item = self.hold(old_case, self.item(self.move))
        on_case = self.hold(old_case)
        self.contact.parent_id = self.parent
        self.work_day(14)
        self.assertEqual(on_item.case_id, self.case(self.parent))
        self.assertEqual(on_case.case_id, old_case)
        self.assertEqual(self.case(self.parent).reason, "paused")
        self.assertSent(self.parent)

    def test_a_prepared_reminder_to_the_contact_is_cancelled(self):
        self.policy.review_always = True
        self.work_day(3)
        reminder = self.reminders(self.contact, "to_review")
        old_case = self.case(self.contact)
        self.contact.parent_id = self.parent
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.assertEqual(old_case.state, "closed")
        self.work_day(4)
        self.assertEqual(self.reminders(self.parent, "to_review").level_id, self.first)

    def test_the_parents_open_case_takes_the_item_at_once(self):
        self.invoice(self.parent, due=0)
        self.work_day(3)
        self.contact.parent_id = self.parent
        self.work_day()
        self.assertEqual(self.item(self.move).case_id, self.case(self.parent))
        self.assertEqual(self.case(self.parent).amount_overdue, 200)

    def test_the_gap_since_the_last_reminder_is_kept(self):
        old = self.invoice(self.contact, due=-60)
        self.work_day(3)
        self.assertStands(old, self.first)
        self.contact.parent_id = self.parent
        self.work_days(4, 7)
        self.assertSent(self.parent)
        self.work_day(8)
        self.assertSent(self.parent, self.second)

    def test_a_courtesy_note_is_not_sent_again(self):
        self.set_policy(
            levels=[(-3, "courtesy", {"response_days": 0}), *self.plain(*self.LADDER)]
        )
        later = self.invoice(self.customer("Sole", is_company=False), due=20)
        person = later.partner_id
        self.work_day(17)
        courtesy = self.item(later).level_id
        self.assertEqual(courtesy.tone, "courtesy")
        person.parent_id = self.parent
        self.work_days(18, 20)
        self.assertStands(later, courtesy, round=1)
        self.assertSent(self.parent)


@tagged("post_install", "-at_install")
class TestGoneCustomers(EventsCommon):
    """A customer who is followed up is deleted or archived."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.move = self.invoice(self.partner, due=0)

    def test_a_customer_with_a_case_cannot_be_deleted(self):
        stranger = self.customer("No invoice")
        case = self.engine["ar.followup.case"].create(
            {"partner_id": stranger.id, "company_id": self.company.id}
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            self.env.cr.savepoint(),
        ):
            stranger.unlink()
        self.assertTrue(case.exists())
        self.assertTrue(stranger.exists())

    def test_a_contact_who_was_written_to_cannot_be_deleted(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Accounts",
                "type": "followup",
                "email": "accounts@customer.example",
                "parent_id": self.partner.id,
            }
        )
        self.work_day(3)
        self.assertEqual(self.reminders(self.partner).partner_id, contact)
        with (
            self.assertRaisesRegex(UserError, "Archive the contact"),
            self.env.cr.savepoint(),
        ):
            contact.unlink()
        self.assertEqual(self.reminders(self.partner).partner_id, contact)

    def test_archived_the_customer_is_left_alone_and_keeps_the_case(self):
        self.work_day(3)
        self.partner.active = False
        self.work_day(14)
        case = self.case(self.partner)
        self.assertEqual((case.state, case.reason), ("held", "no_followup"))
        self.assertSent(self.partner, self.first)
        self.partner.active = True
        self.work_day(15)
        self.assertSent(self.partner, self.first, self.second)


@tagged("post_install", "-at_install")
class TestReopened(EventsCommon):
    """A case is closed and opens again: the round counts, history stays."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.move = self.invoice(self.partner, due=0)
        self.work_day(3)
        self.case_ = self.case(self.partner)
        self.assertEqual((self.case_.round, self.case_.opened_on), (1, day(3)))

    def test_a_payment_taken_back_opens_the_case_again(self):
        payment = self.pay(self.move)
        self.work_day(4)
        self.assertEqual(self.case_.state, "closed")
        self.assertEqual((self.case_.closed_on, self.case_.amount_open), (day(4), 0))

        # the match alone is undone: the payment is still there, as a credit
        self.receivable(self.move).remove_move_reconcile()
        self.work_day(10)
        self.assertEqual(
            (self.case_.state, self.case_.reason), ("held", "credit_covers")
        )
        self.assertEqual((self.case_.round, self.case_.closed_on), (2, False))
        self.assertEqual(self.case_.opened_on, day(10))

        payment.action_draft()
        payment.action_cancel()
        self.work_day(14)
        self.assertSent(self.partner, self.first, self.second)
        self.assertStands(self.move, self.second)
        self.assertEqual(self.case_.round, 2)

    def test_a_new_invoice_raises_the_round_and_keeps_history(self):
        self.pay(self.move)
        self.work_day(4)
        history = self.case_.decision_ids
        later = self.invoice(self.partner, due=50)
        self.work_day(53)
        self.assertEqual(self.case(self.partner), self.case_)
        self.assertEqual(self.case_.round, 2)
        self.assertEqual(self.case_.opened_on, day(53))
        self.assertStands(later, self.first, round=2)
        self.assertStands(self.move, self.first, round=1)
        self.assertSent(self.partner, self.first, self.first)
        self.assertLessEqual(history, self.case_.decision_ids)
        self.assertEqual(len(self.decision(self.partner)), 1)

    def test_an_invoice_out_of_reach_leaves_the_case_closed(self):
        self.pay(self.move)
        self.work_day(4)
        later = self.invoice(self.partner, due=50)
        self.work_day(5)
        self.assertEqual((self.case_.state, self.case_.round), ("closed", 1))
        self.assertFalse(self.item(later))
        self.work_day(53)
        self.assertEqual(self.case_.round, 2)
        self.assertStands(later, self.first, round=2)

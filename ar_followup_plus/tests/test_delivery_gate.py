from datetime import timedelta

from odoo.tests import tagged

from .common import START
from .common_delivery import DeliveryCommon

PAID = "Nothing is due"


@tagged("post_install", "-at_install")
class TestGate(DeliveryCommon):
    """Between the preparation and the mail server something changes.

    Each test changes it for Ann, whose reminder must not leave; Ben's must.
    """

    def _hand_over(self, reminders):
        """The door to the mail server that the engine takes."""
        reminders._deliver()

    def setUp(self):
        super().setUp()
        self.waiting = self.prepare(3)
        self.reminder = self.reminders(self.ann, "queued")
        self.message = self.reminder.message_id
        self.mail = self.reminder._mails()
        self.assertTrue(self.mail)
        self.assertIn(self.message, self.case(self.ann).message_ids)

    def _check_stopped(self, *reasons, also_ben=False):
        self._hand_over(self.waiting)
        self.env.invalidate_all()
        self.assertEqual(self.reminder.state, "cancelled")
        for words in reasons:
            self.assertIn(words, self.reminder.failure_reason)
        self.assertFalse(self.received(self.ann))
        self.assertFalse(self.reminder.attempt_count)
        self.assertFalse(self.message.exists(), "it never left: no trace of it")
        self.assertFalse(self.mail.exists())
        self.assertNotClimbed(self.anns)
        self.assertEqual(len(self.received(self.ben)), 0 if also_ben else 1)
        self._hand_over(self.waiting)
        self.engine["mail.mail"].process_email_queue()
        self.assertFalse(self.received(self.ann))

    def _hold(self, **vals):
        return self.engine["ar.followup.hold"].create(
            {"case_id": self.case(self.ann).id, "kind": "paused", **vals}
        )

    # the money ---------------------------------------------------------------

    def test_paid(self):
        self.pay(self.anns)
        self._check_stopped(PAID)

    def test_paid_in_part(self):
        """The rest is still due, but not what the mail says."""
        self.pay(self.anns, 40.0)
        self._check_stopped("The amounts have changed")
        self.work_day(4)
        self.assertIn("60.00", self.received(self.ann)[0].html)

    def test_credited(self):
        self.credit(self.ann, 100.0)
        self._check_stopped("Covered by credits")

    def test_credited_in_part(self):
        self.credit(self.ann, 30.0)
        self._check_stopped("The amounts have changed")

    def test_reset_to_draft(self):
        self.anns.button_draft()
        self._check_stopped(PAID)

    def test_due_date_moved(self):
        self.receivable(self.anns).date_maturity = START + timedelta(days=30)
        self._check_stopped(PAID)

    def test_within_tolerance(self):
        self.policy.tolerance_amount = 100.0
        self._check_stopped("Within tolerance", also_ben=True)

    # the people --------------------------------------------------------------

    def test_held(self):
        self._hold(kind="legal")
        self._check_stopped("Legal case")

    def test_disputed(self):
        self._hold(kind="disputed")
        self._check_stopped("Disputed")

    def test_invoice_disputed(self):
        self._hold(kind="disputed", item_id=self.item(self.anns).id)
        self._check_stopped("Disputed")

    def test_paid_overnight(self):
        """It waited in the queue until the next morning."""
        self.travel(4)
        self.pay(self.anns)
        self._check_stopped(PAID)

    def test_paused_for_a_day(self):
        self._hold(date_to=START + timedelta(days=3))
        self._check_stopped("Paused")
        self.work_day(4)
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_invoice_held_in_part(self):
        self._hold(item_id=self.item(self.anns).id, is_partial=True, amount=10.0)
        self._check_stopped("The amounts have changed")

    def test_invoice_taken_out(self):
        self.receivable(self.anns).no_followup = True
        self._check_stopped("Not followed up")

    def test_payment_blocked(self):
        self.anns.action_toggle_block_payment()
        self._check_stopped("Payment blocked")

    def test_conversation(self):
        """The customer was on the phone this morning."""
        self.env["ar.contact.log"].with_user(self.collector).create(
            {"case_id": self.case(self.ann).id, "outcome": "reached"}
        )
        self.assertEqual(
            self.case(self.ann).last_demand_date, START + timedelta(days=3)
        )
        self._hand_over(self.waiting)
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertIn("Not yet time", self.reminder.failure_reason)
        self.assertFalse(self.received(self.ann))

    # the settings ------------------------------------------------------------

    def test_address_removed(self):
        self.ann.email = False
        self._check_stopped("No email address")

    def test_address_changed(self):
        """It goes to the address of today, and says so."""
        old, self.ann.email = self.ann.email, "ann@new.example"
        self._hand_over(self.waiting)
        self.env.invalidate_all()
        self.assertFalse(self.received(old))
        self.assertEqual(len(self.received("ann@new.example")), 1)
        self.assertRecordValues(
            self.reminder, [{"state": "sent", "email_to": "ann@new.example"}]
        )

    def test_another_addressee(self):
        """A contact for reminders was named: the next one goes there."""
        self.env["res.partner"].create(
            {
                "name": "Ann's bookkeeper",
                "type": "followup",
                "parent_id": self.ann.id,
                "email": "books@ann.example",
            }
        )
        self._check_stopped("Somebody else is written to")
        self.work_day(4)
        self.assertEqual(len(self.received("books@ann.example")), 1)

    def test_policy_changed(self):
        self.set_policy(self.ann, levels=[(10, "friendly")])
        self._check_stopped("Not yet time")

    def test_policy_without_levels(self):
        self.set_policy(self.ann, levels=[])
        self._check_stopped("No follow-up policy")

    def test_level_archived(self):
        self.friendly.action_archive()
        self._check_stopped("", also_ben=True)

    def test_start_date_moved(self):
        self.company.ar_followup_start_date = START + timedelta(days=1)
        self._check_stopped("Before the start date", also_ben=True)

    def test_mode_off(self):
        self.company.ar_followup_mode = "off"
        self._check_stopped("switched off", also_ben=True)

    def test_customer_archived(self):
        self.ann.action_archive()
        self._check_stopped("Not followed up")

    def test_too_late(self):
        """Left until the day by which it asks for an answer."""
        self.travel(10)
        self._check_stopped("The day by which", also_ben=True)


@tagged("post_install", "-at_install")
class TestGateOfOdoosQueue(TestGate):
    """The same, when Odoo's own mail queue comes first."""

    def _hand_over(self, _reminders):
        self.engine["mail.mail"].process_email_queue()

"""A text that a person edited and that the facts overtook comes back."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import START
from .common_delivery import ReviewCommon


@tagged("post_install", "-at_install")
class TestOvertaken(ReviewCommon):
    """A person edited a text, then the facts changed: nothing of it is lost."""

    def edited(self):
        """Ann's reminder about two invoices, worded by the collector."""
        self.second = self.invoice(self.ann, 500.0, -1)
        reminder = self.prepared(self.ann)
        body = str(reminder.body).replace(
            "Dear Ann", "Dear Ann, thank you for your call"
        )
        # as an editor writes it, which knows no other blank that does not break
        total = reminder.total_text.replace("\xa0", "&nbsp;")
        body += f"<p>That is {total} in all, not 1{total[-6:]}.</p>"
        reminder.write({"subject": "About our call", "body": body})
        return reminder

    def test_who_edited_and_when(self):
        reminder = self.edited()
        self.assertEqual(reminder.edited_by_id, self.collector)
        self.assertEqual(reminder.edited_on, fields.Datetime.now())
        self.assertIn("Carla Collector", reminder.edited_text)
        with self.assertRaises(AccessError):
            reminder.edited_by_id = self.manager
        other = self.prepared(self.ben)
        other.subject = other.subject
        self.assertFalse(other.edited_by_id, "nothing was changed")

    def test_comes_back_with_the_difference(self):
        before = self.edited()
        self.pay(self.second)
        self.pay(self.anns, 30.0)
        third = self.invoice(self.ann, 44.0, 0)
        self.work_day(4)
        self.assertEqual(before.state, "cancelled")
        anew = self.reminders(self.ann, "to_review").with_user(self.collector)
        self.assertEqual(anew.replaces_id, before)
        text = anew.difference_text
        self.assertIn("Since Carla Collector edited this on Jan 8, 2026: ", text)
        self.assertIn(f"{self.second.name} ($\xa0500.00) was settled", text)
        self.assertIn(
            f"{self.anns.name} is now $\xa070.00 instead of $\xa0100.00", text
        )
        self.assertIn(f"{third.name} ($\xa044.00) was added", text)
        self.assertEqual(anew.review_text, text)
        self.assertIn("thank you for your call", anew.replaced_body)
        self.assertNotIn("thank you for your call", anew.body)

    def test_take_over(self):
        """The words of before, the amounts of now."""
        before = self.edited()
        self.pay(self.second)
        self.work_day(4)
        anew = self.reminders(self.ann, "to_review").with_user(self.collector)
        anew.action_take_over_text()
        self.assertEqual(anew.subject, "About our call")
        self.assertIn("thank you for your call", anew.body)
        self.assertIn("is $&nbsp;100.00 in all, not 1600.00", anew.body)
        self.assertNotIn(self.second.name, anew.body)
        self.assertIn(self.anns.name, anew.body)
        self.assertNotEqual(anew.answer_text, before.answer_text)
        self.assertIn(anew.answer_text, anew.body)
        self.assertNotIn(before.answer_text, anew.body)
        self.assertEqual(anew.edited_by_id, self.collector)
        anew.action_send()
        (mail,) = self.received(self.ann)
        self.assertIn("thank you for your call", mail.html)
        self.assertEqual(mail.html.count("<table"), 1)

    def test_only_where_there_is_one(self):
        reminder = self.prepared(self.ann)
        with self.assertRaisesRegex(UserError, "replaces an edited one"):
            reminder.action_take_over_text()

    def test_overtaken_at_the_gate(self):
        """Edited and released; paid in part before it left: it is not sent."""
        self.company.sudo().ar_followup_mode = "automatic"
        self.policy.review_always = True
        before = self.edited()
        before._set_state("queued", released=True)
        self.pay(self.anns, 30.0)
        before.sudo()._queue_mails()
        before._mails().send()
        self.assertEqual(before.state, "cancelled")
        self.assertFalse(self.sink.mails)
        self.policy.review_always = False
        foreseen = self.preview(START + timedelta(4)).decision_ids
        by_name = {d.partner_id.name: d.action for d in foreseen}
        self.assertEqual(by_name["Ann"], "review", "whatever the mode")
        self.work_day(4)
        anew = self.reminders(self.ann, "to_review")
        self.assertEqual(anew.replaces_id, before)
        self.assertIn("70.00", anew.difference_text)
        self.assertFalse(self.received(self.ann))

    def test_overtaken_twice(self):
        """Nobody had looked at the second: the third still knows the text."""
        before = self.edited()
        self.pay(self.anns, 30.0)
        self.work_day(4)
        self.pay(self.anns, 30.0)
        self.work_day(5)
        anew = self.reminders(self.ann, "to_review")
        self.assertEqual(anew.replaces_id, before)
        self.assertIn("40.00", anew.difference_text)
        anew.with_user(self.collector).action_send()
        self.assertEqual(anew.state, "sent")
        self.assertFalse((anew | before).filtered("text_pending"))

    def test_nothing_left_to_ask(self):
        before = self.edited()
        self.pay(self.anns | self.second)
        self.work_day(4)
        self.assertEqual(before.state, "cancelled")
        self.assertIn("Nothing is due", before.failure_reason)
        self.assertEqual(self.reminders(self.ann), before.sudo())

    def test_a_new_matter_is_worded_anew(self):
        """Everything was paid; months later the old text holds nothing up."""
        before = self.edited()
        self.pay(self.anns | self.second)
        self.work_day(4)
        self.assertTrue(before.text_pending)
        self.company.sudo().ar_followup_mode = "automatic"
        self.invoice(self.ann, 70.0, 60)
        self.work_day(64)
        (mail,) = self.received(self.ann)
        self.assertIn("70.00", mail.html)
        self.assertFalse(self.reminders(self.ann).replaces_id)
        self.assertFalse(before.text_pending)

    def test_not_edited_leaves_by_itself(self):
        self.prepared(self.ann)
        self.company.sudo().ar_followup_mode = "automatic"
        self.pay(self.anns, 30.0)
        self.work_day(4)
        self.assertTrue(self.received(self.ann))

    def test_dropped_is_not_overtaken(self):
        before = self.edited()
        before.action_cancel(str(START + timedelta(days=3)))
        self.work_day(4)
        self.assertFalse(self.reminders(self.ann, "to_review").replaces_id)

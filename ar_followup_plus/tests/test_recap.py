"""The recap: what was agreed on, in the customer's language, read before it leaves."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_calls import CallCommon

CLOSE = "ir.actions.act_window_close"


@tagged("post_install", "-at_install")
class TestRecap(CallCommon):
    def recap(self, outcome="reached", **vals):
        """The recap made with the button of the dialog, to be reviewed."""
        call = self.fill(outcome, **vals)
        action = call.action_save_and_recap()
        self.assertEqual(action["res_model"], "ar.followup.reminder")
        message = self.env["ar.followup.reminder"].browse(action["res_id"])
        self.assertEqual(message.recap_log_id, call.log_id)
        return message.with_user(self.collector)

    def test_it_is_read_before_it_leaves(self):
        message = self.recap()
        self.assertEqual((message.kind, message.state), ("recap", "to_review"))
        self.assertFalse(message.is_demand)
        self.assertEqual(message.user_id, self.collector)
        self.assertIn("recap", message.review_text)
        self.work_day(3)
        self.assertFalse(
            [mail for mail in self.received(self.ann) if "talked" in mail.subject]
        )
        message.body = str(message.body).replace("Thank you", "Many thanks")
        message.action_send()
        self.work_day()
        (mail,) = [m for m in self.received(self.ann) if "talked" in m.subject]
        self.assertIn("Many thanks", mail.html)
        self.assertIn("Carla Collector", mail.html)
        self.assertEqual(message.state, "sent")

    def test_it_is_a_contact_and_no_demand(self):
        message = self.recap()
        entries = len(self.case(self.ann).contact_log_ids)
        self.travel(4)
        message.action_send()
        self.work_day()
        log = self.case(self.ann).contact_log_ids
        self.assertEqual(len(log), entries + 1)
        entry = log.filtered("reminder_id")
        self.assertEqual((entry.reminder_id, entry.outcome), (message, "sent"))
        self.assertEqual(
            self.case(self.ann).last_demand_date, fields.Date.today() - timedelta(2)
        )

    def test_only_what_was_agreed_on(self):
        """A colleague's remark is for colleagues, also what is to be done next."""
        day = fields.Date.today() + timedelta(3)
        message = self.recap(
            summary="A difficult person.",
            next_step="Ask the lawyer",
            next_step_date=day,
        )
        self.assertNotIn("difficult", message.body)
        self.assertNotIn("lawyer", message.body)
        self.assertIn("January 10, 2026", message.body)

    def test_nothing_was_agreed_on(self):
        body = self.recap().body
        self.assertNotIn("<ul>", body)
        self.assertNotIn("what we noted", body)

    def test_a_promise(self):
        """What needs approval first is not confirmed before it has it."""
        day = fields.Date.today() + timedelta(3)
        message = self.recap("promise", promise_date=day, promise_amount=400)
        self.assertIn("400.00", message.body)
        self.assertIn("January 10, 2026", message.body)
        self.assertIn(self.bill.name, message.body)
        far = fields.Date.today() + timedelta(200)
        waiting = self.recap("promise", promise_date=far, promise_amount=400)
        self.assertEqual(waiting.recap_log_id.promise_ids.state, "to_approve")
        self.assertNotIn("400.00", waiting.body)

    def test_a_dispute(self):
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        message = self.recap(
            "dispute",
            dispute_item_id=self.item(self.bill),
            dispute_reason_id=reason,
            dispute_amount=300,
            summary="They are always complaining.",
        )
        self.assertIn("300.00", message.body)
        self.assertIn(self.bill.name, message.body)
        self.assertNotIn("complaining", message.body)

    def test_a_plan_is_looked_into(self):
        message = self.recap("wants_plan")
        self.assertIn("instalments", message.body)
        self.assertNotIn("approved", message.body)

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].search(
            [("name", "=", "ar_followup_plus")]
        )._update_translations(["fr_FR"])
        self.ann.lang = "fr_FR"
        day = fields.Date.today() + timedelta(3)
        message = self.recap(next_step="x", next_step_date=day)
        self.assertEqual(message.lang, "fr_FR")
        self.assertIn("10 janvier 2026", message.body)

    def test_one_recap_of_a_conversation(self):
        message = self.recap()
        again = message.recap_log_id.with_user(self.collector).action_send_recap()
        self.assertEqual(again["res_id"], message.id)
        message.action_cancel(note="Not needed.")
        entry = message.recap_log_id.with_user(self.collector)
        self.assertNotEqual(entry.action_send_recap()["res_id"], message.id)

    def test_no_conversation_no_recap(self):
        entry, _action = self.log_call("no_answer")
        with self.assertRaisesRegex(UserError, "agreed on in a conversation"):
            entry.with_user(self.collector).action_send_recap()

    def test_nobody_to_write_to(self):
        """The call is not lost with the recap."""
        self.ann.email = False
        call = self.fill("reached")
        action = call.action_save_and_recap()
        self.assertIn("can be written to", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["type"], CLOSE)
        self.assertEqual(self.entries(), call.log_id)
        with self.assertRaisesRegex(UserError, "can be written to"):
            call.log_id.with_user(self.collector).action_send_recap()

    def test_without_its_text(self):
        """The call is not lost with a text that somebody deleted."""
        template = self.env.ref("ar_followup_plus.mail_template_recap")
        for delete in (lambda: template.write({"body_html": False}), template.unlink):
            delete()
            with mute_logger("odoo.addons.ar_followup_plus.models.contact"):
                message = self.recap()
            self.assertEqual(message.state, "failed")
            self.assertIn("the text is empty", message.failure_reason)
            self.assertIn(message.recap_log_id, self.entries())

    def test_in_the_name_of_who_called(self):
        call = self.fill("reached", user=self.manager)
        action = call.action_save_and_recap()
        message = self.env["ar.followup.reminder"].browse(action["res_id"])
        self.assertEqual(message.user_id, self.manager)

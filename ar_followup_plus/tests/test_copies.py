"""The manager's copy: internal, after the fact, and nothing depends on it."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_delivery import CORE_MAIL, DeliveryCommon

CALL = "ar_followup_plus.mail_activity_type_call"


@tagged("post_install", "-at_install")
class TestCopies(DeliveryCommon):
    """A firm reminder on day 3 of two, which is copied to Mona."""

    def setUp(self):
        super().setUp()
        levels = [
            (3, "friendly", {"response_days": 0}),
            (14, "firm", {"response_days": 0}),
        ]
        self.policy = self.set_policy(levels=levels)
        self.work_day(3)
        self.send_queue()
        self.assertFalse(self.copies(), "a friendly one is nothing to know of")
        self.sink.reset()

    def send_queue(self):
        self.engine["mail.mail"].process_email_queue()
        self.env.invalidate_all()

    def queued(self, subject="Copy ("):
        return self.env["mail.mail"].search([("subject", "ilike", subject)])

    def copies(self, manager=None):
        return self.received((manager or self.manager).email)

    def firm(self, partner=None):
        return self.reminders(partner or self.ann)[-1]

    def sent(self):
        """Day 14: the firm reminders leave, then what is in Odoo's queue."""
        self.work_day(14)
        self.send_queue()

    def test_a_copy_of_each(self):
        self.sent()
        copies = self.copies()
        self.assertEqual(len(copies), 2)
        (letter,) = self.received(self.ann)
        (copy,) = [mail for mail in copies if "Ann" in mail.subject]
        self.assertEqual(list(copy.recipients), [self.manager.email])
        self.assertEqual(copy.subject, f"Copy (Ann): {letter.subject}")
        self.assertIn("Internal copy of a message to Ann.", copy.html)
        self.assertIn("100.00", copy.html, "the text as it was sent")
        self.assertNotIn("Internal copy", letter.html)
        self.assertEqual(list(letter.recipients), [self.ann.email])
        for header in ("Cc", "Bcc"):
            self.assertFalse(letter.message[header])
        self.assertNotIn(self.manager.email, letter.message.as_string())
        self.assertEqual(self.firm().copy_to_id, self.manager)

    def test_once_for_each_reminder(self):
        self.sent()
        reminders = self.firm() | self.firm(self.ben)
        self.assertEqual(len(self.copies()), 2)
        # as if the tick had died after the mails were made, and begun anew
        reminders.call_pending = True
        self.work_days(15, 16)
        self.send_queue()
        self.assertEqual(len(self.copies()), 2)

    def test_not_before_it_was_accepted(self):
        self.travel(14)
        self.break_mail_server()
        with mute_logger(CORE_MAIL):
            self.work_day(14)
        self.assertFalse(self.firm().copy_to_id)
        self.assertFalse(self.queued())
        self.mend_mail_server()
        self.firm()._mails().mark_outgoing()
        self.firm()._mails().send()
        self.assertEqual(self.firm().state, "sent")
        self.work_day()
        self.send_queue()
        self.assertEqual(len([m for m in self.copies() if "Ann" in m.subject]), 1)

    def test_it_is_no_delivery(self):
        """Neither that it arrives nor that it does not changes the reminder."""
        self.work_day(14)
        before = self.firm().read()
        logged = self.case(self.ann).contact_log_ids
        copies = self.queued("Copy (Ann)")
        self.assertFalse(copies._ar_reminders(), "the gate lets it pass")
        self.assertFalse(copies.model or copies.res_id)
        self.break_mail_server()
        with mute_logger(CORE_MAIL):
            self.send_queue()
        self.assertEqual(copies.state, "exception")
        self.assertEqual(self.firm().read(), before)
        self.assertEqual(self.case(self.ann).contact_log_ids, logged)
        self.mend_mail_server()
        copies.mark_outgoing()
        self.send_queue()
        self.assertFalse(copies.exists(), "it leaves no trace in the history")
        self.assertEqual(self.firm().read(), before)

    def test_who_sent_it_gets_none(self):
        self.company.ar_manager_id = self.collector
        self.sent()
        self.assertFalse(self.copies(self.collector))
        self.assertFalse(self.firm().copy_to_id)

    def test_the_policy_s_own_manager(self):
        self.policy.manager_id = self.simple_accountman
        self.simple_accountman.write(
            {"email": "own@seller.example", "company_ids": [(4, self.company.id)]}
        )
        self.sent()
        self.assertEqual(len(self.copies(self.simple_accountman)), 2)
        self.assertFalse(self.copies())

    def test_nobody_who_left(self):
        self.manager.active = False
        self.sent()
        self.assertFalse(self.copies())

    def test_switched_off(self):
        for record, vals in (
            (self.company, {"ar_copy_manager": False}),
            (self.manager, {"ar_no_copies": True}),
            (self.policy.level_ids, {"copy_manager": False}),
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint() as point:
                record.sudo().write(vals)
                self.sent()
                self.assertEqual(self.firm().state, "sent")
                self.assertFalse(self.copies())
                point.rollback()
            self.env.invalidate_all()
            self.sink.reset()

    def test_a_manager_s_own_choice(self):
        manager = self.manager.with_user(self.manager)
        manager.ar_no_copies = True
        self.assertTrue(manager.ar_no_copies)

    def test_default_follows_from_the_tone(self):
        levels = self.set_policy().level_ids
        levels += self.policy.level_ids
        for level in levels:
            with self.subTest(level=level.name):
                firm = level.tone in ("firm", "final")
                self.assertEqual(level.copy_manager, firm)

    def test_a_call_that_follows_is_not_told_twice(self):
        call = self.env.ref(CALL)
        self.policy.level_ids[-1].activity_type_id = call
        self.sent()
        self.assertEqual(len(self.call(self.ann)), 1)
        self.assertEqual(len(self.copies()), 2)

    def test_what_was_bounced_meanwhile(self):
        """Whoever handed it over, the tick makes the copy: of what arrived."""
        self.company.ar_followup_mode = "review"
        self.work_day(14)
        reminder = self.firm()
        reminder.with_user(self.collector).action_send()
        reminder._register_bounced(
            type("Report", (), {"addresses": (), "diagnostic": "550 unknown"})
        )
        self.work_day()
        self.send_queue()
        self.assertFalse(self.copies())

    def test_queries_do_not_grow(self):
        self.work_day(14)
        few, many = self.firm(), self.firm() | self.firm(self.ben)
        counts = []
        for reminders in (few, many):
            reminders.copy_to_id = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reminders._copy_managers()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

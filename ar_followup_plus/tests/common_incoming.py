"""What the tests of incoming mail share: a reminder that left, and real mails."""

from itertools import count
from pathlib import Path

from .common_delivery import DeliveryCommon

MAILS = Path(__file__).parent / "mails"


class IncomingCommon(DeliveryCommon):
    """Ann and Ben got the friendly reminder; mail comes back through the gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {"name": "seller.example"}
        )
        cls.numbers = count(1)

    def setUp(self):
        super().setUp()
        self.work_day(3)
        self.sent = self.reminders(self.ann)
        self.assertEqual(self.sent.state, "sent")
        self.case_ann = self.sent.case_id

    def mail(self, name, text=None, **values):
        """A mail as it comes from the server: a file of ``mails`` filled in.

        :param text: dict of what to replace in it, beside the values in braces
        """
        values = {
            "id": f"<{next(self.numbers)}@mx.customer.example>",
            "original": self.sent.message_id.message_id,
            "recipient": "ann@customer.example",
            "sender": "Ann <ann@customer.example>",
            "to": "catchall@seller.example",
            **values,
        }
        mail = (MAILS / f"{name}.eml").read_text()
        for key, value in values.items():
            mail = mail.replace(f"{{{key}}}", value)
        for old, new in (text or {}).items():
            self.assertIn(old, mail)
            mail = mail.replace(old, new)
        return mail

    def gateway(self, mail):
        """Give a mail to Odoo's gateway, as fetching it from a mailbox does."""
        result = self.engine["mail.thread"].message_process(None, mail)
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def incoming(self, name, text=None, **values):
        return self.gateway(self.mail(name, text, **values))

    def activities(self, kind):
        return self.case_ann.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref(f"ar_followup_plus.mail_activity_type_{kind}")
            )
        )

    def assertUntouched(self):
        """The reminder has arrived, as far as anybody knows."""
        self.assertEqual(self.sent.state, "sent")
        self.assertFalse(self.sent.failure_reason)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)
        self.assertEqual(self.case_ann.contact_log_ids.mapped("outcome"), ["sent"])
        self.assertTrue(self.case_ann.last_demand_date)
        self.assertFalse(self.case_ann.hold_ids)
        self.assertFalse(self.case_ann.activity_ids)
        self.assertEqual(self.case_ann.reason, "awaiting_answer")
        self.assertFalse(self.ann.ar_bounced_email)
        self.assertFalse(self.ann.message_bounce)
        notification = self.sent.message_id.notification_ids
        self.assertEqual(notification.notification_status, "sent")

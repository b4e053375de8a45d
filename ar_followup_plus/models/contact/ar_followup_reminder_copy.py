from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Command

from .ar_followup_reminder_mail import HEADERS

MAIL_QUEUE = "mail.ir_cron_mail_scheduler_action"


class ArFollowupReminder(models.Model):
    """The manager's copy of a firm reminder: a mail of its own, of which the customer
    sees nothing, and of which the reminder depends in nothing.
    """

    _inherit = "ar.followup.reminder"

    copy_to_id = fields.Many2one(
        "res.users",
        string="Copy to",
        ondelete="restrict",
        help="The manager who got an internal copy, once it was sent to the customer.",
    )

    def _copy_managers(self):
        """Queue the copies of what was sent; Odoo's own queue sends them.

        Each once: the reminder remembers it in the same transaction.
        """
        wanted = self.filtered(
            lambda reminder: (
                reminder.state == "sent"
                and reminder.level_id.copy_manager
                and not reminder.copy_to_id
            )
        )
        managers = wanted.case_id._managers_to_tell()
        copied = {}
        for reminder in wanted:
            manager = managers[reminder.case_id]
            # who sent it knows it
            if manager.email_normalized and manager != reminder.user_id:
                copied[reminder] = manager
        if not copied:
            return
        # sudo: mails belong to the system, and so does what became of a reminder
        self.env["mail.mail"].sudo().create(
            [reminder._copy_vals(manager) for reminder, manager in copied.items()]
        )
        for reminder, manager in copied.items():
            reminder.sudo().copy_to_id = manager
        # sudo: the queue works hourly unless it is told of something to send
        self.env.ref(MAIL_QUEUE).sudo()._trigger()

    def _copy_vals(self, manager):
        """A mail about no record: no answer to it, and no bounce, finds the case."""
        env = self.with_context(lang=manager.lang).env
        customer = self.customer_id.sudo().display_name
        notice = Markup('<p style="%s"><strong>%s</strong> %s</p>') % (
            "padding: 8px; background: #fff3cd; border: 1px solid #ffe69c;",
            env._("Internal copy of a message to %(customer)s.", customer=customer),
            env._(
                "It was sent to %(address)s as “%(level)s”. The customer does not see "
                "this copy.",
                address=self.email_to,
                level=self.level_id.with_context(lang=manager.lang).name,
            ),
        )
        return {
            "subject": env._(
                "Copy (%(customer)s): %(subject)s",
                customer=customer,
                subject=self.subject,
            ),
            "body_html": notice + self._mail_html(),
            "message_type": "email_outgoing",
            "is_internal": True,
            "author_id": self.user_id.partner_id.id or self.company_id.partner_id.id,
            "email_from": self._email_from(),
            "reply_to": self._email_from(),
            "record_company_id": self.company_id.id,
            "record_alias_domain_id": self.company_id.alias_domain_id.id,
            "recipient_ids": [Command.link(manager.partner_id.id)],
            "headers": repr(HEADERS),
            "auto_delete": True,
        }

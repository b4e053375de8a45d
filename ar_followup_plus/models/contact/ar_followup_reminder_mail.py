from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, is_html_empty

from .mail_mail import SENDER_LOCK

# carried by every mail of ours: machines shall not answer it
HEADERS = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
}
# where the text stands in the letter frame, whose own values are escaped
BODY_MARK = "<!--text-->"
# Sent, or PDFs made, while the person waits; more are left to the tick.
SEND_AT_ONCE = 10


class ArFollowupReminder(models.Model):
    """How a reminder becomes a mail, and what its result leaves behind."""

    _inherit = "ar.followup.reminder"

    frame = fields.Text(help="The letter frame around the text, as it was sent.")

    def _do_send(self):
        """Queue the mails; they leave after this transaction, through the gate."""
        self._set_state("queued", released=True)
        # sudo: the engine's own fields. What went wrong before is dealt with.
        self.sudo().write({"failure_reason": False, "send_after": False})
        # sudo: the text is the engine's; what has none yet is worded anew
        self.sudo().filtered(lambda reminder: is_html_empty(reminder.body))._compose()
        self._leave()

    def _leave(self):
        """What is queued leaves after this transaction; many, with the tick."""
        worded = self.filtered(lambda reminder: reminder.state == "queued")
        if max(len(worded), len(worded._missing_pdfs())) > SEND_AT_ONCE:
            # sudo: the mark wakes the tick, which makes the mails and hands them over
            self.env["ar.followup.mark"]._mark_cases(worded.case_id.sudo())
            return
        worded = worded._make_pdfs()
        worded._queue_mails()
        late = worded._put_off()
        mails = (worded - late)._mails()
        mails.with_context(ar_watched=True).send_after_commit()
        # sending decides anew about the others
        late.case_id._reassess()

    def _mails(self):
        # sudo: mails belong to the system
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("mail_message_id", "in", self.message_id.ids)], order="id")
        )

    def _queue_mails(self):
        """Create message, mail and notification of each, or release those it has."""
        # sudo: nobody who sends a reminder needs rights on mails
        mails_sudo = self._mails()
        mails_sudo.filtered(lambda mail: mail.state != "outgoing").mark_outgoing()
        missing = self.filtered(
            lambda reminder: reminder.message_id not in mails_sudo.mail_message_id
        )
        missing.sudo()._create_mails()
        missing.sudo().pdf_tries_left = 0

    def _create_mails(self):
        """One mail for each addressee, in batch, from ready bodies.

        :raises UserError: for a reminder without a text; nobody gets a blank page
        """
        if any(is_html_empty(reminder.body) for reminder in self):
            raise UserError(self.env._("A reminder without a text cannot be sent."))
        attached = self._make_attachments()
        ready = self.browse(reminder.id for reminder in attached)
        if not ready:
            return
        reply_to = ready._reply_to()
        for alike in ready.grouped(lambda r: (r.company_id, r.lang)).values():
            alike.frame = alike[0]._letter_frame()
        mails = self.env["mail.mail"].create(
            [
                self._mail_vals(reminder, reply_to[reminder.case_id.id], own_sudo)
                for reminder, own_sudo in attached.items()
            ]
        )
        notifications = []
        for reminder, mail, vals in zip(
            ready, mails, mails._get_notification_values(), strict=True
        ):
            reminder.message_id = mail.mail_message_id
            notifications.append({**vals, "res_partner_id": reminder.partner_id.id})
        self.env["mail.notification"].create(notifications)
        ready._copy_bodies()

    def _copy_bodies(self):
        """Show the letters in the cases' history; they were sanitized before."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_message AS message
                   SET body = reminder.body
                  FROM ar_followup_reminder reminder
                 WHERE reminder.message_id = message.id
                   AND reminder.id = ANY(%s)
                """,
                self.ids,
            )
        )
        self.message_id.invalidate_recordset(["body"], flush=False)
        self.case_id.invalidate_recordset(["message_ids"], flush=False)

    def _reply_to(self):
        """Where answers go: dict case id → address, one look-up for all."""
        cases = self.case_id
        return cases._notify_get_reply_to_batch(
            defaults=dict.fromkeys(cases.ids, False),
            author_ids=dict.fromkeys(cases.ids, False),
        )

    @api.model
    def _mail_vals(self, reminder, reply_to, attachments=()):
        email_from = reminder._email_from()
        author = reminder.user_id.partner_id or reminder.company_id.partner_id
        return {
            "subject": reminder.subject,
            "body_html": reminder._mail_html(),
            "model": "ar.followup.case",
            "res_id": reminder.case_id.id,
            "record_name": reminder.case_id.display_name,
            "record_company_id": reminder.company_id.id,
            "record_alias_domain_id": reminder.company_id.alias_domain_id.id,
            "message_type": "comment",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "author_id": author.id,
            "email_from": email_from,
            "reply_to": reply_to or email_from,
            "partner_ids": [Command.link(reminder.partner_id.id)],
            "recipient_ids": [Command.link(reminder.partner_id.id)],
            "attachment_ids": [
                Command.link(file.id)
                for file in (*reminder._pdfs_that_fit(), *attachments)
            ],
            "headers": repr(HEADERS),
            "is_notification": True,
            # one by one takes as long as all the rest: see ``_ar_clear_away``
            "auto_delete": False,
            "scheduled_date": reminder.send_after,
        }

    def _mail_html(self):
        """The body inside the company's letter frame, as it was then or is now."""
        self.ensure_one()
        frame = self.frame or self._letter_frame()
        return Markup(frame.replace(BODY_MARK, self.body or ""))  # noqa: S704 - both clean

    def _letter_frame(self):
        """The company's letter frame, with a mark in the place of the text."""
        self.ensure_one()
        frame = self.env["ir.qweb"]._render(
            "ar_followup_plus.reminder_layout",
            {
                "reminder": self,
                "company": self.company_id.sudo(),
                "body": Markup(BODY_MARK),
            },
            lang=self.lang,
            minimal_qcontext=True,
        )
        return str(frame)

    def _drop_mail(self):
        """A message that never left shall not stand in the history as if it had."""
        for reminder in self:
            if reminder.state == "cancelled" and not reminder.date_sent:
                # sudo: mails and messages belong to the system
                reminder.message_id.sudo().unlink()

    def _register_sent(self):
        result = super()._register_sent()
        # sudo: the engine writes the log, whoever pressed the button
        self.env["ar.contact.log"].sudo().create(
            [reminder._log_vals() for reminder in self if reminder.state == "sent"]
        )
        return result

    def _log_vals(self):
        self.ensure_one()
        return {
            "case_id": self.case_id.id,
            "contact_person_id": self.partner_id.id,
            "date": self.date_sent,
            "channel": "email",
            "direction": "out",
            "outcome": "sent",
            "summary": self.subject,
            "user_id": self.user_id.id,
            "automated": True,
            "reminder_id": self.id,
        }

    def _reasons_not_to_send(self):
        """Why reminders must not leave any more: dict reminder → sentence.

        Here, only the addressee is looked at; the engine adds its decision.
        """
        return self._of_ladder()._reasons_unreachable()

    def _cancel_outdated(self):
        """Cancel what was prepared and must not leave any more, with the reason.

        :return: the reminders that must not leave
        """
        outdated = self._reasons_not_to_send()
        for reminder, why in outdated.items():
            reminder._of_ladder()._keep_text()
            reminder._set_state("cancelled", failure_reason=why)
            reminder._drop_mail()
        stopped = self.browse(reminder.id for reminder in outdated)
        return stopped + (self - self._of_ladder() - stopped)._fail_unreachable()

    @api.model
    def _recover_orphans(self):
        """Reminders whose sending process died: nobody knows whether they left.

        :return: the reminders set to ``unknown``
        """
        orphans = self.sudo().search([("state", "=", "sending")])
        for key, reminders in orphans.grouped("sender_key").items():
            ((is_free,),) = self.env.execute_query(
                SQL("SELECT pg_try_advisory_lock(%s, %s)", SENDER_LOCK, key)
            )
            if not is_free:
                orphans -= reminders
                continue
            self.env.execute_query(
                SQL("SELECT pg_advisory_unlock(%s, %s)", SENDER_LOCK, key)
            )
            for company, lost in reminders.grouped("company_id").items():
                lost._register_failed(
                    company._ar_on_record(lost).env._(
                        "The server stopped while this message was handed over. "
                        "Nobody can know whether it left: ask the customer, then mark "
                        "it sent or send it again."
                    ),
                    state="unknown",
                )
            reminders._mails().cancel()
        return orphans

    @api.model
    def _ready_to_hand_over(self, company, limit, after=0):
        """Queued reminders after this id whose time has come and files are there."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "queued"),
                ("id", ">", after),
                ("pdf_tries_left", "=", 0),
                "|",
                ("send_after", "=", False),
                ("send_after", "<=", fields.Datetime.now()),
            ],
            order="id",
            limit=limit,
        )

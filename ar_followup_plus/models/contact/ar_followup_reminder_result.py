from datetime import timedelta

from odoo import fields, models

# How long to wait for a mail server that cannot be reached, try by try.
RETRY_AFTER = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(days=1),
    timedelta(days=1),
)
# Nothing is wrong with the customer: it is tried again by itself.
TECHNICAL = ("mail_smtp", "temporary")
# state of the reminder → mark beside its message in the history (Odoo's own)
SHOWN = {
    "queued": "ready",
    "sent": "sent",
    "failed": "exception",
    "unknown": "exception",
}


class ArFollowupReminder(models.Model):
    """What a hand-over that did not succeed leaves behind."""

    _inherit = "ar.followup.reminder"

    tried_on = fields.Datetime(
        string="Last Handed Over On", help="To the mail server, whatever it answered."
    )

    # serves the count of what a company handed over today, after each failure
    _tried_idx = models.Index("(company_id, tried_on) WHERE tried_on IS NOT NULL")

    def _set_state(self, state, **vals):
        changed = super()._set_state(state, **vals)
        if state in SHOWN:
            changed._show_in_history(SHOWN[state], vals.get("failure_reason"))
        return changed

    def _show_in_history(self, status, reason=False):
        """Mark the customer's message in the case's history with what became of it."""
        # sudo: notifications belong to the system
        notifications_sudo = self.sudo().message_id.notification_ids.filtered(
            lambda own: (
                own.notification_type == "email"
                and own.res_partner_id in self.partner_id
                and (own.notification_status != status or reason)
            )
        )
        if not notifications_sudo:
            return
        vals = {"notification_status": status, "failure_reason": reason}
        if status != "exception":
            vals["failure_type"] = False
        notifications_sudo.write(vals)
        notifications_sudo.mail_message_id._notify_message_notification_update()

    def _register_trouble(self, error):
        """Something about this reminder alone keeps it from leaving.

        One that was claimed meanwhile may have left, and is not to be sent again:
        whether it did, its sender says, or the next tick asks a person.
        """
        queued = self.filtered(lambda reminder: reminder.state == "queued")
        env = self.company_id._ar_on_record(self).env
        queued._register_failed(
            env._(
                "This message could not be made ready to leave: %(error)s. Correct "
                "the cause, then send it again.",
                error=error,
            )
        )

    def _register_refused(self, failure_type, failure_reason):
        """Nothing left. What is nobody's fault is tried again; else a person looks.

        :param failure_type: as on ``mail.mail``, or as told by :class:`Delivery`
        :param failure_reason: what the server or the system said
        """
        self.ensure_one()
        # a claim counted itself; that no server was reached counts here
        tried = self.attempt_count + (self.state != "sending")
        if failure_type in TECHNICAL and tried > len(RETRY_AFTER):
            failure_type = "given_up"
        speaking = self.company_id._ar_on_record(self)
        text = speaking._failure_text(failure_type, failure_reason)
        if failure_type not in TECHNICAL:
            self._register_failed(text)
            return
        closed = self.company_id._ar_closed_days(self._sent_day())
        again = fields.Datetime.now() + RETRY_AFTER[tried - 1]
        self._set_state("queued")
        self._show_in_history("ready")
        # sudo: the engine's own fields
        self.sudo().write(
            {
                "attempt_count": tried,
                "send_after": self.sudo()._first_slot(again, closed),
                "failure_reason": text,
            }
        )

    def _failure_text(self, failure_type, failure_reason):
        """Why nothing left, in words that say what to do."""
        reason = failure_reason or self.env._("no reason given")
        texts = {
            "mail_smtp": self.env._(
                "The mail server could not be reached. Check the outgoing mail server "
                "in the settings; it is tried again by itself."
            ),
            "temporary": self.env._(
                "The mail server asked to try again later (%(reason)s). That happens "
                "by itself.",
                reason=reason,
            ),
            "given_up": self.env._(
                "The mail server could not be reached, or did not take it, for days "
                "(%(reason)s). Check the outgoing mail server in the settings and the "
                "customer's address, then send again.",
                reason=reason,
            ),
            "mail_email_missing": self.env._(
                "The addressee has no email address. Add one, then send again."
            ),
            "mail_email_invalid": self.env._(
                "The address is not valid. Correct it, then send again."
            ),
            "refused_address": self.env._(
                "The address was refused (%(reason)s). Correct it on the customer, "
                "then send again.",
                reason=reason,
            ),
        }
        return texts.get(failure_type) or self.env._(
            "The mail server refused it: %(reason)s. Correct the cause, then send "
            "again.",
            reason=reason,
        )

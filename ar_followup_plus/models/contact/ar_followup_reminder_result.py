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


class ArFollowupReminder(models.Model):
    """What a hand-over that did not succeed leaves behind."""

    _inherit = "ar.followup.reminder"

    def _register_trouble(self, error):
        """Something about this reminder alone keeps it from leaving."""
        env = self.company_id._ar_on_record(self).env
        self._register_failed(
            env._(
                "This reminder could not be made ready to leave: %(error)s. Correct "
                "the cause, then send it again.",
                error=error,
            )
        )

    def _register_refused(self, failure_type, failure_reason):
        """Nothing left. Without a mail server it waits; else a person looks at it.

        :param failure_type, failure_reason: as on ``mail.mail``
        """
        self.ensure_one()
        tried = self.attempt_count
        if failure_type == "mail_smtp" and tried >= len(RETRY_AFTER):
            failure_type = "given_up"
        speaking = self.company_id._ar_on_record(self)
        text = speaking._failure_text(failure_type, failure_reason)
        if failure_type != "mail_smtp":
            self._register_failed(text)
            return
        closed = self.company_id._ar_closed_days(self._sent_day())
        again = fields.Datetime.now() + RETRY_AFTER[tried]
        # sudo: the engine's own fields
        self.sudo().write(
            {
                "attempt_count": tried + 1,
                "send_after": self.sudo()._first_slot(again, closed),
                "failure_reason": text,
            }
        )

    def _failure_text(self, failure_type, failure_reason):
        """Why nothing left, in words that say what to do."""
        texts = {
            "mail_smtp": self.env._(
                "The mail server could not be reached. Check the outgoing mail server "
                "in the settings; it is tried again by itself."
            ),
            "given_up": self.env._(
                "The mail server could not be reached for days. Check the outgoing "
                "mail server in the settings, then send again."
            ),
            "mail_email_missing": self.env._(
                "The addressee has no email address. Add one, then send again."
            ),
            "mail_email_invalid": self.env._(
                "The address is not valid. Correct it, then send again."
            ),
        }
        return texts.get(failure_type) or self.env._(
            "The mail server refused it: %(reason)s. Correct the cause, then send "
            "again.",
            reason=failure_reason or self.env._("no reason given"),
        )

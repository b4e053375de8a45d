from odoo import models
from odoo.tools import email_normalize

from ..case.ar_followup_reminder import TRANSITIONS

BOUNCED_ACTIVITY = "ar_followup_plus.mail_activity_type_bounced"


class ArFollowupReminder(models.Model):
    """What a reminder leaves behind when it comes back: nothing was sent."""

    _inherit = "ar.followup.reminder"

    def _own_failure(self, failures):
        """Of the recipients a mail did not reach, our addressee; or None.

        Others are copies of the mail, which say nothing about the customer's own.

        :param failures: list of :class:`~.incoming.Failure`
        """
        ours = self._address()
        for failure in failures:
            named = {email_normalize(address) for address in failure.addresses}
            if not named or ours in named:
                return failure
        return None

    def _address(self):
        """The address it was written to, whatever the contact's is by now."""
        self.ensure_one()
        written = self.email_to or self.partner_id.sudo().email  # sudo: as then
        return email_normalize(written, strict=False)

    def _register_bounced(self, failure):
        """It never arrived: the level goes back, and a person finds another way.

        :param failure: the :class:`~.incoming.Failure` of our addressee
        :return: the address that does not work; empty when nothing changed
        """
        self.ensure_one()
        if "bounced" not in TRANSITIONS[self.state]:
            return None
        address = self._address()
        env = self.company_id._ar_on_record(self).env
        why = env._(
            "Mail to %(address)s came back: %(said)s",
            address=address,
            said=failure.diagnostic,
        )
        self._set_state("bounced", failure_reason=why, call_pending=False)
        self.line_ids._step_back()
        # sudo: the engine writes the log, whoever fetches the mail
        self.env["ar.contact.log"].sudo().create(self._bounce_log_vals(why))
        self.env["res.partner"]._ar_mark_bounced(address)
        self.case_id._register_bounce(self, why)
        return address

    def _sent_on(self):
        """The day it left, on the company's clock; None when nobody knows."""
        self.ensure_one()
        if not self.date_sent:
            return None
        return self.company_id._ar_local(self.date_sent).date()

    def _do_cancel(self, until, note):
        bounced = self._bounced()
        result = super()._do_cancel(until, note)
        bounced._end_bounce()
        return result

    def _bounced(self):
        return self.filtered(lambda reminder: reminder.state == "bounced")

    def _end_bounce(self):
        """Who drops what came back, or sends it again, has dealt with it."""
        if self:
            self.case_id.activity_feedback([BOUNCED_ACTIVITY])

    def _bounce_log_vals(self, why):
        self.ensure_one()
        return {
            "case_id": self.case_id.id,
            "contact_person_id": self.partner_id.id,
            "channel": "email",
            "direction": "out",
            "outcome": "bounced",
            "summary": why,
            "user_id": self.user_id.id,
            "automated": True,
            "reminder_id": self.id,
        }

from odoo import api, models

from .incoming import failures, is_automatic

CASE = "ar.followup.case"


class MailThread(models.AbstractModel):
    """The mail gateway: what comes back about our reminders, and what is answered.

    Odoo takes every report for a bounce, and whatever reaches the bounce address:
    also a delay, a receipt or an out-of-office note. For a reminder, only a report
    that says so is one.
    """

    _inherit = "mail.thread"

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        """What a person writes about a case is an answer, wherever it was sent."""
        if not super()._detect_is_bounce(message, message_dict):
            return False
        # sudo: whom a mail answers does not depend on who fetches it
        parent_sudo = self.env["mail.message"].sudo()
        parent_sudo = parent_sudo.browse(message_dict.get("parent_id"))
        return parent_sudo.model != CASE or is_automatic(message)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A reminder bounces only when the server gave its addressee up for good."""
        # sudo: the gateway acts for everybody
        reminder_sudo = self.env["ar.followup.reminder"].sudo()
        if message_dict["bounced_message"]:
            reminder_sudo = reminder_sudo.search(
                [("message_id", "=", message_dict["bounced_message"].id)]
            )
        if not reminder_sudo:
            return super()._routing_handle_bounce(email_message, message_dict)
        failure = reminder_sudo._own_failure(failures(email_message))
        if not failure:
            return reminder_sudo.case_id._note_report(message_dict)
        address = reminder_sudo._register_bounced(failure)
        if not address:
            return None  # known already, or dealt with
        message_dict = {
            **message_dict,
            "bounced_email": address,
            "bounced_partner": reminder_sudo.partner_id,
        }
        return super()._routing_handle_bounce(email_message, message_dict)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """What reached a case stands in its chatter first, then has its effect."""
        result = super()._message_route_process(message, message_dict, routes)
        if not is_automatic(message):
            for model, record_id, *_rest in routes or ():
                if model == CASE and record_id:
                    self.env[CASE].browse(record_id)._register_answer(message_dict)
        return result

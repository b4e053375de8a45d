from odoo import api, models

from ..policy.tones import FIRM_TONES

NOT_SENT_ACTIVITY = "ar_followup_plus.mail_activity_type_not_sent"
#: states in which a message waits for a person, who does not see it in the worklist
STUCK = ("failed", "unknown")


class ArFollowupReminder(models.Model):
    """Messages about agreements: made for them, and nothing a run makes anew.

    When one does not leave, its collector is told by an activity.
    """

    _inherit = "ar.followup.reminder"

    @api.model
    def _make_messages(self, vals_list):
        """Messages to those who can be written to, worded and queued.

        What asks for something waits for the days and hours of the policy. They leave
        with the next tick, or with ``_leave``.

        :param vals_list: for each ``case_id``, ``kind``, ``is_demand``,
            ``mail_template_id`` and ``level_name`` (its title); ``state`` where a
            person is to read it first, and fields that later rooms add
        :return: the messages made; what could not be worded has failed
        """
        # sudo: messages are the engine's; the callers check who asks for them
        cases_sudo = (
            self.env["ar.followup.case"]
            .sudo()
            .browse(dict.fromkeys(vals["case_id"] for vals in vals_list))
        )
        addressees = cases_sudo._addressees()
        common = cases_sudo.filtered(addressees.get)._message_vals(addressees)
        messages_sudo = self.sudo().create(
            [
                {"state": "queued", **common[vals["case_id"]], **vals}
                for vals in vals_list
                if vals["case_id"] in common
            ]
        )
        messages_sudo._put_off()
        messages_sudo._compose()
        return messages_sudo.sudo(self.env.su)

    def _own_attachments(self):
        """What goes with this mail, made right before the mail is. A hook.

        :return: ``ir.attachment`` records
        """
        self.ensure_one()
        return self.env["ir.attachment"]

    def _make_attachments(self):
        """What goes with each of these mails, beside the PDFs of invoices.

        :return: dict message → ``ir.attachment``, in the same order, without the
            messages whose attachments could not be made: these have failed
        """
        made = {}
        for message in self:
            if message.kind == "reminder":
                made[message] = self.env["ir.attachment"]
                continue
            try:
                with self.env.cr.savepoint():
                    made[message] = message._own_attachments()
            except Exception as error:  # noqa: BLE001 - a report may raise anything
                message._register_trouble(error)
        return made

    # what does not leave -----------------------------------------------------------

    def _register_failed(self, reason, state="failed"):
        result = super()._register_failed(reason, state)
        agreed = self - self._of_ladder()
        if not agreed:
            return result
        messages = {message.case_id.id: message for message in agreed}
        # sudo: the engine tells whoever is in charge
        for activity_sudo in agreed.case_id.sudo()._ask_once(NOT_SENT_ACTIVITY):
            message = messages[activity_sudo.res_id]
            env = message.company_id._ar_on_record(self).env
            activity_sudo.note = env._(
                "%(message)s did not leave. %(why)s",
                message=message._get_html_link(title=message.level_name),
                why=reason,
            )
        return result

    def _set_state(self, state, **vals):
        stuck = self._stuck()
        changed = super()._set_state(state, **vals)
        (stuck - self._stuck())._end_asking()
        return changed

    def _stuck(self):
        return (self - self._of_ladder()).filtered(lambda own: own.state in STUCK)

    def _end_asking(self):
        """Nobody is asked any more about cases in which nothing else is stuck."""
        if not self:
            return
        # sudo: whose activity it is does not matter, nor who dealt with it
        cases_sudo = self.case_id.sudo()
        stuck_sudo = self.sudo().search(
            [("case_id", "in", cases_sudo.ids), ("state", "in", STUCK)]
        )
        settled_sudo = cases_sudo - stuck_sudo._stuck().case_id
        settled_sudo.activity_feedback([NOT_SENT_ACTIVITY])

    def _do_send(self):
        bounced = self._bounced()
        (self - self._of_ladder())._readdress()
        result = super()._do_send()
        bounced._end_bounce()
        return result

    def _readdress(self):
        """What is sent again goes to whom one writes to by now, in their language."""
        if not self:
            return
        addressees = self.case_id._addressees()
        for message in self:
            person = addressees[message.case_id]
            if not person or person == message.partner_id:
                continue
            # sudo: the engine's own fields; a message that never left is the system's
            message_sudo = message.sudo()
            if message_sudo.state == "failed":
                message_sudo.message_id.unlink()
            message_sudo.write(
                {
                    **message_sudo.case_id._addressed_to(addressees),
                    "message_id": False,
                    # greets somebody else
                    "body": False,
                }
            )

    def _addressees(self):
        """Whom each of these messages is for by now: dict message → ``res.partner``."""
        found = {}
        for is_firm, messages in self.grouped(lambda m: m.tone in FIRM_TONES).items():
            addressees = messages.case_id._addressees(is_firm)
            found.update((message, addressees[message.case_id]) for message in messages)
        return found

    def _reasons_unreachable(self):
        """Why messages do not reach whom they are for: dict message → sentence."""
        if not self:
            return {}
        addressees = self._addressees()
        reasons = {}
        for message in self:
            if addressees[message] == message.partner_id:
                continue
            env = message.company_id._ar_on_record(message).env
            reasons[message] = (
                env._("Somebody else is written to by now.")
                if addressees[message]
                else env._("The addressee has no email address any more.")
            )
        return reasons

    def _fail_unreachable(self):
        """What belongs to an agreement is not lost with an address: a person sends it.

        :return: the messages that must not leave now
        """
        unreachable = self._reasons_unreachable()
        for message, why in unreachable.items():
            if message.state == "failed":
                continue
            env = message.company_id._ar_on_record(message).env
            message._register_failed(
                env._(
                    "%(why)s Correct the address if need be, then send again.", why=why
                )
            )
            message._mails().cancel()
        return self.browse(message.id for message in unreachable)

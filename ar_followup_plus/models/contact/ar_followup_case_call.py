from odoo import api, fields, models

from ..case.ar_followup_case_history import Happening

CHANNEL_ICONS = {
    "email": "fa-envelope-o",
    "phone": "fa-phone",
    "meeting": "fa-handshake-o",
}
#: ways in which one talks with a customer
SPOKEN = ("phone", "meeting")


class ArFollowupCase(models.Model):
    """Calls: those that are planned, those that were made, and what they say."""

    _inherit = "ar.followup.case"

    is_hardship = fields.Boolean(
        string="Hardship",
        groups="ar_followup_plus.group_ar_collector",
        copy=False,
        help="The customer is in a difficult time. Why is written down nowhere; only "
        "collectors see the mark, and take it off.",
    )

    def action_log_call(self):
        """Button: the dialog for what is said in a call, while it is said.

        :raises AccessError: for whoever must not log contacts
        """
        self.ensure_one()
        self.env["ar.contact.log"].check_access("create")
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Call"),
            "res_model": "ar.call",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": self.id, "dialog_size": "extra-large"},
        }

    def _know_all_open(self):
        """Look at all that is open, whether or not it is due. A hook."""

    def _folded_values(self, kept):
        values = super()._folded_values(kept)
        values["is_hardship"] = any((self | kept).mapped("is_hardship"))
        return values

    # what was said ----------------------------------------------------------------

    def _log_contact(self, vals):
        """Log a contact by the user; the call that was planned is made with it.

        :param vals: values of the entry, but for its case
        :return: the one entry made
        :raises AccessError: for whoever must not log contacts with this customer
        """
        self.ensure_one()
        self.env["ar.contact.log"].check_access("create")
        is_call = (
            vals.get("channel") in SPOKEN
            and vals.get("outcome") != "wrong_number"  # nobody was called yet
            and not vals.get("correction_of_id")
        )
        date = fields.Datetime.to_datetime(vals.get("date")) or fields.Datetime.now()
        calls = self._calls_to_make(date) if is_call else self.env["mail.activity"]
        is_step = any(calls.mapped("automated"))
        if calls:
            calls.with_context(ar_call_logged=True)._action_done(
                feedback=vals.get("summary")
            )
        entry = self._log_calls(vals, is_step)
        # made as superuser: whether this user may log it is looked at here
        entry.check_access("create")
        return entry

    def _calls_to_make(self, date):
        """The calls that a contact at ``date`` makes: the ladder's, and those due.

        What somebody planned for a later day is another one; and what is logged
        belatedly makes no call that was not due by then.
        """
        company = self.company_id
        day = company._ar_local(date).date()
        is_today = day == company._ar_today()
        return self.activity_ids._ar_calls().filtered(
            lambda call: call.date_deadline <= day or (call.automated and is_today)
        )

    def _call_done(self, feedback, is_step):
        """A call was made: log it, climb if it was the ladder's, decide anew.

        :param feedback: what the collector wrote when closing the activity
        :param is_step: whether it is the call these cases waited for
        """
        if not self:
            return
        entries = self._log_calls(
            {
                "channel": "phone",
                "direction": "out",
                "outcome": "reached" if feedback else "other",
                "summary": feedback or False,
            },
            is_step,
        )
        entries._keep_gap()
        self._reassess()

    def _log_calls(self, vals, is_step):
        """One entry for each of these cases; the ladder goes on where it was its call.

        :param is_step: whether it is the call these cases waited for
        :return: the entries
        """
        if is_step:
            self._climb_after_call()
        # sudo: the step is the engine's to know
        entries_sudo = (
            self.env["ar.contact.log"]
            .sudo()
            .create(
                [
                    {
                        **vals,
                        "case_id": case.id,
                        "level_id": is_step and case._called_step().id,
                    }
                    for case in self
                ]
            )
        )
        if is_step:
            entries_sudo._keep_gap()  # also when nobody answered
            self.sudo().call_level_id = False  # sudo: the engine's own field
            self._reassess()
        return entries_sudo.sudo(self.env.su)

    def _called_step(self):
        """The level that the call itself is; none when a mail announced the call."""
        self.ensure_one()
        return self.sudo().call_level_id.filtered(lambda level: not level.send_email)

    def _drop_calls(self):
        """The calls that the engine planned for these cases are not to be made."""
        if not self:
            return
        # sudo: the engine planned it for whoever it was
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("automated", "=", True),
                ("activity_type_id.category", "=", "phonecall"),
            ]
        ).unlink()
        self.sudo().call_level_id = False

    def _climb_after_call(self):
        """The items that a call step covers step up. A hook: the engine knows which."""

    # how it is told ----------------------------------------------------------------

    def _history_of_contact(self, entry):
        channels, outcomes = (
            dict(entry._fields[name]._description_selection(self.env))
            for name in ("channel", "outcome")
        )
        icon = CHANNEL_ICONS.get(entry.channel, "fa-comments-o")
        title = self.env._(
            "%(channel)s: %(outcome)s",
            # sudo: a level's name, also of a hidden policy
            channel=entry.level_id.sudo().name or channels[entry.channel],
            outcome=outcomes[entry.outcome],
        )
        if entry.automated and entry.direction == "in":
            title = self.env._("The customer answered by email")
        return Happening(
            entry.date,
            "fa-reply" if entry.direction == "in" else icon,
            title,
            "\n".join(
                filter(None, (entry.correction_text, self._text_of_contact(entry)))
            ),
            entry.user_id,
            entry,
        )

    @api.model
    def _text_of_contact(self, entry):
        """What was said, with whom, and what is next."""
        lines = [entry.summary]
        if not entry.automated and entry.person_text:
            lines.append(self.env._("With %(person)s", person=entry.person_text))
        lines.append(entry._next_step_text())
        return "\n".join(filter(None, lines))

from odoo import fields, models
from odoo.tools import format_date, format_time

from ..case.ar_followup_reminder import LIVE

LEAVING = ("queued", "sending", "sent")
# A longer message is not read. What it leaves out stands in the list.
LINES = 8
NAMED_IN_LINE = 5


class ArFollowupCase(models.Model):
    """From the worklist: the next reminder leaves now, or it is said why not."""

    _inherit = "ar.followup.case"

    def action_send_next(self):
        """Button: send each of these customers the reminder that is due, now.

        It is decided as in the run: who is left alone then, is left alone now. What
        a person has to read first is opened, or with several customers, named.

        :return: the reminder to read, or a message that says who gets one and when,
            and who does not and why
        :raises AccessError: for who may not work on these cases
        """
        self.check_access("write")
        followed = self.filtered(lambda case: case.company_id.ar_followup_mode != "off")
        followed._reassess()
        made = followed._do_prepare(to_review=False)
        made.filtered(lambda reminder: reminder.state == "queued")._do_send()
        reminders = made | followed._live_reminders()
        if len(self) == 1 and reminders.state == "to_review":
            return reminders._open()
        return self._say_what_was_sent(reminders)

    def _live_reminders(self):
        """What was prepared for these cases and is not yet answered for."""
        return self.env["ar.followup.reminder"].search(
            [
                ("case_id", "in", self.ids),
                ("kind", "=", "reminder"),
                ("state", "in", LIVE),
            ]
        )

    def _say_what_was_sent(self, reminders):
        """A message on the page: what leaves, and why something does not."""
        leaving = reminders.filtered(lambda reminder: reminder.state in LEAVING)
        lines = self._lines_on_sending({r.case_id: r for r in leaving})
        if len(self) > 1:
            summary = self.env._(
                "Reminders that leave: %(count)s of %(all)s.",
                count=len(leaving),
                all=len(self),
            )
            lines.insert(0, summary)
        all_leave = len(leaving) == len(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if all_leave else "warning",
                "message": "\n".join(lines),
                "className": "o_ar_lines",
                # reading why takes longer than seeing that it worked
                "sticky": not all_leave,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _lines_on_sending(self, leaving):
        """One line for each thing to say, with the customers of whom it is said.

        :param leaving: dict case → the reminder that leaves
        """
        said = {}
        for case in self.sorted(lambda case: case not in leaving):
            sentence = case._what_was_sent(leaving.get(case), len(self) > 1)
            said.setdefault(sentence, []).append(case.partner_id.display_name)
        lines = [self._named(names, text) for text, names in said.items()]
        if len(lines) > LINES:
            others = sum(map(len, [*said.values()][LINES:]))
            text = self.env._("The list tells of the other %(count)s.", count=others)
            lines[LINES:] = [text]
        return lines

    def _what_was_sent(self, reminder, several):
        """When this customer's reminder leaves, or why there is none, in words."""
        if self.company_id.ar_followup_mode == "off":
            return self._off_text(self.company_id)
        if not reminder:
            return self.decision_text
        known = {"level": reminder.level_name, "address": reminder.email_to}
        moment = reminder.send_after
        if moment and moment > fields.Datetime.now():
            local = self.company_id._ar_local(moment)
            known["day"] = format_date(self.env, local.date(), date_format="medium")
            known["time"] = format_time(self.env, local.time(), time_format="short")
            if several:
                text = self.env._("“%(level)s” leaves on %(day)s at %(time)s.")
            else:
                text = self.env._(
                    "“%(level)s” leaves on %(day)s at %(time)s, to %(address)s."
                )
        elif several:
            text = self.env._("“%(level)s” leaves now.")
        else:
            text = self.env._("“%(level)s” leaves now, to %(address)s.")
        return text % known

    def _named(self, names, sentence):
        """A sentence with the customers it is said of."""
        shown = ", ".join(names[:NAMED_IN_LINE])
        if len(names) > NAMED_IN_LINE:
            shown = self.env._(
                "%(customers)s and %(count)s more",
                customers=shown,
                count=len(names) - NAMED_IN_LINE,
            )
        return self.env._("%(customers)s – %(text)s", customers=shown, text=sentence)

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

# nothing has left: dropping one of these is a person's wish to leave the customer alone
WAITING = ("to_review", "queued")


class ArFollowupReminder(models.Model):
    """Dropping what has not left, or did not arrive."""

    _inherit = "ar.followup.reminder"

    def action_open_drop(self):
        """Button: ask how long to leave the customers alone, then drop."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drop"),
            "res_model": "ar.followup.reminder.drop",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reminder_ids": self.ids},
        }

    def action_cancel(self, until=None, note=None):
        """Drop reminders that have not left, or acknowledge those that did not arrive.

        Whose reminder waited is left alone for a while, so that the next run does
        not prepare the same again. Other messages are nothing that a run prepares.

        :param until: last day to leave the customers alone; None: the gap of their
            policy
        :param note: why
        :raises UserError: when the day has passed, or one has left already
        """
        self._check_can_act()
        until = fields.Date.to_date(until)
        if until and any(until < c._ar_today() for c in self.company_id):
            raise UserError(
                self.env._("Leave the customer alone until today or a later day.")
            )
        self._do_cancel(until, (note or "").strip())
        return True

    def _do_cancel(self, until, note):
        waiting = self._waiting()
        person = self.env.user.name
        why = (
            self.env._("%(person)s dropped it: %(note)s", person=person, note=note)
            if note
            else self.env._("%(person)s dropped it.", person=person)
        )
        waiting._set_state("cancelled", failure_reason=why)
        (self - waiting)._set_state("cancelled")
        self._drop_mail()
        waiting._of_ladder()._leave_alone(
            until, note or self.env._("A reminder was dropped.")
        )
        self.case_id._reassess()

    def _waiting(self):
        """Those of which nothing has left yet."""
        return self.filtered(lambda reminder: reminder.state in WAITING)

    def _leave_alone(self, until, note):
        """Pause the customers of these reminders."""
        days = self._days_alone()
        self.env["ar.followup.hold"].create(
            [
                {
                    "case_id": case.id,
                    "kind": "paused",
                    "date_from": case.company_id._ar_today(),
                    "date_to": until or days[case],
                    "note": note,
                }
                for case in self.case_id
            ]
        )

    def _days_alone(self):
        """The last day each customer is left alone once a reminder was dropped.

        :return: dict case → date, by the gap of their policy, tomorrow at least
        """
        return {
            case: case.company_id._ar_today()
            # sudo: the policy may be hidden from the user
            + timedelta(days=max(case.sudo().policy_id.min_gap_days, 1))
            for case in self.case_id
        }

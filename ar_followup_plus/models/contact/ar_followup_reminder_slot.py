from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import fields, models

from .governor import first_slot
from .wording import answer_day


class ArFollowupReminder(models.Model):
    """When a demand may leave: on the days and in the hours of its policy."""

    _inherit = "ar.followup.reminder"

    despite_by_id = fields.Many2one(
        "res.users",
        string="Despite Limits",
        ondelete="restrict",
        help="Who let it go outside the hours and limits of the policy.",
    )
    despite_note = fields.Text(string="Why Despite Limits")

    def _put_off(self):
        """Have those that may not leave now wait for the first moment they may.

        :return: the reminders that have to wait
        """
        now = fields.Datetime.now()
        slots = {}
        # sudo: policies and time zones do not depend on who sends
        for company, reminders_sudo in self.sudo().grouped("company_id").items():
            # west of the company it may still be yesterday
            closed = company._ar_closed_days(company._ar_today() - timedelta(days=1))
            for reminder_sudo in reminders_sudo:
                slots[reminder_sudo] = reminder_sudo._first_slot(now, closed)
        late = self.sudo().filtered(lambda reminder: slots[reminder] > now)
        for slot, reminders_sudo in late.grouped(slots.get).items():
            reminders_sudo.send_after = slot
            reminders_sudo._mails().scheduled_date = slot
        return late.sudo(self.env.su)

    def _answer_after_slot(self):
        """Whoever is written to later has as many days to answer as others."""
        for reminder in self:
            day = reminder.company_id._ar_local(reminder.send_after).date()
            reminder.date_answer = answer_day(day, reminder.level_id.response_days)

    def _first_slot(self, moment, closed):
        """The first moment from ``moment`` on (both UTC) at which it may leave.

        :param closed: the dates on which the company writes to nobody
        """
        self.ensure_one()
        policy = self.case_id.policy_id
        if not self.is_demand or not policy or self.despite_by_id:
            return moment
        name = self.partner_id.tz or self.customer_id.tz
        zone = ZoneInfo(name) if name else self.company_id._ar_timezone()
        slot = first_slot(
            moment.replace(tzinfo=timezone.utc).astimezone(zone),
            (policy.send_from_hour, policy.send_until_hour),
            closed if policy.working_days_only else (),
        )
        return slot.astimezone(timezone.utc).replace(tzinfo=None)

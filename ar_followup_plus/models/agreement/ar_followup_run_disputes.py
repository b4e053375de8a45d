from functools import partial

from odoo import api, models
from odoo.fields import Domain


class ArFollowupRun(models.Model):
    """Disputes without an answer, in the day's work; also where nobody is reminded."""

    _inherit = "ar.followup.run"

    @api.model
    def _cron_run(self):
        result = super()._cron_run()
        self._tell_of_late_disputes()
        return result

    @api.model
    def _tell_of_late_disputes(self):
        Dispute_sudo = self.env["ar.dispute"].sudo()  # sudo: the engine's work
        waiting = Domain("state", "=", "open") & Domain("late_told_on", "=", False)
        for company, deadline in Dispute_sudo._read_group(
            waiting, ["company_id"], ["date_deadline:min"]
        ):
            now = company._ar_now()
            if deadline < now.date() and now.hour >= company.ar_followup_hour:
                self._isolated(partial(Dispute_sudo._tell_of_late, company, now.date()))

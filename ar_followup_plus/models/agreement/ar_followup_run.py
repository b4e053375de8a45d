from functools import partial

from odoo import api, models
from odoo.fields import Domain

from .ar_payment_plan import LIVE

#: Approvers told of broken plans in one tick: each takes a PDF of some seconds.
TOLD_AT_ONCE = 10


class ArFollowupRun(models.Model):
    """Payment plans in the day's work."""

    _inherit = "ar.followup.run"

    def _work_collect(self):
        result = super()._work_collect()
        Plan_sudo = self.env["ar.payment.plan"].sudo()  # sudo: the engine's work
        Plan_sudo._work_day(self.company_id, self.date)
        Plan_sudo._ask(self.company_id, self.date)
        return result

    @api.model
    def _cron_run(self):
        self._work_plans_where_off()
        result = super()._cron_run()
        self._tell_of_breaks()
        return result

    @api.model
    def _work_plans_where_off(self):
        """What was agreed is looked at once a day also where nobody is reminded."""
        Plan_sudo = self.env["ar.payment.plan"].sudo()  # sudo: the engine's work
        live = Domain("state", "in", LIVE)
        where_off = live & Domain("company_id.ar_followup_mode", "=", "off")
        for (company,) in Plan_sudo._read_group(where_off, ["company_id"]):
            self._isolated(partial(self._work_plans_of, company, live))

    @api.model
    def _work_plans_of(self, company, live):
        """Look at the plans of one company, once a day.

        :param live: the domain of those to look at
        """
        now = company._ar_now()
        if now.hour < company.ar_followup_hour:
            return
        today = now.date()
        not_yet = Domain("looked_at_on", "=", False)
        not_yet |= Domain("looked_at_on", "<", today)
        # sudo: the engine's work
        plans_sudo = (
            self.env["ar.payment.plan"]
            .sudo()
            .search(live & not_yet & Domain("company_id", "=", company.id))
        )
        plans_sudo.looked_at_on = today
        if plans_sudo:
            plans_sudo._work_day(company.with_company(company), today)
            plans_sudo.case_id._reassess()

    @api.model
    def _tell_of_breaks(self):
        """Tell the approvers of broken plans, each for itself."""
        plans_sudo = (
            self.env["ar.payment.plan"]
            .sudo()
            .search([("break_pending", "=", True)], limit=TOLD_AT_ONCE + 1)
        )
        for plan_sudo in plans_sudo[:TOLD_AT_ONCE]:
            self._isolated(plan_sudo._tell_of_break)
        if len(plans_sudo) > TOLD_AT_ONCE:
            self._wake_up()

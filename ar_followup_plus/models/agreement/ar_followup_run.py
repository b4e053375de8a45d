from functools import partial

from odoo import api, models
from odoo.fields import Domain

#: What is agreed with customers, and looked at day by day.
AGREEMENTS = ("ar.payment.plan", "ar.payment.promise")
#: Approvers told of broken plans in one tick: each takes a PDF of some seconds.
TOLD_AT_ONCE = 10


class ArFollowupRun(models.Model):
    """What was agreed, in the day's work."""

    _inherit = "ar.followup.run"

    def _work_collect(self):
        result = super()._work_collect()
        for model in AGREEMENTS:
            # sudo: the engine's work
            self.env[model].sudo()._work_day(self.company_id, self.date)
        Plan_sudo = self.env["ar.payment.plan"].sudo()  # sudo: as above
        Plan_sudo._ask(self.company_id, self.date)
        return result

    @api.model
    def _cron_run(self):
        self._work_agreements_where_off()
        result = super()._cron_run()
        self._tell_of_breaks()
        return result

    @api.model
    def _work_agreements_where_off(self):
        """What was agreed is looked at once a day also where nobody is reminded."""
        for model in AGREEMENTS:
            Agreement_sudo = self.env[model].sudo()  # sudo: the engine's work
            where_off = Agreement_sudo._live_domain() & Domain(
                "company_id.ar_followup_mode", "=", "off"
            )
            for (company,) in Agreement_sudo._read_group(where_off, ["company_id"]):
                self._isolated(partial(self._work_agreements_of, company, model))

    @api.model
    def _work_agreements_of(self, company, model):
        """Look at what was agreed with customers of one company, once a day.

        :param model: name of the model of the agreements
        """
        now = company._ar_now()
        if now.hour < company.ar_followup_hour:
            return
        today = now.date()
        not_yet = Domain("looked_at_on", "=", False)
        not_yet |= Domain("looked_at_on", "<", today)
        Agreement_sudo = self.env[model].sudo()  # sudo: the engine's work
        found_sudo = Agreement_sudo.search(
            Agreement_sudo._live_domain()
            & not_yet
            & Domain("company_id", "=", company.id)
        )
        found_sudo.looked_at_on = today
        if found_sudo:
            found_sudo._work_day(company.with_company(company), today)
            found_sudo.case_id._reassess()

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

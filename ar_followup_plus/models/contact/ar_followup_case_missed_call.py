from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

MISSED_ACTIVITY = "ar_followup_plus.mail_activity_type_call_overdue"
#: a call that is still to be made
CALLS = Domain("activity_type_id.category", "=", "phonecall")


class ArFollowupCase(models.Model):
    """Calls still to be made: the ladder waits, and the manager hears of it."""

    _inherit = "ar.followup.case"

    call_overdue = fields.Boolean(
        compute="_compute_call_overdue",
        search="_search_call_overdue",
        help="A call was not made on its day.",
    )

    @api.model
    def _open_calls(self, case_ids):
        """Calls still to be made: dict case id → the first one's day."""
        self.env["mail.activity"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT activity.res_id, MIN(activity.date_deadline)
                  FROM mail_activity activity
                  JOIN mail_activity_type type ON type.id = activity.activity_type_id
                 WHERE activity.res_model = 'ar.followup.case'
                   AND activity.res_id = ANY(%s)
                   AND activity.active
                   AND type.category = 'phonecall'
                 GROUP BY activity.res_id
                """,
                list(case_ids),
            )
        )
        return dict(rows)

    @api.depends("activity_ids.active", "activity_ids.date_deadline")
    def _compute_call_overdue(self):
        missed = self._missed_calls()
        for case in self:
            case.call_overdue = case._origin.id in missed

    def _missed_calls(self):
        """Calls of these cases not made in time: dict case id → the first one's day."""
        calls = self._open_calls(self._origin.ids)
        today = {company: company._ar_today() for company in self.company_id}
        return {
            case._origin.id: calls[case._origin.id]
            for case in self
            if case._origin.id in calls
            and calls[case._origin.id] < today[case.company_id]
        }

    @api.model
    def _search_call_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "activity_ids",
                "any!",
                CALLS & Domain("date_deadline", "<", company._ar_today()),
            )
            for company in self.env.companies
        )
        return overdue if True in value else ~overdue

    def _decision_details(self):
        details = super()._decision_details()
        calling = self.filtered(lambda case: case.reason == "call_open")
        for case_id, day in calling._missed_calls().items():
            details[case_id]["missed"] = format_date(
                self.env, day, date_format="medium"
            )
        return details

    # the manager -----------------------------------------------------------------

    def _managers(self):
        """Who answers for the collectors: the policy's manager, else the company's.

        :return: dict case → ``res.users``, maybe empty
        """
        managers = {}
        for case_sudo in self.sudo():  # sudo: the policy may be hidden from the user
            company = case_sudo.company_id
            named = (case_sudo.policy_id.manager_id, company.ar_manager_id)
            managers[case_sudo.sudo(self.env.su)] = company._ar_signatory(named)
        return managers

    def _managers_to_tell(self):
        """As ``_managers``, but only who is to get copies, and wants them."""
        nobody = self.env["res.users"]
        return {
            # sudo: a setting of the company, and what a colleague prefers
            case: manager
            if case.company_id.sudo().ar_copy_manager
            and not manager.sudo().ar_no_copies
            else nobody
            for case, manager in self._managers().items()
        }

    @api.model
    def _tell_missed_calls(self, company, today):
        """Calls not made for days go to the manager, each once: one activity a case."""
        days = company.sudo().ar_call_overdue_days
        if not days:
            return
        working = self._search(
            [("company_id", "=", company.id), ("state", "in", ("todo", "waiting"))]
        )
        # sudo: whoever's call it is
        calls_sudo = (
            self.env["mail.activity"]
            .sudo()
            .search(
                CALLS
                & Domain("res_model", "=", self._name)
                & Domain("res_id", "in", working)
                & Domain("date_deadline", "<=", today - timedelta(days=days))
                & Domain("ar_told_manager", "=", False),
                order="date_deadline, id",
            )
        )
        cases = self.browse(calls_sudo.mapped("res_id"))
        managers = cases._managers()
        by_case = calls_sudo.grouped(lambda call: self.browse(call.res_id))
        known = cases.activity_search([MISSED_ACTIVITY]).mapped("res_id")
        rows = []
        for case, calls in by_case.items():
            manager = managers[case]
            calls -= calls.filtered_domain([("user_id", "=", manager.id)])
            if manager and calls:
                calls.ar_told_manager = True
                if case.id not in known:
                    rows.append(calls[0]._ar_missed_row(manager, today))
        self.env["mail.activity"]._ar_plan(MISSED_ACTIVITY, self._name, rows)

    def _end_missed_calls(self):
        """What was made, put off or dropped is nothing to see to any more."""
        if self:
            missed = self._missed_calls()
            # sudo: the manager's activity, whoever made the call
            self.sudo().filtered(lambda case: case.id not in missed).activity_unlink(
                [MISSED_ACTIVITY]
            )

from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.fields import Domain

TEMPLATES = {
    "plan_note": "ar_followup_plus.mail_template_plan_note",
    "plan_late": "ar_followup_plus.mail_template_plan_late",
    "plan_paid": "ar_followup_plus.mail_template_plan_paid",
    "plan_done": "ar_followup_plus.mail_template_plan_done",
}
# what asks for something; the others are thanks, which always leave
DEMANDS = ("plan_note", "plan_late")


class ArPaymentPlan(models.Model):
    """What the customer hears while a plan is in force: notes and thanks."""

    _inherit = "ar.payment.plan"

    # thanks ----------------------------------------------------------------------

    def _thank(self, lines):
        """Thank for instalments paid just now, where the policy says so.

        Who paid several at once is thanked once; for the last one, with the plan.
        """
        last = [
            plan.line_ids.filtered(lambda line: line in lines)[-1:]
            for plan in self
            if plan.case_id.policy_id.plan_thanks
        ]
        self._make_plan_messages("plan_paid", lines.browse().union(*last))

    def _thank_for_all(self):
        """Thank for plans that were kept to their end, and nothing is open of."""
        kept = self.filtered(
            lambda plan: (
                not plan.broken_on
                and all(plan.line_ids.mapped("paid_on"))
                # an invoice that we took back was not paid
                and plan.item_line_ids.item_id.move_line_id.matched_credit_ids
            )
        )
        last = self.line_ids.browse().union(*(plan.line_ids[-1:] for plan in kept))
        self._make_plan_messages("plan_done", last)

    # demands ---------------------------------------------------------------------

    @api.model
    def _ask(self, company, today):
        """Ask for instalments that are late, and announce those that come.

        One message a customer, and only to whom one may write today: a late one is
        tried again on the next days, a note until the day of its instalment.
        """
        notice = timedelta(days=company.sudo().ar_plan_notice_days)
        # sudo: the engine writes for the company
        Line_sudo = self.env["ar.payment.plan.line"].sudo()
        ahead = Domain("date_due", ">", today) & Domain(
            "date_due", "<=", today + notice
        )
        lines = Line_sudo.search(
            Domain("company_id", "=", company.id)
            & Domain("plan_state", "=", "active")
            & Domain("paid_on", "=", False)
            & (Domain("late_on", "!=", False) | ahead),
            order="date_due, id",
        )
        late = lines.filtered("late_on")
        announced = lines - late
        announced -= announced._covered_by_arrived(company, today)
        wanted = {}
        for kind, candidates in (("plan_late", late), ("plan_note", announced)):
            for line in candidates - candidates._written_about(kind):
                wanted.setdefault(line.plan_id.case_id, (kind, line))
        Case = self.env["ar.followup.case"]
        cases = Case.browse(case.id for case in wanted)
        may = Case._may_ask(company, today, cases)
        for kind in DEMANDS:
            self._make_plan_messages(
                kind,
                Line_sudo.union(
                    *(
                        line
                        for case, (own_kind, line) in wanted.items()
                        if own_kind == kind and not may[case.sudo(False)]
                    )
                ),
            )

    # making them -----------------------------------------------------------------

    @api.model
    def _make_plan_messages(self, kind, lines):
        """A message about each of these instalments, once, whoever makes it first."""
        lines -= lines._written_about(kind)
        # without its text, which somebody may have deleted, nothing is said
        template = self.env.ref(TEMPLATES[kind], raise_if_not_found=False)
        if not lines or not template:
            return
        vals_list = [line._message_vals(kind, template) for line in lines]
        Reminder = self.env["ar.followup.reminder"]
        try:
            with self.env.cr.savepoint():
                Reminder._make_messages(vals_list)
        except psycopg2.IntegrityError:
            # Somebody made one of them meanwhile: the unique index stopped us.
            for vals in vals_list:
                try:
                    with self.env.cr.savepoint():
                        Reminder._make_messages([vals])
                except psycopg2.IntegrityError:
                    continue


class ArPaymentPlanLine(models.Model):
    _inherit = "ar.payment.plan.line"

    def _written_about(self, kind):
        """Those about which there is a message of this kind, or a person dropped it."""
        # sudo: what was written does not depend on who looks
        messages_sudo = (
            self.env["ar.followup.reminder"]
            .sudo()
            .search(
                Domain("plan_line_id", "in", self.ids)
                & Domain("kind", "=", kind)
                & (Domain("state", "!=", "cancelled") | Domain("is_dropped", "=", True))
            )
        )
        return self.filtered(lambda line: line in messages_sudo.plan_line_id)

    def _covered_by_arrived(self, company, today):
        """Those for which all is there, although not matched yet."""
        plans = self.plan_id
        paid = plans._paid_by_line()
        arrived = plans._arrived_by_line(company, today, paid)
        return self.filtered(
            lambda line: arrived.get(line, 0) >= line.plan_id._open_of(line, paid)
        )

    def _message_vals(self, kind, template):
        """What makes a message about this instalment."""
        self.ensure_one()
        case_sudo = self.plan_id.case_id
        company = self.company_id
        is_demand = kind in DEMANDS
        speaking = company._ar_on_record(self.env["ar.followup.reminder"])
        titles = dict(speaking._fields["kind"]._description_selection(speaking.env))
        vals = {
            "case_id": case_sudo.id,
            "kind": kind,
            "is_demand": is_demand,
            "mail_template_id": template.id,
            "level_name": titles[kind],
            "plan_id": self.plan_id.id,
            "plan_line_id": self.id,
        }
        review = company.sudo().ar_followup_mode == "review"
        if is_demand and (review or case_sudo.policy_id.review_always):
            vals["state"] = "to_review"
        return vals

from odoo import models
from odoo.tools import format_date

from ..case.ar_followup_case_history import LAST_HOUR, Happening

ICON = "fa-calendar-check-o"
LATE_ICON = "fa-exclamation-triangle"
PAID_ICON = "fa-check"


class ArFollowupCase(models.Model):
    """What happened to a customer's payment plans, each step as one happening."""

    _inherit = "ar.followup.case"

    def _history(self, limit):
        plans = self.env["ar.payment.plan"].search(
            [("case_id", "in", self._origin.ids)], order="id desc", limit=limit
        )
        happenings = [
            happening
            for happening in super()._history(limit)
            if not self._is_told_by_plan(happening.record, plans)
        ]
        for plan in plans:
            happenings += self._history_of_plan(plan)
        return happenings

    def _is_told_by_plan(self, record, plans):
        """Whether a hold, or a contact, is only what a step of a plan left behind."""
        if record._name == "ar.followup.hold":
            return bool(record.plan_id)
        return record._name == "ar.contact.log" and record in plans.accepted_log_id

    def _history_of_plan(self, plan):
        """Who took which step, and when; what was written is told by its message."""
        yield from self._history_of_approval(plan)
        if plan.accepted_on:
            entry = plan.accepted_log_id
            said = entry.summary or plan.accepted_by or ""
            title = self.env._("Payment plan accepted")
            yield self._plan_step(plan, plan.accepted_on, title, said, entry.user_id)
        for line in plan.line_ids:
            yield from self._history_of_instalment(plan, line)
        if plan.broken_on:
            title = self.env._("Payment plan broken")
            yield self._plan_step(
                plan, self._at_end_of(plan.broken_on), title, icon=LATE_ICON
            )
        yield from self._history_of_end(plan)

    def _history_of_approval(self, plan):
        money = plan.currency_id.format(plan.amount_total)
        if plan.requested_on:
            title = self.env._("Payment plan submitted for approval")
            text = self.env._(
                "%(amount)s in %(count)s instalments",
                amount=money,
                count=plan.line_count,
            )
            yield self._plan_step(
                plan, plan.requested_on, title, text, plan.requested_by_id
            )
        if plan.refused_on:
            title = self.env._("Payment plan refused")
            yield self._plan_step(
                plan,
                plan.refused_on,
                title,
                plan.refusal_reason or "",
                plan.refused_by_id,
            )
        if plan.approved_on:
            title = self.env._("Payment plan approved")
            text = plan.approval_rule or ""
            if plan.is_self_approved:
                text = self.env._("By the person who submitted it.")
            yield self._plan_step(
                plan, plan.approved_on, title, text, plan.approved_by_id
            )

    def _history_of_instalment(self, plan, line):
        late, paid = (
            self.env._("Instalment not paid in time"),
            self.env._("Instalment paid"),
        )
        for day, hour, title, icon in (
            (line.late_on, 0, late, LATE_ICON),  # before it was written about
            (line.paid_on, LAST_HOUR, paid, PAID_ICON),
        ):
            if not day:
                continue
            text = self.env._(
                "%(amount)s, due on %(day)s",
                amount=line.currency_id.format(line.amount),
                day=format_date(self.env, line.date_due, date_format="medium"),
            )
            when = self.company_id._ar_to_utc(day, hour)
            yield self._plan_step(plan, when, title, text, icon=icon)

    def _history_of_end(self, plan):
        titles = {
            "paid": self.env._("Payment plan done: everything it covers is paid"),
            "lapsed": self.env._("Payment plan not accepted in time"),
            "replaced": self.env._("Payment plan replaced by another"),
            "withdrawn": self.env._("Payment plan withdrawn"),
            # one that was declined is told by the contact in which it was
        }
        title = titles.get(plan.end_reason)
        if plan.ended_on and title:
            yield self._plan_step(plan, plan.ended_on, title)

    def _plan_step(self, plan, when, title, text="", user=None, icon=ICON):
        """A step of a plan; a click opens the plan."""
        if plan.name not in text:
            text = f"{plan.name}. {text}" if text else plan.name
        user = user or self.env["res.users"]
        return Happening(when, icon, title, text, user, plan)

    def _at_end_of(self, day):
        return self.company_id._ar_to_utc(day, LAST_HOUR)

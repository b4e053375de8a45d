from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .ar_payment_plan import LIVE


class ArPaymentPlan(models.Model):
    """Which invoices may be on a plan, and together on one."""

    _inherit = "ar.payment.plan"

    def _problem_of(self, lines_sudo):
        """Adds: what is on another plan."""
        return super()._problem_of(lines_sudo) or self._problem_of_other_plan(
            lines_sudo
        )

    def _problem_of_other_plan(self, lines_sudo):
        row_sudo = self._other_plan_rows(lines_sudo)[:1]
        if not row_sudo:
            return ""
        return self.env._(
            "%(invoice)s is on the payment plan %(plan)s already: go on with that one, "
            "or leave the invoice out.",
            invoice=row_sudo.item_id.name,
            plan=row_sudo.plan_id.name,
        )

    def _other_plan_rows(self, lines_sudo):
        """What other plans cover of these journal items (as superuser).

        In force, an invoice is on one plan, and on the one to take its place.
        """
        return (
            self.env["ar.payment.plan.item"]
            .sudo()
            .search(
                Domain("item_id.move_line_id", "in", lines_sudo.ids)
                & Domain("plan_id.state", "in", LIVE)
                & Domain("plan_id", "not in", (self | self.replaces_id).ids)
            )
        )

    # when submitted ------------------------------------------------------------------

    def _check_can_submit(self):
        """
        :raises UserError: when something is missing, with what to do about it
        """
        result = super()._check_can_submit()
        for plan in self:
            plan._take_items()
            plan._check_invoices()
            plan._check_successor()
            plan._check_amounts()
            plan._check_schedule()
        return result

    def _check_successor(self):
        if self.replaces_id and self.replaces_id.state != "active":
            raise UserError(
                self.env._(
                    "%(old)s is not in force any more, so nothing can take its place. "
                    "Withdraw %(plan)s, and propose a new plan.",
                    old=self.replaces_id.name,
                    plan=self.name,
                )
            )

    def _check_amounts(self):
        """What is open shall be what the schedule was made for."""
        money = self.currency_id.format
        now = sum(self._amounts_to_cover().values())
        if self.currency_id.compare_amounts(now, self.amount_total):
            raise UserError(
                self.env._(
                    "The invoices have changed since: %(now)s is open now, the plan is "
                    "about %(total)s. Calculate the schedule again.",
                    now=money(now),
                    total=money(self.amount_total),
                )
            )

    def _check_schedule(self):
        self.env.flush_all()
        self.invalidate_recordset(["line_ids"])  # in the order of their days
        problems = self._schedule_problems()
        if problems:
            raise UserError("\n".join(problems))

from odoo import api, fields, models
from odoo.tools import format_date

from .ar_payment_plan_overview import OPEN

#: how the page marks a plan that is not over: state → icon
ICONS = {
    "draft": "fa-pencil-square-o",
    "to_approve": "fa-hourglass-half",
    "approved": "fa-paper-plane-o",
    "active": "fa-calendar-check-o",
}


class ArFollowupCase(models.Model):
    """A customer's payment plans, as the case's page shows them."""

    _inherit = "ar.followup.case"

    plan_count = fields.Integer(
        string="Number of Payment Plans", compute="_compute_plan_count"
    )
    plans_now = fields.Json(string="Payment Plans Now", compute="_compute_plans_now")

    def _compute_plan_count(self):
        self._count_rows("ar.payment.plan", "plan_count")

    @api.depends(
        "plan_ids.state", "plan_ids.refused_on", "plan_ids.line_ids.amount_open"
    )
    @api.depends_context("lang")
    def _compute_plans_now(self):
        for case in self:
            rows = [case._plan_row(p) for p in case.plan_ids if p.state in OPEN]
            case.plans_now = rows or False

    def _plan_row(self, plan):
        """A plan as the page draws it; a click opens it."""
        title, text = getattr(self, f"_words_of_{plan.state}_plan")(plan)
        return {
            "day": plan.name,
            "icon": ICONS[plan.state],
            "title": title,
            "text": text,
            "user": "",
            "model": plan._name,
            "id": plan.id,
        }

    def _words_of_draft_plan(self, plan):
        if plan.refused_on and plan.refusal_reason:
            return self.env._("A payment plan was refused"), plan.status_text
        return (
            self.env._("A payment plan is being drawn up"),
            self.env._(
                "%(amount)s in %(count)s instalments. Submit it, so that it can be "
                "approved.",
                amount=plan.currency_id.format(plan.amount_total),
                count=plan.line_count,
            ),
        )

    def _words_of_to_approve_plan(self, plan):
        return (
            self.env._("A payment plan waits for approval"),
            self.env._(
                "%(amount)s in %(count)s instalments, proposed by %(person)s. The "
                "customer hears of it once it is approved.",
                amount=plan.currency_id.format(plan.amount_total),
                count=plan.line_count,
                person=plan.requested_by_id.sudo().name,  # sudo: a colleague's name
            ),
        )

    def _words_of_approved_plan(self, plan):
        day = plan.offer_until
        title = self.env._("A payment plan is offered")
        if day:
            title = self.env._(
                "A payment plan is offered until %(day)s", day=self._day_in_words(day)
            )
        return title, self.env._(
            "%(amount)s in %(count)s instalments. The customer has not answered yet.",
            amount=plan.currency_id.format(plan.amount_total),
            count=plan.line_count,
        )

    def _words_of_active_plan(self, plan):
        last = max(plan.line_ids.mapped("date_due"), default=False)
        texts = [
            self.env._(
                "%(paid)s of %(count)s instalments paid, %(amount)s still open.",
                paid=plan.paid_line_count,
                count=plan.line_count,
                amount=plan.currency_id.format(plan.amount_open),
            )
        ]
        late = plan._late_lines()[:1]
        line = late or plan.next_line_id
        if line:
            sentence = self.env._("Next: %(amount)s on %(day)s.")
            if late:
                sentence = self.env._("Late: %(amount)s since %(day)s.")
            texts.append(
                sentence
                % {
                    "amount": plan.currency_id.format(line.amount_open),
                    "day": self._day_in_words(line.date_due),
                }
            )
        title = self.env._(
            "On a payment plan until %(day)s", day=self._day_in_words(last)
        )
        return title, " ".join(texts)

    def _day_in_words(self, day):
        return format_date(self.env, day, date_format="medium")

    def action_open_plans(self):
        """Smart button: the customer's payment plans, in whatever state."""
        self.ensure_one()
        return self.plan_ids._open_all()

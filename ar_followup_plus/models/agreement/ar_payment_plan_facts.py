from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from .ar_payment_plan import LIVE


class ArPaymentPlan(models.Model):
    """What the page of a plan says in words."""

    _inherit = "ar.payment.plan"

    status_text = fields.Char(string="How It Stands", compute="_compute_status_text")
    schedule_text = fields.Char(string="In Short", compute="_compute_schedule_text")
    other_payments_text = fields.Char(
        string="Other Payments", compute="_compute_other_payments_text"
    )

    @api.depends("line_ids.amount", "line_ids.date_due")
    @api.depends_context("lang")
    def _compute_schedule_text(self):
        """The schedule in one line: how many, how much, from when to when."""
        for plan in self:
            days = sorted(filter(None, plan.line_ids.mapped("date_due")))
            plan.schedule_text = days and plan.env._(
                "%(parts)s, from %(first)s to %(last)s",
                parts=plan._parts_in_words(),
                first=plan._in_words(days[0]),
                last=plan._in_words(days[-1]),
            )

    def _in_words(self, day):
        return format_date(self.env, day, date_format="long")

    @api.depends("state", "end_reason", "broken_on", "offer_until", "accepted_on")
    @api.depends_context("lang")
    def _compute_status_text(self):
        for plan in self:
            plan.status_text = getattr(plan, f"_status_{plan.state}")()

    def _status_draft(self):
        if self.refused_on and self.refusal_reason:
            return self.env._(
                "%(person)s refused it: “%(reason)s” Change it and submit it again, or "
                "withdraw it.",
                person=self.refused_by_id.sudo().name,  # sudo: a colleague's name
                reason=self.refusal_reason,
            )
        return self.env._(
            "A draft: the customer hears of it once it is approved. Submit it when the "
            "schedule is right."
        )

    def _status_to_approve(self):
        return self.env._(
            "Waits for approval since %(day)s. The customer knows nothing of it yet, "
            "and is not reminded for some days.",
            day=self._in_words(self.submitted_on),
        )

    def _status_approved(self):
        return self.env._(
            "Offered to the customer until %(day)s. Record the answer when they give "
            "it; without one, the offer lapses.",
            day=self._in_words(self.offer_until),
        )

    def _status_active(self):
        late = self.line_ids.filtered(lambda line: line.state == "late")
        if late:
            return self.env._(
                "An instalment is late: %(amount)s of %(day)s is open. Call the "
                "customer.",
                amount=self.currency_id.format(late[0].amount_open),
                day=self._in_words(late[0].date_due),
            )
        return self.env._("In force, and kept so far. Nobody reminds the customer.")

    def _status_done(self):
        if self.broken_on:
            return self.env._(
                "Paid in full, after it was broken on %(day)s.",
                day=self._in_words(self.broken_on),
            )
        return self.env._("Paid in full. Thank you for the patience.")

    def _status_broken(self):
        return self.env._(
            "Broken since %(day)s: the customer is reminded again, step by step. What "
            "they pay now still counts.",
            day=self._in_words(self.broken_on),
        )

    def _status_cancelled(self):
        labels = dict(self._fields["end_reason"]._description_selection(self.env))
        if self.end_reason == "declined" and self.decline_reason:
            return self.env._(
                "Declined by the customer: “%(reason)s”", reason=self.decline_reason
            )
        return labels.get(self.end_reason) or self.env._("Over.")

    # other payments ----------------------------------------------------------------

    def _compute_other_payments_text(self):
        """What the customer paid since then that is not of the plan's invoices."""
        self.other_payments_text = False
        for plan in self.filtered(lambda plan: plan.state in (*LIVE, "broken")):
            sums = plan._paid_elsewhere()
            plan.other_payments_text = sums and plan.env._(
                "Since %(day)s, the customer also paid %(amounts)s that counts for "
                "other invoices or is not matched yet.",
                day=plan._in_words(plan.submitted_on),
                amounts=", ".join(
                    formatLang(plan.env, amount, currency_obj=currency)
                    for currency, amount in sums.items()
                ),
            )

    def _paid_elsewhere(self):
        """Dict currency → what came in since the plan began and is not of it."""
        self.ensure_one()
        # sudo: sums, not the entries
        plan_sudo = self.sudo()
        Line_sudo = self.env["account.move.line"].sudo()
        theirs = Line_sudo._ar_partner_domain(plan_sudo.partner_id.ids)
        theirs &= Domain("account_id", "in", Line_sudo._ar_receivable_accounts().ids)
        theirs &= Domain("company_id", "=", plan_sudo.company_id.id)
        theirs &= Domain("parent_state", "=", "posted")
        credits = Line_sudo.search(
            theirs & Domain("balance", "<", 0) & Domain("date", ">=", self.submitted_on)
        )
        own = plan_sudo.item_line_ids.item_id.move_line_id
        sums = defaultdict(float)
        for line in credits:
            used = line.matched_debit_ids.filtered(
                lambda part: part.debit_move_id in own
            )
            amount = -line.amount_currency - sum(used.mapped("credit_amount_currency"))
            if line.currency_id.compare_amounts(amount, 0) > 0:
                sums[line.currency_id] += amount
        return dict(sums)

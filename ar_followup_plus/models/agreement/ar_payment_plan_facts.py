from odoo import api, fields, models
from odoo.tools import format_date


class ArPaymentPlan(models.Model):
    """What the page of a plan says in words."""

    _inherit = "ar.payment.plan"

    status_text = fields.Char(string="How It Stands", compute="_compute_status_text")
    schedule_text = fields.Char(string="In Short", compute="_compute_schedule_text")

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
        return self.env._("In force, and kept so far. The customer is not reminded.")

    def _status_done(self):
        if self.broken_on:
            return self.env._(
                "Paid in full, after it was broken on %(day)s.",
                day=self._in_words(self.broken_on),
            )
        return self.env._("Paid in full, as agreed.")

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

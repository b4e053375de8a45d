from odoo import api, fields, models

from ..ledger.ageing import to_minor
from .keeping import status


class ArPaymentPlanLine(models.Model):
    """One instalment of a plan; what is paid of it is read from accounting."""

    _name = "ar.payment.plan.line"
    _description = "Instalment"
    _inherit = ["ar.owned.fields.mixin"]
    _order = "date_due, id"
    _rec_name = "date_due"

    plan_id = fields.Many2one(
        "ar.payment.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    plan_state = fields.Selection(
        related="plan_id.state", string="State of the Plan", store=True
    )
    date_due = fields.Date(required=True)
    amount = fields.Monetary(required=True, help="In the plan's currency.")
    amount_paid = fields.Monetary(string="Paid", compute="_compute_amount_paid")
    amount_open = fields.Monetary(string="Still Open", compute="_compute_amount_paid")
    state = fields.Selection(
        [
            ("scheduled", "Scheduled"),
            ("due", "Due"),
            ("partial", "Partly Paid"),
            ("paid", "Paid"),
            ("late", "Late"),
        ],
        compute="_compute_amount_paid",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_expected = fields.Monetary(
        string="Expected",
        currency_field="company_currency_id",
        help="What was still open of it at the last look, in the company's currency: "
        "for sums and charts.",
    )
    late_on = fields.Date(
        string="Late Since", help="The day on which it was found to be late."
    )

    paid_on = fields.Date(
        string="Found Paid On", help="The day on which it was found to be paid in full."
    )

    # serves the search for instalments to write about, on every day
    _unpaid_idx = models.Index(
        "(company_id, date_due) WHERE plan_state = 'active' AND paid_on IS NULL"
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "amount_expected",
            "company_id",
            "late_on",
            "paid_on",
            "partner_id",
            "plan_state",
        }

    @api.depends("amount", "date_due", "plan_id.item_line_ids.amount_open")
    def _compute_amount_paid(self):
        paid_of = self.plan_id._paid_by_line()
        for line in self:
            plan = line.plan_id
            paid = paid_of.get(line, 0)
            decimals = plan.currency_id.decimal_places
            line.amount_paid = paid / 10**decimals
            line.amount_open = line.amount - line.amount_paid
            today = (plan.company_id or self.env.company)._ar_today()
            line.state = line.date_due and status(
                to_minor(line.amount, decimals),
                paid,
                line.date_due,
                today,
                plan._terms(),
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._change_plan()
        return lines

    def write(self, vals):
        by_hand = vals.keys() & {"amount", "date_due", "plan_id"}
        if by_hand:
            self._change_plan()
        result = super().write(vals)
        if by_hand:
            self._change_plan()
        return result

    def unlink(self):
        self._change_plan()
        return super().unlink()

    def _change_plan(self):
        """Only the schedule of a draft is changed, and whoever does it asks for it."""
        if self.env.su:
            return
        for plan in self.plan_id:
            plan._check_can_change()
        self.plan_id._set_requester()

    def _note(self, **vals):
        """Write what differs from what was found at the last look at the books."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in vals.items()
            if (self[name] or False) != (value or False)
        }
        if changed:
            self.write(changed)

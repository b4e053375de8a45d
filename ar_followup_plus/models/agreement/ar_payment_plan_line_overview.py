from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..ledger.ageing import to_minor
from .keeping import is_late

#: how the calendar marks an instalment: state → number of a colour of Odoo's
COLORS = {"scheduled": 4, "due": 2, "partial": 3, "paid": 10, "late": 1}
#: states of a plan in which its instalments can be late
IN_FORCE = ("active", "broken")


class ArPaymentPlanLine(models.Model):
    """What lists, calendar and charts show of an instalment."""

    _inherit = "ar.payment.plan.line"

    state = fields.Selection(search="_search_state")
    color = fields.Integer(compute="_compute_color")
    responsible_id = fields.Many2one(
        related="plan_id.case_id.responsible_id", string="Collector"
    )

    @api.depends("plan_id.state")
    def _compute_amount_paid(self):
        """Late is only what is in force, and has not arrived in any other way."""
        result = super()._compute_amount_paid()
        late = self.filtered(lambda line: line.state == "late")
        for line in late - late._really_late():
            line.state = "partial" if line.amount_paid else "due"
        return result

    def _really_late(self):
        """Those in force that are late also with the money not matched yet."""
        really_late = self.browse()
        # sudo: what has arrived does not depend on who looks
        plans_sudo = self.sudo().plan_id.filtered(lambda plan: plan.state in IN_FORCE)
        for company, plans in plans_sudo.grouped("company_id").items():
            today = company._ar_today()
            paid = plans._paid_by_line()
            arrived = plans._arrived_by_line(company, today, paid)
            for line in self.filtered(lambda line, of=plans: line.plan_id in of):
                amount = to_minor(line.amount, line.currency_id.decimal_places)
                there = paid[line] + arrived.get(line, 0)
                terms = line.plan_id._terms()
                if is_late(amount, there, line.date_due, today, terms):
                    really_late |= line
        return really_late

    @api.depends("state")
    def _compute_color(self):
        for line in self:
            line.color = COLORS.get(line.state, 0)

    @api.depends("partner_id", "amount")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(customer)s, %(amount)s",
                # sudo: the name of a customer does not depend on who looks
                customer=line.sudo().partner_id.display_name or "",
                amount=line.currency_id.format(line.amount),
            )

    def action_open_plan(self):
        """A row of a list: the page of its plan."""
        return self.plan_id._open_all()

    @api.model
    def _search_state(self, operator, value):
        """What is paid is read from accounting: read it of all that may be meant."""
        if operator != "in":
            return NotImplemented
        domain = Domain.TRUE
        if set(value) <= {"late", "due"}:
            # a day more: it may be tomorrow already where a company is
            tomorrow = fields.Date.today() + timedelta(days=1)
            domain = Domain("date_due", "<=", tomorrow)
        if set(value) == {"late"}:
            domain &= Domain("plan_state", "in", IN_FORCE)
        lines = self.search(domain).filtered(lambda line: line.state in value)
        return Domain("id", "in", lines.ids)

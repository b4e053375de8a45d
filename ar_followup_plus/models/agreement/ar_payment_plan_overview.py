from odoo import api, fields, models
from odoo.fields import Domain

#: states of a plan that somebody still has to deal with
OPEN = ("draft", "to_approve", "approved", "active")


class ArPaymentPlan(models.Model):
    """What lists and boards show of a plan: who, what comes next, what is late."""

    _inherit = "ar.payment.plan"

    state = fields.Selection(group_expand="_expand_states")
    responsible_id = fields.Many2one(
        related="case_id.responsible_id", string="Collector"
    )
    next_line_id = fields.Many2one(
        "ar.payment.plan.line",
        string="Next Instalment",
        compute="_compute_next_line_id",
        help="The first instalment that is not paid in full.",
    )
    next_date = fields.Date(
        string="Next Instalment On", compute="_compute_next_line_id"
    )
    next_amount = fields.Monetary(
        compute="_compute_next_line_id",
        help="What is still open of the next instalment.",
    )
    line_count = fields.Integer(
        string="Number of Instalments", compute="_compute_line_count"
    )
    paid_line_count = fields.Integer(
        string="Instalments Paid", compute="_compute_line_count"
    )
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="The plan is in force, and one of its instalments is late.",
    )

    ended_on = fields.Datetime(
        string="Over Since", copy=False, help="When it was done, broken or cancelled."
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"ended_on"}

    def _set_state(self, state, **vals):
        ended_on = False if state in OPEN else fields.Datetime.now()
        return super()._set_state(state, ended_on=ended_on, **vals)

    def _expand_states(self, states, _domain):
        """The board shows each state in which there is something to do."""
        every = self._fields["state"].get_values(self.env)
        return [state for state in every if state in OPEN or state in states]

    @api.depends("state", "line_ids.amount_open", "line_ids.date_due")
    def _compute_next_line_id(self):
        for plan in self:
            unpaid = plan.line_ids.filtered(lambda line: line.state != "paid")
            line = unpaid.sorted("date_due")[:1] if plan.state in OPEN else unpaid[:0]
            plan.next_line_id = line
            plan.next_date = line.date_due
            plan.next_amount = line.amount_open

    @api.depends("line_ids.amount_open")
    def _compute_line_count(self):
        for plan in self:
            plan.line_count = len(plan.line_ids)
            plan.paid_line_count = plan.line_ids.mapped("state").count("paid")

    @api.depends("state", "line_ids.state")
    def _compute_is_late(self):
        for plan in self:
            plan.is_late = plan.state == "active" and bool(plan._late_lines())

    def _late_lines(self):
        late = self.line_ids.filtered(lambda line: line.state == "late")
        return late.sorted("date_due")

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain("state", "=", "active") & Domain("line_ids.state", "=", "late")

    def _moves(self):
        """The invoices that these plans cover, or shall cover."""
        # sudo: which invoices they are does not depend on who looks
        plans_sudo = self.sudo()
        items_sudo = plans_sudo.item_line_ids.item_id
        return plans_sudo.move_line_ids.move_id | items_sudo.move_id

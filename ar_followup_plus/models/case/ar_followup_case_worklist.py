from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..ledger.ageing import days_overdue
from .reasons import STATES

# closed customers ask for no lane of their own: they only appear when looked for
LANES = STATES[:-1]


class ArFollowupCase(models.Model):
    """The worklist: who is in charge, since when money is overdue, what comes first."""

    _inherit = "ar.followup.case"

    responsible_id = fields.Many2one(
        "res.users",
        string="Collector",
        compute="_compute_responsible_id",
        inverse="_inverse_responsible_id",
        search="_search_responsible_id",
        domain=[("share", "=", False)],
        help="Who signs the reminders and makes the calls. Unless somebody is chosen "
        "here, it is the policy's collector or the company's default one.",
    )
    days_overdue = fields.Integer(compute="_compute_days_overdue")
    amount_credit = fields.Monetary(
        string="Unmatched Credits",
        compute="_compute_amount_credit",
        help="Payments and credit notes not matched with invoices yet, in the "
        "company's currency. Until they are, they are set against the oldest invoices.",
    )
    reminder_count = fields.Integer(compute="_compute_reminder_count")
    hold_count = fields.Integer(string="Holds in Force", compute="_compute_hold_count")

    @api.depends("user_id", "policy_id")
    def _compute_responsible_id(self):
        responsible = self._responsible()
        for case in self:
            case.responsible_id = responsible.get(case)

    def _inverse_responsible_id(self):
        for user, cases in self.grouped("responsible_id").items():
            cases.user_id = user

    @api.model
    def _search_responsible_id(self, operator, value):
        if operator == "any":  # a name was typed into the search
            value = self.env["res.users"].search(value).ids
        elif operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & self._responsible_domain(company, value)
            for company in self.env.companies
        )

    @api.model
    def _responsible_domain(self, company, user_ids):
        """The cases of these users (ids; False: nobody), as ``_responsible`` says."""
        present = [("active", "=", True), ("company_ids", "in", company.id)]
        chosen = Domain("user_id", "any", [*present, ("share", "=", False)])
        own = "partner_id.ar_followup_policy_id"
        policies_sudo = self.env["ar.followup.policy"].sudo()  # sudo: hidden ones too
        policies_sudo = policies_sudo.search(
            [("company_id", "in", (company.id, False))]
        )
        theirs = policies_sudo.filtered(
            lambda policy: (
                self._responsible_by_default(company.sudo(), policy).id in user_ids
            )
        )
        by_policy = Domain(own, "in", theirs.ids)
        default = company.sudo().ar_followup_policy_id
        if self._responsible_by_default(company.sudo(), default).id in user_ids:
            by_policy |= Domain(own, "not in", policies_sudo.ids)
        # each company has its own policy for a customer
        query = self.with_company(company)._search(~chosen & by_policy)
        return (chosen & Domain("user_id", "in", list(user_ids))) | Domain(
            "id", "in", query
        )

    @api.depends("date_oldest_due")
    def _compute_days_overdue(self):
        for company, cases in self.grouped("company_id").items():
            today = (company or self.env.company)._ar_today()
            for case in cases:
                due = case.date_oldest_due
                case.days_overdue = days_overdue(due, today) if due else 0

    @api.depends("partner_id", "company_id")
    def _compute_amount_credit(self):
        # sudo: an amount, not the entries
        Line_sudo = self.env["account.move.line"].sudo()
        for company, cases in self.grouped("company_id").items():
            credits = defaultdict(float)
            for partner, amount in Line_sudo._read_group(
                Line_sudo._ar_open_receivable_domain(company)
                & Line_sudo._ar_partner_domain(cases.partner_id.ids)
                & Domain("amount_residual_currency", "<", 0),
                ["partner_id"],
                ["amount_residual:sum"],
            ):
                credits[partner.commercial_partner_id] -= amount
            for case in cases:
                case.amount_credit = credits[case.partner_id]

    def _compute_reminder_count(self):
        self._count_rows("ar.followup.reminder", "reminder_count")

    def _compute_hold_count(self):
        self._count_rows("ar.followup.hold", "hold_count", [("is_current", "=", True)])

    def _count_rows(self, model, name, domain=()):
        """Fill the field ``name`` with the number of each case's rows of a model."""
        rows = self.env[model]._read_group(
            Domain("case_id", "in", self.ids) & Domain(domain), ["case_id"], ["__count"]
        )
        counts = {case.id: count for case, count in rows}
        for case in self:
            case[name] = counts.get(case._origin.id, 0)

    def action_pause(self):
        """Button: leave these customers alone, or a part of what one of them owes."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause Follow-up"),
            "res_model": "ar.followup.pause",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }

    def action_open_invoices(self):
        """Button: all invoices of the customer, settled ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [
            ("commercial_partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
        ]
        action["context"] = {"default_move_type": "out_invoice", "create": False}
        return action

    def _expand_lanes(self, states, domain):
        """The board shows all lanes in the order of work, also an empty one."""
        return [*LANES, *(state for state in states if state not in LANES)]

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Lanes are sorted in the order of work, days overdue by their due date."""
        if field_name == "state":
            lane = SQL(
                "array_position(%s::varchar[], %s)",
                list(STATES),
                self._field_to_sql(alias, "state", query),
            )
            return SQL("%s %s %s", lane, direction, nulls)
        if field_name == "days_overdue":
            days = SQL(
                "GREATEST(CURRENT_DATE - %s, 0)",
                self._field_to_sql(alias, "date_oldest_due", query),
            )
            return SQL("%s %s %s", days, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

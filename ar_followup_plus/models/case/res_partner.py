from collections import defaultdict

from odoo import api, fields, models

# changes that may alter who is reminded, where, or under which policy
MARKING_FIELDS = frozenset(
    {"active", "ar_followup_policy_id", "email", "parent_id", "type"}
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    ar_case_id = fields.Many2one(
        "ar.followup.case",
        string="Follow-up Case",
        compute="_compute_ar_case",
        compute_sudo=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    ar_amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_ar_amount_overdue",
        compute_sudo=True,
        currency_field="currency_id",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_case(self):
        cases = self.env["ar.followup.case"]._for_partners(
            self.env.company, self.commercial_partner_id.ids
        )
        for partner in self:
            partner.ar_case_id = cases.get(partner.commercial_partner_id.id)

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_amount_overdue(self):
        """What is overdue today in the current company, in its currency."""
        Line = self.env["account.move.line"]
        company = self.env.company
        domain = Line._ar_overdue_domain(company, company._ar_today())
        domain &= Line._ar_partner_domain(self.commercial_partner_id.ids)
        overdue = defaultdict(float)
        for partner, amount in Line._read_group(
            domain, ["partner_id"], ["amount_residual:sum"]
        ):
            overdue[partner.commercial_partner_id] += amount
        for partner in self:
            partner.ar_amount_overdue = overdue[partner.commercial_partner_id]

    def action_open_ar_case(self):
        """Smart button: the customer's case in the current company."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.followup.case",
            "res_id": self.ar_case_id.id,
            "view_mode": "form",
            "name": self.env._("Follow-up"),
        }

    def write(self, vals):
        before = self.commercial_partner_id if "parent_id" in vals else self.browse()
        result = super().write(vals)
        marking = vals.keys() & MARKING_FIELDS
        if marking:
            company = self.env["res.company"]
            if marking == {"ar_followup_policy_id"}:
                company = self.env.company  # each company has its own policy
            self.env["ar.followup.mark"]._mark_partners([(company, before | self)])
        return result

from odoo import api, fields, models
from odoo.fields import Domain


class ArFollowupPolicy(models.Model):
    """Which customers a policy is for."""

    _inherit = "ar.followup.policy"

    case_count = fields.Integer(string="Customers", compute="_compute_case_count")

    @api.depends_context("company")
    def _compute_case_count(self):
        # sudo: a number; the customers themselves are shown to who may see them
        Case = self.env["ar.followup.case"].sudo()
        for policy in self:
            policy.case_count = Case.search_count(policy._case_domain())

    def _case_domain(self):
        """Open cases of the current company that the policy applies to.

        A customer's own policy goes before the company's default, unless it is
        archived or of another company.
        """
        self.ensure_one()
        company = self.env.company
        valid = self.sudo().search([("company_id", "in", (company.id, False))])
        own = "partner_id.ar_followup_policy_id"
        domain = Domain(own, "=", (self & valid).id)
        if self == company.sudo().ar_followup_policy_id:
            domain |= Domain(own, "not in", valid.ids)
        elif self not in valid:
            domain = Domain.FALSE
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "!=", "closed")
            & domain
        )

    def action_open_cases(self):
        """Button: the customers whose next step this policy decides."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ar_followup_plus.ar_followup_case_action"
            ),
            "name": self.env._("Customers of %(policy)s", policy=self.name),
            "domain": list(self._case_domain()),
            "context": {},
        }

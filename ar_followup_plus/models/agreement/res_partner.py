from odoo import api, fields, models

from ..policy.res_partner import READERS


class ResPartner(models.Model):
    """The payment plans of a customer in the current company."""

    _inherit = "res.partner"

    ar_plan_count = fields.Integer(
        string="Payment Plans",
        compute="_compute_ar_plan_count",
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_plan_count(self):
        rows = self.env["ar.payment.plan"]._read_group(
            self._ar_plan_domain(), ["partner_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in rows}
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.ar_plan_count = counts.get(customer.id, 0)

    def _ar_plan_domain(self):
        """Which plans are these customers', in the current company."""
        return [
            ("company_id", "=", self.env.company.id),
            ("partner_id", "in", self.commercial_partner_id.ids),
        ]

    def action_open_ar_plans(self):
        """Smart button: the customer's plans, in whatever state."""
        return self.env["ar.payment.plan"].search(self._ar_plan_domain())._open_all()

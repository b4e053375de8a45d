from odoo import api, fields, models

from ..policy.res_partner import READERS


class ResPartner(models.Model):
    """The plans, promises and disputes of a customer in the current company."""

    _inherit = "res.partner"

    ar_plan_count = fields.Integer(
        string="Payment Plans",
        compute="_compute_ar_plan_count",
        compute_sudo=True,
        groups=READERS,
    )
    ar_promise_count = fields.Integer(
        string="Promises",
        compute="_compute_ar_promise_count",
        compute_sudo=True,
        groups=READERS,
    )
    ar_promise_text = fields.Char(
        string="Promises So Far",
        compute="_compute_ar_promise_text",
        compute_sudo=True,
        groups=READERS,
        help="How this customer has kept to promises to pay.",
    )

    ar_dispute_count = fields.Integer(
        string="Disputes",
        compute="_compute_ar_dispute_count",
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_plan_count(self):
        self._ar_count_agreements("ar.payment.plan", "ar_plan_count")

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_promise_count(self):
        self._ar_count_agreements("ar.payment.promise", "ar_promise_count")

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_dispute_count(self):
        self._ar_count_agreements("ar.dispute", "ar_dispute_count")

    @api.depends_context("company", "lang")
    @api.depends("ar_case_id")
    def _compute_ar_promise_text(self):
        for partner in self:
            partner.ar_promise_text = partner.ar_case_id.promise_record_text

    def _ar_count_agreements(self, model, name):
        """Fill the field ``name`` with the number of these customers' rows."""
        rows = self.env[model]._read_group(
            self._ar_agreement_domain(), ["partner_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in rows}
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner[name] = counts.get(customer.id, 0)

    def _ar_agreement_domain(self):
        """Which agreements are these customers', in the current company."""
        return [
            ("company_id", "=", self.env.company.id),
            ("partner_id", "in", self.commercial_partner_id.ids),
        ]

    def action_open_ar_plans(self):
        """Smart button: the customer's plans, in whatever state."""
        Plan = self.env["ar.payment.plan"]
        return Plan.search(self._ar_agreement_domain())._open_all()

    def action_open_ar_promises(self):
        """Smart button: the customer's promises, in whatever state."""
        Promise = self.env["ar.payment.promise"]
        return Promise.search(self._ar_agreement_domain())._open_all()

    def action_open_ar_disputes(self):
        """Smart button: the customer's disputes, in whatever state."""
        Dispute = self.env["ar.dispute"]
        return Dispute.search(self._ar_agreement_domain())._open_all()

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("followup", "Follow-up")],
        ondelete={"followup": "set default"},
    )
    ar_followup_policy_id = fields.Many2one(
        "ar.followup.policy",
        string="Follow-up Policy",
        company_dependent=True,
        domain="[('company_id', 'in', [allowed_company_ids[0], False])]",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="How this customer is followed up. Empty: the company's default policy.",
    )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["ar_followup_policy_id"]

    def _ar_policy(self, company):
        """The policy that applies to each customer in ``company``.

        A policy of another company never applies.

        :return: dict partner → ``ar.followup.policy`` record (maybe empty)
        """
        default = company.sudo().ar_followup_policy_id
        allowed = (company, self.env["res.company"])
        result = {}
        # sudo: the policy decides for everybody, whoever triggers the decision
        for partner, partner_sudo in zip(
            self, self.sudo().with_company(company), strict=True
        ):
            policy = partner_sudo.ar_followup_policy_id
            if not policy.active or policy.company_id not in allowed:
                policy = default
            result[partner] = policy.sudo(False)
        return result

    def _ar_is_collected_automatically(self):
        """Customers whose money is collected without asking (direct debit).

        A hook: addons that collect by mandate return those customers.

        :return: the subset of ``self`` that must not be reminded
        """
        return self.browse()

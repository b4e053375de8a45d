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
        # sudo: the policy decides for everybody, whoever triggers the decision. Few
        # customers have a policy of their own, so only those are read.
        own_sudo = (
            self.sudo()
            .with_company(company)
            .with_context(active_test=False)
            .search_fetch(
                [("id", "in", self.ids), ("ar_followup_policy_id", "!=", False)],
                ["ar_followup_policy_id"],
                order="id",
            )
        )
        policies = {
            partner_sudo.id: partner_sudo.ar_followup_policy_id.sudo(False)
            for partner_sudo in own_sudo
            if partner_sudo.ar_followup_policy_id.active
            and partner_sudo.ar_followup_policy_id.company_id in allowed
        }
        default = default.sudo(False)
        return {partner: policies.get(partner.id, default) for partner in self}

    def _ar_is_collected_automatically(self):
        """Customers whose money is collected without asking (direct debit).

        A hook: addons that collect by mandate return those customers.

        :return: the subset of ``self`` that must not be reminded
        """
        return self.browse()

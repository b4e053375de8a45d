from odoo import api, fields, models

#: who sees follow-up on customers and invoices: whoever may read cases
READERS = "ar_followup_plus.group_ar_collector,account.group_account_readonly"
#: what collectors decide about a contact, and who may only look does not
DECIDED = frozenset(
    {
        "ar_followup_policy_id",
        "ar_is_decision_maker",
        "ar_no_call",
        "ar_no_contact_reason",
        "ar_no_email",
    }
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    # a follow-up contact without a name shows its type instead, as Odoo's own do
    _complete_name_displayed_types = ("invoice", "delivery", "other", "followup")

    type = fields.Selection(
        selection_add=[("invoice",), ("followup", "Follow-up"), ("delivery",)],
        ondelete={"followup": "set default"},
    )
    ar_followup_policy_id = fields.Many2one(
        "ar.followup.policy",
        string="Follow-up Policy",
        company_dependent=True,
        domain="[('company_id', 'in', [allowed_company_ids[0], False])]",
        groups=READERS,
        help="How this customer is followed up. Empty: the company's default policy.",
    )
    ar_followup_policy_text = fields.Char(
        string="Policy That Applies",
        compute="_compute_ar_followup_policy_text",
        compute_sudo=True,
        groups=READERS,
    )

    ar_no_email = fields.Boolean(
        string="No Emails",
        groups=READERS,
        help="This contact gets no payment reminders by email. Another contact of "
        "the customer may get them.",
    )
    ar_no_call = fields.Boolean(
        string="No Calls",
        groups=READERS,
        help="Nobody calls this contact about payments. On the customer: no call is "
        "planned at all.",
    )
    ar_no_contact_reason = fields.Char(
        string="Reason",
        groups=READERS,
        help="Who asked for it, and why: whoever looks at the customer later reads it.",
    )

    ar_is_decision_maker = fields.Boolean(
        string="Decision Maker",
        groups=READERS,
        help="Decides about payments at this company: firm reminders and final notices "
        "are addressed to this contact, if there is an email address that works.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Who may only look at follow-up does not change how it is done."""
        if (
            operation == "write"
            and field.name in DECIDED
            and not self.env.su
            and not self.env.user.has_group("ar_followup_plus.group_ar_collector")
        ):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["ar_followup_policy_id"]

    @api.depends_context("company", "lang")
    @api.depends("ar_followup_policy_id")
    def _compute_ar_followup_policy_text(self):
        """The policy that applies: the customer's own, or the company's default."""
        company = self.env.company
        default = company.ar_followup_policy_id
        policies = self._origin._ar_policy(company)
        for partner in self:
            policy = policies.get(partner._origin, default)
            if not policy:
                text = self.env._("None: no reminders are sent")
            elif policy == default:
                text = self.env._("%(policy)s (the default)", policy=policy.name)
            else:
                text = policy.name
            partner.ar_followup_policy_text = text

    def _compute_type_address_label(self):
        contacts = self.filtered(lambda partner: partner.type == "followup")
        contacts.type_address_label = self.env._("Follow-up Address")
        others = super(ResPartner, self - contacts)
        return others._compute_type_address_label()

    def _avatar_get_placeholder_path(self):
        if self.type == "followup" and not self.is_company:
            return "base/static/img/money.png"
        return super()._avatar_get_placeholder_path()

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

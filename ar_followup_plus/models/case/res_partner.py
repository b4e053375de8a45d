import operator as op
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..policy.res_partner import READERS
from .ar_followup_case import STATE_LABELS

VERIFY_ACTIVITY = "ar_followup_plus.mail_activity_type_verify"
#: what the server notes about contact details, and nobody sets by hand
VERIFIED = frozenset({"ar_verified_by_id", "ar_verified_on"})

# changes that may alter who is reminded, where, or under which policy
MARKING_FIELDS = frozenset(
    {
        "active",
        "ar_followup_policy_id",
        "ar_is_decision_maker",
        "ar_no_call",
        "ar_no_email",
        "email",
        "is_company",
        "parent_id",
        "type",
    }
)
COMPARISONS = {">": op.gt, ">=": op.ge, "<": op.lt, "<=": op.le}


class ResPartner(models.Model):
    """The customer's case in the current company, where its contacts are kept."""

    _inherit = "res.partner"

    ar_case_id = fields.Many2one(
        "ar.followup.case",
        string="Follow-up Case",
        compute="_compute_ar_case",
        compute_sudo=True,
        groups=READERS,
    )
    ar_amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_ar_amount_overdue",
        search="_search_ar_amount_overdue",
        compute_sudo=True,
        currency_field="currency_id",
        groups=READERS,
    )
    ar_user_id = fields.Many2one(
        "res.users",
        string="Collector",
        compute="_compute_ar_user_id",
        inverse="_inverse_ar_user_id",
        compute_sudo=True,
        domain=[("share", "=", False)],
        groups=READERS,
        help="Who calls this customer and signs the reminders.",
    )
    ar_user_text = fields.Char(
        string="Collector in Charge",
        compute="_compute_ar_user_text",
        compute_sudo=True,
        groups=READERS,
    )
    ar_case_state = fields.Selection(
        STATE_LABELS,
        string="Follow-up State",
        compute="_compute_ar_case_words",
        compute_sudo=True,
        groups=READERS,
    )
    ar_case_decision = fields.Char(
        string="What Is Next",
        compute="_compute_ar_case_words",
        compute_sudo=True,
        groups=READERS,
    )
    ar_case_level_id = fields.Many2one(
        "ar.followup.level",
        string="Level Reached",
        compute="_compute_ar_case_words",
        compute_sudo=True,
        groups=READERS,
    )
    ar_case_next_date = fields.Date(
        string="Next Step On",
        compute="_compute_ar_case_words",
        compute_sudo=True,
        groups=READERS,
    )
    ar_case_last_contact = fields.Date(
        string="Last Asked On",
        compute="_compute_ar_case_words",
        compute_sudo=True,
        groups=READERS,
    )

    ar_verified_on = fields.Date(
        string="Verified On",
        copy=False,
        groups=READERS,
        help="When somebody last made sure that email address and phone number are "
        "right. Whoever changes one of them has it to be done again.",
    )
    ar_verified_by_id = fields.Many2one(
        "res.users",
        string="Verified by",
        copy=False,
        ondelete="set null",
        groups=READERS,
    )

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in VERIFIED and operation == "write":
            return self.env.su
        return super()._has_field_access(field, operation)

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_case(self):
        cases = self.env["ar.followup.case"]._for_partners(
            self.env.company, self.commercial_partner_id.ids
        )
        for partner in self:
            partner.ar_case_id = cases.get(partner.commercial_partner_id._origin.id)

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ar_amount_overdue(self):
        """What is overdue today in the current company, in its currency."""
        Line = self.env["account.move.line"]
        overdue = self._ar_overdue_by_customer(
            Line._ar_partner_domain(self.commercial_partner_id.ids)
        )
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.ar_amount_overdue = overdue.get(customer, 0.0)

    @api.model
    def _ar_overdue_by_customer(self, domain):
        """Overdue amounts of the current company by commercial partner.

        :param domain: which lines to look at
        """
        # sudo: what is owed does not depend on who looks
        Line_sudo = self.env["account.move.line"].sudo()
        company = self.env.company
        domain &= Line_sudo._ar_overdue_domain(company, company._ar_today())
        overdue = defaultdict(float)
        for partner, amount in Line_sudo._read_group(
            domain, ["partner_id"], ["amount_residual:sum"]
        ):
            overdue[partner.commercial_partner_id] += amount
        return overdue

    @api.model
    def _search_ar_amount_overdue(self, operator, value):
        """A customer and their contacts are found together, as they show the same."""
        # a search method has to refuse by itself who may not read the field
        self._check_field_access(self._fields["ar_amount_overdue"], "read")
        currency = self.env.company.currency_id
        if operator == "in":
            values = [amount or 0.0 for amount in value]

            def matches(amount):
                return any(not currency.compare_amounts(amount, v) for v in values)

        elif operator in COMPARISONS:

            def matches(amount):
                compared = currency.compare_amounts(amount, value or 0.0)
                return COMPARISONS[operator](compared, 0)

        else:
            return NotImplemented
        overdue = self._ar_overdue_by_customer(Domain.TRUE)
        nothing_matches = matches(0.0)
        exceptions = [
            customer.id
            for customer, amount in overdue.items()
            if matches(amount) != nothing_matches
        ]
        found = Domain("commercial_partner_id", "in", exceptions)
        return ~found if nothing_matches else found

    # Nothing here depends on the fields of the case: a run that writes on many cases
    # would have to look for their customers, only to forget what nobody has read.
    @api.depends_context("company", "lang")
    @api.depends("ar_case_id")
    def _compute_ar_case_words(self):
        for partner in self:
            case = partner.ar_case_id
            partner.ar_case_state = case.state
            partner.ar_case_decision = case.decision_text
            partner.ar_case_level_id = case.level_id
            partner.ar_case_next_date = case.next_date
            partner.ar_case_last_contact = case.last_demand_date

    @api.depends_context("company")
    @api.depends("ar_case_id")
    def _compute_ar_user_id(self):
        for partner in self:
            partner.ar_user_id = partner.ar_case_id.user_id

    def _inverse_ar_user_id(self):
        """The customer's case gets its collector, and is made if there is none."""
        for user, partners in self.grouped("ar_user_id").items():
            cases = partners._ar_ensure_cases() if user else partners.ar_case_id
            cases.write({"user_id": user.id})

    @api.depends_context("company", "lang")
    @api.depends("ar_case_id")
    def _compute_ar_user_text(self):
        """Who acts for the customer: the case's collector, or whoever stands in."""
        Case = self.env["ar.followup.case"]
        for partner in self:
            case = partner.ar_case_id or Case.new(
                {"partner_id": partner.commercial_partner_id._origin.id}
            )
            user = case._responsible()[case]
            if not user:
                partner.ar_user_text = self.env._("Nobody yet")
            elif user == case.user_id:
                partner.ar_user_text = user.name
            else:
                partner.ar_user_text = self.env._(
                    "%(user)s (the default)", user=user.name
                )

    def _ar_ensure_cases(self):
        """The customers' cases in the current company, made where there are none.

        :raises AccessError: when one has to be made by who must not
        """
        missing = self.filtered(lambda partner: not partner.ar_case_id)
        if missing:
            self.env["ar.followup.case"].create(
                [
                    {"partner_id": customer.id, "company_id": self.env.company.id}
                    for customer in missing.commercial_partner_id
                ]
            )
            self.invalidate_recordset(["ar_case_id"])
        return self.ar_case_id

    def action_open_ar_case(self):
        """Smart button: the customer's case in the current company.

        Who owes money but is not followed up yet gets a case now: it is the place to
        log a call or to set a hold. Who may not make one sees the overdue invoices.
        """
        self.ensure_one()
        if not self.ar_case_id and not self.env["ar.followup.case"].has_access(
            "create"
        ):
            return self._ar_overdue_invoices()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.followup.case",
            "res_id": self._ar_ensure_cases().id,
            "view_mode": "form",
            "views": [(False, "form")],
            "name": self.env._("Follow-up"),
        }

    def _ar_overdue_invoices(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        customer = self.commercial_partner_id
        action["domain"] = [
            ("commercial_partner_id", "=", customer.id),
            ("line_ids.ar_is_overdue", "=", True),
        ]
        action["context"] = {"default_move_type": "out_invoice"}
        action["display_name"] = self.env._(
            "Overdue Invoices of %(customer)s", customer=customer.display_name
        )
        return action

    def action_pause_ar_followup(self):
        """Button: leave the customer alone for a while; asks until when, and why."""
        self.ensure_one()
        self.env["ar.followup.hold"].check_access("create")
        return self._ar_ensure_cases().action_pause()

    def write(self, vals):
        before = self.commercial_partner_id if "parent_id" in vals else self.browse()
        details = {}
        if vals.keys() & {"email", "phone"}:
            # sudo: whoever edits contacts need not have access to follow-up
            verified_sudo = self.sudo().filtered("ar_verified_on")
            details = {partner: partner._ar_details() for partner in verified_sudo}
        result = super().write(vals)
        for partner_sudo, verified in details.items():
            if partner_sudo._ar_details() != verified:
                partner_sudo.write(dict.fromkeys(VERIFIED, False))
        marking = vals.keys() & MARKING_FIELDS
        if marking:
            company = self.env["res.company"]
            if marking == {"ar_followup_policy_id"}:
                company = self.env.company  # each company has its own policy
            self.env["ar.followup.mark"]._mark_partners([(company, before | self)])
        return result

    # verified details ------------------------------------------------------------

    def _ar_details(self):
        """How the contact is reached, however it is written."""
        self.ensure_one()
        return self.email_normalized or self.email, phone_digits(self.phone)

    def _ar_collectors(self, company):
        """Who is in charge of these customers, who may have no case yet.

        :return: dict customer → ``res.users``, maybe empty
        """
        # sudo: who is in charge does not depend on who asks
        Case_sudo = self.env["ar.followup.case"].sudo()
        cases_sudo = Case_sudo._for_partners(company, self.ids)
        policies = self._ar_policy(company)
        return {
            customer: company.sudo()._ar_signatory(
                cases_sudo.get(customer.id, Case_sudo).user_id
            )
            or Case_sudo._responsible_by_default(
                company.sudo(), policies[customer].sudo()
            )
            for customer in self
        }

    def action_ar_verified(self):
        """Button: these contacts' email addresses and phone numbers are right."""
        self.env["ar.followup.case"].check_access("write")
        self.check_access("read")
        # sudo: the server says who it was, and when
        self.sudo().write(
            {
                "ar_verified_on": self.env.company._ar_today(),
                "ar_verified_by_id": self.env.uid,
            }
        )
        # sudo: whoever was asked to do it
        self.commercial_partner_id.sudo().activity_feedback([VERIFY_ACTIVITY])
        return True


def phone_digits(number):
    """A phone number as it is dialled, however it is written."""
    return "".join(filter(str.isdigit, number or ""))

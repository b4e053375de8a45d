from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: The envelope: a plan within all three needs nobody's approval.
ENVELOPE = ("ar_plan_auto_installments", "ar_plan_auto_days", "ar_plan_auto_amount")
#: What the server writes when somebody switches something: nobody else does.
RECORDED = frozenset(
    {
        "ar_approve_own_by_id",
        "ar_approve_own_on",
        "ar_plan_auto_by_id",
        "ar_plan_auto_on",
    }
)


class ResCompany(models.Model):
    """What is agreed with customers, and who approves it."""

    _inherit = "res.company"

    ar_approve_own = fields.Boolean(
        string="Approve My Own Requests",
        help="The only approver of the company may approve what they requested "
        "themselves. It has no effect once there is another approver.",
        groups="base.group_user",
    )
    ar_approve_own_by_id = fields.Many2one(
        "res.users",
        string="Own Approval Switched by",
        ondelete="restrict",
        groups="base.group_user",
    )
    ar_approve_own_on = fields.Datetime(
        string="Own Approval Switched on", groups="base.group_user"
    )
    ar_approver_absent_days = fields.Integer(
        string="Absent Approver",
        default=2,
        help="After so many working days without a decision, the other approvers are "
        "asked, too. 0: never.",
        groups="base.group_user",
    )
    ar_dispute_user_id = fields.Many2one(
        "res.users",
        string="Disputes Looked Into by",
        domain=[("share", "=", False)],
        help="Who finds out what is right when a customer disputes an invoice. Empty: "
        "the collector.",
        groups="base.group_user",
    )
    ar_dispute_days = fields.Integer(
        string="Time to Answer a Dispute",
        default=7,
        help="So many days after a dispute was recorded, the customer should have an "
        "answer; then the manager is told.",
        groups="base.group_user",
    )
    ar_plan_approval_days = fields.Integer(
        string="Hold While It Waits",
        default=5,
        help="So many days at most, nobody asks the customer for money while a "
        "payment plan waits for approval.",
        groups="base.group_user",
    )
    ar_plan_offer_days = fields.Integer(
        string="Time to Accept",
        default=14,
        help="A payment plan that the customer has not accepted after so many days "
        "lapses.",
        groups="base.group_user",
    )
    ar_plan_notice_days = fields.Integer(
        string="Note Before an Instalment",
        default=3,
        help="The customer gets a friendly note so many days before each instalment. "
        "0: none.",
        groups="base.group_user",
    )
    ar_plan_grace_days = fields.Integer(
        string="Grace",
        default=7,
        help="A payment plan is broken when an instalment is unpaid so many days after "
        "its day.",
        groups="base.group_user",
    )
    ar_plan_auto_installments = fields.Integer(
        string="Instalments Without Approval",
        help="A payment plan with at most so many instalments needs no approval, if "
        "it is short and small enough, too. 0: every plan needs one.",
        groups="base.group_user",
    )
    ar_plan_auto_days = fields.Integer(
        string="Days Without Approval",
        help="A payment plan that ends after at most so many days needs no approval, "
        "if the rest of it is within the limits, too. 0: every plan needs one.",
        groups="base.group_user",
    )
    ar_plan_auto_amount = fields.Monetary(
        string="Total Without Approval",
        currency_field="currency_id",
        help="In the company's currency: a payment plan for at most so much needs no "
        "approval, if the rest of it is within the limits, too. 0: every plan needs "
        "one.",
        groups="base.group_user",
    )
    ar_plan_auto_by_id = fields.Many2one(
        "res.users",
        string="Limits Widened by",
        ondelete="restrict",
        groups="base.group_user",
    )
    ar_plan_auto_on = fields.Datetime(
        string="Limits Widened on", groups="base.group_user"
    )

    _ar_agreement_days_not_negative = models.Constraint(
        "CHECK(ar_approver_absent_days >= 0 AND ar_plan_approval_days >= 0 "
        "AND ar_plan_offer_days >= 0 AND ar_plan_notice_days >= 0 "
        "AND ar_plan_grace_days >= 0)",
        "The days of approvals and payment plans cannot be negative.",
    )
    _ar_dispute_days_not_negative = models.Constraint(
        "CHECK(ar_dispute_days >= 0)",
        "The days to answer a dispute cannot be negative.",
    )
    _ar_plan_auto_not_negative = models.Constraint(
        "CHECK(ar_plan_auto_installments >= 0 AND ar_plan_auto_days >= 0 "
        "AND ar_plan_auto_amount >= 0)",
        "The limits of plans without approval cannot be negative. Use 0 to have every "
        "plan approved.",
    )

    @api.model
    def _ar_settings(self):
        return super()._ar_settings() | {
            "ar_approve_own",
            "ar_approver_absent_days",
            "ar_dispute_days",
            "ar_dispute_user_id",
            "ar_plan_approval_days",
            "ar_plan_grace_days",
            "ar_plan_notice_days",
            "ar_plan_offer_days",
            *ENVELOPE,
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._ar_check_recorded(name for vals in vals_list for name in vals)
            # nor what a context or the user's preferences ask for
            nobody = dict.fromkeys(RECORDED, False)
            vals_list = [{**vals, **nobody} for vals in vals_list]
        companies = super().create(vals_list)
        # sudo: who makes companies need not read how they follow up
        own = companies.sudo().filtered("ar_approve_own").sudo(self.env.su)
        own._ar_after_switch(on=True)
        for company in companies:
            company._ar_after_envelope((0,) * len(ENVELOPE))
        return companies

    def write(self, vals):
        """
        :raises AccessError: when somebody says who switched a setting
        :raises UserError: when own requests could be approved, but need not be
        """
        if not self.env.su:
            self._ar_check_recorded(vals)
        switched = self.browse()
        if "ar_approve_own" in vals:
            wanted = bool(vals["ar_approve_own"])
            # sudo: whether the user may at all is seen right after
            switched = self.sudo().filtered(lambda own: own.ar_approve_own != wanted)
        envelopes = {}
        if vals.keys() & set(ENVELOPE):
            envelopes = {company: company._ar_envelope() for company in self}
        result = super().write(vals)
        if switched:
            switched.sudo(self.env.su)._ar_after_switch(on=wanted)
        for company, before in envelopes.items():
            company._ar_after_envelope(before)
        return result

    def _ar_check_recorded(self, names):
        if not RECORDED.isdisjoint(names):
            raise AccessError(
                self.env._("Who switched a setting, and when, is noted by the server.")
            )

    # who approves ---------------------------------------------------------

    def _ar_approvers(self):
        """Who may approve in the company: its active approvers (``res.users``)."""
        self.ensure_one()
        group = self.env.ref("ar_followup_plus.group_ar_approver")
        # sudo: who may approve does not depend on who asks
        users_sudo = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=True)
            .search(
                [
                    ("all_group_ids", "in", group.id),
                    ("company_ids", "in", self.id),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        return self.env["res.users"].browse(users_sudo.ids)

    def _ar_may_approve_own(self, user):
        """Whether a user may approve their own requests: the only one who could."""
        self.ensure_one()
        # sudo: a setting
        return bool(
            user and self.sudo().ar_approve_own and self._ar_approvers() == user
        )

    def _ar_working_days(self, start, today):
        """How many working days of the company lie after ``start``, up to ``today``.

        What lies further ahead than holidays are looked up counts as worked.
        """
        closed = self._ar_closed_days(start)
        days = (start + timedelta(days=n) for n in range(1, (today - start).days + 1))
        return sum(day not in closed for day in days)

    # what is recorded ---------------------------------------------------------

    def _ar_after_switch(self, on):
        """Note who switched the approval of own requests.

        :raises UserError: when it is switched on and somebody else could approve
        """
        for company in self:
            approvers = company._ar_approvers()
            if on and len(approvers) != 1 and not self.env.su:
                raise UserError(
                    self.env._(
                        "Own requests can be approved only where nobody else could "
                        "approve them. In %(company)s there are %(count)s approvers.",
                        company=company.name,
                        count=len(approvers),
                    )
                )
            company._ar_record("ar_approve_own")
            speaking = company._ar_on_record(company)
            if on:
                company._ar_log(
                    speaking.env._(
                        "“Approve My Own Requests” was switched on: the only approver "
                        "may approve their own requests."
                    )
                )
            else:
                company._ar_log(
                    speaking.env._("“Approve My Own Requests” was switched off.")
                )

    def _ar_log_own_approval(self, records):
        """Note each use of it."""
        self.ensure_one()
        speaking = self._ar_on_record(records)
        links = Markup(", ").join(record._get_html_link() for record in speaking)
        self._ar_log(
            Markup("%s %s")
            % (
                speaking.env._(
                    "Approved by whoever requested it, as nobody else could:"
                ),
                links,
            )
        )

    def _ar_envelope(self):
        # sudo: a setting; whether the user may change it is seen elsewhere
        company_sudo = self.sudo()
        return tuple(company_sudo[name] for name in ENVELOPE)

    def _ar_after_envelope(self, before):
        """Note who lets more plans pass without approval than before."""
        after = self._ar_envelope()
        if not any(new > old for old, new in zip(before, after, strict=True)):
            return
        self._ar_record("ar_plan_auto")
        if not all(after):
            return  # no plan passes yet: the Settings page saves one after the other
        speaking = self._ar_on_record(self)
        installments, days, amount = after
        self._ar_log(
            speaking.env._(
                "More payment plans pass without approval: up to %(installments)s "
                "instalments, %(days)s days and %(amount)s.",
                installments=installments,
                days=days,
                amount=speaking.currency_id.format(amount),
            )
        )

    def _ar_record(self, prefix):
        # sudo: the server says who it was, not the person
        self.sudo().write(
            {
                f"{prefix}_by_id": self.env.uid,
                f"{prefix}_on": fields.Datetime.now(),
            }
        )

    def _ar_log(self, body):
        """An internal note on the company's own contact."""
        # sudo: who sets up the company need not edit contacts
        self.sudo().partner_id._message_log(body=body)

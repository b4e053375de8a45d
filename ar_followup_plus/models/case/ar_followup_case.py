from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from .reasons import ACTIONS, REASONS
from .sentences import sentence_for

STATE_LABELS = [
    ("todo", "To Do"),
    ("waiting", "Waiting"),
    ("held", "Held"),
    ("closed", "Closed"),
]
ACTION_LABELS = [
    ("remind", "Remind"),
    ("call", "Call"),
    ("review", "Look at it"),
    ("hold", "Leave alone"),
    ("none", "Wait"),
]
REASON_LABELS = [
    ("no_policy", "No follow-up policy"),
    ("nothing_due", "Nothing is due"),
    ("legal", "Legal case"),
    ("moratorium", "Moratorium"),
    ("agency", "With a collection agency"),
    ("disputed", "Disputed"),
    ("planned", "On a payment plan"),
    ("awaiting_approval", "Awaiting approval"),
    ("promised", "Promised"),
    ("replied", "The customer replied"),
    ("paused", "Paused"),
    ("no_followup", "Not followed up"),
    ("blocked", "Payment blocked"),
    ("before_start", "Before the start date"),
    ("credit_covers", "Covered by credits"),
    ("in_transit", "Money on its way"),
    ("tolerance", "Within tolerance"),
    ("ladder_done", "After the final notice"),
    ("bank_stale", "Bank statements are out of date"),
    ("unknown", "Unknown whether it was sent"),
    ("bounced", "Bounced"),
    ("do_not_contact", "Not to be contacted"),
    ("no_address", "No email address"),
    ("send_failed", "Sending failed"),
    ("review", "To review"),
    ("call_open", "A call is to be made"),
    ("awaiting_answer", "Awaiting an answer"),
    ("too_soon", "Not yet time"),
    ("quiet_day", "Quiet day"),
    ("contact_cap", "Contacted often enough"),
    ("daily_limit", "Daily limit reached"),
    ("remind", "A reminder is due"),
]
assert {code for code, _label in REASON_LABELS} == {r.code for r in REASONS}
assert tuple(code for code, _label in ACTION_LABELS) == ACTIONS


class ArFollowupCase(models.Model):
    """One customer in one company, for good: reopening raises the round."""

    _name = "ar.followup.case"
    _description = "Follow-up Case"
    _inherit = [
        "ar.internal.thread.mixin",
        "mail.activity.mixin",
        "ar.owned.fields.mixin",
    ]
    _order = "date_oldest_due, id"
    _rec_name = "partner_id"
    _check_company_auto = True
    # Who may only read posts nothing and plans nothing: an open call holds the ladder.
    _mail_post_access = "write"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("ar.followup.policy", compute="_compute_policy_id")
    user_id = fields.Many2one(
        "res.users",
        string="Chosen Collector",
        index="btree_not_null",
        domain=[("share", "=", False)],
    )
    round = fields.Integer(default=1, required=True, help="Raised at each reopening.")
    state = fields.Selection(
        STATE_LABELS,
        default="waiting",
        required=True,
        index=True,
        group_expand="_expand_lanes",
        help="Follows from the decision.",
    )
    level_id = fields.Many2one(
        "ar.followup.level",
        index="btree_not_null",
        ondelete="restrict",
        help="The highest level among the open items.",
    )
    action = fields.Selection(ACTION_LABELS, default="none", required=True)
    reason = fields.Selection(REASON_LABELS, default="nothing_due", required=True)
    other_reasons = fields.Char(
        string="Other Reason Codes", help="Codes of what else holds at the same time."
    )
    other_reasons_text = fields.Char("Also", compute="_compute_other_reasons_text")
    next_date = fields.Date(
        string="Next Step On", help="The day on which the next step may be taken."
    )
    next_level_id = fields.Many2one("ar.followup.level", ondelete="restrict")
    call_level_id = fields.Many2one(
        "ar.followup.level",
        string="Level of the Call",
        ondelete="restrict",
        help="The level for which a call is to be made.",
    )
    decision_text = fields.Char(string="Why", compute="_compute_decision_text")
    item_ids = fields.One2many("ar.followup.item", "case_id", string="Invoices")
    open_item_ids = fields.One2many(
        "ar.followup.item",
        "case_id",
        string="Open Invoices",
        domain=[("is_open", "=", True)],
    )
    hold_ids = fields.One2many("ar.followup.hold", "case_id", string="Holds")
    reminder_ids = fields.One2many(
        "ar.followup.reminder", "case_id", string="Reminders"
    )
    decision_ids = fields.One2many(
        "ar.followup.decision",
        "case_id",
        string="Decisions",
        domain=[("is_preview", "=", False)],
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        help="Overdue invoices, before credits are set against them. "
        "In the company's currency.",
    )
    amount_open = fields.Monetary(
        string="Balance",
        help="All open invoices less the credits not yet matched with them. "
        "In the company's currency.",
    )
    date_oldest_due = fields.Date(string="Oldest Due Date")
    is_in_transit = fields.Boolean(
        string="Has Money on Its Way",
        help="Some of what is owed has been seen, but is in no account of the customer "
        "yet.",
    )
    last_demand_date = fields.Date(
        string="Last Asked On", help="Day of the last reminder, call or conversation."
    )
    opened_on = fields.Date()
    closed_on = fields.Date()

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)", "A customer has one case per company."
    )

    @api.model
    def _owned_fields(self):
        return frozenset(self._engine_fields()) | {
            "round",
            "call_level_id",
            "last_demand_date",
            "opened_on",
            "closed_on",
        }

    @api.model
    def _engine_fields(self):
        """The columns a decision writes, in one place for the set-based update."""
        return (
            "state",
            "action",
            "reason",
            "other_reasons",
            "level_id",
            "next_date",
            "next_level_id",
            "amount_overdue",
            "amount_open",
            "date_oldest_due",
            "is_in_transit",
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            if partner:
                vals["partner_id"] = partner.commercial_partner_id.id
        cases = super().create(vals_list)
        cases._reassess()
        return cases

    def write(self, vals):
        if vals.keys() & {"partner_id", "company_id"} and not self.env.su:
            raise AccessError(
                self.env._("A case stays with its customer and its company.")
            )
        return super().write(vals)

    @api.depends("partner_id", "company_id")
    def _compute_policy_id(self):
        for company, cases in self.grouped("company_id").items():
            policies = cases.partner_id._ar_policy(company) if company else {}
            for case in cases:
                case.policy_id = policies.get(case.partner_id)

    @api.depends("call_level_id", "next_date", "next_level_id", "reason", "state")
    @api.depends_context("lang")
    def _compute_decision_text(self):
        """What is next and why, in words."""
        labels = dict(self._fields["reason"]._description_selection(self.env))
        reminding = self.filtered(lambda case: case.reason == "remind")
        # sudo: what is next does not depend on who looks
        Reminder_sudo = self.env["ar.followup.reminder"].sudo()
        details = self._decision_details()
        leaving_sudo = Reminder_sudo.search(
            [
                ("case_id", "in", reminding.ids),
                ("kind", "=", "reminder"),
                ("state", "in", ("queued", "sending")),
            ]
        )
        for case in self:
            case_sudo = case.sudo()  # sudo: a level's name, also of a hidden policy
            known = {
                "leaving": case._origin in leaving_sudo.case_id,
                "why": labels.get(case.reason),
                "day": format_date(self.env, case.next_date, date_format="medium"),
                "level": case_sudo.next_level_id.name,
                "call": case_sudo.call_level_id.name,
                "no_email": case_sudo.partner_id.ar_no_email,
                "no_call": case_sudo.partner_id.ar_no_call,
                **details[case._origin.id],
            }
            sentence = self.env._(sentence_for(case.state, case.reason, known))
            case.decision_text = sentence % known

    def _decision_details(self):
        """What later rooms know of what is next: dict case id → details. A hook.

        :return: as ``sentences`` name them, in words; what is missing is not known
        """
        return {case._origin.id: {} for case in self}

    @api.depends("other_reasons")
    @api.depends_context("lang")
    def _compute_other_reasons_text(self):
        for case in self:
            case.other_reasons_text = reasons_in_words(case, case.other_reasons)

    @api.model
    def _for_partners(self, company, partner_ids):
        """The cases of customers in a company, keyed by partner id."""
        cases = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", list(partner_ids))
        )
        return {case.partner_id.id: case for case in cases}

    def _responsible(self):
        """Who signs the reminders and makes the calls of each case.

        :return: dict case → ``res.users`` record, empty when nobody is named
        """
        result = {}
        for case_sudo in self.sudo():  # sudo: the policy may be hidden from the user
            company = case_sudo.company_id
            result[case_sudo.sudo(False)] = company._ar_signatory(
                case_sudo.user_id
            ) or self._responsible_by_default(company, case_sudo.policy_id)
        return result

    @api.model
    def _responsible_by_default(self, company, policy):
        """Who is in charge of customers for whom nobody was chosen."""
        named = (
            policy.user_id,
            company.ar_default_user_id,
            policy.manager_id,
            company.ar_manager_id,
        )
        return company._ar_signatory(named)

    def _reassess(self):
        """Decide these cases anew, now. The engine does it; a hook until then."""

    def action_reassess(self):
        """Button: look at the customer again, with what is known now."""
        self.check_access("write")
        self._reassess()
        return True


def reasons_in_words(record, codes):
    """Comma-separated reason codes as their labels, in the reader's language."""
    labels = dict(record._fields["reason"]._description_selection(record.env))
    return ", ".join(
        labels.get(code, code) for code in (codes or "").split(",") if code
    )

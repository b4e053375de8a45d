from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .tones import COURTESY, FRIENDLY, TONE_RANK


class ArFollowupPolicy(models.Model):
    """A ladder of levels and the contact rules that go with it."""

    _name = "ar.followup.policy"
    _description = "Follow-up Policy"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="What people choose it by, in the settings and on a customer.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to share the policy between companies.",
    )
    active = fields.Boolean(default=True)
    level_ids = fields.One2many(
        "ar.followup.level", "policy_id", string="Levels", copy=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        help="Signs the reminders and gets the calls of customers who have no "
        "collector of their own.",
    )
    manager_id = fields.Many2one(
        "res.users",
        help="Is told about firm steps. Empty: the company's follow-up manager.",
    )
    min_gap_days = fields.Integer(
        string="Days between Contacts",
        default=5,
        help="At least so many days lie between two reminders or calls to the same "
        "customer.",
    )
    working_days_only = fields.Boolean(
        default=True,
        help="Nobody is written to or called on weekends and public holidays, as the "
        "company's working hours know them.",
    )
    send_from_hour = fields.Integer(
        string="Not before",
        default=8,
        help="Hour of the day, on the customer's clock, from which reminders leave.",
    )
    send_until_hour = fields.Integer(
        string="Until",
        default=20,
        help="Hour of the day, on the customer's clock, until which reminders leave.",
    )
    message_cap = fields.Integer(
        string="Most Messages",
        default=2,
        help="At most so many reminders to a customer in so many days, from all "
        "companies of the group together. 0: no limit.",
    )
    message_cap_days = fields.Integer(
        string="Days of the Message Limit",
        default=14,
        help="Today is one of these days.",
    )
    call_cap = fields.Integer(
        string="Most Calls",
        default=7,
        help="At most so many calls to a customer in so many days, answered or not, "
        "from all companies of the group together. 0: no limit.",
    )
    call_cap_days = fields.Integer(
        string="Days of the Call Limit",
        default=7,
        help="Today is one of these days.",
    )
    tolerance_amount = fields.Float(
        string="Tolerance",
        digits=(16, 2),
        help="In the company's currency: a customer whose overdue total is not above "
        "it is not asked.",
    )
    contact_rules_text = fields.Char(compute="_compute_contact_rules_text")
    review_always = fields.Boolean(
        string="Review Every Reminder",
        help="A person reads each reminder before it leaves, also in automatic mode.",
    )

    _min_gap_days_not_negative = models.Constraint(
        "CHECK(min_gap_days >= 0)", "The days between contacts cannot be negative."
    )
    _sending_hours = models.Constraint(
        "CHECK(send_from_hour >= 0 AND send_from_hour < send_until_hour"
        " AND send_until_hour <= 24)",
        "Reminders leave between two hours of a day: from 0 to 23, until 1 to 24.",
    )
    _caps_not_negative = models.Constraint(
        "CHECK(message_cap >= 0 AND call_cap >= 0)",
        "A limit of messages or calls cannot be negative. Use 0 for no limit.",
    )
    _cap_days_positive = models.Constraint(
        "CHECK(message_cap_days > 0 AND call_cap_days > 0)",
        "A limit of messages or calls holds for at least one day.",
    )
    _tolerance_not_negative = models.Constraint(
        "CHECK(tolerance_amount >= 0)", "The tolerance cannot be negative."
    )

    @api.depends(
        "call_cap",
        "call_cap_days",
        "message_cap",
        "message_cap_days",
        "min_gap_days",
        "send_from_hour",
        "send_until_hour",
        "working_days_only",
    )
    @api.depends_context("lang")
    def _compute_contact_rules_text(self):
        """How often and when a customer hears of us, in one line."""
        for policy in self:
            hours = {"since": policy.send_from_hour, "until": policy.send_until_hour}
            parts = [
                self.env._("%(since)s:00 to %(until)s:00, on working days", **hours)
                if policy.working_days_only
                else self.env._("%(since)s:00 to %(until)s:00, on every day", **hours)
            ]
            if policy.min_gap_days:
                parts.append(
                    self.env._("days in between: %(days)s", days=policy.min_gap_days)
                )
            if policy.message_cap:
                parts.append(
                    self.env._(
                        "most reminders in %(days)s days: %(count)s",
                        count=policy.message_cap,
                        days=policy.message_cap_days,
                    )
                )
            if policy.call_cap:
                parts.append(
                    self.env._(
                        "most calls in %(days)s days: %(count)s",
                        count=policy.call_cap,
                        days=policy.call_cap_days,
                    )
                )
            policy.contact_rules_text = "; ".join(parts) + "."

    @api.constrains("active")
    def _check_archived(self):
        """The ladder of a whole company does not disappear from under it."""
        # sudo: also the default of a company that the user does not see
        companies_sudo = (
            self.env["res.company"]
            .sudo()
            .search(
                [
                    (
                        "ar_followup_policy_id",
                        "in",
                        self.filtered(lambda policy: not policy.active).ids,
                    )
                ]
            )
        )
        if companies_sudo:
            raise ValidationError(
                self.env._(
                    "%(policy)s is the default policy of %(company)s. Choose another "
                    "one in the settings, then archive it.",
                    policy=companies_sudo[0].ar_followup_policy_id.name,
                    company=companies_sudo[0].name,
                )
            )

    @api.constrains("level_ids")
    def _check_ladder(self):
        """A ladder starts friendly, grows firmer with time and never turns back."""
        for policy in self:
            levels = policy.level_ids.filtered("active").sorted("delay_days")
            ranks = [TONE_RANK[level.tone] for level in levels]
            if ranks != sorted(ranks):
                raise ValidationError(
                    self.env._(
                        "In the policy %(policy)s a later level is milder than an "
                        "earlier one. Give the levels tones that grow firmer with "
                        "the delay.",
                        policy=policy.name,
                    )
                )
            asking = [rank for rank in ranks if rank != COURTESY]
            if asking and asking[0] != FRIENDLY:
                raise ValidationError(
                    self.env._(
                        "In the policy %(policy)s the first reminder after the due "
                        "date must be friendly: nobody gets a firm letter first.",
                        policy=policy.name,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if default and "name" in default:
            return vals_list
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=policy.name))
            for policy, vals in zip(self, vals_list, strict=True)
        ]

    def unlink(self):
        self.with_context(active_test=False).level_ids.unlink()
        return super().unlink()

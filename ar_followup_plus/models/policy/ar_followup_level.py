from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

from .tones import FIRM_TONES, TONES

TONE_LABELS = [
    ("courtesy", "Courtesy"),
    ("friendly", "Friendly"),
    ("firm", "Firm"),
    ("final", "Final"),
]
assert tuple(tone for tone, _label in TONE_LABELS) == TONES
# the shipped texts, from which a new level gets one of its own
TEMPLATE_OF_TONE = {
    "courtesy": "ar_followup_plus.mail_template_courtesy",
    "friendly": "ar_followup_plus.mail_template_friendly",
    "firm": "ar_followup_plus.mail_template_firm",
    "final": "ar_followup_plus.mail_template_final",
}


class ArFollowupLevel(models.Model):
    """One step of a policy's ladder. Archived, never deleted, once used."""

    _name = "ar.followup.level"
    _description = "Follow-up Level"
    _order = "policy_id, delay_days, id"
    _check_company_auto = True

    policy_id = fields.Many2one(
        "ar.followup.policy",
        required=True,
        index=True,
        ondelete="cascade",
        help="The ladder that this level is a step of.",
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    name = fields.Char(
        required=True,
        translate=True,
        help="What collectors read in lists and on the customer's page. Customers do "
        "not see it.",
    )
    active = fields.Boolean(default=True)
    delay_days = fields.Integer(
        string="Days after Due Date",
        required=True,
        help="Days after the due date of an invoice; negative: before it.",
    )
    tone = fields.Selection(
        TONE_LABELS,
        required=True,
        default="friendly",
        help="How firm the step is. Courtesy is for notes before the due date; the "
        "first reminder after it is friendly, and later ones never get milder.",
    )
    send_email = fields.Boolean(
        string="Send an Email",
        default=True,
        help="The customer gets the text of this level, with the list of their "
        "invoices.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Email Template",
        ondelete="restrict",
        copy=False,
        help="The text of the email. Left empty, the level gets one of its own, "
        "written in its tone, for you to edit.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Call Activity",
        ondelete="restrict",
        help="Plans this activity for the collector. Without an email, the level is "
        "reached when the activity is done.",
    )
    response_days = fields.Integer(
        string="Days to Answer",
        default=7,
        help="The reminder asks for an answer within so many days; no further step "
        "is taken before they have passed. 0: no answer is expected.",
    )
    repeat_after_days = fields.Integer(
        string="Not Again within (Days)",
        default=30,
        help="The same customer does not get this level again within so many days.",
    )
    attach_invoices = fields.Boolean(help="Send the PDF of each overdue invoice along.")
    offer_plan = fields.Boolean(
        string="Offer Instalments",
        help="Print the offer to pay half now and half next month, where an approved "
        "rule covers it.",
    )
    copy_manager = fields.Boolean(
        string="Copy to the Manager",
        compute="_compute_copy_manager",
        store=True,
        readonly=False,
        precompute=True,
        help="The follow-up manager gets an internal copy of each email of this level; "
        "of a level that is only a call, one list of the customers to be called.",
    )
    requires_review = fields.Boolean(
        help="A person reads the reminder before it leaves, also in automatic mode."
    )
    when_text = fields.Char(string="When", compute="_compute_in_words")
    how_text = fields.Char(string="How", compute="_compute_in_words")

    _delay_uniq = models.UniqueIndex(
        "(policy_id, delay_days) WHERE active",
        "Two levels of a policy cannot have the same delay. Choose other days.",
    )
    _days_not_negative = models.Constraint(
        "CHECK(response_days >= 0 AND repeat_after_days >= 0)",
        "Numbers of days cannot be negative.",
    )

    @api.depends("tone")
    def _compute_copy_manager(self):
        """Unless somebody chooses otherwise, from the firm levels on."""
        for level in self:
            level.copy_manager = level._is_firm()

    @api.depends("delay_days", "send_email", "activity_type_id")
    @api.depends_context("lang")
    def _compute_in_words(self):
        """The step as one says it: when it is taken, and how."""
        for level in self:
            level.when_text = level._when_in_words()
            if level.send_email and level.activity_type_id:
                level.how_text = self.env._("Email, then a call")
            elif level.activity_type_id:
                level.how_text = self.env._("Call")
            else:
                level.how_text = self.env._("Email") if level.send_email else ""

    def _when_in_words(self):
        days = abs(self.delay_days)
        if not days:
            return self.env._("On the due date")
        if self.delay_days < 0:
            return (
                self.env._("1 day before the due date")
                if days == 1
                else self.env._("%(days)s days before the due date", days=days)
            )
        return (
            self.env._("1 day after the due date")
            if days == 1
            else self.env._("%(days)s days after the due date", days=days)
        )

    @api.constrains("active", "delay_days", "tone", "policy_id")
    def _check_place(self):
        for level in self:
            if (level.tone == "courtesy") != (level.delay_days < 0):
                raise ValidationError(
                    self.env._(
                        "%(level)s: a courtesy note goes out before the due date "
                        "(negative days), every other tone from the due date on.",
                        level=level.name,
                    )
                )
        self.policy_id._check_ladder()

    @api.constrains(
        "active", "send_email", "mail_template_id", "activity_type_id", "tone"
    )
    def _check_step(self):
        for level in self.filtered("active"):
            if not level.send_email and not level.activity_type_id:
                raise ValidationError(
                    self.env._(
                        "%(level)s does nothing: let it send an email, plan a call, "
                        "or both.",
                        level=level.name,
                    )
                )
            if level.tone == "courtesy" and level.activity_type_id:
                raise ValidationError(
                    self.env._(
                        "%(level)s: nobody is called before the due date.",
                        level=level.name,
                    )
                )
            template = level.sudo().mail_template_id
            model = level._template_model()
            if level.send_email and template and model and template.model != model:
                raise ValidationError(
                    self.env._(
                        "%(template)s is not a template for reminders: choose one that "
                        "applies to the model Reminder.",
                        template=template.name,
                    )
                )
            if level.send_email and is_html_empty(template.body_html):
                raise ValidationError(
                    self.env._(
                        "%(level)s sends an email but its template has no text. "
                        "Choose a template and write its body.",
                        level=level.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_text(vals) for vals in vals_list])

    def _with_text(self, vals):
        """The values of a level, with a text of its own where they name none."""
        defaults = self.default_get(["send_email", "mail_template_id", "tone"])
        wanted = {**defaults, **vals}
        if not wanted.get("send_email") or wanted.get("mail_template_id"):
            return vals
        template_id = self._usual_text(wanted.get("tone"), wanted.get("name"))
        return {**vals, "mail_template_id": template_id}

    @api.model
    def _usual_text(self, tone, name):
        """A copy of the shipped text of a tone: id of the new template, or False."""
        shipped = TEMPLATE_OF_TONE.get(tone)
        usual = shipped and self.env.ref(shipped, raise_if_not_found=False)
        if not usual:
            return False
        # sudo: who makes levels need not be an editor of templates
        usual_sudo = usual.sudo().with_context(__copy_data_seen=defaultdict(set))
        title = self.env._("Follow-up: %(level)s", level=name)
        return usual_sudo.copy({"name": title}).id

    def copy_data(self, default=None):
        """A copied level gets a template of its own, to be rewritten by itself."""
        self.check_access("create")
        vals_list = super().copy_data(default)
        for level, vals in zip(self, vals_list, strict=True):
            if level.mail_template_id and "mail_template_id" not in (default or {}):
                # sudo: who makes levels need not be an editor of templates. Odoo
                # copies nothing twice in one go, so each copy is one of its own.
                template_sudo = level.sudo().mail_template_id.with_context(
                    __copy_data_seen=defaultdict(set)
                )
                vals["mail_template_id"] = template_sudo.copy().id
        return vals_list

    def write(self, vals):
        if "policy_id" in vals and any(
            level.policy_id.id != vals["policy_id"] for level in self
        ):
            raise UserError(
                self.env._("A level stays in its policy. Create one in the other.")
            )
        if vals.get("send_email") and not vals.get("mail_template_id"):
            for level in self.filtered(lambda level: not level.mail_template_id):
                tone = vals.get("tone", level.tone)
                level.mail_template_id = self._usual_text(tone, level.name)
                vals = {key: vals[key] for key in vals if key != "mail_template_id"}
        return super().write(vals)

    def action_edit_text(self):
        """Button: the text of the level's email, in a window of its own."""
        self.ensure_one()
        if not self.mail_template_id:
            raise UserError(
                self.env._("%(level)s sends no email yet.", level=self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Text of %(level)s", level=self.name),
            "res_model": "ar.followup.level.text",
            "view_mode": "form",
            "target": "new",
            "context": {"default_level_id": self.id},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda level: level._is_used())
        if used:
            raise UserError(
                self.env._(
                    "Customers have already reached %(levels)s. Archive it instead, "
                    "so that their history stays readable.",
                    levels=", ".join(used.mapped("name")),
                )
            )

    def _is_used(self):
        """Whether anything points at the level. Later rooms answer."""
        return False

    @api.model
    def _template_model(self):
        """The model a level's template applies to. The room of reminders answers."""
        return None

    def _is_firm(self):
        """Whether it is for whoever decides at the customer: the last levels are."""
        return self.tone in FIRM_TONES

    def _plans_call(self, customer=None):
        """Whether the level asks a person to call customers.

        :param customer: asked about this one, who may not want to be called
        """
        self.ensure_one()
        # sudo: what a contact asked for does not depend on who looks
        unwanted = customer is not None and customer.sudo().ar_no_call
        return bool(self.activity_type_id) and not unwanted

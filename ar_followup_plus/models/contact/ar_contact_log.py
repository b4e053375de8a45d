from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

CLOCK_SKEW = timedelta(minutes=10)  # between a user's computer and the server
# an outcome that is a conversation counts for the gap between contacts
CONVERSATIONS = ("reached", "promise", "dispute", "wants_plan", "hardship", "refuses")


class ArContactLog(models.Model):
    """One contact with a customer, in or out. Never edited, never deleted."""

    _name = "ar.contact.log"
    _description = "Contact Log"
    _inherit = ["ar.owned.fields.mixin"]
    _order = "date desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True

    case_id = fields.Many2one(
        "ar.followup.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        related="case_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related="case_id.partner_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    contact_person_id = fields.Many2one(
        "res.partner", string="Person", ondelete="restrict"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    channel = fields.Selection(
        [
            ("email", "Email"),
            ("phone", "Phone"),
            ("sms", "SMS"),
            ("letter", "Letter"),
            ("meeting", "Meeting"),
            ("portal", "Portal"),
        ],
        required=True,
        default="phone",
    )
    direction = fields.Selection(
        [("out", "We contacted them"), ("in", "They contacted us")],
        required=True,
        default="out",
    )
    outcome = fields.Selection(
        [
            ("sent", "Sent"),
            ("bounced", "Did not arrive"),
            ("reached", "Reached"),
            ("no_answer", "No answer"),
            ("voicemail", "Voicemail"),
            ("wrong_number", "Wrong number"),
            ("promise", "Promises to pay"),
            ("dispute", "Disputes"),
            ("wants_plan", "Wants a payment plan"),
            ("hardship", "Hardship"),
            ("refuses", "Refuses"),
            ("other", "Other"),
        ],
        required=True,
        default="reached",
    )
    summary = fields.Text(string="What Was Said")
    user_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, ondelete="restrict"
    )
    automated = fields.Boolean(string="By the Engine")
    reminder_id = fields.Many2one(
        "ar.followup.reminder", index="btree_not_null", ondelete="restrict"
    )
    level_id = fields.Many2one(
        "ar.followup.level",
        string="Call Step",
        index="btree_not_null",
        ondelete="restrict",
        help="The step of the ladder that this call was.",
    )
    correction_of_id = fields.Many2one(
        "ar.contact.log", string="Corrects", ondelete="restrict"
    )

    @api.model
    def _owned_fields(self):
        return frozenset({"automated", "level_id", "reminder_id", "user_id"})

    @api.constrains("date")
    def _check_date(self):
        """An entry is never edited: a day that has not come would stay for good."""
        if any(entry.date > fields.Datetime.now() + CLOCK_SKEW for entry in self):
            raise ValidationError(
                self.env._("A contact lies in the past. Correct its date.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        for entry in entries.filtered(lambda log: not log.reminder_id):
            if entry.outcome in CONVERSATIONS:
                entry.case_id._register_contact(entry._contact_day())
        entries.filtered(lambda log: not log.reminder_id).case_id._reassess()
        return entries

    @api.depends("channel", "date", "summary")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for entry in self:
            day = entry.date and format_date(self.env, entry.date, date_format="medium")
            entry.display_name = entry.summary or f"{labels.get(entry.channel)}, {day}"

    def _contact_day(self):
        """The day of the contact on the company's clock."""
        self.ensure_one()
        return self.company_id._ar_local(self.date).date()

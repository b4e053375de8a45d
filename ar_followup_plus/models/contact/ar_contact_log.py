from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

NEXT_STEP_ACTIVITY = "ar_followup_plus.mail_activity_type_next_step"
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
        "res.partner", string="Person", index="btree_not_null", ondelete="restrict"
    )
    person_name = fields.Char(
        string="Name", help="Of somebody who is none of the customer's contacts."
    )
    person_text = fields.Char(string="With", compute="_compute_person_text")
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
            ("dispute", "Disputes an invoice"),
            ("wants_plan", "Wants a payment plan"),
            ("hardship", "Hardship"),
            ("refuses", "Refuses"),
            ("other", "Other"),
        ],
        required=True,
        default="reached",
    )
    summary = fields.Text(string="What Was Said")
    next_step = fields.Char(help="What is to be done next, and by us.")
    next_step_date = fields.Date(
        string="Next Step On",
        help="On this day it is an activity of the customer's collector.",
    )
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
        # an entry tells the name: nobody learns of whom they may not see
        entries.contact_person_id.check_access("read")
        said = entries.filtered(lambda entry: not entry.reminder_id)
        said.filtered(lambda entry: entry.outcome in CONVERSATIONS)._keep_gap()
        said._plan_next_steps()
        said.case_id._reassess()
        return entries

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        """
        :raises AccessError: for everybody: the log is the record of what happened
        """
        # who may not add an entry either hears so in Odoo's words
        if self and not self.env.su and self.browse().has_access("create"):
            raise AccessError(
                self.env._(
                    "You are not allowed to modify an entry of the contact log, or to "
                    "delete one: nobody is. Open it and choose “Correct” to add a new "
                    "entry that says what is right; both are shown from then on."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Entries of the contact log are kept. Correct them instead.")
        )

    @api.depends("contact_person_id", "person_name")
    def _compute_person_text(self):
        """Who was spoken to: a contact of the customer, or somebody by name."""
        for entry in self:
            # sudo: the name of whom one talked to does not depend on who looks
            entry.person_text = (
                entry.person_name or entry.contact_person_id.sudo().name or ""
            )

    @api.depends("channel", "date", "summary")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for entry in self:
            day = entry.date and format_date(self.env, entry.date, date_format="medium")
            entry.display_name = entry.summary or f"{labels.get(entry.channel)}, {day}"

    def _keep_gap(self):
        """The gap to the next demand begins on the days of these contacts."""
        # sudo: whoever ends a call's activity need not have access to the log
        for entry_sudo in self.sudo():
            entry_sudo.case_id._register_contact(entry_sudo._contact_day())

    def _contact_day(self):
        """The day of the contact on the company's clock."""
        self.ensure_one()
        return self.company_id._ar_local(self.date).date()

    # what is to be done next -----------------------------------------------------

    def _plan_next_steps(self):
        """A next step with a day to come is an activity of the collector's."""
        planned = self.filtered(
            lambda entry: (
                entry.next_step
                and entry.next_step_date
                and entry.next_step_date >= entry.company_id._ar_today()
            )
        )
        # somebody may have deleted it: the step stands in the log all the same
        kind = self.env.ref(NEXT_STEP_ACTIVITY, raise_if_not_found=False)
        if not planned or not kind:
            return
        people = planned.case_id._responsible()
        model_id = self.env["ir.model"]._get_id("ar.followup.case")
        # sudo: whose work it becomes does not depend on who was on the phone
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": entry.case_id.id,
                    "summary": entry.next_step,
                    "date_deadline": entry.next_step_date,
                    "user_id": (people[entry.case_id] or entry.user_id).id,
                }
                for entry in planned
            ]
        )

    def _drop_next_steps(self):
        """What these entries planned is not to be done any more."""
        planned = self.filtered(lambda entry: entry.next_step and entry.next_step_date)
        kind = self.env.ref(NEXT_STEP_ACTIVITY, raise_if_not_found=False)
        if not planned or not kind:
            return
        wanted = {
            (entry.case_id.id, entry.next_step, entry.next_step_date)
            for entry in planned
        }
        # sudo: whose work it was does not matter
        activities_sudo = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "ar.followup.case"),
                    ("res_id", "in", planned.case_id.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        )
        activities_sudo.filtered(
            lambda todo: (todo.res_id, todo.summary, todo.date_deadline) in wanted
        ).unlink()

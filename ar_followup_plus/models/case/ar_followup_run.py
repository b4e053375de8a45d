from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

STEPS = ("collect", "decide", "prepare", "done")


class ArFollowupRun(models.Model):
    """One day's work of one company, or a preview of a day."""

    _name = "ar.followup.run"
    _description = "Follow-up Run"
    _inherit = ["ar.owned.fields.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._ar_today(),
        help="The day worked. A preview may look at any day.",
    )
    is_preview = fields.Boolean(
        string="Preview", help="Only shows what would happen; nothing is sent."
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        default="running",
        required=True,
    )
    step = fields.Selection(
        [(step, step.title()) for step in STEPS],
        default="collect",
        required=True,
        help="Where the run goes on after an interruption.",
    )
    position = fields.Integer(help="Id of the last customer worked in this step.")
    started_on = fields.Datetime(default=fields.Datetime.now)
    ended_on = fields.Datetime()
    slot_count = fields.Integer(help="Messages decided on, for the daily limit.")
    figures = fields.Json(help="The day's figures: see the engine's record step.")
    decision_ids = fields.One2many("ar.followup.decision", "run_id")
    reminder_ids = fields.One2many("ar.followup.reminder", "run_id")
    customer_count = fields.Integer(string="Customers")
    remind_count = fields.Integer(string="To Remind")
    call_count = fields.Integer(string="To Call")
    review_count = fields.Integer(string="To Look At")
    hold_count = fields.Integer(string="Left Alone")
    sent_count = fields.Integer(compute="_compute_sent_count")
    failed_count = fields.Integer(compute="_compute_sent_count")
    failure_count = fields.Integer(string="Failures")
    failure_reason = fields.Text(string="What Went Wrong")

    _one_a_day_uniq = models.UniqueIndex(
        "(company_id, date) WHERE is_preview IS NOT TRUE",
        "This company's day has already been worked. Open its run, or make a preview.",
    )

    @api.model
    def _owned_fields(self):
        return frozenset(self._fields) - {
            *models.MAGIC_COLUMNS,
            "company_id",
            "date",
            "is_preview",
        }

    # A context key, which a program may send, switches off what is not checked at
    # an uninstallation, too. That drops the table; it deletes no run.
    @api.ondelete(at_uninstall=True)
    def _unlink_except_real(self):
        if self.filtered(lambda run: not run.is_preview):
            raise UserError(
                self.env._("Only previews can be deleted: a day that was worked stays.")
            )

    @api.depends("company_id", "date", "is_preview")
    @api.depends_context("lang")
    def _compute_name(self):
        for run in self:
            day = format_date(self.env, run.date, date_format="medium")
            run.name = (
                self.env._("Preview of %(day)s", day=day)
                if run.is_preview
                else self.env._("Follow-up of %(day)s", day=day)
            )

    @api.depends("reminder_ids.state")
    def _compute_sent_count(self):
        counts = self._reminder_counts()
        for run in self:
            by_state = counts.get(run, {})
            run.sent_count = by_state.get("sent", 0)
            run.failed_count = by_state.get("failed", 0)

    def _reminder_counts(self):
        """How many reminders of each run are in each state: dict run → dict."""
        counts = {}
        for run, state, count in self.env["ar.followup.reminder"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        ):
            counts.setdefault(run, {})[state] = count
        return counts

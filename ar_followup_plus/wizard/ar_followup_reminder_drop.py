from odoo import api, fields, models


class ArFollowupReminderDrop(models.TransientModel):
    """Asks how long to leave the customers alone whose reminders are dropped."""

    _name = "ar.followup.reminder.drop"
    _description = "Drop Follow-up Reminders"

    reminder_ids = fields.Many2many("ar.followup.reminder", required=True)
    count = fields.Integer(compute="_compute_count")
    is_waiting = fields.Boolean(compute="_compute_count")
    is_agreed = fields.Boolean(compute="_compute_count")
    date_until = fields.Date(
        string="Leave Alone Until",
        compute="_compute_date_until",
        store=True,
        readonly=False,
        help="The last day. After it, the customer is followed up again.",
    )
    note = fields.Text(string="Why")

    @api.depends("reminder_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.reminder_ids)
            waiting = wizard.reminder_ids._waiting()
            wizard.is_waiting = bool(waiting._of_ladder())
            wizard.is_agreed = bool(waiting - waiting._of_ladder())

    @api.depends("reminder_ids")
    def _compute_date_until(self):
        for wizard in self:
            waiting = wizard.reminder_ids._waiting()._of_ladder()
            days = waiting._days_alone().values()
            wizard.date_until = max(days, default=False)

    def action_drop(self):
        self.reminder_ids.action_cancel(self.date_until, self.note)
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

STATE_LABELS = [
    ("to_review", "To Review"),
    ("queued", "Queued"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("bounced", "Bounced"),
    ("unknown", "Unknown"),
    ("cancelled", "Cancelled"),
]
# state → states it may become
TRANSITIONS = {
    "to_review": {"queued", "failed", "cancelled"},
    "queued": {"sending", "failed", "cancelled"},
    "sending": {"sent", "queued", "failed", "unknown", "bounced"},
    "sent": {"bounced"},
    "failed": {"queued", "sending", "cancelled"},
    "bounced": {"queued", "cancelled"},
    "unknown": {"sent", "queued", "cancelled", "bounced"},
    "cancelled": set(),
}
# prepared and not yet answered for: at most one for each case and addressee
LIVE = ("to_review", "queued", "sending", "unknown")
# its climbs count: nobody gets the same level for the same invoice twice
CLIMBING = (*LIVE, "sent")


class ArFollowupReminder(models.Model):
    """One message to one addressee: intent before it is sent, result after.

    Those of the ladder, of the kind ``reminder``, list invoices, have a level and
    follow from the day's decision. Messages of other kinds belong to agreements; they
    leave the same way.
    """

    _name = "ar.followup.reminder"
    _description = "Reminder"
    _inherit = ["ar.state.mixin", "ar.owned.fields.mixin"]
    _order = "date_planned desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    case_id = fields.Many2one(
        "ar.followup.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    run_id = fields.Many2one(
        "ar.followup.run", index="btree_not_null", ondelete="set null"
    )
    kind = fields.Selection(
        [("reminder", "Reminder")], default="reminder", required=True
    )
    is_demand = fields.Boolean(
        string="Asks for Something",
        default=True,
        help="Whether it counts for how often a customer is asked. What only answers "
        "always leaves, at once.",
    )
    level_id = fields.Many2one("ar.followup.level", index=True, ondelete="restrict")
    level_name = fields.Char(
        string="Title", help="As its level, or the message, was called then."
    )
    tone = fields.Selection(
        selection=lambda self: (
            self.env["ar.followup.level"]
            ._fields["tone"]
            ._description_selection(self.env)
        )
    )
    customer_id = fields.Many2one(related="case_id.partner_id", string="Customer")
    partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        required=True,
        index=True,
        ondelete="restrict",
    )
    email_to = fields.Char(string="Sent to", help="The address as it was then.")
    user_id = fields.Many2one("res.users", string="Sender", ondelete="restrict")
    channel = fields.Selection(
        [("email", "Email")], default="email", required=True, readonly=True
    )
    state = fields.Selection(
        STATE_LABELS, default="to_review", required=True, index=True
    )
    date_planned = fields.Date(string="Planned On", required=True)
    send_after = fields.Datetime(string="Not Before")
    date_sent = fields.Datetime(string="Sent On")
    date_answer = fields.Date(
        string="Answer By", help="The day by which the customer is asked to answer."
    )
    lang = fields.Char(string="Language")
    subject = fields.Char()
    body = fields.Html(sanitize_attributes=False, sanitize_style=False)
    mail_template_id = fields.Many2one("mail.template", ondelete="set null")
    message_id = fields.Many2one(
        "mail.message", index="btree_not_null", ondelete="set null"
    )
    attachment_ids = fields.Many2many(related="message_id.attachment_ids")
    released = fields.Boolean(help="A person has read it and let it go.")
    attempt_count = fields.Integer(string="Attempts")
    sender_key = fields.Integer(
        help="Names the sending process while the mail is handed over."
    )
    call_pending = fields.Boolean(
        help="Once sent, a call is still to be planned or a copy to be made."
    )
    failure_reason = fields.Text(string="What Went Wrong")
    line_ids = fields.One2many(
        "ar.followup.reminder.line", "reminder_id", string="Invoices"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_asked = fields.Monetary(
        help="In the company's currency, for ranking and sums."
    )
    days_late = fields.Integer(
        string="Days Overdue",
        help="Of the oldest invoice it lists, on the day it was prepared.",
        aggregator="max",
    )
    edited_by_id = fields.Many2one("res.users", string="Edited by", ondelete="restrict")
    edited_on = fields.Datetime()
    text_pending = fields.Boolean(
        help="A person edited it, then its facts changed: the customer's next "
        "reminder is reviewed, beside this text."
    )
    replaces_id = fields.Many2one(
        "ar.followup.reminder",
        string="Instead of",
        index="btree_not_null",
        ondelete="set null",
        help="The reminder that a person edited and that its facts overtook.",
    )

    _level_of_reminder = models.Constraint(
        "CHECK(kind != 'reminder' OR level_id IS NOT NULL)",
        "A reminder has a level of the ladder.",
    )
    _live_uniq = models.UniqueIndex(
        "(case_id, partner_id) WHERE kind = 'reminder' "
        "AND state IN ('to_review', 'queued', 'sending', 'unknown')",
        "A reminder to this addressee is already on its way.",
    )
    # serves the search for what waits to be handed over, on every tick
    _live_idx = models.Index(
        "(company_id, state) WHERE state IN ('to_review', 'queued', 'sending')"
    )

    # serves the search for announced calls, on every tick
    _call_pending_idx = models.Index("(state) WHERE call_pending")

    # serves the search for edited texts to come back to, for each batch of cases
    _text_pending_idx = models.Index("(case_id) WHERE text_pending")

    @api.model
    def _owned_fields(self):
        return frozenset(self._fields) - {"subject", "body"} - set(models.MAGIC_COLUMNS)

    def write(self, vals):
        if self.env.su or not vals.keys() & {"subject", "body"}:
            return super().write(vals)
        self._check_can_edit(vals)
        before = {reminder: (reminder.subject, reminder.body) for reminder in self}
        result = super().write(vals)
        edited = self.filtered(
            lambda reminder: (reminder.subject, reminder.body) != before[reminder]
        )
        # sudo: the server says who edited it, not the person
        edited.sudo().write(
            {"edited_by_id": self.env.uid, "edited_on": fields.Datetime.now()}
        )
        return result

    def _check_can_edit(self, vals):
        if any(reminder.state != "to_review" for reminder in self):
            raise AccessError(
                self.env._(
                    "Only a reminder that waits for review can be edited: the others "
                    "stay as they were sent."
                )
            )
        if ("body" in vals and is_html_empty(vals["body"])) or (
            "subject" in vals and not (vals["subject"] or "").strip()
        ):
            raise UserError(
                self.env._("A reminder needs a subject and a text. To drop it, cancel.")
            )

    def _of_ladder(self):
        """Those that follow from the day's decision, and not from an agreement."""
        return self.filtered(lambda message: message.kind == "reminder")

    @api.model
    def _transitions(self):
        return TRANSITIONS

    def _set_state(self, state, **vals):
        """Adds: whether its climbs count."""
        todo = super()._set_state(state, **vals)
        lines_sudo = todo.sudo().line_ids  # sudo: the reminders' own lines
        lines_sudo.filtered(
            lambda line: line.is_live != (state in CLIMBING)
        ).is_live = state in CLIMBING
        return todo

    # buttons ---------------------------------------------------------------

    def action_send(self):
        """Release prepared reminders; they leave through the gate."""
        self._check_can_send(("to_review",))
        self._do_send()
        return self._say_they_leave()

    def action_retry(self):
        """Send again what failed, or what nobody knows to have left.

        What waits for a mail server is tried now: somebody has mended it. In the
        place of a reminder that came back, the next run prepares a new one.
        """
        self._of_ladder()._check_can_send(("queued", "failed", "unknown"))
        self._check_can_send(("queued", "failed", "unknown", "bounced"))
        self._do_send()
        return self._say_they_leave()

    def _say_they_leave(self):
        """Of many reminders one does not see what becomes of each: say where to."""
        if len(self) < 2:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s reminders leave now, one after the other. Follow them "
                    "under Reminders.",
                    count=len(self),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _open(self):
        """The window of this reminder."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_mark_sent(self):
        """A person found out that an ``unknown`` reminder did leave."""
        self._check_can_act()
        unknown = self.filtered(lambda reminder: reminder.state == "unknown")
        if unknown != self:
            raise UserError(
                self.env._("Only reminders in the state “Unknown” can be marked sent.")
            )
        self._register_sent()
        self.case_id._reassess()
        return True

    def _check_can_act(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "ar_followup_plus.group_ar_collector"
        ):
            raise AccessError(
                self.env._("Reminders are sent and dropped by collectors.")
            )

    def _check_can_send(self, states):
        self._check_can_act()
        if any(reminder.state not in states for reminder in self):
            raise UserError(
                self.env._(
                    "Choose only reminders that wait: %(states)s.",
                    states=", ".join(
                        label for state, label in STATE_LABELS if state in states
                    ),
                )
            )

    # what the room "contact" fills in ---------------------------------------

    def _do_send(self):
        """Queue the mails of these reminders. A hook."""
        self._set_state("queued")

    def _drop_mail(self):
        """Remove the mails that have not left. A hook."""

    def _register_sent(self):
        """Record that the customer's mail was accepted: the items step up."""
        for reminder in self._set_state(
            "sent", date_sent=fields.Datetime.now(), failure_reason=False
        ):
            reminder.line_ids._climb(reminder._sent_day())
            if reminder.is_demand:
                reminder.case_id.sudo().last_demand_date = reminder._sent_day()

    def _register_failed(self, reason, state="failed"):
        """Record that nothing left, with a reason a collector understands."""
        self._set_state(state, failure_reason=reason)

    def _sent_day(self):
        self.ensure_one()
        return self.company_id._ar_today()

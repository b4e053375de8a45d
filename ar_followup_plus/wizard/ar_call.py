from odoo import api, fields, models
from odoo.tools import format_date

from ..models.contact.ar_contact_log import CONVERSATIONS

#: what a person may say of a contact; the engine alone says that a mail was sent
OUTCOMES = (
    "reached",
    "promise",
    "dispute",
    "wants_plan",
    "hardship",
    "refuses",
    "no_answer",
    "voicemail",
    "wrong_number",
    "other",
)
#: how people talk and write; what comes through the portal logs itself
CHANNELS = ("phone", "meeting", "email", "letter", "sms")
#: what a correction begins with
CORRECTED = (
    "channel",
    "date",
    "direction",
    "contact_person_id",
    "outcome",
    "person_name",
    "summary",
    "next_step",
    "next_step_date",
)


class ArCall(models.TransientModel):
    """What is asked for while somebody talks with a customer, and what helps then.

    The outcome comes first, and unfolds what it needs. Amounts are in the currency of
    the invoices they are about.
    """

    _name = "ar.call"
    _description = "Log a Call"

    case_id = fields.Many2one(
        "ar.followup.case",
        required=True,
        default=lambda self: self._corrected_by_default().case_id,
    )
    partner_id = fields.Many2one(related="case_id.partner_id")
    company_id = fields.Many2one(related="case_id.company_id")
    correction_of_id = fields.Many2one("ar.contact.log", readonly=True)
    log_id = fields.Many2one("ar.contact.log", readonly=True, copy=False)

    # what was said
    outcome = fields.Selection(
        selection=lambda self: self._choices("outcome", OUTCOMES), required=True
    )
    summary = fields.Text(string="What Was Said")
    channel = fields.Selection(
        selection=lambda self: self._choices("channel", CHANNELS),
        required=True,
        default="phone",
    )
    direction = fields.Selection(
        selection=lambda self: self._choices("direction", ("out", "in")),
        required=True,
        default="out",
    )
    date = fields.Datetime(
        string="When", required=True, default=lambda self: fields.Datetime.now()
    )
    contact_person_id = fields.Many2one(
        "res.partner",
        string="Spoken To",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    person_name = fields.Char(string="Or Somebody Else")
    next_step = fields.Char()
    next_step_date = fields.Date(string="On")

    # what the outcome needs
    unfolds = fields.Char(compute="_compute_unfolds")
    promise_date = fields.Date(string="Pays by")
    promise_item_ids = fields.Many2many(
        "ar.followup.item",
        string="For",
        compute="_compute_promise_item_ids",
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
    )
    promise_currency_id = fields.Many2one(
        "res.currency", compute="_compute_promise_currency_id"
    )
    promise_amount = fields.Monetary(
        string="Amount", currency_field="promise_currency_id"
    )
    promise_method = fields.Selection(
        selection=lambda self: (
            self.env["ar.payment.promise"]
            ._fields["method"]
            ._description_selection(self.env)
        ),
        string="How",
    )
    dispute_item_id = fields.Many2one(
        "ar.followup.item",
        string="Invoice",
        compute="_compute_dispute_item_id",
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('is_open', '=', True)]",
    )
    dispute_currency_id = fields.Many2one(related="dispute_item_id.currency_id")
    dispute_amount = fields.Monetary(
        string="Disputed", currency_field="dispute_currency_id"
    )
    dispute_reason_id = fields.Many2one(
        "ar.dispute.reason",
        string="Reason",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    hardship_until = fields.Date(string="Leave Alone Until")

    # what helps
    call_guide = fields.Html(compute="_compute_call_guide")
    call_guide_name = fields.Char(compute="_compute_call_guide")
    open_item_ids = fields.One2many(related="case_id.open_item_ids")
    hold_count = fields.Integer(related="case_id.hold_count")
    do_not_contact_text = fields.Text(related="case_id.do_not_contact_text")
    last_contact = fields.Text(compute="_compute_last_contact")
    phone = fields.Char(compute="_compute_phone")
    can_recap = fields.Boolean(compute="_compute_can_recap")

    def _choices(self, name, codes):
        """These of the choices that the contact log has, in this order."""
        field = self.env["ar.contact.log"]._fields[name]
        labels = dict(field._description_selection(self.env))
        return [(code, labels[code]) for code in codes]

    # what it begins with -------------------------------------------------------------

    @api.model
    def _corrected_by_default(self):
        wrong_id = self.env.context.get("default_correction_of_id")
        return self.env["ar.contact.log"].browse(wrong_id).exists()

    @api.model
    def default_get(self, fields):
        """A correction begins with what it corrects."""
        values = super().default_get(fields)
        wrong = self._corrected_by_default()
        if wrong:
            wrong.check_access("read")
            known = wrong._convert_to_write({name: wrong[name] for name in CORRECTED})
            choices = {"channel": CHANNELS, "outcome": OUTCOMES}
            values |= {
                name: known[name]
                for name in CORRECTED
                if name in fields and known[name] in choices.get(name, (known[name],))
            }
        return values

    def onchange(self, values, field_names, fields_spec):
        """
        :raises AccessError: for whoever may not see the customer; what stands beside
            the call does not depend on who looks
        """
        shown = values.get("case_id") or self.env.context.get("default_case_id")
        self.env["ar.followup.case"].browse(shown or ()).check_access("read")
        return super().onchange(values, field_names, fields_spec)

    @api.depends("case_id")
    def _compute_promise_item_ids(self):
        """What is overdue, or else all that is open, in the oldest one's currency."""
        for call in self:
            free = call.case_id.open_item_ids.filtered(
                lambda item: (
                    item._disputed_part(item.amount_residual) < item.amount_residual
                )
            ).sorted("date_due")
            free = free.filtered("days_overdue") or free
            call.promise_item_ids = free.filtered(
                lambda item, first=free[:1]: item.currency_id == first.currency_id
            )

    @api.depends("case_id")
    def _compute_dispute_item_id(self):
        """The invoice from which the call was logged, or the only one."""
        move_id = self.env.context.get("ar_call_move_id")
        for call in self:
            items = call.case_id.open_item_ids
            if move_id:
                items = items.filtered(lambda item: item.move_id.id == move_id)[:1]
            call.dispute_item_id = items if len(items) == 1 else False

    @api.depends("promise_item_ids")
    def _compute_promise_currency_id(self):
        for call in self:
            items = call.promise_item_ids or call.open_item_ids
            call.promise_currency_id = (
                items[:1].currency_id or call.company_id.currency_id
            )

    # what it shows -------------------------------------------------------------------

    @api.depends("outcome", "correction_of_id")
    def _compute_unfolds(self):
        """The outcome whose further questions are asked.

        What was recorded with an entry stays when only its words are corrected.
        """
        for call in self:
            same = call.outcome == call.correction_of_id.outcome
            call.unfolds = False if same else call.outcome

    @api.depends("outcome")
    def _compute_can_recap(self):
        for call in self:
            call.can_recap = call.outcome in CONVERSATIONS

    @api.depends("case_id")
    @api.depends_context("lang")
    def _compute_call_guide(self):
        for call in self:
            case_sudo = call.case_id.sudo()  # sudo: also of a hidden policy
            level_sudo = (
                case_sudo.call_level_id or case_sudo.next_level_id or case_sudo.level_id
            )
            ladder_sudo = case_sudo.policy_id.level_ids.filtered(
                lambda level: level.tone != "courtesy"
            )
            if level_sudo.tone not in ladder_sudo.mapped("tone"):
                level_sudo = ladder_sudo.sorted("delay_days")[:1]
            call.call_guide = level_sudo.call_guide
            call.call_guide_name = level_sudo.name

    @api.depends("case_id")
    @api.depends_context("lang")
    def _compute_last_contact(self):
        """Who talked with them last, when, and what was said."""
        for call in self:
            entry = call.case_id._last_entries()
            call.last_contact = bool(entry) and "\n".join(
                filter(
                    None,
                    (
                        self.env._(
                            "%(day)s, %(what)s",
                            day=format_date(
                                self.env, entry._contact_day(), date_format="medium"
                            ),
                            what=call.case_id._history_of_contact(entry).title,
                        ),
                        entry.case_id._text_of_contact(entry),
                    ),
                )
            )

    @api.depends("case_id", "contact_person_id")
    def _compute_phone(self):
        for call in self:
            # who may not be seen has no number either
            person = call.contact_person_id._filtered_access("read")
            if person and person._ar_may_be_called():
                call.phone = person.phone
            else:
                call.phone = call.case_id.addressee_phone

    # buttons -------------------------------------------------------------------------

    def action_save(self):
        """Button: log the call, and act on its outcome.

        :raises UserError: when something is missing or cannot be, with what to do
        :raises AccessError: for whoever must not log contacts with this customer
        """
        self.ensure_one()
        self._check_can_save()
        self._do_save()
        if self.unfolds == "wants_plan":
            return self._or_why_not(
                self.case_id.action_propose_plan,
                self.env._("The call is logged. No plan can be proposed."),
            )
        return {"type": "ir.actions.act_window_close"}

    def action_save_and_recap(self):
        """Button: the same, and then a mail that repeats what was agreed on."""
        self.ensure_one()
        self._check_can_save()
        self._do_save()
        return self._or_why_not(self.log_id.action_send_recap)

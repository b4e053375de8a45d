from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.case.ar_followup_case import REASON_LABELS
from ..models.case.reasons import MANUAL_HOLD_KINDS

# A pause that nobody ends is forgotten, and the customer with it.
PAUSE_DAYS = 14
_LABELS = dict(REASON_LABELS)


class ArFollowupPause(models.TransientModel):
    """Asks whom or what to leave alone, until when, and why."""

    _name = "ar.followup.pause"
    _description = "Pause Follow-up"

    case_ids = fields.Many2many(
        "ar.followup.case", string="Customers", required=True, readonly=True
    )
    is_single = fields.Boolean(compute="_compute_is_single")
    scope = fields.Selection(
        [
            ("customer", "Everything this customer owes"),
            ("invoice", "One invoice"),
            ("part", "A part of one invoice"),
        ],
        string="What",
        required=True,
        default="customer",
    )
    item_id = fields.Many2one(
        "ar.followup.item",
        string="Invoice",
        domain="[('case_id', 'in', case_ids), ('is_open', '=', True)]",
    )
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount = fields.Monetary(string="Amount Left Alone")
    kind = fields.Selection(
        [(kind, _LABELS[kind]) for kind in MANUAL_HOLD_KINDS],
        string="Reason",
        required=True,
        default="paused",
    )
    date_to = fields.Date(
        string="Last Day",
        compute="_compute_date_to",
        store=True,
        readonly=False,
    )
    note = fields.Text(string="Why")

    @api.depends("case_ids")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.case_ids) == 1

    @api.depends("kind")
    def _compute_date_to(self):
        """A pause ends by itself; what courts and lawyers do has no known end."""
        today = self.env.company._ar_today()
        for wizard in self:
            wizard.date_to = wizard.kind == "paused" and (
                today + timedelta(days=PAUSE_DAYS)
            )

    def action_pause(self):
        """Leave the chosen customers, or the invoice, alone from today on.

        :raises UserError: when no invoice was chosen, and one was meant
        """
        self.ensure_one()
        if self.scope != "customer" and not self.item_id:
            raise UserError(self.env._("Choose the invoice to leave alone."))
        self.env["ar.followup.hold"].create(
            [{**self._hold_vals(), "case_id": case.id} for case in self.case_ids]
        )
        return {"type": "ir.actions.act_window_close"}

    def _hold_vals(self):
        vals = {"kind": self.kind, "date_to": self.date_to, "note": self.note}
        if self.scope != "customer":
            vals["item_id"] = self.item_id.id
        if self.scope == "part":
            vals |= {"is_partial": True, "amount": self.amount}
        return vals

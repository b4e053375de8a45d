from odoo import api, fields, models

STATE_LABELS = [
    ("draft", "New"),
    ("to_approve", "To Approve"),
    ("open", "Open"),
    ("kept", "Kept"),
    ("partial", "Partly Kept"),
    ("broken", "Broken"),
    ("replaced", "Replaced"),
    ("cancelled", "Cancelled"),
]
# state → states it may become
TRANSITIONS = {
    "draft": {"to_approve"},
    "to_approve": {"open", "replaced", "cancelled"},
    "open": {"kept", "partial", "broken", "replaced", "cancelled"},
    # a payment was matched, or taken back: it is judged anew
    "kept": {"open", "partial", "broken"},
    "partial": {"open", "kept", "broken"},
    "broken": {"open", "kept", "partial"},
    "replaced": set(),
    "cancelled": set(),
}


class ArPaymentPromise(models.Model):
    """What a customer said they would pay, and by when. Accounting judges it."""

    _name = "ar.payment.promise"
    _description = "Promise to Pay"
    _inherit = [
        "ar.internal.thread.mixin",
        "ar.approval.mixin",
        "ar.baseline.mixin",
    ]
    _order = "date_promised desc, id desc"
    _check_company_auto = True
    _mail_post_access = "write"

    _approved_state = "open"
    _refused_state = "cancelled"
    _hold_field = "promise_id"

    move_line_ids = fields.Many2many(
        "account.move.line",
        "ar_payment_promise_move_line_rel",
        "promise_id",
        "move_line_id",
        string="Invoices",
        copy=False,
        help="What the customer promised to pay for.",
    )
    item_line_ids = fields.One2many(
        "ar.payment.promise.item", "promise_id", string="Covered Invoices", copy=False
    )
    amount = fields.Monetary(
        help="What the customer promised to pay, in the currency of the invoices. "
        "Empty: all that is open of them."
    )
    date_promised = fields.Date(
        string="Pays by", required=True, help="The day the customer named."
    )
    method = fields.Selection(
        [
            ("transfer", "Bank Transfer"),
            ("debit", "Direct Debit"),
            ("card", "Card"),
            ("check", "Check"),
            ("cash", "Cash"),
            ("other", "Other"),
        ],
        string="How",
        help="How the customer means to pay.",
    )
    log_id = fields.Many2one(
        "ar.contact.log",
        string="Promised in",
        index="btree_not_null",
        ondelete="restrict",
        help="The contact in which the customer promised it.",
    )
    note = fields.Text(help="What the customer said. For colleagues.")
    state = fields.Selection(
        STATE_LABELS, default="draft", required=True, index=True, copy=False
    )
    tolerance_days = fields.Integer(copy=False)
    tolerance_percent = fields.Float(copy=False)

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"tolerance_days", "tolerance_percent"}

    @api.model
    def _transitions(self):
        return TRANSITIONS

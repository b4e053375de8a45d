from odoo import api, fields, models

STATE_LABELS = [
    ("open", "Open"),
    ("accepted", "Accepted"),
    ("partly", "Partly Accepted"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("cancelled", "Cancelled"),
]
# state → states it may become
TRANSITIONS = {
    "open": {"accepted", "partly", "rejected", "withdrawn", "cancelled"},
    "accepted": {"open"},
    "partly": {"open"},
    "rejected": set(),
    "withdrawn": {"open"},
    "cancelled": set(),
}


class ArDispute(models.Model):
    """An invoice, or a part of it, that a customer says they do not owe."""

    _name = "ar.dispute"
    _description = "Dispute"
    _inherit = [
        "ar.internal.thread.mixin",
        "mail.activity.mixin",
        "ar.agreement.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "write"

    _hold_field = "dispute_id"

    name = fields.Char(string="Reference", required=True, copy=False, default="/")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        related="move_id.currency_id", store=True, precompute=True
    )
    amount_disputed = fields.Monetary(
        string="Disputed",
        help="In the invoice's currency. Empty: all that is open of it.",
    )
    reason_id = fields.Many2one(
        "ar.dispute.reason", required=True, index=True, ondelete="restrict"
    )
    description = fields.Text(string="What the Customer Says")
    user_id = fields.Many2one(
        "res.users",
        string="Looked Into by",
        index=True,
        domain=[("share", "=", False)],
        help="Who finds out what is right, and answers the customer.",
    )
    date_deadline = fields.Date(
        string="Answer Until", help="By this day the customer should have an answer."
    )
    log_id = fields.Many2one(
        "ar.contact.log",
        string="Told in",
        index="btree_not_null",
        ondelete="restrict",
        help="The contact in which the customer said so.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", help="What the customer sent."
    )
    state = fields.Selection(
        STATE_LABELS, default="open", required=True, index=True, copy=False
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"currency_id", "name"}

    @api.model
    def _transitions(self):
        return TRANSITIONS

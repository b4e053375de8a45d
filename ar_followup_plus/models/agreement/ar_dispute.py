from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

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
    # the credit note is deleted, or posted with another amount than agreed
    "accepted": {"open", "partly"},
    "partly": {"open", "accepted"},
    "rejected": set(),
    # the payment that settled it is taken back
    "withdrawn": {"open"},
    "cancelled": set(),
}
#: what is on record as the customer said it; the others may be changed
ON_RECORD = frozenset(
    {"amount_disputed", "case_id", "description", "log_id", "move_id", "reason_id"}
)


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
        compute="_compute_amount_disputed",
        store=True,
        readonly=False,
        precompute=True,
        help="In the invoice's currency. Empty: all that is open of it.",
    )
    reason_id = fields.Many2one(
        "ar.dispute.reason", required=True, index=True, ondelete="restrict"
    )
    description = fields.Text(string="What the Customer Says")
    user_id = fields.Many2one(
        "res.users",
        string="Looked Into by",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=[("share", "=", False)],
        help="Who finds out what is right, and answers the customer.",
    )
    date_deadline = fields.Date(
        string="Answer Until",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="By this day the customer should have an answer.",
    )
    date_opened = fields.Date(string="Recorded On", readonly=True, copy=False)
    tell_customer = fields.Boolean(
        string="Tell the Customer",
        default=True,
        help="The customer gets a mail that we are looking into it, and one on how it "
        "ended.",
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

    amount_credited_start = fields.Monetary(
        readonly=True,
        copy=False,
        help="What had been credited of the invoice by hand when it was recorded.",
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "amount_credited_start",
            "currency_id",
            "date_opened",
            "name",
        }

    @api.model
    def _transitions(self):
        return TRANSITIONS

    @api.depends("move_id")
    def _compute_amount_disputed(self):
        """Unless somebody says less: all that is open of it and not disputed yet."""
        self.amount_disputed = 0.0
        for dispute in self.filtered("move_id"):
            open_now, disputed = dispute._open_and_disputed()
            left = dispute.currency_id.round(open_now - disputed)
            dispute.amount_disputed = max(left, 0.0)

    @api.depends("move_id")
    def _compute_user_id(self):
        self.user_id = False
        for dispute in self.filtered("move_id"):
            # sudo: settings, and whose customer it is
            company_sudo = dispute.sudo().move_id.company_id
            case_sudo = dispute.sudo().case_id or dispute.sudo().move_id.ar_case_id
            people = case_sudo._responsible()
            dispute.user_id = company_sudo._ar_signatory(
                (
                    company_sudo.ar_dispute_user_id,
                    people.get(case_sudo.sudo(False), self.env["res.users"]),
                    self.env.user,
                )
            )

    @api.depends("move_id")
    def _compute_date_deadline(self):
        for dispute in self:
            # sudo: a setting
            company_sudo = dispute.sudo().move_id.company_id or self.env.company.sudo()
            dispute.date_deadline = company_sudo._ar_today() + timedelta(
                days=company_sudo.ar_dispute_days
            )

    # recording one -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Record what customers dispute: left alone, looked into, and acknowledged.

        :raises UserError: when it cannot be disputed, with what to do about it
        """
        self.check_access("create")
        disputes = super().create([self._completed(vals) for vals in vals_list])
        disputes._check_new()
        credited = disputes._credited_by_hand()
        # sudo: nobody has rights on the numbers
        for dispute_sudo in disputes.sudo():
            sequence_sudo = dispute_sudo.env["ir.sequence"]
            dispute_sudo.write(
                {
                    "name": sequence_sudo.with_company(
                        dispute_sudo.company_id
                    ).next_by_code("ar.dispute"),
                    "date_opened": dispute_sudo._today(),
                    "amount_credited_start": credited[dispute_sudo.move_id],
                }
            )
        disputes._keep_files()
        disputes._hold("disputed", None)
        disputes._ask_owner()
        disputes._acknowledge()
        return disputes

    def _completed(self, vals):
        """What is left empty is filled in: the case, and the defaults.

        :raises UserError: when the invoice or the reason cannot be meant
        """
        vals = {
            name: value
            for name, value in vals.items()
            if value or name not in ("amount_disputed", "date_deadline", "user_id")
        }
        # sudo: what can be disputed does not depend on who looks
        move_sudo = self.env["account.move"].sudo().browse(vals.get("move_id"))
        self._raise_problem(
            self._problem_of_invoice(move_sudo)
            or self._problem_of_reason(vals.get("reason_id"))
        )
        if not vals.get("case_id"):
            customer = move_sudo.commercial_partner_id.sudo(False)
            cases = customer.with_company(move_sudo.company_id)._ar_ensure_cases()
            vals["case_id"] = cases.id
        return vals

    def write(self, vals):
        if not self.env.su and vals.keys() & ON_RECORD:
            self.check_access("write")
            raise UserError(
                self.env._(
                    "What the customer disputes is on record. If it was recorded by "
                    "mistake, cancel it and record it anew."
                )
            )
        owners = {dispute: dispute.user_id for dispute in self}
        deadlines = {dispute: dispute.date_deadline for dispute in self}
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_files()
        still_open = self.filtered(lambda dispute: dispute.state == "open")
        later = still_open.filtered(
            lambda dispute: dispute.date_deadline != deadlines[dispute]
        )
        for dispute in later:
            dispute._raise_problem(dispute._problem_of_deadline())
        passed_on = still_open.filtered(
            lambda dispute: dispute.user_id != owners[dispute]
        )
        for dispute in passed_on:
            dispute._raise_problem(dispute._problem_of_owner())
        (later | passed_on)._after_new_owner_or_deadline()
        return result

    def _keep_files(self):
        """What was uploaded for it is shown in its chatter, as all its files are."""
        for dispute in self:
            # sudo: only what the user has just uploaded, and belongs to nothing yet
            uploaded_sudo = dispute.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            uploaded_sudo.write({"res_model": self._name, "res_id": dispute.id})

    def _note(self, say):
        """An internal note on each, in the company's language.

        :param say: dispute → text
        """
        for company, disputes in self.grouped("company_id").items():
            speaking = company._ar_on_record(disputes)
            speaking._message_log_batch(
                {dispute.id: say(dispute) for dispute in speaking}
            )

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        """Nobody outside is suggested as a recipient."""
        return []

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..ledger.ageing import cover_oldest_first, to_minor

STATE_LABELS = [
    ("draft", "New"),
    ("to_approve", "To Approve"),
    ("open", "Open"),
    ("kept", "Kept"),
    ("partial", "Partly Kept"),
    ("broken", "Not Kept"),
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
# an invoice is in one of these at the most
LIVE = ("to_approve", "open")
# the books have the last word on these
JUDGED = ("kept", "partial", "broken")


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
    last_day = fields.Date(
        string="Waits Until",
        copy=False,
        help="The day named and the days of tolerance: what is paid until then keeps "
        "the promise, on whatever day it is booked.",
    )
    amount_paid = fields.Monetary(
        string="Paid in Time",
        copy=False,
        help="What was paid of it until that day, as the books have it.",
    )
    judged_on = fields.Date(copy=False, help="When it was found kept or broken.")
    replaced_by_id = fields.Many2one(
        "ar.payment.promise",
        string="Replaced by",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "amount_paid",
            "judged_on",
            "last_day",
            "replaced_by_id",
            "tolerance_days",
            "tolerance_percent",
        }

    @api.model
    def _figures(self):
        """Names of the fields that say what was promised: they stay as they are."""
        return frozenset({"amount", "case_id", "date_promised", "move_line_ids"})

    @api.model
    def _transitions(self):
        return TRANSITIONS

    @api.model
    def _live_domain(self):
        return Domain("state", "in", LIVE)

    @api.depends("amount", "currency_id", "date_promised", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = promise.env._(
                "%(customer)s, %(promise)s",
                # sudo: a name
                customer=promise.partner_id.sudo().display_name,
                promise=promise._in_words(),
            )

    def _in_words(self):
        """Amount and day, where it is clear whose promise it is."""
        self.ensure_one()
        return self.env._(
            "promise of %(amount)s by %(day)s",
            amount=self.currency_id.format(self.amount),
            day=format_date(self.env, self.date_promised, date_format="medium"),
        )

    @api.onchange("move_line_ids")
    def _onchange_move_line_ids(self):
        """Whoever says only when they pay, pays all of it."""
        self.amount = sum(self._undisputed_amounts().values())

    # recording one ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Record what customers promised; whatever is within the limits is open.

        Without ``move_line_ids`` a promise is about all that is open and undisputed,
        without an ``amount`` about all of its invoices.

        :raises AccessError: for whoever must not record promises
        :raises UserError: when something about one is not right, with what to do
        """
        self.check_access("create")
        for vals in vals_list:
            self._complete(vals)
        promises = super().create(vals_list)
        # one after the other: a later one may take the place of one before it
        for promise in promises:
            promise._check_can_submit()
            promise._do_submit()
        return promises

    @api.model
    def _complete(self, vals):
        """Add to the values of a new promise what nobody has to say.

        :raises UserError: when its day, its customer or its invoices are missing
        """
        given = {**self.default_get(["date_promised", "case_id"]), **vals}
        if not given.get("date_promised"):
            raise UserError(
                self.env._("Say by which day they will pay: choose a day in “Pays by”.")
            )
        if not vals.get("move_line_ids"):
            if not given.get("case_id"):
                raise UserError(
                    self.env._("Say whose promise it is: choose an open invoice.")
                )
            case = self.env["ar.followup.case"].browse(given["case_id"])
            vals["move_line_ids"] = [Command.set(case._lines_to_promise().ids)]

    def write(self, vals):
        frozen = self._figures() | ({"log_id"} if self.log_id else set())
        if not self.env.su and vals.keys() & frozen:
            self.check_access("write")
            raise UserError(
                self.env._(
                    "What was promised stays on record as it was. Record a new "
                    "promise: it takes the place of this one."
                )
            )
        result = super().write(vals)
        if "log_id" in vals:
            for promise in self:
                promise._check_contact()
        return result

    # what it covers --------------------------------------------------------------

    def _amounts_to_cover(self):
        """Adds: no more than the amount promised, oldest due first."""
        free = super()._amounts_to_cover()
        if not self.amount:
            return free
        lines_sudo = sorted(free, key=lambda line: line.date_maturity or line.date)
        decimals = self.currency_id.decimal_places
        covered = cover_oldest_first(
            [to_minor(free[line], decimals) for line in lines_sudo],
            to_minor(self.amount, decimals),
        )
        return {
            line: part / 10**decimals
            for line, part in zip(lines_sudo, covered, strict=True)
        }

    def _store_baseline(self, **vals):
        """Adds: the terms as they are today; what it is not about, it does not name."""
        policy_sudo = self.sudo().case_id.policy_id  # sudo: it may be hidden
        days = policy_sudo.promise_tolerance_days
        result = super()._store_baseline(
            tolerance_days=days,
            tolerance_percent=policy_sudo.promise_tolerance_percent,
            last_day=fields.Date.add(self.date_promised, days=days),
            **vals,
        )
        # sudo: what was promised is the server's to say from here on
        promise_sudo = self.sudo()
        rows_sudo = promise_sudo.item_line_ids
        promise_sudo.move_line_ids = rows_sudo.item_id.move_line_id
        promise_sudo.amount = sum(rows_sudo.mapped("amount_covered"))
        for row_sudo in rows_sudo:
            line_sudo = row_sudo.item_id.move_line_id
            row_sudo.amount_credited_start = row_sudo._credited(line_sudo)
        return result

    # holds -----------------------------------------------------------------------

    def _held_parts(self):
        """Of a part, what is not paid yet: the rest of the invoice goes on."""
        for row in self.item_line_ids:
            left = row.amount_open if row._is_part() else 0.0
            if left or not row._is_part():
                yield row.item_id, left

    def _hold_user(self):
        return self.requested_by_id

    # giving it up ----------------------------------------------------------------

    def action_cancel(self, note=None):
        """Button: it was recorded by mistake, or is none any more.

        :param note: why, for those who look at it later
        :raises AccessError: for whoever may not
        :raises UserError: when it is over already
        """
        self._check_is_collector()
        for promise in self:
            if promise.state not in LIVE:
                raise UserError(
                    self.env._(
                        "%(promise)s is over already, so there is nothing to cancel.",
                        promise=promise.display_name,
                    )
                )
        self._do_cancel((note or "").strip())
        return True

    def _do_cancel(self, note=""):
        self._set_state("cancelled")
        self._end_approval_activities()

        def why(promise):
            words = promise.env._("The promise was cancelled.")
            return f"{words} {note}".strip()

        self._log_step(why)
        self._end_holds(why)

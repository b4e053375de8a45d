from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..ledger.ageing import to_minor
from . import schedule
from .keeping import Terms, fill

STATE_LABELS = [
    ("draft", "Draft"),
    ("to_approve", "To Approve"),
    ("approved", "Offered"),
    ("active", "Active"),
    ("done", "Done"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]
# state → states it may become
TRANSITIONS = {
    "draft": {"to_approve", "approved", "cancelled"},
    "to_approve": {"approved", "draft", "cancelled"},
    "approved": {"active", "done", "cancelled"},
    "active": {"done", "broken", "cancelled"},
    # a payment was cancelled: it goes on as what it was
    "done": {"approved", "active", "broken"},
    "broken": {"done"},
    "cancelled": set(),
}
# an invoice is in one of these at the most
LIVE = ("to_approve", "approved", "active")
# once it was an offer, a customer may see it
SHOWN = ("approved", "active", "done", "broken", "cancelled")
FIRST_AFTER = 7  # days until the first instalment, unless somebody says otherwise


class ArPaymentPlan(models.Model):
    """Instalments over existing invoices, agreed with one customer.

    It never changes an entry or a due date: what is paid is read from accounting.
    """

    _name = "ar.payment.plan"
    _description = "Payment Plan"
    _inherit = [
        "portal.mixin",
        "ar.internal.thread.mixin",
        "ar.approval.mixin",
        "ar.baseline.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "write"

    _hold_field = "plan_id"

    name = fields.Char(string="Reference", required=True, copy=False, default="/")
    move_line_ids = fields.Many2many(
        "account.move.line",
        "ar_payment_plan_move_line_rel",
        "plan_id",
        "move_line_id",
        string="Invoices",
        copy=False,
        help="What the plan is about. An invoice in instalments has one line for each.",
    )
    item_line_ids = fields.One2many(
        "ar.payment.plan.item", "plan_id", string="Covered Invoices", copy=False
    )
    amount_total = fields.Monetary(
        string="Total",
        compute="_compute_amount_total",
        store=True,
        precompute=True,
        help="What the plan covers, in its currency.",
    )
    installment_count = fields.Integer(string="Instalments", default=3, required=True)
    interval_count = fields.Integer(string="Every", default=1, required=True)
    interval_unit = fields.Selection(
        [("week", "Weeks"), ("month", "Months")], default="month", required=True
    )
    date_first = fields.Date(
        string="First Instalment On",
        required=True,
        default=lambda self: self._default_date_first(),
    )
    down_payment = fields.Monetary(
        help="Paid on the first day, before the instalments. In the plan's currency."
    )
    line_ids = fields.One2many(
        "ar.payment.plan.line",
        "plan_id",
        string="Schedule",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        copy=False,
    )
    amount_paid = fields.Monetary(string="Paid", compute="_compute_amount_paid")
    amount_open = fields.Monetary(string="Still Open", compute="_compute_amount_paid")
    progress = fields.Float(
        compute="_compute_amount_paid", help="Percent of the total that has been paid."
    )
    note = fields.Text(
        string="Why", help="What the customer said. For colleagues and the approver."
    )
    state = fields.Selection(
        STATE_LABELS,
        default="draft",
        required=True,
        index=True,
        copy=False,
    )
    end_reason = fields.Selection(
        [
            ("paid", "Paid"),
            ("declined", "Declined by the customer"),
            ("lapsed", "Not accepted in time"),
            ("replaced", "Replaced by another plan"),
            ("withdrawn", "Withdrawn by us"),
        ],
        string="Ended Because",
        copy=False,
    )
    broken_on = fields.Date(copy=False)
    replaces_id = fields.Many2one(
        "ar.payment.plan",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )
    replaced_by_ids = fields.One2many("ar.payment.plan", "replaces_id")
    offer_until = fields.Date(
        string="Offer Ends On",
        copy=False,
        help="The last day on which the customer can accept it.",
    )
    tolerance_days = fields.Integer(copy=False)
    tolerance_amount = fields.Monetary(copy=False)
    grace_days = fields.Integer(copy=False)

    @api.model
    def _default_date_first(self):
        """In a week; nobody pays on a Sunday."""
        day = self.env.company._ar_today() + timedelta(days=FIRST_AFTER)
        (open_day,) = schedule.dates(day, 1, 1, "week", closed=schedule.WEEKEND)
        return open_day

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "access_token",
            "amount_total",
            "broken_on",
            "end_reason",
            "grace_days",
            "name",
            "offer_until",
            "replaces_id",
            "tolerance_amount",
            "tolerance_days",
        }

    @api.model
    def _figures(self):
        """Names of the fields that are approved: only a draft may change them."""
        return frozenset(
            {
                "case_id",
                "date_first",
                "down_payment",
                "installment_count",
                "interval_count",
                "interval_unit",
                "line_ids",
                "move_line_ids",
            }
        )

    # what it covers ----------------------------------------------------------

    # Not on what is open of the invoices: accounting shall not wait for plans.
    @api.depends("move_line_ids", "item_line_ids.amount_covered")
    def _compute_amount_total(self):
        for plan in self:
            # what was submitted and refused is a draft again, to be changed
            if plan.state != "draft" and plan.item_line_ids:
                plan.amount_total = sum(plan.item_line_ids.mapped("amount_covered"))
            else:
                plan.amount_total = sum(plan._amounts_to_cover().values())

    # what is paid ----------------------------------------------------------------

    @api.depends("line_ids.amount_paid")
    def _compute_amount_paid(self):
        for plan in self:
            paid = sum(plan.line_ids.mapped("amount_paid"))
            plan.amount_paid = paid
            plan.amount_open = plan.amount_total - paid
            plan.progress = 100 * paid / plan.amount_total if plan.amount_total else 0

    def _paid_by_line(self):
        """What has been paid of each instalment: dict line → minor units."""
        result = {}
        for plan in self:
            lines = plan.line_ids.sorted(lambda line: (line.date_due, line.id))
            decimals = plan.currency_id.decimal_places
            paid = sum(item._paid() for item in plan.item_line_ids)
            amounts = [to_minor(line.amount, decimals) for line in lines]
            result |= dict(zip(lines, fill(amounts, paid), strict=True))
        return result

    def _terms(self):
        """What was agreed on instalments that come late (:class:`Terms`)."""
        self.ensure_one()
        decimals = self.currency_id.decimal_places
        tolerance = to_minor(self.tolerance_amount, decimals)
        return Terms(
            self.tolerance_days, tolerance, self.grace_days, self._accepted_day()
        )

    # states ----------------------------------------------------------------------

    @api.model
    def _transitions(self):
        return TRANSITIONS

    @api.model
    def _live_domain(self):
        return Domain("state", "in", LIVE)

    def write(self, vals):
        if self.env.su or not vals.keys() & self._figures():
            return super().write(vals)
        for plan in self:
            plan._check_can_change()
        result = super().write(vals)
        self._set_requester()
        return result

    def _check_can_change(self):
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "%(plan)s is no draft any more. Withdraw it, or propose another "
                    "plan in its place.",
                    plan=self.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        # sudo: nobody has rights on the numbers
        for plan_sudo in plans.sudo():
            plan_sudo.name = (
                plan_sudo.env["ir.sequence"]
                .with_company(plan_sudo.company_id)
                .next_by_code("ar.payment.plan")
            )
        return plans

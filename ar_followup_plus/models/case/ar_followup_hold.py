from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .ar_followup_case import REASON_LABELS
from .reasons import HOLD_KINDS, MANUAL_HOLD_KINDS

# A collector may lift these, when they set them; all others need an approver.
COLLECTOR_LIFTS = ("paused", "replied")
_LABELS = dict(REASON_LABELS)


class ArFollowupHold(models.Model):
    """One reason to leave a case, an item or a part of it alone. Never deleted."""

    _name = "ar.followup.hold"
    _description = "Follow-up Hold"
    _inherit = ["ar.owned.fields.mixin"]
    _order = "lifted_on desc, date_from desc, id desc"  # without a day: comes first
    _check_company_auto = True

    case_id = fields.Many2one(
        "ar.followup.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        related="case_id.company_id",
        store=True,
        index=True,
    )
    item_id = fields.Many2one(
        "ar.followup.item",
        string="Invoice",
        index="btree_not_null",
        domain="[('case_id', '=', case_id)]",
        ondelete="restrict",
        help="Empty: everything this customer owes.",
    )
    currency_id = fields.Many2one(related="item_id.currency_id")
    is_partial = fields.Boolean(string="Only a Part")
    amount = fields.Monetary(help="The part left alone, in the invoice's currency.")
    kind = fields.Selection(
        [(kind, _LABELS[kind]) for kind in HOLD_KINDS],
        string="Reason",
        required=True,
        default="paused",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._ar_today(),
    )
    date_to = fields.Date(
        string="Last Day", help="The last day held. Empty: until it is lifted."
    )
    note = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Set by",
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    lifted_on = fields.Date(readonly=True)
    lifted_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    lift_note = fields.Text(string="Why Lifted", readonly=True)
    is_current = fields.Boolean(
        string="In Force", compute="_compute_is_current", search="_search_is_current"
    )

    is_liftable = fields.Boolean(
        compute="_compute_is_liftable", help="Whether you may lift it now."
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "The last day of a hold cannot lie before its first.",
    )
    _partial_amount = models.Constraint(
        "CHECK(is_partial IS NOT TRUE OR (item_id IS NOT NULL AND amount > 0))",
        "To hold a part, choose the invoice and an amount above zero.",
    )

    @api.model
    def _owned_fields(self):
        return frozenset({"user_id", "lifted_on", "lifted_by_id", "lift_note"})

    @api.constrains("item_id", "case_id")
    def _check_item(self):
        for hold in self:
            if hold.item_id and hold.item_id.case_id != hold.case_id:
                raise ValidationError(
                    self.env._("Choose an invoice of the customer the hold is for.")
                )

    @api.depends("date_from", "date_to", "lifted_on", "item_id.is_open")
    def _compute_is_current(self):
        for hold in self:
            today = (hold.company_id or self.env.company)._ar_today()
            settled = hold.item_id and not hold.item_id.is_open
            hold.is_current = hold._covers(today) and not settled

    @api.depends("date_to", "kind", "lifted_on", "user_id")
    @api.depends_context("uid")
    def _compute_is_liftable(self):
        user = self.env.user
        approver = user.has_group("ar_followup_plus.group_ar_approver")
        collector = user.has_group("ar_followup_plus.group_ar_collector")
        for hold in self:
            today = (hold.company_id or self.env.company)._ar_today()
            ended = hold.lifted_on or (hold.date_to and hold.date_to < today)
            allowed = approver or (collector and hold._is_own_pause())
            hold.is_liftable = hold._origin and not ended and allowed

    def _is_own_pause(self):
        """Whether it is one that collectors lift, and the user's: set by them, or by
        the engine for a customer they are responsible for."""
        return self.kind in COLLECTOR_LIFTS and self.env.user == (
            self.user_id or self.case_id._responsible().get(self.case_id)
        )

    def _covers(self, day):
        self.ensure_one()
        return bool(
            not self.lifted_on
            and self.date_from
            and self.date_from <= day
            and (not self.date_to or day <= self.date_to)
        )

    @api.depends("kind", "case_id", "item_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for hold in self:
            what = hold.item_id.name or hold.case_id.display_name or ""
            hold.display_name = f"{what}: {hold._kind_label()}"

    def _kind_label(self):
        """The reason in the reader's language."""
        return dict(self._fields["kind"]._description_selection(self.env)).get(
            self.kind, ""
        )

    @api.model
    def _current_domain(self, day):
        """The one definition of a hold in force on ``day``."""
        return Domain(
            [
                ("lifted_on", "=", False),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            self._current_domain(company._ar_today())
            & Domain("company_id", "=", company.id)
            for company in self.env.companies
        ) & (Domain("item_id", "=", False) | Domain("item_id.is_open", "=", True))

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        if not self.env.su:
            holds._check_set_by_hand()
        holds._after_change()
        return holds

    def _check_set_by_hand(self):
        for hold in self:
            if hold.kind not in MANUAL_HOLD_KINDS:
                raise AccessError(
                    self.env._(
                        "“%(kind)s” follows from an agreement with the customer. By "
                        "hand, choose paused, moratorium, legal case or agency.",
                        kind=hold._kind_label(),
                    )
                )

    def action_open_lift(self):
        """Button: ask for the note, then lift."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lift the Hold"),
            "res_model": "ar.followup.hold.lift",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hold_ids": self.ids},
        }

    def action_lift(self, note=None):
        """End the hold from today on.

        :param note: why; needed unless a collector lifts a pause of their own
        :raises AccessError: without the right to lift this kind of hold
        :raises UserError: without the note, or when it has ended already
        """
        self._check_can_lift(note)
        self._do_lift(note)
        return True

    def _check_can_lift(self, note):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "ar_followup_plus.group_ar_collector"
        ):
            raise AccessError(self.env._("Only collectors and approvers lift holds."))
        approver = self.env.su or self.env.user.has_group(
            "ar_followup_plus.group_ar_approver"
        )
        for hold in self:
            own = hold._is_own_pause()
            if not own and not approver:
                raise AccessError(
                    self.env._(
                        "A hold of this kind is lifted by an approver. Ask your "
                        "manager."
                    )
                )
            if not own and not (note or "").strip():
                raise UserError(self.env._("Say in a note why the hold is lifted."))
            if hold.lifted_on:
                raise UserError(self.env._("This hold has already been lifted."))

    def _do_lift(self, note):
        for company, holds in self.grouped("company_id").items():
            # sudo: nobody writes on holds, also not the one who may lift them
            holds.sudo().write(
                {
                    "lifted_on": company._ar_today(),
                    "lifted_by_id": self.env.uid,
                    "lift_note": note or False,
                }
            )
        self._after_change()

    def _after_change(self):
        """A person changed what holds: the case is decided again at once."""
        self.case_id._reassess()

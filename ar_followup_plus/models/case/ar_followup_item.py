from odoo import api, fields, models
from odoo.fields import Domain

from ..ledger.account_move_line import SETTLED_PAYMENT_STATES


class ArFollowupItem(models.Model):
    """One open receivable line of a case: the level it has reached, and when.

    It survives its line: reset to draft and posted again, it goes on.
    """

    _name = "ar.followup.item"
    _description = "Follow-up Item"
    _inherit = ["ar.owned.fields.mixin"]
    _order = "date_due, id"
    _check_company_auto = True

    case_id = fields.Many2one(
        "ar.followup.case", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    name = fields.Char(string="Invoice", required=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", string="Entry", index="btree_not_null", ondelete="set null"
    )
    date_due = fields.Date(string="Due Date", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    level_id = fields.Many2one(
        "ar.followup.level",
        index="btree_not_null",
        ondelete="restrict",
    )
    level_date = fields.Date(string="Reached On")
    is_released = fields.Boolean(
        string="Released",
        help="Followed up although it was due before the start date.",
    )
    round = fields.Integer(default=1, required=True)
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    amount_residual = fields.Monetary(string="Open Amount", compute="_compute_amounts")
    amount_held = fields.Monetary(string="Held", compute="_compute_amounts")
    hold_reason = fields.Char(string="Held Because", compute="_compute_hold_reason")
    days_overdue = fields.Integer(compute="_compute_days_overdue")
    hold_ids = fields.One2many("ar.followup.hold", "item_id", string="Holds")

    _move_line_uniq = models.UniqueIndex(
        "(move_line_id) WHERE move_line_id IS NOT NULL",
        "A journal item is followed up once.",
    )

    @api.model
    def _owned_fields(self):
        return frozenset(
            {
                "case_id",
                "company_id",
                "name",
                "move_line_id",
                "move_id",
                "date_due",
                "currency_id",
                "level_id",
                "level_date",
                "is_released",
                "round",
            }
        )

    @api.depends("move_line_id.amount_residual_currency", "move_line_id.parent_state")
    def _compute_is_open(self):
        for item in self:
            line_sudo = item.sudo().move_line_id  # sudo: an amount, not the entry
            item.is_open = bool(line_sudo) and line_sudo._ar_asks_for_money()

    # a field of its own: whether a hold is current depends on all of its items
    @api.depends("is_open", "hold_ids.is_current", "case_id.hold_ids.is_current")
    def _compute_amounts(self):
        for item in self:
            line_sudo = item.sudo().move_line_id  # sudo: an amount, not the entry
            residual = line_sudo.amount_residual_currency if item.is_open else 0.0
            item.amount_residual = residual
            item.amount_held = item._held(residual)

    def action_open_invoice(self):
        """Button on a row: the invoice, or whatever entry the item is of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def _held(self, residual):
        """The part of ``residual`` that current holds shield (item's currency)."""
        self.ensure_one()
        holds = self._current_holds()
        if any(not hold.is_partial for hold in holds):
            return residual
        return min(residual, sum(holds.mapped("amount")))

    def _current_holds(self):
        """What holds it now, or all of its case; also in a window not saved yet."""
        own = (self._origin, self.browse())
        return self.case_id.hold_ids.filtered(
            lambda hold: hold.is_current and hold.item_id in own
        )

    @api.depends("amount_held", "hold_ids.kind", "case_id.hold_ids.kind")
    @api.depends_context("lang")
    def _compute_hold_reason(self):
        for item in self:
            item.hold_reason = item._hold_reason() if item.amount_held else False

    def _hold_reason(self):
        """The reasons for which this item is left alone now, as one text."""
        holds = self._current_holds()
        return ", ".join(dict.fromkeys(hold._kind_label() for hold in holds))

    @api.depends("date_due", "move_line_id")
    def _compute_days_overdue(self):
        for item in self:
            today = item.company_id._ar_today() if item.company_id else False
            late = (today - item.date_due).days if today and item.date_due else 0
            item.days_overdue = max(late, 0) if item.is_open else 0

    @api.model
    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        line = [
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual_currency", ">", 0),
        ]
        entry = [("payment_state", "not in", SETTLED_PAYMENT_STATES)]
        # any!: whether something is owed, not the entry, so it needs no right to it
        return Domain("move_line_id", "any!", line) & Domain("move_id", "any!", entry)

    def _start_anew(self):
        """Back to the foot of the ladder: the next step is the friendly one."""
        for item_sudo in self.sudo():  # sudo: the engine's own fields
            item_sudo.write(
                {"level_id": False, "level_date": False, "round": item_sudo.round + 1}
            )

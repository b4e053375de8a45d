from odoo import api, fields, models
from odoo.tools import format_date

from ..policy.res_partner import READERS
from .reasons import HOLD_KINDS


class AccountMove(models.Model):
    """How far an invoice is followed up, and why it may be left alone."""

    _inherit = "account.move"

    ar_case_id = fields.Many2one(
        "ar.followup.case",
        string="Follow-up Case",
        compute="_compute_ar_followup",
        compute_sudo=True,
        groups=READERS,
    )
    ar_level_id = fields.Many2one(
        "ar.followup.level",
        string="Follow-up Level",
        compute="_compute_ar_followup",
        compute_sudo=True,
        groups=READERS,
        help="The highest level that one of its instalments has reached.",
    )
    ar_hold_reason = fields.Char(
        string="Held Because",
        compute="_compute_ar_followup",
        compute_sudo=True,
        groups=READERS,
    )
    ar_item_ids = fields.One2many(
        "ar.followup.item",
        "move_id",
        string="Followed-up Instalments",
        readonly=True,
        groups=READERS,
    )

    @api.depends(
        "partner_id", "company_id", "payment_state", "state", "line_ids.no_followup"
    )
    @api.depends_context("lang")
    def _compute_ar_followup(self):
        Case = self.env["ar.followup.case"]
        cases = {}
        for company, moves in self.grouped("company_id").items():
            customers = moves.commercial_partner_id.ids
            cases[company] = Case._for_partners(company, customers)
        for move in self:
            case = Case
            if (
                move.is_sale_document(include_receipts=True)
                or move.move_type == "entry"
            ):
                customer = move.commercial_partner_id._origin
                case = cases[move.company_id].get(customer.id, Case)
            move.ar_case_id = case
            move.ar_level_id = move.ar_item_ids.level_id.sorted("delay_days")[-1:]
            move.ar_hold_reason = ", ".join(move._ar_hold_reasons(case)) or False

    def _ar_hold_reasons(self, case):
        """Why this debt is left alone now, and until when: a list of texts.

        :param case: the customer's, as one of many whose holds are read at once
        """
        self.ensure_one()
        debts = self.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable" and line._ar_asks_for_money()
            )
        )
        if not debts:
            return []
        holds = case.hold_ids.filtered(
            lambda hold: (
                hold.is_current and (not hold.item_id or hold.item_id.move_id == self)
            )
        )
        holds = holds.sorted(lambda hold: HOLD_KINDS.index(hold.kind))
        reasons = [_in_words(hold) for hold in holds]
        if all(debts.mapped("no_followup")):
            reasons.append(self.env._("Left out of follow-up"))
        if self.payment_state == "blocked":
            reasons.append(self.env._("Payment blocked"))
        return list(dict.fromkeys(reasons))

    def _get_alerts(self):
        alerts = super()._get_alerts()
        if self.env.user.has_groups(READERS) and self.ar_hold_reason:
            alerts["ar_followup_held"] = {
                "level": "info",
                "message": self.env._(
                    "Follow-up of this invoice is held: %(reason)s.",
                    reason=self.ar_hold_reason,
                ),
            }
            if self.ar_case_id:
                alerts["ar_followup_held"] |= {
                    "action_text": self.env._("Open the case"),
                    "action": self.action_open_ar_case(),
                }
        return alerts

    def action_open_ar_case(self):
        """Smart button: the customer's case in the invoice's company."""
        self.ensure_one()
        customer = self.commercial_partner_id.with_company(self.company_id)
        return customer.action_open_ar_case()

    def _ar_mark(self):
        """The customers of these entries are decided anew, soon."""
        self.env["ar.followup.mark"]._mark_partners(
            (company, moves.line_ids.partner_id | moves.partner_id)
            for company, moves in self.grouped("company_id").items()
        )

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._ar_mark()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._ar_mark()
        return result

    def action_toggle_block_payment(self):
        result = super().action_toggle_block_payment()
        self._ar_mark()
        return result


def _in_words(hold):
    """Why, how much of the invoice, and until when."""
    reason = hold._kind_label()
    if hold.is_partial:
        reason = hold.env._(
            "%(reason)s (%(amount)s of it)",
            reason=reason,
            amount=hold.currency_id.format(hold.amount),
        )
    if not hold.date_to:
        return reason
    return hold.env._(
        "%(reason)s until %(day)s",
        reason=reason,
        day=format_date(hold.env, hold.date_to, date_format="medium"),
    )

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    ar_case_id = fields.Many2one(
        "ar.followup.case",
        string="Follow-up Case",
        compute="_compute_ar_followup",
        compute_sudo=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    ar_level_id = fields.Many2one(
        "ar.followup.level",
        string="Follow-up Level",
        compute="_compute_ar_followup",
        compute_sudo=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    ar_hold_reason = fields.Char(
        string="Held Because",
        compute="_compute_ar_followup",
        compute_sudo=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    @api.depends("partner_id", "company_id", "payment_state", "state")
    def _compute_ar_followup(self):
        items = self.env["ar.followup.item"].search([("move_id", "in", self.ids)])
        by_move = items.grouped("move_id")
        cases = {}
        for company, moves in self.grouped("company_id").items():
            cases[company] = self.env["ar.followup.case"]._for_partners(
                company, moves.commercial_partner_id.ids
            )
        for move in self:
            customers = cases.get(move.company_id, {})
            receivable = move.is_sale_document() or move.move_type == "entry"
            move.ar_case_id = receivable and customers.get(
                move.commercial_partner_id.id
            )
            own = by_move.get(move, items.browse())
            levels = own.level_id.sorted("delay_days")
            move.ar_level_id = levels[-1:]
            move.ar_hold_reason = own._hold_reason()

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

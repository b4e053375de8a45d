from odoo import fields, models
from odoo.fields import Domain

from ..policy.res_partner import READERS


class AccountMove(models.Model):
    """The payment plans and promises that an invoice is, or was, part of."""

    _inherit = "account.move"

    ar_plan_count = fields.Integer(
        string="Payment Plans",
        compute="_compute_ar_plan_count",
        compute_sudo=True,
        groups=READERS,
    )

    ar_promise_count = fields.Integer(
        string="Promises",
        compute="_compute_ar_promise_count",
        compute_sudo=True,
        groups=READERS,
    )

    def _compute_ar_plan_count(self):
        plans = self._ar_plans()
        for move in self:
            mine = plans.filtered(lambda plan, move=move: move in plan._moves())
            move.ar_plan_count = len(mine)

    def _ar_plans(self):
        """The plans over these invoices, also those that are over."""
        return self.env["ar.payment.plan"].search(
            Domain("move_line_ids.move_id", "in", self.ids)
            | Domain("item_line_ids.item_id.move_id", "in", self.ids)
        )

    def action_open_ar_plans(self):
        """Smart button: the plans that this invoice is, or was, part of."""
        return self._ar_plans()._open_all()

    def _compute_ar_promise_count(self):
        promises = self._ar_promises()
        for move in self:
            mine = promises.filtered(lambda own, move=move: move in own._moves())
            move.ar_promise_count = len(mine)

    def _ar_promises(self):
        """The promises over these invoices, also those that are over."""
        return self.env["ar.payment.promise"].search(
            Domain("item_line_ids.item_id.move_id", "in", self.ids)
        )

    def action_open_ar_promises(self):
        """Smart button: the promises to pay this invoice, also those that are over."""
        return self._ar_promises()._open_all()

    def action_record_promise(self):
        """Button: note what the customer promised to pay of these invoices.

        :raises AccessError: for whoever must not record promises
        :raises UserError: when one of them cannot be promised, with the reason
        """
        self.check_access("read")
        Promise = self.env["ar.payment.promise"].with_company(self.company_id[:1])
        return Promise._open_new(self._ar_lines_to_agree_on())

    def action_propose_plan(self):
        """Button: draw up a payment plan over what is open of these invoices.

        :raises AccessError: for whoever must not propose plans
        :raises UserError: when one of them cannot be on it, with the reason
        """
        self.check_access("read")
        Plan = self.env["ar.payment.plan"].with_company(self.company_id[:1])
        return Plan._open_proposal(self._ar_lines_to_agree_on())

    def _ar_lines_to_agree_on(self):
        """The journal items of these invoices that an agreement would be about."""
        # sudo: what is owed; who may see the invoices may see that
        chosen_sudo = self.env["account.move.line"].sudo()
        for move_sudo in self.sudo():
            owed = move_sudo.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            is_open = owed.filtered(lambda line: line._ar_asks_for_money())
            # of an invoice of which nothing is open, there is something to say
            chosen_sudo |= is_open or owed or move_sudo.line_ids[:1]
        return chosen_sudo.sudo(self.env.su)

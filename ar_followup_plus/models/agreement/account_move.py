from odoo import fields, models
from odoo.fields import Domain

from ..policy.res_partner import READERS


class AccountMove(models.Model):
    """What is agreed on an invoice, or disputed of it, and was."""

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

    # disputes ------------------------------------------------------------------------

    ar_dispute_ids = fields.One2many(
        "ar.dispute", "move_id", string="Disputes", groups=READERS
    )
    ar_dispute_count = fields.Integer(
        string="Number of Disputes",
        compute="_compute_ar_dispute_count",
        compute_sudo=True,
        groups=READERS,
    )

    def _compute_ar_dispute_count(self):
        disputes = self._ar_disputes()
        for move in self:
            mine = disputes.filtered(
                lambda dispute, move=move: (
                    move in (dispute.move_id, dispute.credit_note_id)
                )
            )
            move.ar_dispute_count = len(mine)

    def _ar_disputes(self):
        """The disputes about these invoices, and those these credit notes settle."""
        return self.env["ar.dispute"].search(
            ["|", ("move_id", "in", self.ids), ("credit_note_id", "in", self.ids)]
        )

    def action_open_ar_disputes(self):
        """Smart button: the disputes about this invoice, in whatever state."""
        return self._ar_disputes()._open_all()

    def _get_alerts(self):
        """Above the invoice: how much of it is disputed, and who looks into it."""
        alerts = super()._get_alerts()
        if not self.env.user.has_groups(READERS):
            return alerts
        standing = self.ar_dispute_ids.filtered(lambda dispute: dispute._is_standing())
        if standing:
            alerts["ar_disputed"] = {
                "level": "warning",
                "message": "\n".join(standing.mapped(_in_words)),
                "action_text": self.env._("Open the dispute"),
                "action": standing._open_all(),
            }
            if not self._ar_held_otherwise():
                alerts.pop("ar_followup_held", None)  # it says no more
        return alerts

    def _ar_held_otherwise(self):
        """Whether something beside disputes keeps us from asking for the invoice."""
        holds = self.ar_case_id.hold_ids.filtered(
            lambda hold: (
                hold.is_current
                and not hold.dispute_id
                and hold.item_id.move_id in (self, self.browse())
            )
        )
        return holds or self.no_followup or self.payment_state == "blocked"

    def action_dispute(self):
        """Button: record what the customer disputes of this invoice.

        :raises AccessError: for whoever must not record disputes
        :raises UserError: when there is nothing to dispute, with the reason
        """
        self.ensure_one()
        self.check_access("read")
        Dispute = self.env["ar.dispute"]
        Dispute.check_access("create")
        # sudo: what can be disputed does not depend on who looks
        Dispute._raise_problem(Dispute._problem_of_invoice(self.sudo()))
        return Dispute._open_recording(default_move_id=self.id)

    def _ar_credit_partials(self):
        """What credit notes settled of invoices: ``account.partial.reconcile``."""
        owed = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        return owed.matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id.move_id.move_type == "out_refund"
        )

    # the credit note is taken back, or the invoice -----------------------------------

    def _ar_mark_disputed(self):
        """Disputes about these entries are looked at anew, soon."""
        # sudo: whoever keeps the books has no access to cases
        self.env["ar.followup.mark"]._mark_cases(self.sudo()._ar_disputes().case_id)

    def button_cancel(self):
        result = super().button_cancel()
        self._ar_mark_disputed()
        return result

    def unlink(self):
        self._ar_mark_disputed()
        return super().unlink()


def _in_words(dispute):
    """What is disputed, and who looks into it until when."""
    return dispute.env._(
        "Disputed (%(reason)s): %(status)s",
        reason=dispute.sudo().reason_id.name,
        status=dispute.status_text,
    )

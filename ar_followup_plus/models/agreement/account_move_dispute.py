from odoo import fields, models

from ..policy.res_partner import READERS


class AccountMove(models.Model):
    """What a customer disputes of an invoice, and the credit notes made from that."""

    _inherit = "account.move"

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
        """Whether something else than disputes keeps the invoice from being asked for."""
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

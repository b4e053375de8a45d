from odoo import api, models
from odoo.fields import Domain


class ArDispute(models.Model):
    """What the books say of disputes, whenever they changed."""

    _inherit = "ar.dispute"

    @api.model
    def _to_review(self, company, partner_ids=None):
        """The disputes that the books may have changed (as superuser).

        :param partner_ids: ids of customers, or None for all
        """
        accepted = Domain("state", "in", ("accepted", "partly"))
        taken_back = Domain("credit_note_id", "=", False)
        taken_back |= Domain("credit_note_id.state", "!=", "posted")
        taken_back &= Domain("move_id.state", "!=", "cancel")
        settled = Domain("state", "=", "withdrawn") & Domain("is_settled", "=", True)
        settled &= Domain("move_id.ar_item_ids.is_open", "=", True)
        domain = Domain("company_id", "=", company.id) & (
            Domain("state", "=", "open")
            | (accepted & (Domain("credit_pending", "=", True) | taken_back))
            | settled
        )
        if partner_ids is not None:
            domain &= Domain("partner_id", "in", list(partner_ids))
        # sudo: how a dispute stands does not depend on who looks
        return self.sudo().search(domain, order="id")

    def _review(self, company):
        """Bring these disputes in line with the books, set by set.

        Who calls it decides the cases anew afterwards.

        :param company: the company of all of them
        """
        if not self:
            return
        disputes = company._ar_on_record(self).with_context(ar_reassess_later=True)
        disputes.move_id.invalidate_recordset(["ar_item_ids"], flush=False)
        # a draft is only being corrected
        disputes = disputes.filtered(lambda dispute: dispute.move_id.state != "draft")
        over = disputes._end_with_invoice()
        disputes = (disputes - over).filtered(
            lambda dispute: dispute.move_id.state == "posted"
        )
        decided = disputes.filtered("amount_accepted")
        decided._follow_credit_note()
        settled = disputes.filtered("is_settled")
        settled._reopen(
            lambda dispute: dispute.env._(
                "The payment was taken back: the dispute is open again."
            )
        )
        (disputes - decided - settled)._follow_money()
        disputes._hold_rightly()

    def _end_with_invoice(self):
        """An invoice was cancelled, or has become another customer's.

        :return: those of which that is so
        """
        standing = self.filtered(lambda dispute: dispute._is_standing())
        cancelled = standing.filtered(lambda dispute: dispute.move_id.state == "cancel")
        moved = (standing - cancelled).filtered(
            lambda dispute: dispute.move_id.commercial_partner_id != dispute.partner_id
        )
        for dispute in cancelled.filtered(lambda dispute: dispute.state == "open"):
            dispute._end("accepted", amount_accepted=dispute.amount_disputed)
        cancelled.credit_pending = False
        cancelled._end_holds(
            lambda dispute: dispute.env._("The invoice was cancelled.")
        )
        cancelled._note(lambda dispute: dispute.env._("The invoice was cancelled."))
        moved.credit_pending = False
        for dispute in moved.filtered(lambda dispute: dispute.state == "open"):
            dispute._end(
                "cancelled",
                outcome_note=dispute.env._("The invoice is another customer's now."),
            )
        moved._end_holds(
            lambda dispute: dispute.env._("The invoice is another customer's now.")
        )
        moved._note(
            lambda dispute: dispute.env._("The invoice is another customer's now.")
        )
        return cancelled | moved

    def _follow_credit_note(self):
        """Accepted: the credit note is posted, or it is not to be any more."""
        gone = self.filtered(
            lambda dispute: (
                not dispute.credit_note_id or dispute.credit_note_id.state == "cancel"
            )
        )
        gone._reopen(
            lambda dispute: dispute.env._(
                "The credit note was not posted: the dispute is open again."
            )
        )
        waiting = self - gone
        posted = waiting.filtered(
            lambda dispute: (
                dispute.credit_pending and dispute.credit_note_id.state == "posted"
            )
        )
        posted._conclude()
        taken_back = (waiting - posted).filtered(
            lambda dispute: not dispute.credit_pending
        )
        if taken_back:
            taken_back.credit_pending = True
            taken_back._hold("disputed", None)
            taken_back._note(
                lambda dispute: dispute.env._(
                    "The credit note is a draft again: the amount is left alone until "
                    "it is posted."
                )
            )

    def _conclude(self):
        """The credit note is posted: that is the approval, and the customer hears."""
        for dispute in self:
            total = dispute.credit_note_id.amount_total
            dispute.write({"amount_accepted": total, "credit_pending": False})
            dispute._set_state(dispute._accepted_state(total))
        self.credit_note_id.activity_feedback(
            ["ar_followup_plus.mail_activity_type_dispute_credit"]
        )
        self._end_holds(
            lambda dispute: dispute.env._("The credit note has been posted.")
        )
        self._note(lambda dispute: dispute.env._("The credit note has been posted."))
        self._tell("dispute_accepted")
        # what is asked for after all keeps its distance from the explanation
        self.filtered(lambda dispute: dispute.state == "partly")._register_told()

    def _follow_money(self):
        """Open: credited by hand, or paid."""
        contested = self._contested()
        for dispute in self:
            currency = dispute.currency_id
            rest = contested[dispute] / 10**currency.decimal_places
            credited = currency.round(dispute.amount_disputed - rest)
            paid = not any(dispute.move_id.ar_item_ids.mapped("is_open"))
            if credited and (paid or not rest):
                dispute._end(
                    dispute._accepted_state(credited),
                    amount_accepted=credited,
                    credit_note_id=dispute._last_credit_note().id,
                )
                dispute._end_holds(
                    lambda own: own.env._("It has been credited by hand.")
                )
                dispute._note(lambda own: own.env._("It has been credited by hand."))
            elif paid:
                dispute._end("withdrawn", is_settled=True)
                dispute._end_holds(lambda own: own.env._("The customer paid it."))
                dispute._note(
                    lambda own: own.env._("The customer paid it: no longer disputed.")
                )

    def _last_credit_note(self):
        partials = self.move_id._ar_credit_partials()
        return partials.sorted("id")[-1:].credit_move_id.move_id

    def _hold_rightly(self):
        """Payments moved what is open: the holds follow the disputed amounts.

        What an approver lifted stays lifted.
        """
        standing = self.filtered(
            lambda dispute: (
                dispute._is_standing()
                and any(not hold.lifted_on for hold in dispute.hold_ids)
            )
        )
        parts = standing._parts()
        wrong = standing.filtered(
            lambda dispute: not dispute._is_held_rightly(parts[dispute])
        )
        if wrong:
            wrong._hold("disputed", None)

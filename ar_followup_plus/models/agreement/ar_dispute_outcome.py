from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: how one ends when a person says so, or when the books do
ENDED = ("accepted", "partly", "rejected", "withdrawn", "cancelled")


class ArDispute(models.Model):
    """How a dispute ends: accepted, in part, rejected, withdrawn, or a mistake."""

    _inherit = "ar.dispute"

    resolved_on = fields.Date(readonly=True, copy=False)
    resolved_by_id = fields.Many2one(
        "res.users",
        string="Resolved by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    days_to_resolve = fields.Integer(
        string="Days to Resolve",
        compute="_compute_days_to_resolve",
        store=True,
        aggregator="avg",
        help="Days from the day it was recorded to the day it was decided.",
    )
    amount_accepted = fields.Monetary(
        string="Accepted",
        readonly=True,
        copy=False,
        help="What the customer does not owe, in the invoice's currency, taxes "
        "included.",
    )
    explanation = fields.Text(
        string="Explanation for the Customer",
        readonly=True,
        copy=False,
        help="It goes to the customer as it stands, with how it ended.",
    )
    outcome_note = fields.Text(readonly=True, copy=False, help="For colleagues.")
    is_settled = fields.Boolean(
        string="Withdrawn by Payment",
        readonly=True,
        copy=False,
        help="The customer paid what was disputed.",
    )
    credit_pending = fields.Boolean(
        string="Waits for the Credit Note",
        readonly=True,
        copy=False,
        help="It is accepted, and the credit note is still to be posted.",
    )
    can_decide = fields.Boolean(
        compute="_compute_can_decide", help="Whether you may say how it ends."
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "amount_accepted",
            "credit_pending",
            "days_to_resolve",
            "explanation",
            "is_settled",
            "outcome_note",
            "resolved_by_id",
            "resolved_on",
        }

    @api.depends("date_opened", "resolved_on")
    def _compute_days_to_resolve(self):
        for dispute in self:
            dispute.days_to_resolve = (
                (dispute.resolved_on - dispute.date_opened).days
                if dispute.resolved_on and dispute.date_opened
                else 0
            )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        collector = self.env.user.has_group("ar_followup_plus.group_ar_collector")
        for dispute in self:
            dispute.can_decide = collector and dispute.state == "open"

    def _check_can_decide(self):
        """
        :raises AccessError: for whoever only reads
        :raises UserError: when it is over
        """
        self.check_access("write")
        if not self.env.user.has_group("ar_followup_plus.group_ar_collector"):
            raise AccessError(
                self.env._("Only collectors and approvers say how a dispute ends.")
            )
        # somebody may have been faster
        if self.try_lock_for_update(allow_referencing=True) != self:
            raise UserError(
                self.env._(
                    "Somebody is working on this dispute. Try again in a moment."
                )
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for dispute in self:
            if dispute.state != "open":
                raise UserError(
                    self.env._(
                        "%(dispute)s is over: it is “%(state)s”.",
                        dispute=dispute.display_name,
                        state=labels[dispute.state],
                    )
                )

    # rejected ------------------------------------------------------------------------

    def action_reject(self, explanation=None):
        """The customer owes it after all: they hear why, and the reminders go on.

        :param explanation: what the customer reads; needed
        :raises AccessError: for whoever may not
        :raises UserError: without the explanation, or when it is over
        """
        self._check_can_reject(explanation)
        self._do_reject(explanation.strip())
        return True

    def _check_can_reject(self, explanation):
        self._check_can_decide()
        if not isinstance(explanation, str) or not explanation.strip():
            raise UserError(
                self.env._(
                    "Explain to the customer, kindly, why they owe it. They read it "
                    "before anything else is asked of them."
                )
            )

    def _do_reject(self, explanation):
        ended = self._end(
            "rejected", explanation=explanation, resolved_by_id=self.env.uid
        )
        ended._tell("dispute_rejected")._leave()
        # the explanation first: the next reminder keeps its distance from it
        ended._register_told()
        ended._end_holds(
            lambda dispute: dispute.env._(
                "The dispute was rejected: the amount is due."
            )
        )

    # withdrawn, or a mistake ---------------------------------------------------------

    def action_withdraw(self, note=None):
        """The customer takes it back.

        :param note: what they said, for colleagues
        :raises AccessError: for whoever may not
        :raises UserError: when it is over
        """
        self._check_can_decide()
        self._do_end("withdrawn", note)
        return True

    def action_cancel(self, note=None):
        """It was recorded by mistake.

        :param note: why, for colleagues
        :raises AccessError: for whoever may not
        :raises UserError: when it is over
        """
        self._check_can_decide()
        self._do_end("cancelled", note)
        return True

    def _do_end(self, state, note):
        ended = self._end(
            state,
            outcome_note=(note or "").strip() or False,
            resolved_by_id=self.env.uid,
        )
        ended._end_holds(
            lambda dispute: (
                dispute.env._("The customer took the dispute back.")
                if state == "withdrawn"
                else dispute.env._("The dispute was recorded by mistake.")
            )
        )

    # all of them ---------------------------------------------------------------------

    def _end(self, state, **vals):
        """They are over; what they hold ends with the caller.

        :param vals: more of how they ended
        :return: those that ended just now
        """
        ended = self.browse()
        for company, disputes in self.grouped("company_id").items():
            ended |= disputes._set_state(state, resolved_on=company._ar_today(), **vals)
        ended._end_asking()
        return ended

    def _reopen(self, why):
        """They were over, and are not: held again, and somebody looks into them.

        :param why: dispute → text, in the company's language
        """
        self._set_state(
            "open",
            resolved_on=False,
            resolved_by_id=False,
            amount_accepted=0,
            explanation=False,
            outcome_note=False,
            is_settled=False,
            credit_pending=False,
            credit_note_id=False,
        )
        self._note(why)
        self._hold("disputed", None)
        self._ask_owner()

    def _register_told(self):
        """The customer has just heard from us: the gap to the next step begins."""
        for company, disputes in self.grouped("company_id").items():
            disputes.case_id._register_contact(company._ar_today())

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class ArDispute(models.Model):
    """What pages show of a dispute: how it stands, what is late, where it belongs."""

    _inherit = "ar.dispute"

    state = fields.Selection(group_expand="_expand_states")
    responsible_id = fields.Many2one(
        related="case_id.responsible_id", string="Collector"
    )
    hold_ids = fields.One2many("ar.followup.hold", "dispute_id", string="Holds")
    is_late = fields.Boolean(
        string="Deadline Passed",
        compute="_compute_is_late",
        search="_search_is_late",
        help="The customer should have had an answer by now.",
    )
    status_text = fields.Char(string="How It Stands", compute="_compute_status_text")

    @api.depends("date_deadline", "state")
    def _compute_is_late(self):
        for dispute in self:
            dispute.is_late = bool(
                dispute.state == "open"
                and dispute.date_deadline
                and dispute.date_deadline < dispute._today()
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain("state", "=", "open") & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_deadline", "<", company._ar_today())
            for company in self.env.companies
        )

    @api.model
    def _expand_states(self, states, _domain):
        """The board shows open ones first, also when there are none."""
        every = self._fields["state"].get_values(self.env)
        return [state for state in every if state == "open" or state in states]

    @api.depends(
        "state", "date_deadline", "credit_pending", "amount_accepted", "user_id"
    )
    @api.depends_context("lang")
    def _compute_status_text(self):
        for dispute in self:
            dispute.status_text = (
                getattr(dispute, f"_status_{dispute.state}")() if dispute.name else ""
            )

    def _status_open(self):
        known = {
            "amount": self.currency_id.format(self.amount_disputed),
            "person": self.user_id.sudo().name or self.env._("nobody"),
            "day": format_date(self.env, self.date_deadline, date_format="medium"),
        }
        if self.is_late:
            return self.env._(
                "%(amount)s is left alone. The customer should have had an answer by "
                "%(day)s: looked into by %(person)s.",
                **known,
            )
        return self.env._(
            "%(amount)s is left alone. Looked into by %(person)s, answer until "
            "%(day)s.",
            **known,
        )

    def _status_accepted(self):
        money = self.currency_id.format(self.amount_accepted)
        if self.credit_pending:
            return self.env._(
                "%(amount)s is accepted. Nobody asks for it; the customer hears of it "
                "once the credit note is posted.",
                amount=money,
            )
        return self.env._("%(amount)s is accepted and credited.", amount=money)

    def _status_partly(self):
        known = {
            "amount": self.currency_id.format(self.amount_accepted),
            "disputed": self.currency_id.format(self.amount_disputed),
        }
        if self.credit_pending:
            return self.env._(
                "%(amount)s of %(disputed)s is accepted. All of it is left alone until "
                "the credit note is posted and the customer has heard why.",
                **known,
            )
        return self.env._(
            "%(amount)s of %(disputed)s is accepted and credited; the rest is due.",
            **known,
        )

    def _status_rejected(self):
        return self.env._("Explained to the customer: the amount is due.")

    def _status_withdrawn(self):
        if self.is_settled:
            return self.env._("The customer paid what was disputed.")
        return self.env._("The customer took it back: the amount is due.")

    def _status_cancelled(self):
        return self.outcome_note or self.env._("Recorded by mistake.")

    # windows -------------------------------------------------------------------------

    @api.model
    def _open_recording(self, **context):
        """The window in which a dispute is recorded."""
        view = self.env.ref("ar_followup_plus.ar_dispute_view_record")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Dispute"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": context,
        }

    def action_open_invoice(self):
        """Smart button: the disputed invoice."""
        self.ensure_one()
        return self._open_entry(self.move_id)

    def action_open_credit_note(self):
        """Smart button: the credit note made from it."""
        self.ensure_one()
        return self._open_entry(self.credit_note_id)

    def _open_entry(self, move):
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move.id,
            "views": [(False, "form")],
        }

    def action_open_accept(self):
        """Button: ask how much is accepted, or which goods came back."""
        return self._ask("ar.dispute.accept", self.env._("Accept the Dispute"))

    def action_open_reject(self):
        """Button: ask for the explanation."""
        return self._ask("ar.dispute.reject", self.env._("Reject the Dispute"))

    def _ask(self, model, name):
        self.ensure_one()
        self._check_can_decide()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

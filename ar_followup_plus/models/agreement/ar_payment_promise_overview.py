from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date

from .ar_payment_promise import LIVE

#: colours of the calendar: state → number of a palette that Odoo has
COLORS = {"to_approve": 3, "open": 4, "kept": 10, "partial": 2, "broken": 1}


class ArPaymentPromise(models.Model):
    """What lists and pages show of a promise, and where it is recorded."""

    _inherit = "ar.payment.promise"

    state = fields.Selection(group_expand="_expand_states")
    responsible_id = fields.Many2one(
        related="case_id.responsible_id", string="Collector"
    )
    color = fields.Integer(compute="_compute_color")
    status_text = fields.Char(
        string="How It Stands",
        compute="_compute_status_text",
        help="How the promise stands, and what to do next.",
    )
    limits_text = fields.Char(
        string="Needs Approval Because", compute="_compute_limits_text"
    )

    def _expand_states(self, states, _domain):
        """The board shows each state in which something is to come."""
        every = self._fields["state"].get_values(self.env)
        return [state for state in every if state in LIVE or state in states]

    @api.depends("state")
    def _compute_color(self):
        for promise in self:
            promise.color = COLORS.get(promise.state, 0)

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_limits_text(self):
        for promise in self:
            beyond = promise._beyond_limits() if promise.state == "to_approve" else []
            promise.limits_text = " ".join(beyond)

    @api.depends("state", "last_day", "amount_paid", "refusal_reason", "judged_on")
    @api.depends_context("lang")
    def _compute_status_text(self):
        for promise in self:
            say = getattr(promise, f"_words_of_{promise.state}", None)
            promise.status_text = say and say()

    def _words_of_to_approve(self):
        return self.env._(
            "Waits for an approver. Until somebody decides, the invoices are left "
            "alone."
        )

    def _words_of_open(self):
        day = self._day_in_words(self.last_day)
        if self.last_day < self._today():
            return self.env._(
                "Money has come in that is not matched with an invoice yet: match it, "
                "and the promise is kept."
            )
        return self.env._(
            "Nobody asks for it until %(day)s; then accounting says whether it was "
            "kept.",
            day=day,
        )

    def _words_of_kept(self):
        return self.env._("It was paid as promised.")

    def _words_of_partial(self):
        return self.env._(
            "Only a part was paid by %(day)s. The rest is followed up again.",
            day=self._day_in_words(self.last_day),
        )

    def _words_of_broken(self):
        return self.env._(
            "Nothing was paid by %(day)s. Ask what happened; the invoices are followed "
            "up again.",
            day=self._day_in_words(self.last_day),
        )

    def _words_of_replaced(self):
        if not self.replaced_by_id:
            return self.env._("A payment plan says now when it is paid.")
        return self.env._(
            "Replaced: %(promise)s", promise=self.replaced_by_id.display_name
        )

    def _words_of_cancelled(self):
        if self.refusal_reason:
            return self.env._(
                "Not approved: “%(reason)s” Ask the customer for another day or "
                "amount, and record what they say.",
                reason=self.refusal_reason,
            )
        return self.env._("It is over, and the invoices are followed up as before.")

    def _day_in_words(self, day):
        return format_date(self.env, day, date_format="medium")

    def _moves(self):
        """The invoices that these promises are about."""
        # sudo: which invoices they are does not depend on who looks
        return self.sudo().item_line_ids.item_id.move_id

    def action_record_new(self):
        """Button: what the customer says now; it takes the place of an open one."""
        self.ensure_one()
        return self.case_id.action_record_promise()

    @api.model
    def _open_new(self, lines):
        """The window in which a promise about these journal items is recorded.

        :raises AccessError: for whoever must not record promises
        :raises UserError: when they cannot be promised together
        """
        self.check_access("create")
        vals = {"case_id": self._case_of(lines).id}
        if lines.has_access("read"):  # else it is about all that is open
            vals["move_line_ids"] = [Command.set(lines.ids)]
        view = self.env.ref("ar_followup_plus.ar_payment_promise_view_new")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Promise"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in vals.items()},
        }

from odoo import api, fields, models
from odoo.tools import format_date


class ArFollowupReminder(models.Model):
    """Thanks for a promise that was kept: once, and only while it is."""

    _inherit = "ar.followup.reminder"

    kind = fields.Selection(
        selection_add=[("promise_thanks", "Thanks for a promise kept")],
        ondelete={"promise_thanks": "cascade"},
    )
    promise_id = fields.Many2one(
        "ar.payment.promise",
        index="btree_not_null",
        ondelete="restrict",
    )
    promise_amount_text = fields.Char(compute="_compute_promise_texts")
    promise_day_text = fields.Char(compute="_compute_promise_texts")

    _promise_kind_uniq = models.UniqueIndex(
        "(promise_id, kind) WHERE promise_id IS NOT NULL "
        "AND state NOT IN ('cancelled', 'failed')",
        "There is such a message about this promise already.",
    )

    @api.depends("promise_id", "lang")
    def _compute_promise_texts(self):
        for reminder in self:
            promise = reminder.promise_id
            reminder.promise_amount_text = promise and reminder._money(
                promise.currency_id, promise.amount_paid
            )
            reminder.promise_day_text = promise and format_date(
                reminder.env, promise.date_promised, reminder.lang, "long"
            )

    def _reasons_not_to_send(self):
        """Adds: nobody is thanked for a payment that was taken back."""
        reasons = super()._reasons_not_to_send()
        for message in self.filtered(lambda own: own.kind == "promise_thanks"):
            promise_sudo = message.sudo().promise_id  # sudo: how it stands, for anybody
            if promise_sudo.state != "kept":
                reasons[message] = message.company_id._ar_on_record(message).env._(
                    "A payment has been taken back."
                )
        return reasons

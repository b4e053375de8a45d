from odoo import api, fields, models
from odoo.tools import format_date

DISPUTE_KINDS = [
    ("dispute_received", "Dispute received"),
    ("dispute_accepted", "Dispute accepted"),
    ("dispute_rejected", "Dispute explained"),
]


class ArFollowupReminder(models.Model):
    """Messages about disputes, and what their letters say."""

    _inherit = "ar.followup.reminder"

    kind = fields.Selection(
        selection_add=DISPUTE_KINDS,
        ondelete={kind: "cascade" for kind, _label in DISPUTE_KINDS},
    )
    dispute_id = fields.Many2one(
        "ar.dispute", index="btree_not_null", ondelete="restrict"
    )
    dispute_invoice_text = fields.Char(compute="_compute_dispute_texts")
    dispute_amount_text = fields.Char(compute="_compute_dispute_texts")
    dispute_accepted_text = fields.Char(compute="_compute_dispute_texts")
    dispute_rest_text = fields.Char(compute="_compute_dispute_texts")
    dispute_until_text = fields.Char(compute="_compute_dispute_texts")
    dispute_credit_text = fields.Char(compute="_compute_dispute_texts")
    dispute_explanation = fields.Text(compute="_compute_dispute_texts")

    @api.depends("dispute_id", "lang")
    def _compute_dispute_texts(self):
        for reminder in self:
            # sudo: the customer's own dispute, invoice and credit note
            dispute_sudo = reminder.dispute_id.sudo()
            currency = dispute_sudo.currency_id
            rest = dispute_sudo.amount_disputed - dispute_sudo.amount_accepted

            def money(amount, reminder=reminder, currency=currency):
                return reminder._money(currency, amount) if amount > 0 else ""

            day = dispute_sudo.date_deadline
            reminder.dispute_invoice_text = dispute_sudo.move_id.name or ""
            reminder.dispute_amount_text = money(dispute_sudo.amount_disputed)
            reminder.dispute_accepted_text = money(dispute_sudo.amount_accepted)
            reminder.dispute_rest_text = money(currency.round(rest) if currency else 0)
            reminder.dispute_until_text = (
                format_date(self.env, day, reminder.lang, "long") if day else ""
            )
            reminder.dispute_credit_text = dispute_sudo.credit_note_id.name or ""
            reminder.dispute_explanation = dispute_sudo.explanation or ""

    def _own_attachments(self):
        """How much was credited stands on the credit note, which goes along."""
        attachments = super()._own_attachments()
        if self.kind == "dispute_accepted":
            # sudo: the credit note goes to its customer
            note_sudo = self.dispute_id.sudo().credit_note_id
            if not note_sudo.invoice_pdf_report_id:
                note_sudo._ar_make_pdfs()
            attachments |= note_sudo.invoice_pdf_report_id
        return attachments

    # the gate ------------------------------------------------------------------------

    def _reasons_not_to_send(self):
        """Adds to the others: how the dispute stands by now."""
        reasons = super()._reasons_not_to_send()
        for message in self.filtered("dispute_id"):
            # sudo: how it stands, for anybody
            dispute_sudo = message.dispute_id.sudo()
            speaking = message.company_id._ar_on_record(message)
            why = speaking._dispute_moved_on(dispute_sudo)
            if why:
                reasons[message] = why
        return reasons

    def _dispute_moved_on(self, dispute_sudo):
        if self.kind == "dispute_received" and dispute_sudo.state in (
            "cancelled",
            "withdrawn",
        ):
            return self.env._("The dispute was taken back.")
        if self.kind == "dispute_accepted" and (
            dispute_sudo.credit_pending or not dispute_sudo.amount_accepted
        ):
            return self.env._("The credit note is not posted any more.")
        return ""

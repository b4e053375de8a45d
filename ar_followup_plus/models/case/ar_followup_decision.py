from odoo import api, fields, models

from .ar_followup_case import ACTION_LABELS, REASON_LABELS, reasons_in_words


class ArFollowupDecision(models.Model):
    """What was decided for a customer and why, from a day to a day.

    One row per change. The engine writes them; nobody edits or deletes them.
    """

    _name = "ar.followup.decision"
    _description = "Follow-up Decision"
    _order = "date_from desc, id desc"
    _rec_name = "reason"

    run_id = fields.Many2one(
        "ar.followup.run",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: an event changed the decision.",
    )
    is_preview = fields.Boolean()
    case_id = fields.Many2one(
        "ar.followup.case", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    action = fields.Selection(ACTION_LABELS, required=True)
    reason = fields.Selection(REASON_LABELS, required=True)
    other_reasons = fields.Char(string="Other Reason Codes")
    other_reasons_text = fields.Char(
        string="Also", compute="_compute_other_reasons_text"
    )
    level_id = fields.Many2one("ar.followup.level", ondelete="restrict")
    next_date = fields.Date(string="Next Step On")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", help="Empty: until now.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_overdue = fields.Monetary(
        string="Overdue", help="When it was decided, in the company's currency."
    )
    amount_asked = fields.Monetary(
        string="Asked For",
        help="What the message of a preview would ask for, in the company's currency.",
    )
    invoice_names = fields.Char(
        string="Invoices", help="What the message of a preview would list."
    )

    # serves the look-up of the decision in force, once per batch of cases
    _current_idx = models.Index(
        "(case_id) WHERE date_to IS NULL AND is_preview IS NOT TRUE"
    )

    @api.depends("other_reasons")
    @api.depends_context("lang")
    def _compute_other_reasons_text(self):
        for decision in self:
            decision.other_reasons_text = reasons_in_words(
                decision, decision.other_reasons
            )

    @api.depends("partner_id", "reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for decision in self:
            customer = decision.partner_id.display_name
            decision.display_name = f"{customer}: {labels.get(decision.reason)}"

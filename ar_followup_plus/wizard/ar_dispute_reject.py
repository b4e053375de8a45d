from odoo import fields, models


class ArDisputeReject(models.TransientModel):
    """Asks for the explanation that the customer gets when a dispute is rejected."""

    _name = "ar.dispute.reject"
    _description = "Reject a Dispute"

    dispute_id = fields.Many2one("ar.dispute", required=True, readonly=True)
    tell_customer = fields.Boolean(related="dispute_id.tell_customer")
    explanation = fields.Text(string="Explanation for the Customer", required=True)

    def action_reject(self):
        """Reject the dispute; the customer hears why."""
        self.ensure_one()
        self.dispute_id.action_reject(self.explanation)
        return {"type": "ir.actions.act_window_close"}

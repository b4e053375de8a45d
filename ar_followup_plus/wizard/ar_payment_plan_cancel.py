from odoo import fields, models


class ArPaymentPlanCancel(models.TransientModel):
    """Asks why a payment plan is withdrawn."""

    _name = "ar.payment.plan.cancel"
    _description = "Withdraw a Payment Plan"

    plan_id = fields.Many2one("ar.payment.plan", required=True, readonly=True)
    note = fields.Text(string="Why", required=True)

    def action_cancel(self):
        """Withdraw the plan, with the note."""
        self.ensure_one()
        self.plan_id.action_cancel(self.note)
        return {"type": "ir.actions.act_window_close"}

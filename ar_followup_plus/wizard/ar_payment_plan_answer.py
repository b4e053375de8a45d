from odoo import fields, models

from ..models.agreement.ar_payment_plan_offer import BY_HAND


class ArPaymentPlanAnswer(models.TransientModel):
    """Asks how a customer answered the offer of a payment plan."""

    _name = "ar.payment.plan.answer"
    _description = "Answer to a Payment Plan"

    plan_id = fields.Many2one("ar.payment.plan", required=True, readonly=True)
    answer = fields.Selection(
        [("accept", "They accept it"), ("decline", "They decline it")],
        required=True,
        default="accept",
    )
    how = fields.Selection(BY_HAND, required=True, default="phone")
    name = fields.Char(
        string="Who",
        required=True,
        default=lambda self: self._default_name(),
        help="The person who answered for the customer.",
    )
    said = fields.Text(string="What Was Said")

    def _default_name(self):
        plan = self.env["ar.payment.plan"].browse(
            self.env.context.get("default_plan_id")
        )
        return plan.case_id.addressee_id.sudo().name or plan.partner_id.sudo().name

    def action_record(self):
        """Write the answer down; the plan begins, or is over."""
        self.ensure_one()
        if self.answer == "accept":
            self.plan_id.action_accept(self.how, self.name, self.said)
        else:
            self.plan_id.action_decline(self.said, self.how, self.name)
        return {"type": "ir.actions.act_window_close"}

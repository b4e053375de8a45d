from odoo import fields, models


class ArFollowupHoldLift(models.TransientModel):
    """Asks why a hold is lifted."""

    _name = "ar.followup.hold.lift"
    _description = "Lift a Follow-up Hold"

    hold_ids = fields.Many2many("ar.followup.hold", required=True)
    note = fields.Text(string="Why")

    def action_lift(self):
        self.hold_ids.action_lift(self.note)
        return {"type": "ir.actions.act_window_close"}

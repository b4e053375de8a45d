from odoo import fields, models


class ArFollowupDespite(models.TransientModel):
    """Asks why a reminder leaves despite the limits of the policy."""

    _name = "ar.followup.despite"
    _description = "Send Despite the Limits"

    case_id = fields.Many2one("ar.followup.case", string="Customer", required=True)
    next_level_id = fields.Many2one(related="case_id.next_level_id")
    addressee_id = fields.Many2one(related="case_id.addressee_id", string="To")
    decision_text = fields.Char(
        string="What Keeps It Back", related="case_id.decision_text"
    )
    note = fields.Text(string="Why")

    def action_send(self):
        return self.case_id.action_send_despite(self.note)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ArApprovalRefuse(models.TransientModel):
    """Asks why something is refused."""

    _name = "ar.approval.refuse"
    _description = "Refuse an Approval"

    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    reason = fields.Text(string="Why", required=True)

    @api.constrains("res_model")
    def _check_res_model(self):
        approved = self.env.registry.descendants(["ar.approval.mixin"], "_inherit")
        if not set(self.mapped("res_model")) <= set(approved):
            raise ValidationError(self.env._("Nobody approves records of this kind."))

    def action_refuse(self):
        record = self.env[self.res_model].browse(self.res_id)
        record.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}

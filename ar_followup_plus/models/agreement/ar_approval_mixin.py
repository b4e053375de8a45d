from odoo import api, fields, models


class ArApprovalMixin(models.AbstractModel):
    """Submit, approve, refuse: what is agreed counts once somebody else approved it."""

    _name = "ar.approval.mixin"
    _description = "Approval"
    _inherit = ["mail.thread", "mail.activity.mixin", "ar.owned.fields.mixin"]

    requested_by_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, copy=False, ondelete="restrict"
    )
    approved_by_id = fields.Many2one("res.users", copy=False, ondelete="restrict")
    approved_on = fields.Datetime(copy=False)

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "approved_by_id",
            "approved_on",
            "requested_by_id",
        }

    def _set_requester(self):
        """Whoever last changed the figures asks for the approval."""
        # sudo: the server says who it was, not the person
        self.sudo().requested_by_id = self.env.user

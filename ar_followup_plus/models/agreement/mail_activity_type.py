from odoo import api, fields, models

from .ar_approval_mixin_steps import APPROVAL

#: What a person may schedule by hand: approvals are asked for by submitting.
BY_HAND = (
    "['|', ('res_model', '=', False), ('res_model', '=', res_model), "
    "('category', '!=', 'ar_approval')]"
)


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[("ar_approval", "Approval")],
        ondelete={"ar_approval": "set default"},
    )

    @api.model
    def _get_model_info_by_xmlid(self):
        """Without its type, nobody could be asked for an approval any more."""
        info = super()._get_model_info_by_xmlid()
        info[APPROVAL] = {"res_model": "ar.payment.plan", "unlink": False}
        return info

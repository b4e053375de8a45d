from odoo import api, models

from .ar_approval_mixin_steps import APPROVAL


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.model
    def _get_model_info_by_xmlid(self):
        """Without its type, nobody could be asked for an approval any more."""
        info = super()._get_model_info_by_xmlid()
        info[APPROVAL] = {"res_model": "ar.payment.plan", "unlink": False}
        return info

from odoo import models


class ArInternalThreadMixin(models.AbstractModel):
    """A chatter of ours: customers never follow it."""

    _name = "ar.internal.thread.mixin"
    _description = "Internal Chatter"
    _inherit = ["mail.thread"]

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """A customer never follows: it is ours to talk about them."""
        # sudo: who is a colleague does not depend on who asks
        partners_sudo = self.env["res.partner"].sudo().browse(partner_ids or ())
        colleagues = partners_sudo.filtered(lambda partner: not partner.partner_share)
        return super()._message_subscribe(colleagues.ids, subtype_ids, customer_ids)

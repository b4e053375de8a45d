from odoo import fields, models


class ArFollowupReminderLine(models.Model):
    _inherit = "ar.followup.reminder.line"

    portal_url = fields.Char(string="Link", compute="_compute_portal_url")

    def _compute_portal_url(self):
        """Where the customer sees and pays the invoice."""
        for line in self:
            move_sudo = line.item_id.sudo().move_id  # sudo: a link for its owner
            line.portal_url = (
                move_sudo.get_base_url() + move_sudo.get_portal_url()
                if move_sudo.is_sale_document()
                else False
            )

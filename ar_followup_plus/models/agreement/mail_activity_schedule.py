from odoo import fields, models

from .mail_activity_type import BY_HAND


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    activity_type_id = fields.Many2one(domain=BY_HAND)

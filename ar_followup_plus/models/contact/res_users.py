from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    ar_no_copies = fields.Boolean(
        string="No Copies of Reminders",
        help="As a follow-up manager, I want no copies of firm reminders, and no lists "
        "of customers to be called.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["ar_no_copies"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["ar_no_copies"]

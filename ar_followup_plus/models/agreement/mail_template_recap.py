from odoo import api, models

#: values only, as those of a reminder
RECAP_WORDS = frozenset({"object.recap_day_text", "object.recap_points"})


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.model
    def _ar_words(self):
        return super()._ar_words() | RECAP_WORDS

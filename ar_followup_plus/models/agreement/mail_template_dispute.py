from odoo import api, models

# values only, so that a template reads nothing else
DISPUTE_WORDS = frozenset(
    {
        "object.dispute_accepted_text",
        "object.dispute_amount_text",
        "object.dispute_credit_text",
        "object.dispute_explanation",
        "object.dispute_id.name",
        "object.dispute_invoice_text",
        "object.dispute_rest_text",
        "object.dispute_until_text",
    }
)


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.model
    def _ar_words(self):
        return super()._ar_words() | DISPUTE_WORDS

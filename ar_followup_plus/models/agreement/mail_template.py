from odoo import api, models

# as those of a reminder: values only, so that a template reads nothing else
AGREEMENT_WORDS = frozenset(
    {
        "object.dispute_accepted_text",
        "object.dispute_amount_text",
        "object.dispute_credit_text",
        "object.dispute_explanation",
        "object.dispute_id.name",
        "object.dispute_invoice_text",
        "object.dispute_rest_text",
        "object.dispute_until_text",
        "object.installment_day_text",
        "object.installment_text",
        "object.next_installment_day_text",
        "object.next_installment_text",
        "object.plan_id.name",
        "object.plan_link",
        "object.plan_table",
        "object.plan_total_text",
        "object.plan_until_text",
        "object.promise_amount_text",
        "object.promise_day_text",
        "object.recap_day_text",
        "object.recap_points",
    }
)


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.model
    def _ar_words(self):
        return super()._ar_words() | AGREEMENT_WORDS

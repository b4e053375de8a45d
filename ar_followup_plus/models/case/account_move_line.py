from odoo import fields, models

# changes of a posted line that alter whether, and when, it is asked for
MARKING_FIELDS = frozenset({"date_maturity", "no_followup"})


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # the invoice's chatter says who left it out of follow-up, and when
    no_followup = fields.Boolean(tracking=True)

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & MARKING_FIELDS:
            posted = self.filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and line.account_type == "asset_receivable"
                )
            )
            self.env["ar.followup.mark"]._mark_partners(
                (company, lines.partner_id)
                for company, lines in posted.grouped("company_id").items()
            )
        return result

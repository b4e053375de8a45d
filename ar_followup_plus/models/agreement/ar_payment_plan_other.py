from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .ar_payment_plan import LIVE


class ArPaymentPlan(models.Model):
    """What else the customer paid since the plan began: it does not count for it."""

    _inherit = "ar.payment.plan"

    other_payments_text = fields.Text(
        string="Other Payments", compute="_compute_other_payments_text"
    )

    @api.depends_context("lang")
    def _compute_other_payments_text(self):
        """One line for each payment since then, on the page of one plan."""
        for plan in self:
            rows = []
            if plan.submitted_on and plan.state in (*LIVE, "broken"):
                unmatched = plan.case_id._unmatched_payments()
                rows = [(money.day, text) for money, text in unmatched]
                rows += plan._payments_of_others()
            plan.other_payments_text = "\n".join(text for _day, text in sorted(rows))

    def _payments_of_others(self):
        """What was matched since with invoices the plan does not cover: day, text."""
        # sudo: amounts of the plan's own customer, not the entries
        items_sudo = self.sudo().item_line_ids.item_id
        customer = self.partner_id.sudo().commercial_partner_id
        partials_sudo = self.env["account.partial.reconcile"].sudo()
        domain = (
            Domain("debit_move_id.account_type", "=", "asset_receivable")
            & Domain("debit_move_id.company_id", "=", self.company_id.id)
            & Domain("debit_move_id.partner_id.commercial_partner_id", "=", customer.id)
            & Domain("debit_move_id", "not in", items_sudo.move_line_id.ids)
            & Domain("credit_move_id.date", ">=", self.submitted_on)
        )
        for partial in partials_sudo.search(domain, order="id"):
            if not partial.debit_amount_currency:
                continue  # a difference of exchange
            day = partial.credit_move_id.date
            yield (
                day,
                self.env._(
                    "%(day)s, %(amount)s: %(invoice)s",
                    day=format_date(self.env, day, date_format="medium"),
                    amount=partial.debit_currency_id.format(
                        partial.debit_amount_currency
                    ),
                    invoice=partial.debit_move_id.move_name,
                ),
            )

from odoo import api, models
from odoo.tools import format_date


class ArDispute(models.Model):
    """What can be disputed, and how much of it."""

    _inherit = "ar.dispute"

    @api.model
    def _problem_of_invoice(self, move_sudo):
        """Why an invoice cannot be disputed: a sentence, or ``""``."""
        if not move_sudo.exists():
            return self.env._("Choose the invoice that the customer disputes.")
        name = move_sudo.display_name
        is_invoice = move_sudo.is_sale_document(include_receipts=True)
        if not is_invoice or move_sudo.move_type == "out_refund":
            return self.env._(
                "%(invoice)s is no invoice to a customer: choose the invoice that they "
                "dispute.",
                invoice=name,
            )
        if move_sudo.state != "posted":
            return self.env._(
                "%(invoice)s is not posted: correct it before it is sent, or confirm "
                "it first.",
                invoice=name,
            )
        owed = move_sudo.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        if not any(line._ar_asks_for_money() for line in owed):
            return self.env._(
                "Nothing is open of %(invoice)s any more. If the customer wants money "
                "back, make a credit note.",
                invoice=name,
            )
        return ""

    @api.model
    def _problem_of_reason(self, reason_id):
        # sudo: which reasons there are does not depend on who asks
        reason_sudo = self.env["ar.dispute.reason"].sudo().browse(reason_id).exists()
        if not reason_sudo:
            return self.env._("Choose why the customer disputes it.")
        if not reason_sudo.active:
            return self.env._(
                "The reason “%(reason)s” is not used any more: choose another one.",
                reason=reason_sudo.name,
            )
        return ""

    def _check_new(self):
        """
        :raises UserError: when it cannot be recorded so, with what to do about it
        """
        self._take_items()
        for dispute in self:
            dispute._raise_problem(
                dispute._problem_of_customer()
                or dispute._problem_of_contact(dispute.sudo().log_id)
                or dispute._problem_of_amount()
                or dispute._problem_of_owner()
                or dispute._problem_of_deadline()
            )

    def _problem_of_customer(self):
        """One customer, one company."""
        # sudo: whose invoice it is
        move_sudo, case_sudo = self.sudo().move_id, self.sudo().case_id
        if move_sudo.commercial_partner_id != case_sudo.partner_id:
            return self.env._(
                "%(invoice)s is owed by %(debtor)s: choose an invoice of %(customer)s.",
                invoice=move_sudo.display_name,
                debtor=move_sudo.commercial_partner_id.display_name,
                customer=case_sudo.partner_id.display_name,
            )
        if move_sudo.company_id != case_sudo.company_id:
            return self.env._(
                "%(invoice)s is an invoice of %(other)s: choose one of %(company)s.",
                invoice=move_sudo.display_name,
                other=move_sudo.company_id.name,
                company=case_sudo.company_id.name,
            )
        reason_sudo = self.sudo().reason_id
        if reason_sudo.company_id and reason_sudo.company_id != case_sudo.company_id:
            return self.env._(
                "The reason “%(reason)s” is another company's: choose another one.",
                reason=reason_sudo.name,
            )
        return ""

    def _problem_of_amount(self):
        currency = self.currency_id
        open_now, disputed = self._open_and_disputed()
        if (
            not self.amount_disputed
            and currency.compare_amounts(disputed, open_now) >= 0
        ):
            return self._say_all_is_disputed()
        if currency.compare_amounts(self.amount_disputed, 0) <= 0:
            return self.env._(
                "Say how much is disputed: more than zero, or nothing for all that is "
                "open."
            )
        if currency.compare_amounts(self.amount_disputed, open_now) > 0:
            return self.env._(
                "Only %(open)s is open of %(invoice)s: no more than that can be "
                "disputed.",
                open=currency.format(open_now),
                invoice=self._invoice_name(),
            )
        left = currency.round(open_now - disputed)
        if currency.compare_amounts(self.amount_disputed, left) <= 0:
            return ""
        if currency.compare_amounts(left, 0) <= 0:
            return self._say_all_is_disputed()
        return self.env._(
            "%(disputed)s of %(invoice)s is disputed already: at most %(left)s more.",
            disputed=currency.format(disputed),
            invoice=self._invoice_name(),
            left=currency.format(left),
        )

    def _say_all_is_disputed(self):
        return self.env._(
            "All that is open of %(invoice)s is disputed already: go on with that "
            "dispute.",
            invoice=self._invoice_name(),
        )

    def _problem_of_owner(self):
        user_sudo = self.sudo().user_id  # sudo: where a colleague works
        if not user_sudo or self.company_id._ar_signatory(user_sudo):
            return ""
        return self.env._(
            "%(person)s does not work for %(company)s: choose a colleague who does.",
            person=user_sudo.name,
            company=self.company_id.name,
        )

    def _problem_of_deadline(self):
        if not self.date_deadline:
            return self.env._("Say by which day the customer should have an answer.")
        if self.date_deadline >= self._today():
            return ""
        return self.env._(
            "The customer cannot have an answer by %(day)s any more: choose a day that "
            "has not passed.",
            day=format_date(self.env, self.date_deadline, date_format="long"),
        )

    def _invoice_name(self):
        return self.sudo().move_id.name or self.sudo().move_id.display_name

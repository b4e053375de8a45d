from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ..case.ar_followup_case_history import Happening

NOON = 12  # a payment has a day, and no hour


class ArFollowupCase(models.Model):
    """The collection history: all that happened with a customer, to be printed."""

    _inherit = "ar.followup.case"

    def _collection_history_name(self):
        self.ensure_one()
        return self.env._(
            "Collection history of %(customer)s", customer=self.partner_id.display_name
        )

    def _collection_history(self):
        """All that happened, oldest first: list of (day, title, text, person)."""
        self.ensure_one()
        happenings = [
            *self._history(None),
            *self._history_of_payments(),
            *self._history_of_unmatched(),
        ]
        rows = []
        for happening in sorted(happenings, key=lambda it: it.when):
            day = self.company_id._ar_local(happening.when).date()
            day = format_date(self.env, day, date_format="medium")
            person = happening.user.sudo().name or ""  # sudo: a colleague's name
            rows.append((day, happening.title, happening.text, person))
        return rows

    # payments ----------------------------------------------------------------------

    def _history_of_payments(self):
        """What was paid of the customer's invoices, by payments and credit notes."""
        # sudo: amounts of the case's own customer, not the entries
        partials_sudo = (
            self.env["account.partial.reconcile"]
            .sudo()
            .search(
                Domain("debit_move_id", "in", self.item_ids.sudo().move_line_id.ids),
                order="id",
            )
        )
        for partial in partials_sudo:
            if not partial.debit_amount_currency:
                continue  # a difference of exchange
            credit_sudo = partial.credit_move_id
            amount = partial.debit_currency_id.format(partial.debit_amount_currency)
            text = self.env._(
                "%(amount)s for %(invoice)s (%(entry)s)",
                amount=amount,
                invoice=partial.debit_move_id.move_name,
                entry=credit_sudo.move_name,
            )
            yield self._paid_on(credit_sudo.date, credit_sudo.move_id, text)

    def _history_of_unmatched(self):
        # sudo: whether it is a payment, not the entry
        Line_sudo = self.env["account.move.line"].sudo()
        for money, text in self._unmatched_payments():
            booked = [money.id] if money.kind == "credit" else []
            yield self._paid_on(money.day, Line_sudo.browse(booked).move_id, text)

    def _unmatched_payments(self):
        """What came in and no invoice has yet: (:class:`Incoming`, text) of each."""
        found = self.env["ar.money.in.transit"]._arrived(
            self.company_id, self.partner_id.ids
        )
        for money in found:
            currency = self.env["res.currency"].browse(money.currency_id)
            text = self.env._(
                "%(day)s, %(amount)s: not matched with an invoice yet (%(label)s)",
                day=format_date(self.env, money.day, date_format="medium"),
                amount=currency.format(money.amount / 10**currency.decimal_places),
                label=money.label or "",
            )
            yield money, text

    def _paid_on(self, day, move_sudo, text):
        title = (
            self.env._("Credit note")
            if move_sudo.move_type == "out_refund"
            else self.env._("Payment")
        )
        return Happening(
            self.company_id._ar_to_utc(day, NOON),
            "fa-money",
            title,
            text,
            self.env["res.users"],
            self.browse(),
        )

"""One invoice of each kind, made by Odoo as a user would; bench_fill.py copies them."""

from datetime import timedelta

from odoo import Command, fields


class Stories:
    """One of each, made by Odoo as a user would; due today, for one customer."""

    def __init__(self, env):
        self.env = env
        self.today = fields.Date.today()
        self.partner = env["res.partner"].create(
            {
                "name": "Bench customer",
                "email": "customer@example.com",
                "is_company": True,
                "company_id": env.company.id,
            }
        )

    def _term(self, *parts):
        """A payment term of (per cent, days) parts."""
        lines = [
            {"value": "percent", "value_amount": percent, "nb_days": days}
            for percent, days in parts
        ]
        return self.env["account.payment.term"].create(
            {"name": "Bench", "line_ids": [Command.create(line) for line in lines]}
        )

    def _invoice(self, *parts):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": self.today - timedelta(days=30),
                "invoice_payment_term_id": self._term(*(parts or [(100, 30)])).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Work",
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for price in (800.0, 200.0)
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _pay(self, invoice, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        day = invoice.invoice_date
        wizard.create({"amount": amount, "payment_date": day})._create_payments()

    def unpaid(self):
        return self._rows(self._invoice())

    def paid_in_part(self):
        invoice = self._invoice()
        self._pay(invoice, 400.0)
        return self._rows(invoice)

    def instalments(self):
        return self._rows(self._invoice((30, 15), (70, 45)))

    def first_paid(self):
        invoice = self._invoice((30, 15), (70, 45))
        self._pay(invoice, 300.0)
        return self._rows(invoice)

    def paid(self):
        invoice = self._invoice()
        self._pay(invoice, 1000.0)
        return self._rows(invoice)

    def refunded(self):
        invoice = self._invoice()
        day = invoice.invoice_date
        credit = invoice._reverse_moves(
            [{"date": day, "invoice_date": day}], cancel=True
        )
        return self._rows(invoice | credit)

    def credit(self):
        """Money that came in and was not set against any invoice."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": 250.0,
                "date": self.today - timedelta(days=30),
            }
        )
        payment.action_post()
        return self._rows(payment.move_id)

    def _rows(self, moves):
        """The ids of all rows of a story: dict table → list."""
        self.env.flush_all()
        lines = moves.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        lines |= (partials.debit_move_id | partials.credit_move_id).move_id.line_ids
        return {
            "account_full_reconcile": partials.full_reconcile_id.ids,
            "account_move": lines.move_id.ids,
            "account_payment": lines.move_id.origin_payment_id.ids,
            "account_move_line": lines.ids,
            "account_partial_reconcile": partials.ids,
        }

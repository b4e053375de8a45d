"""Whatever happens: each day's statement is still told months later."""

import random

from odoo.tests import tagged

from .common_statement import StatementCommon


@tagged("post_install", "-at_install")
class TestRandomHistory(StatementCommon):
    """A hundred things happen; each day's statement is still told months later."""

    def test_each_day(self):
        for seed in range(3):
            with self.subTest(seed):
                self.live(random.Random(seed), self.customer(f"C{seed}"))

    def live(self, chance, partner):
        self.own_rates = self.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2026-01-15", 3.1), ("2026-02-01", 2.7)]
        )
        told = {}
        for day in range(0, 60, 2):
            self.travel(day)
            for _ in range(chance.randint(0, 2)):
                chance.choice(
                    (self.bill, self.bill, self.pay_some, self.pay_all, self.give_back)
                )(chance, partner, day)
            told[day] = self.told(partner, day)
        days = list(told)
        for day in days:
            self.assertEqual(self.told(partner, day), told[day], day)
            self.assertAddsUp(partner, chance.choice(days[: days.index(day) + 1]), day)
        self.assertBalancesAreTodays(partner, days[-1])

    def told(self, partner, day):
        return {
            currency: [(it.line, it.open) for it in account.items]
            for currency, account in self.accounts(partner, day).items()
        }

    def assertBalancesAreTodays(self, partner, day):
        """On the last day: what Odoo itself says is open."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        accounts = self.accounts(partner, day)
        for currency in self.own | self.own_rates:
            own = lines.grouped("currency_id").get(currency, lines.browse())
            balance = sum(own.mapped("amount_residual_currency"))
            account = accounts.get(currency)
            self.assertEqual(account.balance if account else 0, round(balance * 100))

    def open_bills(self, partner):
        return self.env["account.move"].search(
            [
                ("partner_id", "=", partner.id),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )

    # what happens -----------------------------------------------------------------

    def bill(self, chance, partner, day):
        self.invoice(
            partner,
            chance.randint(1, 99999) / 100,
            due=day + chance.randint(0, 40),
            invoice_date=self.day(day),
            currency_id=chance.choice((self.own, self.own, self.own_rates)).id,
        )

    def pay_some(self, chance, partner, _day):
        bills = self.open_bills(partner)
        if bills:
            bill = chance.choice(bills)
            self.pay(bill, bill.currency_id.round(bill.amount_residual / 3) or None)

    def pay_all(self, chance, partner, day):
        """All of it, maybe in the company's currency, whatever the invoice's is."""
        bills = self.open_bills(partner)
        if bills:
            values = {"payment_date": self.day(day)}
            if chance.random() < 0.5:
                values["currency_id"] = self.own.id
            self._register_payment(chance.choice(bills), **values)

    def give_back(self, chance, partner, day):
        """A credit note, matched with an invoice or not."""
        bills = self.open_bills(partner).filtered(
            lambda bill: bill.currency_id == self.own
        )
        amount = chance.randint(1, 20000) / 100
        note = self.credit(partner, amount, invoice_date=self.day(day))
        if bills and chance.random() < 0.6:
            self.match(chance.choice(bills), note)

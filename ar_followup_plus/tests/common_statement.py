"""What the tests of statements of account share."""

from datetime import timedelta

from .common import START, FollowupCommon


class StatementCommon(FollowupCommon):
    """Ann, whose account is looked at as of many days, counted from ``START``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")
        cls.own = cls.company.currency_id

    @staticmethod
    def day(number):
        return START + timedelta(days=number)

    def accounts(self, partner, day, since=None, company=None):
        """The accounts of a customer at the end of a day: currency → account."""
        company = (company or self.company).with_env(self.engine)
        found = self.engine["ar.customer.account"]._accounts(
            company,
            [partner.id],
            self.day(day),
            None if since is None else self.day(since),
        )
        return {
            self.env["res.currency"].browse(account.currency): account
            for account in found[partner.id]
        }

    def open(self, partner, day, currency=None):
        """What is open on a day: (document, amount in units) of each line."""
        account = self.accounts(partner, day).get(currency or self.own)
        return [
            (item.line.name, item.open / 100)
            for item in (account and account.items) or ()
        ]

    def moved(self, partner, since, day, currency=None):
        """The balance before, the movements, and the balance after, in units."""
        account = self.accounts(partner, day, since)[currency or self.own]
        amounts = [movement.amount / 100 for movement in account.movements]
        return account.opening / 100, amounts, account.balance / 100

    def assertAddsUp(self, partner, since, day):
        """The balance before and the movements make the balance, in each currency."""
        now = self.accounts(partner, day)
        for currency, account in self.accounts(partner, day, since).items():
            total = account.opening + sum(it.amount for it in account.movements)
            self.assertEqual(total, account.balance, (currency.name, since, day))
            alone = now.get(currency)
            self.assertEqual(account.items, alone.items if alone else [])

    def unmatched(self, partner, amount, **vals):
        """A payment today that is matched with nothing."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "journal_id": self.company_data["default_journal_bank"].id,
                **vals,
            }
        )
        payment.action_post()
        return payment

    def match(self, *moves):
        """Match the receivables of these entries with one another."""
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def window(self, partners, user=None, **vals):
        """The window, as the button on customers opens it."""
        partners = partners.with_user(user or self.collector)
        action = partners.action_statement()
        Window = self.env[action["res_model"]].with_user(user or self.collector)
        return Window.with_context(**action["context"]).create(vals)

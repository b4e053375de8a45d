"""What a statement of account says, from the books."""

from odoo.tests import tagged

from .common import START, FollowupCommon


class StatementCommon(FollowupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")

    def accounts(self, partner, day, since=None):
        """The customer's accounts by currency, at the end of a day."""
        if isinstance(day, int):
            day = self.day(day)
        if isinstance(since, int):
            since = self.day(since)
        company = self.company.with_env(self.engine)
        Account = self.engine["ar.customer.account"]
        found = Account._accounts(company, [partner.id], day, since)
        return {account.currency: account for account in found[partner.id]}

    def account(self, partner, day, since=None):
        return self.accounts(partner, day, since)[self.company.currency_id.id]

    @staticmethod
    def day(number):
        from datetime import timedelta

        return START + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestStatement(StatementCommon):
    def test_smoke(self):
        bill = self.invoice(self.ann, 100, due=0)
        self.travel(5)
        self.pay(bill, 40)
        print(bill.payment_state, bill.matched_payment_ids, bill.amount_residual)
        for day in (-31, -30, 0, 4, 5):
            print(day, self.accounts(self.ann, day, -40))

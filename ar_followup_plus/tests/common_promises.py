"""What the tests of promises to pay share."""

from datetime import timedelta

from odoo.fields import Command

from .common import START
from .common_debt import DebtCommon


class PromiseCommon(DebtCommon):
    """Ann says on the phone when she will pay."""

    @staticmethod
    def day(days):
        return START + timedelta(days=days)

    def promise(self, moves=None, day=10, user=None, **vals):
        """A promise of the customer, as the collector records it."""
        if moves is not None:
            lines = self.receivable(moves)
            vals["move_line_ids"] = [Command.set(lines.ids)]
        Promise = self.env["ar.payment.promise"].with_user(user or self.collector)
        return Promise.create({"date_promised": self.day(day), **vals})

    def waiting(self, moves=None, day=40, **vals):
        """A promise beyond the limits, which waits for an approver."""
        return self.promise(moves if moves is not None else self.bill, day, **vals)

    def holds(self, promise):
        """The promise's holds in force: kind, last day and the part held of each."""
        holds = self.engine["ar.followup.hold"].search(
            [("promise_id", "=", promise.id), ("is_current", "=", True)]
        )
        return [
            (hold.kind, hold.date_to, hold.is_partial and hold.amount) for hold in holds
        ]

    def events(self):
        """Work the marks that events left, as the next tick does."""
        self.engine["ar.followup.mark"]._work(100)
        self.env.invalidate_all()

    def paid(self, moves, amount=None, day=None):
        """A payment, dated today or ``day``, and the tick after it."""
        values = {"payment_date": self.day(day)} if day is not None else {}
        if amount is not None:
            values.update(amount=amount, group_payment=True)
        if "payment_date" not in values:
            payment = self.pay(moves, amount)
        else:
            payment = self._register_payment(moves, **values)
        self.events()
        return payment

    def asked(self):
        """The open activities about promises that were not kept."""
        kind = self.env.ref("ar_followup_plus.mail_activity_type_promise_broken")
        return self.case(self.ann).activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

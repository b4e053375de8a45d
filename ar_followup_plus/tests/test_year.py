from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .common import START, FollowupCommon

WEEKS = 52
TERM = 30  # days from an invoice to its due date
LATE = 45  # days after the due date on which the late customer pays


@tagged("post_install", "-at_install")
class TestYear(FollowupCommon):
    """A year with three customers who get an invoice every Monday.

    One never pays, one pays each invoice 45 days late, one pays half of each on its
    due date. A collector makes the calls and releases the final notices when asked.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.never, cls.late, cls.half = cls.customers = [
            cls.customer(name) for name in ("Never Pays", "Pays Late", "Pays Half")
        ]
        # customer → due day → invoice
        cls.open_invoices = {partner: {} for partner in cls.customers}

    def test_a_year(self):
        import time

        spent = dict(invoices=0, pay=0, tick=0, collector=0)

        def lap(what, t):
            spent[what] += time.clock_gettime(time.CLOCK_MONOTONIC) - t
            return time.clock_gettime(time.CLOCK_MONOTONIC)

        import freezegun.api

        real = freezegun.api.real_perf_counter

        class T:
            pass

        def lap(what, t):
            n = real()
            spent[what] += n - t
            return n

        for day in range(WEEKS * 7):
            t = real()
            self.travel(day)
            if day % 7 == 0:
                self._invoice_everybody(day)
            t = lap("invoices", t)
            self._customers_pay(day)
            t = lap("pay", t)
            self.work_day()
            t = lap("tick", t)
            self._collector_works()
            t = lap("collector", t)
        print(spent)
        for partner in self.customers:
            print(partner.name, self._messages(partner), self._calls(partner))

    def _invoice_everybody(self, day):
        due = day + TERM
        for move in self.invoices(
            [(partner, 100.0, due) for partner in self.customers]
        ):
            self.open_invoices[move.partner_id][due] = move

    def _customers_pay(self, day):
        if day - LATE in self.open_invoices[self.late]:
            self._settle(self.open_invoices[self.late][day - LATE], 100.0)
        if day in self.open_invoices[self.half]:
            self._settle(self.open_invoices[self.half][day], 50.0)

    def _settle(self, invoice, amount):
        """Money on the bank account, matched; quicker than a payment's wizard."""
        debt = self.receivable(invoice)
        bank = self.company_data["default_journal_bank"]
        lines = [
            {"account_id": bank.default_account_id.id, "balance": amount},
            {"account_id": debt.account_id.id, "balance": -amount},
        ]
        entry = (
            self.env["account.move"]
            .with_context(**DISABLED_MAIL_CONTEXT)
            .create(
                {
                    "journal_id": bank.id,
                    "line_ids": [
                        Command.create({**line, "partner_id": debt.partner_id.id})
                        for line in lines
                    ],
                }
            )
        )
        entry.action_post()
        (debt | self.receivable(entry)).reconcile()

    def _collector_works(self):
        """Make the calls of the day and send what waits for a person to read."""
        calls = self.engine["mail.activity"].search(
            [
                ("res_model", "=", "ar.followup.case"),
                ("date_deadline", "<=", fields.Date.today()),
            ]
        )
        if calls:
            calls.with_user(self.collector).action_feedback(feedback="No promise.")
        waiting = self.engine["ar.followup.reminder"].search(
            [("state", "=", "to_review")]
        )
        if waiting:
            waiting.with_user(self.collector).action_send()

    def _messages(self, partner):
        """What reached a customer: (day, level) of each, oldest first."""
        return [
            ((r.date_sent.date() - START).days, r.level_name)
            for r in self.reminders(partner, "sent")
        ]

    def _calls(self, partner):
        """The days on which a customer was called."""
        log = self.case(partner).contact_log_ids.sorted("date")
        calls = log.filtered(lambda entry: entry.channel == "phone")
        return [(entry.date.date() - START).days for entry in calls]

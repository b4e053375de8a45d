from datetime import timedelta

from odoo.tests import tagged

from .common import START, FollowupCommon

WEEKS = 16
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
        # every mail in the order of its arrival: customer → [(day, tone, level)]
        cls.contacts = {partner: [] for partner in cls.customers}
        cls.invoices = {partner: {} for partner in cls.customers}

    def test_a_year(self):
        for day in range(WEEKS * 7):
            self.travel(day)
            if day % 7 == 0:
                self._invoice_everybody(day)
            self._customers_pay(day)
            self.work_day(day)
            self._collector_works(day)
        for partner in self.customers:
            print(partner.name, self.contacts[partner], len(self.received(partner)))

    def _invoice_everybody(self, day):
        for partner in self.customers:
            due = START + timedelta(days=day + TERM)
            self.invoices[partner][day + TERM] = self.invoice(partner, 100.0, due)

    def _customers_pay(self, day):
        if day - LATE in self.invoices[self.late]:
            self.pay(self.invoices[self.late][day - LATE])
        if day in self.invoices[self.half]:
            self.pay(self.invoices[self.half][day], 50.0)

    def _collector_works(self, day):
        today = START + timedelta(days=day)
        for partner in self.customers:
            call = self.call(partner)
            if call and call.date_deadline <= today:
                self.close_call(partner)
            waiting = self.reminders(partner, "to_review")
            if waiting:
                waiting.with_user(self.collector).action_send()
            known = len(self.contacts[partner])
            self.contacts[partner] += [
                (day, r.tone, r.level_name)
                for r in self.reminders(partner, "sent")[known:]
            ]

from itertools import pairwise

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .common import START, FollowupCommon

WEEKS = 52
TERM = 30  # days from an invoice to its due date
LATE = 45  # days after the due date on which the late customer pays
SLOW = 3  # days after the due date on which the third customer pays half


@tagged("post_install", "-at_install")
class TestYear(FollowupCommon):
    """A year with three customers who get an invoice of 100.00 every Monday.

    One never pays, one pays each invoice 45 days late, one pays half of each. A
    collector makes the calls that are planned and releases the final notices.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.never, cls.late, cls.half = cls.customers = [
            cls.customer(name) for name in ("Never Pays", "Pays Late", "Pays Half")
        ]
        # customer → due day → invoice
        cls.owed = {partner: {} for partner in cls.customers}

    def test_a_year(self):
        for day in range(WEEKS * 7):
            self.travel(day)
            if day % 7 == 0:
                self._invoice_everybody(day)
            self._customers_pay(day)
            self.work_day()
            self._collector_works()
        with self.subTest("never pays"):
            self._check_one_ladder(self.never, 100.0)
        with self.subTest("pays half"):
            self._check_one_ladder(self.half, 50.0)
        with self.subTest("pays late"):
            self._check_pays_late()
        for partner in self.customers:
            with self.subTest("everyone", partner=partner.name):
                self._check_restraint(partner)

    # what happens ------------------------------------------------------------

    def _invoice_everybody(self, day):
        due = day + TERM
        moves = self.invoices([(partner, 100.0, due) for partner in self.customers])
        for move in moves:
            self.owed[move.partner_id][due] = move
        # the database knows nothing of rows that are not committed, and would plan as
        # if there were none
        self.env.flush_all()
        self.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_partial_reconcile,"
            " account_payment, ar_followup_item"
        )

    def _customers_pay(self, day):
        payments = [
            (self.owed[partner][due], amount)
            for partner, due, amount in (
                (self.late, day - LATE, 100.0),
                (self.half, day - SLOW, 50.0),
            )
            if due in self.owed[partner]
        ]
        if payments:
            self._settle(payments)

    def _settle(self, payments):
        """Money on the bank account, matched; quicker than a payment's wizard."""
        bank = self.company_data["default_journal_bank"]
        debts = [(self.receivable(move), amount) for move, amount in payments]
        entries = self.env["account.move"].with_context(**DISABLED_MAIL_CONTEXT)
        entries = entries.create(
            [
                {
                    "journal_id": bank.id,
                    "line_ids": [
                        Command.create({**line, "partner_id": debt.partner_id.id})
                        for line in (
                            {
                                "account_id": bank.default_account_id.id,
                                "balance": amount,
                            },
                            {"account_id": debt.account_id.id, "balance": -amount},
                        )
                    ],
                }
                for debt, amount in debts
            ]
        )
        entries.action_post()
        for entry, (debt, _amount) in zip(entries, debts, strict=True):
            (debt | self.receivable(entry)).reconcile()

    def _collector_works(self):
        """Make the calls of the day, and send what waits for a person to read."""
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

    # what became of it -------------------------------------------------------

    def _messages(self, partner):
        """What reached a customer: (day, name of the level) of each, in order."""
        return [
            ((reminder.date_sent.date() - START).days, reminder.level_name)
            for reminder in self.reminders(partner, "sent")
        ]

    def _calls(self, partner):
        """The days on which a customer was called."""
        log = self.case(partner).contact_log_ids.sorted("date")
        calls = log.filtered(lambda entry: entry.channel == "phone")
        return [(entry.date.date() - START).days for entry in calls]

    def _check_one_ladder(self, partner, open_each):
        """Who never pays in full climbs the ladder once; then a person decides."""
        messages = self._messages(partner)
        self.assertEqual(
            messages,
            [
                (TERM - 3, "Courtesy note"),
                (TERM + 3, "Friendly reminder"),
                (TERM + 14, "Second reminder"),
                (TERM + 30, "Firm reminder"),
                (TERM + 90, "Final notice"),
            ],
        )
        self.assertEqual(
            self._calls(partner),
            [TERM + 30 + 7, TERM + 60],
            "the call that the firm reminder announced, and the negotiation",
        )
        self.assertLess(len(messages) + len(self._calls(partner)), 10)
        self.assertEqual(
            self.reminders(partner, "sent").mapped("tone"),
            ["courtesy", "friendly", "friendly", "firm", "final"],
        )
        self.assertEqual(self.case(partner).reason, "ladder_done")
        self.assertEqual(self.case(partner).state, "todo")
        final = self.reminders(partner, "sent")[-1].line_ids
        overdue = [due for due in self.owed[partner] if due < TERM + 90]
        self.assertEqual(len(final), len(overdue), "it lists everything overdue")
        self.assertEqual(set(final.mapped("amount_asked")), {open_each})

    def _check_pays_late(self):
        """Who pays on day 45 is reminded of the newest debt, and no notice is final.

        The firm step is due from day 30 on, and not again within 30 days; halfway
        the invoices behind it are due for the second one.
        """
        messages = self._messages(self.late)
        begin = TERM + 30
        self.assertEqual(
            messages[:3],
            [
                (TERM - 3, "Courtesy note"),
                (TERM + 3, "Friendly reminder"),
                (TERM + 14, "Second reminder"),
            ],
        )
        names = ("Firm reminder", "Second reminder")
        self.assertEqual(
            messages[3:],
            [
                (day, names[number % 2])
                for number, day in enumerate(range(begin, WEEKS * 7, 15))
            ],
        )
        firm = [day for day, name in messages if name == "Firm reminder"]
        self.assertEqual(
            self._calls(self.late),
            [day + 7 for day in firm if day + 7 < WEEKS * 7],
            "one call for each letter that announced one, none for negotiation",
        )

    def _check_restraint(self, partner):
        """What holds for everyone, whatever they do."""
        self.assertEqual(
            [mail.subject for mail in self.received(partner)],
            self.reminders(partner, "sent").mapped("subject"),
            "what the books say was sent is what arrived",
        )
        contacts = sorted(
            [day for day, _name in self._messages(partner)] + self._calls(partner)
        )
        gap = self.policy.min_gap_days
        for before, after in pairwise(contacts):
            self.assertGreaterEqual(after - before, gap, contacts)
        for before, after in pairwise(self.reminders(partner, "sent")):
            self.assertGreater(after.date_sent.date(), before.date_answer or START)

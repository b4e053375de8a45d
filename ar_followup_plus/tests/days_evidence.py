"""What really happened, told from outside, and what must hold of it on every day.

The evidence is what the mail server accepted and what the ledger says; it is held
against what follow-up wrote down about itself. Each check yields one sentence for each
customer, mail or day that breaks its rule. None of them asks the engine anything, so
they know the rules from the design and not from the code.

Used by the tests of random days and, on real transactions, by `make soak`.
"""

import re
from collections import Counter, defaultdict
from datetime import date, datetime
from typing import NamedTuple

from .days_checks import DAY_CHECKS, MAIL_CHECKS, check_nothing_stuck

#: how the customers' addresses end; all others are colleagues
CUSTOMERS = "@customer.example"
#: an invoice's name, wherever a mail says it
INVOICE_NAME = re.compile(r"\bINV/\d+/\d+\b")


class Arrival(NamedTuple):
    """A mail the server accepted for one recipient; ``invoices`` it names."""

    day: date
    to: str
    message_id: str
    invoices: frozenset


class Logged(NamedTuple):
    """What follow-up says of the message of a mail."""

    id: int
    state: str
    tone: str
    case: int
    partner: int
    email: str
    invoices: frozenset
    entries: int  # in the contact log


class Evidence:
    """All that was seen so far. ``look`` after whatever may send mails.

    :param mails: the mail server's growing list of what it accepted
    :param patience: days for which a queued reminder may stay without a new try
    :ivar is_down: whether the mail server answers nobody
    :ivar found: (name of the check, what is wrong), of all checks so far
    """

    def __init__(self, env, company, mails, patience=0):
        self.env, self.company, self.mails = env, company, mails
        self.patience = patience
        self.first_day = self.today = self.since = date.today()
        self.is_down = False
        self.read = 0
        self.found = []
        self.counted = Counter()  # things looked at, by name of the check
        self.arrived = Counter()  # (message id, recipient)
        self.days = {}  # message id → day of its arrival
        self.received = defaultdict(list)  # partner → [(day, message id)]
        self.called = defaultdict(set)  # item → levels it climbed with a call
        self.unsettled = {}  # message id → recipient, while nobody knows
        self.new, self.logged, self.stood = [], {}, {}
        self.ranks = self._ranks()

    # looking -----------------------------------------------------------------

    def look(self):
        """Read what arrived since the last look, and hold it against the books."""
        self.env.flush_all()
        self.now = datetime.now()
        self.today = self.now.date()
        self.new = [
            Arrival(self.today, to.lower(), *self._words(mail.message))
            for mail in self.mails[self.read :]
            for to in mail.recipients
            if to.lower().endswith(CUSTOMERS)
        ]
        self.read = len(self.mails)
        for mail in self.new:
            self.arrived[mail.message_id, mail.to] += 1
            self.days.setdefault(mail.message_id, mail.day)
        self.logged = self._logged()
        self._check(MAIL_CHECKS)
        for mail in self.new:
            if mail.message_id in self.logged:
                partner = self.logged[mail.message_id].partner
                self.received[partner].append((mail.day, mail.message_id))
        self.since = self.today

    def unfinished(self):
        """What a later tick of the day has to go on with."""
        return list(check_nothing_stuck(self, patience=0))

    def end_day(self):
        """What must hold once the day's last tick is over."""
        self.env.flush_all()
        self._check(DAY_CHECKS)

    def _check(self, checks):
        for name, check in checks.items():
            for text in check(self):
                self.found.append((name, f"{self.today}: {text}"))

    @staticmethod
    def _words(message):
        part = message.get_body(("html", "plain"))
        text = part.get_content() if part else ""
        return message["Message-Id"].strip(), frozenset(INVOICE_NAME.findall(text))

    # the books ---------------------------------------------------------------

    def rows(self, query, *values):
        self.env.cr.execute(query, values)
        return self.env.cr.fetchall()

    def _ranks(self):
        """Place of each level on the ladder that asks, 0 for courtesy."""
        levels = self.rows(
            "SELECT id, policy_id, tone FROM ar_followup_level"
            " WHERE active ORDER BY policy_id, delay_days"
        )
        ranks, policy_ranks = {}, Counter()
        for level, policy, tone in levels:
            policy_ranks[policy] += tone != "courtesy"
            ranks[level] = policy_ranks[policy] if tone != "courtesy" else 0
        return ranks

    def _logged(self):
        """What is on record of the new mails, the open ones and those of late."""
        wanted = [mail.message_id for mail in self.new] + list(self.unsettled)
        rows = self.rows(
            """
            SELECT message.message_id, reminder.id, reminder.state, reminder.tone,
                   reminder.case_id, own_case.partner_id, lower(reminder.email_to),
                   ARRAY(SELECT line.name FROM ar_followup_reminder_line line
                          WHERE line.reminder_id = reminder.id),
                   (SELECT count(*) FROM ar_contact_log entry
                     WHERE entry.reminder_id = reminder.id
                       AND entry.direction = 'out' AND entry.outcome = 'sent')
              FROM ar_followup_reminder reminder
              JOIN ar_followup_case own_case ON own_case.id = reminder.case_id
              JOIN mail_message message ON message.id = reminder.message_id
             WHERE message.message_id = ANY(%s) OR reminder.date_sent >= %s
            """,
            wanted,
            self.since,
        )
        return {
            message_id: Logged(*row[:-2], frozenset(row[-2]), row[-1])
            for message_id, *row in rows
        }

    def new_reminders(self):
        """(mail, what is on record) of the mails since the last look."""
        for mail in self.new:
            if mail.message_id in self.logged:
                yield mail, self.logged[mail.message_id]

    def came(self, message_id):
        return message_id in self.days

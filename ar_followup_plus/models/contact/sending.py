"""What a hand-over knows of its time, its mail servers and the mail under way.

Odoo's own sending reports to these through the context, see ``ir.mail_server``.
"""

import smtplib
import time
from collections import Counter

TIME_LIMIT = 120  # seconds a hand-over may take in all: Odoo ends what takes longer
PATIENCE = 60  # seconds one mail may take: with less left, none is begun
ANSWERS = 4  # a server gives one mail so many: to sender, recipient, text and end
# So many customers in a row whom the server asks to come back later: it means us.
REFUSALS_IN_A_ROW = 5


class Sending:
    """Mails handed over one after the other, by a tick or by whoever pressed Send.

    :ivar down: dict id of a mail server (False: the configured one) → what it said;
        it is left in peace until the next tick
    :ivar troubled: dict id of a company whose mails wait for such a server → the same
    :ivar delivered: ids of the companies of which a mail was accepted
    :ivar accepted: number of mails accepted
    """

    def __init__(self, end=None):
        self.end = end or time.monotonic() + TIME_LIMIT
        self.down = {}
        self.troubled = {}
        self.delivered = set()
        self.accepted = 0
        self._refusals = Counter()
        self._took_mails = False

    @property
    def has_time(self):
        return self.seconds_left >= PATIENCE

    @property
    def seconds_left(self):
        return self.end - time.monotonic()

    def begin(self):
        """A new connection."""
        self._took_mails = False

    def note(self, server, session, delivery, company):
        """Learn from one mail whether the server is worth another one.

        A connection that took mails and then ended is no trouble: many servers take
        only so many at a time. One that took none, or fell silent, is.
        """
        if delivery.accepted:
            self.accepted += 1
            self.delivered.add(company)
            self._took_mails = True
            self._refusals[server] = 0
        if delivery.asks_us_to_wait:
            self._refusals[server] = REFUSALS_IN_A_ROW
        elif delivery.is_temporary:
            self._refusals[server] += 1
        lost = session.sock is None and not self._took_mails
        silent = isinstance(delivery.error, TimeoutError)
        if lost or silent or self._refusals[server] >= REFUSALS_IN_A_ROW:
            self.down[server] = answer(delivery.error)
            self.note_trouble(company, server)

    def note_trouble(self, company, server):
        """Mails of this company wait for this server."""
        if server in self.down:
            self.troubled[company] = self.down[server]


class Delivery:
    """One mail at the mail server.

    :ivar accepted: the server took it, for the customer
    :ivar under_way: its text went over the line; if the connection breaks now,
        nobody can know whether it arrived
    :ivar error: what went wrong
    """

    def __init__(self, addresses):
        self.addresses = frozenset(addresses)
        self.accepted = False
        self.under_way = False
        self.error = None

    def watch(self, session, seconds):
        """Notice when the text goes over the line; wait so long for the answers."""

        def data(message):
            self.under_way = True
            return type(session).data(session, message)

        session.data = data
        if session.sock:
            session.sock.settimeout(min(session.timeout, seconds / ANSWERS))

    @property
    def is_unanswered(self):
        """The text went over the line, and what came then was no answer to it."""
        return (
            self.under_way
            and not self.accepted
            and self.error is not None
            and not isinstance(self.error, smtplib.SMTPResponseException)
        )

    @property
    def is_temporary(self):
        """The server asks to try again later (4xx), as a greylist does."""
        return any(400 <= code < 500 for code, _text in _answers(self.error))

    @property
    def asks_us_to_wait(self):
        """It does so before it heard of a customer. (421: it ends the connection.)"""
        return (
            isinstance(self.error, smtplib.SMTPSenderRefused)
            and self.is_temporary
            and self.error.smtp_code != 421
        )

    @property
    def kind(self):
        """What kind of failure it is, where the error says so; else None."""
        if self.is_temporary:
            return "temporary"
        if isinstance(self.error, smtplib.SMTPRecipientsRefused):
            return "refused_address"
        if isinstance(self.error, OSError) and not isinstance(
            self.error, smtplib.SMTPResponseException | smtplib.SMTPNotSupportedError
        ):
            return "mail_smtp"
        return None


def answer(error):
    """What the server said, else what the system says."""
    said = [f"{code} {text}" for code, text in _answers(error)]
    return ", ".join(said) or " ".join(str(error).split())


def _answers(error):
    """The answers within an SMTP error: list of (code, text)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = error.recipients.values()
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    else:
        answers = []
    return [
        (code, text.decode(errors="replace") if isinstance(text, bytes) else text)
        for code, text in answers
    ]

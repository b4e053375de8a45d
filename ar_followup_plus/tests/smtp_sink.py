"""A real SMTP server on localhost, so that tests see what leaves and no less."""

import email
import email.policy
import logging
import socket
from typing import NamedTuple

from aiosmtpd.controller import Controller

# It tells every line of every connection, which drowns what a test has to say.
logging.getLogger("mail.log").setLevel(logging.WARNING)

LOCALHOST = "127.0.0.1"


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return probe.getsockname()[1]


class Mail(NamedTuple):
    """One accepted mail: the envelope's recipients and the parsed message."""

    recipients: tuple
    message: email.message.EmailMessage

    @property
    def html(self):
        """The text as a customer's mail program shows it."""
        part = self.message.get_body(("html", "plain"))
        return part.get_content() if part else ""

    @property
    def subject(self):
        return str(self.message["Subject"])


class SmtpSink(Controller):
    """Keeps what it accepts in ``mails``; ``with SmtpSink() as sink:``.

    :ivar refused: addresses answered with 550, as a server does that knows better
    :ivar hung_up: addresses after whose mail the line goes dead without an answer
    """

    def __init__(self):
        self.mails = []
        self.refused = set()
        self.hung_up = set()
        super().__init__(self, hostname=LOCALHOST, port=free_port())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def reset(self):
        """Forget the mails and the faults of the last test."""
        self.mails.clear()
        self.refused.clear()
        self.hung_up.clear()

    # what the server asks its handler

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        if self.hung_up.intersection(envelope.rcpt_tos):
            server.transport.abort()
            return "421 going away"
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        self.mails.append(Mail(tuple(envelope.rcpt_tos), message))
        return "250 kept"

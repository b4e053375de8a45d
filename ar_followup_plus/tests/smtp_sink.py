"""A real SMTP server on localhost, so that tests see what leaves and no less."""

import asyncio
import email
import email.policy
import logging
import socket
from typing import NamedTuple

from aiosmtpd.controller import Controller

# It tells every line of every connection, which drowns what a test has to say.
logging.getLogger("mail.log").setLevel(logging.WARNING)

LOCALHOST = "127.0.0.1"
FOREVER = 3600  # seconds


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
    :ivar later: addresses answered with 450, as a greylist does
    :ivar hung_up: addresses after whose mail the line goes dead without an answer
    :ivar rejected: addresses whose mail is read, then answered with 554
    :ivar a_connection: mails it takes over one connection, then 421; None: all
    :ivar sender_answer: its answer to MAIL FROM, when it takes nothing from us
    :ivar drops_at: "MAIL" or "DATA": there the line goes dead, after ``good`` mails
    :ivar silent_at: "MAIL" or "DATA": there it falls silent, after ``good`` mails
    :ivar connections: how often somebody connected and said hello
    """

    def __init__(self):
        self.mails = []
        self.refused = set()
        self.later = set()
        self.hung_up = set()
        self.rejected = set()
        self.reset()
        super().__init__(self, hostname=LOCALHOST, port=free_port())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def reset(self):
        """Forget the mails and the faults of the last test."""
        for kept in (self.mails, self.refused, self.later, self.hung_up, self.rejected):
            kept.clear()
        self.a_connection = self.sender_answer = None
        self.drops_at = self.silent_at = None
        self.good = 0
        self.connections = 0

    # what the server asks its handler

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        session.host_name = hostname
        session.taken = 0
        self.connections += 1
        return responses

    async def handle_MAIL(self, server, session, envelope, address, _options):
        if self.a_connection is not None and session.taken >= self.a_connection:
            return "421 4.7.0 too many messages in this connection"
        if self.sender_answer and len(self.mails) >= self.good:
            return self.sender_answer
        await self._fault("MAIL", server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        if address in self.later:
            return "450 4.2.0 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self._fault("DATA", server)
        if self.hung_up.intersection(envelope.rcpt_tos):
            server.transport.abort()
            return "421 going away"
        if self.rejected.intersection(envelope.rcpt_tos):
            return "554 5.7.1 looks like spam"
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        self.mails.append(Mail(tuple(envelope.rcpt_tos), message))
        session.taken += 1
        return "250 kept"

    async def _fault(self, place, server):
        if len(self.mails) < self.good:
            return
        if self.drops_at == place:
            server.transport.abort()
        if self.silent_at == place:
            await asyncio.sleep(FOREVER)


class SilentServer:
    """Takes connections and never says a word; ``with SilentServer() as server:``."""

    def __enter__(self):
        self.socket = socket.create_server((LOCALHOST, 0))
        self.port = self.socket.getsockname()[1]
        return self

    def __exit__(self, *_error):
        self.socket.close()

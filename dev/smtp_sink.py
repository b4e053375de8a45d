"""A real SMTP server on localhost that keeps each mail it accepts as a file.

The demo and the tests send through it, so that what leaves Odoo went over a
connection, with an envelope, and can be opened in any mail program.
"""

import argparse
import contextlib
import email
import email.policy
import itertools
import logging
import re
import signal
import socket
import time
import unicodedata
from pathlib import Path

from aiosmtpd.controller import Controller

# It tells every line of every connection, which drowns what a test has to say.
logging.getLogger("mail.log").setLevel(logging.WARNING)


def slug(text, longest=60):
    """`text` as a part of a file name: plain letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:longest].rstrip("-")


class Folder:
    """The handler of accepted mails: one `.eml` file each.

    Addresses that match `refused` do not exist here, as a server would say.
    """

    def __init__(self, folder, refused=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.refused = refused and re.compile(refused)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self.refused and self.refused.search(address):
            return "550 no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        """Answer only when the file is complete: accepted must mean kept."""
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        try:
            self._write(self._name(envelope, mail), envelope.content)
        except OSError as error:
            return f"452 cannot keep the mail: {error.strerror}"
        return "250 kept"

    def _name(self, envelope, mail):
        now = time.strftime("%Y%m%d-%H%M%S")
        to = slug(", ".join(envelope.rcpt_tos).replace("@", " at "))
        return f"{now}_{to or 'nobody'}_{slug(mail['subject']) or 'no-subject'}"

    def _write(self, name, content):
        """Write under a name no other mail has; one of several in a second counts up.

        A reader of the folder never sees half a mail: the name is taken with a hidden
        file and given to the full one by a rename.
        """
        for number in itertools.count(1):
            target = self.folder / f"{name}{f'-{number}' if number > 1 else ''}.eml"
            partial = target.with_name(f".{target.name}.partial")
            if target.exists():
                continue
            with contextlib.suppress(FileExistsError), open(partial, "xb") as out:
                out.write(content)
                partial.rename(target)
                return target


class MailFolder(Controller):
    """An SMTP server in a thread of its own; `with MailFolder(folder) as server:`.

    Without a port it takes a free one, found in `server.port`.
    """

    def __init__(self, folder, port=None, host="127.0.0.1", refused=None):
        super().__init__(
            Folder(folder, refused), hostname=host, port=port or _free_port(host)
        )

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    @property
    def mails(self):
        """The files of the mails accepted so far, oldest first."""
        return sorted(self.handler.folder.glob("*.eml"))


def _free_port(host):
    # Port 0 would do for the system, but the controller probes the number it is given.
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def main():
    """Serve until a signal asks to stop."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--dir", required=True, help="folder for the mails")
    options.add_argument("--port", type=int, help="port (default: a free one)")
    options.add_argument("--refuse", help="refuse addresses that match this pattern")
    given = options.parse_args()
    signals = {signal.SIGINT, signal.SIGTERM}
    # Blocked before the thread starts, so that the wait below is what gets them.
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        with MailFolder(given.dir, given.port, refused=given.refuse) as server:
            print(f"SMTP on {server.hostname}:{server.port}, mails in {given.dir}")
            signal.sigwait(signals)
    except OSError as error:
        raise SystemExit(f"✗ SMTP port {given.port}: {error.strerror}") from None


if __name__ == "__main__":
    main()

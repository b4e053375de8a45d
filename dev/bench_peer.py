"""The peer of `make bench`: another dunning addon, installed by pip, on the same books.

It is there for measuring only. What is used of it are the buttons that its manual
names; it lives in a folder and databases of its own, and nothing depends on it.
"""

import os
import sys

from ground import postgres
from ground.core import CACHE, CLONE, STATE, Stop, built, key, run, say

NAME = "account_credit_control"
WANTED = CLONE / "dev" / "requirements-peer.txt"
PDFS = 10  # customers whose mail it makes as delivered, with a PDF


class Peer:
    """The peer's addons folder and its databases."""

    def __init__(self, bench, folder):
        self.bench = bench
        self.base = postgres.database("bench_peer")
        self.book = postgres.database("bench_peer_book")
        self.config = bench.ground.configure(
            self.base, max_cron_threads=0, addons_path=folder / "odoo" / "addons"
        )

    @classmethod
    def get(cls, bench):
        """The peer, installed; None, after saying so, where it cannot be had."""
        try:
            peer = cls(bench, _folder(bench.ground.python))
            say(f"{NAME}: installing it in a database of its own")
            bench.ground.fresh(peer.base)
            log = STATE / "bench-peer-install.log"
            bench.ground.install(peer.config, log, "--no-http", "-i", NAME)
        except Stop as stop:
            say(f"no side by side with {NAME}: {stop}")
            return None
        return peer

    def measure(self, size, mails):
        """What it took on a book of `size` open invoices: dict by step."""
        say(f"{NAME}: the same book for it, and its day")
        ground = self.bench.ground
        ground.drop(self.book)
        ground.postgres.copy(self.base, self.book)
        self._step("bench_fill.fill", size)
        return {
            "first_day": self._step("bench_peer_steps.listing"),
            "queued_pdf": self._step("bench_peer_steps.queued_mails", PDFS, 1),
            "queued": self._step("bench_peer_steps.queued_mails", mails, 0),
        }

    def _step(self, *arguments):
        return self.bench.step(*arguments, config=self.config, book=self.book)


def _folder(python):
    """Where pip has put the peer: a folder in the cache, apart from every other."""
    stamp = key(WANTED.read_text(), sys.version)
    return built(CACHE / "peer" / stamp, lambda folder: _install(python, folder))


def _install(python, folder):
    pip = [python, "-m", "pip", "install", "-q", "--no-deps", "--target", folder]
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(*pip, "-r", WANTED, what=f"pip install of {NAME}", env=quiet)

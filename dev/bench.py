"""`make bench`: what the day's follow-up costs, on books of several sizes.

SCALE=100000 adds a book of 100,000 open invoices to those of 2,000 and 20,000. Each
book is a database of its own, each measured step a process of its own (bench_odoo.py).
Beside ours, another dunning addon works the same books (bench_peer.py). Then the number
of customers grows, and at last a day goes wrong on purpose (bench_drill.py).
"""

import contextlib
import json
import os
import subprocess
import tempfile
import time

import bench_drill
import bench_report
from bench_peer import Peer
from ground import postgres
from ground.core import ADDON, CLONE, CLONE_KEY, STATE, Stop, command, say
from ground.server import Ground, free_port, port_is_free

SIZES = (2_000, 20_000)  # open invoices
LARGEST_OF_PEER = 20_000  # it takes minutes there, and more than in proportion
MAILS = 500  # of the steps that are measured mail by mail
CUSTOMERS = (100, 1_000, 10_000)  # whether the cost of each stays the same
DRILL_CUSTOMERS = 1_000
INVOICES_EACH = 2  # of these customers: their number is what counts
LOG = STATE / "bench.log"


def main():
    sizes = sorted({*SIZES, *_scale()})
    bench = Bench()
    try:
        bench.install()
        peer = Peer.get(bench)
        for size in sizes:
            ours = bench.measure(size)
            print(bench_report.table(size, ours), flush=True)
            if peer and size <= LARGEST_OF_PEER:
                theirs = peer.measure(size, MAILS)
                print(bench_report.side_by_side(size, ours, theirs), flush=True)
        grown = {count: bench.measure_growth(count) for count in CUSTOMERS}
        print(bench_report.growth(grown), flush=True)
        bench_drill.work(bench, DRILL_CUSTOMERS)
    finally:
        bench.drop()


def _scale():
    given = os.environ.get("SCALE", "")
    if given and (not given.isdigit() or int(given) < 100):
        raise Stop(f"SCALE={given} is no number of invoices: take one from 100 on")
    return [int(given)] if given else []


class Bench:
    """The databases and processes of one run."""

    def __init__(self):
        self.ground = Ground()
        self.base = postgres.database("bench")
        self.book = postgres.database("bench_book")
        self.config = self.ground.configure(self.base, max_cron_threads=0)

    def install(self):
        self.ground.fresh(self.base)
        say(f"{ADDON}: installing it in the bench database")
        log = STATE / "bench-install.log"
        self.ground.install(self.config, log, "--no-http", "-i", ADDON)
        LOG.write_text("")

    def drop(self):
        """Drop the databases of this clone's benches, the peer's too."""
        for name in self.ground.postgres.names("ar_followup_bench"):
            if name.endswith(CLONE_KEY):
                self.ground.drop(name)

    def fill(self, invoices, customers=0):
        """Make the book; by default with five open invoices a customer."""
        self.ground.drop(self.book)
        self.ground.postgres.copy(self.base, self.book)
        return self.step("bench_fill.fill", invoices, customers)

    def measure(self, size):
        """What each step took on a book of `size` open invoices: dict by name."""
        say(f"a book of {size:,} open invoices: making it")
        result = self.fill(size)
        say("measuring the day")
        for day in ("first_day", "unchanged_day"):
            result[day] = self.step("bench_steps.decide")
        result["prepare"] = self.step("bench_steps.prepare")
        result["send_mail_batch"] = self.step("bench_steps.send_mail_batch", MAILS)
        with self.mail_server() as (port, _folder):
            send = ("bench_steps.odoo_send", MAILS // 5, port)
            result["odoo_send"] = self.step(*send)
            result["hand_over"] = self.step("bench_steps.hand_over", MAILS, port)
        return result

    def measure_growth(self, customers):
        """What each of so many customers takes: dict by step."""
        say(f"{customers:,} customers: making their book, measuring the day")
        self.fill(customers * INVOICES_EACH, customers)
        result = {"decide": self.step("bench_steps.decide")}
        result["prepare"] = self.step("bench_steps.prepare")
        with self.mail_server() as (port, _folder):
            result["hand_over"] = self.step("bench_steps.hand_over", MAILS, port)
        return result

    def step(self, name, *arguments, **place):
        """Run a step, `module.function`, in a process of its own; return its result."""
        process = self.start(name, *arguments, **place)
        output, _nothing = process.communicate()
        if process.returncode:
            raise Stop(f"the step {name} failed; why is at the end of {LOG}")
        return json.loads(output.splitlines()[-1])

    def start(self, name, *arguments, config=None, book=None):
        """Start a step; what it prints can be read from the process."""
        script = CLONE / "dev" / "bench_odoo.py"
        line = [self.ground.python, script, config or self.config, book or self.book]
        with open(LOG, "a") as log:
            return subprocess.Popen(
                list(map(str, [*line, name, *arguments])),
                env=self.ground.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    @contextlib.contextmanager
    def mail_server(self, *options):
        """A local SMTP server, a process of its own: its port and its mails' folder."""
        port = free_port()
        script = CLONE / "dev" / "smtp_sink.py"
        with tempfile.TemporaryDirectory() as folder:
            line = [script, "--dir", folder, "--port", str(port), *options]
            server = subprocess.Popen(
                [self.ground.python, *line],
                env=self.ground.environment,
                stdout=subprocess.DEVNULL,
            )
            try:
                while port_is_free(port) and server.poll() is None:
                    time.sleep(0.1)
                yield port, folder
            finally:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    command(main)

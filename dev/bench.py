"""`make bench`: what the day's follow-up costs, on books of several sizes.

SCALE=100000 adds a book of 100,000 open invoices to those of 2,000 and 20,000. Each
book is a database of its own, each measured step a process of its own (bench_odoo.py).
"""

import contextlib
import json
import os
import subprocess
import tempfile
import time

import bench_report
from ground import postgres
from ground.core import ADDON, CLONE, STATE, Stop, command, say
from ground.server import Ground, free_port, port_is_free

SIZES = (2_000, 20_000)  # open invoices
MAILS = 500  # of the steps that are measured mail by mail
LOG = STATE / "bench.log"


def main():
    sizes = sorted({*SIZES, *_scale()})
    bench = Bench()
    try:
        bench.install()
        for size in sizes:
            print(bench_report.table(size, bench.measure(size)), flush=True)
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
        for name in (self.base, self.book):
            self.ground.drop(name)

    def measure(self, size):
        """What each step took on a book of `size` open invoices: dict by name."""
        say(f"a book of {size:,} open invoices: making it")
        self.ground.drop(self.book)
        self.ground.postgres.copy(self.base, self.book)
        result = self._step("fill", size)
        say("measuring the day")
        for day in ("first_day", "unchanged_day"):
            result[day] = self._step("decide")
        result["prepare"] = self._step("prepare")
        result["send_mail_batch"] = self._step("send_mail_batch", MAILS)
        with self._mail_server() as port:
            result["odoo_send"] = self._step("odoo_send", MAILS // 5, port)
            result["hand_over"] = self._step("hand_over", MAILS, port)
        return result

    def _step(self, name, *arguments):
        """Run a step of bench_steps.py in a process of its own; return its result."""
        script = CLONE / "dev" / "bench_odoo.py"
        line = [self.ground.python, script, self.config, self.book, name, *arguments]
        with open(LOG, "a") as log:
            done = subprocess.run(
                list(map(str, line)),
                env=self.ground.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                check=False,
            )
        if done.returncode:
            raise Stop(f"the step {name} failed; why is at the end of {LOG}")
        return json.loads(done.stdout.splitlines()[-1])

    @contextlib.contextmanager
    def _mail_server(self):
        """A local SMTP server, a process of its own as mail servers are."""
        port = free_port()
        script = CLONE / "dev" / "smtp_sink.py"
        with tempfile.TemporaryDirectory() as folder:
            server = subprocess.Popen(
                [self.ground.python, script, "--dir", folder, "--port", str(port)],
                env=self.ground.environment,
                stdout=subprocess.DEVNULL,
            )
            try:
                while port_is_free(port) and server.poll() is None:
                    time.sleep(0.1)
                yield port
            finally:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    command(main)

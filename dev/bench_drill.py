"""The failure drill of `make bench`: a day on which what can break does.

One address in twenty is refused, one customer in a hundred has a value the template
cannot show, and half-way through, the process is killed with SIGKILL and started again.
What the mail server accepted is then held against what the addon says it sent.
"""

import email
import re
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from ground.core import Stop, say

REFUSED = "refused-"  # how the addresses begin that the mail server refuses
KILL_AT = 0.4  # of the customers' mails accepted
WAIT = 0.02  # seconds between two looks at what was accepted


class Outcome(NamedTuple):
    """What became of the day.

    :param due: addresses of the customers who were to be reminded
    :param states: what the addon says of each reminder: list of (address, state)
    :param received: address → mails that the server accepted
    :param broken: addresses that no mail can or must reach
    """

    due: frozenset
    states: tuple
    received: Counter
    broken: frozenset

    @property
    def by_state(self):
        return Counter(state for _address, state in self.states)

    @property
    def twice(self):
        return {address for address, count in self.received.items() if count > 1}

    @property
    def lost(self):
        """Who got nothing, and no row says so for a person to see."""
        told = {
            address
            for address, state in self.states
            if state in ("failed", "bounced", "unknown")
        }
        return self.due - set(self.received) - told

    @property
    def untrue(self):
        """Where the addon says sent and nothing came, or the other way round."""
        sent = {address for address, state in self.states if state == "sent"}
        unsure = {address for address, state in self.states if state == "unknown"}
        return (sent ^ set(self.received)) - unsure

    def problems(self):
        """What must not happen and did, in words."""
        found = {
            "got two mails": self.twice,
            "got none, and nobody is told": self.lost,
            "got something else than the addon says": self.untrue,
            "got a mail that could not be written or delivered": (
                self.broken & set(self.received)
            ),
        }
        for what, addresses in found.items():
            if addresses:
                some = ", ".join(sorted(addresses)[:3])
                yield f"{len(addresses)} customers {what}: {some}"
        if self.by_state["unknown"] > 1:
            yield f"{self.by_state['unknown']} unknown: one process leaves at most one"
        if not self.due:
            yield "nobody was to be reminded: the drill showed nothing"


def work(bench, customers):
    """Work such a day; print what became of it.

    :raises Stop: when somebody got two mails, or none without being told of
    """
    say(f"failure drill with {customers:,} customers: making their book")
    bench.fill(customers * 2, customers)
    broken = bench.step("bench_drill_steps.break_some")
    with bench.mail_server("--refuse", f"^{REFUSED}") as (port, folder):
        say("the day; killed in the middle; the rest of the day")
        start = time.monotonic()
        _kill_in_the_middle(bench, port, folder, customers * KILL_AT)
        at_kill = len(_mails(folder))
        bench.step("bench_drill_steps.work", port)
        seconds = time.monotonic() - start
        told = bench.step("bench_drill_steps.outcome")
        received = Counter(_addressee(path) for path in _mails(folder))
    outcome = Outcome(
        frozenset(told["due"]),
        tuple(map(tuple, told["states"])),
        received,
        frozenset(broken["refused"] + broken["unreadable"]),
    )
    print(_report(outcome, broken, at_kill, seconds), flush=True)
    problems = list(outcome.problems())
    if problems:
        raise Stop(f"the failure drill failed: {'; '.join(problems)}")


def _kill_in_the_middle(bench, port, folder, mails):
    process = bench.start("bench_drill_steps.work", port)
    with process:
        while process.poll() is None and len(_mails(folder)) < mails:
            time.sleep(WAIT)
        if process.poll() is not None:
            raise Stop("the failure drill ended before it was killed: see bench.log")
        process.kill()


def _mails(folder):
    return list(Path(folder).glob("*.eml"))


def _addressee(path):
    """Whom an accepted mail is addressed to."""
    with open(path, "rb") as mail:
        to = email.message_from_binary_file(mail)["To"]
    return re.search(r"[\w.-]+@[\w.-]+", to)[0]


def _report(outcome, broken, at_kill, seconds):
    states = outcome.by_state
    rows = [
        ("to be reminded", len(outcome.due)),
        ("sent", states["sent"]),
        ("failed, for a person to see", states["failed"]),
        ("  addresses the mail server refuses", len(broken["refused"])),
        ("  values the template cannot show", len(broken["unreadable"])),
        ("unknown (at most 1: killed while it left)", states["unknown"]),
        ("mails accepted before the process was killed", at_kill),
        ("mails accepted in all", sum(outcome.received.values())),
        ("twice (must be 0)", len(outcome.twice)),
        ("lost (must be 0)", len(outcome.lost)),
        ("seconds, with the start of two processes", round(seconds)),
    ]
    lines = [f"{name:58}{count:>10,}" for name, count in rows]
    return "\n".join(["\nfailure drill: broken addresses, values, one kill -9", *lines])

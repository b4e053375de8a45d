"""The soak: a company's days with many customers, bad luck and people at work.

Everything is committed as in real life, and the processes of the scheduled action die
at any commit. After everything that may send mails, what the customers received is
held against the books (the same evidence as in the tests of random days).
"""

import contextlib
import logging
import math
from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import soak_report
from soak_books import TERM, Books
from soak_odoo import memory, seconds
from soak_people import People

import odoo
from odoo import api
from odoo.sql_db import Cursor

from odoo.addons.ar_followup_plus.tests.days_evidence import Evidence
from odoo.addons.ar_followup_plus.tests.smtp_sink import SmtpSink, free_port

_logger = logging.getLogger(__name__)

START = date(2026, 1, 5)  # a Monday
#: How customers pay: share of them, days from the due date (from, to), share paid.
PAYERS = (
    (0.60, (-5, 2), (1.0,)),
    (0.22, (4, 25), (1.0,)),
    (0.10, (20, 75), (1.0,)),
    (0.05, (5, 30), (0.5, 1.0)),  # in two parts
    (0.03, (0, 0), ()),  # never
)
INVOICE_EVERY = (14, 60)  # days, by customer
SHARE = {
    "credit": 0.01,  # credit notes nobody matches, for each invoice
    "taken_back": 0.005,  # payments the bank takes back
    "dispute": 0.02,  # holds, for each invoice
    "refused": 0.03,  # customers whose address is wrong at first
    "down": 0.02,  # days without a mail server
    "deadly": 0.1,  # days on which processes die
}
HANG_UPS = 2  # customers a day during whose mails the line goes dead
DEADLY_COMMITS = 12  # after so many of a tick's commits it dies, on average
TICKS = 6  # in a row, while something is left to do
PATIENCE = 7  # days after which nothing may still wait in the queue


class Killed(BaseException):
    """The process died. No `except Exception` survives it, as with kill -9."""


class Soak(People):
    """The world; ``live`` one day after the other.

    :ivar found: what the checks found
    """

    def __init__(self, registry, clock, customers):
        self.registry, self.clock = registry, clock
        self.random = Random(2026)  # noqa: S311 - the same year every time
        self.sink = SmtpSink()
        self.events = Counter()
        self.months = []
        self.spent = Counter()
        self.post = []  # mails that will come in
        self.plan = {}  # day → what is going to happen
        self.count = customers
        self.started = seconds()

    def __enter__(self):
        self.sink.start()
        with self._process() as env:
            self._settle(env)
            self.books = Books(env, self.count, START)
            self.seen = Evidence(env, env.company, self.sink.mails, PATIENCE)
        self.rhythm = {
            partner: (self.random.randrange(n), n)
            for partner in self.books.customers
            for n in [self.random.randint(*INVOICE_EVERY)]
        }
        self.payer = {p: self._some_payer() for p in self.books.customers}
        wrong = self.random.sample(
            self.books.customers, round(self.count * SHARE["refused"])
        )
        self.sink.refused.update(map(_address, wrong))
        return self

    def __exit__(self, *_error):
        self.sink.stop()

    @property
    def found(self):
        return self.seen.found

    def _settle(self, env):
        """A company that follows up by itself, with the ladder that is shipped."""
        Server = env["ir.mail_server"]
        Server.search([]).active = False
        self.server = Server.create(
            {"name": "soak", "smtp_host": "127.0.0.1", "smtp_port": self.sink.port}
        ).id
        # their PDFs would take a second each, in another program
        env["ar.followup.level"].search([]).attach_invoices = False
        admin = env.ref("base.user_admin")
        admin.partner_id.write({"email": "carla@seller.example", "phone": "555"})
        env.company.partner_id.write({"tz": "UTC", "email": "office@seller.example"})
        env.company.write(
            {
                "ar_followup_mode": "automatic",
                "ar_default_user_id": admin.id,
                "ar_manager_id": admin.id,
            }
        )

    def _some_payer(self):
        shares = [share for share, *_habit in PAYERS]
        ((_share, *habit),) = self.random.choices(PAYERS, shares)
        return habit

    # processes -------------------------------------------------------------------

    @contextlib.contextmanager
    def _process(self):
        """What a process of Odoo does: a transaction, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, odoo.SUPERUSER_ID, {})

    @contextlib.contextmanager
    def _mortal(self, is_deadly):
        """On a deadly day, the process dies before or after one of its commits."""
        left = math.inf
        if is_deadly:
            left = int(self.random.expovariate(1 / DEADLY_COMMITS))
        after = self.random.random() < 0.5
        commit = Cursor.commit

        def commit_or_die(cursor):
            nonlocal left
            left -= 1
            if left == -1 and not after:
                raise Killed
            commit(cursor)
            if left == -1:
                raise Killed

        Cursor.commit = commit_or_die
        try:
            yield
        except Killed:
            self.events["processes killed"] += 1
        finally:
            Cursor.commit = commit

    def _tick(self, is_deadly=False):
        """The scheduled action, in a process of its own."""
        start = seconds()
        with self._mortal(is_deadly), self._process() as env:
            env["ar.followup.run"]._cron_run()
        self.spent["ticks"] += seconds() - start

    def _ticks(self, hour, is_deadly=False):
        """The ticks that follow one another while something is left to do."""
        for number in range(TICKS):
            self._move(hour, 15 * number)
            self._tick(is_deadly and number < TICKS // 2)
            if not self._look():
                break

    def _look(self):
        """Hold what arrived against the books. Returns what is left to do."""
        start = seconds()
        with self._process() as env:
            self.seen.env = env
            self.seen.company = env.company
            self.seen.look()
            unfinished = self.seen.unfinished()
        self._inbox(self.sink.mails)
        # what was looked at is kept in short: memory is part of what is measured
        self.sink.mails.clear()
        self.seen.read = 0
        self.spent["checks"] += seconds() - start
        return unfinished

    # days --------------------------------------------------------------------------

    def _move(self, hour, minute=0):
        clock = datetime(self.today.year, self.today.month, self.today.day, hour)
        self.clock.move_to(clock + timedelta(minutes=minute))

    def live(self, day):
        start = seconds()
        self.today = START + timedelta(days=day)
        self._move(9)
        with self._process() as env:
            self._books_of(env, day)
            self._luck(env)
        before = self.spent["ticks"]
        self._ticks(12, self.random.random() < SHARE["deadly"])
        self._move(14)
        self._fetch_mail()
        if self.today.weekday() < 5:
            self._move(15)
            with self._process() as env:
                self._office(env)
            self._look()
            self._ticks(17)
        with self._process() as env:
            self.seen.env = env
            self.seen.company = env.company
            self.seen.end_day()
            if day % 7 == 0:
                env.cr.execute("ANALYZE")  # as a database does by itself, overnight
        self.spent["days"] += seconds() - start
        self.spent["slowest"] = max(self.spent["slowest"], self.spent["ticks"] - before)

    def months_last_day(self, day, days):
        """Whether a month, or the soak, is over; then its figures are kept."""
        if (day + 1) % 30 and day + 1 != days:
            return False
        with self._process() as env:
            self.months.append(
                soak_report.Month(
                    days=day + 1,
                    spent=dict(self.spent),
                    megabytes=memory("VmRSS"),
                    mails=len(self.seen.days),
                    tables=soak_report.tables(env),
                    found=len(self.found),
                )
            )
        self.spent["slowest"] = 0
        return True

    # what happens --------------------------------------------------------------------

    def _books_of(self, env, day):
        """The day's invoices, payments, credit notes and disputes."""
        start = seconds()
        # the books have a month behind them on the first day
        credited = [
            partner
            for posted in range(day if day else -TERM, day + 1)
            for partner in self._invoices_of(env, posted)
        ]
        happens = self.plan.pop(day, {})
        if happens.get("payments"):
            # the later part of one invoice counts, should both fall on one day
            entries = self.books.pay(env, list(dict(happens["payments"]).items()))
            self.events["payments"] += len(entries)
            for entry in entries:
                if self._falls("taken_back"):
                    self._later(day + 10, "taken_back", entry.id)
        if happens.get("taken_back"):
            self.books.take_back(env, happens["taken_back"])
            self.events["payments taken back"] += len(happens["taken_back"])
        if credited:
            self.books.credit(env, credited, self.today)
            self.events["credit notes"] += len(credited)
        self._dispute(env, happens.get("disputes", ()))
        self.spent["books"] += seconds() - start

    def _invoices_of(self, env, day):
        """The invoices of a day, and what will become of them.

        :return: the customers who get a credit note today
        """
        wanted = [
            (partner, self.random.randrange(len(self.books.patterns)))
            for partner, (first, every) in self.rhythm.items()
            if day % every == first
        ]
        posted = self.books.post(env, wanted, START + timedelta(days=day))
        for (partner, _which), move in zip(wanted, posted, strict=True):
            self._plan_payments(day, partner, move)
            self.events["invoices"] += 1
            if self._falls("dispute"):
                on = day + TERM + self.random.randint(-2, 20)
                self._later(on, "disputes", move)
        return [partner for partner, _which in wanted if self._falls("credit")]

    def _plan_payments(self, day, partner, move):
        (first, last), shares = self.payer[partner]
        on = day + TERM + self.random.randint(first, last)
        for share in shares:
            self._later(on, "payments", (move, share))
            on += self.random.randint(10, 40)

    def _later(self, day, what, which):
        self.plan.setdefault(max(day, 0), {}).setdefault(what, []).append(which)

    def _falls(self, what):
        return self.random.random() < SHARE[what]

    def _dispute(self, env, moves):
        items = env["ar.followup.item"].search([("move_id", "in", moves)])
        env["ar.followup.hold"].create(
            [
                {
                    "case_id": item.case_id.id,
                    "item_id": item.id,
                    "kind": "disputed",
                    "date_from": self.today,
                    "date_to": self.today + timedelta(days=self.random.randint(5, 25)),
                }
                for item in items
            ]
        )
        self.events["disputes"] += len(items)

    def _luck(self, env):
        """The mail server of the day, and whose mails meet a dead line."""
        is_down = self._falls("down")
        self.seen.is_down = is_down
        self.events["days without a mail server"] += is_down
        env["ir.mail_server"].browse(self.server).smtp_port = (
            free_port() if is_down else self.sink.port
        )
        self.sink.hung_up.clear()
        unlucky = self.random.sample(self.books.customers, min(HANG_UPS, self.count))
        self.sink.hung_up.update(map(_address, unlucky))


def _address(partner):
    return f"customer{partner}@customer.example"

"""What `make soak` prints: a line a month, and the year in figures at the end."""

from typing import NamedTuple

TABLES = (
    "ar_%",
    "mail_message",
    "mail_mail",
    "mail_notification",
    "mail_activity",
    "account_move_line",
)
SHOWN = 12  # of what the checks found


class Month(NamedTuple):
    """Figures at the end of a month, all since the first day."""

    days: int
    spent: dict
    megabytes: float
    mails: int
    tables: dict
    found: int


def tables(env):
    """Kilobytes of the tables that grow, with their indexes: dict by name."""
    env.cr.execute(
        "SELECT relname, pg_total_relation_size(oid) / 1024 FROM pg_class"
        " WHERE relkind = 'r' AND relname LIKE ANY(%s)",
        [list(TABLES)],
    )
    return dict(env.cr.fetchall())


def _before(soak, number):
    empty = Month(0, {}, 0, 0, {}, 0)
    return soak.months[number - 1] if number else empty


def _each_day(soak, number, what):
    """Seconds a day of one month."""
    month, before = soak.months[number], _before(soak, number)
    spent = month.spent.get(what, 0) - before.spent.get(what, 0)
    return spent / (month.days - before.days)


def progress(soak):
    """One line for the month that is over."""
    number = len(soak.months) - 1
    month = soak.months[number]
    mails = month.mails - _before(soak, number).mails
    told = soak.found[_before(soak, number).found : month.found][:SHOWN]
    return "\n".join([_line(soak, number, mails), *(f"    ✗ {f}" for f in told)])


def _line(soak, number, mails):
    month = soak.months[number]
    return (
        f"  day {month.days:>3}: {mails:>6,} mails,"
        f" ticks {_each_day(soak, number, 'ticks'):.2f} s a day"
        f" (slowest {month.spent['slowest']:.1f} s),"
        f" books {_each_day(soak, number, 'books'):.2f} s,"
        f" checks {_each_day(soak, number, 'checks'):.2f} s,"
        f" {month.megabytes:.0f} MB, {len(soak.found)} found"
    )


def report(soak):
    """The whole soak, as text."""
    from soak_odoo import memory, seconds

    with soak._process() as env:
        figures = [*_figures(env)]
    wall = seconds() - soak.started
    lines = [
        f"\n{soak.months[-1].days} days of {soak.count:,} customers,"
        f" {wall / 60:.1f} minutes, {memory('VmHWM'):.0f} MB at the most\n",
        *_block("what happened", sorted(soak.events.items())),
        *figures,
        *_block("held against the mails received", sorted(soak.seen.counted.items())),
        *_growth(soak),
        "",
    ]
    if soak.found:
        lines.append(f"✗ {len(soak.found)} times a rule was broken:")
        lines += [f"  {name}: {text}" for name, text in soak.found[:SHOWN]]
    else:
        lines.append("✓ no rule was broken on any day")
    return "\n".join(lines)


def _block(title, rows):
    yield f"{title}:"
    for name, count in rows:
        yield f"  {name:44}{count:>12,}"


def _figures(env):
    for title, query in (
        (
            "reminders, by state",
            "SELECT state, count(*) FROM ar_followup_reminder GROUP BY 1 ORDER BY 1",
        ),
        (
            "mails sent, by level",
            "SELECT level_name, count(*) FROM ar_followup_reminder"
            " WHERE state IN ('sent', 'bounced')"
            " GROUP BY 1 ORDER BY MIN(tone), 2 DESC",
        ),
        (
            "calls, and other contacts on record",
            "SELECT channel || ', ' || direction || ', ' || outcome, count(*)"
            " FROM ar_contact_log GROUP BY 1 ORDER BY 1",
        ),
        (
            "reasons on record, in customer days",
            "SELECT reason, sum(GREATEST(COALESCE(date_to, %s) - date_from + 1, 0))"
            " FROM ar_followup_decision WHERE is_preview IS NOT TRUE"
            " GROUP BY 1 ORDER BY 2 DESC",
        ),
        (
            "runs, by state",
            "SELECT state, count(*) FROM ar_followup_run GROUP BY 1 ORDER BY 1",
        ),
    ):
        values = [env.company._ar_today()] if "%s" in query else None
        env.cr.execute(query, values)
        yield from _block(title, env.cr.fetchall())


def _growth(soak):
    """The first and the last whole month beside each other."""
    last = len(soak.months) - 1
    yield f"{'a day in the first and in the last month':46}{'first':>10}{'last':>12}"
    for what in ("ticks", "checks", "books"):
        first, then = (_each_day(soak, number, what) for number in (0, last))
        yield f"  {f'seconds of {what}':44}{first:>10.3f}{then:>12.3f}"
    first, then = soak.months[0].megabytes, soak.months[-1].megabytes
    yield f"  {'memory of the process, MB':44}{first:>10.0f}{then:>12.0f}"
    yield f"{'kilobytes of tables after both':46}{'first':>10}{'last':>12}"
    start, end = soak.months[0].tables, soak.months[-1].tables
    for name, size in sorted(end.items(), key=lambda row: -row[1]):
        if size > 1000:
            yield f"  {name:44}{start.get(name, 0):>10,}{size:>12,}"

"""What `make bench` prints: a table of one book, and its ratios beside the aims."""

#: step → what it is called, and what it counts
STEPS = {
    "floor": ("bare SQL: overdue amounts per customer", "customers"),
    "first_day": ("collect + decide, first day", "customers"),
    "unchanged_day": ("collect + decide, unchanged day", "customers"),
    "send_mail_batch": ("Odoo's send_mail_batch, same table", "mails"),
    "prepare": ("prepare, from the facts to queued mails", "mails"),
    "odoo_send": ("Odoo's sending of such mails to SMTP", "mails"),
    "hand_over": ("hand over: gate, SMTP, result", "mails"),
}
#: the size for which the aims of the first two steps are meant
FULL = 100_000


def table(size, result):
    """The table of one book, as text."""
    result["floor"] = {**result["unchanged_day"]["floor"]}
    head = (
        f"\n{size:,} open invoices, {result['customers']:,} customers\n\n"
        f"{'':40}{'':>17}{'seconds':>10}{'ms each':>9}"
        f"{'statements':>12}{'each':>8}{'commits':>9}{'peak MB':>9}"
    )
    rows = [_row(result[step], *names) for step, names in STEPS.items()]
    return "\n".join([head, *rows, "", *_ratios(size, result), ""])


def _row(step, name, unit):
    count = step["count"]
    line = f"{name:40}{f'{count:,} {unit}':>17}{step['seconds']:>10.3f}"
    line += f"{1000 * step['seconds'] / count:>9.3f}{step['statements']:>12,}"
    line += f"{step['statements'] / count:>8.3f}"
    if "commits" in step:
        line += f"{step['commits']:>9,}{step['megabytes']:>9.0f}"
    return line


def _ratios(size, result):
    """The ratios that count, with the aims; same-run figures only."""
    yield f"{'':58}{'measured':>10}{'aim':>10}"
    for step, most in (("first_day", 40), ("unchanged_day", 20)):
        name, _unit = STEPS[step]
        day = result[step]
        times = day["seconds"] / day["floor"]["seconds"]
        yield _ratio(f"{name}: times the bare SQL", times, most, size)
        per = 1000 * day["statements"] / day["count"]
        yield _ratio(f"{name}: statements / 1,000 customers", per, 15, size)
    peak = max(step["megabytes"] for step in result.values() if _is_ours(step))
    yield _ratio("peak memory of any step, MB", peak, 250)
    ours, theirs = result["prepare"], result["send_mail_batch"]
    times = _each(ours) / _each(theirs)
    yield _ratio("prepare: times send_mail_batch", times, 1)
    yield _ratio("prepare: times send_mail_batch, better", times, 0.5)
    yield _ratio("prepare: statements a mail", _each(ours, "statements"), 5)
    ours, theirs = result["hand_over"], result["odoo_send"]
    own = _each(ours, "statements") - _each(theirs, "statements")
    yield _ratio("hand over: statements a mail beside Odoo's own", own, 12)
    yield _ratio("hand over: commits a mail", _each(ours, "commits"), None)


def _is_ours(step):
    return isinstance(step, dict) and "megabytes" in step


def _each(step, what="seconds"):
    return step[what] / step["count"]


def _ratio(name, value, most, size=FULL):
    line = f"{name:58}{value:>10.2f}"
    if most is None:
        return line
    verdict = "ok" if value <= most else "MISSED"
    if size != FULL:
        verdict = f"(the aim is for {FULL:,})"
    return f"{line}{f'≤ {most}':>10}  {verdict}"

"""What `make bench` prints: tables, and their ratios beside the aims."""

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
#: the peer's steps, called and counted in the same way
PEER_STEPS = {
    "first_day": ("peer: lines of the first level", "customers"),
    "queued": ("peer: from lines to queued mails, no PDF", "mails"),
    "queued_pdf": ("peer: the same as delivered, with a PDF", "mails"),
}
#: the size for which the aims beside the peer are meant
PEER_FULL = 20_000
#: what is repeated on books of more and more customers
GROWTH = {"decide": "collect + decide", "prepare": "prepare", "hand_over": "hand over"}


def table(size, result):
    """The table of one book, as text."""
    result["floor"] = {**result["unchanged_day"]["floor"]}
    title = f"\n{size:,} open invoices, {result['customers']:,} customers\n"
    rows = [_row(result[step], *names) for step, names in STEPS.items()]
    return "\n".join([title, HEAD, *rows, "", *_ratios(size, result), ""])


def side_by_side(size, ours, theirs):
    """Ours beside the peer's, measured in the same run; both without PDFs."""
    rows = [_row(ours[step], *STEPS[step]) for step in ("first_day", "prepare")]
    rows += [_row(theirs[step], *names) for step, names in PEER_STEPS.items()]
    title = f"\n{size:,} open invoices, beside account_credit_control 19.0\n"
    return "\n".join([title, HEAD, *rows, "", *_peer_ratios(size, ours, theirs), ""])


def _peer_ratios(size, ours, theirs):
    yield _aims()
    for name, step, peers, least in (
        ("listing", "first_day", "first_day", 50),
        ("to queued mails, no PDFs", "prepare", "queued", 25),
        ("to queued mails, it with its PDFs", "prepare", "queued_pdf", None),
    ):
        mine, other = ours[step], theirs[peers]
        times = _each(other) / _each(mine)
        title = f"{name}: times faster a customer"
        yield _ratio(title, times, None, least, size, PEER_FULL)
        times = _each(other, "statements") / _each(mine, "statements")
        yield _ratio(f"{name}: times fewer statements", times)
    for name, step, peers in (
        ("listing", "first_day", "first_day"),
        ("to queued mails", "prepare", "queued"),
    ):
        share = ours[step]["megabytes"] / theirs[peers]["megabytes"]
        title = f"{name}: peak memory, share of the peer's"
        yield _ratio(title, share, 1, None, size, PEER_FULL)


def growth(grown):
    """What each customer costs as their number grows, by step of the day."""
    lines = ["\nthe same day with more and more customers\n"]
    head = "".join(f"{name:>27}" for name in GROWTH.values())
    lines.append(f"{'customers':>10}{head}")
    each = f"{'ms':>10}{'statements':>11}{'MB':>6}"
    lines.append(f"{'each:':>10}{each * len(GROWTH)}")
    for customers, result in grown.items():
        cells = "".join(_cells(result[step]) for step in GROWTH)
        lines.append(f"{customers:>10,}{cells}")
    return "\n".join([*lines, "", *_growth_ratios(*grown.values()), ""])


def _cells(step):
    ms, statements = 1000 * _each(step), _each(step, "statements")
    return f"{ms:>10.2f}{statements:>11.3f}{step['megabytes']:>6.0f}"


def _growth_ratios(*results):
    """The largest book beside the smallest."""
    yield _aims()
    few, many = results[0], results[-1]
    for step, name in GROWTH.items():
        times = _each(many[step], "statements") / _each(few[step], "statements")
        yield _ratio(f"{name}: statements a customer, times the few's", times, 1.1)
        times = many[step]["megabytes"] / few[step]["megabytes"]
        yield _ratio(f"{name}: peak memory, times the few's", times, 1.5)


HEAD = (
    f"{'':41}{'':>16}{'seconds':>10}{'ms each':>9}"
    f"{'statements':>12}{'each':>8}{'commits':>9}{'peak MB':>9}"
)


def _row(step, name, unit):
    count = step["count"]
    line = f"{name:41}{f'{count:,} {unit}':>16}{step['seconds']:>10.3f}"
    line += f"{1000 * step['seconds'] / count:>9.3f}{step['statements']:>12,}"
    line += f"{step['statements'] / count:>8.3f}"
    if "commits" in step:
        line += f"{step['commits']:>9,}{step['megabytes']:>9.0f}"
    return line


def _ratios(size, result):
    """The ratios that count, with the aims; same-run figures only."""
    yield _aims()
    for step, most in (("first_day", 40), ("unchanged_day", 20)):
        name, _unit = STEPS[step]
        day = result[step]
        times = day["seconds"] / day["floor"]["seconds"]
        yield _ratio(f"{name}: times the bare SQL", times, most, size=size)
        per = 1000 * day["statements"] / day["count"]
        yield _ratio(f"{name}: statements / 1,000 customers", per, 15, size=size)
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
    yield _ratio("hand over: commits a mail", _each(ours, "commits"))


def _is_ours(step):
    return isinstance(step, dict) and "megabytes" in step


def _each(step, what="seconds"):
    return step[what] / step["count"]


def _aims():
    return f"{'':58}{'measured':>10}{'aim':>10}"


def _ratio(name, value, most=None, least=None, size=FULL, full=FULL):
    """A line of one figure beside its aim, which is meant for books of `full`."""
    line = f"{name:58}{value:>10.2f}"
    if most is None and least is None:
        return line
    met = value <= most if least is None else value >= least
    verdict = "ok" if met else "MISSED"
    if size < full:
        verdict = f"(the aim is for {full:,})"
    bound = f"≤ {most}" if least is None else f"≥ {least}"
    return f"{line}{bound:>10}  {verdict}"

"""The day's follow-up on the demo's database, and a summary a person understands.

`make demo` gives this file to Odoo's shell, which provides `env`. What is printed is
the summary; everything else goes to the log.
"""

import os
import textwrap
from pathlib import Path

from smtp_sink import slug

env = env  # noqa: F821 (the shell's)

#: The demo data leave both at review, so that who installs them anywhere else sends
#: nothing. Here every mail ends in a folder.
AUTOMATIC, REVIEWED = "base.main_company", "ar_followup_plus.company_europe"
#: How often the day's button is pressed at most, until nothing is left to do.
MOST_TURNS = 20
#: Width of the summary, and where its second column begins.
WIDTH, INDENT = 88, 10


def run_day():
    """Work the day of each company for real; return the runs."""
    # Links in the mails lead to where the demo serves.
    env["ir.config_parameter"].set_param("web.base.url", os.environ["DEMO_URL"])
    # Notices of Odoo's own demo data wait in the queue; the folder is for our mails.
    env["mail.mail"].search([("state", "=", "outgoing")]).unlink()
    env["digest.digest"].search([]).action_deactivate()
    env.ref(AUTOMATIC).ar_followup_mode = "automatic"
    runs = today(AUTOMATIC) + today(REVIEWED)
    env.cr.commit()
    # Not by the scheduled action, which waits for the company's hour; the button works
    # for a while only, and leaves the rest to that.
    for _turn in range(MOST_TURNS):
        runs.action_run()
        env.cr.commit()
        env.invalidate_all()
        if not is_something_left(runs):
            break
    return runs


def is_something_left(runs):
    """Whether another turn has something to do: send, or decide anew."""
    queued = runs.reminder_ids.filtered(lambda reminder: reminder.state == "queued")
    return bool(
        "running" in runs.mapped("state")
        or any(not reminder.send_after for reminder in queued)
        or env["ar.followup.mark"].search_count([])
    )


def today(company):
    """The run of today; the demo data made it where reminders are reviewed."""
    company = env.ref(company)
    Run = env["ar.followup.run"]
    vals = {"company_id": company.id, "date": company._ar_today(), "is_preview": False}
    return Run.search([(name, "=", value) for name, value in vals.items()]) or (
        Run.create(vals)
    )


def summary(runs):
    """Lines for a person: who was looked at, what was sent, who was left alone."""
    for run in runs:
        cases = env["ar.followup.case"].search([("company_id", "=", run.company_id.id)])
        reminded = run.reminder_ids.filtered("date_sent").sorted(ladder)
        by_state = cases.grouped("state")
        none = cases.browse()
        yield f"{run.company_id.name}, {day(run.date)} {run.date.year}"
        yield from row("Customers", f"{run.customer_count} looked at")
        if run.state != "done":
            yield from row("Problem", run.failure_reason or label(run, "state"))
        yield from group("Sent", reminded, lambda r: r.level_name, addressee)
        others = (run.reminder_ids - reminded).filtered(
            lambda r: r.state != "to_review"
        )
        yield from group("Not sent", others, why_not_sent, addressee)
        yield from group("To do", by_state.get("todo", none), reason, task)
        yield from group("Held", by_state.get("held", none), reason, last_day)
        waiting = by_state.get("waiting", none) - reminded.case_id
        yield from group("Waiting", waiting, reason, next_step)
        yield from group("Settled", by_state.get("closed", none), paid, name)
        yield ""
    yield from mails(runs.reminder_ids)


# What is said of one reminder or case ------------------------------------------------


def ladder(reminder):
    return reminder.level_id.delay_days, reminder.id


def addressee(reminder):
    said = ["in French"] if reminder.lang == "fr_FR" else []
    if any(reminder.line_ids.mapped("amount_held")):
        said.append("without what is held")
    return with_remark(reminder.customer_id.name, ", ".join(said))


def why_not_sent(reminder):
    state = label(reminder, "state")
    why = (reminder.failure_reason or reminder.level_name).rstrip(".")
    return f"{state}: {why}"


def reason(case):
    return label(case, "reason")


def paid(_case):
    return "Everything is paid"


def name(case):
    return case.partner_id.name


def task(case):
    to_review = case.reminder_ids.filtered(lambda r: r.state == "to_review")
    return with_remark(
        name(case),
        to_review.level_name
        or ", ".join(map(day, calls(case).mapped("date_deadline"))),
    )


def calls(case):
    return case.activity_ids.filtered(
        lambda activity: activity.activity_type_id.category == "phonecall"
    )


def last_day(case):
    holds = case.hold_ids.filtered("is_current")
    ends = [day(hold.date_to) for hold in holds if hold.date_to]
    return with_remark(name(case), f"until {ends[0]}" if ends else "")


def next_step(case):
    step = case.next_level_id.name
    known = case.next_date and step
    return with_remark(name(case), f"{step} on {day(case.next_date)}" if known else "")


def with_remark(text, remark):
    return f"{text} ({remark})" if remark else text


def label(record, field):
    return dict(record._fields[field]._description_selection(env))[record[field]]


def day(date):
    return f"{date.day} {date:%B}"


# How it is laid out ------------------------------------------------------------------


def group(title, records, why, what):
    """How many there are, then a line for each `why` with the names it holds for."""
    if records:
        yield from row(title, str(len(records)))
    for said, some in records.grouped(why).items():
        yield from row("", f"{said}: {', '.join(map(what, some))}")


def row(title, text):
    """`text` in the second column, as many lines as it takes."""
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=title.ljust(INDENT),
        subsequent_indent=" " * (INDENT + 2),
    )


def mails(reminders):
    """Where the mails are, and one to open: the one that lists the most."""
    folder = Path(os.environ["DEMO_MAILS"])
    kept = {mail.stem.split("_", 1)[1]: mail for mail in folder.glob("*.eml")}
    yield from row("Mails", f"{len(kept)} in {folder.name}/, one to open:")
    for reminder in reminders.sorted(lambda r: len(r.line_ids), reverse=True):
        to = slug(reminder.email_to.replace("@", " at "))
        mail = kept.get(f"{to}_{slug(reminder.subject)}")
        if mail:
            yield f"{' ' * INDENT}{folder.name}/{mail.name}"
            break


print("\n".join(summary(run_day())))

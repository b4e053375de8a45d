"""The day's follow-up on the demo's database, and a summary a person understands.

`make demo` gives this file to Odoo's shell, which provides `env`. What is printed is
the summary; everything else goes to the log.
"""

import collections
import os
from pathlib import Path

from smtp_sink import slug

env = env  # noqa: F821 (the shell's)

ACTIONS = {
    "remind": "reminded",
    "call": "to call",
    "review": "to review",
    "hold": "held",
    "none": "left alone",
}


def run_day():
    """Start the scheduled actions as the scheduler would, then send the mails."""
    # Links in the mails lead to where the demo serves.
    parameters = env["ir.config_parameter"]
    parameters.set_param("web.base.url", os.environ["DEMO_URL"])
    # Notices of Odoo's own demo data wait in the queue; the folder is for our mails.
    env["mail.mail"].search([("state", "=", "outgoing")]).unlink()
    env.cr.commit()
    jobs = env["ir.cron"].search([("model_id.model", "=", "ar.followup.run")])
    for job in jobs | env.ref("mail.ir_cron_mail_scheduler_action"):
        job.method_direct_trigger()
        env.cr.commit()


def summary():
    """Lines for a person: who was looked at, what was sent, who was held and why."""
    for run in env["ar.followup.run"].search([], order="company_id, id"):
        decisions = env["ar.followup.decision"].search([("run_id", "=", run.id)])
        yield f"Follow-up of {run.date:%d %B %Y}, {run.company_id.name}"
        count = collections.Counter(decisions.mapped("action"))
        parts = [f"{count[action]} {said}" for action, said in ACTIONS.items()]
        customers = len(decisions.partner_id)
        yield f"Customers {customers} looked at: {', '.join(parts)}"
        yield from held(decisions.filtered(lambda d: d.action == "hold"))
    sent = env["ar.followup.reminder"].search([])
    yield from reminders(sent)
    yield from mails(sent)


def held(decisions):
    for decision in decisions:
        yield f"          held: {decision.partner_id.name}: {decision.reason}"


def reminders(found):
    states = dict(found._fields["state"]._description_selection(env))
    count = collections.Counter(found.mapped("state"))
    said = ", ".join(f"{number} {states[state]}" for state, number in count.items())
    yield f"Reminders {said.lower() or 'none'}"


def mails(reminders):
    """Where the mails are, and one to open: a reminder, not a notice to a user."""
    folder = Path(os.environ["DEMO_MAILS"])
    kept = sorted(folder.glob("*.eml"))
    subjects = tuple(slug(reminder.subject) for reminder in reminders)
    likely = [mail for mail in kept if mail.stem.split("_")[-1].startswith(subjects)]
    yield f"Mails     {len(kept)} in {folder.name}/"
    for mail in (likely or kept)[:1]:
        yield f"          open one: {folder.name}/{mail.name}"


run_day()
print("\n".join(summary()))

"""The steps that `make bench` measures, each run by bench_odoo.py."""

import statistics
import time
from pathlib import Path

from bench_odoo import Meter

from odoo.tools import SQL, config

from odoo.addons.ar_followup_plus.models.engine.ar_followup_run import Clock

REPEATS = 7  # the bare SQL is quick, so one run of it says little


def bare_sql(env):
    """The floor: overdue amounts per customer, by one statement and nothing else."""
    query = SQL(
        """
        SELECT line.partner_id, line.currency_id, SUM(line.amount_residual_currency)
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
         WHERE account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted'
           AND line.reconciled IS NOT TRUE
           AND line.company_id = %s
           AND line.date_maturity < %s
         GROUP BY line.partner_id, line.currency_id
        """,
        env.company.id,
        env.company._ar_today(),
    )
    seconds = []
    for _turn in range(REPEATS):
        start = time.perf_counter()
        rows = env.execute_query(query)
        seconds.append(time.perf_counter() - start)
    env.cr.commit()
    return len(rows), seconds


def decide(env):
    """Collect and decide for everyone, on the first day or on an unchanged one.

    The bare SQL is run right before and after, so that both had the same machine.
    """
    # A second run on the same day finds the same books, which the next day would not.
    env.cr.execute(
        "UPDATE ar_followup_run SET date = (SELECT MIN(date) - 1 FROM ar_followup_run)"
        " WHERE date = (SELECT MAX(date) FROM ar_followup_run)"
    )
    env.cr.commit()
    customers, before = bare_sql(env)
    with Meter() as meter:
        run = env["ar.followup.run"].create({})
        while run.step in ("collect", "decide"):
            _work(run)
    _customers, after = bare_sql(env)
    floor = {"count": customers, "statements": 1}
    floor["seconds"] = statistics.median(before + after)
    # as it would be overnight
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return {**meter.result(run.customer_count), "floor": floor}


def prepare(env):
    """Reminders with lines, bodies, messages, mails and notifications."""
    run = env["ar.followup.run"].search([], order="date desc", limit=1)
    with Meter() as meter:
        while run.state == "running":
            _work(run)
        reminders = env["ar.followup.reminder"].search([("state", "=", "queued")])
        size = env.company._ar_batch_size()
        for start in range(0, len(reminders), size):
            reminders[start : start + size]._queue_mails()
            run._checkpoint()
    _expect(len(reminders.message_id) == len(reminders), "a mail for each reminder")
    return meter.result(len(reminders))


def _work(run):
    """One batch, as the tick works it."""
    run._work_batch()
    _expect(run.state != "failed", run.failure_reason)


def _expect(holds, what):
    if not holds:
        raise SystemExit(f"✗ the bench expected otherwise: {what}")


def send_mail_batch(env, count):
    """The peer: Odoo's way to as many mails, with the same invoice table.

    Without SMTP; without lines, a message in the customer's history, a notification.
    """
    reminders = env["ar.followup.reminder"].search([("state", "=", "queued")])[:count]
    template = env["mail.template"].create(
        {
            "name": "Bench",
            "model_id": env["ir.model"]._get_id("ar.followup.reminder"),
            "subject": "{{ object.company_id.name }}: overdue invoices",
            "email_from": env.company.email,
            "lang": "{{ object.lang }}",
            "partner_to": "{{ object.partner_id.id }}",
            "use_default_to": False,
            "body_html": Path(__file__).with_name("bench_letter.html").read_text(),
            "auto_delete": True,
        }
    )
    env.cr.commit()
    with Meter() as meter:
        mails = template.send_mail_batch(reminders.ids)
        env.cr.commit()
    _expect("View and pay" in mails[-1].body_html, "the table in the peer's mails")
    result = meter.result(len(mails))
    mails.unlink()
    template.unlink()
    env.cr.commit()
    return result


def hand_over(env, count, port):
    """The gate, SMTP and the result of as many mails, one by one."""
    config["smtp_server"], config["smtp_port"] = "127.0.0.1", port
    env.cr.execute(
        """
        UPDATE ar_followup_reminder SET send_after = now() + interval '1 day'
         WHERE id > (SELECT id FROM ar_followup_reminder
                      WHERE state = 'queued' ORDER BY id LIMIT 1 OFFSET %s)
        """,
        [count - 1],
    )
    env.cr.commit()
    with Meter() as meter:
        env["ar.followup.run"]._hand_over(env.company, Clock(3600))
    sent = env["ar.followup.reminder"].search_count([("state", "=", "sent")])
    late = [("state", "=", "queued"), ("send_after", "=", False)]
    left = env["ar.followup.reminder"].search_count(late)
    _expect(sent and not left, f"every mail accepted, not {left} left")
    return meter.result(sent)


def odoo_send(env, count, port):
    """Odoo's own sending of such mails, which are no reminders' any more."""
    config["smtp_server"], config["smtp_port"] = "127.0.0.1", port
    reminders = env["ar.followup.reminder"].search(
        [("state", "=", "queued")], limit=count
    )
    mails = reminders._mails()
    reminders.write({"message_id": False, "state": "cancelled"})
    env.cr.commit()
    with Meter() as meter:
        mails.send(auto_commit=True)
    return meter.result(len(mails))

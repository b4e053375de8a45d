"""Senders that are killed, senders that meet: what `lifecycle.py` has Odoo do.

Each sender is a process of its own, forked from Odoo's shell as Odoo's workers are
from their master, with its own database connections; each death is a `kill -9`.
"""

import logging
import os
import signal
import smtplib
import time
from datetime import date, timedelta

import lifecycle_odoo

from odoo import SUPERUSER_ID, api, sql_db

#: What it says counts as said by the addon, and a warning fails the run.
_logger = logging.getLogger("odoo.addons.ar_followup_plus.senders")

#: Customers of each step. The first has trouble, the others must not notice.
CUSTOMERS = 3
TOGETHER = 30
#: Seconds a sender may take here before it counts as hanging.
LONGEST = 60


def _die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def _before(model, name):
    """Die when the method is called."""

    def prepare(env):
        setattr(type(env[model]), name, _die)

    return prepare


def _after(model, name):
    """Die when the method is done, before anything else."""

    def prepare(env):
        original = getattr(type(env[model]), name)

        def then_die(*args, **kwargs):
            original(*args, **kwargs)
            env[model].env.flush_all()
            _die()

        setattr(type(env[model]), name, then_die)

    return prepare


def _in_the_text(share, pause=0):
    """Die when so much of a mail's text went over the line, or all of it."""

    def prepare(_env):
        def data(session, message):
            session.putcmd("data")
            session.getreply()
            whole = message.rstrip(b"\r\n") + b"\r\n.\r\n"
            session.send(whole[: int(len(whole) * share)])
            time.sleep(pause)  # the server reads, and keeps what is complete
            _die()

        smtplib.SMTP.data = data

    return prepare


#: What a sender is doing when it is killed.
DEATHS = {
    "collect": _after("ar.followup.case", "_collect"),
    "decide": _after("ar.followup.case", "_record_decisions"),
    "reminder": _before("ar.followup.reminder", "_compose"),
    "mail": _before("mail.notification", "create"),
    "prepared": _before("ar.followup.reminder", "_deliver"),
    "queued": _before("mail.mail", "send"),
    "claim": _after("mail.mail", "_ar_claim"),
    "claimed": _before("mail.mail", "_ar_leave"),
    "half": _in_the_text(0.5),
    "text": _in_the_text(1, pause=0.5),
    "accepted": _before("mail.mail", "_postprocess_sent_message"),
    "stored": _after("mail.mail", "_ar_leave"),
}


def senders(env):
    """All of it, one after the other, in one database."""
    policy = env.ref("ar_followup_plus.policy_default")
    policy.working_days_only = False
    policy.write({"send_from_hour": 0, "send_until_hour": 24})
    policy.level_ids.attach_invoices = False
    env.company.ar_followup_hour = 0
    for step, death in DEATHS.items():
        _new_day(env, step, CUSTOMERS)
        if not os.WIFSIGNALED(_ended(_sender(env, _tick, death))):
            _logger.warning("Nobody died at “%s”", step)
        _finish(env)
    _new_day(env, "tripped", CUSTOMERS)
    _ended(_sender(env, _trip))
    _finish(env)
    _locked_row(env)
    _together(env)


def _new_day(env, name, count):
    """New customers with an invoice each, and a day not yet worked."""
    env.cr.execute("DELETE FROM ar_followup_run")
    env.invalidate_all()
    for number in range(count):
        customer = env["res.partner"].create(
            {"name": f"{name} {number}", "email": f"{name}-{number}@sender.example"}
        )
        lifecycle_odoo.invoice(env, customer, date.today() - timedelta(days=4))
    env.cr.commit()


def _tick(env):
    env["ar.followup.run"]._cron_run()


def _trip(env):
    """A mail in hand ends in an error of the database, and its sender lives on.

    The next tick asks a person about it, whoever has that connection now.
    """
    Mail = type(env["mail.mail"])
    leave = Mail._ar_leave

    def trip(mail, *_args):
        Mail._ar_leave = leave
        mail.env.cr.execute("SELECT 1 / 0", log_exceptions=False)

    Mail._ar_leave = trip
    _tick(env)
    _tick(env)
    if env["ar.followup.reminder"].search_count([("state", "=", "sending")]):
        _logger.warning("What a sender who lives on dropped is still said to be sent")


def _button(env):
    env["ar.followup.run"].search([("is_preview", "=", False)]).action_run()


def _queue(env):
    """Odoo's own, which usually comes once an hour."""
    for _again in range(5):
        env["mail.mail"].process_email_queue()
        env.cr.commit()
        time.sleep(0.2)


def _finish(env):
    """Started again: the first may still find the dead one's locks."""
    for _again in range(2):
        _ended(_sender(env, _tick))
        time.sleep(0.2)


def _locked_row(env):
    """Somebody keeps a customer's case open, and everyone else is written to."""
    _new_day(env, "locked", CUSTOMERS)
    partner = env["res.partner"].search([("name", "=", "locked 0")])
    case = env["ar.followup.case"].create({"partner_id": partner.id})
    env.cr.commit()
    env.cr.execute("SELECT FROM ar_followup_case WHERE id = %s FOR UPDATE", [case.id])
    if os.WIFSIGNALED(_ended(_sender(env, _tick))):
        _logger.warning("The tick waits for a locked customer")
    env.cr.rollback()
    sent = env["ar.followup.reminder"].search_count(
        [("case_id.partner_id.name", "like", "locked"), ("state", "=", "sent")]
    )
    if sent != CUSTOMERS - 1:
        _logger.warning("%s were written to beside a locked row", sent)
    env.cr.execute("DELETE FROM ar_followup_run")
    env.cr.commit()
    _finish(env)


def _together(env):
    """Two ticks, a button and Odoo's queue, all at once."""
    _new_day(env, "together", TOGETHER)
    env["ar.followup.run"].create({"company_id": env.company.id})
    env.cr.commit()
    pids = [_sender(env, work) for work in (_tick, _tick, _button, _queue)]
    for pid in pids:
        _ended(pid)
    _finish(env)


def _sender(env, work, death=None):
    """Start a process that works; ``death`` makes it die on the way. Its id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        # dropped, the parent's connections would be closed: they stay referred to
        kept = (sql_db._Pool, env.registry._db)
        sql_db._Pool = None
        env.registry._db = sql_db.db_connect(env.cr.dbname)
        with env.registry.cursor() as cr:
            own = api.Environment(cr, SUPERUSER_ID, {})
            if death:
                death(own)
            work(own)
        status = 0 if kept else 1
    except BaseException:
        _logger.exception("A sender failed")
    finally:
        os._exit(status)


def _ended(pid):
    """Wait for a process; its status as of ``os.waitpid``. One that hangs is killed."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]

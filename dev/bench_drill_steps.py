"""The steps of the failure drill, each run by bench_odoo.py."""

from bench_drill import REFUSED
from markupsafe import Markup

from odoo.tools import SQL, config

REFUSED_EACH, UNREADABLE_EACH = 20, 100  # one customer in so many
TICKS = 100  # more than any such day takes


def break_some(env):
    """Give some customers an address, others a value that does not work."""
    for template in env["ar.followup.level"].search([]).mail_template_id:
        template.body_html += Markup('<p t-if="int(object.customer_id.ref or 0)">.</p>')
    rows = env.execute_query(
        SQL(
            """
            UPDATE res_partner
               SET ref = CASE WHEN id %% %(unreadable)s = 1 THEN 'none' END,
                   email = CASE WHEN id %% %(refused)s = 2 THEN %(prefix)s || email
                                ELSE email END,
                   email_normalized = CASE WHEN id %% %(refused)s = 2
                                           THEN %(prefix)s || email_normalized
                                           ELSE email_normalized END
             WHERE id IN (SELECT commercial_partner_id FROM account_move)
               AND email IS NOT NULL
         RETURNING email, ref
            """,
            unreadable=UNREADABLE_EACH,
            refused=REFUSED_EACH,
            prefix=REFUSED,
        )
    )
    env.cr.commit()
    return {
        "refused": [email for email, _ref in rows if email.startswith(REFUSED)],
        "unreadable": [email for email, ref in rows if ref],
    }


def work(env, port):
    """Tick until nothing is left for now, as the scheduled action would."""
    config["smtp_server"], config["smtp_port"] = "127.0.0.1", port
    Run = env["ar.followup.run"]
    for tick in range(TICKS):
        Run._cron_run()
        env.cr.commit()
        if not _is_left(env):
            return {"ticks": tick + 1}
    raise SystemExit(f"✗ after {TICKS} ticks the day is not over")


def _is_left(env):
    Reminder = env["ar.followup.reminder"]
    return (
        env["ar.followup.run"].search_count([("state", "=", "running")])
        or env["ar.followup.mark"].search_count([])
        or Reminder.search_count([("state", "=", "sending")])
        or Reminder._ready_to_hand_over(env.company, 1)
    )


def outcome(env):
    """Who was to be reminded, and what the addon says became of it."""
    due = env.execute_query(
        SQL(
            """
            SELECT DISTINCT partner.email
              FROM ar_followup_decision decision
              JOIN res_partner partner ON partner.id = decision.partner_id
             WHERE decision.reason = 'remind' AND decision.is_preview IS NOT TRUE
            """
        )
    )
    states = SQL("SELECT email_to, state FROM ar_followup_reminder")
    return {
        "due": [address for (address,) in due],
        "states": env.execute_query(states),
    }

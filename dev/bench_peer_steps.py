"""The peer's steps that `make bench` measures, each run by bench_odoo.py.

They press the buttons its manual names: compute the lines, set them ready, run the
channel action.
"""

from bench_odoo import Meter

from odoo import fields

FIRST_DELAY = 3  # days after the due date, as in our own ladder


def listing(env):
    """The credit control lines of everything overdue, at the first level."""
    policy = env.ref("account_credit_control.credit_control_3_time")
    receivable = [("account_type", "=", "asset_receivable")]
    policy.account_ids = env["account.account"].search(receivable)
    _first_level(env).delay_days = FIRST_DELAY
    env.company.credit_policy_id = policy
    run = env["credit.control.run"].create(
        {"date": fields.Date.today(), "policy_ids": policy.ids}
    )
    env.cr.commit()
    with Meter() as meter:
        run.generate_credit_lines()
        env.cr.commit()
    customers = len(run.line_ids.partner_id)
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return meter.result(customers)


def queued_mails(env, count, with_pdf):
    """From these lines to a mail in Odoo's queue, for so many customers.

    As delivered, it makes a PDF for each mail, which takes longer than all the rest.
    """
    # the mails wait in the queue, as ours do
    env = env(context={**env.context, "mail_notify_force_send": False})
    template = _first_level(env).email_template_id
    report = template.report_template_ids
    if not with_pdf:
        template.report_template_ids = False
    run = env["credit.control.run"].search([], limit=1)
    drafts = run.line_ids.filtered(lambda line: line.state == "draft")
    customers = drafts.partner_id[:count]
    aside = drafts.filtered(lambda line: line.partner_id not in customers)
    aside.write({"state": "ignored"})
    env.cr.commit()
    env.invalidate_all()
    with Meter() as meter:
        run.set_to_ready_lines()
        run.run_channel_action()
        env.cr.commit()
    queue = [("model", "=", "credit.control.communication"), ("state", "=", "outgoing")]
    mails = env["mail.mail"].search(queue)
    if customers - mails.recipient_ids:
        raise SystemExit(f"✗ the peer has {len(mails)} mails for {count} customers")
    aside.write({"state": "draft"})
    template.report_template_ids = report
    env.cr.commit()
    return meter.result(len(customers))


def _first_level(env):
    policy = env.ref("account_credit_control.credit_control_3_time")
    return policy.level_ids.sorted("level")[0]

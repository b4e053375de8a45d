"""What must hold of what customers received, checked against the evidence.

Each check is given the :class:`Evidence` and yields one sentence for each customer,
mail or day that breaks its rule. None of them asks the engine anything: they know the
rules from the design and not from the code.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import chain

#: nobody knows yet whether it left
OPEN_QUESTION = ("sending", "unknown")
FIRM = ("firm", "final")
#: outcomes after which both sides have spoken with each other
CONVERSATIONS = ["reached", "promise", "dispute", "wants_plan", "hardship", "refuses"]

# after every mail ----------------------------------------------------------------


def check_same_as_log(seen):
    """What customers received is what the log says was sent, one to one."""
    for mail in seen.new:
        seen.counted["same_as_log"] += 1
        row = seen.logged.get(mail.message_id)
        if row is None:
            yield f"nobody knows of the mail {mail.message_id} to {mail.to}"
            continue
        if seen.arrived[mail.message_id, mail.to] > 1:
            yield f"{mail.to} got the mail of reminder {row.id} twice"
        if row.email != mail.to:
            yield f"{mail.to} got what was for {row.email}"
        if row.invoices != mail.invoices:
            yield f"{mail.to} read {mail.invoices}, on record is {row.invoices}"
        seen.unsettled[mail.message_id] = mail.to
    for message_id, to in list(seen.unsettled.items()):
        row = seen.logged.get(message_id)
        if row is None or row.state in ("sent", "bounced"):
            del seen.unsettled[message_id]
        elif row.state not in OPEN_QUESTION:
            yield f"{to} got reminder {row.id}, on record it is {row.state}"
    for message_id, row in seen.logged.items():
        if row.state not in ("sent", "bounced"):
            continue
        if not seen.arrived[message_id, row.email]:
            yield f"{row.email} never got reminder {row.id}, on record it is sent"
        if row.entries != 1:
            yield f"{row.entries} entries in the contact log for reminder {row.id}"


def check_climbs(seen):
    """A level climbs only on an accepted mail or a call made, and by one step."""
    rows = seen.rows(
        "SELECT id, level_id, round, case_id FROM ar_followup_item"
        " WHERE level_id IS NOT NULL AND company_id = %s",
        seen.company.id,
    )
    stands = {item: (level, round_, case) for item, level, round_, case in rows}
    nowhere = (None, None, None)
    moved = [
        item
        for item in stands.keys() | seen.stood.keys()
        if stands.get(item, nowhere)[0] != seen.stood.get(item, nowhere)[0]
    ]
    steps = _steps(seen, moved) if moved else {}
    for item in moved:
        seen.counted["climbs"] += 1
        (level, _round, case), (before, round_before, _case) = (
            where.get(item, nowhere) for where in (stands, seen.stood)
        )
        up = seen.ranks.get(level, 0) - seen.ranks.get(before, 0)
        if up > 1:
            yield f"item {item} climbed {up} steps at once"
        if up > 0 or before is None:
            if (case, "called") in steps:
                seen.called[item].add(level)  # a call is about all that is overdue
            elif (item, level, "sent") not in steps:
                yield f"item {item} climbed although nothing arrived"
        elif (item, before, "bounced") not in steps:
            if not _is_new_round(seen, item, round_before):
                yield f"item {item} fell although nothing bounced"
    seen.stood = stands


def _steps(seen, items):
    """Reasons to climb: (item, level, sent or bounced), (case, called)."""
    lines = seen.rows(
        """
        SELECT line.item_id, line.level_after_id,
               CASE WHEN reminder.state = 'sent' THEN 'sent' ELSE back.outcome END,
               message.message_id
          FROM ar_followup_reminder_line line
          JOIN ar_followup_reminder reminder ON reminder.id = line.reminder_id
          JOIN mail_message message ON message.id = reminder.message_id
          LEFT JOIN ar_contact_log back -- also of one that a person dropped since
            ON back.reminder_id = reminder.id AND back.outcome = 'bounced'
         WHERE line.item_id = ANY(%s)
           AND (reminder.state = 'sent' OR back.id IS NOT NULL)
        """,
        items,
    )
    calls = seen.rows(
        "SELECT case_id, 'called' FROM ar_contact_log"
        " WHERE level_id IS NOT NULL AND date >= %s",
        seen.since,
    )
    mails = (
        (item, level, state) for item, level, state, mail in lines if seen.came(mail)
    )
    return set(chain(mails, calls))


def _is_new_round(seen, item, before):
    rows = seen.rows("SELECT round FROM ar_followup_item WHERE id = %s", item)
    return not rows or rows[0][0] != before


def check_friendly_first(seen):
    """Nobody gets a firm letter, and no invoice a firm step, before a friendly one."""
    firm = {row.id: row for _m, row in seen.new_reminders() if row.tone in FIRM}
    if not firm:
        return
    rows = seen.rows(
        """
        SELECT step.reminder_id, step.item_id, had.message_id
          FROM ar_followup_reminder_line step
          JOIN ar_followup_level level ON level.id = step.level_after_id
                                      AND level.tone IN ('firm', 'final')
          LEFT JOIN (SELECT line.item_id, message.message_id
                       FROM ar_followup_reminder_line line
                       JOIN ar_followup_level level ON level.id = line.level_after_id
                                                   AND level.tone = 'friendly'
                       JOIN ar_followup_reminder sent ON sent.id = line.reminder_id
                                                     AND sent.state = 'sent'
                       JOIN mail_message message ON message.id = sent.message_id
                    ) had ON had.item_id = step.item_id
         WHERE step.reminder_id = ANY(%s)
        """,
        list(firm),
    )
    befriended = defaultdict(bool)
    friendly = {
        level
        for (level,) in seen.rows(
            "SELECT id FROM ar_followup_level WHERE tone = 'friendly'"
        )
    }
    for reminder, item, message_id in rows:
        written = bool(message_id) and seen.came(message_id)
        befriended[reminder, item] |= written or bool(seen.called[item] & friendly)
    for (reminder, item), is_friend in befriended.items():
        seen.counted["friendly_first"] += 1
        if not is_friend:
            to = firm[reminder].email
            yield f"{to} got a firm letter for item {item} before a friendly one"


def check_gap(seen):
    """No message within the gap after a contact, nor one more than the cap."""
    policy = seen.company.ar_followup_policy_id
    cap_since = seen.today - timedelta(days=policy.message_cap_days - 1)
    partners = [row.partner for _mail, row in seen.new_reminders()]
    if not partners:
        return
    spoken = seen.rows(
        """
        SELECT partner_id, date::date FROM ar_contact_log
         WHERE partner_id = ANY(%s) AND channel IN ('phone', 'meeting')
           AND outcome = ANY(%s) AND date > %s
        """,
        partners,
        CONVERSATIONS,
        seen.today - timedelta(days=policy.min_gap_days + 1),
    )
    bounced = _bounced(seen, partners)
    now = defaultdict(list)  # partner → days of the mails of this look
    for mail, row in seen.new_reminders():
        seen.counted["gap"] += 1
        written = [
            day for day, mail_id in seen.received[row.partner] if mail_id not in bounced
        ] + now[row.partner]
        now[row.partner].append(mail.day)
        talks = [day for partner, day in spoken if partner == row.partner]
        apart = min(((mail.day - day).days for day in written + talks), default=None)
        if apart is not None and apart < policy.min_gap_days:
            yield f"{mail.to} was written to {apart} days after the last contact"
        recent = sum(day >= cap_since for day in written)
        if policy.message_cap and recent >= policy.message_cap:
            yield f"{mail.to} had {recent} messages already, the cap is reached"


def _bounced(seen, partners):
    rows = seen.rows(
        """
        SELECT message.message_id
          FROM ar_contact_log back
          JOIN ar_followup_reminder reminder ON reminder.id = back.reminder_id
          JOIN mail_message message ON message.id = reminder.message_id
         WHERE back.partner_id = ANY(%s) AND back.outcome = 'bounced'
        """,
        partners,
    )
    return {message_id for (message_id,) in rows}


def check_open_money(seen):
    """Nothing to a customer without an open, unheld amount, due as the mail says."""
    partners = [row.partner for _mail, row in seen.new_reminders()]
    if not partners:
        return
    debts, credits = _ledger(seen, partners)
    for mail, row in seen.new_reminders():
        seen.counted["open_money"] += 1
        is_note = row.tone == "courtesy"
        free = {
            name: amount
            for name, (due, amount) in debts[row.partner].items()
            if amount > 0 and (is_note or due < mail.day)
        }
        for name in mail.invoices - free.keys():
            yield f"{mail.to} was asked for {name}, which is not theirs to pay now"
        if sum(free.values()) <= credits[row.partner]:
            yield f"{mail.to} was asked for money that a credit covers"
        if not mail.invoices:
            yield f"{mail.to} got a mail about no invoice"


def _ledger(seen, partners):
    """Debts without what is held: partner → name → [due, amount]; and credits.

    One currency: the worlds that are looked at have no other.
    """
    lines = seen.rows(
        """
        SELECT customer.commercial_partner_id, move.name, line.date_maturity,
               line.amount_residual, item.id, item.case_id
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
                                      AND account.account_type = 'asset_receivable'
          JOIN account_move move ON move.id = line.move_id
          JOIN res_partner customer ON customer.id = line.partner_id
          LEFT JOIN ar_followup_item item ON item.move_line_id = line.id
         WHERE customer.commercial_partner_id = ANY(%s) AND line.company_id = %s
           AND line.parent_state = 'posted' AND line.amount_residual != 0
        """,
        partners,
        seen.company.id,
    )
    held = _held(seen, [line[-1] for line in lines])
    debts, credits = defaultdict(dict), Counter()
    for partner, name, due, amount, item, case in lines:
        if amount < 0:
            credits[partner] -= amount
        else:
            alone = held[case, None] + held[case, item]
            debts[partner][name] = (due, max(amount - alone, 0))
    return debts, credits


def _held(seen, cases):
    """What is left alone today: (case, item or None for all of it) → amount."""
    rows = seen.rows(
        """
        SELECT case_id, item_id, CASE WHEN is_partial THEN amount ELSE 1e12 END
          FROM ar_followup_hold
         WHERE case_id = ANY(%s) AND lifted_on IS NULL AND date_from <= %s
           AND COALESCE(date_to, 'infinity') >= %s
        """,
        cases,
        seen.today,
        seen.today,
    )
    held = Counter()
    for case, item, amount in rows:
        held[case, item] += amount
    return held


# after the day's last tick -------------------------------------------------------


def check_one_decision(seen):
    """Each day of each case has exactly one reason on record."""
    first = max(seen.first_day, seen.today - timedelta(days=40))
    rows = seen.rows(
        """
        SELECT own_case.id, day::date, count(decision.id)
          FROM ar_followup_case own_case
         CROSS JOIN LATERAL generate_series(
                    GREATEST(own_case.opened_on, %s)::timestamp, %s, '1 day') day
          LEFT JOIN ar_followup_decision decision
                 ON decision.case_id = own_case.id
                AND decision.is_preview IS NOT TRUE
                AND day::date BETWEEN decision.date_from
                                  AND COALESCE(decision.date_to, 'infinity')
         WHERE own_case.company_id = %s
         GROUP BY own_case.id, day HAVING count(decision.id) != 1
        """,
        first if seen.patience == 0 else seen.today - timedelta(days=1),
        seen.today,
        seen.company.id,
    )
    seen.counted["one_decision"] += 1
    for case, day, count in rows:
        yield f"case {case} has {count} reasons on record for {day}"


def check_nothing_stuck(seen, patience=None):
    """Whatever is queued or being sent goes on by itself, and no mark is left.

    While the mail server is down, all that is queued waits for it.
    """
    patience = seen.patience if patience is None else patience
    seen.counted["nothing_stuck"] += 1
    if seen.company.ar_followup_mode == "off":
        return
    rows = seen.rows(
        """
        SELECT id, state FROM ar_followup_reminder
         WHERE company_id = %s
           AND (state = 'sending' OR state = 'queued' AND NOT %s AND date_planned <= %s
                AND COALESCE(send_after, '-infinity') <= %s)
        """,
        seen.company.id,
        seen.is_down,
        seen.today - timedelta(days=patience),
        seen.now,
    )
    for reminder, state in rows:
        yield f"reminder {reminder} is {state}, and nothing goes on"
    ((marks,),) = seen.rows("SELECT count(*) FROM ar_followup_mark")
    if marks:
        yield f"{marks} marks were not worked"


def check_nothing_for_paid(seen):
    """Nothing is prepared or planned for what is paid."""
    seen.counted["nothing_for_paid"] += 1
    lines = seen.rows(
        """
        SELECT line.name, reminder.id, reminder.state
          FROM ar_followup_reminder reminder
          JOIN ar_followup_reminder_line line ON line.reminder_id = reminder.id
          LEFT JOIN ar_followup_item item ON item.id = line.item_id
          LEFT JOIN account_move_line debt ON debt.id = item.move_line_id
                                          AND debt.parent_state = 'posted'
                                          AND debt.reconciled IS NOT TRUE
         WHERE reminder.company_id = %s AND debt.id IS NULL
           AND reminder.state IN ('to_review', 'queued')
        """,
        seen.company.id,
    )
    for name, reminder, state in lines:
        yield f"{name} is settled, and reminder {reminder} for it is {state}"
    calls = seen.rows(
        """
        SELECT own_case.id
          FROM mail_activity activity
          JOIN ar_followup_case own_case ON own_case.id = activity.res_id
         WHERE activity.res_model = 'ar.followup.case' AND activity.active
           AND activity.automated AND own_case.state = 'closed'
           AND own_case.company_id = %s
           AND activity.activity_type_id IN (
               SELECT id FROM mail_activity_type WHERE category = 'phonecall')
        """,
        seen.company.id,
    )
    for (case,) in calls:
        yield f"case {case} is closed, and a call is planned"


MAIL_CHECKS = {
    check.__name__.removeprefix("check_"): check
    for check in (
        check_same_as_log,
        check_climbs,
        check_friendly_first,
        check_gap,
        check_open_money,
    )
}
DAY_CHECKS = {
    check.__name__.removeprefix("check_"): check
    for check in (check_one_decision, check_nothing_stuck, check_nothing_for_paid)
}

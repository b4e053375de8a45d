"""What is next for a customer and why, in one sentence for each reason.

A later room inserts rows for its own reasons; without one, the row of the lane
alone speaks. Of several sentences the first is said whose details are known.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# lane → reason code → details it needs → sentence, the most telling one first.
# Details: why (the reason's label), level and day (of the next step), call (its level),
# no_email and no_call (what the customer does not want), leaving (it is prepared),
# silence (the day by which they were asked to answer, and did not), missed (the day of
# a call that was not made)
SENTENCES = {
    # a person must act: what is to be done, and what goes on from there
    "todo": {
        "ladder_done": {
            "silence": _lt(
                "No answer by %(silence)s, and every step was taken: call the "
                "customer, begin anew, or hand the matter over."
            ),
            "": _lt(
                "Every step was taken: call the customer, begin anew, or hand the "
                "matter over."
            ),
        },
        "unknown": {
            "": _lt(
                "Nobody can know whether the last reminder left: ask the customer,"
                " then mark it sent, send it again or drop it."
            ),
        },
        "bounced": {
            "": _lt(
                "The last reminder did not arrive: correct the email address, then"
                " drop that reminder; it is prepared anew."
            ),
        },
        "do_not_contact": {
            "no_call no_email": _lt(
                "Neither emails nor calls are allowed: write a letter."
            ),
            "no_call": _lt(
                "Calls are not allowed: cancel a planned call, and write a letter or "
                "choose a policy without calls."
            ),
            "": _lt("Emails are not allowed: call the customer, or write a letter."),
        },
        "no_address": {
            "": _lt(
                "No email address that works: add one to the customer or to a contact."
            ),
        },
        "send_failed": {
            "": _lt(
                "The last reminder could not be sent: open it and read why, then "
                "send it again or drop it."
            ),
        },
        "review": {
            "silence": _lt(
                "No answer by %(silence)s. A reminder waits for you: read it, then "
                "send or drop it."
            ),
            "": _lt("A reminder waits for you: read it, then send or drop it."),
        },
        "call_open": {
            "missed call": _lt(
                "The call is overdue since %(missed)s: call the customer (%(call)s), "
                "then mark the call done."
            ),
            "missed": _lt(
                "The call is overdue since %(missed)s: call the customer, then mark "
                "the call done."
            ),
            "silence call": _lt(
                "No answer by %(silence)s: call the customer (%(call)s), then mark the "
                "call done."
            ),
            "call": _lt("Call the customer (%(call)s), then mark the call done."),
            "": _lt("Call the customer, then mark the call done."),
        },
        "remind": {
            "silence level": _lt(
                "No answer by %(silence)s. %(level)s is due: the next run plans the "
                "call."
            ),
            "level": _lt("%(level)s is due: the next run plans the call."),
        },
        None: {
            "why": _lt("%(why)s: decide what happens next."),
        },
    },
    # the customer or the calendar is waited for
    "waiting": {
        "nothing_due": {
            "level day": _lt(
                "Nothing is overdue. If it stays unpaid: %(level)s on %(day)s."
            ),
            "": _lt("Nothing is overdue."),
        },
        "tolerance": {
            "": _lt("Too little is overdue to ask for it."),
        },
        "awaiting_answer": {
            "level day": _lt("An answer is awaited. Then: %(level)s on %(day)s."),
            "": _lt("An answer is awaited."),
        },
        "too_soon": {
            "silence level day": _lt(
                "No answer by %(silence)s. Next: %(level)s on %(day)s."
            ),
            "level day": _lt("It is too soon. Next: %(level)s on %(day)s."),
            "": _lt("It is too soon for the next step."),
        },
        "review": {
            "silence level": _lt(
                "No answer by %(silence)s. %(level)s is due: the next run prepares it "
                "for you to read."
            ),
            "level": _lt("%(level)s is due: the next run prepares it for you to read."),
        },
        "remind": {
            "silence leaving level": _lt(
                "No answer by %(silence)s. %(level)s is about to leave."
            ),
            "leaving level": _lt("%(level)s is about to leave."),
            "silence level": _lt(
                "No answer by %(silence)s. %(level)s is due and leaves with the next "
                "run."
            ),
            "level": _lt("%(level)s is due and leaves with the next run."),
        },
        "call_open": {
            "day": _lt("A call is planned for %(day)s."),
        },
        None: {
            "why level day": _lt("%(why)s. Next: %(level)s on %(day)s."),
            "why": _lt("%(why)s."),
        },
    },
    # there is a reason to leave the customer alone: which, how long, what ends it
    "held": {
        "no_policy": {
            "": _lt(
                "No policy with levels applies: choose one for the customer or the "
                "company."
            ),
        },
        "no_followup": {
            "": _lt("Marked not to be followed up: nothing is sent."),
        },
        "blocked": {
            "": _lt("The invoices are blocked for payment: nothing is sent meanwhile."),
        },
        "before_start": {
            "": _lt("Due before the start of follow-up: nothing is sent."),
        },
        "credit_covers": {
            "": _lt("Credits cover what is overdue: match them with the invoices."),
        },
        "in_transit": {
            "": _lt("The money is on its way: nothing is sent meanwhile."),
        },
        "planned": {
            "day": _lt(
                "A payment plan is offered: reminders rest until it is answered, at "
                "most until %(day)s."
            ),
            "": _lt("A payment plan stands: reminders rest for as long as it is kept."),
        },
        "awaiting_approval": {
            "day": _lt(
                "An agreement waits for approval: reminders rest until then, at most "
                "until %(day)s."
            ),
            "": _lt("An agreement waits for approval: reminders rest meanwhile."),
        },
        "promised": {
            "day": _lt("Payment is promised: reminders rest before %(day)s."),
            "": _lt("Payment is promised: reminders rest meanwhile."),
        },
        "replied": {
            "day": _lt(
                "The customer replied: answer them. Nothing is sent before %(day)s."
            ),
        },
        "bank_stale": {
            "": _lt("The bank statements are out of date: import them to go on."),
        },
        None: {
            "why day": _lt("%(why)s: nothing is sent before %(day)s."),
            "why": _lt("%(why)s: nothing is sent until the hold is lifted."),
        },
    },
    "closed": {
        None: {
            "": _lt("Everything is settled."),
        },
    },
}


def sentence_for(state, reason, known):
    """The sentence for a case, to be translated and filled in.

    :param known: dict of details; an empty one is not known
    :return: a lazily translated text with named placeholders
    """
    lane = SENTENCES[state]
    rows = (*lane.get(reason, {}).items(), *lane[None].items())
    return next(
        sentence
        for needs, sentence in rows
        if all(known.get(detail) for detail in needs.split())
    )

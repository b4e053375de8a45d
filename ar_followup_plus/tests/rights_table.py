"""The table of rights as data: what is done, who may, how it is tried, what it changes.

A value that begins with @ stands for the ids of a row of the test: one id, or a list
where the field takes many.
"""

from collections import namedtuple

from .rpc import MODELS, READERS, STRANGERS

ROLES = (*READERS, *STRANGERS)
ADMINS = ("admin",)
APPROVERS = ("approver", *ADMINS)
COLLECTORS = ("collector", *APPROVERS)
AUDITORS = ("auditor", *COLLECTORS)
NOBODY = ()

#: ``act``, ``effect`` and ``given`` are called with the test; without an effect, there
#: is to be a result. ``given`` comes before, with the engine's rights.
Right = namedtuple("Right", "what who act effect given", defaults=(None, None))


def _values(test, values):
    def value(name, given):
        if not isinstance(given, str) or not given.startswith("@"):
            return given
        ids = getattr(test, given[1:]).ids
        return ids if name.endswith("_ids") else ids[0]

    return {name: value(name, given) for name, given in values.items()}


def create(model, **values):
    return lambda test: test.rpc(model, "create", [_values(test, values)])


def write(row, **values):
    def act(test):
        records = getattr(test, row)
        return test.rpc(records._name, "write", records.ids, _values(test, values))

    return act


def push(row, button, *args):
    """Push a button of a row."""

    def act(test):
        records = getattr(test, row)
        return test.rpc(records._name, button, records.ids, *args)

    return act


def through(model, button, **values):
    """Open a window with these values, and confirm it."""
    return lambda test: test.rpc(model, button, create(model, **values)(test))


def field(row, name):
    """What a field of a row says."""
    return lambda test: getattr(test, row).sudo().mapped(name)


def count(model, *domain):
    return lambda test: test.env[model].sudo().search_count(domain)


def exists(row):
    return lambda test: getattr(test, row).exists()


def sent(test):
    return test.reminder.state, len(test.received(test.ann))


def dropped(test):
    return test.reminder.state, len(test.case_ann.hold_ids)


def becomes(row, **values):
    """A row as the engine would leave it."""
    return lambda test: getattr(test, row).sudo().write(values)


def planned(state):
    """A plan over Ann's invoice, drawn up by somebody else, that has come so far."""
    return lambda test: test.plan_in(state)


def promised(day):
    """A promise over Ann's invoice that somebody else recorded."""
    return lambda test: test.promise_by(day)


SOON, LATER = "2026-01-12", "2026-03-01"


def disputed(test):
    """A dispute over Ann's invoice, recorded by somebody else."""
    test.record_dispute()


def held(kind, by):
    return lambda test: test.hold(kind, by)


READING = [
    Right(
        f"read {model}",
        AUDITORS,
        lambda test, model=model: test.rpc(
            model, "search_read", [["id", "=", test.rows[model].id]], ["display_name"]
        ),
    )
    for model in MODELS
] + [
    Right(
        "read the marks of events",
        ADMINS,
        lambda test: test.rpc("ar.followup.mark", "search_read", [], ["id"]),
        given=becomes("ann", email="ann@elsewhere.example"),
    ),
    Right(
        "print a statement",
        AUDITORS,
        through("ar.statement", "action_print", partner_ids="@ann"),
    ),
    Right(
        "read the words of bank lines",
        NOBODY,
        lambda test: test.rpc("ar.bank.token", "search_read", [], ["token"]),
    ),
]

CASE, HOLD, REMINDER = "ar.followup.case", "ar.followup.hold", "ar.followup.reminder"
PLAN = "ar.payment.plan"
PROMISE = "ar.payment.promise"
DISPUTE, REASON = "ar.dispute", "ar.dispute.reason"
DISPUTE_STATE = field("dispute", "state")
POLICY, LEVEL, RUN = "ar.followup.policy", "ar.followup.level", "ar.followup.run"
PREVIEWS = count(RUN, ("is_preview", "=", True), ("state", "=", "done"))
DAYS = count(RUN, ("is_preview", "=", False), ("state", "=", "done"))
PLAN_STATE = field("plan", "state")
PROMISE_STATE = field("promise", "state")
LIFTED = field("current", "lifted_by_id.id")

# fmt: off
WORK = [Right(what, COLLECTORS, *rest) for what, *rest in (
    ("open a case", create(CASE, partner_id="@dan"), count(CASE)),
    ("open a case by pausing a customer",
     push("dan", "action_pause_ar_followup"), count(CASE)),
    ("choose the collector of several customers",
     write("cases", responsible_id="@manager"), field("cases", "user_id.id")),
    ("choose the collector on the customer's page",
     write("ann", ar_user_id="@manager"), field("case_ann", "user_id.id")),
    ("say whom not to write to",
     write("ann", ar_no_email=True, ar_no_contact_reason="x"),
     field("ann", "ar_no_email")),
    ("say whom not to call", write("ann", ar_no_call=True), field("ann", "ar_no_call")),
    ("say that an address works after all",
     push("ann", "action_ar_email_works"), field("ann", "ar_bounced_email"),
     becomes("ann", ar_bounced_email="ann@customer.example")),
    ("say that a number is right after all",
     push("ann", "action_ar_number_works"), field("ann", "ar_wrong_number"),
     becomes("ann", phone="+1 555 01", ar_wrong_number="+1 555 01")),
    ("note that contact details were verified",
     push("ann", "action_ar_verified"), field("ann", "ar_verified_by_id.id")),
    ("say who decides at a customer", write("ann", ar_is_decision_maker=True),
     field("ann", "ar_is_decision_maker")),
    ("choose a customer's policy",
     write("ann", ar_followup_policy_id="@spare_policy"),
     field("ann", "ar_followup_policy_id.id")),
    ("leave an invoice out", write("bill", no_followup=True),
     field("bill", "no_followup")),
    ("look at a customer again", push("case_ann", "action_reassess"),
     field("case_ann", "reason"), becomes("case_ann", reason="nothing_due")),
    ("begin anew after the final notice", push("case_ann", "action_release"),
     field("item", "round"), lambda test: test.after_the_final_notice()),
    ("write a note on a case", push("case_ann", "message_post"),
     field("case_ann", "message_ids.id")),
    ("log a contact", create("ar.contact.log", case_id="@case_ann"),
     count("ar.contact.log")),
    ("prepare today's reminder now", push("case_ann", "action_prepare"),
     count(REMINDER, ("state", "=", "to_review")),
     lambda test: test.reminder._set_state("cancelled")),
    ("send the next reminder", push("case_ann", "action_send_next"),
     count(REMINDER, ("state", "=", "to_review")),
     lambda test: test.reminder._set_state("cancelled")),
    ("edit a reminder", write("reminder", subject="About our call"),
     field("reminder", "subject")),
    ("take over the earlier text", push("reminder", "action_take_over_text"),
     field("reminder", "subject"), lambda test: test.replace_an_edited_one()),
    ("send a reminder", push("reminder", "action_send"), sent),
    ("send again what failed", push("reminder", "action_retry"), sent,
     becomes("reminder", state="failed")),
    ("say that it did leave", push("reminder", "action_mark_sent"),
     field("reminder", "state"), becomes("reminder", state="unknown")),
    ("drop a reminder until a day",
     push("reminder", "action_cancel", "2026-02-01", "They pay."), dropped),
    ("drop a reminder through the window",
     through("ar.followup.reminder.drop", "action_drop", reminder_ids="@reminder"),
     dropped),
    ("set a hold", create(HOLD, case_id="@case_ann"), count(HOLD)),
    ("send a statement",
     through("ar.statement", "action_send", partner_ids="@ann"),
     lambda test: len(test.case_ann.reminder_ids)),
    ("pause a customer through the window",
     through("ar.followup.pause", "action_pause", case_ids="@case_ann", note="x"),
     count(HOLD)),
    ("open the window that proposes a plan", push("case_ann", "action_propose_plan")),
    ("open it from an invoice", push("bill", "action_propose_plan")),
    ("draw up a plan", create(PLAN, move_line_ids="@debt"), count(PLAN)),
    ("change a draft", write("plan", installment_count=2),
     field("plan", "line_ids.amount"), planned("draft")),
    ("calculate a draft anew", push("plan", "action_generate_lines"),
     field("plan", "requested_by_id.id"), planned("draft")),
    ("submit a plan", push("plan", "action_submit"), PLAN_STATE, planned("draft")),
    ("withdraw a plan that waits", push("plan", "action_cancel"), PLAN_STATE,
     planned("to_approve")),
    ("record that an offer is accepted", push("plan", "action_accept"), PLAN_STATE,
     planned("approved")),
    ("record that an offer is declined", push("plan", "action_decline", "No."),
     PLAN_STATE, planned("approved")),
    ("record the answer through the window",
     through("ar.payment.plan.answer", "action_record", plan_id="@plan", name="Ann"),
     PLAN_STATE, planned("approved")),
    ("propose another plan in place of one in force", push("plan", "action_replace"),
     count(PLAN), planned("active")),
    ("open the window that records a promise",
     push("case_ann", "action_record_promise")),
    ("open that window from an invoice", push("bill", "action_record_promise")),
    ("record a promise",
     create(PROMISE, move_line_ids="@debt", date_promised=SOON), count(PROMISE)),
    ("record another in its place", push("promise", "action_record_new"), None,
     promised(SOON)),
    ("note what was said of a promise", write("promise", note="x"),
     field("promise", "note"), promised(SOON)),
    ("cancel a promise", push("promise", "action_cancel"), PROMISE_STATE,
     promised(SOON)),
    ("open the window to record a dispute", push("bill", "action_dispute")),
    ("open it from a case", push("case_ann", "action_dispute")),
    ("record a dispute",
     create(DISPUTE, move_id="@bill", reason_id="@dispute_reason", amount_disputed=10),
     count(DISPUTE)),
    ("pass a dispute on", write("dispute", user_id="@manager"),
     field("dispute", "user_id.id"), disputed),
    ("accept a dispute", push("dispute", "action_accept", 5), DISPUTE_STATE, disputed),
    ("accept a dispute through the window",
     through("ar.dispute.accept", "action_accept", dispute_id="@dispute"),
     DISPUTE_STATE, disputed),
    ("reject a dispute", push("dispute", "action_reject", "All was delivered."),
     DISPUTE_STATE, disputed),
    ("reject a dispute through the window",
     through("ar.dispute.reject", "action_reject", dispute_id="@dispute",
             explanation="All was delivered."), DISPUTE_STATE, disputed),
    ("say that a dispute is withdrawn", push("dispute", "action_withdraw"),
     DISPUTE_STATE, disputed),
    ("say that a dispute is a mistake", push("dispute", "action_cancel"),
     DISPUTE_STATE, disputed),
    ("lift a pause of one's own", push("current", "action_lift"), LIFTED,
     held("paused", by="oneself")),
    ("preview today", lambda test: test.rpc(RUN, "action_preview_today", []),
     PREVIEWS),
    ("preview another day",
     through(RUN, "action_run", is_preview=True, date="2026-03-01"), PREVIEWS),
    ("delete a preview", push("previewed", "unlink"), exists("previewed")),
)]

APPROVAL = [Right(what, APPROVERS, *rest) for what, *rest in (
    ("lift another's pause, with a note",
     push("current", "action_lift", "They paid."), LIFTED,
     held("paused", by="another")),
    ("lift a legal hold of one's own, with a note",
     push("current", "action_lift", "They paid."), LIFTED,
     held("legal", by="oneself")),
    ("lift another's pause through the window",
     through("ar.followup.hold.lift", "action_lift", hold_ids="@current", note="Paid"),
     LIFTED, held("paused", by="another")),
    ("send despite the limits, with a note",
     push("case_ann", "action_send_despite", "They asked for it."),
     field("case_ann", "reminder_ids.despite_by_id.id"),
     lambda test: test.too_soon()),
    ("send despite the limits through the window",
     through("ar.followup.despite", "action_send", case_id="@case_ann", note="x"),
     field("case_ann", "reminder_ids.despite_note"), lambda test: test.too_soon()),
    ("approve a plan of somebody else", push("plan", "action_approve"), PLAN_STATE,
     planned("to_approve")),
    ("refuse a plan of somebody else", push("plan", "action_refuse", "No."),
     PLAN_STATE, planned("to_approve")),
    ("make a draft again of somebody else's plan", push("plan", "action_withdraw"),
     PLAN_STATE, planned("to_approve")),
    ("withdraw a plan in force, with a note", push("plan", "action_cancel", "Why."),
     PLAN_STATE, planned("active")),
    ("withdraw a plan in force through the window",
     through("ar.payment.plan.cancel", "action_cancel", plan_id="@plan", note="Why."),
     PLAN_STATE, planned("active")),
    ("approve a promise of somebody else", push("promise", "action_approve"),
     PROMISE_STATE, promised(LATER)),
    ("refuse a promise of somebody else", push("promise", "action_refuse", "No."),
     PROMISE_STATE, promised(LATER)),
    ("withdraw a promise of somebody else", push("promise", "action_withdraw"),
     PROMISE_STATE, promised(LATER)),
    ("start the day", through(RUN, "action_run"), DAYS, lambda test: test.travel(5)),
)]

WORDED = {"subject": "Reworded", "body": "<p>Dear customer</p>"}
SETTING_VALUES = {
    "ar_followup_mode": "off",
    "ar_followup_policy_id": False,
    "ar_followup_start_date": "2026-01-01",
    "ar_followup_hour": 6,
    "ar_daily_limit": 7,
    "ar_attachment_max": 3,
    "ar_attachment_mb_max": 2,
    "ar_manager_id": False,
    "ar_default_user_id": False,
    "ar_reply_pause_days": 3,
    "ar_bank_stale_days": 5,
    "ar_dispute_days": 5,
    "ar_dispute_user_id": "@manager",
    "ar_approve_own": False,
    "ar_approver_absent_days": 4,
    "ar_plan_approval_days": 6,
    "ar_plan_grace_days": 9,
    "ar_plan_notice_days": 2,
    "ar_plan_offer_days": 21,
    "ar_plan_auto_installments": 2,
    "ar_plan_auto_days": 40,
    "ar_plan_auto_amount": 500.0,
    "ar_call_overdue_days": 8,
    "ar_copy_manager": False,
    "ar_verify_first_invoice": True,
}
CONFIGURATION = [Right(what, ADMINS, *rest) for what, *rest in (
    *((f"set {name}", write("company", **{name: value}), field("company", name))
      for name, value in SETTING_VALUES.items()),
    ("save the settings page",
     through("res.config.settings", "execute", ar_daily_limit=9),
     field("company", "ar_daily_limit")),
    ("create a policy", create(POLICY, name="Own"), count(POLICY)),
    ("copy a policy", push("policy", "copy"), count(POLICY)),
    ("change a policy", write("policy", min_gap_days=0),
     field("policy", "min_gap_days")),
    ("delete a policy", push("spare_policy", "unlink"), exists("spare_policy")),
    ("add a level", create(LEVEL, name="New", policy_id="@policy", delay_days=8),
     count(LEVEL)),
    ("change a level", write("friendly", delay_days=4),
     field("friendly", "delay_days")),
    ("delete a level", push("spare_level", "unlink"), exists("spare_level")),
    ("see an example of a level's mail",
     lambda test: test.rpc(
         "ar.followup.level.example", "web_save", [],
         {"level_id": test.friendly.id}, {"subject": {}})[0]["subject"]),
    ("word a level's text through the window",
     through("ar.followup.level.text", "action_save", level_id="@friendly", **WORDED),
     field("friendly", "mail_template_id.subject")),
    ("word a level's template", write("template", subject="Reworded"),
     field("template", "subject")),
    ("add a reason for disputes", create(REASON, name="Weather"), count(REASON)),
    ("reword a reason for disputes", write("spare_reason", name="Weather"),
     field("spare_reason", "name")),
    ("delete a reason for disputes", push("spare_reason", "unlink"),
     exists("spare_reason")),
    ("start following up",
     through("ar.followup.start", "action_apply", start_date="2026-01-02"),
     field("company", "ar_followup_start_date")),
    ("give an older invoice a level in Start",
     create("ar.followup.start.line", start_id="@start", move_line_id="@debt"),
     field("start", "line_ids.id")),
)]

HISTORY = [Right(what, NOBODY, *rest) for what, *rest in (
    ("rewrite a contact", write("log", summary="x"), field("log", "summary")),
    ("delete a contact", push("log", "unlink"), exists("log")),
    ("rewrite a decision", write("decision", reason="paused"),
     field("decision", "reason")),
    ("delete a decision", push("decision", "unlink"), exists("decision")),
    ("rewrite a hold", write("ended", note="Another reason."), field("ended", "note")),
    ("delete a hold", push("ended", "unlink"), exists("ended")),
    ("delete a promise", push("promise", "unlink"), exists("promise"),
     promised(SOON)),
    ("delete a dispute", push("dispute", "unlink"), exists("dispute"), disputed),
    ("delete a draft plan", push("plan", "unlink"), exists("plan"), planned("draft")),
)]
# fmt: on

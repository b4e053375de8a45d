"""What the tests of rights share: people of each kind, talking to the server."""

import json
import re
from urllib.parse import urljoin

from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from .common import START, FollowupCommon

#: who may read follow-up, with the groups that say so
READERS = {
    "auditor": "base.group_user,account.group_account_readonly",
    "collector": "account.group_account_invoice",
    "approver": "account.group_account_invoice,ar_followup_plus.group_ar_approver",
    "admin": "base.group_system,account.group_account_manager",
}
#: who may not
STRANGERS = {
    "sales": "base.group_user,base.group_partner_manager",
    "portal": "base.group_portal",
}
MODELS = (
    "ar.contact.log",
    "ar.dispute",
    "ar.dispute.reason",
    "ar.followup.case",
    "ar.followup.decision",
    "ar.followup.hold",
    "ar.followup.item",
    "ar.followup.level",
    "ar.followup.policy",
    "ar.followup.reminder",
    "ar.followup.reminder.line",
    "ar.followup.run",
    "ar.payment.plan",
    "ar.payment.plan.item",
    "ar.payment.plan.line",
    "ar.payment.promise",
    "ar.payment.promise.item",
)
#: all that the models offer to programs, beside what every model has
BUTTONS = {
    "ar.contact.log": {"action_correct", "action_send_recap"},
    "ar.dispute": {
        "action_accept",
        "action_cancel",
        "action_open_accept",
        "action_open_case",
        "action_open_credit_note",
        "action_open_invoice",
        "action_open_reject",
        "action_reject",
        "action_withdraw",
    },
    "ar.followup.case": {
        "action_dispute",
        "action_open_disputes",
        "action_log_call",
        "action_open_despite",
        "action_open_invoices",
        "action_open_plans",
        "action_open_promises",
        "action_open_reminder",
        "action_pause",
        "action_prepare",
        "action_propose_plan",
        "action_reassess",
        "action_record_promise",
        "action_release",
        "action_send_despite",
        "action_statement",
        "action_send_next",
    },
    "ar.followup.hold": {"action_lift", "action_open_lift"},
    "ar.followup.item": {"action_open_invoice"},
    "ar.followup.level": {"action_edit_text"},
    "ar.followup.policy": {"action_open_cases"},
    "ar.followup.reminder": {
        "action_cancel",
        "action_mark_sent",
        "action_open_drop",
        "action_retry",
        "action_send",
        "action_take_over_text",
    },
    "ar.followup.run": {
        "action_go_on",
        "action_open_part",
        "action_preview_today",
        "action_run",
    },
    "ar.payment.plan": {
        "action_accept",
        "action_approve",
        "action_cancel",
        "action_decline",
        "action_generate_lines",
        "action_open_answer",
        "action_open_cancel",
        "action_open_case",
        "action_refuse",
        "action_replace",
        "action_submit",
        "action_withdraw",
    },
    "ar.payment.plan.line": {"action_open_plan"},
    "ar.payment.promise": {
        "action_approve",
        "action_cancel",
        "action_open_case",
        "action_record_new",
        "action_refuse",
        "action_submit",
        "action_withdraw",
    },
}
#: of these, what only opens a window; the window's own rights count
WINDOWS = {
    "action_edit_text",
    "action_open_case",
    "action_open_cases",
    "action_open_credit_note",
    "action_open_despite",
    "action_open_disputes",
    "action_open_drop",
    "action_open_invoice",
    "action_open_invoices",
    "action_open_lift",
    "action_open_part",
    "action_open_plan",
    "action_open_plans",
    "action_open_promises",
    "action_open_reminder",
    "action_pause",
    "action_statement",
}
#: Odoo's words where nobody of the user's groups has the right
NOT_ALLOWED = (
    "not allowed to (access|modify|create|delete)"
    "|changed by an administrator of Invoicing"
)
#: what the server writes to its log when it refuses, which it shall do here
REFUSALS = (
    "odoo.http",
    "odoo.models",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
)


class Refused(Exception):
    """The server answered with an error: its kind and its text."""

    def __init__(self, error):
        self.kind = error["data"]["name"].rpartition(".")[2]
        super().__init__(error["data"]["message"])


class RpcCommon(FollowupCommon, HttpCase):
    """One customer in review mode, with a row of every model; and the people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_followup_mode = "review"
        cls.people = {
            role: new_test_user(
                cls.env,
                login=f"ar_{role}_rpc",
                groups=groups,
                **({} if role == "portal" else {"company_id": cls.company.id}),
            )
            for role, groups in {**READERS, **STRANGERS}.items()
        }
        cls.ann = cls.customer("Ann")
        cls.bill = cls.invoice(cls.ann, 100, due=START)
        cls.rows = cls._make_rows()

    @classmethod
    def _make_rows(cls):
        """A row of each model, as a day's work leaves them: dict model → record."""
        cls.travel(4)
        env = cls.engine
        run = env["ar.followup.run"].create({"company_id": cls.company.id})
        run.action_run()
        case = env["ar.followup.case"].search([("partner_id", "=", cls.ann.id)])
        reminder = case.reminder_ids
        assert reminder.state == "to_review", "the tests need a reminder to review"
        hold = env["ar.followup.hold"].create(
            {"case_id": case.id, "date_from": "2025-12-01", "date_to": "2025-12-31"}
        )
        log = env["ar.contact.log"].create({"case_id": case.id, "outcome": "other"})
        plan = cls._make_plan()
        promise = cls._make_promise()
        dispute = cls._make_dispute()
        cls.travel(START)
        rows = (
            run,
            case,
            case.item_ids,
            reminder,
            reminder.line_ids,
            case.decision_ids[0],
            hold,
            log,
            dispute,
            dispute.reason_id,
            cls.policy,
            cls.level("friendly"),
            plan,
            plan.item_line_ids,
            plan.line_ids[0],
            promise,
            promise.item_line_ids,
        )
        assert {row._name for row in rows} == set(MODELS)
        return {row._name: row.with_env(cls.env) for row in rows}

    @classmethod
    def _make_plan(cls):
        """A plan that waits for approval, of a customer who is good for that alone."""
        bill = cls.invoice(cls.customer("Pat"), 300, due=400)
        Plan = cls.env["ar.payment.plan"].with_user(cls.collector)
        plan = Plan.create({"move_line_ids": cls.receivable(bill).ids})
        plan.action_submit()
        return plan

    @classmethod
    def _make_promise(cls):
        """A promise that waits for approval, of another such customer."""
        bill = cls.invoice(cls.customer("Pia"), 300, due=400)
        Promise = cls.env["ar.payment.promise"].with_user(cls.collector)
        return Promise.create(
            {"move_line_ids": cls.receivable(bill).ids, "date_promised": "2026-03-01"}
        )

    @classmethod
    def _make_dispute(cls):
        """A dispute of a customer who owes only later, for a reason of the company."""
        reason = cls.env["ar.dispute.reason"].create(
            {"name": "Own", "company_id": cls.company.id}
        )
        bill = cls.invoice(cls.customer("Dot"), 200, due=400)
        Dispute = cls.env["ar.dispute"].with_user(cls.collector)
        return Dispute.create({"move_id": bill.id, "reason_id": reason.id})

    def setUp(self):
        super().setUp()
        self.travel(4)
        self.role = None

    # talking to the server ---------------------------------------------------

    def act_as(self, role):
        """Log in as one of the people."""
        if role != self.role:
            login = self.people[role].login
            self.authenticate(login, login)
            self.role = role

    def rpc(self, model, method, *args, **kwargs):
        """What the web client, or any program with a log-in, can do.

        :raises Refused: with the server's words
        """
        self.env.flush_all()
        route = f"/web/dataset/call_kw/{model}/{method}"
        with mute_logger(*REFUSALS):
            response = self.opener.post(
                urljoin(self.base_url(), route),
                json={
                    "jsonrpc": "2.0",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": json.loads(json.dumps(args, default=str)),
                        "kwargs": kwargs,
                    },
                },
                timeout=30,
            )
        response.raise_for_status()
        answer = response.json()
        self.env.invalidate_all()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("result")

    def assertRefused(self, said, model, method, *args, kind="AccessError", **kwargs):
        """The call is refused, with a text that matches ``said``."""
        try:
            result = self.rpc(model, method, *args, **kwargs)
        except Refused as refused:
            self.assertEqual(refused.kind, kind, str(refused))
            self.assertRegex(str(refused), re.compile(said, re.IGNORECASE))
        else:
            self.fail(f"{self.role} could call {model}.{method}{args}: {result!r}")

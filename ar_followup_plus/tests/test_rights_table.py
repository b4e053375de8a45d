"""The table of rights, row by row and role by role, as a browser would try it.

Each cell is tried over RPC and taken back: who may not is refused and changes nothing;
for who may, it happens.
"""

import re
from contextlib import closing

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from . import rights_table as table
from .rpc import NOT_ALLOWED, READERS, Refused, RpcCommon

#: The words of a refusal for want of rights: Odoo's, or ours.
SAID = (
    f"{NOT_ALLOWED}|enough rights to access|doesn't have '(read|write)' access"
    "|security restrictions|by an approver|by collectors|only collectors"
    "|requested it, or an approver"
)

NAMED = {"display_name": {}}
TRANSIENT = {
    "ar.approval.refuse": "action_refuse",
    "ar.call": "action_save",
    "ar.dispute.accept": "action_accept",
    "ar.dispute.accept.line": None,
    "ar.dispute.reject": "action_reject",
    "ar.followup.despite": "action_send",
    "ar.followup.hold.lift": "action_lift",
    "ar.followup.level.example": "action_edit_text",
    "ar.followup.level.text": "action_save",
    "ar.followup.pause": "action_pause",
    "ar.followup.reminder.drop": "action_drop",
    "ar.followup.start": "action_next",
    "ar.followup.start.line": None,
    "ar.payment.plan.answer": "action_record",
    "ar.payment.plan.cancel": "action_cancel",
    "ar.statement": "action_send",
}


class TableCommon(RpcCommon):
    """The rows that the table is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who may edit customers is not stopped by that, and only our rights count
        for role in table.AUDITORS:
            cls.people[role].group_ids += cls.env.ref("base.group_partner_manager")
        cls.dan = cls.customer("Dan")
        cls.case_ann = cls.rows["ar.followup.case"]
        bob = {"partner_id": cls.customer("Bob").id, "company_id": cls.company.id}
        cls.cases = cls.case_ann + cls.env["ar.followup.case"].sudo().create(bob)
        cls.item = cls.rows["ar.followup.item"]
        cls.reminder = cls.rows["ar.followup.reminder"]
        cls.friendly = cls.level("friendly")
        cls.friendly.attach_invoices = False
        cls.template = cls.friendly.mail_template_id
        cls.debt = cls.receivable(cls.bill)
        cls.log = cls.rows["ar.contact.log"]
        cls.decision = cls.rows["ar.followup.decision"]
        cls.ended = cls.rows["ar.followup.hold"]
        cls.spare_policy = cls.policy.copy()
        cls.spare_level = cls.spare_policy.level_ids[-1]
        cls.dispute_reason = cls.rows["ar.dispute.reason"]
        cls.spare_reason = cls.dispute_reason.copy()
        cls.previewed = cls.engine["ar.followup.run"].create(
            {"company_id": cls.company.id, "is_preview": True}
        )
        Start = cls.env["ar.followup.start"].with_user(cls.people["admin"])
        cls.start = Start.create({})
        cls.current = cls.env["ar.followup.hold"]
        # sudo: with several approvers nobody can switch it on, only off
        cls.company.sudo().ar_approve_own = True

    def hold(self, kind, by):
        """A hold in force that who is logged in, or another, has set."""
        user = self.people[self.role] if by == "oneself" else self.collector
        Hold = self.env["ar.followup.hold"].sudo()
        vals = {"case_id": self.case_ann.id, "kind": kind, "user_id": user.id}
        self.current = Hold.create(vals).with_env(self.env)

    def record_dispute(self):
        """A dispute over Ann's invoice; another collector recorded it."""
        Dispute = self.env["ar.dispute"].with_user(self.collector)
        dispute = Dispute.create(
            {"move_id": self.bill.id, "reason_id": self.dispute_reason.id}
        )
        self.dispute = dispute.with_env(self.env)

    def plan_in(self, state):
        """A plan over Ann's invoice that has come so far; others drew it up."""
        Plan = self.env["ar.payment.plan"].with_user(self.collector)
        plan = Plan.create({"move_line_ids": self.debt.ids})
        if state != "draft":
            plan.action_submit()
        if state in ("approved", "active"):
            plan.with_user(self.manager).action_approve()
        if state == "active":
            plan.action_accept()
        self.plan = plan.with_env(self.env)

    def promise_by(self, day):
        """A promise over Ann's invoice; another collector recorded it."""
        Promise = self.env["ar.payment.promise"].with_user(self.collector)
        promise = Promise.create({"move_line_ids": self.debt.ids, "date_promised": day})
        self.promise = promise.with_env(self.env)

    def after_the_final_notice(self):
        self.reminder._set_state("cancelled")
        final = self.level("final")
        self.item.sudo().write({"level_id": final.id, "level_date": "2026-01-06"})
        self.case_ann.sudo().write({"other_reasons": "ladder_done"})

    def too_soon(self):
        """Ann has just heard of us; nothing else keeps the reminder back."""
        self.reminder._set_state("cancelled")
        self.case_ann.sudo().last_demand_date = fields.Date.today()
        self.case_ann.sudo()._reassess()

    def replace_an_edited_one(self):
        earlier = self.reminder.sudo().copy(
            {"state": "cancelled", "subject": "As we said on the phone"}
        )
        earlier.body = self.reminder.body
        self.reminder.sudo().replaces_id = earlier


@tagged("post_install", "-at_install")
class TestRightsTable(TableCommon):
    def check(self, rights):
        for role in table.ROLES:
            self.act_as(role)
            for right in rights:
                with (
                    self.subTest(right=right.what, role=role),
                    closing(self.env.cr.savepoint()),
                ):
                    self.cell(right, role)
                # what was tried is taken back
                self.env.invalidate_all()
                self.sink.reset()
                self.travel(4)

    def cell(self, right, role):
        if right.given:
            right.given(self)
            self.env.flush_all()
        before = right.effect and right.effect(self)
        refused = result = None
        try:
            result = right.act(self)
        except Refused as error:
            refused = error
        self.env.invalidate_all()
        if role in right.who:
            self.assertIsNone(refused, f"{role} may {right.what}")
            if right.effect:
                self.assertNotEqual(right.effect(self), before, "nothing happened")
            else:
                self.assertTrue(result, "there is nothing to see")
            return
        self.assertTrue(refused, f"{role} could {right.what}: {result!r}")
        self.assertEqual(refused.kind, "AccessError", str(refused))
        self.assertRegex(str(refused), re.compile(SAID, re.IGNORECASE))
        if right.effect:
            self.assertEqual(right.effect(self), before, "something changed")

    def test_reading(self):
        self.check(table.READING)

    def test_work(self):
        self.check(table.WORK)

    def test_approval(self):
        self.check(table.APPROVAL)

    def test_configuration(self):
        settings = self.env["res.company"]._ar_settings()
        self.assertEqual(set(table.SETTING_VALUES), settings)
        self.check(table.CONFIGURATION)

    def test_history(self):
        self.check(table.HISTORY)


@tagged("post_install", "-at_install")
class TestWindowsOfOthers(TableCommon):
    """What somebody has half typed in a window is nobody else's."""

    def setUp(self):
        super().setUp()
        owner = self.people["admin"]
        self.people["second"] = new_test_user(
            self.env, login="ar_second_admin", groups=READERS["admin"]
        )
        self.people["second"].write(
            {
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        plan_vals = {
            "case_id": self.case_ann.id,
            "move_line_ids": self.receivable(self.bill).ids,
        }
        plan = self.env["ar.payment.plan"].with_user(owner).create(plan_vals)
        dispute = {"dispute_id": self.rows["ar.dispute"].id}
        accept = self.env["ar.dispute.accept"].with_user(owner).create(dispute)
        self.env.flush_all()  # its own lines first
        vals = {
            "ar.approval.refuse": {
                "res_model": plan._name,
                "res_id": plan.id,
                "reason": "x",
            },
            "ar.call": {"case_id": self.case_ann.id, "outcome": "reached"},
            "ar.dispute.accept": dispute,
            "ar.dispute.accept.line": {"accept_id": accept.id},
            "ar.dispute.reject": {**dispute, "explanation": "x"},
            "ar.followup.despite": {"case_id": self.case_ann.id, "note": "x"},
            "ar.followup.hold.lift": {"hold_ids": self.rows["ar.followup.hold"].ids},
            "ar.followup.level.example": {"level_id": self.friendly.id},
            "ar.followup.level.text": {**table.WORDED, "level_id": self.friendly.id},
            "ar.followup.pause": {"case_ids": self.case_ann.ids, "note": "x"},
            "ar.followup.reminder.drop": {"reminder_ids": self.reminder.ids},
            "ar.followup.start": {},
            "ar.followup.start.line": {
                "start_id": self.start.id,
                "move_line_id": self.receivable(self.bill).id,
            },
            "ar.payment.plan.answer": {"plan_id": plan.id, "name": "Ann"},
            "ar.payment.plan.cancel": {"plan_id": plan.id, "note": "x"},
            "ar.statement": {"partner_ids": self.case_ann.partner_id.ids},
        }
        self.windows = {
            model: self.env[model].with_user(owner).create(vals[model])
            for model in TRANSIENT
        }

    def test_every_window_is_here(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._transient and name.startswith("ar.")
        }
        self.assertEqual(set(TRANSIENT), ours)

    def test_another_admin_reaches_none(self):
        for role in table.ROLES:
            self.assertNobodyElse(role if role != "admin" else "second")

    def assertNobodyElse(self, role):
        self.act_as(role)
        for model, button in TRANSIENT.items():
            ids = self.windows[model].ids
            tries = [("read", [["create_uid"]]), ("write", [{}]), ("web_read", [NAMED])]
            tries += [(button, [])] if button else []
            for method, args in tries:
                with self.subTest(role=role, model=model, method=method):
                    self.assertRefused(".", model, method, ids, *args)
            with self.subTest(role=role, model=model):
                try:
                    found = self.rpc(model, "search", [["id", "in", ids]])
                except Refused:
                    found = []
                self.assertEqual(found, [])
        self.env.invalidate_all()
        self.assertEqual(self.reminder.state, "to_review")

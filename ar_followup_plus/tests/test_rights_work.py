"""What collectors and approvers may do, and where it ends; over RPC."""

from datetime import date, timedelta

from odoo.tests import tagged

from .common import START
from .rpc import RpcCommon

MANUAL = ("paused", "moratorium", "legal", "agency")
FROM_AGREEMENTS = ("disputed", "planned", "awaiting_approval", "promised", "replied")


@tagged("post_install", "-at_install")
class TestWork(RpcCommon):
    def setUp(self):
        super().setUp()
        self.reminder = self.rows["ar.followup.reminder"]

    # holds -------------------------------------------------------------------

    def hold(self, **vals):
        """A hold the person who is logged in sets on the customer."""
        vals = {"case_id": self.rows["ar.followup.case"].id, **vals}
        (hold_id,) = self.rpc("ar.followup.hold", "create", [vals])
        return self.env["ar.followup.hold"].browse(hold_id)

    def lift(self, hold, *note):
        self.rpc("ar.followup.hold", "action_lift", hold.ids, *note)

    def assertNotLifted(self, said, hold, *note, kind="AccessError"):
        self.assertRefused(
            said, "ar.followup.hold", "action_lift", hold.ids, *note, kind=kind
        )
        self.assertFalse(hold.lifted_on)

    def test_collectors_set_holds_of_the_manual_kinds(self):
        self.act_as("collector")
        for kind in MANUAL:
            hold = self.hold(kind=kind, note="as they asked")
            self.assertEqual(hold.user_id, self.people["collector"])
            self.assertTrue(hold.is_current)
        case = self.rows["ar.followup.case"]
        self.assertEqual((case.state, case.reason), ("held", "legal"))

    def test_other_holds_follow_from_agreements(self):
        for role in ("collector", "approver", "admin"):
            self.act_as(role)
            case = self.rows["ar.followup.case"]
            create = ("ar.followup.hold", "create")
            for kind in FROM_AGREEMENTS:
                with self.subTest(role=role, kind=kind):
                    said = "follows from an agreement"
                    vals = {"case_id": case.id, "kind": kind}
                    self.assertRefused(said, *create, [vals])
                    del vals["kind"]
                    context = {"default_kind": kind}
                    self.assertRefused(said, *create, [vals], context=context)
            self.rpc(
                "ir.default", "set", "ar.followup.hold", "kind", "planned", user_id=True
            )
            self.assertRefused(said, *create, [vals])

    def test_a_hold_on_a_part_needs_an_invoice_of_the_customer(self):
        self.act_as("collector")
        stranger = self.customer("Carl")
        self.invoice(stranger, 50)
        self.work_day(5)
        item = self.case(stranger).item_ids
        self.assertRefused(
            "invoice of the customer",
            "ar.followup.hold",
            "create",
            [{"case_id": self.rows["ar.followup.case"].id, "item_id": item.id}],
            kind="ValidationError",
        )

    def test_collectors_lift_their_own_pause(self):
        self.act_as("collector")
        hold = self.hold()
        self.lift(hold)
        self.assertEqual(hold.lifted_by_id, self.people["collector"])
        self.assertEqual(hold.lifted_on, START + timedelta(4))
        self.assertLiftedForGood(hold)

    def assertLiftedForGood(self, hold):
        lifted = hold.lifted_by_id
        self.assertRefused(
            "already been lifted",
            "ar.followup.hold",
            "action_lift",
            hold.ids,
            "again",
            kind="UserError",
        )
        self.assertEqual(hold.lifted_by_id, lifted)

    def test_collectors_lift_nothing_else(self):
        self.act_as("collector")
        for kind in ("legal", "moratorium", "agency"):
            hold = self.hold(kind=kind)
            self.assertNotLifted("by an approver", hold, "they promised")
        self.act_as("approver")
        hold = self.hold()
        self.act_as("collector")
        self.assertNotLifted("by an approver", hold, "not mine")

    def test_the_window_that_asks_for_the_note_gives_no_other_rights(self):
        self.act_as("collector")
        hold = self.hold(kind="legal")
        vals = {"hold_ids": hold.ids, "note": "they promised"}
        (window_id,) = self.rpc("ar.followup.hold.lift", "create", [vals])
        lift = ("ar.followup.hold.lift", "action_lift", [window_id])
        self.assertRefused("by an approver", *lift)
        self.act_as("approver")
        window = self.rpc("ar.followup.hold", "action_open_lift", hold.ids)
        vals = {"note": "The court has decided."}
        (window_id,) = self.rpc(
            window["res_model"], "create", [vals], context=window["context"]
        )
        self.rpc(window["res_model"], "action_lift", [window_id])
        self.assertEqual(hold.lifted_by_id, self.people["approver"])
        self.assertEqual(hold.lift_note, "The court has decided.")

    def test_one_wrong_hold_lifts_none(self):
        self.act_as("collector")
        both = self.hold() | self.hold(kind="legal")
        self.assertRefused(
            "by an approver", "ar.followup.hold", "action_lift", both.ids, "x"
        )
        self.assertEqual(both.mapped("lifted_on"), [False, False])

    def test_approvers_and_admins_lift_any_hold_with_a_note(self):
        for role in ("approver", "admin"):
            for kind in MANUAL:
                with self.subTest(role=role, kind=kind):
                    self.act_as("collector")
                    hold = self.hold(kind=kind)
                    self.act_as(role)
                    for note in ((), (False,), ("",), ("  ",)):
                        self.assertNotLifted("note", hold, *note, kind="UserError")
                    self.lift(hold, "The court has decided.")
                    self.assertEqual(hold.lift_note, "The court has decided.")
                    self.assertEqual(hold.lifted_by_id, self.people[role])

    # contacts ----------------------------------------------------------------

    def test_collectors_log_contacts_in_their_own_name(self):
        self.act_as("collector")
        case = self.rows["ar.followup.case"]
        vals = {"case_id": case.id, "outcome": "promise", "summary": "pays on Friday"}
        (log_id,) = self.rpc("ar.contact.log", "create", [vals])
        log = self.env["ar.contact.log"].browse(log_id)
        self.assertEqual(log.user_id, self.people["collector"])
        self.assertFalse(log.automated)
        self.assertEqual(log.partner_id, self.ann)
        self.assertEqual(case.last_demand_date, START + timedelta(4))

    def test_a_slip_is_corrected_by_another_entry(self):
        self.act_as("collector")
        wrong = self.rows["ar.contact.log"]
        vals = {
            "case_id": wrong.case_id.id,
            "outcome": "refuses",
            "correction_of_id": wrong.id,
        }
        (log_id,) = self.rpc("ar.contact.log", "create", [vals])
        self.assertEqual(self.env["ar.contact.log"].browse(log_id).outcome, "refuses")
        self.assertEqual(wrong.outcome, "other")

    # reminders ---------------------------------------------------------------

    def push(self, button):
        self.rpc("ar.followup.reminder", button, self.reminder.ids)

    def reword(self, **vals):
        self.rpc("ar.followup.reminder", "write", self.reminder.ids, vals)

    def test_collectors_reword_and_send_what_they_review(self):
        self.act_as("collector")
        self.reword(subject="About our call", body="<p>As we said on the phone.</p>")
        self.push("action_send")
        self.assertEqual(self.reminder.state, "sent")
        (mail,) = self.received(self.ann)
        self.assertEqual(mail.subject, "About our call")
        self.assertIn("As we said on the phone.", mail.html)

    def test_what_was_sent_is_not_reworded(self):
        self.act_as("collector")
        self.push("action_send")
        for role in ("collector", "approver", "admin"):
            self.act_as(role)
            self.assertRefused(
                "waits for review",
                "ar.followup.reminder",
                "write",
                self.reminder.ids,
                {"body": "<p>We never wrote that.</p>"},
            )

    def test_nothing_empty_is_sent(self):
        self.act_as("collector")
        for vals in ({"body": "<p><br></p>"}, {"body": False}, {"subject": " "}):
            self.assertRefused(
                "needs a subject and a text",
                "ar.followup.reminder",
                "write",
                self.reminder.ids,
                vals,
                kind="UserError",
            )

    def test_no_script_gets_into_a_reminder(self):
        self.act_as("collector")
        self.reword(body="<p onclick='x()'>Dear<script>alert(1)</script></p>")
        self.assertNotIn("script", self.reminder.body)
        self.assertNotIn("onclick", self.reminder.body)

    def test_collectors_drop_a_reminder(self):
        self.act_as("collector")
        self.push("action_cancel")
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertFalse(self.received(self.ann))
        for button in ("action_send", "action_retry", "action_mark_sent"):
            with self.subTest(button=button):
                self.assertRefused(
                    ".",
                    "ar.followup.reminder",
                    button,
                    self.reminder.ids,
                    kind="UserError",
                )

    def test_a_reminder_is_sent_once(self):
        self.act_as("collector")
        self.push("action_send")
        for button in ("action_send", "action_retry", "action_cancel"):
            self.assertRefused(
                ".", "ar.followup.reminder", button, self.reminder.ids, kind="UserError"
            )
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_nobody_says_sent_of_what_was_not(self):
        self.act_as("admin")
        self.assertRefused(
            "Unknown",
            "ar.followup.reminder",
            "action_mark_sent",
            self.reminder.ids,
            kind="UserError",
        )

    # runs --------------------------------------------------------------------

    def run_of(self, **vals):
        (run_id,) = self.rpc("ar.followup.run", "create", [vals])
        return self.env["ar.followup.run"].browse(run_id)

    def test_collectors_preview_any_day(self):
        self.act_as("collector")
        count = self.env["ar.followup.reminder"].search_count([])
        run = self.run_of(is_preview=True, date=str(date(2026, 3, 1)))
        self.rpc("ar.followup.run", "action_run", run.ids)
        self.assertEqual(run.state, "done")
        self.assertIn(self.ann, run.decision_ids.partner_id)
        self.assertEqual(self.env["ar.followup.reminder"].search_count([]), count)

    def test_collectors_do_not_start_the_day(self):
        self.travel(5)
        self.act_as("approver")
        run = self.run_of()
        self.act_as("collector")
        self.assertRefused(
            "started by an approver", "ar.followup.run", "action_run", run.ids
        )
        self.travel(6)
        self.assertRefused("started by an approver", "ar.followup.run", "create", [{}])

    def test_approvers_start_the_day_once_and_no_other(self):
        self.travel(5)
        self.act_as("approver")
        run = self.run_of()
        self.rpc("ar.followup.run", "action_run", run.ids)
        self.assertEqual(run.state, "done")
        said = "already been worked"
        create = ("ar.followup.run", "create")
        self.assertRefused(said, *create, [{}], kind="ValidationError")
        for day in (4, 6):
            vals = {"date": str(START + timedelta(day + 10))}
            self.assertRefused("Only today", *create, [vals], kind="UserError")

    def test_an_approver_does_not_start_what_is_switched_off(self):
        self.company.ar_followup_mode = "off"
        self.travel(5)
        self.act_as("approver")
        self.assertRefused(
            "Follow-up is off", "ar.followup.run", "create", [{}], kind="UserError"
        )

    def test_a_case_begins_anew_only_after_the_final_notice(self):
        self.act_as("collector")
        case = self.rows["ar.followup.case"]
        self.assertRefused(
            "final notice",
            "ar.followup.case",
            "action_release",
            case.ids,
            kind="UserError",
        )

    def test_what_is_not_meant_for_today_is_not_read_from_the_context(self):
        """An archived level stays archived, whoever asks and how."""
        self.level("friendly").copy({"delay_days": 2}).active = False
        case = self.rows["ar.followup.case"]
        self.reminders(self.ann).action_cancel()
        case.hold_ids.filtered("is_current").action_lift("One is due again.")
        before = case.next_level_id
        self.act_as("collector")
        self.rpc(
            "ar.followup.case",
            "action_reassess",
            case.ids,
            context={"active_test": False, "tz": "Asia/Tokyo"},
        )
        self.assertEqual(before, self.level("friendly"))
        self.assertEqual(case.next_level_id, before)
        run = self.run_of(is_preview=True)
        self.rpc(
            "ar.followup.run", "action_run", run.ids, context={"active_test": False}
        )
        self.assertEqual(run.decision_ids.level_id, before)

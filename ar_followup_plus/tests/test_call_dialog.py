"""The call dialog: each outcome, from what is typed to the engine's next decision."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import START
from .common_calls import CallCommon


@tagged("post_install", "-at_install")
class TestWhatIsLogged(CallCommon):
    def test_a_conversation(self):
        entry, action = self.log_call(
            "reached", summary="They look into it.", person_name="Mr Brown"
        )
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(self.entries(), entry)
        self.assertEqual(
            (entry.outcome, entry.channel, entry.direction, entry.user_id),
            ("reached", "phone", "out", self.collector),
        )
        self.assertEqual(entry.person_text, "Mr Brown")
        self.assertEqual(self.case(self.ann).last_demand_date, START + timedelta(2))
        self.work_days(3, 6)
        self.assertFalse(self.reminders(self.ann), "the gap after a conversation")
        self.work_day(7)
        self.assertTrue(self.reminders(self.ann))

    def test_nobody_answers(self):
        """An attempt: it counts for how often they are called, and for nothing else."""
        for outcome in ("no_answer", "voicemail"):
            self.log_call(outcome)
        self.assertEqual(self.called_days(), [START + timedelta(2)] * 2)
        self.assertFalse(self.case(self.ann).last_demand_date)
        self.work_day(3)
        self.assertTrue(self.reminders(self.ann), "no conversation, so no gap")

    def test_too_many_attempts(self):
        """After them, the ladder's own call waits."""
        call = {
            "send_email": False,
            "activity_type_id": self.env.ref(
                "ar_followup_plus.mail_activity_type_call"
            ).id,
        }
        self.set_policy(self.ann, [(3, "friendly", call)], call_cap=2, call_cap_days=7)
        self.log_call("no_answer")
        self.log_call("no_answer")
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "contact_cap")
        self.assertFalse(self.call(self.ann))

    def test_a_letter_came_in(self):
        entry, _action = self.log_call("other", channel="letter", direction="in")
        self.assertEqual((entry.channel, entry.direction), ("letter", "in"))
        self.assertFalse(self.called_days())

    def test_a_next_step(self):
        day = fields.Date.today() + timedelta(3)
        self.log_call("reached", next_step="Send a copy", next_step_date=day)
        todo = self.case(self.ann).activity_ids
        self.assertEqual(
            (todo.summary, todo.date_deadline, todo.user_id),
            ("Send a copy", day, self.collector),
        )
        self.assertNotEqual(self.case(self.ann).reason, "call_open")

    def test_a_next_step_without_a_day(self):
        entry, _action = self.log_call("reached", next_step="Wait for their mail")
        self.assertEqual(entry.next_step, "Wait for their mail")
        self.assertFalse(self.case(self.ann).activity_ids)

    def test_saved_once(self):
        call = self.fill("reached")
        call.action_save()
        with self.assertRaisesRegex(UserError, "in the contact log already"):
            call.action_save()
        self.assertEqual(len(self.entries()), 1)

    def test_one_decision(self):
        """Whatever is saved, the case is decided anew at the end."""
        Case = self.registry["ar.followup.case"]
        decided = []
        reassess_in = Case._reassess_in

        def count(cases, company):
            decided.append(cases)
            return reassess_in(cases, company)

        call = self.fill("hardship", hardship_until=fields.Date.today() + timedelta(20))
        self.patch(Case, "_reassess_in", count)
        call.action_save()
        self.assertEqual(len(decided), 1)


@tagged("post_install", "-at_install")
class TestPlannedCalls(CallCommon):
    """A call that was planned is made with the dialog; there is one entry of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_type = cls.env.ref("ar_followup_plus.mail_activity_type_call")
        call = {"send_email": False, "activity_type_id": cls.call_type.id}
        cls.policy = cls.set_policy(
            levels=[(3, "friendly", call), (20, "friendly")],
        )
        cls.first = cls.policy.level_ids[0]

    def test_the_call_of_the_ladder(self):
        self.work_day(3)
        self.assertTrue(self.call(self.ann))
        self.assertEqual(self.case(self.ann).reason, "call_open")
        entry, _action = self.log_call("reached", summary="They pay soon.")
        self.assertFalse(self.call(self.ann))
        self.assertEqual(self.entries(), entry)
        self.assertEqual(entry.level_id, self.first)
        self.assertEqual(self.item(self.bill).level_id, self.first)
        self.assertFalse(self.case(self.ann).call_level_id)
        self.assertNotEqual(self.case(self.ann).reason, "call_open")

    def test_nobody_answered_the_call_of_the_ladder(self):
        self.work_day(3)
        entry, _action = self.log_call("no_answer")
        self.assertFalse(self.call(self.ann))
        self.assertEqual(self.item(self.bill).level_id, self.first)
        self.assertEqual((self.entries(), entry.level_id), (entry, self.first))
        self.assertEqual(self.case(self.ann).last_demand_date, START + timedelta(3))

    def test_a_wrong_number_is_no_call(self):
        self.work_day(3)
        entry, _action = self.log_call("wrong_number")
        self.assertTrue(self.call(self.ann), "still to be made")
        self.assertFalse(self.item(self.bill).level_id)
        self.assertFalse(entry.level_id)
        self.assertFalse(self.called_days())
        self.assertEqual(self.ann.ar_wrong_number, "+1 555 0111")

    def test_a_letter_says_nothing_about_a_number(self):
        self.work_day(3)
        self.log_call("wrong_number", channel="letter")
        self.assertFalse(self.ann.ar_wrong_number)

    def test_a_call_of_the_day_before_is_not_the_one_that_was_planned(self):
        yesterday = fields.Datetime.now()
        self.work_day(3)
        entry, _action = self.log_call("reached", date=yesterday)
        self.assertTrue(self.call(self.ann), "still to be made")
        self.assertFalse(entry.level_id)
        self.assertFalse(self.item(self.bill).level_id)
        self.assertEqual(self.case(self.ann).last_demand_date, START + timedelta(2))

    def test_a_letter_is_no_call(self):
        self.work_day(3)
        self.log_call("reached", channel="letter")
        self.assertTrue(self.call(self.ann))

    def test_a_call_of_ones_own(self):
        """It is made, too, but is no step of the ladder; a later one stays."""
        self.ann.with_user(self.collector)._ar_ensure_cases()
        case = self.case(self.ann).with_user(self.collector)
        today = fields.Date.today()
        for days in (0, 5):
            case.activity_schedule(
                "ar_followup_plus.mail_activity_type_call",
                date_deadline=today + timedelta(days),
                user_id=self.collector.id,
                automated=False,
            )
        entry, _action = self.log_call("reached")
        self.assertEqual(self.call(self.ann).date_deadline, today + timedelta(5))
        self.assertFalse(entry.level_id)
        self.assertFalse(self.item(self.bill).level_id)

    def test_marked_as_done_in_the_chatter(self):
        self.work_day(3)
        self.close_call(self.ann, "They pay soon.")
        entry = self.entries()
        self.assertEqual((len(entry), entry.level_id), (1, self.first))
        self.assertEqual((entry.outcome, entry.summary), ("reached", "They pay soon."))
        self.assertEqual(self.item(self.bill).level_id, self.first)


@tagged("post_install", "-at_install")
class TestOutcomes(CallCommon):
    """What the outcome asks for, and what it leads to."""

    def test_hardship(self):
        until = fields.Date.today() + timedelta(20)
        self.log_call("hardship", hardship_until=until, summary="It is difficult.")
        case = self.case(self.ann)
        hold = case.hold_ids
        self.assertEqual((hold.kind, hold.date_to), ("paused", until))
        self.assertEqual(hold.user_id, self.collector)
        self.assertNotIn("difficult", hold.note)
        self.assertTrue(case.is_hardship)
        self.assertEqual((case.state, case.reason), ("held", "paused"))
        self.work_days(3, 8)
        self.assertFalse(self.reminders(self.ann))
        case.with_user(self.collector).is_hardship = False

    def test_hardship_is_for_collectors_only(self):
        auditor = new_test_user(
            self.env,
            "ar_auditor_calls",
            "base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        case = self.case(self.ann)
        case.is_hardship = True
        self.assertTrue(case.with_user(self.manager).is_hardship)
        with self.assertRaises(AccessError):
            case.with_user(auditor).read(["is_hardship"])
        with self.assertRaises(AccessError):
            case.with_user(auditor).search([("is_hardship", "=", True)])

    def test_a_plan_is_proposed_afterwards(self):
        entry, action = self.log_call("wants_plan")
        self.assertEqual(action["res_model"], "ar.payment.plan")
        self.assertEqual(self.entries(), entry)

    def test_no_plan_is_possible(self):
        """The call is kept all the same."""
        call = self.fill("wants_plan")
        self.pay(self.bill)
        action = call.action_save()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.entries().outcome, "wants_plan")

    def test_a_promise(self):
        day = fields.Date.today() + timedelta(5)
        entry, _action = self.log_call(
            "promise", promise_date=day, promise_method="card", summary="On Monday."
        )
        promise = entry.promise_ids
        self.assertEqual(
            (promise.case_id, promise.date_promised, promise.method),
            (self.case(self.ann), day, "card"),
        )
        self.assertEqual(promise.move_line_ids, self.receivable(self.bill))
        self.assertEqual((promise.state, promise.amount), ("open", 1000.0))
        self.assertEqual(self.case(self.ann).reason, "promised")
        self.work_days(3, 7)
        self.assertFalse(self.reminders(self.ann))

    def test_a_part_is_promised(self):
        """The rest goes on."""
        day = fields.Date.today() + timedelta(9)
        self.log_call("promise", promise_date=day, promise_amount=400.0)
        self.assertEqual(self.item(self.bill).amount_held, 400.0)
        self.work_days(3, 8)
        asked = self.reminders(self.ann).filtered(lambda own: own.kind == "reminder")
        self.assertEqual(asked.line_ids.amount_asked, 600.0)

    def test_a_dispute(self):
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        File = self.env["ir.attachment"].with_user(self.collector)
        # as the browser uploads it
        file = File.create({"name": "photo.txt", "raw": b"x", "res_model": "ar.call"})
        form = self.dialog(self.bill)
        form.outcome = "dispute"
        form.dispute_reason_id = reason
        form.dispute_amount = 300.0
        form.summary = "Three of ten came broken."
        call = form.save()
        call.attachment_ids = file
        call.action_save()
        dispute = call.log_id.dispute_ids
        self.assertEqual((dispute.move_id, dispute.reason_id), (self.bill, reason))
        self.assertEqual(dispute.amount_disputed, 300.0)
        self.assertEqual(dispute.description, "Three of ten came broken.")
        self.assertEqual(dispute.attachment_ids, file)
        self.assertEqual(self.item(self.bill).amount_held, 300.0)
        self.work_days(3, 8)
        asked = self.reminders(self.ann).filtered(lambda own: own.kind == "reminder")
        self.assertEqual(asked.line_ids.amount_asked, 700.0)


@tagged("post_install", "-at_install")
class TestBadInput(CallCommon):
    """A clear message, and nothing of it is kept."""

    def assertProblem(self, said, outcome, **vals):
        """:param vals: set as a program would, which skips what the form asks for"""
        call = self.fill("reached")
        call.write({"outcome": outcome, **vals})
        with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
            call.action_save()
        self.assertFalse(self.entries())
        self.assertFalse(self.case(self.ann).hold_ids)

    def test_promises(self):
        today = fields.Date.today()
        past, later = today - timedelta(1), today + timedelta(5)
        self.assertProblem("which day do they pay", "promise")
        self.assertProblem("has passed", "promise", promise_date=past)
        self.assertProblem(
            "Only .*1,000.00 is open",
            "promise",
            promise_date=later,
            promise_amount=1000.01,
        )
        self.assertProblem(
            "cannot be negative", "promise", promise_date=later, promise_amount=-1
        )

    def test_a_promise_of_who_owes_nothing(self):
        day = fields.Date.today() + timedelta(5)
        self.pay(self.bill)
        self.assertProblem("owes nothing", "promise", promise_date=day)

    def test_disputes(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Broken goods"})
        item = self.item(self.bill)
        self.assertProblem(
            "Which invoice", "dispute", dispute_item_id=False, dispute_amount=1
        )
        self.assertProblem("Choose a reason", "dispute", dispute_item_id=item.id)
        self.assertProblem(
            "Only .* is open",
            "dispute",
            dispute_item_id=item.id,
            dispute_reason_id=reason.id,
            dispute_amount=2000,
        )

    def test_hardship(self):
        past = fields.Date.today() - timedelta(1)
        self.assertProblem("Until which day", "hardship")
        self.assertProblem("has passed", "hardship", hardship_until=past)

    def test_next_steps(self):
        today = fields.Date.today()
        self.assertProblem("what the next step is", "reached", next_step_date=today)
        self.assertProblem(
            "has passed",
            "reached",
            next_step="Call",
            next_step_date=today - timedelta(1),
        )

    def test_a_call_of_tomorrow(self):
        call = self.fill("reached")
        call.date = fields.Datetime.now() + timedelta(1)
        with self.assertRaisesRegex(UserError, "lies in the past"):
            call.action_save()

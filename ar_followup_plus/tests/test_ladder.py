from datetime import timedelta

from odoo.tests import tagged

from .common import START, FollowupCommon


@tagged("post_install", "-at_install")
class TestShippedLadder(FollowupCommon):
    """The ladder as it is delivered, day by day, for one unpaid invoice."""

    def setUp(self):
        super().setUp()
        self.ann = self.customer("Ann")

    def _tell(self, first, last):
        """Tick every day; tell the days on which something new stood in the books.

        :return: dict day → (reason of the case, names of what reached the customer)
        """
        story, before = {}, None
        for day in range(first, last + 1):
            self.work_day(day)
            case = self.case(self.ann)
            now = (case.reason, self.reminders(self.ann, "sent").mapped("level_name"))
            if now != before:
                story[day] = now
            before = now
        return story

    def test_day_by_day(self):
        move = self.invoice(self.ann, 100.0, 10)
        courtesy, friendly = "Courtesy note", "Friendly reminder"
        second, firm = "Second reminder", "Firm reminder"
        self.assertEqual(
            self._tell(0, 46),
            {
                0: (False, []),  # the customer is not known before day 7
                7: ("nothing_due", [courtesy]),
                11: ("too_soon", [courtesy]),
                13: ("awaiting_answer", [courtesy, friendly]),
                21: ("too_soon", [courtesy, friendly]),
                24: ("awaiting_answer", [courtesy, friendly, second]),
                32: ("too_soon", [courtesy, friendly, second]),
                40: ("call_open", [courtesy, friendly, second, firm]),
            },
        )
        self._make_the_calls()
        self._release_the_final_notice(move)

    def _make_the_calls(self):
        """The call that was announced, then the step that is a call."""
        call = self.call(self.ann)
        self.assertEqual(call.user_id, self.collector)
        self.assertEqual(
            call.date_deadline, START + timedelta(days=47), "the day of the answer"
        )
        self.work_day(47)
        self.close_call(self.ann)
        mails = [*self.reminders(self.ann, "sent").mapped("level_name")]
        self.assertEqual(self._tell(48, 69), {48: ("too_soon", mails)})
        self.work_day(70)
        self.assertEqual(self.case(self.ann).state, "todo")
        self.assertEqual(self.call(self.ann).summary, "Negotiation call")
        self.assertEqual(self.case(self.ann).level_id, self.level("firm"))
        self.close_call(self.ann)
        self.assertEqual(self.case(self.ann).level_id, self.level("call"))

    def _release_the_final_notice(self, move):
        """A person reads it first, also in automatic mode; then nothing more."""
        mails = [*self.reminders(self.ann, "sent").mapped("level_name")]
        self.assertEqual(self._tell(71, 99), {71: ("too_soon", mails)})
        self.work_day(100)
        final = self.reminders(self.ann, "to_review")
        self.assertEqual(final.level_id, self.level("final"))
        self.assertEqual(self.case(self.ann).reason, "review")
        self.assertEqual(len(self.received(self.ann)), 4)
        final.with_user(self.collector).action_send()
        self.assertEqual(final.state, "sent")
        self.assertEqual(len(self.received(self.ann)), 5)
        self.assertEqual(self.item(move).level_id, self.level("final"))
        story = self._tell(101, 140)
        self.assertEqual(list(story.values())[0][0], "ladder_done")
        self.assertEqual(len(story), 1, "nothing moves until a person decides")

    def test_old_debt_starts_friendly(self):
        """Found at go-live, 200 days late: one step at a time, the gap between."""
        move = self.invoice(self.ann, 100.0, -200)
        story = self._tell(0, 30)
        self.assertEqual(
            [names[-1] for _reason, names in story.values() if names],
            ["Friendly reminder", "Second reminder", "Firm reminder"],
        )
        self.assertEqual(
            [r.date_sent.date() for r in self.reminders(self.ann)],
            [START + timedelta(days=day) for day in (0, 8, 16)],
            "the day after the one by which we asked for an answer",
        )
        self.assertEqual(self.item(move).level_id, self.level("firm"))


@tagged("post_install", "-at_install")
class TestLadder(FollowupCommon):
    """A plain ladder of four mails on which no answer is awaited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"response_days": 0}
        cls.policy = cls.set_policy(
            levels=[
                (3, "friendly", quiet),
                (14, "friendly", quiet),
                (30, "firm", quiet),
                (60, "final", quiet),
            ],
            min_gap_days=5,
        )
        cls.first, cls.second, cls.firm, cls.final = cls.policy.level_ids
        cls.ann = cls.customer("Ann")

    def _days_sent(self, partner=None):
        """(day, level) of each message that reached the customer."""
        return [
            ((r.date_sent.date() - START).days, r.level_id)
            for r in self.reminders(partner or self.ann, "sent")
        ]

    def test_one_message_lists_everything(self):
        """The due invoice climbs, what is overdue is listed, the rest is not named."""
        due = self.invoice(self.ann, 100.0, 0)
        overdue = self.invoice(self.ann, 50.0, 2)
        future = self.invoice(self.ann, 70.0, 20)
        self.work_day(3)
        reminder = self.reminders(self.ann, "sent")
        self.assertEqual(reminder.line_ids.move_id, due | overdue)
        self.assertRecordValues(
            reminder.line_ids,
            [
                {"level_before_id": False, "level_after_id": self.first.id},
                {"level_before_id": False, "level_after_id": False},
            ],
        )
        html = self.received(self.ann)[0].html
        self.assertIn(overdue.name, html)
        self.assertNotIn(future.name, html)
        self.assertIn("150.00", html)
        self.assertEqual(self.item(due).level_id, self.first)
        self.assertFalse(self.item(overdue).level_id, "only listed")

    def test_newly_due_items_below_the_standing_cause_no_message(self):
        """They climb with the next message, which is never milder than the standing."""
        old = self.invoice(self.ann, 100.0, 0)
        new = self.invoice(self.ann, 50.0, 25)
        self.work_days(3, 45)
        self.assertEqual(
            self._days_sent(), [(3, self.first), (14, self.second), (30, self.firm)]
        )
        self.assertEqual(self.item(old).level_id, self.firm)
        self.assertEqual(self.item(new).level_id, self.first, "with the firm one")

    def test_a_step_waits_for_the_gap(self):
        """Reached late, the next step still keeps five days from the last one."""
        self.invoice(self.ann, 100.0, 0)
        self.work_day(12)
        self.work_days(13, 18)
        self.assertEqual(self._days_sent(), [(12, self.first), (17, self.second)])

    def test_a_conversation_keeps_the_gap_too(self):
        self.invoice(self.ann, 100.0, 0)
        self.work_day(3)
        self.travel(12)
        self.env["ar.contact.log"].with_user(self.collector).create(
            {"case_id": self.case(self.ann).id, "outcome": "reached"}
        )
        self.work_days(13, 18)
        self.assertEqual(self._days_sent(), [(3, self.first), (17, self.second)])

    def test_no_level_twice_within_its_days(self):
        """A second invoice at the same level waits for the repeat."""
        old = self.invoice(self.ann, 100.0, 0)
        self.work_day(3)
        self.travel(4)
        self.pay(old)
        self.invoice(self.ann, 50.0, 5)
        self.work_days(5, 40)
        self.assertEqual(
            self._days_sent()[:2],
            [(3, self.first), (33, self.first)],
            "30 days after the first one",
        )

    def test_final_notice_once(self):
        """Never again while an invoice that received it is open."""
        self.invoice(self.ann, 100.0, 0)
        self.invoice(self.ann, 50.0, 30)
        for day in (3, 14, 30, 60, 95, 130, 200):
            self.work_day(day)
        self.assertEqual(
            [level for _day, level in self._days_sent()],
            [self.first, self.second, self.firm, self.final],
        )
        self.assertEqual(self.case(self.ann).reason, "ladder_done")

    def test_after_a_hold_the_first_missed_level(self):
        """No burst: one step, and the next after the gap."""
        self.policy.message_cap = 0
        move = self.invoice(self.ann, 100.0, 0)
        self.work_day(3)
        hold = self.engine["ar.followup.hold"].create(
            {
                "case_id": self.case(self.ann).id,
                "kind": "paused",
                "date_to": START + timedelta(days=69),
            }
        )
        self.work_days(14, 16)
        self.assertEqual(self.case(self.ann).reason, "paused")
        self.assertEqual(self.case(self.ann).next_date, START + timedelta(days=70))
        self.work_days(69, 81)
        self.assertEqual(
            self._days_sent(),
            [(3, self.first), (70, self.second), (75, self.firm), (80, self.final)],
        )
        self.assertFalse(hold.lifted_on)
        self.assertEqual(self.item(move).level_id, self.final)

    def test_settled_case_reopens_in_a_new_round(self):
        old = self.invoice(self.ann, 100.0, 0)
        self.work_day(3)
        self.pay(old)
        self.work_day(4)
        case = self.case(self.ann)
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.closed_on, START + timedelta(days=4))
        new = self.invoice(self.ann, 80.0, 60)
        self.work_day(63)
        self.assertEqual(case.round, 2)
        self.assertFalse(case.closed_on)
        self.assertEqual(case.opened_on, START + timedelta(days=63))
        self.assertEqual(self.item(new).level_id, self.first)
        self.assertEqual(self._days_sent(), [(3, self.first), (63, self.first)])

    def test_reason_stored_for_every_day(self):
        """One decision row per change, without a gap and without an overlap."""
        move = self.invoice(self.ann, 100.0, 0)
        self.work_days(1, 10)
        self.pay(move)
        self.work_days(11, 12)
        rows = self.case(self.ann).decision_ids.sorted("id")
        self.assertEqual(rows.mapped("reason"), ["remind", "too_soon", "nothing_due"])
        self.assertEqual(
            rows[0].date_from,
            START + timedelta(days=3),
            "the customer came within reach of the ladder",
        )
        for before, after in zip(rows, rows[1:], strict=False):
            days = (after.date_from - before.date_to).days
            self.assertIn(days, (0, 1), "the same day, or the day after")
        self.assertFalse(rows[-1].date_to)

    def test_mode_off_works_nobody(self):
        self.invoice(self.ann, 100.0, 0)
        self.company.ar_followup_mode = "off"
        self.work_day(3)
        self.assertFalse(self.case(self.ann))
        self.assertFalse(self.sink.mails)

    def test_not_before_the_hour(self):
        """The day begins at the company's hour on the company's clock."""
        self.invoice(self.ann, 100.0, 0)
        self.company.partner_id.tz = "America/New_York"
        self.company.ar_followup_hour = 8
        self.travel(3, hour=12)  # seven in the morning there
        self.work_day()
        self.assertFalse(self.received(self.ann))
        self.travel(3, hour=13)
        self.work_day()
        self.assertEqual(len(self.received(self.ann)), 1)
        self.work_day()
        self.assertEqual(len(self.received(self.ann)), 1, "the day is worked once")

    def test_tolerance(self):
        """A total not above the tolerance is not asked; one above it is, in full."""
        self.policy.tolerance_amount = 10.0
        self.invoice(self.ann, 10.0, 0)
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "tolerance")
        self.assertFalse(self.received(self.ann))
        self.invoice(self.ann, 0.5, 0)
        self.work_day(4)
        self.assertIn("10.50", self.received(self.ann)[0].html)

    def test_start_date(self):
        """Invoices that were due before the start are left alone for good."""
        self.company.ar_followup_start_date = START
        before = self.invoice(self.ann, 100.0, -1)
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "before_start")
        after = self.invoice(self.ann, 40.0, 0)
        self.work_day(4)
        reminder = self.reminders(self.ann, "sent")
        self.assertEqual(reminder.line_ids.move_id, after)
        self.assertNotIn(before.name, self.received(self.ann)[0].html)

    def test_release_after_the_final_notice(self):
        """A person lets the ladder begin anew, with the friendly step."""
        move = self.invoice(self.ann, 100.0, 0)
        for day in (3, 14, 30, 60):
            self.work_day(day)
        self.assertEqual(self.item(move).level_id, self.final)
        case = self.case(self.ann)
        self.travel(70)
        case.with_user(self.collector).action_release()
        self.assertEqual(self.item(move).round, 2)
        self.work_day(71)
        self.assertEqual(self._days_sent()[-1], (71, self.first))
        self.assertEqual(self.item(move).level_id, self.first)

    def test_settled_final_ends_ladder_done(self):
        """Once the invoices that received it are settled, the others go on."""
        old = self.invoice(self.ann, 100.0, 0)
        for day in (3, 14, 30, 60):
            self.work_day(day)
        new = self.invoice(self.ann, 50.0, 58)
        self.work_day(61)
        self.assertEqual(self.case(self.ann).reason, "ladder_done")
        self.pay(old)
        self.work_day(65)
        self.assertEqual(self.item(new).level_id, self.first)

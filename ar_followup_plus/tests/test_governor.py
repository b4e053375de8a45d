"""How often, and on which days, a customer hears of us."""

from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .common import FollowupCommon
from .common_events import day


@tagged("post_install", "-at_install")
class TestQuietDays(FollowupCommon):
    """The first day is a Monday, so the 5th and the 6th are a weekend."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.working_days_only = True
        cls.ann = cls.customer("Ann")

    def test_what_falls_on_a_weekend_leaves_on_monday(self):
        self.invoice(self.ann, 100, due=2)
        self.work_day(5)
        case = self.case(self.ann)
        self.assertEqual((case.reason, case.state), ("quiet_day", "waiting"))
        self.assertEqual(case.next_date, self.travel(7))
        self.work_days(6, 7)
        self.assertEqual([r.date_planned for r in case.reminder_ids], [self.travel(7)])
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_a_public_holiday_is_left_out(self):
        self.invoice(self.ann, 100, due=0)
        self.close(3, 3)
        self.work_day(3)
        self.assertFalse(self.received(self.ann))
        self.assertEqual(self.case(self.ann).next_date, day(4))
        self.work_day(4)
        self.assertEqual(len(self.received(self.ann)), 1)

    def close(self, first, last, **vals):
        """A public holiday from ``first`` to ``last``, days from the first one."""
        first, last = self.travel(first), self.travel(last)
        vals = {
            "name": "Holiday",
            "calendar_id": self.company.resource_calendar_id.id,
            "company_id": self.company.id,
            "date_from": datetime(first.year, first.month, first.day),
            "date_to": datetime(last.year, last.month, last.day, 23, 59),
            **vals,
        }
        return self.env["resource.calendar.leaves"].create(vals)

    def test_no_burst_after_a_week_of_holidays(self):
        """Each customer gets one message, and the next when the gap has passed."""
        self.policy.message_cap = 0
        ben = self.customer("Ben")
        for partner in (self.ann, ben):
            for due in (-60, -1, 0, 4):
                self.invoice(partner, 100, due=due)
        self.close(0, 13)
        self.work_days(0, 13)
        self.assertFalse(self.sink.mails)
        for partner in (self.ann, ben):
            case = self.case(partner)
            self.assertEqual((case.reason, case.next_date), ("quiet_day", day(14)))
        self.work_day(14)
        for partner in (self.ann, ben):
            self.assertEqual(len(self.received(partner)), 1)
            self.assertEqual(len(self.reminders(partner).line_ids), 4)
        self.work_days(15, 40)
        for partner in (self.ann, ben):
            days = self.reminders(partner, "sent").mapped("date_planned")
            apart = [b - a for a, b in zip(days, days[1:], strict=False)]
            self.assertGreaterEqual(min(apart), timedelta(days=5))

    def test_a_holiday_of_somebody_else_is_none(self):
        """One person's leave, or another company's holiday, closes nothing."""
        employee = self.env["resource.resource"].sudo().create({"name": "Eve"})
        self.close(3, 3, resource_id=employee.id)
        other = self.env["resource.calendar"].create(
            {"name": "Other hours", "company_id": self.company.id}
        )
        self.close(3, 3, calendar_id=other.id)
        self.invoice(self.ann, 100, due=0)
        self.work_day(3)
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_a_weekend_in_the_west_lasts_longer(self):
        """In the night to Monday it is still Sunday afternoon in Los Angeles."""
        angeles = self.customer("Angeles", tz="America/Los_Angeles")
        self.invoice(angeles, 100, due=4)
        self.company.ar_followup_hour = 1
        self.travel(7, hour=1)
        self.work_day()
        self.assertEqual(self.reminders(angeles).state, "queued")
        self.assertFalse(self.received(angeles))
        morning = datetime(2026, 1, 12, 16)
        self.assertEqual(self.reminders(angeles).send_after, morning)
        self.travel(7, hour=16)
        self.work_day()
        self.assertEqual(len(self.received(angeles)), 1)

    def test_friday_night_waits_for_monday(self):
        """Also in Odoo's own queue, where it is scheduled for that moment."""
        self.policy.review_always = True
        self.invoice(self.ann, 100, due=0)
        self.work_day(4)
        self.travel(4, hour=21)
        reminder = self.reminders(self.ann)
        reminder.with_user(self.collector).action_send()
        monday = datetime(2026, 1, 12, 8)
        self.assertEqual(reminder.send_after, monday)
        self.assertEqual(reminder._mails().scheduled_date, monday)
        for number in (5, 6):
            self.travel(number)
            self.engine["mail.mail"].process_email_queue()
            self.work_day()
        self.assertFalse(self.received(self.ann))
        self.work_day(7)
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_as_many_days_to_answer_as_others(self):
        """What is prepared on Friday night leaves on Monday: they count from then."""
        self.invoice(self.ann, 100, due=0)
        self.level("friendly").response_days = 3
        self.travel(4, hour=21)
        self.work_day()
        reminder = self.reminders(self.ann)
        self.assertEqual(reminder.send_after, datetime(2026, 1, 12, 8))
        self.assertEqual(reminder.date_answer, date(2026, 1, 15))
        self.assertIn("January 15, 2026", reminder.body)
        self.work_day(7)
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_a_policy_may_write_on_every_day(self):
        self.policy.working_days_only = False
        self.invoice(self.ann, 100, due=2)
        self.work_day(5)
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_what_waits_for_review_survives_the_weekend(self):
        self.policy.review_always = True
        self.invoice(self.ann, 100, due=0)
        self.work_day(4)
        reminder = self.reminders(self.ann)
        self.assertEqual(reminder.state, "to_review")
        self.work_days(5, 7)
        self.assertEqual(reminder.state, "to_review")


@tagged("post_install", "-at_install")
class TestHours(FollowupCommon):
    """Reminders reach people in the daytime, wherever they are."""

    def test_at_night_it_waits_for_the_morning(self):
        ann = self.customer("Ann")
        self.invoice(ann, 100, due=0)
        day = self.travel(3, hour=21)
        self.work_day()
        reminder = self.reminders(ann)
        self.assertEqual(reminder.state, "queued")
        morning = datetime(day.year, day.month, day.day, 8) + timedelta(days=1)
        self.assertEqual(reminder.send_after, morning)
        self.travel(4, hour=7)
        self.work_day()
        self.assertFalse(self.received(ann))
        self.travel(4, hour=8)
        self.work_day()
        self.assertEqual(len(self.received(ann)), 1)

    def test_the_customers_clock_rules(self):
        """Noon here is 21 o'clock in Tokyo and 4 in the morning in Los Angeles."""
        tokyo = self.customer("Tokyo", tz="Asia/Tokyo")
        angeles = self.customer("Angeles", tz="America/Los_Angeles")
        for customer in (tokyo, angeles):
            self.invoice(customer, 100, due=0)
        day = self.travel(3)
        self.work_day()
        noon = datetime(day.year, day.month, day.day, 12)
        self.assertEqual(self.reminders(tokyo).send_after, noon + timedelta(hours=11))
        self.assertEqual(self.reminders(angeles).send_after, noon + timedelta(hours=4))

    def test_what_a_person_sends_at_night_waits_too(self):
        self.policy.review_always = True
        ann = self.customer("Ann")
        self.invoice(ann, 100, due=0)
        self.work_day(3)
        self.travel(3, hour=22)
        self.reminders(ann).with_user(self.collector).action_send()
        self.work_day()
        self.assertFalse(self.received(ann))
        self.travel(4, hour=9)
        self.work_day()
        self.assertEqual(len(self.received(ann)), 1)


@tagged("post_install", "-at_install")
class TestCaps(FollowupCommon):
    """Not too often, whoever writes: other levels, other companies of the house."""

    def test_two_messages_in_two_weeks(self):
        ann = self.customer("Ann")
        levels = [(3, "friendly"), (6, "friendly"), (9, "friendly")]
        policy = self.set_policy(ann, levels, min_gap_days=1)
        policy.level_ids.response_days = 0
        self.invoice(ann, 100, due=0)
        self.work_days(3, 12)
        self.assertEqual(len(self.received(ann)), 2)
        case = self.case(ann)
        self.assertEqual(case.reason, "contact_cap")
        self.assertEqual(case.next_date, fields.Date.today() + timedelta(days=5))
        self.work_days(13, 17)
        self.assertEqual(len(self.received(ann)), 3)


@tagged("post_install", "-at_install")
class TestCalls(FollowupCommon):
    """Who was called and not reached has heard nothing yet."""

    def setUp(self):
        super().setUp()
        self.ann = self.customer("Ann")
        call = {
            "send_email": False,
            "activity_type_id": self.level("call").activity_type_id.id,
        }
        self.set_policy(
            self.ann,
            [(3, "friendly"), (8, "firm", call), (20, "final")],
            call_cap=2,
            call_cap_days=7,
            min_gap_days=4,
        ).level_ids.response_days = 0
        self.invoice(self.ann, 100, due=0)
        self.work_day(3)

    def log(self, outcome):
        return (
            self.env["ar.contact.log"]
            .with_user(self.collector)
            .create({"case_id": self.case(self.ann).id, "outcome": outcome})
        )

    def test_an_attempt_counts_for_the_cap_not_for_the_gap(self):
        self.travel(7)
        for outcome in ("no_answer", "voicemail"):
            self.log(outcome)
        self.assertEqual(self.case(self.ann).last_demand_date, day(3))
        self.work_day(8)
        self.assertFalse(self.call(self.ann))
        case = self.case(self.ann)
        self.assertEqual((case.reason, case.next_date), ("contact_cap", day(14)))
        self.work_day(14)
        self.assertTrue(self.call(self.ann))

    def test_a_conversation_counts_for_the_gap(self):
        self.travel(7)
        self.log("reached")
        case = self.case(self.ann)
        self.assertEqual(case.last_demand_date, day(7))
        self.assertEqual((case.reason, case.next_date), ("too_soon", day(11)))

    def test_an_attempt_leaves_the_call_to_be_made(self):
        """The step is reached when the call is closed, not when nobody answers."""
        self.work_day(8)
        self.log("wrong_number")
        self.assertTrue(self.call(self.ann))
        self.assertEqual(self.case(self.ann).reason, "call_open")
        self.assertEqual(self.case(self.ann).level_id.tone, "friendly")
        self.close_call(self.ann)
        self.assertEqual(self.case(self.ann).level_id.tone, "firm")
        self.assertEqual(self.case(self.ann).last_demand_date, day(8))

    def test_a_call_closed_without_a_word_may_have_been_a_conversation(self):
        self.work_day(8)
        self.close_call(self.ann, feedback=False)
        case = self.case(self.ann)
        self.assertEqual(case.contact_log_ids[0].outcome, "other")
        self.assertEqual(case.level_id.tone, "firm")
        self.assertEqual(case.last_demand_date, day(8), "in doubt, leave them alone")


@tagged("post_install", "-at_install")
class TestOneHouse(FollowupCommon):
    """Two companies under one root are one voice to their customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.level_ids.response_days = 0
        cls.branch = cls.env["res.company"].create(
            {"name": "The Branch", "parent_id": cls.company.id}
        )
        cls.cr.precommit.run()  # the accounts of the root become the branch's
        cls.branch.partner_id.write({"tz": "UTC", "email": "office@branch.example"})
        cls.env.user.company_ids += cls.branch
        cls.branch.sudo().write(
            {
                "ar_followup_policy_id": cls.policy.id,
                "ar_followup_mode": "automatic",
                "ar_default_user_id": cls.collector.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.ann = self.customer("Ann")
        self.invoice(self.ann, 100, due=0)
        self.invoice(self.ann, 70, due=0, company_id=self.branch.id)
        self.both = self.engine["ar.followup.reminder"]

    def test_the_gap(self):
        self.work_day(3)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.work_days(4, 7)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.work_day(8)
        self.assertEqual(len(self.received(self.ann)), 2)
        companies = self.both.search([("state", "=", "sent")]).company_id
        self.assertEqual(companies, self.company + self.branch)

    def test_prepared_at_the_same_time_only_one_leaves(self):
        """Both wait for the morning; when one has left, the other is too soon."""
        self.travel(3, hour=22)
        self.work_day()
        self.assertFalse(self.received(self.ann))
        self.travel(4, hour=8)
        self.work_day()
        self.assertEqual(len(self.received(self.ann)), 1)
        states = self.both.search([]).mapped("state")
        self.assertEqual(sorted(states), ["cancelled", "sent"])

    def test_the_cap(self):
        self.policy.write({"message_cap": 1, "message_cap_days": 20})
        self.work_days(3, 22)
        self.assertEqual(len(self.received(self.ann)), 1)
        case = self.engine["ar.followup.case"].search(
            [("company_id", "=", self.branch.id), ("partner_id", "=", self.ann.id)]
        )
        self.assertEqual((case.reason, case.next_date), ("contact_cap", day(23)))
        self.work_day(23)
        self.assertEqual(len(self.received(self.ann)), 2)

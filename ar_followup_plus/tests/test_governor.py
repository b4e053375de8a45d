"""How often, and on which days, a customer hears of us."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .common import FollowupCommon


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
        day = self.travel(3)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": datetime(day.year, day.month, day.day),
                "date_to": datetime(day.year, day.month, day.day, 23, 59),
            }
        )
        self.work_day(3)
        self.assertFalse(self.received(self.ann))
        self.assertEqual(self.case(self.ann).next_date, day + timedelta(days=1))
        self.work_day(4)
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

"""How often, and on which days, a customer hears of us."""

from datetime import datetime, timedelta

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

"""Calls that are not made in time, and answers that do not come."""

from datetime import timedelta

from odoo.tests import tagged

from .common import START
from .common_delivery import DeliveryCommon

CALL = "ar_followup_plus.mail_activity_type_call"
MISSED = "ar_followup_plus.mail_activity_type_call_overdue"


class MissedCommon(DeliveryCommon):
    """A friendly mail on day 3, a call on day 14, a firm mail on day 30."""

    def setUp(self):
        super().setUp()
        self.policy = self.set_policy(
            levels=[
                (3, "friendly", {"response_days": 0}),
                (
                    14,
                    "firm",
                    {
                        "activity_type_id": self.env.ref(CALL).id,
                        "mail_template_id": False,
                        "send_email": False,
                    },
                ),
                (30, "firm", {"response_days": 0}),
            ]
        )
        self.work_day(3)
        self.work_day(14)

    def told(self, partner=None):
        """What the manager is asked to see to."""
        return self.case(partner or self.ann).activity_search([MISSED])

    def overdue(self):
        return self.env["ar.followup.case"].search(
            [
                ("call_overdue", "=", True),
                ("partner_id", "in", (self.ann + self.ben).ids),
            ]
        )


@tagged("post_install", "-at_install")
class TestMissedCalls(MissedCommon):
    def test_red_from_the_next_day_on(self):
        case = self.case(self.ann)
        self.assertFalse(case.call_overdue)
        self.assertFalse(self.overdue())
        self.travel(15)
        self.env.invalidate_all()
        self.assertTrue(case.call_overdue)
        self.assertEqual(self.overdue().partner_id, self.ann + self.ben)
        self.assertIn("overdue since Jan 19, 2026", case.decision_text)
        self.close_call(self.ann)
        self.assertFalse(case.call_overdue)
        self.assertEqual(self.overdue().partner_id, self.ben)
        others = self.env["ar.followup.case"].search([("call_overdue", "=", False)])
        self.assertIn(self.case(self.ann), others)
        self.assertNotIn(self.case(self.ben), others)

    def test_goes_to_the_manager_after_days(self):
        self.work_days(15, 16)
        self.assertFalse(self.told())
        self.work_day(17)
        activity = self.told()
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.date_deadline, START + timedelta(days=17))
        self.assertIn("Jan 19, 2026", activity.note)
        self.assertIn("Carla Collector", activity.note)
        self.assertEqual(len(self.told(self.ben)), 1)

    def test_once_for_each_call(self):
        self.work_days(15, 40)
        self.assertEqual(len(self.told()), 1)
        self.told().with_user(self.manager).action_feedback(feedback="I asked Carla.")
        self.work_days(41, 60)
        self.assertFalse(self.told(), "she knows it")
        self.told(self.ben).with_user(self.manager).unlink()
        self.work_days(61, 62)
        self.assertFalse(self.told(self.ben))

    def test_the_next_call_is_another_one(self):
        self.work_day(17)
        self.close_call(self.ann)
        self.assertFalse(self.told(), "it was made")
        self.case(self.ann).with_user(self.collector).activity_schedule(
            CALL, date_deadline=START + timedelta(days=20), user_id=self.collector.id
        )
        self.work_days(18, 23)
        self.assertEqual(len(self.told()), 1)

    def test_put_off_or_dropped(self):
        self.work_day(17)
        self.call(self.ben).with_user(self.collector).unlink()
        self.assertFalse(self.told(self.ben))
        self.pay(self.anns)
        self.work_day(18)
        self.assertFalse(self.call(self.ann))
        self.assertFalse(self.told())

    def test_put_off_and_missed_again(self):
        """On the new day it is another call; until then nobody is waiting for it."""
        self.work_day(17)
        call = self.call(self.ann).with_user(self.collector)
        call.date_deadline = START + timedelta(days=20)
        self.assertFalse(self.told(), "put off")
        self.work_days(18, 22)
        self.assertFalse(self.told())
        self.work_day(23)
        self.assertEqual(len(self.told()), 1)

    def test_settings(self):
        self.company.ar_call_overdue_days = 0
        self.work_days(15, 30)
        self.assertFalse(self.told())
        self.company.ar_call_overdue_days = 20
        self.work_days(31, 33)
        self.assertFalse(self.told())
        self.work_day(34)
        self.assertTrue(self.told())

    def test_nobody_tells_themselves(self):
        self.company.ar_manager_id = self.collector
        self.work_day(17)
        self.assertFalse(self.told())

    def test_who_is_left_alone_is_not_called(self):
        """A call of the collector's own, while the customer is on hold."""
        self.close_call(self.ann)
        case = self.case(self.ann).with_user(self.collector)
        case.activity_schedule(CALL, date_deadline=START, user_id=self.collector.id)
        self.env["ar.followup.hold"].create(
            {"case_id": case.id, "date_from": START, "kind": "paused"}
        )
        self.work_day(17)
        self.assertEqual(self.case(self.ann).state, "held")
        self.assertFalse(self.told())

    def test_the_ladder_does_not_overtake_it(self):
        """Weeks go by: nothing is sent and nothing climbs before the call was made."""
        self.sink.reset()
        level = self.item(self.anns).level_id
        for day in range(15, 90):
            self.work_day(day)
            self.assertEqual(self.case(self.ann).reason, "call_open")
        self.assertFalse(self.received(self.ann))
        self.assertEqual(self.item(self.anns).level_id, level)
        self.close_call(self.ann)
        self.work_days(90, 100)
        self.assertEqual(len(self.received(self.ann)), 1, "one step, with the gap")
        self.assertFalse(self.received(self.ben), "whose call is still to be made")

    def test_queries_do_not_grow(self):
        customers = [self.customer(f"Customer {number}") for number in range(10)]
        self.invoices([(customer, 50.0, 0) for customer in customers])
        self.work_day(16)
        self.work_day(30)
        cases = self.env["ar.followup.case"].union(*map(self.case, customers))
        counts = []
        for name in ("call_overdue", "decision_text"):
            for few in (cases[:1], cases[:2], cases):  # the first fills the caches
                self.env.invalidate_all()
                few.fetch(["company_id", "partner_id"])
                before = self.env.cr.sql_log_count
                few.mapped(name)
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1::3], counts[2::3], counts)

    def test_telling_is_done_in_batch(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            engine = self.engine["ar.followup.case"].with_company(self.company)
            engine._tell_missed_calls(self.company, START + timedelta(days=40))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        two = queries()
        self.assertTrue(self.told() and self.told(self.ben))
        customers = [self.customer(f"Customer {number}") for number in range(10)]
        self.invoices([(customer, 50.0, 0) for customer in customers])
        self.work_day(16)
        self.work_day(30)
        ten = queries()
        self.assertTrue(self.told(customers[0]))
        self.assertLessEqual(ten, two + 10, "a few for the batch, none for each")


@tagged("post_install", "-at_install")
class TestSilence(DeliveryCommon):
    """The day by which they were asked to answer passes."""

    def ladder(self, **second):
        self.set_policy(
            levels=[
                (3, "friendly", {"response_days": 7}),
                (14, "firm", {"response_days": 7, **second}),
                (40, "final", {"response_days": 7}),
            ]
        )
        self.work_day(3)

    def why(self, partner=None):
        self.env.invalidate_all()
        return self.case(partner or self.ann).decision_text

    def test_the_next_level_on_the_day_the_rules_allow(self):
        self.ladder()
        case = self.case(self.ann)
        self.work_days(4, 10)
        self.assertEqual(case.reason, "awaiting_answer")
        self.assertNotIn("No answer", self.why())
        self.work_day(11)
        self.assertEqual(case.reason, "too_soon")
        self.assertEqual(case.next_date, START + timedelta(days=14))
        self.assertIn("No answer by Jan 15, 2026", self.why())
        self.assertIn("firm 14 on Jan 19, 2026", self.why())
        self.work_days(12, 13)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.work_day(14)
        self.assertEqual(len(self.received(self.ann)), 2)

    def test_due_as_soon_as_the_day_has_passed(self):
        """Old debt: the delay of the next level passed long ago."""
        self.set_policy(
            min_gap_days=2,
            levels=[
                (3, "friendly", {"response_days": 7}),
                (14, "firm", {"response_days": 0}),
            ],
        )
        self.work_day(30)
        self.work_days(31, 37)
        self.assertEqual(self.case(self.ann).reason, "awaiting_answer")
        self.assertEqual(len(self.received(self.ann)), 1)
        self.travel(38)
        self.case(self.ann)._reassess()
        self.assertIn("No answer by Feb 11, 2026", self.why())
        self.assertIn("is due", self.why())
        self.work_day(38)
        self.assertEqual(len(self.received(self.ann)), 2)

    def test_a_call(self):
        call = self.env.ref(CALL)
        self.ladder(send_email=False, mail_template_id=False, activity_type_id=call.id)
        self.travel(14)
        self.case(self.ann)._reassess()
        self.assertIn("No answer by Jan 15, 2026", self.why())
        self.assertIn("the next run plans the call", self.why())
        self.work_day(14)
        self.assertEqual(self.call(self.ann).date_deadline, START + timedelta(days=14))
        self.assertIn("No answer by Jan 15, 2026: call the customer", self.why())

    def test_a_call_that_the_mail_announced(self):
        self.ladder(activity_type_id=self.env.ref(CALL).id)
        self.work_days(4, 14)
        day = START + timedelta(days=21)
        self.assertEqual(self.call(self.ann).date_deadline, day)
        self.assertEqual(self.case(self.ann).state, "waiting")
        self.work_day(21)
        self.assertEqual(self.case(self.ann).state, "todo", "the day of the answer")
        self.work_day(22)
        self.assertTrue(self.case(self.ann).call_overdue)

    def test_to_be_read_first(self):
        self.ladder(requires_review=True)
        self.travel(14)
        self.case(self.ann)._reassess()
        self.assertIn("No answer by Jan 15, 2026", self.why())
        self.work_day(14)
        self.assertEqual(self.case(self.ann).reason, "review")
        self.assertIn("No answer by Jan 15, 2026", self.why())

    def test_the_last_step(self):
        self.ladder()
        self.work_days(4, 60)
        self.assertEqual(self.case(self.ann).reason, "ladder_done")
        self.assertIn("No answer by", self.why())
        self.assertIn("every step was taken", self.why())

    def test_who_answered_was_not_silent(self):
        for answer in (
            lambda: self.pay(self.anns, 10.0),
            lambda: self.log(direction="in", outcome="other"),
            lambda: self.log(direction="out", outcome="reached"),
        ):
            with self.env.cr.savepoint() as point:
                self.ladder()
                self.travel(5)
                answer()
                self.work_day(13)
                self.assertEqual(self.case(self.ann).reason, "too_soon")
                self.assertNotIn("No answer", self.why())
                self.assertIn("No answer", self.why(self.ben))
                point.rollback()
            self.env.invalidate_all()

    def log(self, **vals):
        self.env["ar.contact.log"].create({"case_id": self.case(self.ann).id, **vals})

    def test_a_call_that_reached_nobody_is_silence(self):
        self.ladder()
        self.travel(5)
        self.log(direction="out", outcome="no_answer")
        self.work_day(13)
        self.assertIn("No answer", self.why())

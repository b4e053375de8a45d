"""What the page of a customer tells of their payment plans."""

from datetime import timedelta

from odoo.tests import tagged

from ..models.case.ar_followup_case_history import HISTORY_LENGTH
from .common import START
from .common_plans import PlanCommon

SUBMITTED = "Payment plan submitted for approval"
APPROVED, ACCEPTED = "Payment plan approved", "Payment plan accepted"


@tagged("post_install", "-at_install")
class TestPlanHistory(PlanCommon):
    def steps(self, name=None):
        """What happened, oldest first: titles, and who did it."""
        case = self.case(self.ann).with_user(self.collector)
        happenings = sorted(case._history(HISTORY_LENGTH), key=lambda it: it.when)
        return [
            (step.title, step.user)
            for step in happenings
            if step.record._name == (name or "ar.payment.plan")
        ]

    def test_each_step_and_who_took_it(self):
        plan = self.submitted(self.bill)
        self.travel(6)
        plan.with_user(self.manager).action_refuse("Two instalments at the most.")
        self.travel(7)
        plan.installment_count = 2
        plan.action_submit()
        self.travel(8)
        plan.with_user(self.manager).action_approve()
        self.travel(9)
        plan.action_accept("phone", "Ann Other", "She was glad.")
        self.assertEqual(
            self.steps(),
            [
                ("Payment plan refused", self.manager),
                (SUBMITTED, self.collector),
                (APPROVED, self.manager),
                (ACCEPTED, self.collector),
            ],
        )
        rows = self.case(self.ann).with_user(self.collector).history
        texts = {row["title"]: row["text"] for row in rows}
        self.assertIn("Two instalments at the most.", texts["Payment plan refused"])
        self.assertIn("She was glad.", texts[ACCEPTED])
        opened = [row for row in rows if "Payment plan" in row["title"]]
        self.assertEqual(
            {(row["model"], row["id"]) for row in opened},
            {("ar.payment.plan", plan.id)}
            | {("ar.followup.reminder", offer.id) for offer in self.offers(plan)},
        )

    def offers(self, plan):
        return self.engine["ar.followup.reminder"].search([("plan_id", "=", plan.id)])

    def test_nothing_is_told_twice(self):
        """Neither the plan's own holds nor the contact in which it was accepted."""
        plan = self.accepted(self.bill)
        self.assertTrue(plan.case_id.hold_ids)
        self.assertTrue(plan.accepted_log_id)
        self.assertFalse(self.steps("ar.followup.hold"))
        self.assertFalse(self.steps("ar.contact.log"))
        # a pause by hand, and a call about something else, are told as ever
        case = plan.case_id.with_user(self.collector)
        self.mine("ar.followup.hold").create({"case_id": case.id})
        self.mine("ar.contact.log").create({"case_id": case.id, "outcome": "other"})
        self.assertEqual(len(self.steps("ar.followup.hold")), 1)
        self.assertEqual(len(self.steps("ar.contact.log")), 1)

    def mine(self, model):
        return self.env[model].with_user(self.collector)

    def test_how_it_ended(self):
        plan = self.approved(self.bill)
        self.travel(7)
        plan.action_decline("They pay it all in March.", "phone")
        self.assertEqual([step for step, _user in self.steps()], [SUBMITTED, APPROVED])
        ((title, user),) = self.steps("ar.contact.log")
        self.assertEqual(user, self.collector)
        self.assertEqual(plan.ended_on.date(), START + timedelta(days=7))

        self.travel(8)
        other = self.approved(self.bill)
        self.travel(40)
        self.engine["ar.payment.plan"]._lapse(self.company, other._today())
        self.assertIn(
            ("Payment plan not accepted in time", self.env["res.users"]), self.steps()
        )

    def test_a_plan_that_goes_on_is_not_over(self):
        plan = self.accepted(self.bill)
        self.assertFalse(plan.ended_on)
        plan._set_state("done", end_reason="paid")
        self.assertTrue(plan.ended_on)
        plan._set_state("active", end_reason=False)
        self.assertFalse(plan.ended_on)

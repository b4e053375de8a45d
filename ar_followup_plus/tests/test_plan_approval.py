from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_plans import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanApproval(PlanCommon):
    """Submitted, approved or refused; what is held meanwhile, day by day."""

    def test_the_baseline_and_the_terms_are_those_of_the_day(self):
        self.policy.plan_tolerance_days = 4
        self.policy.plan_tolerance_amount = 2
        self.company.ar_plan_grace_days = 9
        plan = self.submitted(self.bill)
        row = plan.item_line_ids
        self.assertEqual(row.item_id, self.item(self.bill))
        self.assertEqual((row.amount_start, row.amount_covered), (1000, 1000))
        self.assertEqual(plan.submitted_on, date(2026, 1, 10))
        self.policy.plan_tolerance_days = 1
        self.company.ar_plan_grace_days = 1
        self.assertEqual(
            (plan.tolerance_days, plan.tolerance_amount, plan.grace_days), (4, 2, 9)
        )

    def test_held_while_it_waits_and_no_longer(self):
        plan = self.submitted(self.bill)
        until = date(2026, 1, 15)
        self.assertEqual(self.holds(plan), [("awaiting_approval", until, False)])
        for day in (5, 10):
            self.travel(day)
            self.assertEqual(self.reason(self.ann), "awaiting_approval")
        self.travel(11)
        self.assertEqual(self.reason(self.ann), "remind")

    def test_held_while_it_is_offered_and_no_longer(self):
        plan = self.submitted(self.bill)
        self.travel(6)
        plan.with_user(self.manager).action_approve()
        until = date(2026, 1, 25)
        self.assertEqual(plan.offer_until, until)
        self.assertEqual(self.holds(plan), [("planned", until, False)])
        for day in (6, 20):
            self.travel(day)
            self.assertEqual(self.reason(self.ann), "planned")
        self.travel(21)
        self.assertEqual(self.reason(self.ann), "remind")

    def test_held_without_end_once_it_is_accepted(self):
        plan = self.accepted(self.bill)
        self.assertEqual(self.holds(plan), [("planned", False, False)])
        self.travel(20)  # the offer would have ended
        self.assertEqual(self.reason(self.ann), "planned")

    def test_other_invoices_go_on(self):
        self.approved(self.bill).action_accept("letter")
        self.invoice(self.ann, 50, due=1)
        self.assertEqual(self.reason(self.ann), "remind")

    def test_an_announced_call_waits_for_the_decision(self):
        """A refusal leaves it to be made; an offer takes its place."""
        case = self.case(self.ann).sudo()
        case._plan_calls(self.level("firm"), date(2026, 1, 12))
        plan = self.submitted(self.bill)
        self.assertEqual(self.reason(self.ann), "awaiting_approval")
        self.assertTrue(case._open_calls(case.ids))
        plan.with_user(self.manager).action_refuse("Too long.")
        self.assertEqual(self.reason(self.ann), "call_open")
        plan.action_submit()
        plan.with_user(self.manager).action_approve()
        self.assertFalse(case._open_calls(case.ids))

    def test_refused_and_withdrawn(self):
        """Nothing is held any more, and what was typed is there still."""
        for end in ("refuse", "withdraw"):
            with self.subTest(end=end):
                plan = self.plan(self.bill, installment_count=2)
                plan.line_ids[0].amount = 300
                plan.line_ids[1].amount = 700
                plan.action_submit()
                if end == "refuse":
                    plan.with_user(self.manager).action_refuse("Too long.")
                else:
                    plan.action_withdraw()
                self.assertEqual(plan.state, "draft")
                self.assertEqual(self.holds(plan), [])
                self.assertEqual(self.reason(self.ann), "remind")
                self.assertEqual(plan.line_ids.mapped("amount"), [300, 700])
                notes = self.engine["ar.followup.hold"].search(
                    [("plan_id", "=", plan.id)]
                )
                self.assertEqual(
                    notes.mapped("lift_note"), ["The plan is a draft again."]
                )
                plan.action_submit()
                self.assertEqual(len(plan.item_line_ids), 1)
                self.assertEqual(plan.line_ids.mapped("amount"), [300, 700])
                plan.action_cancel()

    def test_a_refused_plan_is_changed_and_submitted_again(self):
        other = self.invoice(self.ann, 500, due=2)
        plan = self.submitted(self.bill, installment_count=2)
        plan.with_user(self.manager).action_refuse("All of it, please.")
        plan.move_line_ids += self.receivable(other)
        self.assertEqual(plan.amount_total, 1500)
        self.assertEqual(plan.line_ids.mapped("amount"), [750, 750])
        plan.action_submit()
        self.assertEqual(len(plan.item_line_ids), 2)
        self.assertEqual(plan.amount_total, 1500)

    def test_a_submission_that_fails_keeps_everything(self):
        plan = self.plan(self.bill, installment_count=2, note="They asked.")
        plan.line_ids[0].amount = 1
        with self.assertRaises(UserError):
            plan.action_submit()
        self.assertEqual(plan.line_ids.mapped("amount"), [1, 500])
        self.assertEqual(plan.note, "They asked.")
        self.assertEqual(self.holds(plan), [])

    def test_the_approver_reads_the_key_figures(self):
        self.work_day(6)
        plan = self.submitted(
            self.bill, down_payment=100, date_first="2026-02-02", note="Slow season."
        )
        note = str(plan.sudo().activity_ids.note)
        for said in (
            "Ann",
            "$ 1,000.00",
            "4 of $ 100.00 to $ 300.00",
            "February 2, 2026 to May 4, 2026, 113 days from now",
            f"{self.bill.name}, the oldest 6 days overdue",
            "Friendly reminder",
            "None agreed before",
            "Slow season.",
        ):
            self.assertIn(said, note.replace("&nbsp;", " "))

    def test_by_rule(self):
        """Inside a widened envelope nobody has to approve; the plan says why."""
        self.company.with_user(self.manager).sudo().write(
            {
                "ar_plan_auto_installments": 2,
                "ar_plan_auto_days": 40,
                "ar_plan_auto_amount": 1000,
            }
        )
        plan = self.submitted(self.bill, installment_count=2)
        self.assertEqual(plan.state, "approved")
        self.assertFalse(plan.approved_by_id)
        self.assertIn("up to 2 instalments, 40 days and", plan.approval_rule)
        self.assertIn("widened by Mona Manager", plan.approval_rule)
        self.assertEqual([hold[0] for hold in self.holds(plan)], ["planned"])
        plan.action_cancel()

    def test_by_rule_once_for_an_invoice(self):
        """One plan after the other would never end: the second is for a person."""
        self.company.sudo().write(
            {
                "ar_plan_auto_installments": 2,
                "ar_plan_auto_days": 40,
                "ar_plan_auto_amount": 5000,
            }
        )
        other = self.invoice(self.ann, 80, due=2)
        plan = self.submitted(self.bill, installment_count=2)
        plan.action_accept()
        successor = plan.browse(plan.action_replace()["res_id"])
        successor.action_submit()
        self.assertEqual(successor.state, "to_approve")
        self.assertFalse(successor.approval_rule)
        successor.action_cancel()
        plan.with_user(self.manager).action_cancel("They want other days.")
        both = self.bill + other
        self.assertEqual(self.submitted(both, installment_count=2).state, "to_approve")

    def test_what_waited_too_long_is_not_approved(self):
        """An offer of days gone by is none."""
        plan = self.submitted(self.bill, date_first="2026-01-12", installment_count=2)
        manager = plan.with_user(self.manager)
        self.travel(11)
        with self.assertRaisesRegex(UserError, "proposed again with days to come"):
            manager.action_approve()
        self.travel(10)  # no later than an instalment may be
        manager.action_approve()
        self.assertEqual(plan.state, "approved")

    def test_outside_the_envelope_somebody_approves(self):
        limits = {
            "ar_plan_auto_installments": 3,
            "ar_plan_auto_days": 68,
            "ar_plan_auto_amount": 1000,
        }
        for name, value in (
            ("ar_plan_auto_installments", 2),
            ("ar_plan_auto_days", 67),
            ("ar_plan_auto_amount", 999.99),
            ("ar_plan_auto_installments", 0),
            ("ar_plan_auto_days", 0),
            ("ar_plan_auto_amount", 0),
            (None, None),
        ):
            with self.subTest(name=name, value=value):
                self.company.sudo().write({**limits, **({name: value} if name else {})})
                plan = self.submitted(self.bill)
                expected = "to_approve" if name else "approved"
                self.assertEqual(plan.state, expected)
                plan.action_cancel()

    def test_limits_are_in_the_currency_of_the_company(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        yen.rate_ids.unlink()
        yen.rate_ids.create(
            {"currency_id": yen.id, "rate": 150, "company_id": self.company.id}
        )
        self.policy.plan_tolerance_amount = 2
        self.company.sudo().write(
            {
                "ar_plan_auto_installments": 3,
                "ar_plan_auto_days": 90,
                "ar_plan_auto_amount": 10,
            }
        )
        for amount, state in ((1501, "to_approve"), (1500, "approved")):
            bill = self.invoice(self.ann, amount, due=0, currency_id=yen.id)
            plan = self.submitted(bill)
            self.assertEqual(plan.state, state)
            self.assertEqual(plan.tolerance_amount, 300)

    def test_an_approval_is_for_what_was_submitted(self):
        plan = self.submitted(self.bill)
        plan.line_ids.sudo()[0].amount = 1
        with self.assertRaisesRegex(UserError, "changed since"):
            plan.with_user(self.manager).action_approve()

    def test_roles(self):
        """Of the table of rights: who submits, approves, accepts and withdraws."""
        auditor = new_test_user(
            self.env,
            login="ar_plan_auditor",
            groups="base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        plan = self.plan(self.bill)
        for button in ("action_submit", "action_cancel", "action_generate_lines"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(plan.with_user(auditor), button)()
        plan.action_submit()
        for user in (auditor, self.collector):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                plan.with_user(user).action_approve()
        plan.with_user(self.manager).action_approve()
        for button in ("action_accept", "action_decline", "action_cancel"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(plan.with_user(auditor), button)()
        plan.action_accept()
        with self.assertRaisesRegex(AccessError, "by an approver only"):
            plan.action_cancel("They went elsewhere.")
        with self.assertRaisesRegex(UserError, "Say in a note"):
            plan.with_user(self.manager).action_cancel()
        plan.with_user(self.manager).action_cancel("They went elsewhere.")
        self.assertEqual((plan.state, plan.end_reason), ("cancelled", "withdrawn"))
        self.assertEqual(self.holds(plan), [])

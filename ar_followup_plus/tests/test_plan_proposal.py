from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_plans import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanProposal(PlanCommon):
    """Drawing up a plan: the schedule follows what is typed, and may be edited."""

    def test_only_the_invoices_are_needed(self):
        """The customer's case is found; where there is none, it is made."""
        bob = self.customer("Bob")
        bill = self.invoice(bob, 100, due=60)
        self.assertFalse(self.case(bob))
        plan = self.plan(bill)
        self.assertEqual(plan.case_id, self.case(bob))
        self.assertEqual(plan.partner_id, bob)
        self.assertEqual(plan.company_id, self.company)
        self.assertRegex(plan.name, r"^PLAN/\d{4}/\d{4}$")
        self.assertEqual(plan.requested_by_id, self.collector)

    def test_half_now_half_next_month(self):
        with Form(self.new_plan(self.bill), view=self.DIALOG) as form:
            self.assertFalse(form.is_half_now)
            form.is_half_now = True
            self.assertEqual(form.installment_count, 2)
            self.assertEqual(form.date_first, date(2026, 1, 10))
            self.assertTrue(form.is_half_now)
            lines = form.line_ids
            self.assertEqual(len(lines), 2)
        plan = form.record
        self.assertEqual(plan.line_ids.mapped("amount"), [500, 500])
        self.assertEqual(
            plan.line_ids.mapped("date_due"),
            [date(2026, 1, 12), date(2026, 2, 10)],  # the 10th is a Saturday
        )

    def test_the_click_again_gives_the_usual_figures(self):
        form = Form(self.new_plan(self.bill), view=self.DIALOG)
        form.is_half_now = True
        form.is_half_now = False
        self.assertEqual(form.installment_count, 3)
        self.assertEqual(form.date_first, date(2026, 1, 19))  # a Monday

    def test_a_schedule_while_one_types(self):
        with Form(self.new_plan(self.bill), view=self.DIALOG) as form:
            form.installment_count = 4
            form.interval_unit = "week"
            form.interval_count = 2
            form.down_payment = 200
            form.date_first = "2026-02-02"
            self.assertFalse(form.schedule_hint)
        plan = form.record
        self.assertEqual(plan.line_ids.mapped("amount"), [200] * 5)
        self.assertEqual(
            plan.line_ids.mapped("date_due"),
            [date(2026, 2, 2), *(date(2026, 2, 16), date(2026, 3, 2))]
            + [date(2026, 3, 16), date(2026, 3, 30)],
        )

    def test_lines_by_hand_are_kept(self):
        with Form(self.new_plan(self.bill), view=self.DIALOG) as form:
            form.installment_count = 2
            with form.line_ids.edit(0) as line:
                line.amount = 700
            with form.line_ids.edit(1) as line:
                line.amount = 300
        plan = form.record
        self.assertEqual(plan.line_ids.mapped("amount"), [700, 300])
        plan.note = "They asked for it."
        self.assertEqual(plan.line_ids.mapped("amount"), [700, 300])
        plan.action_submit()
        self.assertEqual(plan.line_ids.mapped("amount"), [700, 300])

    def test_the_hint_says_what_is_wrong(self):
        form = Form(self.new_plan(self.bill), view=self.DIALOG)
        for name, value, said in (
            ("installment_count", 0, "at least one instalment"),
            ("installment_count", 200, "at most 120"),
            ("interval_count", 0, "at least one week or month"),
            ("down_payment", 1000, "leaves nothing"),
            ("down_payment", -1, "cannot be negative"),
            ("date_first", "2026-01-05", "still to come"),
            ("date_first", False, "day of the first"),
        ):
            with self.subTest(name=name, value=value):
                before = form[name]
                form[name] = value
                self.assertIn(said, form.schedule_hint)
                form[name] = before
                self.assertFalse(form.schedule_hint)

    def test_the_sum_is_right_to_the_cent(self):
        plan = self.plan(self.bill, installment_count=2)
        first, second = plan.line_ids
        first.amount = 499.99
        self.assertIn("$\xa00.01 is missing", plan.schedule_hint)
        with self.assertRaisesRegex(UserError, "0.01 is missing"):
            plan.action_submit()
        self.assertEqual(plan.state, "draft")
        second.amount = 500.02
        self.assertIn("$\xa00.01 is too much", plan.schedule_hint)
        second.amount = 500.01
        self.assertFalse(plan.schedule_hint)
        plan.action_submit()
        self.assertEqual(plan.state, "to_approve")

    def test_the_days_follow_one_another(self):
        plan = self.plan(self.bill, installment_count=2)
        plan.line_ids[1].date_due = plan.line_ids[0].date_due
        self.assertIn("follow one another", plan.schedule_hint)
        with self.assertRaisesRegex(UserError, "follow one another"):
            plan.action_submit()

    def test_without_invoices_there_is_nothing_to_split(self):
        plan = self.plan(self.bill)
        plan.move_line_ids = False
        self.assertIn("at least one open invoice", plan.schedule_hint)
        self.assertFalse(plan.line_ids)

    def test_calculated_anew_over_what_is_open(self):
        plan = self.plan(self.bill, installment_count=2)
        self.pay(self.bill, 400)
        with self.assertRaisesRegex(UserError, r"600.00 is open now.*1,000.00"):
            plan.action_submit()
        plan.action_generate_lines()
        self.assertEqual(plan.amount_total, 600)
        self.assertEqual(plan.line_ids.mapped("amount"), [300, 300])
        plan.action_submit()

    def test_currencies_of_other_decimals(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        bill = self.invoice(self.ann, 1000, due=0, currency_id=yen.id)
        plan = self.plan(bill)
        self.assertEqual(plan.currency_id, yen)
        self.assertEqual(plan.line_ids.mapped("amount"), [333, 333, 334])
        dinar = self.env["res.currency"].create(
            {"name": "XDI", "symbol": "D", "rounding": 0.001}
        )
        bill = self.invoice(self.ann, 10, due=0, currency_id=dinar.id)
        plan = self.plan(bill)
        self.assertEqual(plan.line_ids.mapped("amount"), [3.333, 3.333, 3.334])

    def test_ways_in(self):
        """From the case, an invoice, or several; each opens the filled-in window."""
        other = self.invoice(self.ann, 50, due=1)
        later = self.invoice(self.ann, 70, due=90)
        bills = self.bill + other
        for records, lines in (
            (self.case(self.ann), self.receivable(bills)),
            (later, self.receivable(later)),
            (bills, self.receivable(bills)),
        ):
            action = records.with_user(self.collector).action_propose_plan()
            self.assertEqual(action["target"], "new")
            plan = (
                self.env["ar.payment.plan"]
                .with_user(self.collector)
                .with_context(**action["context"])
            )
            with Form(plan, view=self.DIALOG) as form:
                self.assertEqual(form.partner_id, self.ann)
            self.assertEqual(form.record.sudo().move_line_ids, lines)
            self.assertEqual(
                form.record.amount_total, sum(lines.mapped("amount_residual"))
            )

    def test_a_collector_without_accounting(self):
        """Who may not read entries has the server choose them."""
        self.collector.group_ids = self.env.ref("ar_followup_plus.group_ar_collector")
        self.collector.group_ids += self.env.ref("base.group_user")
        case = self.case(self.ann).with_user(self.collector)
        action = case.action_propose_plan()
        plan = self.env["ar.payment.plan"].with_user(self.collector)
        plan = plan.browse(action["res_id"])
        with Form(plan, view=self.DIALOG) as form:
            form.installment_count = 5
        self.assertEqual(plan.line_ids.mapped("amount"), [200] * 5)
        plan.action_submit()
        self.assertEqual(plan.state, "to_approve")

    def test_only_a_draft_is_changed(self):
        plan = self.submitted(self.bill)
        line = plan.line_ids[0]
        line_vals = {"date_due": "2026-05-01", "amount": 1}
        for change in (
            lambda: plan.write({"installment_count": 9}),
            lambda: plan.write({"down_payment": 9}),
            lambda: plan.write({"move_line_ids": False}),
            lambda: plan.write({"line_ids": [Command.create(line_vals)]}),
            lambda: line.write({"amount": 1}),
            lambda: line.unlink(),
            lambda: line.create({"plan_id": plan.id, **line_vals}),
            plan.action_generate_lines,
        ):
            with (
                self.assertRaisesRegex(UserError, "no draft any more"),
                self.env.cr.savepoint(),
            ):
                change()
        self.assertEqual(sum(plan.line_ids.mapped("amount")), 1000)

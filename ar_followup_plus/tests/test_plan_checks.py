from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import START
from .common_plans import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanChecks(PlanCommon):
    """Who and what may be on a plan; a refusal names the offender."""

    def assertUnfit(self, said, moves=None, lines=None):
        """No plan over these, neither created nor by the ways in."""
        lines = self.receivable(moves) if lines is None else lines
        Plan = self.env["ar.payment.plan"].with_user(self.collector)
        with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
            Plan.create({"move_line_ids": [Command.set(lines.ids)]})
        if moves:
            with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
                moves.with_user(self.collector).action_propose_plan()

    def test_two_at_once_over_one_invoice(self):
        """Submitted together, the second is refused as it would be alone."""
        plans = self.plan(self.bill) + self.plan(self.bill)
        with self.assertRaisesRegex(UserError, "on the payment plan"):
            plans.action_submit()

    def test_paid(self):
        self.pay(self.bill)
        self.assertUnfit(f"Nothing is open of {self.bill.name}", self.bill)

    def test_one_paid_of_two(self):
        other = self.invoice(self.ann, 50, due=1)
        self.pay(other)
        self.assertUnfit(f"Nothing is open of {other.name}", self.bill + other)

    def test_a_draft(self):
        draft = self.invoice(self.ann, 50, due=1, post=False)
        self.assertUnfit("is not posted", draft)

    def test_a_credit(self):
        note = self.credit(self.ann, 50)
        self.assertUnfit(f"{note.name} is a credit", note)

    def test_a_bill_of_a_vendor(self):
        bill = self.invoice(self.ann, 50, due=1, move_type="in_invoice")
        with self.assertRaisesRegex(UserError, "is not what a customer owes"):
            bill.with_user(self.collector).action_propose_plan()

    def test_another_line_of_the_invoice(self):
        lines = self.bill.line_ids - self.receivable(self.bill)
        self.assertUnfit("is not what a customer owes", lines=lines)

    def test_two_customers(self):
        bob = self.customer("Bob")
        other = self.invoice(bob, 50, due=1)
        said = f"{other.name} is owed by Bob: .* here of Ann"
        self.assertUnfit(said, self.bill + other)
        plan = self.plan(self.bill)
        with self.assertRaisesRegex(UserError, said):
            plan.move_line_ids += self.receivable(other)

    def test_a_contact_of_the_customer_is_the_customer(self):
        branch = self.customer("Branch", parent_id=self.ann.id, is_company=False)
        other = self.invoice(branch, 50, due=1)
        plan = self.plan(self.bill + other)
        self.assertEqual(plan.amount_total, 1050)
        self.assertEqual(plan.partner_id, self.ann)

    def test_two_currencies(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        other = self.invoice(self.ann, 50, due=1, currency_id=yen.id)
        self.assertUnfit(f"{other.name} is in JPY.*one currency", self.bill + other)

    def test_two_companies(self):
        data = self.setup_other_company(name="The Branch")
        self.collector.company_ids += data["company"]
        env = self.env(user=self.collector)
        env = env(context={"allowed_company_ids": self.collector.company_ids.ids})
        other = self.invoice(
            self.ann.with_company(data["company"]),
            50,
            due=1,
            company_id=data["company"].id,
            journal_id=data["default_journal_sale"].id,
        )
        lines = self.receivable(self.bill + other).with_env(env)
        with self.assertRaisesRegex(UserError, "an invoice of The Branch: .*one comp"):
            env["ar.payment.plan"].create({"move_line_ids": [Command.set(lines.ids)]})

    def test_a_company_of_others(self):
        data = self.setup_other_company(name="The Branch")
        other = self.invoice(
            self.ann.with_company(data["company"]),
            50,
            due=1,
            company_id=data["company"].id,
            journal_id=data["default_journal_sale"].id,
        )
        lines = self.receivable(other)
        Plan = self.env["ar.payment.plan"].with_user(self.collector)
        with self.assertRaises(AccessError):
            Plan.create({"move_line_ids": [Command.set(lines.ids)]})
        case = self.engine["ar.followup.case"].create(
            {"partner_id": self.ann.id, "company_id": data["company"].id}
        )
        with self.assertRaises(AccessError):
            Plan.create({"case_id": case.id})

    def dispute(self, amount=None):
        item = self.item(self.bill)
        self.engine["ar.followup.hold"].create(
            {
                "case_id": item.case_id.id,
                "item_id": item.id,
                "kind": "disputed",
                "is_partial": bool(amount),
                "amount": amount or 0,
            }
        )
        self.env.invalidate_all()

    def test_disputed_in_full(self):
        plan = self.plan(self.bill)
        self.dispute()
        said = f"{self.bill.name} is disputed"
        self.assertUnfit(said, self.bill)
        with self.assertRaisesRegex(UserError, said):
            plan.action_submit()

    def test_disputed_in_full_while_it_waits(self):
        plan = self.submitted(self.bill)
        self.dispute()
        with self.assertRaisesRegex(UserError, f"{self.bill.name} is disputed"):
            plan.with_user(self.manager).action_approve()
        self.assertEqual(plan.state, "to_approve")

    def test_a_day_beyond_all_plans(self):
        """A year mistyped by hand would stop everything that looks at the plan."""
        plan = self.plan(self.bill, installment_count=2)
        plan.line_ids[-1].date_due = "9999-12-31"
        with self.assertRaisesRegex(UserError, "too far in the future"):
            plan.action_submit()

    def test_disputed_in_parts_that_are_all_of_it(self):
        self.dispute(600)
        self.dispute(400)
        self.assertUnfit(f"{self.bill.name} is disputed", self.bill)

    def test_disputed_in_part(self):
        """What is disputed is left out, and held by the dispute alone."""
        self.dispute(250)
        plan = self.submitted(self.bill)
        self.assertEqual(plan.amount_total, 750)
        row = plan.item_line_ids
        self.assertEqual((row.amount_start, row.amount_covered), (1000, 750))
        self.assertEqual(plan.amount_paid, 0)
        self.assertEqual([hold[2] for hold in self.holds(plan)], [750])

    def test_on_another_plan(self):
        """Two drafts may compete; only one is submitted."""
        first, second = self.plan(self.bill), self.plan(self.bill)
        first.action_submit()
        said = f"{self.bill.name} is on the payment plan {first.name} already"
        with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
            second.action_submit()
        self.assertUnfit(said, self.bill)
        self.assertEqual(second.state, "draft")
        first.action_cancel()
        second.action_submit()
        self.assertEqual(second.state, "to_approve")

    def test_the_case_leaves_out_what_cannot_be_on_a_plan(self):
        other = self.invoice(self.ann, 50, due=1)
        case = self.case(self.ann).with_user(self.collector)
        self.submitted(self.bill)
        lines = case.action_propose_plan()["context"]["default_move_line_ids"]
        self.assertEqual(lines, [Command.set(self.receivable(other).ids)])
        self.submitted(other)
        with self.assertRaisesRegex(UserError, "is on the payment plan"):
            case.action_propose_plan()

    def test_a_customer_who_owes_nothing(self):
        bob = self.customer("Bob")
        case = self.env["ar.followup.case"].create({"partner_id": bob.id})
        with self.assertRaisesRegex(UserError, "Bob owes nothing"):
            case.action_propose_plan()

    def test_one_instalment_of_an_invoice(self):
        """An invoice in instalments has a line for each: each may be on a plan."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        bill = self.invoice(
            self.ann,
            100,
            due=START,
            invoice_payment_term_id=terms.id,
            invoice_date_due=False,
        )
        first, second = self.receivable(bill).sorted("date_maturity")
        Plan = self.env["ar.payment.plan"].with_user(self.collector)
        plans = Plan.create(
            [{"move_line_ids": [Command.set(line.ids)]} for line in first + second]
        )
        plans.action_submit()
        self.assertEqual(plans.mapped("amount_total"), [50, 50])

    def test_accounting_is_not_touched(self):
        """From the draft to the last step, no row of the books changes."""
        before = self.books()
        plan = self.accepted(self.bill, down_payment=100)
        plan.with_user(self.manager).action_replace()
        plan.with_user(self.manager).action_cancel("They went elsewhere.")
        self.approved(self.bill)
        self.travel(40)
        self.env["ar.payment.plan"]._lapse(self.company, fields.Date.today())
        self.assertEqual(self.books(), before)

    def books(self):
        """Every row of every table of accounting."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT relname FROM pg_class"
            " WHERE relkind = 'r' AND relname LIKE 'account_%'"
        )
        tables = [name for (name,) in self.env.cr.fetchall()]
        self.assertIn("account_move_line", tables)
        rows = {}
        for table in tables:
            self.env.cr.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = self.env.cr.fetchall()
        return rows

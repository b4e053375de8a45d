"""What people look at: lists of plans and instalments, and where plans are shown."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..models.agreement.ar_payment_plan import STATE_LABELS
from .common import START, FollowupCommon
from .common_views import filters, specification, view_arch

PLAN, LINE = "ar.payment.plan", "ar.payment.plan.line"


class PlanPagesCommon(FollowupCommon):
    """Plans as they are after something happened to them, seen by the collector."""

    def setUp(self):
        super().setUp()
        context = {"allowed_company_ids": self.company.ids}
        self.mine = self.env(user=self.collector, context=context)
        self.Plan, self.Line = self.mine[PLAN], self.mine[LINE]

    def plans(self, count, state="draft", first=START, amount=300, **vals):
        """Plans in three monthly instalments of so many new customers."""
        number = self.env[PLAN].search_count([])
        partners = [self.customer(f"{state} {number + n}") for n in range(count)]
        bills = self.invoices([(partner, amount, START) for partner in partners])
        # theirs alone: the plans of others stay what they were made
        ids = [partner.id for partner in partners]
        self.engine["ar.followup.case"]._collect(self.company, START, ids)
        cases = self.engine["ar.followup.case"].search([]).grouped("partner_id")
        plans = self.engine[PLAN].create(
            [
                {
                    "case_id": cases[bill.partner_id].id,
                    "move_line_ids": self.receivable(bill).ids,
                    "date_first": first,
                    "requested_by_id": self.collector.id,
                    **vals,
                }
                for bill in bills
            ]
        )
        if state != "draft":
            self.cover(plans)
            plans.write({"state": state})
        return self.Plan.browse(plans.ids)

    def cover(self, plans):
        """What their invoices were open with when they began."""
        self.engine["ar.payment.plan.item"].create(
            [
                {
                    "plan_id": plan.id,
                    "item_id": item.id,
                    "amount_start": item.amount_residual,
                    "amount_covered": item.amount_residual,
                }
                for plan in plans
                for item in plan.case_id.item_ids
            ]
        )

    def money(self, amount):
        return self.company.currency_id.format(amount)

    def bill(self, plan):
        return plan.sudo().move_line_ids.move_id


@tagged("post_install", "-at_install")
class TestPlanPages(PlanPagesCommon):
    def setUp(self):
        super().setUp()
        self.by_state = {
            state: self.plans(1, state, START - timedelta(days=3))
            for state, _label in STATE_LABELS
        }
        self.by_state["active"].sudo().tolerance_days = 3
        self.late = self.plans(1, "active", START - timedelta(days=10))
        self.every = self.Plan.union(*self.by_state.values(), self.late)
        self.company_domain = [("company_id", "=", self.company.id)]

    def test_views_load_for_each_role(self):
        """They name only fields that whoever may look at plans may read."""
        groups = "base.group_user,account.group_account_readonly"
        auditor = new_test_user(
            self.env, "ar_auditor_pages", groups, company_id=self.company.id
        )
        for user in (self.collector, self.manager, auditor):
            for model, kinds in (
                (PLAN, ("list", "kanban", "form", "activity", "pivot", "search")),
                (LINE, ("list", "kanban", "form", "calendar", "graph", "search")),
            ):
                for kind in kinds:
                    with self.subTest(user=user.login, model=model, view=kind):
                        self.read_as(user, model, kind)

    def read_as(self, user, model, kind):
        records = self.env[model].with_user(user).search(self.company_domain)
        self.assertTrue(records)
        if kind in ("list", "kanban", "form", "activity"):
            spec = specification(records, kind)
            self.assertEqual(len(records.web_read(spec)), len(records))
        else:
            view_arch(records, kind)

    def test_the_board_shows_where_something_is_to_be_done(self):
        Plan = self.Plan.with_context(read_group_expand=True)
        found = Plan.web_read_group(
            [("state", "=", "broken"), *self.company_domain], ["state"], ["__count"]
        )["groups"]
        self.assertEqual(
            [(group["state"], group["__count"]) for group in found],
            [
                ("draft", 0),
                ("to_approve", 0),
                ("approved", 0),
                ("active", 0),
                ("broken", 1),
            ],
        )

    def test_filters_by_state(self):
        plans = self.by_state
        by_name = {
            "mine": self.every,
            "open": self.Plan.union(
                *(plans[s] for s in ("draft", "to_approve", "approved", "active")),
                self.late,
            ),
            "to_approve": plans["to_approve"],
            "offered": plans["approved"],
            "active": plans["active"] | self.late,
            "broken": plans["broken"],
            "over": plans["done"] | plans["cancelled"],
            "late": self.late,
            "amount_1000": self.Plan,
        }
        for name, expected in by_name.items():
            with self.subTest(filter=name):
                domain = [*filters(self.Plan)[name], *self.company_domain]
                self.assertEqual(self.Plan.search(domain), expected.sorted())

    def test_what_comes_next(self):
        active = self.by_state["active"]
        self.assertEqual(active.next_date, START - timedelta(days=3))
        self.assertEqual((active.line_count, active.paid_line_count), (3, 0))
        self.pay(self.bill(active), 150)
        self.mine.invalidate_all()
        self.assertEqual(active.next_line_id, active.line_ids.sorted("date_due")[1])
        self.assertEqual(active.next_amount, 50)
        self.assertEqual(active.paid_line_count, 1)
        self.assertFalse(self.by_state["broken"].next_line_id)

    # instalments -------------------------------------------------------------------

    def test_each_state_of_an_instalment_is_found(self):
        self.pay(self.bill(self.by_state["active"]), 150)
        self.plans(1, "active", START)
        lines = self.Line.search(self.company_domain)
        states = {"scheduled", "due", "partial", "paid", "late"}
        self.assertEqual(set(lines.mapped("state")), states)
        for state in states:
            with self.subTest(state=state):
                self.assertEqual(
                    self.Line.search([("state", "=", state), *self.company_domain]),
                    lines.filtered(lambda line, state=state: line.state == state),
                )
        unpaid = [("state", "!=", "paid"), *self.company_domain]
        self.assertEqual(
            self.Line.search(unpaid), lines.filtered(lambda line: line.state != "paid")
        )

    def test_late_begins_after_the_tolerance(self):
        """The search says so on the same day as the instalment itself."""
        plan = self.plans(1, "active", START)
        plan.sudo().tolerance_days = 3
        for day, is_late in ((3, False), (4, True)):
            self.travel(day)
            self.mine.invalidate_all()
            found = self.Line.search([("state", "=", "late")])
            self.assertEqual(bool(found & plan.line_ids), is_late)
            late_plans = self.Plan.search([("is_late", "=", True)])
            self.assertEqual(plan in late_plans, is_late)
            self.assertEqual(plan.is_late, is_late)

    def test_what_has_arrived_is_not_late(self):
        """Nobody calls about money that is there and only waits to be matched."""
        line = self.late.line_ids[0]
        self.assertEqual(line.state, "late")
        self.credit(self.late.partner_id, 60)
        self.mine.invalidate_all()
        self.assertEqual(line.state, "late")
        self.credit(self.late.partner_id, 40)
        self.mine.invalidate_all()
        self.assertEqual(line.state, "due")
        self.assertFalse(self.late.is_late)
        self.assertNotIn(self.late, self.Plan.search([("is_late", "=", True)]))

    def test_what_is_over_is_not_late(self):
        plan = self.plans(1, "cancelled", START - timedelta(days=10))
        self.assertEqual(plan.line_ids[0].state, "due")

    def test_instalments_of_plans_in_force(self):
        by_name = filters(self.Line)
        found = self.Line.search([*by_name["in_force"], *self.company_domain])
        self.assertEqual(set(found.mapped("plan_state")), {"active"})
        this_month = [*by_name["this_month"], *self.company_domain]
        for line in self.Line.search(this_month):
            self.assertEqual((line.date_due.year, line.date_due.month), (2026, 1))
        week = self.Line.search([*by_name["this_week"], *self.company_domain])
        sunday = START - timedelta(days=1)
        for line in week:
            self.assertTrue(sunday <= line.date_due < sunday + timedelta(days=7))

    def test_an_instalment_opens_its_plan(self):
        line = self.late.line_ids[0]
        self.assertEqual(
            line.display_name, f"{self.late.partner_id.name}, {self.money(100)}"
        )
        action = line.action_open_plan()
        self.assertEqual((action["res_model"], action["res_id"]), (PLAN, self.late.id))

    def test_a_plan_leads_to_its_case(self):
        action = self.late.action_open_case()
        self.assertEqual(action["res_id"], self.late.case_id.id)

    # where plans are shown -----------------------------------------------------------

    def test_smart_buttons(self):
        plan = self.by_state["broken"]
        bill, case = self.bill(plan), plan.case_id
        again = self.Plan.create(
            {"case_id": case.id, "move_line_ids": self.receivable(bill).ids}
        )
        customer = plan.partner_id.with_company(self.company)
        for record, count, button in (
            (case, "plan_count", "action_open_plans"),
            (bill, "ar_plan_count", "action_open_ar_plans"),
            (customer, "ar_plan_count", "action_open_ar_plans"),
        ):
            mine = record.with_env(self.mine)
            self.assertEqual(mine[count], 2)
            domain = getattr(mine, button)()["domain"]
            self.assertEqual(
                self.Plan.search(domain), plan | self.Plan.browse(again.id)
            )
        again.sudo().unlink()
        self.mine.invalidate_all()
        self.assertEqual(customer.with_env(self.mine).ar_plan_count, 1)
        self.assertEqual(
            case.with_env(self.mine).action_open_plans()["res_id"], plan.id
        )

    def test_an_invoice_shows_the_plan_that_covers_it(self):
        """Also once its entry was made anew, and for many invoices at once."""
        bills = self.Plan.union(*self.by_state.values()).sudo().move_line_ids.move_id
        self.late.sudo().move_line_ids = False
        (bills | self.invoice(self.customer("None"))).invalidate_recordset()
        self.assertEqual(set(bills.mapped("ar_plan_count")), {1})
        items = self.late.sudo().item_line_ids
        self.assertEqual(items.item_id.move_id.ar_plan_count, 1)

    def test_the_case_says_where_its_plans_stand(self):
        said = {}
        for state, plan in self.by_state.items():
            rows = plan.case_id.with_env(self.mine).plans_now or []
            said[state] = [f"{row['title']}. {row['text']}" for row in rows]
        for state in ("done", "broken", "cancelled"):
            self.assertFalse(said[state])
        self.assertIn("Submit it", said["draft"][0])
        self.assertIn("waits for approval", said["to_approve"][0])
        self.assertIn(self.collector.name, said["to_approve"][0])
        self.assertIn("not answered yet", said["approved"][0])
        self.assertIn(f"0 of 3 instalments paid, {self.money(300)}", said["active"][0])
        self.assertIn(f"Next: {self.money(100)} on Jan 2, 2026.", said["active"][0])
        (row,) = self.late.case_id.with_env(self.mine).plans_now
        self.assertIn(f"Late: {self.money(100)} since Dec 26, 2025.", row["text"])
        self.assertEqual((row["model"], row["id"]), (PLAN, self.late.id))

    def test_the_case_says_that_a_plan_was_refused(self):
        plan = self.by_state["to_approve"]
        plan.with_user(self.manager).action_refuse("Too long.")
        (row,) = plan.case_id.with_env(self.mine).plans_now
        self.assertEqual(row["title"], "A payment plan was refused")
        self.assertIn("Too long.", row["text"])


@tagged("post_install", "-at_install")
class TestPlanPagesOfMany(PlanPagesCommon):
    """Twenty-five plans take no more queries than five."""

    def cost(self, read):
        """Number of SQL statements of a call that finds no record in the cache."""
        for _warm_up in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            read()
        return self.env.cr.sql_log_count - before

    def assertSteady(self, records, read):
        few = records.browse(records.ids[: len(records) // 5])
        many = records.browse(records.ids)
        self.assertLessEqual(
            self.cost(lambda: read(many)), self.cost(lambda: read(few))
        )

    def setUp(self):
        super().setUp()
        self.many = self.plans(25, "active", START - timedelta(days=10))

    def page(self, records, kind):
        spec = specification(records, kind)
        if "activity_ids" in spec:
            spec["activity_ids"] = {"fields": {}}
        return records.web_read(spec)

    def test_lists_and_boards(self):
        for kind in ("list", "kanban"):
            for records in (self.many, self.many.line_ids):
                with self.subTest(model=records._name, view=kind):
                    self.assertSteady(
                        records, lambda some, kind=kind: self.page(some, kind)
                    )

    def test_who_is_late(self):
        domain = [("state", "=", "late"), ("company_id", "=", self.company.id)]
        late = self.cost(lambda: self.Line.search(domain))
        self.plans(25, "active", START - timedelta(days=10))
        self.assertLessEqual(self.cost(lambda: self.Line.search(domain)), late)

    def test_cases_and_invoices(self):
        for records, name in (
            (self.many.case_id, "plans_now"),
            (self.many.case_id, "plan_count"),
            (self.bill(self.many).with_env(self.mine), "ar_plan_count"),
            (self.many.partner_id, "ar_plan_count"),
        ):
            with self.subTest(field=f"{records._name}.{name}"):
                self.assertSteady(records, lambda some, name=name: some.mapped(name))

"""What a collector opens every morning: who comes first, and who is whose."""

from datetime import timedelta

from odoo.tests import tagged

from .common import START
from .common_events import EventsCommon
from .common_views import filters, panel_fields, specification

# people see them in this order
LANES = ["todo", "waiting", "held"]


class WorklistCommon(EventsCommon):
    """A customer in each lane, and one who has paid; seen by the collector."""

    def setUp(self):
        super().setUp()
        names = ("Tim Todo", "Wendy Waiting", "Hal Held", "Clara Closed")
        self.tim, self.wendy, self.hal, self.clara = map(self.customer, names)
        self.tim.email = False
        self.invoice(self.tim, 2000, due=-45)
        self.invoice(self.wendy, 20000, due=-10)
        self.invoice(self.hal, 500, due=-120)
        paid = self.invoice(self.clara, 300, due=-75)
        self.work_day(0)
        self.pay(paid)
        self.Case = self.env["ar.followup.case"].with_env(
            self.env(
                user=self.collector,
                context={"allowed_company_ids": self.company.ids},
            )
        )
        self.hold(self.hal)
        self.work_day(0)
        self.Hold = self.Case.env["ar.followup.hold"]

    def hold(self, partner, **vals):
        return self.Case.env["ar.followup.hold"].create(
            {"case_id": self.case(partner).id, **vals}
        )

    def found(self, domain):
        """Names of the customers of the collector's list."""
        return set(self.Case.search(domain).partner_id.mapped("name"))


@tagged("post_install", "-at_install")
class TestFilters(WorklistCommon):
    def setUp(self):
        super().setUp()
        self.filters = filters(self.Case)

    def assertFinds(self, name, *partners):
        self.assertEqual(
            self.found(self.filters[name]), {partner.name for partner in partners}, name
        )

    def test_by_lane(self):
        self.assertFinds("open", self.tim, self.wendy, self.hal)
        self.assertFinds("todo", self.tim)
        self.assertFinds("waiting", self.wendy)
        self.assertFinds("held", self.hal)
        self.assertFinds("closed", self.clara)

    def test_what_is_to_be_done_today(self):
        self.assertFinds("today", self.tim)
        case = self.Case.browse(self.case(self.hal).id)
        case.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=START + timedelta(days=1),
            user_id=self.manager.id,
        )
        self.assertFinds("today", self.tim)
        self.travel(1)
        self.assertFinds("today", self.tim, self.hal)

    def test_by_age(self):
        self.assertFinds("overdue_30", self.wendy)
        self.assertFinds("overdue_60", self.tim)
        self.assertFinds("overdue_90")
        self.assertFinds("overdue_more", self.hal)
        self.travel(21)
        self.assertFinds("overdue_60", self.wendy)
        self.assertFinds("overdue_90", self.tim)

    def test_each_age_is_in_one_filter(self):
        self.set_policy(levels=[(0, "friendly")])  # whom it reaches on the due date
        ages = {-d: self.customer(f"Late {d}") for d in (0, 1, 30, 31, 60, 61, 90, 91)}
        self.invoices([(partner, 10, due) for due, partner in ages.items()])
        self.engine["ar.followup.case"]._collect(self.company, START)
        self.engine["ar.followup.case"].search([])._reassess()
        new = [("partner_id", "in", [partner.id for partner in ages.values()])]
        found = {
            name: sorted(self.Case.search([*domain, *new]).mapped("days_overdue"))
            for name, domain in self.filters.items()
            if name.startswith("overdue_")
        }
        self.assertEqual(
            found,
            {
                "overdue_30": [1, 30],
                "overdue_60": [31, 60],
                "overdue_90": [61, 90],
                "overdue_more": [91],
            },
        )

    def test_by_amount(self):
        self.assertFinds("amount_1000", self.tim, self.wendy)
        self.assertFinds("amount_10000", self.wendy)

    def test_every_group_and_panel_opens(self):
        groups = {n: by for n, by in self.filters.items() if n.startswith("group_")}
        self.assertGreaterEqual(len(groups), 5)
        for name, group_by in groups.items():
            with self.subTest(group=name):
                self.assertTrue(self.Case.web_read_group([], [group_by])["groups"])
        for name in panel_fields(self.Case):
            with self.subTest(panel=name):
                answer = self.Case.search_panel_select_multi_range(
                    name, enable_counters=True
                )
                self.assertNotIn("error_msg", answer)

    def test_an_invoice_number_finds_its_customer(self):
        number = self.case(self.wendy).item_ids.name
        self.assertEqual(
            self.found([("item_ids.name", "ilike", number)]), {self.wendy.name}
        )


@tagged("post_install", "-at_install")
class TestCollector(WorklistCommon):
    """Whose customer it is, also when nobody was chosen for it."""

    def whose(self, partner):
        return self.Case.browse(self.case(partner).id).responsible_id

    def assertHas(self, user, *partners):
        """The filters show a user these customers, and the lists agree."""
        self.env.invalidate_all()
        by_filter = self.found([("responsible_id", "=", user.id)])
        self.assertEqual(by_filter, {partner.name for partner in partners})
        whose = {
            case.partner_id.name
            for case in self.Case.search([])
            if case.responsible_id == user
        }
        self.assertEqual(whose, by_filter)

    def test_customers_belong_to_the_default_collector(self):
        nobody = self.env["res.users"]
        self.assertHas(self.collector, self.tim, self.wendy, self.hal, self.clara)
        self.assertHas(self.manager)
        self.assertHas(nobody)
        self.company.ar_default_user_id = False
        self.assertHas(self.collector)
        self.assertHas(self.manager, self.tim, self.wendy, self.hal, self.clara)
        self.company.ar_manager_id = False
        self.assertHas(nobody, self.tim, self.wendy, self.hal, self.clara)

    def test_a_chosen_collector_comes_before_the_policys(self):
        own = self.set_policy(self.wendy, user_id=self.manager.id)
        self.set_policy(self.hal)
        self.assertEqual(own.user_id, self.manager)
        self.assertHas(self.manager, self.wendy)
        self.assertHas(self.collector, self.tim, self.hal, self.clara)
        self.Case.browse(self.case(self.wendy).id).responsible_id = self.collector
        self.Case.browse(self.case(self.tim).id).responsible_id = self.manager
        self.assertHas(self.manager, self.tim)
        self.assertEqual(self.case(self.tim).user_id, self.manager)
        self.Case.browse(self.case(self.tim).id).responsible_id = False
        self.assertHas(self.manager)

    def test_many_customers_are_given_to_a_colleague_at_once(self):
        cases = self.Case.search([("state", "!=", "closed")])
        cases.write({"responsible_id": self.manager.id})
        self.assertHas(self.manager, self.tim, self.wendy, self.hal)

    def test_who_left_has_no_customers(self):
        self.Case.browse(self.case(self.tim).id).responsible_id = self.manager
        self.manager.active = False
        self.assertHas(self.collector, self.tim, self.wendy, self.hal, self.clara)

    def test_an_archived_policy_gives_nobody_customers(self):
        own = self.set_policy(self.wendy, user_id=self.manager.id)
        own.active = False
        self.assertHas(self.manager)

    def test_a_name_finds_the_collectors_customers(self):
        self.assertEqual(len(self.found([("responsible_id", "ilike", "Carla")])), 4)
        self.assertFalse(self.found([("responsible_id", "ilike", "Mona")]))


@tagged("post_install", "-at_install")
class TestOrder(WorklistCommon):
    def lanes(self, domain=()):
        """What the board is given: list of (lane, customers, overdue)."""
        answer = self.Case.with_context(read_group_expand=True).web_read_group(
            [("state", "!=", "closed"), *domain], ["state"], ["amount_overdue:sum"]
        )
        return [
            (group["state"], group["__count"], group["amount_overdue:sum"])
            for group in answer["groups"]
        ]

    def test_three_lanes_with_their_amounts(self):
        self.assertEqual(
            self.lanes(),
            [("todo", 1, 2000.0), ("waiting", 1, 20000.0), ("held", 1, 500.0)],
        )

    def test_an_empty_lane_stays_where_it_is(self):
        self.tim.email = "tim@customer.example"
        self.case(self.tim)._reassess()
        self.assertEqual([lane for lane, *_rest in self.lanes()], LANES)
        self.assertEqual(self.lanes()[0][1:], (0, False))

    def test_the_closed_have_a_lane_when_they_are_looked_for(self):
        answer = self.Case.with_context(read_group_expand=True).web_read_group(
            [], ["state"]
        )
        lanes = [group["state"] for group in answer["groups"]]
        self.assertEqual(lanes, [*LANES, "closed"])

    def test_the_list_begins_with_what_must_be_done(self):
        for name, amount in (("Small", 50), ("Large", 90000)):
            partner = self.customer(name)
            partner.email = False
            self.invoice(partner, amount, due=-20)
        self.work_day(1)
        cases = self.Case.search([], order="state, amount_overdue desc, id")
        self.assertEqual(
            cases.partner_id.mapped("name"),
            [
                "Large",
                "Tim Todo",
                "Small",
                "Wendy Waiting",
                "Hal Held",
                "Clara Closed",
            ],
        )

    def test_credits_not_matched_yet_are_named(self):
        """Also one booked on a contact of the customer."""
        contact = self.customer(
            "Wendy's office", parent_id=self.wendy.id, is_company=False
        )
        self.credit(self.wendy, 300)
        self.credit(contact, 50)
        cases = self.Case.browse((self.case(self.wendy) | self.case(self.tim)).ids)
        credits = {case.partner_id: case.amount_credit for case in cases}
        self.assertEqual(credits, {self.wendy: 350, self.tim: 0})

    def test_days_overdue_sort_the_list(self):
        cases = self.Case.search([("state", "!=", "closed")], order="days_overdue desc")
        self.assertEqual(cases.mapped("days_overdue"), [120, 45, 10])
        cases = self.Case.search([], order="days_overdue desc")
        self.assertEqual(cases.mapped("days_overdue"), [120, 45, 10, 0])


@tagged("post_install", "-at_install")
class TestManyRows(EventsCommon):
    """Pages cost the same number of statements, however many rows they show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = [cls.customer(f"Customer {n:02}") for n in range(80)]
        cls.invoices([(p, 100 + n, -n - 5) for n, p in enumerate(cls.many)])
        cls.one = cls.customer("One with many")
        cls.invoices([(cls.one, 10 + n, -n - 5) for n in range(40)])
        Case = cls.engine["ar.followup.case"]
        Case._collect(cls.company, START)
        cases = Case.search([])
        cases._reassess()
        cases[::2].user_id = cls.collector
        collector = cls.env(
            user=cls.collector, context={"allowed_company_ids": cls.company.ids}
        )
        cls.Case = collector["ar.followup.case"]
        cls.hold_case = Case.search([("partner_id", "=", cls.one.id)])

    def statements(self, function):
        """Number of SQL statements of a call that finds no record in the cache."""
        for _warm_up in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            answer = function()
        return self.env.cr.sql_log_count - before, answer

    def assertSteady(self, few, many, few_rows, many_rows):
        cost_few, answer_few = self.statements(few)
        cost_many, answer_many = self.statements(many)
        self.assertEqual((len(answer_few), len(answer_many)), (few_rows, many_rows))
        self.assertLessEqual(cost_many, cost_few)

    def page(self, view, limit):
        spec = specification(self.Case, view)
        if "activity_ids" in spec:
            spec["activity_ids"] = {"fields": {}}
        return self.Case.web_search_read(
            [("state", "!=", "closed")],
            spec,
            limit=limit,
            order="state, score desc, date_oldest_due, id",
        )["records"]

    def test_the_list(self):
        few, many = (lambda n=n: self.page("list", n) for n in (10, 80))
        self.assertSteady(few, many, 10, 80)

    def test_the_board(self):
        few, many = (lambda n=n: self.page("kanban", n) for n in (10, 80))
        self.assertSteady(few, many, 10, 80)

    def test_my_customers(self):
        few, many = (
            lambda n=n: self.Case.search(
                [("responsible_id", "=", self.collector.id)], limit=n
            ).mapped("decision_text")
            for n in (10, 80)
        )
        self.assertSteady(few, many, 10, 80)

    def test_the_invoices_of_a_customer(self):
        case = self.Case.browse(self.hold_case.id)
        fields = specification(self.Case, "form")["open_item_ids"]
        self.env["ar.followup.hold"].create(
            [
                {
                    "case_id": case.id,
                    "item_id": item.id,
                    "is_partial": True,
                    "amount": 1,
                }
                for item in case.item_ids
            ]
        )

        def items(limit):
            spec = {"open_item_ids": {**fields, "limit": limit}}
            rows = case.web_read(spec)[0]["open_item_ids"]
            return [row for row in rows if row.get("amount_held")]

        self.assertSteady(lambda: items(4), lambda: items(40), 4, 40)

    def test_what_happened(self):
        one, many = (
            self.Case.search([("partner_id", "=", p.id)])
            for p in (self.many[0], self.one)
        )
        for case, count in ((one, 2), (many, 20)):
            for model in ("ar.followup.hold", "ar.contact.log"):
                self.Case.env[model].create(
                    [{"case_id": case.id} for _n in range(count)]
                )
        began = 1
        self.assertSteady(
            lambda: one.web_read({"history": {}})[0]["history"],
            lambda: many.web_read({"history": {}})[0]["history"],
            began + 2 + 2,
            began + 20 + 20,
        )

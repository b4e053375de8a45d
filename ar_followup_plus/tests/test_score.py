"""Who comes first in a lane: a sum of parts that people can read."""

from odoo.tests import tagged

from .common import START
from .common_events import EventsCommon, day
from .common_views import specification

SILENCE = "Days of silence"


class ScoreCommon(EventsCommon):
    """What the collector reads of a customer's score."""

    def setUp(self):
        super().setUp()
        self.as_collector = self.env(
            user=self.collector,
            context={"allowed_company_ids": self.company.ids, "lang": "en_US"},
        )
        self.Case = self.as_collector["ar.followup.case"]

    def parts(self, partner):
        """Dict label → (what is told of it, points)."""
        self.env.invalidate_all()
        rows = self.Case.browse(self.case(partner).id).score_parts or []
        return {row["label"]: (row["told"], row["points"]) for row in rows}

    def log(self, partner, number, **vals):
        """A contact at noon of a day, counted from the first one."""
        return self.as_collector["ar.contact.log"].create(
            {"case_id": self.case(partner).id, "date": self._noon(day(number)), **vals}
        )


@tagged("post_install", "-at_install")
class TestScore(ScoreCommon):
    def setUp(self):
        super().setUp()
        self.ann = self.customer("Ann")
        self.invoice(self.ann, 1000, due=0)
        self.Case.create({"partner_id": self.ann.id})

    def test_nothing_overdue_is_no_score(self):
        self.assertEqual(self.parts(self.ann), {})
        case = self.Case.browse(self.case(self.ann).id)
        self.assertEqual((case.score, case.score_parts), (0, False))

    def test_a_case_that_is_not_saved_yet(self):
        case = self.Case.new({"partner_id": self.ann.id})
        self.assertEqual(case.score, 0)

    def test_the_parts_add_up(self):
        self.work_days(0, 31)
        self.break_promise(self.promise(self.ann), 20)
        parts = self.parts(self.ann)
        self.assertEqual(len(parts), 5)
        case = self.Case.browse(self.case(self.ann).id)
        self.assertEqual(case.score, sum(points for _told, points in parts.values()))

    def test_amount(self):
        """Ten points for each power of ten, in the company's currency."""
        self.work_day(1)
        self.assertEqual(self.parts(self.ann)["Overdue"], ("$\xa01,000.00", 30))
        self.invoice(self.ann, 9000, due=0)
        self.work_day(2)
        self.assertEqual(self.parts(self.ann)["Overdue"], ("$\xa010,000.00", 40))

    def test_an_amount_is_never_less_than_nothing(self):
        tiny = self.customer("Tiny")
        self.invoice(tiny, 0.5, due=0)
        self.Case.create({"partner_id": tiny.id})
        self.work_day(1)
        self.assertNotIn("Overdue", self.parts(tiny))

    def test_age(self):
        """A point every three days, though nothing happens and nobody runs a thing."""
        self.work_day(1)
        self.assertNotIn("Days overdue", self.parts(self.ann))
        for number, points in ((3, 1), (41, 13), (90, 30), (400, 30)):
            self.travel(number)
            self.assertEqual(
                self.parts(self.ann)["Days overdue"], (str(number), points)
            )

    def test_the_day_is_the_companys(self):
        self.travel(3, hour=3)
        self.case(self.ann)._reassess()
        self.assertEqual(self.parts(self.ann)["Days overdue"], ("3", 1))
        self.company.partner_id.tz = "America/New_York"  # still the day before
        self.assertNotIn("Days overdue", self.parts(self.ann))

    def test_level(self):
        """None for a courtesy note, then five more with each tone."""
        case = self.case(self.ann)
        for level, points in ((self.first, 5), (self.firm, 10), (self.final, 15)):
            case.level_id = level
            told = self.parts(self.ann)["Level reached"]
            self.assertEqual(told, (level.name, points))
        case.level_id = self.level("courtesy")
        self.assertNotIn("Level reached", self.parts(self.ann))

    def test_a_hidden_policys_level_is_named(self):
        hidden = self.set_policy(self.ann, levels=self.plain((5, "friendly")))
        hidden.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.case(self.ann).level_id = hidden.level_ids
        self.assertIn("Level reached", self.parts(self.ann))

    # silence ---------------------------------------------------------------------

    def test_silence_begins_with_our_first_message(self):
        self.work_day(3)  # the friendly reminder leaves
        self.assertNotIn(SILENCE, self.parts(self.ann))
        self.travel(6)
        self.assertEqual(self.parts(self.ann)[SILENCE], ("3", 1))
        self.log(self.ann, 6, outcome="no_answer")
        self.log(self.ann, 6, outcome="voicemail")
        self.travel(15)
        self.assertEqual(self.parts(self.ann)[SILENCE], ("12", 4))
        self.travel(200)
        self.assertEqual(self.parts(self.ann)[SILENCE], ("197", 15))

    def test_whoever_says_something_ends_it(self):
        self.work_day(3)
        self.travel(30)
        self.log(self.ann, 20, direction="in", outcome="other", channel="email")
        self.assertEqual(self.parts(self.ann)[SILENCE], ("10", 3))
        self.log(self.ann, 24, direction="out", outcome="reached")
        self.assertEqual(self.parts(self.ann)[SILENCE], ("6", 2))
        self.log(self.ann, 29, direction="out", outcome="no_answer")
        self.assertEqual(self.parts(self.ann)[SILENCE], ("6", 2))

    def test_nobody_heard_what_came_back(self):
        self.travel(30)
        self.log(self.ann, 1, outcome="wrong_number")
        self.assertNotIn(SILENCE, self.parts(self.ann))

    def test_what_was_corrected_does_not_count(self):
        self.travel(30)
        self.log(self.ann, 3, outcome="no_answer")
        mistake = self.log(self.ann, 27, outcome="reached")
        self.assertEqual(self.parts(self.ann)[SILENCE], ("3", 1))
        self.log(self.ann, 27, outcome="no_answer", correction_of_id=mistake.id)
        self.assertEqual(self.parts(self.ann)[SILENCE], ("27", 9))

    def test_other_debts_of_long_ago_do_not_count(self):
        self.work_day(3)
        self.log(self.ann, 3, outcome="no_answer")
        self.pay(self.item(self.case(self.ann).item_ids.move_id).move_id)
        self.work_day(4)
        self.invoice(self.ann, 1000, due=300)
        self.work_day(303)
        self.assertEqual(self.case(self.ann).round, 2)
        self.assertNotIn(SILENCE, self.parts(self.ann))
        self.travel(306)
        self.assertEqual(self.parts(self.ann)[SILENCE], ("3", 1))

    # promises ----------------------------------------------------------------------

    def promise(self, partner):
        """A promise for today."""
        case = self.case(partner)
        return self.engine["ar.payment.promise"].create(
            {
                "case_id": case.id,
                "move_line_ids": case.item_ids.move_line_id.ids,
                "date_promised": case.company_id._ar_today(),
            }
        )

    def break_promise(self, promise, number):
        """As if it had been for a day long past; who judges it is tested there."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ar_payment_promise SET state = 'broken', date_promised = %s "
            "WHERE id = %s",
            [day(number), promise.id],
        )
        self.env.invalidate_all()

    def test_broken_promises(self):
        self.travel(40)
        promises = [self.promise(self.ann) for _n in range(3)]
        self.assertEqual(promises[-1].state, "open")
        self.assertNotIn("Broken promises", self.parts(self.ann))
        for promise, told in zip(
            promises, (("1", 10), ("2", 20), ("3", 20)), strict=True
        ):
            self.break_promise(promise, 30)
            self.assertEqual(self.parts(self.ann)["Broken promises"], told)
        self.travel(30 + 364)
        self.assertIn("Broken promises", self.parts(self.ann))
        self.travel(30 + 365)
        self.assertNotIn("Broken promises", self.parts(self.ann))


@tagged("post_install", "-at_install")
class TestOrder(ScoreCommon):
    """The list begins with the highest score, which is the one that is shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = [cls.customer(f"Customer {n:02}") for n in range(60)]
        cls.invoices(
            [
                (p, 10 ** (n % 6) * (1 + n % 7), -7 * n - 5)
                for n, p in enumerate(cls.many)
            ]
        )
        cls.engine["ar.followup.case"]._collect(cls.company, START)
        cases = cls.engine["ar.followup.case"].search([])
        cases._reassess()
        cases.opened_on = day(-90)

    def setUp(self):
        super().setUp()
        for number, partner in enumerate(self.many):
            self.log(partner, -number, outcome="no_answer")
            self.case(partner).level_id = self.policy.level_ids[number % 4]

    def test_sql_and_page_agree(self):
        for direction in ("desc", "asc"):
            cases = self.Case.search([], order=f"score {direction}, id")
            scores = cases.mapped("score")
            self.assertEqual(scores, sorted(scores, reverse=direction == "desc"))
            self.assertGreater(len(set(scores)), 20)

    def test_every_part_is_there(self):
        labels = {
            row["label"] for case in self.Case.search([]) for row in case.score_parts
        }
        self.assertLessEqual(
            {"Overdue", "Days overdue", "Level reached", SILENCE}, labels
        )

    def test_ties_begin_with_the_oldest(self):
        cases = self.Case.search([], order="state, score desc, date_oldest_due, id")
        ranks = [(case.score, case.date_oldest_due) for case in cases]
        self.assertEqual(len(set(cases.mapped("state"))), 1)
        self.assertEqual(ranks, sorted(ranks, key=lambda rank: (-rank[0], rank[1])))
        self.assertLess(len({score for score, _due in ranks}), len(ranks))

    def test_the_views_begin_with_it(self):
        for view, order in (
            ("list", "state, score desc, date_oldest_due, id"),
            ("kanban", "score desc, date_oldest_due, id"),
        ):
            arch = self.Case.get_views([(False, view)])["views"][view]["arch"]
            self.assertIn(f'default_order="{order}"', arch)
        self.assertTrue(self.Case.fields_get(["score"])["score"]["sortable"])

    def test_each_lane_is_in_order(self):
        """As the board asks for its lanes: grouped by state, with their rows."""
        answer = self.Case.web_read_group(
            [],
            ["state"],
            auto_unfold=True,
            unfold_read_specification={"score": {}},
            unfold_read_default_limit=80,
            order="score desc, date_oldest_due, id",
        )
        lanes = [group["__records"] for group in answer["groups"]]
        self.assertEqual(sum(map(len, lanes)), 60)
        for lane in lanes:
            scores = [row["score"] for row in lane]
            self.assertEqual(scores, sorted(scores, reverse=True))

    def test_many_cost_no_more_than_few(self):
        names = {"score": {}, "score_parts": {}, "last_contact": {}}
        self.assertLessEqual(
            {"score", "last_contact"}, specification(self.Case, "list").keys()
        )

        def cost(limit):
            for _warm_up in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows = self.Case.web_search_read(
                    [], names, limit=limit, order="score desc"
                )["records"]
            self.assertEqual(len(rows), limit)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(cost(60), cost(6))

"""A run as the day's report, a preview as the day's plan; and its progress."""

from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config

from ..models.engine import ar_followup_run_report as report
from ..models.engine.ar_followup_run import Clock
from ..models.engine.ar_followup_run_preview import PREVIEW_DAYS
from .common import START, FollowupCommon


def parts(run):
    """The report as its reader sees it: dict title → list of words, line by line."""
    root = html.fragment_fromstring(str(run.report), create_parent="div")
    return {
        " ".join(section.find("h3/span").text.split()): " ".join(
            section.text_content().split()
        )
        for section in root.iter("section")
    }


@tagged("post_install", "-at_install")
class TestReport(FollowupCommon):
    def setUp(self):
        super().setUp()
        self.day = START + timedelta(days=3)
        self.ann, self.ben, self.cem, self.dee = (
            self.customer(name) for name in ("Ann", "Ben", "Cem", "Dee")
        )
        self.ben.email = False
        self.level("friendly").attach_invoices = False
        self.anns, *_others = self.invoices(
            [
                (self.ann, 100.0, 0),
                (self.ann, 20.0, -1),
                (self.ben, 60.0, 0),
                (self.cem, 70.0, 0),
                (self.dee, 80.0, 0),
            ]
        )
        self.travel(0)
        case = self.engine["ar.followup.case"].create(
            {"partner_id": self.cem.id, "company_id": self.company.id}
        )
        self.engine["ar.followup.hold"].create({"case_id": case.id})
        call = {
            "send_email": False,
            "activity_type_id": self.env.ref(
                "ar_followup_plus.mail_activity_type_call"
            ).id,
        }
        self.set_policy(self.dee, levels=[(3, "friendly", call)])
        self.travel(3)

    def test_plan(self):
        """Who, what, why; and who not and why not."""
        plan = parts(self.preview(self.day))
        self.assertEqual(
            list(plan),
            [
                "Would be written to",
                "To be called",
                "Waits for a person",
                "Not written to, and why",
            ],
        )
        written = plan["Would be written to"]
        self.assertIn("Ann", written)
        self.assertIn("Friendly reminder", written)
        self.assertIn(self.anns.name, written)
        self.assertIn("120.00", written)
        self.assertIn("Dee", plan["To be called"])
        self.assertIn("80.00", plan["To be called"])
        self.assertRegex(plan["Waits for a person"], "No email address.*Ben.*60.00")
        self.assertRegex(plan["Not written to, and why"], "Paused.*Cem.*70.00")

    def test_plan_in_review_mode(self):
        self.company.ar_followup_mode = "review"
        plan = parts(self.preview(self.day))
        self.assertNotIn("Would be written to", plan)
        self.assertIn("Ann", plan["Would be prepared for review"])
        self.assertNotIn("Ann", plan["Waits for a person"])

    def test_day_report(self):
        """What became of the plan."""
        self.work_day(3)
        run = self.engine["ar.followup.run"].search(
            [("company_id", "=", self.company.id), ("is_preview", "=", False)]
        )
        told = parts(run)
        self.assertRegex(told["Written to"], "Ann.*120.00")
        self.assertIn("Dee", told["To be called"])
        self.assertRegex(told["Waits for a person"], "No email address.*Ben")
        self.assertRegex(told["Not written to, and why"], "Paused.*Cem.*70.00")
        self.assertNotIn("Did not arrive", told)
        # the next day changes what is in force, but not what that day decided
        self.travel(4)
        self.case(self.cem).hold_ids.action_lift("They asked us to.")
        self.work_day(4)
        run.invalidate_recordset()
        self.assertRegex(parts(run)["Not written to, and why"], "Paused.*Cem")

    def test_amounts_of_the_day_only(self):
        """Held for long: what was owed when that began is not what is owed now."""
        self.work_day(3)
        self.invoice(self.cem, 500.0, 2)
        self.work_day(5)
        run = self.engine["ar.followup.run"].search([("date", "=", self.travel(5))])
        alone = parts(run)["Not written to, and why"]
        self.assertRegex(alone, "Paused.*Cem")
        self.assertNotIn("70.00", alone)

    def test_bounded(self):
        """Of many customers a few are named; the list behind has them all."""
        people = [self.customer(f"Number {n}") for n in range(5)]
        self.invoices([(partner, 50.0 + n, 0) for n, partner in enumerate(people)])
        with patch.object(report, "NAMED", 3):
            run = self.preview(self.day)
            written = parts(run)["Would be written to"]
        self.assertEqual(written.count("Number"), 2, "Ann owes most")
        self.assertIn("and 3 more", written)
        window = run.with_user(self.collector).action_open_part("written")
        found = self.env[window["res_model"]].search(window["domain"])
        self.assertEqual(
            found.partner_id, self.ann | self.env["res.partner"].union(*people)
        )

    def test_lists_behind(self):
        run = self.preview(self.day).with_user(self.collector)
        window = run.action_open_part("paused")
        found = self.env[window["res_model"]].search(window["domain"])
        self.assertEqual(found.partner_id, self.cem)
        for key in ("legal", "nobody", ""):
            with self.assertRaisesRegex(UserError, "nobody in this part"):
                run.action_open_part(key)

    def test_costs_the_same_for_more_customers(self):
        run = self.preview(self.day)
        people = [self.customer(f"Number {n}") for n in range(6)]
        self.invoices([(partner, 50.0, 0) for partner in people])
        more = self.preview(self.day)

        def queries(run):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(run.report)
            return self.cr.sql_log_count - before

        queries(run)
        self.assertEqual(queries(run), queries(more))


@tagged("post_install", "-at_install")
class TestPreviewToday(FollowupCommon):
    def test_preview_today(self):
        """One click, for the company one works in, open at once."""
        self.company.ar_followup_mode = "off"
        self.invoice(self.customer("Ann"), 100.0, -3)
        Run = self.env["ar.followup.run"].with_user(self.collector)
        window = Run.with_company(self.company).action_preview_today()
        run = Run.browse(window["res_id"])
        self.assertRecordValues(
            run,
            [
                {
                    "company_id": self.company.id,
                    "is_preview": True,
                    "date": START,
                    "state": "done",
                    "remind_count": 1,
                }
            ],
        )
        action = self.env.ref("ar_followup_plus.ar_followup_run_action_preview_today")
        again = action.with_user(self.collector).run()
        self.assertEqual(again["res_model"], "ar.followup.run")

    def test_long_one_is_left_to_the_tick(self):
        self.invoice(self.customer("Ann"), 100.0, -3)
        path = "odoo.addons.ar_followup_plus.models.engine.ar_followup_run_preview"
        with patch(f"{path}.LONG_PREVIEW", 1):
            run = self.preview(START)
            self.assertEqual(run.state, "running")
            self.assertTrue(run.is_at_work)
            self.assertTrue(run.progress_text)
            # the day's own work goes first: here, its hour has not come
            self.company.sudo().ar_followup_hour = 23
            self.work_day()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.remind_count, 1)
        self.assertFalse(run.is_at_work)

    def test_old_previews_go(self):
        self.invoice(self.customer("Ann"), 100.0, -3)
        self.work_day(0)
        real = self.engine["ar.followup.run"].search([], limit=1)
        old, new = self.preview(START), self.preview(START)
        long_ago = fields.Datetime.now() - timedelta(days=PREVIEW_DAYS + 1)
        self.env.flush_all()
        for run in (old, real):
            self.env.cr.execute(
                "UPDATE ar_followup_run SET create_date = %s WHERE id = %s",
                [long_ago, run.id],
            )
        self.env.invalidate_all()
        decisions = old.decision_ids
        self.assertTrue(decisions)
        self.engine["ar.followup.run"]._gc_previews()
        self.assertFalse(old.exists())
        self.assertFalse(decisions.exists())
        self.assertEqual((new | real).exists(), new | real)


@tagged("post_install", "-at_install")
class TestProgress(FollowupCommon):
    """How far a run is, step by step."""

    def test_progress(self):
        self.level("friendly").attach_invoices = False
        for name in ("Ann", "Ben"):
            self.invoice(self.customer(name), 100.0, -3)
        run = self.engine["ar.followup.run"].create(
            {"company_id": self.company.id, "date": START}
        )
        self.assertIn("Collecting", run.progress_text)
        run._work_batch()
        self.assertEqual(run.step, "decide")
        self.assertIn("Deciding, customer by customer: 0 of 2", run.progress_text)
        run._work_batch()
        self.assertIn("2 of 2", run.progress_text)
        self.assertEqual(run.progress, 100)
        run._work_batch()
        self.assertIn(
            "Preparing the reminders, customer by customer: 0 of 2", run.progress_text
        )
        run._work(Clock(60))
        self.assertEqual(run.state, "done")
        self.assertTrue(run.is_at_work, "nothing has left yet")
        run.invalidate_recordset()
        self.assertIn("mail server: 0 of 2", run.progress_text)
        run.reminder_ids[0]._deliver()
        run.invalidate_recordset()
        self.assertIn("mail server: 1 of 2", run.progress_text)
        self.assertEqual(run.progress, 50)
        run.reminder_ids._deliver()
        run.invalidate_recordset()
        self.assertFalse(run.is_at_work)
        self.assertFalse(run.progress_text)

    def test_work_now_does_not_keep_the_browser_waiting(self):
        """What is not done in a moment is left to the tick."""
        self.invoice(self.customer("Ann"), 100.0, -3)
        run = (
            self.env["ar.followup.run"]
            .with_user(self.manager)
            .create({"company_id": self.company.id, "date": START})
        )
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        path = "odoo.addons.ar_followup_plus.models.engine.ar_followup_run"
        with patch(f"{path}.MOMENT", 0):
            run.action_run()
        self.assertEqual(run.state, "running")
        self.assertTrue(triggers.search([]))
        self.work_day()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.sent_count, 1)

    def test_a_worker_ends_its_tick_before_odoo_does(self):
        """Odoo kills a worker that computes for too long, in whatever it is doing."""
        self.invoice(self.customer("Ann"), 100.0, -3)
        path = "odoo.addons.ar_followup_plus.models.engine.ar_followup_run"
        with patch(f"{path}.CPU_BUDGET", 0), patch.dict(config.options, workers=2):
            self.work_day()
        run = self.env["ar.followup.run"].search([("date", "=", START)])
        self.assertEqual((run.state, run.sent_count), ("running", 0))
        self.work_day()
        self.assertEqual((run.state, run.sent_count), ("done", 1))

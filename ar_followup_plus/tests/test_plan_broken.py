"""A plan is not kept: late, broken once, and follow-up goes on gently."""

from datetime import timedelta
from io import BytesIO
from itertools import pairwise

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .common import START
from .common_keeping import KeepingCommon


def day(days):
    return START + timedelta(days=days)


@tagged("post_install", "-at_install")
class TestPlanBroken(KeepingCommon):
    def test_late_then_broken_day_by_day(self):
        """The instalment of day 7: tolerated until 10, late from 11, broken on 15."""
        plan = self.agreed(self.bill)
        seen = {}
        for number in range(7, 18):
            self.work_day(number)
            seen[number] = (plan.state, bool(plan.line_ids[0].late_on))
        self.assertEqual(seen[10], ("active", False))
        self.assertEqual(seen[11], ("active", True))
        self.assertEqual(seen[14], ("active", True))
        self.assertEqual(seen[15], ("broken", True))
        self.assertEqual(seen[17], ("broken", True))
        self.assertEqual(plan.line_ids[0].late_on, day(11))
        self.assertEqual(plan.broken_on, day(15))
        self.assertFalse(self.open_holds(plan))

    def test_nobody_is_late_before_they_agreed(self):
        """Accepted on the last day of the offer, after the first instalments' days."""
        plan = self.plan(self.bill)
        self.travel(14)
        plan.action_accept(how="email")
        self.work_days(14, 17)
        self.assertEqual(set(plan.line_ids.mapped("state")), {"due", "scheduled"})
        self.assertFalse(self.messages(plan))
        self.work_days(18, 21)
        self.assertEqual(plan.line_ids[0].state, "late")
        self.assertEqual(plan.state, "active")
        self.work_day(22)
        self.assertEqual(plan.state, "broken")

    def test_late_asks_the_collector_once(self):
        plan = self.agreed(self.bill)
        self.work_days(11, 13)
        activity = self.activities(plan, "late")
        self.assertEqual(activity.user_id, self.collector)
        self.paid(self.bill, 100)
        self.assertFalse(self.activities(plan, "late"))
        self.assertFalse(plan.line_ids[0].late_on)

    def test_part_within_the_tolerated_amount_is_not_late(self):
        self.policy.plan_tolerance_amount = 5
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 95)
        self.work_day(16)
        self.assertEqual(plan.state, "active")
        self.assertFalse(plan.line_ids[0].late_on)

    def test_money_that_has_arrived_keeps_it(self):
        """An unmatched payment counts in favour; once it is taken back, it does not."""
        plan = self.agreed(self.bill)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.ann.id,
                "amount": 100,
                "date": day(8),
            }
        )
        payment.action_post()
        self.work_days(8, 17)
        self.assertEqual(plan.state, "active")
        self.assertFalse(plan.line_ids[0].late_on)
        self.assertEqual(plan.line_ids[0].amount_paid, 0)
        self.assertFalse(self.messages(plan, "plan_late"))
        # of the second instalment (day 14) nothing is there
        self.work_days(18, 22)
        self.assertEqual(plan.state, "broken")

    def test_of_money_on_its_way(self):
        """A bank line that names her is enough until somebody matches it."""
        plan = self.agreed(self.bill)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day(7),
                "payment_ref": plan.name,
                "amount": 100,
                "partner_id": self.ann.id,
            }
        )
        self.work_days(8, 16)
        self.assertEqual(plan.state, "active")
        self.assertFalse(plan.line_ids[0].late_on)

    def test_the_approver_is_told_once_with_all_that_happened(self):
        plan = self.agreed(self.bill)
        self.travel(7)
        self.paid(self.bill, 60)
        with self.allow_pdf_render():
            self.engine = self.engine(context={"force_report_rendering": True})
            self.work_days(15, 17)
        activity = self.activities(plan, "broken")
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("40.00", activity.note)
        told = plan.sudo().message_ids.filtered("attachment_ids")
        self.assertEqual(len(told), 1)
        self.assertEqual(told.notified_partner_ids, self.manager.partner_id)
        self.assertTrue(told.is_internal or told.subtype_id.internal)
        pdf = told.attachment_ids
        self.assertIn("Ann", pdf.name)
        pages = PdfFileReader(BytesIO(pdf.raw)).pages
        text = " ".join(page.extract_text() for page in pages).replace("\t", " ")
        for expected in (
            "Collection history",
            "broken",
            "Instalment not paid in time",
            "60.00",
        ):
            self.assertIn(expected, text)
        self.assertFalse(
            [mail for mail in self.received(self.ann) if "broken" in mail.subject]
        )

    def test_told_also_without_a_pdf(self):
        """Whatever a report may raise: the approver hears of it."""
        plan = self.agreed(self.bill)
        case_class = type(self.env["ar.followup.case"])

        def fails(_case):
            raise ValueError("no paper")

        self.patch(case_class, "_collection_history", fails)
        self.work_day(15)
        self.assertEqual(self.activities(plan, "broken").user_id, self.manager)

    def test_a_crash_while_telling_tells_once(self):
        plan = self.agreed(self.bill)
        plan_class = type(self.env["ar.payment.plan"])
        original = plan_class.activity_schedule

        def dies(_plans, *_args, **_kwargs):
            raise RuntimeError("gone")

        self.work_day(14)
        self.patch(plan_class, "activity_schedule", dies)
        self.work_day(15)
        self.assertEqual(plan.state, "broken")
        self.assertTrue(plan.sudo().break_pending)
        self.assertFalse(self.activities(plan, "broken"))
        self.patch(plan_class, "activity_schedule", original)
        self.work_days(16, 17)
        self.assertEqual(len(self.activities(plan, "broken")), 1)
        self.assertFalse(plan.sudo().break_pending)

    def test_without_the_approver_the_others_are_told(self):
        plan = self.agreed(self.bill)
        plan.sudo().approved_by_id = False
        self.policy.manager_id = False
        self.company.sudo().ar_manager_id = False
        self.work_day(15)
        self.assertIn(self.manager, self.activities(plan, "broken").user_id)

    def test_follow_up_goes_on_step_by_step(self):
        """No burst: the first level not reached, one step, with the gap."""
        self.policy.min_gap_days = 7
        second = self.invoice(self.ann, 90, due=-40)
        plan = self.agreed(self.bill + second)
        self.work_days(0, 40)
        self.assertEqual(plan.state, "broken")
        sent = self.reminders(self.ann, "sent").filtered("level_id")
        steps = [(reminder.date_sent.date(), reminder.level_id) for reminder in sent]
        self.assertEqual(steps[0][1], self.level("friendly"))
        self.assertGreaterEqual(steps[0][0], plan.broken_on)
        days = [
            message.date_sent.date()
            for message in self.case(self.ann).reminder_ids.sorted("date_sent")
            if message.state == "sent" and message.is_demand
        ]
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        self.assertTrue(gaps)
        self.assertGreaterEqual(min(gaps), 7, days)

    def test_paid_after_it_broke(self):
        plan = self.agreed(self.bill)
        self.work_day(15)
        self.assertEqual(plan.state, "broken")
        self.travel(20)
        payment = self.paid(self.bill)
        self.assertEqual((plan.state, plan.end_reason), ("done", "paid"))
        self.assertEqual(plan.broken_on, day(15))
        self.assertFalse(self.messages(plan, "plan_done"))
        payment.action_draft()
        payment.action_cancel()
        self.work_day(21)
        self.assertEqual(plan.state, "broken")
        self.assertEqual(plan.broken_on, day(15))
        self.assertEqual(len(self.activities(plan, "broken")), 1)

    def test_offer_lapses_with_the_day(self):
        """The day's work also ends offers that nobody answered."""
        plan = self.plan(self.bill)
        self.work_day(14)
        self.assertEqual(plan.state, "approved")
        self.work_day(15)
        self.assertEqual((plan.state, plan.end_reason), ("cancelled", "lapsed"))

    def test_preview_shows_what_a_break_leads_to_and_changes_nothing(self):
        plan = self.agreed(self.bill)
        run = self.preview(day(15))
        self.assertEqual(plan.state, "active")
        self.assertFalse(plan.sudo().break_pending)
        decision = run.decision_ids.filtered(lambda it: it.partner_id == self.ann)
        self.assertEqual(decision.reason, "remind")


@tagged("post_install", "-at_install")
class TestCollectionHistory(KeepingCommon):
    def test_all_in_order_of_time_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        self.agreed(self.bill)
        self.travel(2)
        self.env["ar.contact.log"].create(
            {
                "case_id": self.case(self.ann).id,
                "channel": "phone",
                "outcome": "reached",
                "summary": "<b>Ann</b> is short of cash.",
            }
        )
        self.env["ar.followup.hold"].with_user(self.manager).create(
            {
                "case_id": self.case(self.ann).id,
                "kind": "paused",
                "date_to": day(4),
                "note": "A small pause.",
            }
        )
        self.travel(7)
        self.paid(self.bill, 60)
        self.work_days(11, 15)
        case = self.case(self.ann).with_context(lang="en_US")
        rows = case._collection_history()
        titles = [title for _day, title, _text, _who in rows]
        places = [
            titles.index("Payment plan approved"),
            titles.index("Payment"),
            titles.index("Instalment not paid in time"),
            titles.index("Instalment late: sent"),
            titles.index("Payment plan broken"),
        ]
        self.assertEqual(places, sorted(places))
        report = self.env["ir.actions.report"]
        html, _kind = report.with_context(lang="en_US")._render_qweb_html(
            "ar_followup_plus.report_collection_history", case.ids
        )
        text = html.decode()
        self.assertIn("&lt;b&gt;Ann&lt;/b&gt; is short of cash.", text)
        self.assertIn("A small pause.", text)
        self.assertIn("60.00", text)
        self.assertIn("240.00", text)  # the balance

    def test_pdf_from_the_case_by_a_collector(self):
        self.agreed(self.bill)
        report = self.env["ir.actions.report"].with_user(self.collector)
        with self.allow_pdf_render():
            pdf, kind = report.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(
                "ar_followup_plus.report_collection_history", self.case(self.ann).ids
            )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))

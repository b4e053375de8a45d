from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common_plans import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanOffer(PlanCommon):
    """What the customer gets and answers, and nothing before it is approved."""

    def test_nothing_before_it_is_approved(self):
        """Not even a follower outside reads of it, whatever is posted."""
        portal = new_test_user(
            self.env,
            login="ann_portal",
            groups="base.group_portal",
            email="p@ann.example",
        )
        portal.partner_id.parent_id = self.ann
        outside = self.ann | portal.partner_id
        plan = self.plan(self.bill)
        plan.message_subscribe(outside.ids)
        self.assertFalse(plan.message_partner_ids & outside)
        # by force, past every method
        self.env["mail.followers"].sudo().create(
            [
                {"res_model": plan._name, "res_id": plan.id, "partner_id": partner.id}
                for partner in outside
            ]
        )
        self.env.invalidate_all()
        plan.message_post(body="Between us", subtype_xmlid="mail.mt_comment")
        plan.message_post(body="For you", partner_ids=outside.ids)
        plan.message_post(body="By address", outgoing_email_to="p@ann.example")
        plan.action_submit()
        plan.with_user(self.manager).message_notify(
            body="Look", subject="Look", partner_ids=outside.ids
        )
        plan.with_user(self.manager).action_refuse("No.")
        plan.action_submit()
        self.env["mail.mail"].sudo().search([]).send()
        self.work_day(6)
        self.assertEqual(self.received("p@ann.example"), [])
        self.assertEqual(self.received(self.ann), [])
        self.assertFalse(
            self.env["mail.notification"]
            .sudo()
            .search([("res_partner_id", "in", outside.ids)])
            .mail_message_id.filtered(lambda message: message.model == plan._name)
        )
        self.assertFalse(plan.with_user(portal).has_access("read"))
        self.assertFalse(
            self.env["mail.message"]
            .with_user(portal)
            .search([("model", "=", plan._name), ("res_id", "=", plan.id)])
        )

    def test_nobody_outside_is_suggested(self):
        plan = self.plan(self.bill)
        self.assertFalse(
            [
                person
                for person in plan._message_get_suggested_recipients()
                if person.get("partner_id") == self.ann.id
            ]
        )

    def test_the_offer_leaves_once_it_is_approved(self):
        plan = self.approved(self.bill)
        message = self.engine["ar.followup.reminder"].search(
            [("plan_id", "=", plan.id)]
        )
        self.assertEqual(message.kind, "plan_offer")
        self.assertFalse(message.is_demand)
        self.work_day(6)
        (mail,) = self.received(self.ann)
        self.assertEqual(message.state, "sent")
        self.assertFalse(self.case(self.ann).last_demand_date)

    def test_an_offer_that_is_none_any_more_does_not_leave(self):
        self.break_mail_server()
        plan = self.approved(self.bill)
        plan.action_cancel()
        self.mend_mail_server()
        self.work_days(6, 7)
        message = self.engine["ar.followup.reminder"].search(
            [("plan_id", "=", plan.id)]
        )
        self.assertEqual(message.state, "cancelled")
        self.assertIn("no offer any more", message.failure_reason)
        self.assertFalse(
            [mail for mail in self.received(self.ann) if plan.name in str(mail)]
        )

    def test_without_an_address_the_collector_is_told(self):
        self.ann.email = False
        plan = self.approved(self.bill)
        self.assertEqual(plan.state, "approved")
        activity = plan.sudo().activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("no address to send it to", activity.note)

    def test_accepted_by_phone(self):
        plan = self.approved(self.bill)
        self.travel(8)
        plan.action_accept()
        self.assertEqual(plan.state, "active")
        self.assertEqual(plan.accepted_by, "Ann")
        self.assertEqual(plan.accepted_how, "phone")
        self.assertEqual(plan.accepted_on.date(), date(2026, 1, 13))
        entry = plan.accepted_log_id
        self.assertEqual(
            (entry.channel, entry.direction, entry.outcome, entry.user_id),
            ("phone", "in", "reached", self.collector),
        )
        self.assertEqual(entry.summary, f"Ann accepts the payment plan {plan.name}.")
        self.assertEqual(entry.case_id, plan.case_id)

    def test_accepted_through_the_window(self):
        plan = self.approved(self.bill)
        action = plan.action_open_answer()
        answer = self.env[action["res_model"]].with_user(self.collector)
        with Form(answer.with_context(**action["context"])) as form:
            form.how = "email"
            form.name = "Ann Miller"
            form.said = "Fine with us."
        form.record.action_record()
        self.assertEqual((plan.state, plan.accepted_how), ("active", "email"))
        self.assertEqual(plan.accepted_by, "Ann Miller")
        self.assertEqual(plan.accepted_log_id.outcome, "other")
        self.assertIn("Fine with us.", plan.accepted_log_id.summary)

    def test_in_the_portal(self):
        plan = self.approved(self.bill)
        public = self.env.ref("base.public_user")
        plan.with_user(public).sudo()._do_accept(
            "portal", "Ann Miller", signature=b"cGFwZXI=", ip="203.0.113.7", agent="X/1"
        )
        self.assertEqual(plan.state, "active")
        self.assertEqual(
            (plan.accepted_ip, plan.accepted_agent), ("203.0.113.7", "X/1")
        )
        self.assertTrue(plan.signature)
        entry = plan.accepted_log_id
        self.assertEqual((entry.channel, entry.automated), ("portal", True))
        self.assertFalse(entry.user_id)

    def test_the_portal_is_not_recorded_by_hand(self):
        plan = self.approved(self.bill)
        with self.assertRaisesRegex(UserError, "how the answer came"):
            plan.action_accept("portal")

    def test_what_was_accepted_is_on_record(self):
        plan = self.accepted(self.bill, installment_count=2)
        text = plan._schedule_text()
        self.assertEqual(
            text.splitlines(),
            [
                f"{plan.name}\tUSD",
                f"{self.bill.name}\t1000.00",
                "2026-01-19\t500.00",
                "2026-02-19\t500.00",
            ],
        )
        self.assertEqual(len(plan.accepted_hash), 64)
        self.assertEqual(plan.accepted_hash, plan._hash())
        plan.line_ids.sudo()[0].amount = 500.01
        self.assertNotEqual(plan.accepted_hash, plan._hash())

    def test_accepted_once(self):
        plan = self.accepted(self.bill)
        for button in (plan.action_accept, plan.action_decline):
            with self.assertRaisesRegex(UserError, "cannot be accepted or declined"):
                button()

    def test_an_offer_that_ended_is_not_accepted(self):
        plan = self.approved(self.bill)
        self.travel(20)  # not yet lapsed: the day's work has not come
        with self.assertRaisesRegex(UserError, "ended on January 24, 2026"):
            plan.action_accept()

    def test_declined(self):
        plan = self.approved(self.bill)
        plan.sudo()._do_decline("We cannot.", "Ann Miller")
        self.assertEqual((plan.state, plan.end_reason), ("cancelled", "declined"))
        self.assertEqual(plan.decline_reason, "We cannot.")
        self.assertEqual(self.holds(plan), [])
        self.assertEqual(self.reason(self.ann), "remind")
        self.assertIn("We cannot.", plan.case_id.contact_log_ids[0].summary)
        self.assertIn("We cannot.", plan.sudo().activity_ids.note)

    def test_lapsed(self):
        plan = self.approved(self.bill)
        for day, state in ((19, "approved"), (20, "cancelled")):
            today = self.travel(day)
            self.env["ar.payment.plan"]._lapse(self.company, today)
            self.assertEqual(plan.state, state)
        self.assertEqual(plan.end_reason, "lapsed")
        self.assertEqual(self.holds(plan), [])
        self.assertEqual(self.reason(self.ann), "remind")
        self.assertEqual(plan.sudo().activity_ids.user_id, self.collector)

    def test_a_successor(self):
        """The plan in force stays so until the customer accepts the other one."""
        plan = self.accepted(self.bill, installment_count=4)
        self.pay(self.bill, 250)
        action = plan.action_replace()
        successor = self.env["ar.payment.plan"].with_user(self.collector)
        successor = successor.browse(action["res_id"])
        self.assertEqual(plan.action_replace()["res_id"], successor.id)
        self.assertEqual(successor.replaces_id, plan)
        self.assertEqual(successor.amount_total, 750)
        self.assertEqual(successor.line_ids.mapped("amount"), [250] * 3)
        successor.installment_count = 5
        successor.action_submit()
        self.assertEqual(plan.state, "active")
        successor.with_user(self.manager).action_approve()
        self.assertEqual(plan.state, "active")
        self.assertEqual(self.holds(plan), [("planned", False, False)])
        successor.action_accept()
        self.assertEqual((plan.state, plan.end_reason), ("cancelled", "replaced"))
        self.assertEqual(self.holds(plan), [])
        self.assertEqual(self.holds(successor), [("planned", False, False)])
        self.assertEqual(self.reason(self.ann), "planned")
        again = successor.action_replace()
        self.assertNotEqual(again["res_id"], successor.id)

    def test_a_successor_that_is_declined(self):
        plan = self.accepted(self.bill)
        successor = plan.browse(plan.action_replace()["res_id"])
        successor.action_submit()
        successor.with_user(self.manager).action_approve()
        successor.action_decline("Too much.")
        self.assertEqual(plan.state, "active")
        self.assertEqual(self.reason(self.ann), "planned")

    def test_a_successor_of_nothing(self):
        plan = self.accepted(self.bill)
        successor = plan.browse(plan.action_replace()["res_id"])
        plan.with_user(self.manager).action_cancel("They went elsewhere.")
        with self.assertRaisesRegex(UserError, "not in force any more"):
            successor.action_submit()
        with self.assertRaisesRegex(UserError, "not in force"):
            plan.action_replace()

    def test_withdrawn_while_it_waits(self):
        """Nothing is left for the approver to do."""
        plan = self.submitted(self.bill)
        self.assertTrue(plan.sudo().activity_ids)
        plan.action_cancel()
        self.assertFalse(plan.sudo().activity_ids)
        self.assertEqual(self.holds(plan), [])
        with self.assertRaisesRegex(UserError, "is over"):
            plan.action_cancel()

    def test_who_requested_it_hears_that_somebody_withdrew_it(self):
        plan = self.submitted(self.bill)
        plan.with_user(self.manager).action_cancel("They paid in cash.")
        told = self.engine["mail.message"].search(
            [
                ("model", "=", plan._name),
                ("res_id", "=", plan.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.notified_partner_ids, self.collector.partner_id)
        self.assertIn("Mona Manager withdrew", told.body)
        self.assertIn("They paid in cash.", told.body)

    def test_merged_customers_keep_their_plans(self):
        plan = self.accepted(self.bill)
        bob = self.customer("Bob")
        self.invoice(bob, 50, due=1)
        self.env["ar.followup.case"].create({"partner_id": bob.id})
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.ann | bob).ids, bob
        )
        self.env.invalidate_all()
        self.assertEqual(plan.case_id, self.case(bob))
        self.assertEqual(plan.partner_id, bob)
        self.assertEqual(plan.line_ids.partner_id, bob)
        self.assertEqual(plan.state, "active")
        self.assertEqual(self.holds(plan), [("planned", False, False)])

    def test_a_list_of_plans_reads_few_times(self):
        """However many there are."""

        def queries(count):
            plans = plans_all[:count]
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            plans.read(
                [
                    "name",
                    "partner_id",
                    "amount_total",
                    "amount_paid",
                    "progress",
                    "state",
                ]
            )
            return self.env.cr.sql_log_count - before

        people = [self.customer(f"Customer {number}") for number in range(12)]
        bills = self.invoices([(person, 100, 0) for person in people])
        plans_all = self.env["ar.payment.plan"].with_user(self.collector)
        for bill in bills:
            plans_all |= self.submitted(bill)
        queries(2)
        self.assertLessEqual(queries(12), queries(3) + 2)

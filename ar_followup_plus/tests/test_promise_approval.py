"""Beyond the policy's limits a promise waits for an approver."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_promises import PromiseCommon

APPROVAL = "ar_followup_plus.mail_activity_type_approval"


@tagged("post_install", "-at_install")
class TestPromiseApproval(PromiseCommon):
    def approvals(self, promise):
        kind = self.env.ref(APPROVAL)
        return promise.activity_ids.filtered(lambda own: own.activity_type_id == kind)

    def told(self, promise):
        """What whoever recorded it was told."""
        return self.engine["mail.message"].search(
            [
                ("model", "=", promise._name),
                ("res_id", "=", promise.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.collector.partner_id.ids),
            ]
        )

    # the limits --------------------------------------------------------------------

    def test_further_ahead_than_the_policy_says(self):
        self.assertEqual(self.promise(self.bill, day=5 + 14).state, "open")
        promise = self.promise(self.bill, day=5 + 15)
        self.assertEqual(promise.state, "to_approve")
        self.assertFalse(promise.approval_rule)
        self.assertIn("15 days ahead", promise.limits_text)

    def test_more_open_promises_than_the_policy_says(self):
        self.policy.promise_max_open = 2
        others = [self.invoice(self.ann, 10 * n, due=n) for n in (1, 2, 3)]
        for other, state in zip(others, ("open", "open", "to_approve"), strict=True):
            last = self.promise(other)
            self.assertEqual(last.state, state)
        self.assertIn("3 open promises", last.limits_text)
        # one in the place of another is no further one
        self.assertEqual(self.promise(others[0], day=11).state, "open")

    def test_after_more_broken_ones_than_the_policy_says(self):
        for start, state in ((5, "open"), (20, "open"), (40, "to_approve")):
            self.travel(start)
            promise = self.promise(self.bill, day=start)
            self.assertEqual(promise.state, state)
            self.work_day(start + 4)
        self.assertIn("2 broken promises", promise.limits_text)
        promise.action_cancel()
        # a year later it is forgotten
        self.travel(20 + 400)
        self.assertEqual(self.promise(self.bill, day=425).state, "open")

    def test_none_allowed_after_a_broken_one(self):
        self.policy.promise_max_broken = 0
        self.assertEqual(self.promise(self.bill, day=5).state, "open")
        self.work_day(9)
        self.assertEqual(self.promise(self.bill).state, "to_approve")

    # waiting -----------------------------------------------------------------------

    def test_held_while_it_waits(self):
        """As long as plans are; then the invoice is followed up again."""
        promise = self.waiting()
        self.assertEqual(
            self.holds(promise), [("awaiting_approval", self.day(10), False)]
        )
        self.assertEqual(self.case(self.ann).reason, "awaiting_approval")
        activity = self.approvals(promise)
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("1,000.00", activity.note)
        self.assertIn("35 days from now", activity.note)
        self.work_day(11)
        self.assertEqual(self.case(self.ann).reason, "awaiting_answer")

    def test_approved(self):
        promise = self.waiting()
        promise.with_user(self.manager).action_approve()
        self.assertEqual(promise.state, "open")
        self.assertEqual(promise.approved_by_id, self.manager)
        self.assertEqual(self.holds(promise), [("promised", self.day(43), False)])
        self.assertFalse(self.approvals(promise))
        self.assertIn(self.collector.partner_id, self.told(promise).partner_ids)

    def test_refused(self):
        """It is over; whoever recorded it reads why, and what to do now."""
        promise = self.waiting()
        promise.with_user(self.manager).action_refuse("Too long")
        self.assertEqual((promise.state, self.holds(promise)), ("cancelled", []))
        self.assertIn("Too long", promise.status_text)
        message = self.told(promise)
        self.assertIn("Too long", message.body)
        self.assertIn("Ask the customer for another day", message.body)
        self.assertNotIn("submit", message.body)
        self.assertFalse(self.approvals(promise))

    def test_withdrawn(self):
        for end in ("action_withdraw", "action_cancel"):
            with self.subTest(end=end):
                promise = self.waiting()
                getattr(promise, end)()
                self.assertEqual(
                    (promise.state, self.holds(promise)), ("cancelled", [])
                )
                self.assertFalse(self.approvals(promise))
                self.assertNotIn("draft", promise.message_ids[0].body)

    def test_nobody_approves_their_own(self):
        promise = self.waiting()
        with self.assertRaises(AccessError):
            promise.action_approve()
        own = self.waiting(user=self.manager)
        with self.assertRaisesRegex(AccessError, "You submitted this yourself"):
            own.action_approve()
        promise = self.waiting()
        with self.assertRaisesRegex(UserError, "Say why"):
            promise.with_user(self.manager).action_refuse("")

    def test_its_day_has_gone(self):
        promise = self.waiting(day=20)
        self.travel(24)
        with self.assertRaisesRegex(UserError, "Refuse it, and ask"):
            promise.with_user(self.manager).action_approve()
        promise.with_user(self.manager).action_refuse("Too late")
        self.assertEqual(promise.state, "cancelled")

    def test_disputed_while_it_waits(self):
        promise = self.waiting()
        self.engine["ar.followup.hold"].create(
            {
                "case_id": promise.case_id.id,
                "item_id": self.item(self.bill).id,
                "kind": "disputed",
            }
        )
        with self.assertRaisesRegex(UserError, "is disputed"):
            promise.with_user(self.manager).action_approve()

    def test_passed_on_when_nobody_decides(self):
        promise = self.waiting(day=60)
        second = self.manager.copy({"login": "ar_second", "name": "Sam Second"})
        self.policy.manager_id = self.manager
        self.company.sudo().ar_approver_absent_days = 2
        self.travel(10)
        self.env["ar.payment.promise"].sudo()._work_day(self.company, self.day(10))
        self.assertLessEqual(self.manager | second, self.approvals(promise).user_id)

    def test_what_is_approved_is_what_was_submitted(self):
        promise = self.waiting()
        with self.assertRaisesRegex(UserError, "changed since"):
            promise.with_user(self.manager).action_approve("another")
        promise.with_user(self.manager).action_approve(promise.approval_fingerprint)
        self.assertEqual(promise.state, "open")

"""Where promises are recorded and shown, and what merged customers keep of them."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_promises import PromiseCommon

PROMISE = "ar.payment.promise"


@tagged("post_install", "-at_install")
class TestPromisePages(PromiseCommon):
    def recorded(self, record, fill):
        """What a collector records in the window that opens from ``record``."""
        action = record.with_user(self.collector).action_record_promise()
        self.assertEqual((action["res_model"], action["target"]), (PROMISE, "new"))
        Promise = self.env[PROMISE].with_user(self.collector)
        Promise = Promise.with_context(**action["context"])
        with Form(Promise, "ar_followup_plus.ar_payment_promise_view_new") as form:
            fill(form)
        return form.record

    # recording one -----------------------------------------------------------------

    def test_from_the_case_a_day_is_enough(self):
        other = self.invoice(self.ann, 500, due=2)

        def fill(form):
            self.assertEqual(form.amount, 1500)
            form.date_promised = self.day(10)

        promise = self.recorded(self.case(self.ann), fill)
        self.assertEqual((promise.state, promise.amount), ("open", 1500))
        self.assertEqual(promise._moves(), self.bill | other)

    def test_from_an_invoice(self):
        self.invoice(self.ann, 500, due=2)

        def fill(form):
            form.date_promised = self.day(10)
            form.amount = 400
            form.method = "transfer"

        promise = self.recorded(self.bill, fill)
        self.assertEqual((promise.amount, promise._moves()), (400, self.bill))

    def test_nothing_to_promise(self):
        self.pay(self.bill)
        with self.assertRaisesRegex(UserError, "owes nothing that could be promised"):
            self.case(self.ann).with_user(self.collector).action_record_promise()
        with self.assertRaisesRegex(UserError, "Nothing is open of"):
            self.bill.with_user(self.collector).action_record_promise()

    def test_another_in_its_place(self):
        old = self.promise(self.bill)
        action = old.action_record_new()
        self.assertEqual(action["context"]["default_case_id"], old.case_id.id)

    def test_only_by_collectors(self):
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "ar_clerk",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.bill.with_user(clerk).action_record_promise()

    # where they are shown ----------------------------------------------------------

    def test_smart_buttons(self):
        old = self.promise(self.bill)
        customer = self.ann.with_company(self.company)
        for record, count, button in (
            (self.case(self.ann), "promise_count", "action_open_promises"),
            (self.bill, "ar_promise_count", "action_open_ar_promises"),
            (customer, "ar_promise_count", "action_open_ar_promises"),
        ):
            mine = record.with_user(self.collector)
            self.assertEqual(mine[count], 1)
            self.assertEqual(getattr(mine, button)()["res_id"], old.id)
        new = self.promise(self.bill, day=12)
        self.env.invalidate_all()
        mine = self.bill.with_user(self.collector)
        self.assertEqual(mine.ar_promise_count, 2)
        found = self.env[PROMISE].search(mine.action_open_ar_promises()["domain"])
        self.assertEqual(found, old | new)

    def test_the_invoice_says_until_when_it_is_left_alone(self):
        self.promise(self.bill)
        self.assertIn("Promised", self.bill.ar_hold_reason)
        self.assertIn("Jan 18, 2026", self.bill.ar_hold_reason)

    def test_the_case_says_what_is_promised(self):
        promise = self.promise(self.bill)
        case = self.case(self.ann).with_user(self.collector)
        (row,) = case.promises_now
        self.assertEqual((row["day"], row["id"]), ("Jan 15, 2026", promise.id))
        self.assertIn("1,000.00", row["title"])
        self.assertFalse(case.promise_record_text)
        waiting = self.waiting()
        self.env.invalidate_all()
        (row,) = case.promises_now
        self.assertEqual(row["id"], waiting.id)
        self.assertIn("waits for approval", row["title"])
        self.assertEqual(case.promise_record_text, "1 replaced")
        waiting.action_cancel()
        self.env.invalidate_all()
        self.assertFalse(case.promises_now)

    def test_the_record_of_a_customer(self):
        """Kept, in part, broken: counted and told on the case and the customer."""
        self.policy.promise_max_broken = 9
        for number, paid in enumerate((100, 100, 100, 40, 0)):
            bill = self.invoice(self.ann, 100, due=20 + number)
            self.promise(bill)
            if paid:
                self.paid(bill, paid)
        self.work_day(14)
        case = self.case(self.ann)
        self.assertEqual(
            (
                case.promise_kept_count,
                case.promise_partial_count,
                case.promise_broken_count,
                case.promise_rate,
            ),
            (3, 1, 1, 60),
        )
        said = "3 kept, 1 kept in part, 1 broken"
        self.assertEqual(case.promise_record_text, said)
        mine = self.ann.with_user(self.collector).with_company(self.company)
        self.assertEqual(mine.ar_promise_text, said)

    def test_the_history(self):
        promise = self.promise(self.bill, note="After the fair")
        self.work_day(14)
        case = self.case(self.ann).with_user(self.collector)
        told = {row["title"]: row for row in case.history}
        self.assertIn("After the fair", told["Promised to pay"]["text"])
        self.assertEqual(told["Promised to pay"]["user"], self.collector.name)
        self.assertEqual(told["Promise broken"]["id"], promise.id)
        self.assertFalse([title for title in told if title.startswith("Promised (")])

    def test_lists_read_many_as_fast_as_few(self):
        case = self.case(self.ann).with_user(self.collector)
        for number in range(8):
            self.promise(self.invoice(self.ann, 10 + number), day=6)

        def queries(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            promises = self.env[PROMISE].with_user(self.collector)
            promises = promises.search([("case_id", "=", case.id)], limit=count)
            promises.mapped("display_name")
            promises.mapped("status_text")
            promises.mapped("color")
            self.assertEqual(len(promises), count)
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertEqual(queries(2), queries(8))

    # merged customers --------------------------------------------------------------

    def test_merged_customers_keep_their_promises(self):
        """Neither lost nor doubled, and each still judged."""
        bob = self.customer("Bob")
        theirs = self.invoice(bob, 200, due=1)
        mine, other = self.promise(self.bill), self.promise(theirs)
        wizard = self.engine["base.partner.merge.automatic.wizard"]
        wizard._merge([bob.id, self.ann.id], self.ann.with_env(self.engine))
        self.env.invalidate_all()
        case = self.case(self.ann)
        both = mine | other
        self.assertEqual(case.promise_ids.sorted("id").ids, both.ids)
        self.assertEqual(both.partner_id.ids, self.ann.ids)
        self.assertEqual(both.mapped("state"), ["open", "open"])
        self.assertEqual(
            [hold for promise in both for hold in self.holds(promise)],
            [("promised", self.day(13), False)] * 2,
        )
        self.work_day(6)
        self.assertEqual(case.reason, "promised")
        self.paid(theirs)
        self.work_day(14)
        self.assertEqual(both.mapped("state"), ["broken", "kept"])

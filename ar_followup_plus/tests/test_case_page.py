"""The page of a customer: what is owed, what happened, what is next, and pausing."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.case.ar_followup_case_history import HISTORY_LENGTH
from ..models.case.reasons import HOLD_KINDS, MANUAL_HOLD_KINDS, REASONS
from ..models.case.sentences import SENTENCES
from .common import START
from .common_events import EventsCommon
from .rpc import RpcCommon


class CaseCommon(EventsCommon):
    """One customer with two invoices, as the collector sees them."""

    def setUp(self):
        super().setUp()
        self.ann = self.customer("Ann", phone="+1 555 0142")
        self.bill = self.invoice(self.ann, 100, due=0)
        self.other = self.invoice(self.ann, 50, due=1)
        self.work_day(0)
        self.work_day(4)
        self.as_collector = self.env(
            user=self.collector,
            context={"allowed_company_ids": self.company.ids, "lang": "en_US"},
        )
        self.page = self.as_collector["ar.followup.case"].browse(self.case(self.ann).id)

    def told(self):
        """The history as the collector reads it: list of (day, title, text)."""
        self.page.invalidate_recordset()
        return [(row["day"], row["title"], row["text"]) for row in self.page.history]


@tagged("post_install", "-at_install")
class TestSentences(CaseCommon):
    """What is next and why, in words that say what to do."""

    def sentence(self, state, reason, lang="en_US", **vals):
        case = self.case(self.ann)
        case.write({"next_level_id": False, "next_date": False, **vals})
        case.write({"state": state, "reason": reason})
        return case.with_context(lang=lang).decision_text

    def test_each_thing_to_do_says_what_to_do(self):
        own = {code for code in SENTENCES["todo"] if code}
        self.assertLessEqual({r.code for r in REASONS if r.state == "todo"}, own)
        self.assertEqual(
            self.sentence("todo", "no_address"),
            "No email address that works: add one to the customer or to a contact.",
        )
        self.assertEqual(
            self.sentence("todo", "review"),
            "A reminder waits for you: read it, then send or drop it.",
        )
        self.assertIn("begin anew", self.sentence("todo", "ladder_done"))
        self.assertIn("mark it sent", self.sentence("todo", "unknown"))
        self.assertIn("correct the email", self.sentence("todo", "bounced"))
        self.assertIn("send it again", self.sentence("todo", "send_failed"))

    def test_a_call_names_its_step(self):
        self.assertEqual(
            self.sentence("todo", "call_open", call_level_id=self.firm.id),
            f"Call the customer ({self.firm.name}), then mark the call done.",
        )
        self.assertEqual(
            self.sentence("todo", "call_open", call_level_id=False),
            "Call the customer, then mark the call done.",
        )

    def test_the_month_is_in_letters_in_the_readers_language(self):
        day = {"next_date": START, "next_level_id": self.second.id}
        self.assertEqual(
            self.sentence("waiting", "awaiting_answer", **day),
            f"An answer is awaited. Then: {self.second.name} on Jan 5, 2026.",
        )
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertIn(
            "5 janv. 2026",
            self.sentence("waiting", "awaiting_answer", lang="fr_FR", **day),
        )

    def test_what_ends_a_hold(self):
        self.assertEqual(
            self.sentence("held", "paused", next_date=START),
            "Paused: nothing is sent before Jan 5, 2026.",
        )
        for kind in HOLD_KINDS:
            with self.subTest(kind=kind):
                self.assertRegex(
                    self.sentence("held", kind),
                    "until the hold is lifted|for as long as it is kept|meanwhile",
                )

    def test_every_reason_has_a_sentence_in_every_lane(self):
        day = {"next_date": START, "next_level_id": self.second.id}
        labels = dict(self.page._fields["reason"].selection)
        for state in ("todo", "waiting", "held", "closed"):
            for reason in REASONS:
                for vals in ({}, day):
                    text = self.sentence(state, reason.code, **vals)
                    self.assertTrue(text.endswith("."), text)
                    self.assertNotIn("%", text)
                    self.assertNotIn("False", text)
                    if reason.code not in SENTENCES[state] and state != "closed":
                        self.assertIn(labels[reason.code], text)

    def test_day_by_day(self):
        self.assertEqual(self.page.state, "waiting")
        self.assertRegex(self.page.decision_text, r"^It is too soon\. Next: .* on Jan ")
        self.pay(self.bill | self.other)
        self.work_day(5)
        self.assertEqual(self.page.decision_text, "Everything is settled.")


@tagged("post_install", "-at_install")
class TestOwed(CaseCommon):
    def test_settled_invoices_leave_the_page(self):
        self.assertEqual(self.page.open_item_ids.move_id, self.bill | self.other)
        self.pay(self.bill)
        self.env.invalidate_all()
        self.assertEqual(self.page.open_item_ids.move_id, self.other)
        action = self.page.action_open_invoices()
        found = self.as_collector["account.move"].search(action["domain"])
        self.assertEqual(found, self.bill | self.other)

    def test_every_held_part_counts_however_they_are_read(self):
        """A customer's holds are all in force, whichever invoice is read first."""
        self.as_collector["ar.followup.hold"].create(
            [
                {
                    "case_id": self.page.id,
                    "item_id": item.id,
                    "is_partial": True,
                    "amount": 10,
                }
                for item in self.page.open_item_ids
            ]
        )
        self.env.invalidate_all()
        self.assertEqual(self.page.open_item_ids.mapped("amount_held"), [10, 10])
        self.assertEqual(self.page.open_item_ids.mapped("hold_reason"), ["Paused"] * 2)
        self.assertEqual(self.page.hold_count, 2)

    def test_whom_reminders_go_to(self):
        self.assertEqual(self.page.addressee_id, self.ann)
        self.assertEqual(self.page.addressee_phone, "+1 555 0142")
        books = self.env["res.partner"].create(
            {
                "name": "Bookkeeping",
                "type": "followup",
                "parent_id": self.ann.id,
                "email": "books@customer.example",
            }
        )
        self.page.invalidate_recordset()
        self.assertEqual(self.page.addressee_id, books)
        self.assertEqual(self.page.addressee_email, "books@customer.example")
        self.assertEqual(self.page.addressee_phone, "+1 555 0142")
        (self.ann | books).email = False
        self.page.invalidate_recordset()
        self.assertFalse(self.page.addressee_id)
        self.assertFalse(self.page.addressee_email)
        self.assertEqual(self.page.addressee_phone, "+1 555 0142")

    def test_counts_are_the_customers_own(self):
        other = self.customer("Other")
        self.invoice(other, 10, due=0)
        self.work_day(5)
        cases = self.page | self.page.browse(self.case(other).id)
        self.assertEqual(cases.mapped("reminder_count"), [1, 1])
        self.as_collector["ar.contact.log"].create({"case_id": self.page.id})
        cases.invalidate_recordset()
        self.assertEqual(cases.mapped("contact_count"), [2, 1])


@tagged("post_install", "-at_install")
class TestHistory(CaseCommon):
    def hold(self, **vals):
        """A hold set now: the database's clock does not stand still by itself."""
        with patch.object(self.env.cr, "now", datetime.now):
            return self.as_collector["ar.followup.hold"].create(
                {"case_id": self.page.id, **vals}
            )

    def test_newest_first(self):
        friendly = f"{self.first.name}: sent"
        began = ("Jan 9, 2026", "Follow-up began", "")
        reminded = (
            "Jan 9, 2026",
            friendly,
            "$\xa0150.00, to ann@customer.example.",
        )
        self.assertEqual(self.told(), [reminded, began])
        self.travel(5)
        self.as_collector["ar.contact.log"].create(
            {"case_id": self.page.id, "summary": "They look for it.", "direction": "in"}
        )
        called = ("Jan 10, 2026", "Phone: Reached", "They look for it.")
        self.assertEqual(self.told(), [called, reminded, began])
        self.travel(6)
        hold = self.hold(
            item_id=self.page.open_item_ids[0].id,
            is_partial=True,
            amount=30,
            date_to=START + timedelta(days=20),
            note="One lamp is broken.",
        )
        part = f"$\xa030.00 of {self.bill.name}. One lamp is broken."
        self.travel(8)
        hold.action_lift("It was repaired.")
        self.assertEqual(
            self.told(),
            [
                ("Jan 13, 2026", "Paused: lifted", "It was repaired."),
                ("Jan 11, 2026", "Paused (until Jan 25, 2026)", part),
                called,
                reminded,
                began,
            ],
        )

    def test_each_line_opens_what_it_tells_of(self):
        reminder, began = self.page.history
        self.assertEqual(reminder["model"], "ar.followup.reminder")
        self.assertEqual(reminder["id"], self.page.reminder_ids.id)
        self.assertEqual(reminder["user"], self.collector.name)
        self.assertFalse(began["model"])

    def test_every_state_of_a_reminder_is_told(self):
        reminder = self.reminders(self.ann)
        for state, _label in reminder._fields["state"].selection:
            reminder.state = state
            title = self.told()[0][1]
            self.assertTrue(title.startswith(f"{self.first.name}: "), title)
        reminder.write({"state": "bounced", "failure_reason": "No such mailbox."})
        self.assertIn("No such mailbox.", self.told()[0][2])

    def test_a_settled_customer_and_the_length(self):
        self.pay(self.bill | self.other)
        self.work_day(5)
        self.assertEqual(self.told()[0][:2], ("Jan 10, 2026", "Everything was settled"))
        self.as_collector["ar.contact.log"].create(
            [{"case_id": self.page.id} for _n in range(HISTORY_LENGTH + 3)]
        )
        self.assertEqual(len(self.told()), HISTORY_LENGTH)

    def test_days_are_those_of_the_companys_clock(self):
        """What happened at eleven in the evening in New York belongs to that day."""
        self.company.partner_id.tz = "America/New_York"
        self.travel(6, hour=3)
        self.as_collector["ar.contact.log"].create({"case_id": self.page.id})
        self.hold()
        self.assertEqual({day for day, *_rest in self.told()[:2]}, {"Jan 10, 2026"})

    def test_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        history = self.page.with_context(lang="fr_FR").history
        self.assertEqual(history[0]["day"], "9 janv. 2026")
        self.assertIn("150,00", history[0]["text"])


@tagged("post_install", "-at_install")
class TestPause(CaseCommon):
    """One dialog: what, why, until when."""

    def pause(self, cases=None, **vals):
        action = (self.page if cases is None else cases).action_pause()
        Wizard = self.as_collector[action["res_model"]].with_context(
            **action["context"]
        )
        form = Form(Wizard)
        for name, value in {"note": "They asked for time.", **vals}.items():
            setattr(form, name, value)
        wizard = form.save()
        wizard.action_pause()
        self.env.invalidate_all()
        return wizard.case_ids.hold_ids

    def test_a_customer_is_paused_for_two_weeks_unless_said_otherwise(self):
        hold = self.pause()
        self.assertEqual((self.page.state, self.page.reason), ("held", "paused"))
        self.assertEqual(hold.date_to, START + timedelta(days=4 + 14))
        self.assertEqual((hold.user_id, hold.item_id.ids), (self.collector, []))
        self.assertEqual(hold.note, "They asked for time.")

    def test_one_invoice_or_a_part_of_it(self):
        first, second = self.page.open_item_ids
        hold = self.pause(scope="invoice", item_id=first)
        self.assertEqual((hold.item_id, hold.is_partial), (first, False))
        self.assertEqual(self.page.state, "waiting")
        hold = self.pause(scope="part", item_id=second, amount=20) - hold
        self.assertEqual((hold.item_id, hold.amount), (second, 20))
        self.assertEqual((first | second).mapped("amount_held"), [100, 20])

    def test_a_choice_that_was_taken_back_counts_no_more(self):
        """Chosen an invoice, then the whole customer: it is the customer."""
        item = self.page.open_item_ids[0]
        action = self.page.action_pause()
        wizard = self.as_collector["ar.followup.pause"].create(
            {
                "case_ids": action["context"]["default_case_ids"],
                "item_id": item.id,
                "amount": 5,
            }
        )
        wizard.action_pause()
        self.assertFalse(self.page.hold_ids.item_id)
        self.assertFalse(self.page.hold_ids.is_partial)

    def test_a_court_names_no_day(self):
        hold = self.pause(kind="moratorium")
        self.assertFalse(hold.date_to)
        self.assertEqual(self.page.reason, "moratorium")

    def test_several_customers_at_once(self):
        bob = self.customer("Bob")
        self.invoice(bob, 10, due=0)
        self.work_day(5)
        cases = self.page | self.page.browse(self.case(bob).id)
        self.assertEqual(len(self.pause(cases)), 2)
        self.assertEqual(cases.mapped("reason"), ["paused", "paused"])

    def test_only_the_kinds_people_set(self):
        kinds = [
            kind for kind, _ in self.env["ar.followup.pause"]._fields["kind"].selection
        ]
        self.assertEqual(tuple(kinds), MANUAL_HOLD_KINDS)

    def test_what_is_paused_must_be_clear(self):
        Wizard = self.as_collector["ar.followup.pause"]
        with self.assertRaisesRegex(UserError, "Choose the invoice"):
            Wizard.create(
                {"case_ids": self.page.ids, "scope": "invoice"}
            ).action_pause()
        self.assertFalse(self.page.hold_ids)
        stranger = self.customer("Stranger")
        self.invoice(stranger, 10, due=0)
        self.work_day(5)
        vals = {"scope": "invoice", "item_id": self.case(stranger).item_ids.id}
        with self.assertRaisesRegex(ValidationError, "of the customer"):
            Wizard.create({"case_ids": self.page.ids, **vals}).action_pause()

    def test_an_auditor_pauses_nobody(self):
        self.manager.group_ids = self.env.ref("account.group_account_readonly")
        Wizard = self.env["ar.followup.pause"].with_user(self.manager)
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                Wizard.create({"case_ids": self.page.ids})

    def test_who_may_lift_sees_the_button(self):
        own = self.pause()
        legal = self.pause(kind="legal") - own
        self.assertEqual((own | legal).mapped("is_liftable"), [True, False])
        for_manager = (own | legal).with_user(self.manager)
        self.assertEqual(for_manager.mapped("is_liftable"), [True, True])
        own.action_lift()
        self.assertFalse(own.is_liftable)
        self.travel(60)
        ended = self.env["ar.followup.hold"].create(
            {"case_id": self.page.id, "date_from": START, "date_to": START}
        )
        self.assertFalse(ended.with_user(self.manager).is_liftable)

    def test_lifted_holds_come_last(self):
        first, second = self.pause(), self.pause(kind="legal")
        first.action_lift()
        self.env.invalidate_all()
        self.assertEqual(self.page.hold_ids.mapped("kind"), ["legal", "paused"])
        self.assertTrue(second)


@tagged("post_install", "-at_install")
class TestWindows(RpcCommon):
    """The windows that a case opens give nobody rights they do not have."""

    def test_a_stranger_opens_none(self):
        case = self.rows["ar.followup.case"]
        self.act_as("sales")
        for create in (
            ("ar.followup.pause", "create", [{"case_ids": case.ids}]),
            ("ar.followup.case", "action_open_invoices", case.ids),
            ("ar.followup.case", "web_read", case.ids, {"history": {}}),
        ):
            self.assertRefused(".", *create)

    def test_a_call_is_logged_from_the_page(self):
        case = self.rows["ar.followup.case"]
        self.act_as("collector")
        window = self.rpc("ar.followup.case", "action_log_call", case.ids)
        vals = {"summary": "the boss is away", "outcome": "refuses"}
        ids = self.rpc("ar.call", "create", [vals], context=window["context"])
        self.rpc("ar.call", "action_save", ids)
        log = self.env["ar.call"].sudo().browse(ids).log_id
        self.assertEqual((log.case_id, log.outcome), (case, "refuses"))

"""The contact log: kept for good, put right by another entry, counted once."""

from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import START
from .common_calls import CallCommon
from .rpc import RpcCommon


@tagged("post_install", "-at_install")
class TestKept(RpcCommon):
    """Nobody edits or deletes an entry, whichever way they try."""

    def test_people(self):
        log = self.rows["ar.contact.log"]
        for role in ("collector", "approver", "admin"):
            self.act_as(role)
            with self.subTest(role=role):
                for method, args in (
                    ("write", [{"summary": "x"}]),
                    ("write", [{"next_step": "x"}]),
                    ("unlink", []),
                    ("web_save", [{"summary": "x"}, {}]),
                ):
                    self.assertRefused(
                        "choose “Correct”", log._name, method, log.ids, *args
                    )
                self.assertRefused(
                    "choose “Correct”",
                    "ar.followup.case",
                    "write",
                    log.case_id.ids,
                    {"contact_log_ids": [[1, log.id, {"summary": "x"}]]},
                )
                self.assertRefused(
                    "choose “Correct”",
                    "ar.followup.case",
                    "write",
                    log.case_id.ids,
                    {"contact_log_ids": [[2, log.id, 0]]},
                )
        self.assertTrue(log.exists())
        self.assertFalse(log.summary)

    def test_import(self):
        log = self.rows["ar.contact.log"]
        self.act_as("admin")
        result = self.rpc(
            log._name, "load", [".id", "summary"], [[str(log.id), "forged"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Correct", result["messages"][0]["message"])
        self.assertFalse(log.summary)

    def test_the_system_deletes_none_either(self):
        with self.assertRaisesRegex(UserError, "are kept"):
            self.rows["ar.contact.log"].sudo().unlink()

    def test_deleting_the_customer(self):
        joe = self.customer("Joe", parent_id=self.ann.id)
        log = self.rows["ar.contact.log"]
        self.env["ar.contact.log"].create(
            {"case_id": log.case_id.id, "contact_person_id": joe.id}
        )
        self.act_as("admin")
        for person in (joe, self.ann):
            self.assertRefused(
                f"about {person.name}.* Archive the contact",
                "res.partner",
                "unlink",
                person.ids,
                kind="UserError",
            )
        self.assertTrue(self.ann.exists())

    def test_the_database_keeps_it(self):
        """Also from code that asks nobody."""
        for query in (
            "DELETE FROM res_partner WHERE id = %s",
            "DELETE FROM ar_followup_case WHERE partner_id = %s",
        ):
            with (
                self.assertRaises(psycopg2.errors.ForeignKeyViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, (self.ann.id,))


@tagged("post_install", "-at_install")
class TestCorrections(CallCommon):
    def correct(self, entry, **vals):
        """Put an entry right through the dialog."""
        form = self.window(entry.with_user(self.collector).action_correct())
        for name, value in vals.items():
            setattr(form, name, value)
        call = form.save()
        call.action_save()
        self.env.invalidate_all()
        return call.log_id

    def test_it_begins_with_the_wrong_entry(self):
        joe = self.customer("Joe", parent_id=self.ann.id)
        entry, _action = self.log_call(
            "reached", summary="said this", channel="meeting", contact_person_id=joe
        )
        form = self.window(entry.with_user(self.collector).action_correct())
        self.assertEqual(
            (form.outcome, form.summary, form.channel, form.contact_person_id),
            ("reached", "said this", "meeting", joe),
        )
        self.assertEqual(form.date, entry.date)

    def test_both_are_shown(self):
        wrong, _action = self.log_call("reached", summary="said this")
        right = self.correct(wrong, summary="said that")
        self.assertEqual(right.correction_of_id, wrong)
        self.assertEqual((wrong.summary, right.summary), ("said this", "said that"))
        self.assertEqual((wrong.is_corrected, right.is_corrected), (True, False))
        self.assertIn("Corrected by Carla Collector", wrong.correction_text)
        self.assertIn("Corrects the entry", right.correction_text)
        texts = [row["text"] for row in self.case(self.ann).history]
        self.assertTrue(any("Corrected by" in text for text in texts))
        self.assertTrue(any("said that" in text for text in texts))
        Log = self.env["ar.contact.log"]
        of_ann = [("case_id", "=", self.case(self.ann).id)]
        found = Log.search([*of_ann, ("is_corrected", "=", True)])
        self.assertEqual(found, wrong.with_env(self.env))
        self.assertEqual(
            Log.search([*of_ann, ("is_corrected", "=", False)]),
            right.with_env(self.env),
        )

    def test_it_is_no_second_call(self):
        wrong, _action = self.log_call("no_answer")
        self.travel(4)
        self.correct(wrong, summary="It rang for a minute.")
        self.assertEqual(self.called_days(), [START + timedelta(2)])

    def test_it_was_no_call_at_all(self):
        wrong, _action = self.log_call("reached")
        self.correct(wrong, channel="email")
        self.assertFalse(self.called_days())

    def test_it_was_no_conversation(self):
        """What was not said keeps no gap."""
        wrong, _action = self.log_call("reached")
        self.assertTrue(self.case(self.ann).last_demand_date)
        self.correct(wrong, outcome="no_answer")
        self.assertFalse(self.case(self.ann).last_demand_date)
        self.work_day(3)
        self.assertTrue(self.reminders(self.ann))

    def test_an_earlier_conversation_still_counts(self):
        self.log_call("reached")
        self.travel(4)
        wrong, _action = self.log_call("reached")
        self.correct(wrong, outcome="no_answer")
        self.assertEqual(self.case(self.ann).last_demand_date, START + timedelta(2))

    def test_the_next_step_moves(self):
        today = fields.Date.today()
        wrong, _action = self.log_call(
            "reached", next_step="Call again", next_step_date=today + timedelta(3)
        )
        self.correct(wrong, next_step_date=today + timedelta(9))
        todo = self.case(self.ann).activity_ids
        self.assertEqual(todo.date_deadline, today + timedelta(9))

    def test_a_next_step_without_its_kind_of_activity(self):
        """Somebody deleted it: the log still says what is next."""
        self.env.ref("ar_followup_plus.mail_activity_type_next_step").unlink()
        day = fields.Date.today() + timedelta(3)
        entry, _action = self.log_call(
            "reached", next_step="Call again", next_step_date=day
        )
        right = self.correct(entry, next_step="Write to them")
        self.assertEqual(right.next_step, "Write to them")
        self.assertFalse(self.case(self.ann).activity_ids)

    def test_the_next_step_stays(self):
        """What is still to be done is not dropped with the words that were wrong."""
        day = fields.Date.today() + timedelta(3)
        wrong, _action = self.log_call(
            "reached", next_step="Call again", next_step_date=day
        )
        right = self.correct(wrong, summary="They were friendly.")
        todo = self.case(self.ann).activity_ids
        self.assertEqual((todo.summary, todo.date_deadline), ("Call again", day))
        todo.with_user(self.collector).action_feedback()
        self.correct(right, summary="They were very friendly.")
        self.assertFalse(self.case(self.ann).activity_ids, "it was done")

    def test_a_promise_that_was_forgotten(self):
        wrong, _action = self.log_call("reached")
        day = fields.Date.today() + timedelta(5)
        right = self.correct(wrong, outcome="promise", promise_date=day)
        self.assertEqual(right.promise_ids.date_promised, day)

    def test_a_promise_is_not_recorded_twice(self):
        day = fields.Date.today() + timedelta(5)
        wrong, _action = self.log_call("promise", promise_date=day)
        right = self.correct(wrong, summary="They said so twice.")
        self.assertFalse(right.promise_ids)
        self.assertEqual(len(wrong.promise_ids), 1)

    def test_what_cannot_be_corrected(self):
        wrong, _action = self.log_call("reached")
        right = self.correct(wrong, summary="said that")
        with self.assertRaisesRegex(UserError, "corrected already"):
            wrong.with_user(self.collector).action_correct()
        Log = self.env["ar.contact.log"].with_user(self.collector)
        vals = {"case_id": wrong.case_id.id, "correction_of_id": wrong.id}
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            Log.create(vals)
        sent = self.engine["ar.contact.log"].create(
            {"case_id": wrong.case_id.id, "outcome": "sent", "automated": True}
        )
        with self.assertRaisesRegex(UserError, "on record as it was"):
            sent.with_user(self.collector).action_correct()
        with self.assertRaisesRegex(ValidationError, "not corrected"):
            Log.create({**vals, "correction_of_id": sent.id})
        ben = self.customer("Ben")
        self.log_call("reached", record=ben)
        with self.assertRaisesRegex(ValidationError, "same customer"):
            Log.create({"case_id": self.case(ben).id, "correction_of_id": right.id})


@tagged("post_install", "-at_install")
class TestMany(CallCommon):
    def test_next_steps_are_planned_together(self):
        """Many entries at once cost no query each."""
        partners = [self.customer(f"Customer {n}") for n in range(12)]
        self.invoices([(partner, 10.0, 0) for partner in partners])
        self.work_day(3)
        cases = [self.case(partner) for partner in partners]
        day = fields.Date.today() + timedelta(2)

        def log(cases):
            Log = self.env["ar.contact.log"].with_user(self.collector)
            Log.with_context(ar_reassess_later=True).create(
                [
                    {
                        "case_id": case.id,
                        "outcome": "no_answer",
                        "next_step": "Call again",
                        "next_step_date": day,
                    }
                    for case in cases
                ]
            )
            self.env.flush_all()

        log(cases[:2])
        counts = []
        for many in (cases[2:4], cases[4:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            log(many)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6, "eight instead of two")
        for case in cases:
            self.assertEqual(case.activity_ids.summary, "Call again")

    def test_merged_customers(self):
        """The log is neither lost nor doubled, nor what was corrected in it."""
        ben = self.customer("Ben")
        self.invoice(ben, 50.0, 0)
        wrong, _action = self.log_call("reached", record=ben, summary="bens")
        self.env["ar.contact.log"].with_user(self.collector).create(
            {"case_id": self.case(ben).id, "correction_of_id": wrong.id}
        )
        self.case(ben).is_hardship = True
        self.log_call("refuses", summary="anns")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.ann | ben).ids, self.ann)
        self.env.invalidate_all()
        self.assertEqual(len(self.entries()), 3)
        self.assertEqual(self.entries().mapped("partner_id"), self.ann)
        self.assertEqual(wrong.correction_ids.case_id, self.case(self.ann))
        self.assertTrue(self.case(self.ann).is_hardship)

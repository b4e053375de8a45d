"""Who does not want emails or calls gets none, and a person sees it."""

from odoo.tests import new_test_user, tagged

from .common_delivery import DeliveryCommon

LETTERS = {"ar_no_email": True, "ar_no_contact_reason": "Asked for letters only."}


class NoContactCommon(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # without it, Odoo lets nobody edit contacts
        cls.collector.group_ids += cls.env.ref("base.group_partner_manager")


@tagged("post_install", "-at_install")
class TestNoEmail(NoContactCommon):
    def contact(self, **vals):
        return self.env["res.partner"].create(
            {
                "name": "Amy",
                "parent_id": self.ann.id,
                "type": "followup",
                "email": "amy@customer.example",
                **vals,
            }
        )

    def as_collector(self, partner, **vals):
        partner.with_user(self.collector).write(vals)

    def test_the_next_contact_is_written_to(self):
        amy = self.contact()
        self.assertEqual(self.ann._ar_addressees(), {self.ann: amy})
        self.as_collector(amy, **LETTERS)
        self.assertEqual(self.ann._ar_addressees(), {self.ann: self.ann})
        self.assertIn("ann@", self.ann.ar_addressee)
        self.work_day(3)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertFalse(self.received(amy))

    def test_a_person_may_be_written_to_when_the_office_may_not(self):
        amy = self.contact(type="invoice")
        self.as_collector(self.ann, **LETTERS)
        self.work_day(3)
        self.assertEqual(len(self.received(amy)), 1)
        self.assertFalse(self.received(self.ann))

    def test_nobody_may_be_written_to(self):
        """It is not for want of an address: a person is told what they can do."""
        self.contact(**LETTERS)
        self.as_collector(self.ann, **LETTERS)
        self.assertFalse(self.ann.ar_addressee)
        self.work_day(3)
        case = self.case(self.ann)
        self.assertRecordValues(
            case,
            [{"reason": "do_not_contact", "state": "todo", "action": "review"}],
        )
        self.assertIn("call the customer, or write a letter", case.decision_text)
        self.assertEqual(
            case.do_not_contact_text,
            "Ann: No Emails – Asked for letters only.\n"
            "Amy: No Emails – Asked for letters only.",
        )
        self.assertFalse(self.case(self.ben).do_not_contact_text)
        self.assertFalse(self.received(self.ann))
        self.assertEqual(len(self.received(self.ben)), 1)

    def test_without_any_address_it_is_for_want_of_one(self):
        self.as_collector(self.ann, email=False, **LETTERS)
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "no_address")

    def test_a_wish_survives_a_merge_by_somebody_else(self):
        """Also of who sees nothing of follow-up, or may only look at it."""
        for who in ("base.group_user", "account.group_account_readonly"):
            with self.subTest(who=who):
                user = new_test_user(
                    self.env,
                    login=f"ar_merges_{who}",
                    groups=f"{who},base.group_partner_manager",
                )
                old, new = (
                    self.customer(name, email="x@y.example") for name in ("Old", "New")
                )
                old.write(LETTERS)
                Wizard = self.env["base.partner.merge.automatic.wizard"]
                Wizard.with_user(user)._merge((old + new).ids, new.with_user(user))
                self.env.invalidate_all()
                self.assertTrue(new.ar_no_email)
                self.assertFalse(new.ar_no_call)
                self.assertEqual(new.ar_no_contact_reason, "Asked for letters only.")

    def test_what_was_prepared_is_cancelled(self):
        """The tick decides anew, and says why."""
        self.company.ar_followup_mode = "review"
        self.work_day(3)
        reminder = self.reminders(self.ann, "to_review")
        self.as_collector(self.ann, **LETTERS)
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("Not to be contacted", reminder.failure_reason)
        self.assertEqual(self.case(self.ann).reason, "do_not_contact")
        self.as_collector(self.ann, ar_no_email=False)
        self.work_day()
        self.assertEqual(self.case(self.ann).reason, "review")

    def test_the_gate_looks_again(self):
        waiting = self.prepare(3)
        self.as_collector(self.ann, **LETTERS)
        waiting._deliver()
        reminder = self.reminders(self.ann)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("Not to be contacted", reminder.failure_reason)
        self.assertFalse(self.received(self.ann))
        self.assertEqual(len(self.received(self.ben)), 1)

    def test_when_another_contact_remains_it_is_prepared_for_them(self):
        amy = self.contact()
        waiting = self.prepare(3)
        self.as_collector(amy, **LETTERS)
        waiting._deliver()
        (reminder,) = self.reminders(self.ann)
        self.assertEqual(reminder.failure_reason, "Somebody else is written to by now.")
        self.work_day(4)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertFalse(self.received(amy))


@tagged("post_install", "-at_install")
class TestNoCall(NoContactCommon):
    def setUp(self):
        super().setUp()
        self.ann.phone = "+1 555 0177"
        self.call_vals = {"activity_type_id": self.level("call").activity_type_id.id}

    def ladder(self, **vals):
        call = {**self.call_vals, **vals}
        levels = [(3, "friendly"), (14, "firm", call), (60, "final")]
        self.set_policy(self.ann, levels)

    def test_a_call_step_is_for_a_person(self):
        self.ladder(send_email=False)
        self.ann.ar_no_call = True
        self.work_days(3, 13)
        self.assertEqual(self.case(self.ann).state, "waiting")
        self.work_day(14)
        case = self.case(self.ann)
        self.assertEqual((case.reason, case.state), ("do_not_contact", "todo"))
        self.assertIn("choose a policy without calls", case.decision_text)
        self.assertFalse(self.call(self.ann))

    def test_a_mail_is_sent_but_no_call_follows(self):
        self.ladder()
        self.ann.ar_no_call = True
        self.work_days(3, 30)
        self.assertEqual(len(self.received(self.ann)), 2)
        self.assertFalse(self.call(self.ann))

    def test_a_planned_call_is_seen(self):
        self.ladder(send_email=False)
        self.work_days(3, 14)
        self.assertEqual(self.case(self.ann).reason, "call_open")
        self.ann.with_user(self.collector).ar_no_call = True
        self.work_day()
        case = self.case(self.ann)
        self.assertEqual((case.reason, case.state), ("do_not_contact", "todo"))
        self.assertIn("cancel a planned call", case.decision_text)

    def test_a_call_that_is_cancelled_holds_nothing_any_more(self):
        """The mail went before it, so that the ladder goes on at once."""
        self.ladder()
        self.work_days(3, 14)
        self.ann.ar_no_call = True
        self.work_day(15)
        self.assertEqual(self.case(self.ann).reason, "do_not_contact")
        self.call(self.ann).with_user(self.collector).unlink()
        case = self.case(self.ann)
        self.assertNotIn(case.reason, ("do_not_contact", "call_open"))

    def test_a_call_that_was_made_counts(self):
        """Whoever called all the same has reached the step."""
        self.ladder(send_email=False)
        self.work_days(3, 14)
        self.ann.ar_no_call = True
        self.work_day()
        self.close_call(self.ann)
        self.assertEqual(self.case(self.ann).level_id.tone, "firm")

    def test_neither(self):
        self.ann.write({"ar_no_call": True, "ar_no_email": True})
        self.work_day(3)
        self.assertIn("write a letter", self.case(self.ann).decision_text)

    def test_a_number_that_must_not_be_called_is_not_offered(self):
        self.work_day(3)
        amy = self.env["res.partner"].create(
            {
                "name": "Amy",
                "parent_id": self.ann.id,
                "type": "followup",
                "email": "amy@customer.example",
                "phone": "+1 555 0199",
            }
        )
        case = self.case(self.ann)
        self.assertEqual(case.addressee_phone, amy.phone)
        amy.ar_no_call = True
        case.invalidate_recordset()
        self.assertEqual(case.addressee_phone, self.ann.phone)
        self.ann.ar_no_call = True
        case.invalidate_recordset()
        self.assertFalse(case.addressee_phone)

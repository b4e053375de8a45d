"""Whom firm reminders go to, and which numbers nobody is asked to call."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_delivery import DeliveryCommon

WRONG = "ar_followup_plus.mail_activity_type_wrong_number"


class PersonCommon(DeliveryCommon):
    """A friendly reminder on day 3, a firm one on day 14; Ann's director decides."""

    def setUp(self):
        super().setUp()
        self.set_policy(
            levels=[
                (3, "friendly", {"response_days": 0}),
                (14, "firm", {"response_days": 0, "copy_manager": False}),
            ]
        )
        self.dora = self.contact("Dora", ar_is_decision_maker=True)

    def contact(self, name, customer=None, **vals):
        """A contact of Ann, or of another customer."""
        vals = {"email": f"{name.lower()}@customer.example", "is_company": False} | vals
        return self.customer(name, parent_id=(customer or self.ann).id, **vals)

    def to(self, person):
        return len(self.received(person))


@tagged("post_install", "-at_install")
class TestDecisionMaker(PersonCommon):
    def test_firm_levels_go_to_the_decision_maker(self):
        self.work_day(3)
        case = self.case(self.ann)
        self.assertEqual((self.to(self.ann), self.to(self.dora)), (1, 0))
        self.assertEqual(case.addressee_id, self.dora, "who is written to next")
        self.work_day(14)
        self.assertEqual((self.to(self.ann), self.to(self.dora)), (1, 1))
        self.assertEqual(self.reminders(self.ann)[-1].partner_id, self.dora)
        self.assertEqual(case.addressee_id, self.dora, "after the last one, too")
        self.assertEqual(self.to(self.ben), 2, "who has no decision maker")

    def test_answers_go_to_the_usual_one(self):
        self.work_day(3)
        self.work_day(14)
        case = self.case(self.ann)
        self.assertEqual(case._addressees()[case], self.ann)
        message = self.env["ar.followup.reminder"]._make_messages(
            [
                {
                    "case_id": case.id,
                    "kind": "plan_done",
                    "is_demand": False,
                    "level_name": "Plan",
                    "mail_template_id": self.env.ref(
                        "ar_followup_plus.mail_template_friendly"
                    ).id,
                }
            ]
        )
        self.assertEqual(message.partner_id, self.ann)
        self.assertFalse(message._reasons_unreachable(), "nor does it change its mind")

    def test_a_decision_maker_who_cannot_be_reached(self):
        for vals in (
            {"email": False},
            {"ar_no_email": True},
            {"active": False},
            {"ar_is_decision_maker": False},
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint() as point:
                self.dora.write(vals)
                found = self.ann._ar_addressees(is_firm=True)
                self.assertEqual(found[self.ann], self.ann)
                point.rollback()
            self.env.invalidate_all()
        self.env["res.partner"]._ar_mark_bounced("dora@customer.example")
        self.assertEqual(self.ann._ar_addressees(is_firm=True)[self.ann], self.ann)

    def test_then_follow_up_invoice_company(self):
        firm, usual = (True, self.dora), (False, None)
        invoice = self.contact("Ivy", type="invoice")
        followup = self.contact("Fay", type="followup")
        for is_firm, first in (firm, usual):
            with self.subTest(is_firm=is_firm):
                order = [*filter(None, [first]), followup, invoice, self.ann]
                for person in order:
                    found = self.ann._ar_addressees(is_firm)[self.ann]
                    self.assertEqual(found, person)
                    person.ar_no_email = True
                for person in order:
                    person.ar_no_email = False

    def test_only_of_business_customers(self):
        """A private person decides alone, whoever else is noted on them."""
        self.ann.is_company = False
        self.assertEqual(self.ann._ar_addressees(is_firm=True)[self.ann], self.ann)
        self.ann.ar_is_decision_maker = True
        self.assertEqual(self.ann._ar_addressees(is_firm=True)[self.ann], self.ann)

    def test_named_while_the_reminder_waits(self):
        """It is prepared anew, for whom it is by now."""
        self.dora.ar_is_decision_maker = False
        self.work_day(3)
        self.company.ar_followup_mode = "review"
        self.work_day(14)
        reminder = self.reminders(self.ann, "to_review")
        self.assertEqual(reminder.partner_id, self.ann)
        self.dora.ar_is_decision_maker = True
        self.work_day(15)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("Somebody else", reminder.failure_reason)
        self.assertEqual(self.reminders(self.ann, "to_review").partner_id, self.dora)

    def test_reached_when_nobody_else_is(self):
        self.work_day(3)
        self.ann.email = self.ben.email = False
        self.travel(14)
        cases = self.case(self.ann) + self.case(self.ben)
        cases._reassess()
        self.assertEqual(cases.mapped("reason"), ["remind", "no_address"])
        self.work_day(14)
        self.assertEqual(self.to(self.dora), 1)
        self.assertEqual(self.to("ben@customer.example"), 1, "the friendly one")

    def test_not_at_a_friendly_level(self):
        self.ann.email = False
        self.work_day(3)
        self.assertEqual(self.case(self.ann).reason, "no_address")
        self.assertFalse(self.to(self.dora))

    def test_the_customer_s_page_says_who(self):
        ann = self.ann.with_user(self.collector)
        self.assertIn("ann@", ann.ar_addressee)
        self.assertIn("dora@", ann.ar_firm_addressee)
        self.assertFalse(self.ben.ar_firm_addressee, "nobody else than before")

    def test_many_at_once(self):
        """Two levels in one batch, and no query for each customer."""
        names = [f"Customer {number}" for number in range(12)]
        some = [self.customer(name) for name in names]
        for customer in some[::2]:
            self.contact(f"boss{customer.id}", customer, ar_is_decision_maker=True)
        customers = self.env["res.partner"].union(*some)
        self.env.flush_all()
        for few in (customers[:3], customers):
            with self.assertQueryCount(2):
                few._ar_addressees(is_firm=True)
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestWrongNumber(PersonCommon):
    def setUp(self):
        super().setUp()
        self.ann.phone = "+1 555 0101"
        self.dora.phone = "+1 555 0102"
        self.ivy = self.contact("Ivy", type="invoice", phone="+1 555 0199")
        self.work_day(3)

    def wrong(self, partner, number=None):
        partner.with_user(self.collector)._ar_mark_wrong_number(number)
        self.env.invalidate_all()

    def asked(self, partner=None):
        return self.case(partner or self.ann).activity_search([WRONG])

    def test_not_offered_for_calls(self):
        case = self.case(self.ann)
        self.assertEqual(case.addressee_phone, "+1 555 0102")
        self.wrong(self.dora)
        self.assertEqual(case.addressee_phone, "+1 555 0101")
        self.assertEqual(case.wrong_number_text, "+1 555 0102")
        self.assertEqual(self.ann.ar_wrong_number_text, "+1 555 0102")
        self.wrong(self.ann)
        self.assertFalse(case.addressee_phone)

    def test_everybody_with_the_number(self):
        """The switchboard is wrong for all who are reached through it."""
        self.ivy.phone = "+1 (555) 0102"
        self.ben.phone = "+1 555 0102"
        self.wrong(self.ann, "+15550102")
        self.assertTrue(self.dora.ar_wrong_number and self.ivy.ar_wrong_number)
        self.assertFalse(self.ann.ar_wrong_number)
        self.assertFalse(self.ben.ar_wrong_number, "another customer")

    def test_a_number_that_nobody_has(self):
        self.wrong(self.ann, "+1 555 7777")
        self.wrong(self.ann, "unknown")
        self.assertFalse(self.ann.ar_wrong_number_text)
        self.assertFalse(self.asked())

    def test_asks_for_another_once(self):
        self.wrong(self.dora)
        self.wrong(self.dora)
        self.wrong(self.ivy)
        activity = self.asked()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("+1 555 0102", activity.note)
        self.assertFalse(self.asked(self.ben))

    def test_another_number_clears_the_mark(self):
        self.wrong(self.dora)
        self.dora.phone = "+1-555-0102"
        self.assertTrue(self.case(self.ann).wrong_number_text, "only written otherwise")
        self.assertTrue(self.asked())
        self.dora.phone = "+1 555 0122"
        self.env.invalidate_all()
        self.assertFalse(self.case(self.ann).wrong_number_text)
        self.assertFalse(self.asked(), "nobody has to find it any more")
        self.assertEqual(self.case(self.ann).addressee_phone, "+1 555 0122")

    def test_one_of_two_corrected(self):
        self.wrong(self.dora)
        self.wrong(self.ivy)
        self.dora.phone = "+1 555 0122"
        self.assertTrue(self.asked(), "one is still wrong")
        self.ivy.phone = "+1 555 0123"
        self.assertFalse(self.asked())

    def test_right_after_all(self):
        self.wrong(self.dora)
        self.ann.with_user(self.collector).action_ar_number_works()
        self.assertFalse(self.dora.ar_wrong_number)
        self.assertFalse(self.asked())

    def test_nobody_sets_it_by_hand(self):
        for name in ("ar_wrong_number", "ar_verified_on", "ar_verified_by_id"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.dora.with_user(self.manager).write({name: False})

    def test_without_the_right(self):
        auditor = new_test_user(
            self.env,
            login="ar_auditor_person",
            groups="base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        self.wrong(self.dora)
        for button in ("action_ar_number_works", "action_ar_verified"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(self.ann.with_user(auditor), button)()

    def test_a_bounce_asks_for_another_address(self):
        """As it is for numbers: marked, not used, and one activity."""
        self.assertEqual(self.to(self.ivy), 1)
        reminder = self.reminders(self.ann)
        reminder._register_bounced(
            type("Report", (), {"addresses": (), "diagnostic": "550 unknown"})
        )
        case = self.case(self.ann)
        asking = case.activity_search(["ar_followup_plus.mail_activity_type_bounced"])
        self.assertEqual(len(asking), 1)
        self.assertIn("another address", asking.summary)
        self.assertEqual(case.bounced_text, "ivy@customer.example")
        self.assertEqual(case._addressees()[case], self.ann)

"""Start: from the books as they are to the first day of follow-up."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_events import day
from .common_start import StartCommon


@tagged("post_install", "-at_install")
class TestOlder(StartCommon):
    """What becomes of invoices due before the start date."""

    def setUp(self):
        super().setUp()
        self.old = self.invoice(self.ann, due=-60)

    def test_left_alone(self):
        self.begin()
        self.assertEqual(self.company.ar_followup_start_date, day(0))
        self.work_days(0, 2)
        self.assertFalse(self.received(self.ann))
        self.assertEqual(self.case(self.ann).reason, "before_start")

    def test_the_worklist_is_right_at_once(self):
        self.invoice(self.bob, due=-60)
        self.apply(older="release", partner_ids=self.bob.ids)
        self.assertEqual(self.case(self.ann).reason, "before_start")
        self.assertEqual(self.case(self.ann).amount_overdue, 100)
        self.assertEqual(self.case(self.bob).reason, "remind")
        self.assertEqual(self.case(self.bob).next_level_id, self.first)

    def test_of_a_large_company_the_tick_decides(self):
        path = "odoo.addons.ar_followup_plus.wizard.ar_followup_start_apply"
        with patch(f"{path}.DECIDE_AT_ONCE", 0):
            self.begin(older="release")
        case = self.case(self.ann)
        marks = self.engine["ar.followup.mark"].search([("case_id", "=", case.id)])
        self.assertTrue(marks)
        self.assertNotEqual(case.reason, "remind")
        marks._work(len(marks))
        self.assertEqual(case.reason, "remind")

    def test_released(self):
        """They begin friendly, and climb one step at a time with the gap."""
        self.policy.message_cap = 0
        self.begin(older="release")
        self.assertStands(self.old, None, is_released=True)
        for number, levels in (
            (0, [self.first]),
            (4, [self.first]),
            (5, [self.first, self.second]),
            (9, [self.first, self.second]),
            (10, [self.first, self.second, self.firm]),
        ):
            self.work_day(number)
            self.assertSent(self.ann, *levels)

    def test_the_log_says_who_what_and_why(self):
        other = self.invoice(self.ann, due=-40)
        self.apply(older="release", reason="Agreed with sales.")
        case = self.case(self.ann)
        note = self.notes(case)
        self.assertIn("before the start date: Agreed with sales.", note)
        self.assertIn(
            f"Released at the friendly level: {self.old.name}, {other.name}", note
        )
        self.assertEqual(case.message_ids[0].author_id, self.admin.partner_id)
        self.assertFalse(case.message_ids.notification_ids)
        self.assertFalse(self.sink.mails)

    def test_what_was_due_later_is_as_it_was(self):
        new = self.invoice(self.ann, due=0)
        self.apply(older="release")
        self.assertStands(new, None, is_released=False)

    def test_only_these_customers(self):
        bobs = self.invoice(self.bob, due=-60)
        self.begin(older="release", partner_ids=self.bob.ids)
        self.work_day(0)
        self.assertSent(self.bob, self.first)
        self.assertStands(bobs, self.first)
        self.assertFalse(self.received(self.ann))

    def test_a_reason_is_asked_for(self):
        for older in ("release", "level"):
            wizard = self.go(self.wizard(older=older, reason="  "), "older")
            with self.assertRaisesRegex(UserError, "Say why"):
                wizard.action_next()
        self.go(self.wizard(reason=False), "check").action_apply()
        with self.assertRaisesRegex(UserError, "Say why"):
            # also when somebody goes past the steps
            self.wizard(older="release", reason=False).action_apply()

    def test_without_a_start_date_everything_is_followed_up(self):
        self.begin(start_date=False, older="release", reason=False)
        self.assertFalse(self.company.ar_followup_start_date)
        self.work_day(0)
        self.assertSent(self.ann, self.first)

    def test_again_later(self):
        """Applied once, an answer is not applied again; more can be released."""
        wizard = self.apply(older="release", partner_ids=self.bob.ids)
        self.assertEqual(wizard.older, "leave")
        self.assertFalse(wizard.partner_ids)
        self.assertFalse(self.item(self.old).is_released)
        self.work_day(2)
        again = self.env["ar.followup.start"].with_user(self.admin).create({})
        self.assertEqual(again.start_date, day(0))
        again.write({"older": "release", "reason": "Now they are clean."})
        self.go(again, "check").action_apply()
        self.assertTrue(self.item(self.old).is_released)

    def test_the_second_time_suggests_what_is_set(self):
        Start = self.env["ar.followup.start"].with_user(self.admin)
        self.assertEqual(Start.create({}).start_date, day(0))
        self.assertEqual(Start.create({}).mode, "review")
        self.company.sudo().write({"ar_followup_mode": "automatic"})
        self.assertFalse(Start.create({}).start_date)
        self.assertEqual(Start.create({}).mode, "automatic")

    def test_a_start_date_ahead(self):
        """An older invoice that is not due yet is followed up when it is."""
        soon = self.invoice(self.bob, due=20)
        alone = self.invoice(self.ann, due=20)
        self.begin(start_date=day(30), older="release", partner_ids=self.bob.ids)
        self.assertStands(soon, None, is_released=True)
        self.work_day(23)
        self.assertSent(self.bob, self.first)
        self.assertFalse(self.received(self.ann))
        self.assertFalse(self.item(alone).is_released)

    def test_released_survives_a_reset_to_draft(self):
        self.apply(older="release")
        self.redraft(self.old)
        self.case(self.ann)._reassess()
        self.assertStands(self.old, None, is_released=True)

    def test_nothing_is_released_in_the_name_of_another_reason(self):
        """Blocked, not followed up, or paid: those reasons stay."""
        other = self.invoice(self.ann, due=-50)
        other.action_toggle_block_payment()
        left_out = self.invoice(self.bob, due=-50)
        self.receivable(left_out).no_followup = True
        self.pay(self.old)
        self.begin(older="release")
        self.work_day(0)
        self.assertFalse(self.sink.mails)
        self.assertEqual(self.case(self.ann).reason, "blocked")
        self.assertEqual(self.case(self.bob).reason, "no_followup")

    def test_what_changes_is_told_before(self):
        self.invoice(self.bob, 50, due=-10)
        wizard = self.go(
            self.wizard(older="release", partner_ids=self.ann.ids), "older"
        )
        self.assertIn(
            "due before Jan 5, 2026: 1 ($ 100.00), of customers: 1", self.text(wizard)
        )
        self.go(wizard, "check")
        text = self.text(wizard)
        self.assertIn("The start date becomes Jan 5, 2026", text)
        self.assertIn("beginning at the friendly level: 1 ($ 100.00)", text)
        self.assertFalse(self.case(self.ann))
        self.assertFalse(self.company.ar_followup_start_date)

    def test_back(self):
        wizard = self.go(self.wizard(), "check")
        wizard.action_back()
        self.assertEqual(wizard.step, "older")
        wizard.action_back()
        self.assertEqual(wizard.step, "owed", "there is no opening balance to ask for")


@tagged("post_install", "-at_install")
class TestLevels(StartCommon):
    """The level that invoices had in another system."""

    def setUp(self):
        super().setUp()
        self.old = self.invoice(self.ann, due=-60)

    def start(self, levels, **vals):
        wizard = self.give_levels(levels, mode="automatic", **vals)
        self.go(wizard, "check").action_apply()
        wizard.action_finish()
        self.env.invalidate_all()

    def test_the_ladder_goes_on_from_there_with_the_gap(self):
        self.start([(self.old, self.second, day(-2))])
        self.assertStands(
            self.old, self.second, level_date=day(-2), is_released=True, round=1
        )
        self.assertEqual(self.case(self.ann).last_demand_date, day(-2))
        self.work_days(0, 2)
        self.assertFalse(self.received(self.ann))
        self.work_day(3)
        self.assertSent(self.ann, self.firm)
        self.work_day(4)
        self.assertSent(self.ann, self.firm)

    def test_the_log_names_level_and_day(self):
        self.start([(self.old, self.second, day(-2))])
        note = self.notes(self.case(self.ann))
        self.assertIn(
            f"{self.second.name} on Jan 3, 2026, as in the former system: "
            f"{self.old.name}",
            note,
        )
        self.assertIn("They asked us.", note)

    def test_after_a_final_notice_a_person_goes_on(self):
        self.start([(self.old, self.final, day(-20))])
        self.work_day(0)
        self.assertFalse(self.received(self.ann))
        self.assertEqual(self.case(self.ann).reason, "ladder_done")

    def test_a_letter_of_elsewhere_is_not_sent_again(self):
        """Another invoice comes to the level the customer has just had."""
        older = self.invoice(self.ann, due=-16)
        newer = self.invoice(self.ann, due=-15)
        self.pay(self.old)
        self.start(
            [(older, self.second, day(-1)), (newer, self.first, day(-1))],
        )
        self.work_days(0, 13)
        self.assertFalse(self.received(self.ann))
        self.work_day(14)
        self.assertSent(self.ann, self.firm)

    def test_those_without_a_level(self):
        other = self.invoice(self.bob, due=-60)
        self.start([(self.old, self.first, day(-20))])
        self.assertFalse(self.item(other).is_released)
        self.assertStands(self.old, self.first)

    def test_those_without_a_level_too(self):
        other = self.invoice(self.bob, due=-60)
        self.start([(self.old, self.first, day(-20))], release_others=True)
        self.assertStands(other, None, is_released=True)
        self.work_day(0)
        self.assertSent(self.ann, self.second)
        self.assertSent(self.bob, self.first)

    def test_the_day_where_none_is_given(self):
        self.start([(self.old, self.first, False)], level_date=day(-9))
        self.assertStands(self.old, self.first, level_date=day(-9))

    def test_a_day_that_has_not_come(self):
        wizard = self.give_levels([(self.old, self.first, day(1))])
        with self.assertRaisesRegex(UserError, "has not come yet"):
            wizard.action_next()

    def test_only_levels_of_the_customers_policy(self):
        other = self.set_policy(self.bob, levels=[(5, "friendly")]).level_ids
        bobs = self.invoice(self.bob, due=-60)
        wizard = self.give_levels([(self.old, other, day(-1))])
        with self.assertRaisesRegex(UserError, "is not a level of the customer's"):
            wizard.action_next()
        self.start([(bobs, other, day(-1))])
        self.assertStands(bobs, other)

    def test_what_was_reminded_here_keeps_its_level(self):
        self.company.sudo().ar_followup_mode = "automatic"
        self.work_day(0)
        self.assertStands(self.old, self.first)
        wizard = self.give_levels([], start_date=day(-5))
        self.assertFalse(wizard.line_ids)
        self.travel(1)
        self.apply(start_date=day(-5), older="release")
        self.assertStands(self.old, self.first, is_released=True)
        self.assertIn(
            f"Released, at {self.first.name} as before", self.notes(self.case(self.ann))
        )

    def test_a_wrong_level_can_be_corrected(self):
        self.start([(self.old, self.final, day(-2))])
        self.start([(self.old, self.first, day(-2))])
        self.assertStands(self.old, self.first)

    def test_what_was_paid_meanwhile_is_left_out(self):
        wizard = self.go(self.give_levels([(self.old, self.second, day(-2))]), "check")
        self.pay(self.old)
        wizard.action_apply()
        self.assertFalse(self.item(self.old).is_released)

    def test_the_list_stays_short(self):
        """The largest are shown; the text says where the others are."""
        self.invoices([(self.bob, 10 + i, -10) for i in range(205)])
        wizard = self.give_levels([(self.old, self.second, False)])
        self.assertEqual(len(wizard.line_ids), 200)
        amounts = wizard.line_ids.mapped("amount")
        self.assertEqual(amounts, sorted(amounts, reverse=True))
        self.assertIn("the 200 largest of 206", self.text(wizard))
        wizard.action_back()
        wizard.action_next()
        self.assertEqual(len(wizard.line_ids), 200)
        self.assertEqual(wizard.line_ids.filtered("level_id").name, self.old.name)

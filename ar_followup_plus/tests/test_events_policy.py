"""Policies and levels change while customers are on the ladder."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_events import EventsCommon, day


@tagged("post_install", "-at_install")
class TestLevels(EventsCommon):
    """A level is deleted, archived, edited or added."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.move = self.invoice(self.partner, due=0)

    def test_a_level_in_use_cannot_be_deleted(self):
        self.work_day(3)
        with self.assertRaises(UserError):
            self.first.unlink()
        with self.assertRaises(UserError):
            self.policy.unlink()
        self.assertTrue(self.first.exists())

    def test_a_level_used_in_the_past_cannot_be_deleted(self):
        self.work_days(3, 14)
        self.assertStands(self.move, self.second)
        with self.assertRaises(UserError):
            self.first.unlink()

    def test_an_archived_level_in_use_protects_its_policy(self):
        self.work_day(3)
        self.first.active = False
        policy, self.policy = self.policy, self.set_policy(levels=[(5, "friendly")])
        with self.assertRaises(UserError):
            policy.unlink()
        self.assertTrue(policy.exists())

    def test_a_level_that_is_only_foreseen_may_be_deleted(self):
        self.work_day(3)
        self.assertEqual(self.case(self.partner).next_level_id, self.second)
        self.second.unlink()
        self.work_day(14)
        self.assertSent(self.partner, self.first)
        self.work_day(30)
        self.assertSent(self.partner, self.first, self.firm)

    def test_the_item_of_an_archived_level_stands_on_the_last_one_not_above(self):
        self.work_days(3, 14)
        self.assertStands(self.move, self.second)
        self.second.active = False
        self.work_day(15)
        case = self.case(self.partner)
        self.assertEqual(case.level_id, self.first)
        self.assertEqual(case.next_level_id, self.firm)
        self.assertStands(self.move, self.second)  # the record of what was sent
        self.work_days(16, 30)
        names = self.reminders(self.partner, "sent").mapped("level_name")
        self.assertEqual(names, ["friendly 3", "friendly 14", "firm 30"])

    def test_a_renamed_level_leaves_the_name_on_what_was_sent(self):
        self.work_day(3)
        self.first.name = "Hello again"
        self.assertEqual(
            self.reminders(self.partner).mapped("level_name"), ["friendly 3"]
        )

    def test_an_edit_sends_nothing_for_days_gone_by(self):
        self.work_days(3, 14)
        self.first.delay_days = 1
        self.policy.write(
            {"level_ids": [self._new_level(7, "friendly", {"response_days": 0})]}
        )
        self.work_days(15, 29)
        self.assertSent(self.partner, self.first, self.second)
        self.assertStands(self.move, self.second)

    def test_a_delay_that_grows_does_not_move_the_item_back(self):
        self.work_day(3)
        self.first.delay_days = 10
        self.work_days(4, 13)
        self.assertSent(self.partner, self.first)
        self.assertStands(self.move, self.first, level_date=day(3))
        self.work_day(14)
        self.assertStands(self.move, self.second)

    def test_levels_that_change_places_are_not_sent_again(self):
        """Friendly 14 becomes friendly 2, so friendly 3 follows it on the ladder."""
        self.work_days(3, 14)
        self.assertStands(self.move, self.second)
        self.second.delay_days = 2
        self.work_days(15, 29)
        self.assertEqual(len(self.reminders(self.partner, "sent")), 2)
        self.work_day(30)
        self.assertSent(self.partner, self.first, self.second, self.firm)
        self.assertStands(self.move, self.firm)


@tagged("post_install", "-at_install")
class TestSwap(EventsCommon):
    """The customer, or the company, is given another policy."""

    def setUp(self):
        super().setUp()
        self.partner = self.customer()
        self.move = self.invoice(self.partner, due=0)

    def swap(self, *levels, partner=None, **vals):
        return self.set_policy(partner, self.plain(*levels), name="Other", **vals)

    def test_an_item_stands_on_the_new_policys_last_level_not_above(self):
        self.work_days(3, 14)
        other = self.swap((5, "friendly"), (10, "friendly"), (20, "firm"))
        self.work_day(15)
        case = self.case(self.partner)
        self.assertEqual(case.policy_id, other)
        self.assertEqual(case.level_id, other.level_ids[1])
        self.assertEqual(case.next_level_id, other.level_ids[2])
        self.assertStands(self.move, self.second)
        self.work_days(16, 20)
        self.assertSent(self.partner, self.first, self.second, other.level_ids[2])

    def test_the_tone_counts_as_well_as_the_delay(self):
        """On day 14 they were asked in a friendly tone: firm 10 is still ahead."""
        self.work_days(3, 14)
        other = self.swap((5, "friendly"), (10, "firm"), (20, "final"))
        self.work_days(15, 18)
        self.assertSent(self.partner, self.first, self.second)
        self.assertEqual(self.case(self.partner).level_id, other.level_ids[0])
        self.work_day(19)
        self.assertSent(self.partner, self.first, self.second, other.level_ids[1])

    def test_the_friendly_level_is_not_skipped(self):
        """Nobody was asked yet, and the new policy's firm level is long due."""
        self.policy.level_ids.active = False
        self.work_day(40)
        self.assertSent(self.partner)
        other = self.swap((3, "friendly"), (10, "firm"), (20, "final"))
        self.work_day(41)
        self.assertSent(self.partner, other.level_ids[0])
        self.work_days(42, 46)
        self.assertSent(self.partner, *other.level_ids[:2])

    def test_nothing_is_sent_for_days_gone_by_and_the_gap_holds(self):
        self.work_day(3)
        other = self.swap((1, "friendly"), (2, "friendly"), (4, "friendly"))
        self.work_days(4, 7)
        self.assertSent(self.partner, self.first)
        self.work_day(8)
        self.assertSent(self.partner, self.first, other.level_ids[2])

    def test_back_and_forth_no_level_is_sent_twice(self):
        """Friendly 14, then the other policy's firm 10, then back again."""
        self.work_days(3, 14)
        other = self.swap((5, "friendly"), (10, "firm"), partner=self.partner)
        self.work_days(15, 19)
        self.assertStands(self.move, other.level_ids[1])
        self.partner.with_company(self.company).ar_followup_policy_id = self.policy
        self.work_days(20, 29)
        self.assertSent(self.partner, self.first, self.second, other.level_ids[1])
        self.work_day(30)
        self.assertStands(self.move, self.firm)
        self.assertEqual(len(self.reminders(self.partner, "sent")), 4)

    def test_a_prepared_reminder_of_the_old_policy_is_cancelled(self):
        self.policy.review_always = True
        self.work_day(3)
        reminder = self.reminders(self.partner, "to_review")
        other = self.swap((2, "friendly"), partner=self.partner)
        self.work_day()
        self.assertEqual(reminder.state, "cancelled")
        self.work_day(4)
        self.assertSent(self.partner, other.level_ids)

    def test_a_policy_without_levels_means_no_reminders(self):
        empty = self.swap(partner=self.partner)
        self.work_day(14)
        case = self.case(self.partner)
        self.assertEqual(case.policy_id, empty)
        self.assertEqual((case.state, case.reason), ("held", "no_policy"))
        self.assertSent(self.partner)

    def test_a_copy_has_levels_and_templates_of_its_own(self):
        """Here all levels share one template, so Odoo meets it four times."""
        copied = self.policy.copy()
        self.assertEqual(
            copied.level_ids.mapped("name"), self.policy.level_ids.mapped("name")
        )
        templates = copied.level_ids.mail_template_id
        self.assertEqual(len(templates), 4)
        self.assertFalse(templates & self.policy.level_ids.mail_template_id)

    def test_an_archived_policy_gives_way_to_the_companys_default(self):
        other = self.swap((10, "friendly"), partner=self.partner)
        other.active = False
        self.assertEqual(
            self.partner._ar_policy(self.company)[self.partner], self.policy
        )
        self.work_day(3)
        self.assertSent(self.partner, self.first)


@tagged("post_install", "-at_install")
class TestOwnPolicy(EventsCommon):
    """A customer's own policy beside the company's default."""

    def setUp(self):
        super().setUp()
        self.parent = self.customer("Parent")
        self.own = self.set_policy(
            self.parent, self.plain((7, "friendly")), name="For the good ones"
        )

    def test_one_customer_has_their_own_the_others_the_default(self):
        other = self.customer("Other")
        self.invoice(self.parent, due=0)
        self.invoice(other, due=0)
        self.work_day(3)
        self.assertSent(self.parent)
        self.assertSent(other, self.first)
        self.work_day(7)
        self.assertSent(self.parent, self.own.level_ids)

    def test_contacts_follow_their_company(self):
        child = self.env["res.partner"].create(
            {"name": "Branch office", "parent_id": self.parent.id}
        )
        scoped = child.with_company(self.company)
        self.assertEqual(scoped.ar_followup_policy_id, self.own)
        other = self.set_policy(self.parent, self.plain((9, "friendly")), name="Later")
        self.assertEqual(scoped.ar_followup_policy_id, other)
        self.invoice(child, due=0)
        self.work_day(7)
        self.assertSent(self.parent)
        self.work_day(9)
        self.assertSent(self.parent, other.level_ids)
        self.assertEqual(self.case(child).partner_id, self.parent)

    def test_the_policy_decides_from_when_a_case_is_needed(self):
        self.set_policy(
            self.parent,
            [(-5, "courtesy", {"response_days": 0}), *self.plain((7, "friendly"))],
        )
        self.invoice(self.parent, due=20)
        other = self.customer("Other")
        self.invoice(other, due=20)
        self.work_day(15)
        self.assertEqual(self.reminders(self.parent, "sent").tone, "courtesy")
        self.assertFalse(self.case(other))

"""From a row of the worklist: the next reminder leaves, or it is said why not."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_delivery import DeliveryCommon
from .common_events import day


class RowCommon(DeliveryCommon):
    def setUp(self):
        super().setUp()
        self.friendly_name = self.friendly.name

    def rows(self, *partners, user=None):
        """The customers' rows, as the collector selects them."""
        env = self.env(
            user=user or self.collector,
            context={"allowed_company_ids": self.company.ids, "lang": "en_US"},
        )
        cases = env["ar.followup.case"]
        for partner in partners:
            found = (
                self.case(partner).ids or cases.create({"partner_id": partner.id}).ids
            )
            cases |= cases.browse(found)
        self.env.invalidate_all()
        return cases

    def send(self, *partners, user=None):
        """Press the button; what it says, in lines, and whether all is well."""
        answer = self.rows(*partners, user=user).action_send_next()
        self.env.invalidate_all()
        self.assertEqual(answer["tag"], "display_notification")
        params = answer["params"]
        # the page is read anew behind it
        self.assertEqual(params["next"], {"type": "ir.actions.act_window_close"})
        self.assertEqual(params["sticky"], params["type"] == "warning")
        return params["message"].splitlines(), params["type"] == "success"

    def assertRefused(self, partner, said):
        """One line that names the customer and says why; nothing is prepared."""
        before = self.reminders(partner)
        (line,), all_leave = self.send(partner)
        self.assertFalse(all_leave)
        self.assertRegex(line, rf"^{partner.name} – .*{said}")
        self.assertEqual(self.reminders(partner), before)


@tagged("post_install", "-at_install")
class TestSendNext(RowCommon):
    def test_it_leaves_now(self):
        self.travel(3)
        (line,), all_leave = self.send(self.ann)
        self.assertEqual(
            line,
            f"Ann – “{self.friendly_name}” leaves now, to ann@customer.example.",
        )
        self.assertTrue(all_leave)
        reminder = self.reminders(self.ann)
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(reminder.level_id, self.friendly)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)

    def test_the_run_and_a_second_press_add_none(self):
        self.travel(3)
        self.send(self.ann)
        self.assertRefused(self.ann, "An answer is awaited.* on ")
        self.work_day()
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_at_night_it_waits_for_the_morning(self):
        self.travel(3, hour=22)
        (line,), all_leave = self.send(self.ann)
        self.assertTrue(all_leave)
        self.assertRegex(line, "leaves on Jan 9, 2026 at .*AM, to ann@customer.example")
        self.assertEqual(self.reminders(self.ann).state, "queued")
        self.assertFalse(self.received(self.ann))
        (again,), _all_leave = self.send(self.ann)
        self.assertEqual(again, line)
        self.assertEqual(len(self.reminders(self.ann)), 1)

    def test_what_has_to_be_read_is_opened(self):
        self.company.ar_followup_mode = "review"
        self.travel(3)
        for _press in range(2):
            action = self.rows(self.ann).action_send_next()
            reminder = self.reminders(self.ann).ensure_one()
            self.assertEqual(action["res_model"], "ar.followup.reminder")
            self.assertEqual(action["res_id"], reminder.id)
            self.assertEqual(reminder.state, "to_review")
        self.assertFalse(self.received(self.ann))

    def test_a_level_that_is_always_read(self):
        self.friendly.requires_review = True
        self.travel(3)
        self.rows(self.ann).action_send_next()
        self.assertEqual(self.reminders(self.ann).state, "to_review")

    # why not ---------------------------------------------------------------------

    def test_a_hold(self):
        self.travel(3)
        self.env["ar.followup.hold"].with_user(self.collector).create(
            {"case_id": self.rows(self.ann).id, "date_to": day(9)}
        )
        self.assertRefused(self.ann, "Paused: nothing is sent before Jan 15, 2026")

    def test_too_soon(self):
        self.travel(2)
        self.env["ar.contact.log"].create({"case_id": self.rows(self.ann).id})
        self.travel(3)
        self.assertRefused(self.ann, "It is too soon. Next: .* on Jan 1")

    def test_nothing_is_due(self):
        self.travel(1)
        self.assertRefused(self.ann, "on Jan 8, 2026")

    def test_no_address(self):
        self.ann.email = False
        self.travel(3)
        self.assertRefused(self.ann, "No email address that works")

    def test_often_enough(self):
        self.policy.write({"message_cap": 1, "message_cap_days": 30, "min_gap_days": 0})
        self.policy.level_ids.response_days = 0
        self.travel(3)
        self.send(self.ann)
        self.travel(14)
        self.assertRefused(self.ann, "Contacted often enough. Next: .* on ")

    def test_the_daily_limit(self):
        self.company.ar_daily_limit = 1
        self.travel(3)
        self.send(self.ann)
        self.assertRefused(self.ben, "Daily limit reached")

    def test_a_call_is_what_is_next(self):
        call = {
            "send_email": False,
            "activity_type_id": self.env.ref(
                "ar_followup_plus.mail_activity_type_call"
            ).id,
        }
        self.set_policy(self.ann, levels=[(3, "friendly", call)])
        self.travel(3)
        self.assertRefused(self.ann, "the next run plans the call")
        self.assertFalse(self.call(self.ann))

    def test_paid_meanwhile(self):
        self.rows(self.ann)
        self.travel(3)
        self.pay(self.anns)
        self.assertRefused(self.ann, "Everything is settled")

    def test_follow_up_is_off(self):
        self.rows(self.ann)
        self.company.ar_followup_mode = "off"
        self.travel(3)
        self.assertRefused(self.ann, "Follow-up is off for The Seller")

    def test_a_broken_template_is_told(self):
        self.friendly.mail_template_id.body_html = (
            "<p>Number <t t-out=\"int('x')\"/></p>"
        )
        self.travel(3)
        (line,), all_leave = self.send(self.ann)
        self.assertFalse(all_leave)
        self.assertIn("could not be sent", line)
        self.assertEqual(self.reminders(self.ann).state, "failed")

    # several at once --------------------------------------------------------------

    def test_several_at_once(self):
        cleo, dan = self.customer("Cleo", email=False), self.customer("Dan")
        self.invoices([(cleo, 10, 0), (dan, 10, 0)])
        rows = (self.ann, self.ben, cleo, dan)
        self.travel(3)
        self.env["ar.followup.hold"].with_user(self.collector).create(
            {"case_id": self.rows(dan).id, "date_to": day(9)}
        )
        lines, all_leave = self.send(*rows)
        self.assertFalse(all_leave)
        self.assertEqual(lines[0], "Reminders that leave: 2 of 4.")
        self.assertEqual(lines[1], f"Ann, Ben – “{self.friendly_name}” leaves now.")
        self.assertRegex(lines[2], "^Cleo – No email address")
        self.assertRegex(lines[3], "^Dan – Paused")
        self.assertEqual(len(self.received(self.ann) + self.received(self.ben)), 2)

    def test_those_to_read_are_named_among_several(self):
        self.friendly.requires_review = True
        self.travel(3)
        lines, all_leave = self.send(self.ann, self.ben)
        self.assertFalse(all_leave)
        self.assertEqual(lines[0], "Reminders that leave: 0 of 2.")
        self.assertRegex(lines[1], "^Ann, Ben – A reminder waits for you: read it")

    def test_a_long_list_is_cut_short(self):
        partners = [self.customer(f"Customer {n:02}") for n in range(12)]
        self.invoices([(partner, 10, 10 + n) for n, partner in enumerate(partners)])
        lines, _all_leave = self.send(*partners)
        self.assertEqual(len(lines), 1 + 8 + 1)
        self.assertEqual(lines[-1], "The list tells of the other 4.")
        same = [self.customer(f"Same {n}") for n in range(7)]
        self.invoices([(partner, 10, 10) for partner in same])
        lines, _all_leave = self.send(*same)
        self.assertRegex(lines[1], "^Same 0, Same 1, .*Same 4 and 2 more – ")

    def test_many_cost_no_more_than_few(self):
        partners = [self.customer(f"Customer {n:02}") for n in range(30)]
        self.invoices([(partner, 10, 10) for partner in partners])
        rows = self.rows(*partners)

        def cost(cases):
            for _warm_up in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                cases.action_send_next()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(cost(rows), cost(rows[:4]))

    # who may ----------------------------------------------------------------------

    def test_an_auditor_sends_nothing(self):
        auditor = new_test_user(
            self.env,
            login="ar_auditor",
            groups="base.group_user,account.group_account_readonly",
            company_id=self.company.id,
        )
        self.travel(3)
        self.rows(self.ann)
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self.send(self.ann, user=auditor)
        self.assertFalse(self.reminders(self.ann))

    def test_another_companys_collector_sends_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="ar_stranger",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.travel(3)
        case = self.rows(self.ann).with_env(self.env(user=stranger, context={}))
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                case.action_send_next()
        self.assertFalse(self.reminders(self.ann))

    def test_companies_side_by_side(self):
        """Where follow-up is off it is said; the other company's reminder leaves."""
        self.travel(3)
        other = self.env["res.company"].create({"name": "Sleeping"})
        self.collector.company_ids = [Command.link(other.id)]
        own = self.rows(self.ann)
        env = self.env(
            user=self.collector,
            context={"allowed_company_ids": [self.company.id, other.id]},
        )
        asleep = env["ar.followup.case"].create(
            {"partner_id": self.ben.id, "company_id": other.id}
        )
        cases = env["ar.followup.case"].browse([*asleep.ids, *own.ids])
        lines = cases.action_send_next()["params"]["message"].splitlines()
        self.assertEqual(lines[0], "Reminders that leave: 1 of 2.")
        self.assertRegex(lines[1], "^Ann – .*leaves now")
        self.assertRegex(lines[2], "^Ben – Follow-up is off for Sleeping")


@tagged("post_install", "-at_install")
class TestOtherButtons(RowCommon):
    def test_pause_several(self):
        self.travel(3)
        rows = self.rows(self.ann, self.ben)
        action = rows.action_pause()
        window = rows.env[action["res_model"]].with_context(**action["context"])
        window.create({"note": "They move house."}).action_pause()
        self.assertEqual(rows.mapped("reason"), ["paused", "paused"])
        self.assertRefused(self.ann, "Paused")

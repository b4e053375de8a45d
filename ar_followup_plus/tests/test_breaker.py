import contextlib
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models.contact.ar_followup_run import LEAST_TRIED
from .common import FollowupCommon
from .common_delivery import CORE_MAIL
from .smtp_sink import free_port

TICK = "ar_followup_plus.cron_tick"
STOPPED = "ar_followup_plus.mail_activity_type_sending_stopped"


@tagged("post_install", "-at_install")
class TestBreaker(FollowupCommon):
    """When most of a day's reminders fail, something is wrong with all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level("friendly").attach_invoices = False

    def _bill(self, count):
        people = self.env["res.partner"].create(
            [
                {"name": f"Customer {number:02}", "email": f"c{number}@far.example"}
                for number in range(count)
            ]
        )
        self.invoices([(partner, 100.0, 0) for partner in people])
        return people

    def _reminders(self, *states):
        return self.engine["ar.followup.reminder"].search(
            [("company_id", "=", self.company.id), ("state", "in", states)]
        )

    def _run(self):
        return self.engine["ar.followup.run"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def _alerts(self):
        kind = self.env.ref(STOPPED)
        return self.engine["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def _refuse(self, people):
        self.sink.refused.update(people.mapped("email"))

    @mute_logger(CORE_MAIL)
    def _break(self, count=30):
        people = self._bill(count)
        self._refuse(people)
        self.work_day(3)
        return people

    def test_everything_fails(self):
        """It stops after the twentieth, tells the admin once, and says so."""
        self._break()
        self.assertEqual(len(self._reminders("failed")), LEAST_TRIED)
        self.assertEqual(len(self._reminders("queued")), 10)
        run = self._run()
        self.assertRecordValues(run, [{"state": "stopped", "step": "done"}])
        self.assertIn("20 of the 20 reminders", run.failure_reason)
        self.assertIn("Go On", run.failure_reason)
        self.assertFalse(run.is_at_work)
        (alert,) = self._alerts()
        self.assertEqual((alert.user_id, alert.res_id), (self.manager, run.id))
        self.assertIn("Go On", alert.note)

    def test_nothing_more_leaves(self):
        """Neither by the tick, nor by Odoo's queue, nor by a button."""
        self._break()
        self.sink.refused.clear()
        self.work_day()
        self.engine["mail.mail"].process_email_queue()
        self._run().action_run()
        self._reminders("failed")[:3].with_user(self.collector).action_retry()
        self.env.invalidate_all()
        self.assertFalse(self.sink.mails)
        self.assertEqual(len(self._alerts()), 1)

    def test_goes_on_when_a_person_says_so(self):
        self._break()
        self.sink.refused.clear()
        run = self._run()
        with self.assertRaises(AccessError):
            run.with_user(self.collector).action_go_on()
        run.with_user(self.manager).action_go_on()
        self.assertFalse(self._alerts())
        self.assertRecordValues(
            run, [{"state": "done", "stopped_day": False, "failure_reason": False}]
        )
        self.work_day()
        self.assertEqual(len(self.sink.mails), 10)
        self._reminders("failed").with_user(self.collector).action_retry()
        self.work_day()
        self.assertEqual(len(self.sink.mails), 30)

    def test_the_old_failures_do_not_stop_it_again(self):
        """After going on, twenty new ones decide; these can stop it again."""
        self._break(50)
        self.clock.tick(60)
        self._run().action_go_on()
        self.clock.tick(60)
        with mute_logger(CORE_MAIL):
            self.work_day()
        self.assertEqual(len(self._reminders("failed")), 2 * LEAST_TRIED)
        self.assertEqual(self._run().state, "stopped")
        self.assertEqual(len(self._alerts()), 1)

    def test_goes_on_by_itself_the_next_day(self):
        self._break()
        self.sink.refused.clear()
        self.work_day(4)
        self.assertFalse(self._alerts(), "if it stops again, that is news")
        self.assertEqual(len(self.sink.mails), 10)
        self.assertEqual(self._run().state, "done")

    def test_stops_in_the_middle_of_the_day(self):
        """What was prepared waits; the rest of the day is worked after going on."""
        self._break()
        run = self._run()
        run.write({"step": "prepare"})
        run.action_go_on()
        self.assertEqual(run.state, "running")

    def test_only_the_companies_asked_about(self):
        """A button's run is not taken for one of them."""
        self.prepare(3)
        nobody = self.env["res.company"]
        self.assertFalse(self._run()._latest_of(nobody))

    @mute_logger(CORE_MAIL)
    def test_fewer_than_half(self):
        """Some bad addresses are everyday life."""
        people = self._bill(60)
        self._refuse(people[::3])
        self.work_day(3)
        self.assertEqual(len(self._reminders("failed")), 20)
        self.assertEqual(len(self.sink.mails), 40)
        self.assertEqual(self._run().state, "done")
        self.assertFalse(self._alerts())

    @mute_logger(CORE_MAIL)
    def test_fewer_than_twenty(self):
        self._refuse(self._bill(LEAST_TRIED - 1))
        self.work_day(3)
        self.assertEqual(len(self._reminders("failed")), LEAST_TRIED - 1)
        self.assertEqual(self._run().state, "done")

    def test_overtaken_is_no_failure(self):
        people = self._bill(LEAST_TRIED + 5)
        self.prepare(3)
        # a hold each, in one go: nothing is wrong with the sending
        cases = self.engine["ar.followup.case"].search(
            [("partner_id", "in", people[5:].ids)]
        )
        self.engine["ar.followup.hold"].create(
            [{"case_id": case.id, "kind": "paused"} for case in cases]
        )
        self.work_day()
        self.assertEqual(len(self._reminders("cancelled")), LEAST_TRIED)
        self.assertEqual(len(self.sink.mails), 5)
        self.assertEqual(self._run().state, "done")


@tagged("post_install", "-at_install")
class TestTurns(FollowupCommon, CronMixinCase):
    """No company waits for more than one batch of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level("friendly").attach_invoices = False
        cls.other = cls.setup_other_company(name="The Other Seller")["company"]
        cls.other.sudo().write({"ar_followup_mode": "automatic"})
        cls.other.partner_id.write({"tz": "UTC", "email": "office@other.example"})

    def test_five_do_not_wait_for_forty(self):
        size = 10
        self.env["ir.config_parameter"].set_param(
            "ar_followup_plus.batch_size", str(size)
        )
        many = self.env["res.partner"].create(
            [
                {"name": f"Many {number}", "email": f"{number}@many.example"}
                for number in range(4 * size)
            ]
        )
        few = self.env["res.partner"].create(
            [
                {"name": f"Few {number}", "email": f"{number}@few.example"}
                for number in range(5)
            ]
        )
        self.invoices([(partner, 100.0, 0) for partner in many])
        for partner in few:
            self.invoice(partner, 100.0, 0, company_id=self.other.id)
        self.work_day(3)
        order = [
            place
            for place, mail in enumerate(self.sink.mails)
            if mail.recipients[0].endswith("few.example")
        ]
        self.assertEqual(len(self.sink.mails), len(many) + len(few))
        self.assertEqual(len(order), len(few))
        self.assertLess(order[-1], size + len(few))

    def test_one_whose_server_is_silent(self):
        """It takes all the time of a tick; from the next on, the others come first."""
        mine = self.customer("Mine")
        self.invoice(mine, 100.0, 0)
        for number in range(3):  # each tick tries another one
            theirs = self.customer(f"Their {number}")
            self.invoice(theirs, 100.0, 0, company_id=self.other.id)
        self.assertEqual(
            self.engine["ar.followup.run"]._active_companies()[0], self.other
        )
        with self._silent("other.example"):
            with self.capture_triggers(TICK) as triggers:
                self.work_day(3)
            self.assertFalse(self.sink.mails)
            self.assertTrue(triggers.records, "the others do not wait for long")
            self.env["ir.config_parameter"].set_param(
                "ar_followup_plus.batch_size", "1"
            )
            with self.capture_triggers(TICK) as triggers:
                self.work_day()
            self.assertEqual(len(self.received(mine)), 1)
            self.assertFalse(triggers.records)

    @contextlib.contextmanager
    def _silent(self, domain):
        """The server for mails from there lets us wait as long as Odoo does."""
        dead = self.mail_server.copy({"smtp_port": free_port(), "from_filter": domain})
        Server = type(self.env["ir.mail_server"])
        connect = Server._connect__

        def slowly(servers, *args, **kwargs):
            if kwargs.get("mail_server_id") == dead.id:
                self.clock.tick(61)
            return connect(servers, *args, **kwargs)

        with patch.object(Server, "_connect__", slowly):
            yield

from odoo.tests import tagged

from .common_delivery import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliverAgain(DeliveryCommon):
    """`_deliver` for any ids, any number of times: what a job queue would do."""

    def setUp(self):
        super().setUp()
        self.travel(3)
        run = self.engine["ar.followup.run"].create({"company_id": self.company.id})
        while run.state == "running":
            run._work_batch()
        self.queued = run.reminder_ids
        self.anns_reminder = self.reminders(self.ann)

    def _deliver(self, reminders):
        """As a job does: ids, read anew by whoever works the job."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.engine["ar.followup.reminder"].browse(reminders.ids)._deliver()
        self.env.invalidate_all()

    def test_twice(self):
        self.assertEqual(set(self.queued.mapped("state")), {"queued"})
        self.assertFalse(self.queued.message_id, "nobody made the mails before")
        for _time in range(2):
            self._deliver(self.queued)
            self.assertEqual(set(self.queued.mapped("state")), {"sent"})
            self.assertEqual(len(self.received(self.ann)), 1)
            self.assertEqual(len(self.received(self.ben)), 1)
        self.assertEqual(len(self.case(self.ann).contact_log_ids), 1)

    def test_the_same_id_twice(self):
        self._deliver(self.queued.browse(self.queued.ids * 2))
        self.assertEqual(len(self.sink.mails), 2)

    def test_one_of_them_is_gone(self):
        gone = self.anns_reminder.copy({"state": "cancelled"})
        gone.unlink()
        self._deliver(gone | self.queued)
        self.assertEqual(len(self.sink.mails), 2)

    def test_nothing_of_what_must_not_leave(self):
        """Cancelled, to be read first, failed, unknown, to wait: only Ben's leaves."""
        self.anns_reminder._set_state("cancelled")
        self._deliver(self.queued)
        self.assertFalse(self.received(self.ann))
        self.assertEqual(len(self.received(self.ben)), 1)
        for state in ("to_review", "failed", "unknown", "sending", "bounced"):
            with self.subTest(state=state):
                # sudo-made, whatever the ways between the states
                self.anns_reminder.state = state
                self._deliver(self.queued)
                self.assertEqual(self.anns_reminder.state, state)
                self.assertFalse(self.received(self.ann))

    def test_not_before_its_time(self):
        self.anns_reminder.send_after = self.travel(4)
        self.travel(3)
        self._deliver(self.queued)
        self.assertFalse(self.received(self.ann))
        self.travel(4)
        self._deliver(self.queued)
        self.assertEqual(len(self.received(self.ann)), 1)

    def test_whoever_calls(self):
        """A job runs as its creator; the engine's work is the company's."""
        self.queued.with_user(self.collector)._deliver()
        self.env.invalidate_all()
        self.assertEqual(set(self.queued.mapped("state")), {"sent"})

    def test_for_nobody(self):
        self._deliver(self.queued.browse())
        self.assertFalse(self.sink.mails)

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_incoming import IncomingCommon

ARRIVALS = ("catchall@seller.example", "bounce@seller.example")
BOUNCES = (
    "failed",
    "failed_headers_only",
    "failed_in_reply_to",
    "failed_other_manner",
)
NO_BOUNCES = (
    "delayed",
    "delayed_5xx",
    "delivered",
    "relayed",
    "expanded",
    "failed_for_now",
    "read_receipt",
    "unknown_format",
    "unknown_report",
    "out_of_office",
)


@tagged("post_install", "-at_install")
class TestBounce(IncomingCommon):
    """A delivery report says that a reminder did not reach its addressee."""

    def test_every_manner_of_report(self):
        for name in BOUNCES:
            for to in ARRIVALS:
                with self.subTest(name=name, to=to), self.env.cr.savepoint() as point:
                    self.incoming(name, to=to)
                    self.assertBounced()
                    point.rollback()
                self.env.invalidate_all()

    def assertBounced(self):
        self.assertEqual(self.sent.state, "bounced")
        item = self.item(self.anns)
        self.assertFalse(item.level_id)
        self.assertFalse(item.level_date)
        self.assertRecordValues(
            self.case_ann,
            [{"state": "todo", "reason": "bounced", "last_demand_date": False}],
        )
        self.assertEqual(self.ann.ar_bounced_email, "ann@customer.example")
        self.assertEqual(len(self.activities("bounced")), 1)

    def test_what_it_leaves_behind(self):
        self.incoming("failed", to=ARRIVALS[1])
        self.assertBounced()
        self.assertIn("ann@customer.example", self.sent.failure_reason)
        self.assertIn("550 5.1.1", self.sent.failure_reason)
        self.assertNotIn("smtp;", self.sent.failure_reason)
        sent, bounced = self.case_ann.contact_log_ids.sorted("id")
        self.assertEqual((sent.outcome, bounced.outcome), ("sent", "bounced"))
        self.assertTrue(bounced.automated)
        self.assertEqual(bounced.reminder_id, self.sent)
        activity = self.activities("bounced")
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("550 5.1.1", activity.note)
        notification = self.sent.message_id.notification_ids
        self.assertEqual(notification.failure_type, "mail_bounce")
        self.assertEqual(self.ann.message_bounce, 1)
        self.assertEqual(self.reminders(self.ben).state, "sent", "it is Ann's alone")

    def test_the_same_report_twice(self):
        self.incoming("failed")
        logged = self.case_ann.contact_log_ids
        self.incoming("failed")
        self.assertBounced()
        self.assertEqual(self.case_ann.contact_log_ids, logged)
        self.assertEqual(self.ann.message_bounce, 1)

    def test_again_after_a_person_dealt_with_it(self):
        self.incoming("failed")
        self.sent.with_user(self.collector).action_cancel()
        self.assertFalse(self.activities("bounced"), "dropped: nothing to do any more")
        self.incoming("failed")
        self.assertEqual(self.sent.state, "cancelled")
        self.assertFalse(self.activities("bounced"))

    def test_nobody_is_written_to_there_any_more(self):
        self.incoming("failed")
        self.sent.with_user(self.collector).action_cancel()
        self.work_days(4, 12)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.assertEqual(self.case_ann.reason, "no_address")

    def test_the_corrected_address_gets_the_friendly_one_again(self):
        """Nothing reached her, so neither the gap nor the level counts."""
        self.incoming("failed")
        self.ann.email = "ann@new.example"
        self.sent.with_user(self.collector).action_cancel()
        self.work_day(4)
        (mail,) = self.received("ann@new.example")
        self.assertEqual(mail.subject, self.received("ann@customer.example")[0].subject)
        self.assertEqual(self.item(self.anns).level_id, self.friendly)

    def test_another_contact_gets_the_next(self):
        accounts = self.env["res.partner"].create(
            {
                "name": "Accounts",
                "type": "invoice",
                "parent_id": self.ann.id,
                "email": "accounts@customer.example",
            }
        )
        # what was sent before went to Ann herself
        self.incoming("failed")
        self.sent.with_user(self.collector).action_cancel()
        self.work_day(4)
        self.assertEqual(self.reminders(self.ann, "sent").partner_id, accounts)
        self.assertEqual(len(self.received("accounts@customer.example")), 1)

    def test_it_works_after_all(self):
        self.incoming("failed")
        self.assertEqual(self.ann.ar_bounced_text, "ann@customer.example")
        self.assertFalse(self.ann.ar_addressee)
        self.sent.with_user(self.collector).action_cancel()
        self.ann.with_user(self.collector).action_ar_email_works()
        self.assertFalse(self.ann.ar_bounced_email)
        self.assertFalse(self.ann.ar_bounced_text)
        self.work_day(4)
        self.assertEqual(len(self.received(self.ann)), 2)

    def test_who_may_say_that_it_works(self):
        self.incoming("failed")
        clerk = new_test_user(
            self.env,
            login="ar_bounce_clerk",
            groups="account.group_account_readonly,base.group_partner_manager",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self.ann.with_user(clerk).action_ar_email_works()
        for user in (clerk, self.collector, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.ann.with_user(user).ar_bounced_email = False
        self.assertTrue(self.ann.ar_bounced_email)

    def test_a_shared_address_is_no_good_for_anybody(self):
        self.ben.email = "Ann <ANN@customer.example>"
        self.incoming("failed")
        self.assertEqual(self.ben.ar_bounced_email, "ann@customer.example")
        self.work_day(4)
        self.assertEqual(self.case(self.ben).reason, "no_address")
        self.ann.with_user(self.collector).action_ar_email_works()
        self.assertFalse(self.ben.ar_bounced_email)

    def test_only_where_it_was_sent_to(self):
        """Nobody's address is crossed out by a report about another one's mail.

        A customer may change their own address in the portal, and write a report.
        """
        self.ann.email = "ben@customer.example"
        self.incoming("failed", recipient="ben@customer.example")
        self.assertEqual(self.sent.state, "sent")
        self.assertFalse(self.ben.ar_bounced_email)
        # one that does not say whom it is about is about where it was sent to
        self.incoming(
            "failed",
            {
                "Final-Recipient: rfc822; ben@customer.example\n": "",
                "Original-Recipient: rfc822;ben@customer.example\n": "",
            },
            recipient="ben@customer.example",
        )
        self.assertEqual(self.sent.state, "bounced")
        self.assertFalse(self.ben.ar_bounced_email)
        self.assertFalse(self.ann.ar_bounced_email, "it is another by now")

    def test_a_server_that_talks_too_much(self):
        old = "550 5.1.1 <ann@customer.example>: no such mailbox"
        self.incoming("failed", {old: f"{old} <b>{'sorry ' * 1000}</b>"})
        self.assertIn("no such mailbox <b>sorry", self.sent.failure_reason)
        self.assertLess(len(self.sent.failure_reason), 300)
        self.assertIn("&lt;b&gt;", self.activities("bounced").note)

    def test_merging_a_contact_whose_address_bounced(self):
        """Nobody writes the mark, but whoever merges contacts may."""
        self.incoming("failed")
        self.env.ref("base.group_partner_manager").user_ids |= self.manager
        new = self.customer("Ann's company", email=self.ann.email)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        new = new.with_user(self.manager)
        wizard.with_user(self.manager)._merge((self.ann + new).ids, new)
        self.env.invalidate_all()
        self.assertEqual(new.ar_bounced_text, "ann@customer.example")

    def test_a_colleagues_copy(self):
        """The report names somebody else: the customer's own mail has arrived."""
        self.incoming("failed", recipient="mona@seller.example")
        self.assertUntouched()

    def test_paid_meanwhile(self):
        self.pay(self.anns)
        self.incoming("failed")
        self.assertEqual(self.sent.state, "bounced")
        self.assertEqual(self.case_ann.state, "closed")
        self.assertFalse(self.activities("bounced"), "there is nothing to call about")
        self.assertEqual(self.ann.ar_bounced_email, "ann@customer.example")

    def test_after_the_next_level_has_arrived(self):
        """A late report takes no step back that another mail has taken since."""
        first = self.sent.message_id.message_id
        self.work_days(4, 30)
        latest = self.reminders(self.ann, "sent")[-1]
        self.assertNotEqual(latest, self.sent)
        level, day = latest.level_id, self.case_ann.last_demand_date
        self.incoming("failed", original=first)
        self.assertEqual(self.sent.state, "bounced")
        self.assertEqual(self.item(self.anns).level_id, level)
        self.assertEqual(self.case_ann.last_demand_date, day)

    def test_the_final_notice(self):
        """It takes its announced call back; once corrected, it is sent again."""
        self.set_policy(
            self.ann,
            [
                (3, "friendly"),
                (10, "final", {"activity_type_id": self.call_type.id}),
            ],
            min_gap_days=0,
        )
        self.work_days(4, 12)
        final = self.reminders(self.ann, "sent")[-1]
        self.assertEqual(final.tone, "final")
        self.assertTrue(self.call(self.ann))
        self.assertEqual(self.case_ann.reason, "ladder_done")
        self.incoming("failed", original=final.message_id.message_id)
        self.assertEqual((final.state, self.case_ann.reason), ("bounced", "bounced"))
        self.assertFalse(self.call(self.ann), "it announced a call that nobody read of")
        self.assertEqual(len(self.activities("bounced")), 1)
        self.ann.email = "ann@new.example"
        final.with_user(self.collector).action_cancel()
        self.work_day(13)
        self.assertEqual(len(self.received("ann@new.example")), 1)
        self.assertEqual(self.reminders(self.ann, "sent")[-1].tone, "final")

    @property
    def call_type(self):
        return self.env.ref("ar_followup_plus.mail_activity_type_call")

    def test_an_earlier_contact_still_counts(self):
        self.case_ann.sudo().last_demand_date = False
        self.travel(3, hour=8)
        self.engine["ar.contact.log"].create(
            {"case_id": self.case_ann.id, "outcome": "reached", "summary": "We spoke"}
        )
        self.travel(3)
        self.incoming("failed")
        day = (
            self.env["ar.contact.log"]
            .search([("case_id", "=", self.case_ann.id), ("outcome", "=", "reached")])
            ._contact_day()
        )
        self.assertEqual(self.case_ann.last_demand_date, day)

    def test_nobody_knew_whether_it_left(self):
        self.sent.sudo().write({"state": "unknown", "date_sent": False})
        self.incoming("failed")
        self.assertEqual(self.sent.state, "bounced")


@tagged("post_install", "-at_install")
class TestNoBounce(IncomingCommon):
    """Whatever else servers and people send back: nothing happened to the reminder."""

    def test_what_is_no_bounce(self):
        for name in NO_BOUNCES:
            for to in ARRIVALS:
                with self.subTest(name=name, to=to):
                    self.incoming(name, to=to)
                    self.assertUntouched()

    def test_it_is_kept_to_be_read_once(self):
        mail = self.mail("delayed", to=ARRIVALS[1])
        before = self.case_ann.message_ids
        self.gateway(mail)
        note = self.case_ann.message_ids - before
        self.assertIn("could not be delivered yet", note.ensure_one().body)
        self.assertTrue(note.is_internal)
        self.assertFalse(note.notification_ids)
        self.gateway(mail)
        self.assertEqual(self.case_ann.message_ids - before, note)

    def test_other_mails_are_left_to_odoo(self):
        message = self.ann.message_post(
            body="Hello", partner_ids=self.ann.ids, subtype_xmlid="mail.mt_comment"
        )
        self.incoming("failed", original=message.message_id)
        self.assertEqual(self.ann.message_bounce, 1)
        self.assertFalse(self.ann.ar_bounced_email)
        self.assertEqual(self.sent.state, "sent")

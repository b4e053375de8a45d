from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_incoming import IncomingCommon

TODAY = date(2026, 1, 8)
MACHINES = (
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated; reason=vacation",
    "Precedence: bulk",
    "Precedence: auto_reply",
    "Precedence: Junk",
    "Precedence: list",
    "X-Autoreply: yes",
    "X-Autorespond: Re: A friendly reminder",
    "X-Auto-Response-Suppress: DR, OOF, AutoReply",
    "Return-Path: <>",
)


@tagged("post_install", "-at_install")
class TestAnswer(IncomingCommon):
    """A customer answers a reminder."""

    @property
    def answers(self):
        return self.case_ann.contact_log_ids.filtered(lambda log: log.direction == "in")

    @property
    def pause(self):
        return self.case_ann.hold_ids.filtered(lambda hold: hold.kind == "replied")

    def test_lands_in_the_case_and_pauses_it(self):
        before = self.case_ann.message_ids
        self.incoming("answer_gmail")
        (message,) = self.case_ann.message_ids - before
        self.assertEqual(message.author_id, self.ann)
        self.assertIn("we will pay on Friday", message.body)
        self.assertRecordValues(
            self.answers,
            [
                {
                    "channel": "email",
                    "direction": "in",
                    "automated": True,
                    "contact_person_id": self.ann.id,
                    "reminder_id": False,
                }
            ],
        )
        self.assertRecordValues(
            self.pause,
            [{"date_from": TODAY, "date_to": TODAY + timedelta(5), "item_id": False}],
        )
        self.assertRecordValues(self.case_ann, [{"state": "held", "reason": "replied"}])
        activity = self.activities("answer")
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.date_deadline, TODAY)
        self.assertFalse(self.case(self.ben).hold_ids, "it is Ann's alone")

    def test_what_they_said_without_what_we_said(self):
        for name, subject, words in (
            ("answer_gmail", "Re", "Hello Carla,\nwe will pay on Friday.\nAnn"),
            (
                "answer_plain",
                "Re",
                "Hello Carla,\nthe goods arrived broken. Please take them back.\nAnn",
            ),
            ("answer_outlook", "AW", "Hello Carla,\nit was paid yesterday."),
            (
                "answer_after_forward",
                "Fwd",
                "Ann passed this on to me. I have it paid next week.",
            ),
        ):
            with self.subTest(name=name):
                self.incoming(name)
                self.assertEqual(
                    self.answers.sorted("id")[-1].summary,
                    f"{subject}: A friendly reminder\n{words}",
                )

    def test_from_another_address_of_the_customer(self):
        bob = self.env["res.partner"].create(
            {"name": "Bob", "parent_id": self.ann.id, "email": "bob@customer.example"}
        )
        self.incoming("answer_plain", sender="Bob <bob@customer.example>")
        self.assertEqual(self.answers.contact_person_id, bob)
        self.assertEqual(self.case_ann.reason, "replied")

    def test_from_an_address_nobody_knows(self):
        self.incoming("answer_plain", sender="Cy <cy@elsewhere.example>")
        self.assertFalse(self.answers.contact_person_id)
        self.assertIn("cy@elsewhere.example", self.answers.summary.splitlines()[0])
        self.assertEqual(self.case_ann.reason, "replied")
        self.assertEqual(len(self.activities("answer")), 1)

    def test_from_another_customer(self):
        """Whoever it says it is from: the case shows it, and the log says who."""
        self.incoming("answer_plain", sender="Ben <ben@customer.example>")
        self.assertIn("ben@customer.example", self.answers.summary.splitlines()[0])
        self.assertEqual(self.case_ann.reason, "replied")
        self.assertFalse(self.case(self.ben).hold_ids)

    def test_from_a_customer_who_works_in_this_database(self):
        """Two companies of one house: the one's accountant answers the other."""
        new_test_user(
            self.env,
            login="ar_at_customers",
            email="amy@customer.example",
            groups="base.group_user",
        ).partner_id.parent_id = self.ann
        self.incoming("answer_plain", sender="Amy <amy@customer.example>")
        self.assertEqual(self.case_ann.reason, "replied")

    def test_whatever_it_looks_like(self):
        """It is text to us, and no more of it than somebody would read."""
        long = "Please <b>read</b> this " * 500
        page = "text/plain; charset=utf-8"
        for kind, words in (
            (page, "<script>alert(1)</script> " + "x" * 50_000),
            (
                "text/html; charset=utf-8",
                '<?xml version="1.0" encoding="utf-8"?><html><body><p>We pay &lt;b&gt;'
                "soon<script>alert(1)</script></p></body></html>",
            ),
            ("text/html; charset=utf-8", "<!-- nothing -->"),
        ):
            with self.subTest(kind=kind, words=words[:20]):
                self.incoming(
                    "answer_plain",
                    {
                        "Re: A friendly reminder": long.replace("  ", " "),
                        page: kind,
                        "the goods arrived broken. Please take them back.": words,
                    },
                )
                answer = self.answers.sorted("id")[-1]
                self.assertIn("<b>read</b>", answer.summary)
                self.assertLess(len(answer.summary), 1500)
                self.assertLess(len(self.pause.note), 300)
        self.assertNotIn("<script", str(self.case_ann.message_ids.mapped("body")))

    def test_after_a_forward(self):
        self.incoming("answer_after_forward", sender="Bob <bob@customer.example>")
        self.assertIn("paid next week", self.answers.summary)
        self.assertEqual(self.case_ann.reason, "replied")

    def test_sent_to_the_bounce_address(self):
        """Some mail programs answer there. A person wrote it, so it is an answer."""
        self.incoming("answer_gmail", to="bounce@seller.example")
        self.assertEqual(self.case_ann.reason, "replied")
        self.assertFalse(self.ann.message_bounce)
        self.assertEqual(self.sent.state, "sent")

    def test_without_a_word_of_what_it_answers(self):
        """The address is every document's: Odoo asks the sender to write elsewhere."""
        self.incoming("answer_without_references")
        self.assertUntouched()
        self.assertEqual(len(self.received(self.ann)), 2)

    def test_a_second_answer_extends_the_pause(self):
        self.incoming("answer_gmail")
        hold = self.pause
        self.travel(5)
        self.incoming("answer_plain")
        self.assertEqual(self.pause, hold)
        self.assertEqual(hold.date_to, TODAY + timedelta(7))
        self.assertEqual(len(self.answers), 2)
        self.assertEqual(len(self.activities("answer")), 1, "one of a kind")

    def test_the_same_mail_twice(self):
        mail = self.mail("answer_gmail")
        self.gateway(mail)
        said = self.case_ann.message_ids
        self.gateway(mail)
        self.assertEqual(len(self.answers), 1)
        self.assertEqual(len(self.pause), 1)
        self.assertEqual(self.case_ann.message_ids, said)

    def test_no_demand_leaves_meanwhile(self):
        """Neither what is due nor what waited in the queue."""
        queued = self.prepare(20).filtered(lambda r: r.case_id == self.case_ann)
        self.assertEqual(queued.state, "queued")
        self.incoming("answer_gmail")
        self.assertEqual(queued.state, "cancelled")
        self.work_days(20, 25)
        self.assertEqual(len(self.received(self.ann)), 1)
        self.work_day(26)
        self.assertEqual(len(self.received(self.ann)), 2, "then it goes on")

    def test_no_pause_where_none_is_wanted(self):
        self.company.ar_reply_pause_days = 0
        self.incoming("answer_gmail")
        self.assertFalse(self.pause)
        self.assertEqual(len(self.answers), 1)
        self.assertEqual(len(self.activities("answer")), 1)

    def test_who_lifts_the_pause(self):
        """The responsible collector; others need an approver's right."""
        self.incoming("answer_gmail")
        stranger = self.collector.copy({"login": "ar_other", "email": "o@x.example"})
        self.assertFalse(self.pause.with_user(stranger).is_liftable)
        with self.assertRaises(AccessError):
            self.pause.with_user(stranger).action_lift()
        own = self.pause.with_user(self.collector)
        self.assertTrue(own.is_liftable)
        own.action_lift()
        self.assertEqual(self.case_ann.reason, "awaiting_answer")
        self.incoming("answer_plain")
        self.assertEqual(len(self.pause), 2, "what was lifted is not extended")
        self.assertEqual(self.case_ann.reason, "replied")

    def test_a_colleague_answers_from_their_mail_program(self):
        self.incoming("answer_plain", sender="Carla Collector <carla@seller.example>")
        self.assertUntouched()
        self.incoming("answer_plain", sender="The Seller <office@seller.example>")
        self.assertUntouched()

    def test_paid_meanwhile(self):
        self.pay(self.anns)
        self.incoming("answer_gmail")
        self.assertEqual(self.case_ann.state, "closed")
        self.assertEqual(len(self.answers), 1)
        self.assertEqual(len(self.activities("answer")), 1)

    def test_customers_never_follow_their_case(self):
        """So nothing said about them in the chatter is sent to them."""
        self.incoming("answer_gmail")
        self.incoming("answer_after_forward", sender="Bob <bob@customer.example>")
        case = self.case_ann.with_user(self.collector)
        case.message_subscribe(partner_ids=(self.ann | self.manager.partner_id).ids)
        case.with_context(mail_post_autofollow=True).message_post(
            body="Thank you", partner_ids=self.ann.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertIn(self.manager.partner_id, case.message_partner_ids)
        self.assertFalse(case.message_partner_ids.filtered("partner_share"))
        got = len(self.received(self.ann))
        case.message_post(body="They always say so.", subtype_xmlid="mail.mt_note")
        case.message_post(body="Shall we?", subtype_xmlid="mail.mt_comment")
        self.assertEqual(len(self.received(self.ann)), got)
        self.assertFalse(self.received("bob@customer.example"))

    def test_somebody_works_on_the_case(self):
        """The answer is kept; what follows from it is decided with the next tick."""
        self.patch(
            type(self.env["ar.followup.case"]),
            "try_lock_for_update",
            lambda cases, **_options: cases.browse(),
        )
        self.incoming("answer_gmail")
        self.assertEqual(len(self.answers), 1)
        self.assertTrue(self.pause)
        self.assertEqual(self.case_ann.reason, "awaiting_answer")
        self.work_day()
        self.assertEqual(self.case_ann.reason, "replied")


@tagged("post_install", "-at_install")
class TestAutomaticAnswer(IncomingCommon):
    """A machine answers: it is shown, and means nothing."""

    def test_machines_are_no_customers(self):
        for header in MACHINES:
            for name in ("answer_gmail", "answer_plain"):
                with self.subTest(header=header, name=name):
                    old = "Return-Path: <ann@customer.example>"
                    new = header if "Return-Path" in header else f"{header}\n{old}"
                    before = self.case_ann.message_ids
                    self.incoming(name, {old: new})
                    self.assertEqual(len(self.case_ann.message_ids - before), 1)
                    self.assertUntouched()

    def test_a_person_says_so(self):
        old = "Return-Path:"
        self.incoming("answer_plain", {old: f"Auto-Submitted: no\n{old}"})
        self.assertEqual(self.case_ann.reason, "replied")

    def test_ours_ask_machines_not_to_answer(self):
        """Read on the wire."""
        (mail,) = self.received(self.ann)
        self.assertEqual(mail.message["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail.message["X-Auto-Response-Suppress"], "OOF, AutoReply")
        self.assertIn("catchall@seller.example", mail.message["Reply-To"])

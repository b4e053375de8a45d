"""Who sees a payment plan in the portal, and what becomes of what they do there."""

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import START
from .common_portal import SIGNATURE, PortalPlanCommon

SCRIPT = "<script>alert(1)</script>"
WERKZEUG = "odoo.http"


@tagged("post_install", "-at_install")
class TestWhoSeesPlans(PortalPlanCommon):
    """A plan is its customer's, or of whoever has its link; others learn nothing."""

    def status(self, plan=None, **params):
        return self.url_open(self.link(plan, **params)).status_code

    def test_its_customer(self):
        self.log_in("al")
        self.assertIn(self.offer.name, self.reads("/my/payment-plans"))
        page = self.reads(self.link(token=False))
        for text in (self.offer.name, "$ 1,000.00", "$ 250.00", self.bill.name):
            self.assertIn(text, page)
        self.assertIn("February 12, 2026", page)
        count = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["payment_plan_count"]}
        )
        self.assertEqual(count, {"payment_plan_count": 1})

    def test_whoever_has_the_link(self):
        self.log_in()
        self.assertIn(self.offer.name, self.reads(self.link()))

    def test_nobody_else(self):
        """A guessed number, a guessed token, or the token of another plan."""
        other = self.approved(self.two_invoices()[0])
        other_token = other.sudo()._portal_ensure_token()
        token = self.offer.sudo()._portal_ensure_token()
        for login in (None, "eve"):
            self.log_in(login)
            for guess in (None, "", "x", "é", token[:-1], token.upper(), other_token):
                with self.subTest(login=login, guess=guess):
                    self.assertEqual(self.status(token=guess), 404)
            for suffix in ("/accept", "/decline"):
                with self.subTest(login=login, suffix=suffix), mute_logger(WERKZEUG):
                    response = self.url_open(
                        self.link(suffix=suffix, token="x"),
                        data={"csrf_token": Request.csrf_token(self), "reason": "No"},
                    )
                    self.assertEqual(response.status_code, 404)
            for number in (0, 10**6, 10**12, 10**20):
                url = f"/my/payment-plans/{number}?access_token={token}"
                self.assertEqual(self.url_open(url).status_code, 404)
        self.assertNotIn(self.offer.name, self.reads("/my/payment-plans"))
        self.assertEqual(self.offer.state, "approved")

    def test_the_link_opens_no_chatter(self):
        """What colleagues write to one another stays theirs, whatever is called."""
        self.offer.message_post(
            body="Do they mean it?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        thread = {
            "thread_model": self.offer._name,
            "thread_id": self.offer.id,
            "token": self.offer.sudo()._portal_ensure_token(),
        }
        before = self.offer.sudo().message_ids
        for login in (None, "al"):
            self.log_in(login)
            for url, params in (
                ("/mail/chatter_fetch", {}),
                ("/mail/message/post", {"post_data": {"body": "Hello."}}),
            ):
                with (
                    self.subTest(login=login, url=url),
                    mute_logger(WERKZEUG),
                    self.assertRaises(JsonRpcException),
                ):
                    self.make_jsonrpc_request(url, {**thread, **params})
        self.assertEqual(self.offer.sudo().message_ids, before)

    def test_a_plan_without_a_token_has_no_link(self):
        self.offer.sudo().access_token = False
        self.log_in()
        for guess in (None, "", "False", "None"):
            self.assertEqual(self.status(token=guess), 404)

    def test_nobody_before_it_is_approved(self):
        first, _second = self.two_invoices()
        cem = self.visitor("cem", first.partner_id)
        plan = self.plan(first)
        self.log_in("cem")
        for step in ("draft", "to_approve", "withdrawn"):
            if step == "to_approve":
                plan.action_submit()
            if step == "withdrawn":
                plan.sudo()._set_state("cancelled", end_reason="withdrawn")
            with self.subTest(step):
                self.assertEqual(self.status(plan), 404)
                self.assertEqual(self.status(plan, token=False), 404)
                self.assertEqual(self.status(plan, report_type="pdf"), 404)
                self.assertEqual(self.accept(plan).status_code, 404)
                self.assertIn("no payment plan", self.reads("/my/payment-plans"))
        self.assertFalse(plan.accepted_on)
        self.assertEqual(cem.partner_id.commercial_partner_id, plan.partner_id)

    def test_customers_have_no_rights_of_their_own(self):
        """Neither as a user of Odoo, nor by asking for the report by its name."""
        for model in ("ar.payment.plan", "ar.payment.plan.line"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.al).search([]).read(["state"])
        self.log_in("al")
        for way in ("html", "pdf"):
            url = f"/report/{way}/ar_followup_plus.report_payment_plan/{self.offer.id}"
            with self.subTest(way), mute_logger("odoo.http", "odoo.addons.web"):
                response = self.url_open(url)
                self.assertNotEqual(response.status_code, 200)
                self.assertNotIn(self.bill.name, response.text)

    def test_how_it_ended(self):
        """Kindly, and with what to do next."""
        plan = self.offer.sudo()
        self.log_in()
        for state, end_reason, said in (
            ("done", "paid", "Everything has been paid"),
            ("broken", False, "we will look for a way together"),
            ("cancelled", "declined", "You declined this offer"),
            ("cancelled", "lapsed", "This offer has ended"),
            ("cancelled", "replaced", "Another plan has taken the place"),
            ("cancelled", "withdrawn", "We have withdrawn this plan"),
        ):
            plan.write({"state": state, "end_reason": end_reason})
            with self.subTest(state=state, end_reason=end_reason):
                page = self.reads(self.link())
                self.assertIn(said, page)
                self.assertNotIn("Accept this plan", page)
                self.assertNotIn("Payment reference", page)

    def test_a_long_list_takes_no_more_queries(self):
        more = [self.invoice(self.ann, 100, due=START) for _number in range(4)]
        self.engine["ar.followup.case"]._collect(self.company, START)
        plans = self.offer | self.offer.union(*(self.approved(bill) for bill in more))
        self.env.flush_all()

        def queries(plans):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            values = {"plans": plans.sudo(), "pager": None, "page_name": "payment_plan"}
            text = self.env["ir.qweb"]._render(
                "ar_followup_plus.portal_plan_rows", values
            )
            for plan in plans:
                self.assertIn(plan.name, text)
            return self.env.cr.sql_log_count - before

        few = plans.browse(plans[:2].ids)
        queries(plans)  # the view is compiled once
        self.assertLessEqual(queries(plans), queries(few))

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.al.lang = "fr_FR"
        self.log_in("al")
        self.assertIn("12 février 2026", self.reads(self.link(token=False)))


@tagged("post_install", "-at_install")
class TestAnswers(PortalPlanCommon):
    """Accepting and declining: once, by a person, while it is an offer."""

    def test_accepted(self):
        self.log_in()
        result = self.result(self.accept())
        self.assertTrue(result["force_refresh"])
        plan = self.offer.sudo()
        self.assertEqual(plan.state, "active")
        self.assertEqual(plan.accepted_by, "Ann Other")
        self.assertEqual(plan.accepted_how, "portal")
        self.assertEqual(plan.accepted_on.date(), START + timedelta(days=5))
        self.assertEqual(plan.accepted_ip, "127.0.0.1")
        self.assertEqual(plan.accepted_agent, "A browser of Ann's")
        self.assertEqual(plan.signature.decode(), SIGNATURE)
        self.assertEqual(plan.accepted_hash, plan._hash())
        self.assertEqual(plan.accepted_log_id.channel, "portal")
        note = plan.message_ids[0]
        self.assertIn("Ann Other accepts", note.body)
        self.assertEqual(note.author_id, plan.partner_id)
        page = self.reads(result["redirect_url"])
        self.assertIn("Thank you for accepting", page)
        self.assertIn("Accepted by Ann Other on January 10, 2026", page)
        self.assertNotIn("Decline", page)

    def test_accepted_by_who_has_an_account(self):
        self.log_in("al")
        page = unescape(self.url_open(self.link()).text)
        self.assertIn('"defaultName": "Al"', page)
        self.result(self.accept(name="  Al  ", token=False))
        self.assertEqual(self.offer.accepted_by, "Al")

    def test_accepted_twice(self):
        """The page was open in two windows: the second says how it stands."""
        self.log_in()
        self.result(self.accept())
        result = self.result(self.accept(name="Somebody Else"))
        self.assertIn("Accepted by Ann Other", result["error"])
        self.assertEqual(self.offer.accepted_by, "Ann Other")
        self.assertIn("could not be recorded", self.decline().text)
        self.assertEqual(self.offer.state, "active")

    def test_accepted_too_late(self):
        self.log_in()
        last = self.offer.offer_until
        self.travel(last)
        self.assertIn("accept it by", self.reads(self.link()))
        self.travel(last + timedelta(days=1))
        self.assertIn("This offer has ended", self.reads(self.link()))
        self.assertIn("has ended", self.result(self.accept())["error"])
        self.decline()
        self.assertEqual(self.offer.state, "approved", "the daily work ends it")
        self.offer._lapse(self.company, last + timedelta(days=1))
        self.assertIn("This offer has ended", self.reads(self.link()))
        self.assertIn("has ended", self.result(self.accept())["error"])
        self.assertFalse(self.offer.accepted_on)

    def test_declined(self):
        self.log_in()
        page = self.decline().text
        self.assertIn("Thank you for telling us", page)
        self.assertIn("You declined this offer", page)
        self.assertNotIn("Open", page, "as if there were something to pay")
        self.assertNotIn("As long as this plan is kept", " ".join(page.split()))
        self.assertEqual(
            (self.offer.state, self.offer.end_reason, self.offer.decline_reason),
            ("cancelled", "declined", "Too short, <b>please</b>"),
        )
        self.assertIn("You declined", self.result(self.accept())["error"])

    def test_declined_without_a_reason(self):
        self.log_in()
        self.assertIn("tell us why", self.decline(reason=" ").text)
        self.assertEqual(self.offer.state, "approved")

    def test_something_is_missing(self):
        self.log_in()
        for name, signature, error in (
            ("", SIGNATURE, "your name"),
            (" ", SIGNATURE, "your name"),
            (["Ann"], SIGNATURE, "your name"),
            (None, SIGNATURE, "your name"),
            ("Ann", "", "sign before"),
            ("Ann", {"x": 1}, "sign before"),
            ("Ann", "xyz", "image"),
            ("Ann", "TWFu", "image"),
        ):
            with self.subTest(name=name, signature=signature):
                result = self.result(self.accept(name=name, signature=signature))
                self.assertIn(error, result["error"])
        with mute_logger(WERKZEUG):
            for data in ("{", "[]", '{"params": []}'):
                response = self.url_open(
                    self.link(suffix="/accept", csrf_token=Request.csrf_token(self)),
                    data=data,
                    headers={"Content-Type": "application/json"},
                )
                self.assertLess(response.status_code, 500)
        self.assertEqual(self.offer.state, "approved")

    def test_only_from_our_own_page(self):
        """What another site makes a browser send has no token of this session."""
        self.log_in()
        foreign = Request.csrf_token(self)
        self.log_in("al")
        form = {"reason": "No", "name": "Al", "signature": SIGNATURE}
        with mute_logger(WERKZEUG):
            for token in ("", "x", foreign):
                self.assertEqual(self.accept(csrf_token=token).status_code, 400)
                for suffix in ("/accept", "/decline"):
                    with self.subTest(token=token, suffix=suffix):
                        response = self.url_open(
                            self.link(suffix=suffix), data={**form, "csrf_token": token}
                        )
                        self.assertEqual(response.status_code, 400)
            for suffix in ("/accept", "/decline"):
                self.assertNotEqual(
                    self.url_open(self.link(suffix=suffix)).status_code, 200
                )
        self.assertEqual(self.offer.state, "approved")

    def test_not_by_colleagues(self):
        """They look at the page; what the customer said, they record on the plan."""
        new_test_user(self.env, login="sales", groups="base.group_user")
        for login in ("sales", "ar_collector"):
            self.log_in(login)
            self.assertIn("as a colleague", self.result(self.accept())["error"])
            self.decline()
        self.assertEqual(self.offer.state, "approved")

    def test_what_they_type_is_text(self):
        self.log_in()
        self.result(self.accept(name=SCRIPT))
        self.assertEqual(self.offer.accepted_by, SCRIPT)
        for page in (self.link(), self.link(report_type="pdf")):
            self.assertNotIn(SCRIPT, self.url_open(page).text)
        self.assertIn(SCRIPT, self.reads(self.link()), "as they wrote it")
        self.assertWritten()

    def test_a_reason_is_text(self):
        self.log_in()
        self.assertNotIn(SCRIPT, self.decline(reason=SCRIPT).text)
        self.assertEqual(self.offer.decline_reason, SCRIPT)
        self.assertWritten()

    def assertWritten(self):
        """It is in the history of the plan, as text."""
        bodies = " ".join(map(str, self.offer.sudo().message_ids.mapped("body")))
        bodies += " ".join(map(str, self.offer.sudo().activity_ids.mapped("note")))
        self.assertIn("&lt;script&gt;", bodies)
        self.assertNotIn("<script", bodies)


@tagged("post_install", "-at_install")
class TestPayingOnline(PortalPlanCommon):
    """What is due now, as links to the plan's invoices, the oldest first."""

    def setUp(self):
        super().setUp()
        self.settings = self.env["ir.config_parameter"].sudo()
        self.settings.set_param("account_payment.enable_portal_payment", "True")
        self.bills = self.two_invoices()
        # 200 each, on the 15th of January and each week after
        self.agreed = self.accepted(
            self.bills[0] | self.bills[1],
            installment_count=4,
            interval_unit="week",
            date_first=START + timedelta(days=10),
        )
        self.log_in()

    def links(self):
        page = self.url_open(self.link(self.agreed))
        self.assertEqual(page.status_code, 200)
        return [
            (link.name, link.amount) for link in self.agreed.sudo()._pay_links()
        ], page.text

    def test_the_next_instalment(self):
        links, page = self.links()
        self.assertEqual(links, [(self.bills[0].name, 200)])
        self.assertIn("amount=200.0", page)

    def test_all_that_is_due(self):
        """The oldest invoice is paid first, the next takes the rest."""
        self.travel(18)
        links, _page = self.links()
        self.assertEqual(links, [(self.bills[0].name, 300), (self.bills[1].name, 100)])
        self.pay(self.bills[0], 250)
        self.assertEqual(
            self.links()[0], [(self.bills[0].name, 50), (self.bills[1].name, 100)]
        )

    def test_the_link_leads_to_the_payment(self):
        (link,) = self.agreed.sudo()._pay_links()
        page = self.url_open(urlsplit(link.url)._replace(netloc="", scheme="").geturl())
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_payment_installments_modal", page.text)
        self.assertIn(self.bills[0].name, page.text)
        self.assertRegex(page.text, r"200\.00")
        query = parse_qs(urlsplit(link.url).query)
        more = link.url.replace("amount=200.0", "amount=1.0")
        self.assertEqual(query["amount"], ["200.0"])
        refused = self.url_open(more, allow_redirects=False)
        self.assertIn(refused.status_code, (302, 303, 308))

    def test_only_where_invoices_are_paid_online(self):
        self.settings.set_param("account_payment.enable_portal_payment", "False")
        links, page = self.links()
        self.assertEqual(links, [])
        self.assertNotIn("payment_token", page)
        self.assertIn(self.agreed.name, page, "by transfer, with this reference")

    def test_only_once_it_was_accepted(self):
        self.assertFalse(self.offer.sudo()._pay_links())

    def test_nothing_when_all_is_paid(self):
        self.pay(self.bills[0])
        self.pay(self.bills[1])
        links, page = self.links()
        self.assertEqual(links, [])
        self.assertNotIn("Payment reference", page)

"""Who and what is left alone from the first day."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_events import EventsCommon, day


class ExclusionsCommon(EventsCommon):
    def setUp(self):
        super().setUp()
        self.partner = self.customer()

    def assertLeftAlone(self, reason, partner=None):
        """No message on any of the ladder's days, and the case says why."""
        partner = partner or self.partner
        for number in (3, 14, 30, 60):
            self.work_day(number)
        self.assertFalse(self.received(partner))
        self.assertFalse(self.reminders(partner))
        self.assertEqual(self.case(partner).reason, reason)

    def assertAsked(self, *moves):
        """The last message asks for these invoices and no others."""
        lines = self.reminders(self.partner)[-1].line_ids
        asked = {line.item_id.move_id for line in lines if line.amount_asked}
        self.assertEqual(asked, set(moves))


@tagged("post_install", "-at_install")
class TestInvoices(ExclusionsCommon):
    """Invoices nobody is to be asked for."""

    def setUp(self):
        super().setUp()
        self.move = self.invoice(self.partner, due=0)

    def test_no_followup_on_the_only_invoice(self):
        self.move.no_followup = True
        self.assertLeftAlone("no_followup")
        self.assertEqual(self.case(self.partner).state, "held")

    def test_no_followup_on_one_of_two(self):
        other = self.invoice(self.partner, 70, due=0)
        self.move.no_followup = True
        self.work_day(3)
        self.assertAsked(other)
        self.assertNotIn(self.move.name, self.received(self.partner)[0].html)
        self.assertStands(self.move, None)

    def test_no_followup_taken_back(self):
        self.move.no_followup = True
        self.work_day(14)
        self.move.no_followup = False
        self.work_day(15)
        self.assertSent(self.partner, self.first)

    def test_a_blocked_payment(self):
        self.move.action_toggle_block_payment()
        self.assertEqual(self.move.payment_state, "blocked")
        self.assertLeftAlone("blocked")

    def test_a_blocked_payment_beside_another(self):
        other = self.invoice(self.partner, 70, due=0)
        self.move.action_toggle_block_payment()
        self.work_day(3)
        self.assertAsked(other)

    def test_a_blocked_payment_released(self):
        self.work_day(3)
        self.move.action_toggle_block_payment()
        self.work_day(14)
        self.assertSent(self.partner, self.first)
        self.move.action_toggle_block_payment()
        self.work_day(15)
        self.assertSent(self.partner, self.first, self.second)

    def test_a_blocked_invoice_that_is_paid_is_over(self):
        self.work_day(3)
        self.move.action_toggle_block_payment()
        self.pay(self.move)
        self.assertEqual(self.move.payment_state, "blocked")  # Odoo leaves it so
        self.work_day(4)
        self.assertEqual(self.case(self.partner).state, "closed")

    def test_drafts_and_cancelled_entries(self):
        self.pay(self.move)
        draft = self.invoice(self.partner, 500, due=0, post=False)
        cancelled = self.invoice(self.partner, 600, due=0)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.work_day(3)
        self.assertFalse(self.case(self.partner))
        other = self.invoice(self.partner, 70, due=0)
        self.work_day(4)
        self.assertAsked(other)
        self.assertEqual(self.case(self.partner).amount_overdue, 70)
        self.assertFalse(self.item(draft) | self.item(cancelled))

    def test_a_payment_that_is_registered_but_not_booked(self):
        """With some accounting apps the residual stays open in this state."""
        for state in ("in_payment", "paid", "reversed"):
            with self.subTest(state):
                self.move.payment_state = state
                self.work_day(3)
                self.assertFalse(self.case(self.partner))
        self.move.payment_state = "partial"
        self.work_day(4)
        self.assertSent(self.partner, self.first)

    def test_due_before_the_start_date(self):
        self.company.ar_followup_start_date = day(1)
        newer = self.invoice(self.partner, 70, due=1)
        self.work_day(3)
        self.assertFalse(self.reminders(self.partner))
        self.work_day(4)
        self.assertAsked(newer)
        self.assertStands(self.move, None)

    def test_everything_due_before_the_start_date(self):
        self.company.ar_followup_start_date = day(1)
        self.assertLeftAlone("before_start")

    def test_a_balance_covered_by_credits(self):
        self.credit(self.partner, 100)
        self.assertLeftAlone("credit_covers")

    def test_instalments_not_yet_due(self):
        self.pay(self.move)
        later = self.invoice(
            self.partner,
            1000,
            invoice_date=day(0),
            invoice_date_due=False,
            invoice_payment_term_id=self.pay_terms_b.id,
        )
        self.pay(later, 300)
        self.work_day(3)
        self.assertFalse(self.case(self.partner))
        self.work_day(30)
        self.assertFalse(self.sink.mails)


@tagged("post_install", "-at_install")
class TestTolerance(ExclusionsCommon):
    """The total a customer owes is too small to ask for."""

    def setUp(self):
        super().setUp()
        self.policy.tolerance_amount = 10

    def test_a_total_within_tolerance(self):
        self.invoice(self.partner, 10, due=0)
        self.assertLeftAlone("tolerance")
        self.assertEqual(self.case(self.partner).state, "waiting")

    def test_a_cent_more(self):
        move = self.invoice(self.partner, 10.01, due=0)
        self.work_day(3)
        self.assertAsked(move)

    def test_small_invoices_add_up(self):
        moves = [self.invoice(self.partner, 4, due=0) for _number in range(3)]
        self.work_day(3)
        self.assertAsked(*moves)

    def test_what_is_not_due_yet_does_not_count(self):
        self.invoice(self.partner, 4, due=0)
        self.invoice(self.partner, 500, due=300)
        self.assertLeftAlone("tolerance")

    def test_what_credits_leave_counts(self):
        self.invoice(self.partner, 100, due=0)
        self.credit(self.partner, 95)
        self.assertLeftAlone("tolerance")

    def test_currencies_are_weighed_in_the_companys(self):
        euro = self.setup_other_currency("EUR")  # two for one
        self.invoice(self.partner, 4, due=0)
        self.invoice(self.partner, 12, due=0, currency_id=euro.id)
        self.assertLeftAlone("tolerance")

    def test_together_beyond_tolerance_in_the_companys_currency(self):
        euro = self.setup_other_currency("EUR")
        own = self.invoice(self.partner, 4, due=0)
        foreign = self.invoice(self.partner, 12.04, due=0, currency_id=euro.id)
        self.work_day(3)
        self.assertAsked(own, foreign)


@tagged("post_install", "-at_install")
class TestCustomers(ExclusionsCommon):
    """Customers nobody is to write to."""

    def test_own_companies_as_customers(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        sister.partner_id.email = "office@sister.example"
        for partner in (self.company.partner_id, sister.partner_id):
            self.invoice(partner, due=0)
        contact = self.env["res.partner"].create(
            {
                "name": "Ann of the sister",
                "email": "ann@sister.example",
                "parent_id": sister.partner_id.id,
            }
        )
        self.invoice(contact, due=0)
        for number in (3, 14, 30):
            self.work_day(number)
        self.assertFalse(self.sink.mails)
        self.assertFalse(self.case(self.company.partner_id))
        self.assertFalse(self.case(sister.partner_id))

    def test_a_customer_who_becomes_a_company_of_ours(self):
        self.invoice(self.partner, due=0)
        self.work_day(3)
        self.env["res.company"].create(
            {"name": "Bought", "partner_id": self.partner.id}
        )
        self.work_day(14)
        self.assertSent(self.partner, self.first)
        self.assertEqual(self.case(self.partner).reason, "no_followup")

    def test_archived_customers(self):
        self.invoice(self.partner, due=0)
        self.partner.active = False
        for number in (3, 14):
            self.work_day(number)
        self.assertFalse(self.case(self.partner))
        self.assertFalse(self.sink.mails)

    def test_customers_whose_money_is_collected_automatically(self):
        other = self.customer("By mandate")
        self.assertFalse((self.partner | other)._ar_is_collected_automatically())
        for partner in (self.partner, other):
            self.invoice(partner, due=0)
        with patch.object(
            self.registry["res.partner"],
            "_ar_is_collected_automatically",
            lambda partners: partners.filtered(lambda one: one.id == other.id),
        ):
            self.assertLeftAlone("no_followup", other)
        self.assertEqual(len(self.received(self.partner)), 4)

    def test_a_mandate_that_arrives_later_stops_a_prepared_reminder(self):
        self.policy.review_always = True
        self.invoice(self.partner, due=0)
        self.work_day(3)
        reminder = self.reminders(self.partner, "to_review")
        with patch.object(
            self.registry["res.partner"],
            "_ar_is_collected_automatically",
            lambda partners: partners,
        ):
            reminder.action_send()
        self.assertEqual(reminder.state, "cancelled")
        self.assertFalse(self.sink.mails)

    def test_suppliers_and_people_without_debts_have_no_case(self):
        self.credit(self.partner, 50)
        self.work_day(30)
        self.assertFalse(self.case(self.partner))


@tagged("post_install", "-at_install")
class TestOtherAddons(ExclusionsCommon):
    """Another addon reminds the same customers: ours stays off and says why."""

    def install(self, name, shortdesc):
        """What the list of addons looks like once this one is installed."""
        Module = self.env["ir.module.module"].sudo()
        module = Module.search([("name", "=", name)]) or Module.create({"name": name})
        module.write({"state": "installed", "shortdesc": shortdesc})
        return module

    def test_the_mode_cannot_be_switched_on(self):
        self.company.ar_followup_mode = "off"
        for name, shortdesc in (
            ("account_followup", "Payment Follow-up Management"),
            ("account_credit_control", "Account Credit Control"),
        ):
            with self.subTest(name):
                module = self.install(name, shortdesc)
                for mode in ("review", "automatic"):
                    with self.assertRaises(UserError) as raised:
                        self.company.ar_followup_mode = mode
                    self.assertIn(shortdesc, str(raised.exception))
                self.company.invalidate_recordset()
                settings = self.env["res.config.settings"].create({})
                self.assertIn(shortdesc, settings.ar_followup_conflict)
                module.state = "uninstalled"
        self.company.sudo().ar_followup_mode = "automatic"
        self.assertFalse(
            self.env["res.config.settings"].create({}).ar_followup_conflict
        )

    def test_installed_while_the_mode_is_on_nothing_leaves(self):
        self.invoice(self.partner, due=0)
        module = self.install("account_followup", "Payment Follow-up Management")
        for number in (3, 14):
            self.work_day(number)
        self.assertFalse(self.sink.mails)
        self.assertFalse(self.reminders(self.partner))
        with self.assertRaises(UserError) as raised:
            run = self.engine["ar.followup.run"].create(
                {"company_id": self.company.id, "date": day(14)}
            )
            run.action_run()
        self.assertIn("Payment Follow-up Management", str(raised.exception))
        module.state = "uninstalled"
        self.work_day(15)
        self.assertSent(self.partner, self.first)

    def test_installed_meanwhile_a_prepared_reminder_does_not_leave(self):
        self.policy.review_always = True
        self.invoice(self.partner, due=0)
        self.work_day(3)
        reminder = self.reminders(self.partner, "to_review")
        self.install("account_followup", "Payment Follow-up Management")
        reminder.action_send()
        self.assertFalse(self.sink.mails)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("Payment Follow-up Management", reminder.failure_reason)

    def test_a_preview_is_still_possible(self):
        self.invoice(self.partner, due=0)
        self.install("account_followup", "Payment Follow-up Management")
        run = self.preview(day(3))
        self.assertEqual(run.state, "done")
        self.assertEqual(run.decision_ids.mapped("reason"), ["remind"])

"""Several companies: each follows up by itself, in its own mode and time zone."""

from datetime import datetime

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common_events import EventsCommon, day


class CompaniesCommon(EventsCommon):
    """A sister company beside the seller, with a customer they share."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sister_data = cls.setup_other_company(name="The Sister")
        cls.sister = cls.sister_data["company"]
        cls.sister.partner_id.write({"tz": "UTC", "email": "office@sister.example"})
        cls.shared = cls.customer("Shared")

    def invoice_of_sister(self, partner, amount=100.0, due=0):
        journal = self.sister_data["default_journal_sale"]
        move = self.invoice(partner, amount, due=due, journal_id=journal.id)
        self.assertEqual(move.company_id, self.sister)
        return move

    def case_of(self, company, partner):
        return self.engine["ar.followup.case"].search(
            [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
        )


@tagged("post_install", "-at_install")
class TestSharedCustomer(CompaniesCommon):
    """One customer owes money to two companies."""

    def setUp(self):
        super().setUp()
        self.move = self.invoice(self.shared, due=0)
        self.sister_move = self.invoice_of_sister(self.shared, 500, due=0)

    def test_a_company_that_is_off_does_nothing(self):
        self.assertEqual(self.sister.ar_followup_mode, "off")
        self.work_day(3)
        self.assertSent(self.shared, self.first)
        self.assertFalse(self.case_of(self.sister, self.shared))
        self.assertFalse(self.item(self.sister_move))
        asked = self.reminders(self.shared).line_ids.mapped("amount_asked")
        self.assertEqual(asked, [100])

    def test_each_company_has_its_own_case_and_mode(self):
        self.sister.ar_followup_mode = "review"
        self.work_day(3)
        own = self.case_of(self.company, self.shared)
        theirs = self.case_of(self.sister, self.shared)
        self.assertEqual((len(own), len(theirs)), (1, 1))
        self.assertEqual(own.item_ids.move_id, self.move)
        self.assertEqual(theirs.item_ids.move_id, self.sister_move)
        self.assertEqual(own.reminder_ids.mapped("state"), ["sent"])
        self.assertEqual(theirs.reminder_ids.mapped("state"), ["to_review"])
        self.assertEqual((own.amount_overdue, theirs.amount_overdue), (100, 500))
        for company, case in ((self.company, own), (self.sister, theirs)):
            for records in (
                case.item_ids,
                case.reminder_ids,
                case.reminder_ids.line_ids,
                case.decision_ids,
            ):
                self.assertEqual(records.company_id, company, records._name)

    def test_one_switched_off_the_other_goes_on(self):
        self.sister.sudo().ar_followup_mode = "automatic"
        self.work_day(3)
        self.assertEqual(len(self.received(self.shared)), 2)
        self.sister.ar_followup_mode = "off"
        self.work_day(14)
        self.assertSent(self.shared, self.first, self.second)
        self.assertEqual(
            self.case_of(self.sister, self.shared).reminder_ids.mapped("state"),
            ["sent"],
        )
        self.assertEqual(len(self.received(self.shared)), 3)

    def test_a_credit_covers_only_debts_to_the_same_company(self):
        self.sister.sudo().ar_followup_mode = "automatic"
        self.credit(self.shared, 1000)
        self.work_day(3)
        self.assertEqual(
            self.case_of(self.company, self.shared).reason, "credit_covers"
        )
        theirs = self.case_of(self.sister, self.shared)
        self.assertEqual(theirs.reminder_ids.mapped("state"), ["sent"])

    def test_each_mail_comes_from_its_company(self):
        self.sister.sudo().ar_followup_mode = "automatic"
        self.work_day(3)
        mails = self.received(self.shared)
        self.assertEqual(len(mails), 2)
        for name, amount in (("The Seller", "100.00"), ("The Sister", "500.00")):
            (mail,) = [mail for mail in mails if name in mail.subject]
            self.assertIn(amount, mail.html)
            other = "500.00" if amount == "100.00" else "100.00"
            self.assertNotIn(other, mail.html)

    def test_the_customers_form_shows_the_company_one_works_in(self):
        self.sister.sudo().ar_followup_mode = "automatic"
        self.work_day(3)
        for company, amount in ((self.company, 100), (self.sister, 500)):
            partner = self.shared.with_company(company)
            self.assertEqual(
                partner.ar_case_id.sudo(), self.case_of(company, self.shared)
            )
            self.assertEqual(partner.ar_amount_overdue, amount)


@tagged("post_install", "-at_install")
class TestPolicies(CompaniesCommon):
    """A policy belongs to one company, or to all."""

    def setUp(self):
        super().setUp()
        self.sister.sudo().ar_followup_mode = "automatic"

    def test_a_customers_policy_counts_in_one_company_only(self):
        own = self.set_policy(self.shared, self.plain((20, "friendly")), name="Kind")
        self.assertEqual(self.shared._ar_policy(self.company)[self.shared], own)
        self.assertEqual(
            self.shared._ar_policy(self.sister)[self.shared],
            self.sister.ar_followup_policy_id,
        )
        self.invoice(self.shared, due=0)
        self.invoice_of_sister(self.shared, due=0)
        self.work_day(3)
        self.assertFalse(self.case_of(self.company, self.shared).reminder_ids)
        self.assertEqual(
            self.case_of(self.sister, self.shared).reminder_ids.level_id,
            self.level("friendly"),
        )

    def test_another_companys_policy_never_applies(self):
        theirs = self.env["ar.followup.policy"].create(
            {
                "name": "The sister's own",
                "company_id": self.sister.id,
                "level_ids": [self._new_level(1, "friendly")],
            }
        )
        self.shared.with_company(self.company).ar_followup_policy_id = theirs
        self.invoice(self.shared, due=0)
        self.work_day(2)
        self.assertFalse(self.reminders(self.shared))
        self.work_day(3)
        self.assertSent(self.shared, self.first)
        self.assertEqual(self.case(self.shared).policy_id, self.policy)

    def test_another_companys_policy_cannot_be_the_default(self):
        theirs = self.policy.copy({"company_id": self.sister.id})
        with self.assertRaises(ValidationError):
            self.company.ar_followup_policy_id = theirs

    def test_two_companies_with_two_ladders(self):
        theirs = self.env["ar.followup.policy"].create(
            {
                "name": "Early",
                "company_id": self.sister.id,
                "level_ids": [self._new_level(1, "friendly", {"name": "Early one"})],
            }
        )
        self.sister.ar_followup_policy_id = theirs
        self.invoice(self.shared, due=0)
        self.invoice_of_sister(self.shared, due=0)
        self.work_day(1)
        self.assertFalse(self.case_of(self.company, self.shared))
        self.assertEqual(
            self.case_of(self.sister, self.shared).reminder_ids.level_id,
            theirs.level_ids,
        )


@tagged("post_install", "-at_install")
class TestTimeZones(CompaniesCommon):
    """The seller sits in Auckland (UTC+13), the sister in Los Angeles (UTC-8)."""

    def setUp(self):
        super().setUp()
        self.company.partner_id.tz = "Pacific/Auckland"
        self.sister.partner_id.tz = "America/Los_Angeles"
        self.sister.sudo().ar_followup_mode = "automatic"
        self.sister.ar_followup_policy_id = self.policy  # no courtesy note before
        self.move = self.invoice(self.shared, due=0)
        self.sister_move = self.invoice_of_sister(self.shared, due=0)

    def tick(self, number, hour, minute=0):
        """Tick at an hour of a day, UTC."""
        at = day(number)
        self.clock.move_to(datetime(at.year, at.month, at.day, hour, minute))
        self.work_day()

    def days_worked(self, company):
        return (
            self.engine["ar.followup.run"]
            .search([("company_id", "=", company.id), ("is_preview", "=", False)])
            .sorted("date")
            .mapped("date")
        )

    def test_a_day_is_decided_after_its_hour_on_the_companys_clock(self):
        self.tick(2, 18, 59)  # Auckland: day 3, 07:59; Los Angeles: day 2, 10:59
        self.assertEqual(self.days_worked(self.company), [])
        self.assertEqual(self.days_worked(self.sister), [day(2)])
        self.assertFalse(self.sink.mails)

        self.tick(2, 19)  # Auckland: day 3, 08:00
        self.assertEqual(self.days_worked(self.company), [day(3)])
        self.assertSent(self.shared, self.first)
        self.assertEqual(len(self.sink.mails), 1)

        self.tick(3, 15, 59)  # Los Angeles: day 3, 07:59
        self.assertEqual(self.days_worked(self.sister), [day(2)])
        self.assertEqual(len(self.sink.mails), 1)

        self.tick(3, 16)  # Los Angeles: day 3, 08:00; Auckland: day 4, 05:00
        self.assertEqual(self.days_worked(self.sister), [day(2), day(3)])
        self.assertEqual(self.days_worked(self.company), [day(3)])
        self.assertEqual(len(self.sink.mails), 2)

    def test_days_are_the_companys_own(self):
        self.tick(2, 19)
        self.tick(3, 16)
        for company, move in (
            (self.company, self.move),
            (self.sister, self.sister_move),
        ):
            case = self.case_of(company, self.shared)
            self.assertEqual(self.item(move).level_date, day(3), company.name)
            self.assertEqual(case.last_demand_date, day(3), company.name)
            self.assertEqual(case.opened_on, day(3), company.name)
            reminder = case.reminder_ids
            self.assertEqual(reminder.date_planned, day(3), company.name)
            reminded = case.decision_ids.filtered(lambda row: row.action == "remind")
            self.assertEqual(reminded.mapped("date_from"), [day(3)])

    def test_the_gap_is_counted_in_the_companys_days(self):
        self.policy.min_gap_days = 2
        self.second.delay_days = 4
        self.tick(2, 19)  # Auckland: day 3
        self.tick(3, 19)  # Auckland: day 4
        self.assertSent(self.shared, self.first)
        self.tick(4, 18, 59)  # Auckland: day 5, 07:59
        self.assertSent(self.shared, self.first)
        self.tick(4, 19)
        self.assertSent(self.shared, self.first, self.second)

    def test_each_day_is_decided_once(self):
        for hour in (19, 20, 23):
            self.tick(2, hour)
        self.assertEqual(self.days_worked(self.company), [day(3)])
        later = self.invoice(self.shared, due=-20)
        self.tick(3, 1)
        self.assertEqual(self.days_worked(self.company), [day(3)])
        self.assertFalse(self.item(later).level_id)

    def test_without_a_time_zone_the_calendars_counts_then_utc(self):
        self.sister.partner_id.tz = False
        self.sister.resource_calendar_id.tz = "Asia/Tokyo"
        self.assertEqual(str(self.sister._ar_timezone()), "Asia/Tokyo")
        self.sister.resource_calendar_id = False
        self.assertEqual(str(self.sister._ar_timezone()), "UTC")


@tagged("post_install", "-at_install")
class TestCompanyRules(CompaniesCommon):
    """Nobody sees the follow-up of a company they do not work for."""

    MODELS = (
        "ar.followup.case",
        "ar.followup.item",
        "ar.followup.hold",
        "ar.followup.reminder",
        "ar.followup.reminder.line",
        "ar.followup.decision",
        "ar.followup.run",
        "ar.contact.log",
    )

    def setUp(self):
        super().setUp()
        self.sister.sudo().ar_followup_mode = "automatic"
        self.invoice(self.shared, due=0)
        self.invoice_of_sister(self.shared, due=0)
        self.work_day(3)
        for company in (self.company, self.sister):
            self.hold(self.case_of(company, self.shared))

    def test_a_collector_sees_their_own_company(self):
        collector = self.collector.with_user(self.collector)
        for model in self.MODELS:
            every = self.engine[model].search([])
            self.assertLessEqual(self.company | self.sister, every.company_id, model)
            seen = collector.env[model].search([])
            self.assertEqual(seen.sudo().company_id, self.company, model)
            hidden = every.filtered(lambda row: row.company_id == self.sister)
            with self.assertRaises(AccessError):
                hidden.with_user(self.collector).read(["company_id"])

    def test_who_works_for_both_sees_both(self):
        both = new_test_user(
            self.env,
            login="ar_both",
            groups="ar_followup_plus.group_ar_collector,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, (self.company | self.sister).ids)],
        )
        allowed = (self.company | self.sister).ids
        Case = self.env["ar.followup.case"].with_user(both)
        cases = Case.with_context(allowed_company_ids=allowed).search(
            [("partner_id", "=", self.shared.id)]
        )
        self.assertEqual(cases.company_id, self.company | self.sister)
        one = Case.with_context(allowed_company_ids=self.sister.ids).search([])
        self.assertEqual(one.company_id, self.sister)


@tagged("post_install", "-at_install")
class TestBranches(CompaniesCommon):
    """A branch shares the books' set-up with its head office, not its follow-up."""

    def setUp(self):
        super().setUp()
        self.branch = self.env["res.company"].create(
            {
                "name": "The Branch",
                "parent_id": self.company.id,
                "email": "office@branch.example",
            }
        )
        self.cr.precommit.run()  # the branch gets its books
        self.env.user.company_ids |= self.branch
        self.head_move = self.invoice(self.shared, due=0)
        move = self.env["account.move"].with_context(
            allowed_company_ids=(self.branch | self.company).ids
        )
        self.branch_move = move.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.shared.id,
                "invoice_date": day(-30),
                "invoice_date_due": day(0),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"name": "Goods", "price_unit": 70, "tax_ids": False})
                ],
            }
        )
        self.branch_move.action_post()

    def test_the_branchs_invoice_is_the_branchs(self):
        self.assertEqual(self.branch_move.company_id, self.branch)
        self.assertEqual(self.branch.ar_followup_mode, "off")
        self.work_day(3)
        self.assertEqual(self.case(self.shared).amount_overdue, 100)
        self.assertFalse(self.item(self.branch_move))
        self.branch.sudo().ar_followup_mode = "automatic"
        self.work_day()
        case = self.case_of(self.branch, self.shared)
        self.assertEqual(case.amount_overdue, 70)
        self.assertEqual(case.item_ids.move_id, self.branch_move)
        self.assertEqual(self.case(self.shared).item_ids.move_id, self.head_move)

    def test_the_head_offices_credit_stays_there(self):
        self.branch.sudo().ar_followup_mode = "automatic"
        self.credit(self.shared, 100)
        self.work_day(3)
        self.assertEqual(self.case(self.shared).reason, "credit_covers")
        case = self.case_of(self.branch, self.shared)
        self.assertEqual(case.reminder_ids.mapped("state"), ["sent"])

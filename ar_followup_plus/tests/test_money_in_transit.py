"""Money on its way: whoever may have paid is not asked until it is matched."""

from odoo.fields import Command
from odoo.tests import tagged

from ..models.case.account_journal import MATCH
from .common_events import EventsCommon, day


class TransitCommon(EventsCommon):
    """One customer who owes 100 and 80, overdue; what comes in is not booked yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.partner = cls.customer("Birchwood Hotels Ltd")
        cls.old = cls.invoice(cls.partner, 100, due=-10)
        cls.new = cls.invoice(cls.partner, 80, due=0)

    @classmethod
    def line(cls, amount, label="Transfer", journal=None, **vals):
        """A bank line that came in today and is not matched."""
        vals.setdefault("date", cls.company._ar_today())
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": (journal or cls.bank).id,
                "payment_ref": label,
                "amount": amount,
                **vals,
            }
        )

    @classmethod
    def found(cls, *partners, company=None):
        """What is on its way: list of (kind, record id, amount in minor units)."""
        found = cls.engine["ar.money.in.transit"]._find(
            company or cls.company, [p.id for p in partners or [cls.partner]]
        )
        return [(it.kind, it.id, it.amount) for it in found]

    def owed_to_a_branch(self):
        """The case of a customer who owes 70 to a branch, and the invoice."""
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "ar_followup_mode": "review",
            }
        )
        self.env.user.company_ids |= branch
        customer = self.customer("Customer of the branch")
        account = self.receivable(self.old).account_id
        customer.with_company(branch).property_account_receivable_id = account
        move = self.invoice(customer, 70, due=-5, company_id=branch.id)
        self.assertEqual(move.company_id, branch)
        case = self.engine["ar.followup.case"].create(
            {"partner_id": customer.id, "company_id": branch.id}
        )
        return case, move

    def assertOnItsWay(self, *records_and_amounts, partner=None):
        kinds = {
            "payment.transaction": "transaction",
            "account.payment": "payment",
            "account.bank.statement.line": "line",
        }
        expected = [
            (kinds[record._name], record.id, amount)
            for record, amount in records_and_amounts
        ]
        self.assertEqual(self.found(*filter(None, [partner])), expected)

    def assertAsked(self, expected):
        """What the last prepared message asks for: {invoice: amount}."""
        lines = self.reminders(self.partner)[-1].line_ids
        asked = {line.item_id.move_id: line.amount_asked for line in lines}
        self.assertEqual(asked, expected)


@tagged("post_install", "-at_install")
class TestBankLines(TransitCommon):
    """An open bank line counts for the customer it names."""

    def test_by_partner(self):
        line = self.line(100, partner_id=self.partner.id)
        self.assertOnItsWay((line, 10000))
        self.work_day(3)
        self.assertAsked({self.new: 80})

    def test_by_a_contact_of_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Desk", "parent_id": self.partner.id}
        )
        line = self.line(30, partner_id=contact.id)
        self.assertOnItsWay((line, 3000))
        self.work_day(3)
        self.assertAsked({self.old: 70, self.new: 80})

    def test_everything_is_on_its_way(self):
        self.line(180, partner_id=self.partner.id)
        self.work_day(3)
        case = self.case(self.partner)
        self.assertEqual((case.state, case.reason), ("held", "in_transit"))
        self.assertSent(self.partner)
        self.assertIn("on its way", case.decision_text)

    def test_by_the_bank_account(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "DE89 3704 0044 0532 0130 00", "partner_id": self.partner.id}
        )
        line = self.line(50, account_number="de89370400440532013000")
        self.assertOnItsWay((line, 5000))

    def test_the_partner_chosen_overrules_the_account(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "DE89370400440532013000", "partner_id": self.partner.id}
        )
        other = self.customer("Other")
        self.line(50, account_number="DE89370400440532013000", partner_id=other.id)
        self.assertOnItsWay()

    def test_by_the_number_of_an_invoice(self):
        for label in (
            self.old.name,
            f"Rechnung {self.old.name}, vielen Dank",
            f"NOTPROVIDED/{self.old.name.replace('/', '-').lower()}.",
            self.old.name.replace("/", ""),
            self.old.name.replace("/", " "),
            f"{self.old.name}-1",
        ):
            with self.subTest(label):
                line = self.line(20, label)
                self.assertOnItsWay((line, 2000))
                line.unlink()

    def test_wherever_the_bank_writes_it(self):
        name = self.old.name
        for vals in (
            {"narration": f"<p>for {name}</p>"},
            {"ref": name},
            {"transaction_details": {"remittance": {"lines": ["thanks", name]}}},
        ):
            with self.subTest(vals):
                line = self.line(20, **vals)
                self.assertOnItsWay((line, 2000))
                line.unlink()

    def test_by_the_payment_reference(self):
        self.old.payment_reference = "+++090/9337/55493+++"
        structured = self.line(20, "090933755493")
        parted = self.line(20, "COM 090 9337 55493")
        self.assertOnItsWay((structured, 2000), (parted, 2000))

    def test_what_is_too_plain_names_nobody(self):
        for reference, label in (
            ("12", "Invoice 12"),
            ("2026", "Year 2026"),
            ("RENT 2026", "RENT 2026"),
            ("Order 7", "order 7"),
            ("10115", "10115 Berlin"),
            ("goods", "goods"),
        ):
            with self.subTest(reference):
                self.old.payment_reference = reference
                self.line(20, label)
                self.assertOnItsWay()

    def test_a_reference_within_another_names_nobody(self):
        for label in (f"{self.old.name}9", f"9{self.old.name}", self.old.name[:-1]):
            with self.subTest(label):
                self.line(20, label)
                self.assertOnItsWay()

    def test_by_name_and_exact_amount(self):
        for amount in (100, 80, 180):
            with self.subTest(amount):
                line = self.line(amount, "BIRCHWOOD HOTELS thank you")
                self.assertOnItsWay((line, amount * 100))
                line.unlink()
        line = self.line(180, "Transfer", partner_name="Hotels Birchwood")
        self.assertOnItsWay((line, 18000))

    def test_neither_the_name_nor_the_amount_alone(self):
        self.line(99.99, "Birchwood Hotels Ltd")
        self.line(100, "Birchwood Motels Ltd")
        self.line(100, "Hotels")
        self.assertOnItsWay()

    def test_a_name_with_accents(self):
        partner = self.customer("Éclairage & Fils SàRL")
        self.invoice(partner, 55, due=-10)
        line = self.line(55, "VIR ECLAIRAGE ET FILS")
        self.assertOnItsWay((line, 5500), partner=partner)

    def test_name_and_amount_say_nothing_beside_a_partner(self):
        other = self.customer("Other")
        self.line(100, "Birchwood Hotels Ltd", partner_id=other.id)
        self.assertOnItsWay()

    def test_whoever_may_have_paid_is_not_asked(self):
        """Somebody pays for somebody else: the invoice named counts, too."""
        other = self.customer("Other")
        self.invoice(other, 60, due=-10)
        line = self.line(60, f"for {self.old.name}", partner_id=other.id)
        self.assertOnItsWay((line, 6000))
        self.assertOnItsWay((line, 6000), partner=other)

    def test_a_line_is_counted_once_however_often_it_names_the_customer(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "DE89370400440532013000", "partner_id": self.partner.id}
        )
        line = self.line(
            100,
            f"Birchwood Hotels Ltd {self.old.name} {self.new.name}",
            partner_id=self.partner.id,
            account_number="DE89370400440532013000",
        )
        self.assertOnItsWay((line, 10000))

    def test_what_does_not_count(self):
        self.line(-100, partner_id=self.partner.id)
        self.line(100, partner_id=self.partner.id, date=day(-61))
        matched = self.line(100, partner_id=self.partner.id)
        self.match(matched, self.old)
        self.assertOnItsWay()

    @classmethod
    def match(cls, line, move, amount=None):
        """The accountant sets a bank line, or a part of it, against an invoice."""
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = cls.receivable(move)
        amount = amount or line.amount
        rest = line.amount - amount
        vals = {"account_id": receivable.account_id.id, "partner_id": cls.partner.id}
        commands = [Command.update(suspense.id, {**vals, "balance": -amount})]
        if rest:
            commands.append(
                Command.create({"account_id": suspense.account_id.id, "balance": -rest})
            )
        line.move_id.with_context(skip_readonly_check=True, force_delete=True).write(
            {"line_ids": commands}
        )
        cls.env.flush_all()
        booked = line.move_id.line_ids.filtered(
            lambda own: own.account_id == receivable.account_id
        )
        (booked | receivable).reconcile()

    def test_the_rest_of_a_line_that_is_matched_in_part(self):
        line = self.line(150, partner_id=self.partner.id)
        self.match(line, self.old, 100)
        self.assertOnItsWay((line, 5000))
        self.work_day(3)
        self.assertAsked({self.new: 30})

    def test_a_match_that_is_undone(self):
        line = self.line(100, self.old.name)
        self.match(line, self.old)
        self.assertOnItsWay()
        self.engine["ar.bank.token"]._gc_old()
        line.action_undo_reconciliation()
        self.assertOnItsWay((line, 10000))

    def test_a_text_corrected_later(self):
        line = self.line(20, "nothing")
        self.assertOnItsWay()
        line.payment_ref = self.old.name
        self.assertOnItsWay((line, 2000))
        line.payment_ref = "nothing"
        self.assertOnItsWay()


@tagged("post_install", "-at_install")
class TestCurrenciesAndCompanies(TransitCommon):
    """Each company by itself, each currency by itself."""

    def test_the_currency_of_the_journal(self):
        euro = self.setup_other_currency("EUR")
        journal = self.bank.copy({"currency_id": euro.id, "name": "Bank EUR"})
        line = self.line(100, journal=journal, partner_id=self.partner.id)
        found = self.engine["ar.money.in.transit"]._find(self.company, self.partner.ids)
        self.assertEqual([it.currency_id for it in found], [euro.id])
        self.assertOnItsWay((line, 10000))
        self.work_day(3)
        self.assertAsked({self.old: 100, self.new: 80})

    def test_a_foreign_currency(self):
        euro = self.setup_other_currency("EUR")
        move = self.invoice(self.partner, 60, due=-5, currency_id=euro.id)
        line = self.line(
            30,
            partner_id=self.partner.id,
            foreign_currency_id=euro.id,
            amount_currency=60,
        )
        self.assertOnItsWay((line, 6000))
        self.work_day(3)
        self.assertAsked({self.old: 100, self.new: 80})
        self.assertStands(move, None)

    def test_a_currency_without_cents(self):
        yen = self.setup_other_currency(
            "JPY", rates=[("2017-01-01", 100.0)], rounding=1
        )
        self.invoice(self.partner, 5000, due=0, currency_id=yen.id)
        line = self.line(
            50, "Birchwood Hotels", foreign_currency_id=yen.id, amount_currency=5000
        )
        self.assertOnItsWay((line, 5000))

    def test_two_companies_under_one_root(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        line = self.line(100, self.old.name, partner_id=self.partner.id)
        self.assertOnItsWay((line, 10000))
        self.assertFalse(self.found(company=branch))
        self.env.user.company_ids |= branch
        accounting = self.env(
            context={**self.env.context, "allowed_company_ids": [branch.id]}
        )
        journal = self.bank.with_env(accounting).copy(
            {"company_id": branch.id, "name": "Branch bank", "code": "BRB"}
        )
        own = journal.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "payment_ref": self.new.name,
                "amount": 80,
                "partner_id": self.partner.id,
                "date": day(0),
            }
        )
        self.assertEqual(own.company_id, branch)
        self.assertOnItsWay((line, 10000))
        # nothing is owed to the branch: nothing is looked for
        self.assertFalse(self.found(company=branch))

    def test_what_is_owed_to_a_branch_is_paid_to_its_parents_bank(self):
        """Nobody is asked for it: neither at hand-over, nor after the import."""
        case, move = self.owed_to_a_branch()
        branch, customer = case.company_id, case.partner_id
        case.state = "todo"
        line = self.line(70, move.name)
        self.assertEqual(line.company_id, self.company)
        found = self.found(customer, company=branch)
        self.assertEqual(found, [("line", line.id, 7000)])
        self.assertFalse(self.found(customer), "it is not the parent's money")
        marks = self.engine["ar.followup.mark"].search(
            [("statement_line_id", "=", line.id), ("company_id", "=", branch.id)]
        )
        self.assertEqual(marks._cases_named(), case)
        # who matches the parent's bank is asked, for the branch too
        case.is_in_transit = True
        for companies in (branch, self.company, self.company | branch):
            companies.with_env(self.engine)._ar_ask_accountant()
            activity = self.engine["account.journal"].browse(self.bank.id)
            activity = activity._ar_activities(MATCH).ensure_one()
            self.assertIn("Customer of the branch", activity.note)

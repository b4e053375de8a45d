"""Start: the levels of older invoices in a file."""

import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_events import day
from .common_start import StartCommon


@tagged("post_install", "-at_install")
class TestStartCsv(StartCommon):
    def setUp(self):
        super().setUp()
        self.anns = self.invoice(self.ann, due=-60)
        self.bobs = self.invoice(self.bob, due=-40)

    def upload(self, content, **vals):
        """The step *Their Levels* with a file; ``content`` is text or bytes."""
        wizard = self.go(self.wizard(older="level", **vals), "levels")
        if isinstance(content, str):
            content = content.encode()
        wizard.write({"csv_file": base64.b64encode(content), "csv_name": "levels.csv"})
        return wizard

    def take(self, content, **vals):
        """Upload and apply."""
        wizard = self.upload(content, **vals)
        self.go(wizard, "check").action_apply()
        self.env.invalidate_all()

    def assertProblem(self, content, *said, **vals):
        """The step names what is wrong, and nothing can be applied."""
        wizard = self.upload(content, **vals)
        text = self.text(wizard)
        for words in said:
            self.assertIn(words, text)
        with self.assertRaisesRegex(UserError, "Line|file|first line"):
            wizard.action_next()
        wizard.step = "check"
        with self.assertRaises(UserError):
            wizard.action_apply()
        for move in (self.anns, self.bobs):
            self.assertFalse(self.item(move).is_released)
        self.assertFalse(self.company.ar_followup_start_date)

    def export(self, wizard):
        """The downloaded list, as rows of text."""
        wizard.action_download()
        content = base64.b64decode(wizard.csv_export)
        return content.decode("utf-8-sig").splitlines()

    # good files -------------------------------------------------------------------

    def test_a_file_for_a_start_date_that_was_removed(self):
        """Nothing is older then: the file is no reason to refuse."""
        wizard = self.upload(f"invoice,level\n{self.anns.name},15\n")
        wizard.write({"step": "older", "start_date": False})
        self.go(wizard, "check")
        self.assertNotIn("Line 2", self.text(wizard))
        wizard.action_apply()
        self.assertFalse(self.item(self.anns).level_id)
        self.assertFalse(self.company.ar_followup_start_date)

    def test_by_name_and_by_days(self):
        self.take(
            "invoice,level,level_date\n"
            f"{self.anns.name},{self.second.name.upper()},2026-01-03\n"
            f"{self.bobs.name},3,2026-01-01\n"
        )
        self.assertStands(self.anns, self.second, level_date=day(-2))
        self.assertStands(self.bobs, self.first, level_date=day(-4))

    def test_whatever_the_spreadsheet_writes(self):
        """Semicolons, tabs, a byte order mark, quotes, blank lines, Windows' ends."""
        for number, content in enumerate(
            (
                f"invoice;level;level_date\n{self.anns.name};14;2026-01-03\n",
                f"invoice\tlevel\tlevel_date\n{self.anns.name}\t14\t2026-01-03\n",
                f"\ufeffInvoice;Level;Level_Date\r\n\r\n {self.anns.name} ; 14 ;"
                "2026-01-03\r\n;;\r\n",
                f'"level","invoice","level_date"\n"14","{self.anns.name}","2026-01-03"',
            )
        ):
            with self.subTest(number), self.env.cr.savepoint():
                self.take(content)
                self.assertStands(self.anns, self.second, level_date=day(-2))
                self.assertFalse(self.item(self.bobs).is_released)
                self.item(self.anns).write(
                    {"level_id": False, "level_date": False, "is_released": False}
                )

    def test_the_default_day(self):
        self.take(f"invoice,level\n{self.anns.name},14\n", level_date=str(day(-7)))
        self.assertStands(self.anns, self.second, level_date=day(-7))

    def test_the_downloaded_list_comes_back(self):
        """With two instalments, of which one has a level."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 0}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        halves = self.invoice(
            self.bob,
            due=-50,
            invoice_payment_term_id=term.id,
            invoice_date=day(-80),
            invoice_date_due=False,
        )
        wizard = self.go(self.wizard(older="level"), "levels")
        head, *rows = self.export(wizard)
        self.assertEqual(
            head, "id,invoice,customer,due_date,amount,currency,level,level_date"
        )
        self.assertEqual(len(rows), 4)
        line = self.receivable(halves).sorted("date_maturity")[0]
        filled = [
            row[: -len(",")] + "14,2026-01-03" if row.startswith(f"{line.id},") else row
            for row in rows
        ]
        self.assertNotEqual(filled, rows)
        self.take("\n".join([head, *filled]))
        items = self.item(halves).sorted("date_due")
        self.assertEqual(items.mapped("is_released"), [True, False])
        self.assertEqual(items[0].level_id, self.second)

    def test_instalments_by_due_date(self):
        """Without the id, the due date tells them apart; without it, all are meant."""
        moves = self.invoices([(self.ann, 10, -30), (self.ann, 10, -20)])
        moves[1].name = "TWIN/2"
        self.take(
            "invoice,due_date,level\n"
            f"{moves[0].name},{day(-30)},14\n{moves[1].name},,3\n"
        )
        self.assertStands(moves[0], self.second)
        self.assertStands(moves[1], self.first)

    def test_a_list_for_french_spreadsheets(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.admin.lang = "fr_FR"
        self.ann.name = "=1+1"
        wizard = self.go(self.wizard(older="level"), "levels")
        head, *rows = self.export(wizard)
        self.assertTrue(head.startswith("id;invoice;customer"))
        self.assertTrue(any(";'=1+1;2025-11-06;100.0;" in row for row in rows), rows)

    def test_the_file_counts_instead_of_the_list(self):
        wizard = self.upload(f"invoice,level\n{self.anns.name},14\n")
        wizard.line_ids.level_id = self.firm
        self.go(wizard, "check").action_apply()
        self.assertStands(self.anns, self.second)
        self.assertFalse(self.item(self.bobs).is_released)

    def test_lines_without_a_level(self):
        """They are left alone, or released with the others."""
        content = f"invoice,level\n{self.anns.name},14\n{self.bobs.name},\n"
        self.take(content)
        self.assertFalse(self.item(self.bobs).is_released)
        self.take(f"invoice,level\n{self.bobs.name},\n", release_others=True)
        self.assertStands(self.bobs, None, is_released=True)
        self.assertStands(self.anns, self.second)

    def test_it_says_what_is_in_the_file(self):
        wizard = self.upload(
            f"invoice,level\n{self.anns.name},14\n{self.bobs.name},14\n"
        )
        self.assertIn(f"{self.second.name}: 2", self.text(wizard))
        self.go(wizard, "check")
        self.assertIn(f"{self.second.name}: 2", self.text(wizard))

    # bad files ------------------------------------------------------------------------

    def test_unknown_invoice(self):
        later = self.invoice(self.ann, due=0)
        paid = self.invoice(self.ann, due=-10)
        self.pay(paid)
        for name in ("INV/NONE", later.name, paid.name):
            self.assertProblem(
                f"invoice,level\n{self.bobs.name},3\n{name},14\n",
                f"Line 3: The Seller has no open invoice “{name}”",
                "remove the line",
            )

    def test_the_invoice_of_another_company(self):
        sister = self.setup_other_company(name="The Sister")
        foreign = self.invoice(
            self.ann, due=-60, journal_id=sister["default_journal_sale"].id
        )
        foreign.name = "SISTER/1"
        line = self.receivable(foreign)
        self.assertProblem(
            "invoice,level\nSISTER/1,14\n", "Line 2: The Seller has no open invoice"
        )
        self.assertProblem(
            f"id,level\n{line.id},14\n", f"has no open invoice “{line.id}”"
        )

    def test_an_id_of_another_invoice(self):
        line = self.receivable(self.anns)
        self.assertProblem(
            f"id,invoice,level\n{line.id},{self.bobs.name},14\n", "no open invoice"
        )

    def test_unknown_level(self):
        for text in ("Third letter", "15", "14,0", "-"):
            self.assertProblem(
                f"invoice;level\n{self.anns.name};{text}\n",
                f"Line 2: “{text}” is not a level",
                f"{self.first.name}, {self.second.name}",
                "3, 14, 30, 60",
            )

    def test_a_level_of_another_policy(self):
        self.set_policy(self.bob, levels=[(5, "friendly")])
        self.assertProblem(f"invoice,level\n{self.bobs.name},14\n", "or its days: 5.")

    def test_dates(self):
        for text in ("03/01/2026", "3.1.2026", "2026-02-30", "46025", "2026-1-3x"):
            self.assertProblem(
                f"invoice,level,level_date\n{self.anns.name},14,{text}\n",
                f"Line 2: “{text}” is not a date",
                "like 2026-01-05",
            )
        self.assertProblem(
            f"invoice,level,level_date\n{self.anns.name},14,2026-01-06\n",
            "2026-01-06 has not come yet",
        )
        self.assertProblem(
            f"invoice,due_date,level\n{self.anns.name},06/11/2025,14\n",
            "“06/11/2025” is not a date",
        )

    def test_twice(self):
        self.assertProblem(
            f"invoice,level\n{self.anns.name},14\n{self.bobs.name},3\n"
            f"{self.anns.name},3\n",
            f"Line 4: {self.anns.name} is already on line 2",
        )

    def test_no_list_of_levels(self):
        for content in ("", "\n", "number;stage\n1;2\n", f"{self.anns.name};14\n"):
            if content:
                self.assertProblem(content, "The first line must name the columns")

    def test_no_text(self):
        for content in (b"PK\x03\x04\xff\xfe", "niveau;é".encode("latin-1")):
            self.assertProblem(content, "CSV UTF-8")

    def test_an_entry_of_several_customers(self):
        shared = self.entry(self.ann, 10, due=-60, date_maturity=day(-60))
        other = self.entry(self.bob, 20, due=-60, date_maturity=day(-60))
        self.receivable(other).move_name = shared.name
        self.assertProblem(
            f"invoice,level\n{shared.name},14\n",
            "an entry of several customers",
            opening_journal_ids=shared.journal_id.ids,
        )

    def test_reminded_here_already(self):
        self.company.sudo().ar_followup_mode = "automatic"
        self.work_day(0)
        self.travel(1)
        wizard = self.upload(f"invoice,level\n{self.anns.name},30\n")
        self.assertIn("has already been reminded here", self.text(wizard))

    def test_many_problems(self):
        """The first are named, the others counted."""
        rows = "".join(f"X/{number},14\n" for number in range(40))
        self.assertProblem(f"invoice,level\n{rows}", "Line 2: ", "and 25 more")

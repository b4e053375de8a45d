import base64
import csv
import io
from collections import defaultdict
from datetime import datetime

from odoo import models

#: The file's columns; ``id`` is the journal item's, which no two invoices share.
COLUMNS = (
    "id",
    "invoice",
    "customer",
    "due_date",
    "amount",
    "currency",
    "level",
    "level_date",
)
FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would compute


class ArFollowupStart(models.TransientModel):
    """The older debts as a file, and back."""

    _inherit = "ar.followup.start"

    def action_download(self):
        """Button: all older invoices, as a CSV file to fill in and to upload again."""
        self._check_can_start()
        # written now: who fetches a file does so in their default company
        self.csv_export = base64.b64encode(self._write_csv())
        name = f"follow-up-{self.company_id._ar_today().isoformat()}"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/csv_export/{name}.csv"
            "?download=true",
            "target": "download",
        }

    def _write_csv(self):
        """All older debts that may get a level, for the reader's spreadsheet."""
        debts = [debt for debt in self._older_debts() if not debt.was_reminded]
        partners = self.env["res.partner"].browse({debt.partner for debt in debts})
        names = {partner.id: partner.display_name for partner in partners}
        lang = self.env["res.lang"]._get_data(code=self.env.user.lang)
        file = io.StringIO(newline="")
        # where amounts have a comma, spreadsheets expect another delimiter
        writer = csv.writer(file, delimiter=";" if lang.decimal_point == "," else ",")
        writer.writerow(COLUMNS)
        for debt in debts:
            currency = self.env["res.currency"].browse(debt.currency)
            customer = names[debt.partner]
            writer.writerow(
                (
                    debt.line,
                    debt.name,
                    f"'{customer}" if customer.startswith(FORMULA) else customer,
                    debt.due,
                    currency.round(debt.residual),
                    currency.name,
                    "",
                    "",
                )
            )
        return file.getvalue().encode("utf-8-sig")  # the mark tells Excel it is UTF-8

    def _read_csv(self, debts):
        """The levels given in the file.

        :param debts: list of ``OlderDebt``
        :return: (dict journal item id → (level id, day), list of problems in words)
        """
        rows, problem = self._csv_rows()
        if problem:
            return {}, [problem]
        finder = Finder(debts)
        levels = self._levels_by_partner({debt.partner for debt in debts})
        by_text = {own: self._levels_by_text(own) for own in set(levels.values())}
        chosen, seen, problems = {}, {}, []
        for number, row in rows:
            if not row["level"]:
                continue
            found, problem = self._csv_debts(row, finder)
            day, wrong_day = self._csv_day(row)
            problem = problem or wrong_day
            for debt in found if not problem else ():
                own = levels[debt.partner]
                level = by_text[own].get(row["level"].casefold())
                if not level:
                    problem = self._no_such_level(row["level"], own)
                elif debt.line in seen:
                    problem = self.env._(
                        "%(invoice)s is already on line %(other)s. Keep one of them.",
                        invoice=debt.name,
                        other=seen[debt.line],
                    )
                else:
                    seen[debt.line] = number
                    chosen[debt.line] = (level.id, day)
            if problem:
                problems.append(
                    self.env._(
                        "Line %(number)s: %(problem)s", number=number, problem=problem
                    )
                )
        return chosen, problems

    def _csv_rows(self):
        """The file's rows by column, with their line number; or what is wrong."""
        # the web client asks for the size of files instead of their content
        wizard = self.with_context(bin_size=False, bin_size_csv_file=False)
        content = base64.b64decode(wizard.csv_file)
        try:
            text = content.decode("utf-8-sig")
            head = text.partition("\n")[0]
            reader = csv.reader(
                io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count)
            )
            names = [name.strip().lower() for name in next(reader, ())]
            rows = [
                (reader.line_num, [cell.strip() for cell in row])
                for row in reader
                if any(cell.strip() for cell in row)
            ]
        except (UnicodeDecodeError, csv.Error):
            return [], self.env._(
                "This file cannot be read. In your spreadsheet, choose Save as → CSV "
                "UTF-8, and upload that file."
            )
        if "level" not in names or not {"id", "invoice"} & set(names):
            return [], self.env._(
                "The first line must name the columns: invoice (or id), level, "
                "level_date. Download the list to have a file to fill in."
            )
        empty = dict.fromkeys(COLUMNS, "")
        return [
            (number, {**empty, **dict(zip(names, row, strict=False))})
            for number, row in rows
        ], ""

    def _csv_debts(self, row, finder):
        """The debts that a row names, or what is wrong with it."""
        if row["due_date"] and not row["id"] and not _day(row["due_date"]):
            return [], self._not_a_date(row["due_date"])
        found = finder.find(row)
        label = row["invoice"] or row["id"]
        if not found:
            return [], self.env._(
                "%(company)s has no open invoice “%(invoice)s” that was due before "
                "the start date. Correct the number, or remove the line.",
                company=self.company_id.name,
                invoice=label,
            )
        if len({debt.partner for debt in found}) > 1:
            return [], self.env._(
                "“%(invoice)s” is an entry of several customers. Download the list: "
                "its column id tells them apart.",
                invoice=label,
            )
        fresh = [debt for debt in found if not debt.was_reminded]
        if not fresh:
            return [], self.env._(
                "“%(invoice)s” has already been reminded here and goes on from there. "
                "Remove the line.",
                invoice=label,
            )
        return fresh, ""

    def _csv_day(self, row):
        """The day of a row's level, or what is wrong with it."""
        today = self.company_id._ar_today()
        text = row["level_date"]
        day = _day(text) if text else self.level_date or today
        if not day:
            return None, self._not_a_date(text)
        if day > today:
            return None, self.env._(
                "%(day)s has not come yet. Write the day on which the invoice had its "
                "level.",
                day=day.isoformat(),
            )
        return day, ""

    def _not_a_date(self, text):
        return self.env._(
            "“%(day)s” is not a date as this file needs it. Write year, month and day, "
            "like %(example)s.",
            day=text,
            example=self.company_id._ar_today().isoformat(),
        )

    def _levels_by_text(self, levels):
        """Levels by what a file may call them: their delay, or their name.

        The name may be in the reader's language or in English.
        """
        by_text = {str(level.delay_days): level for level in levels}
        for reader in (levels.with_context(lang="en_US"), levels):
            by_text.update({level.name.casefold(): level for level in reader})
        return by_text

    def _no_such_level(self, text, levels):
        if not levels:
            return self.env._(
                "the customer's policy has no levels. Give it some, or remove the line."
            )
        return self.env._(
            "“%(level)s” is not a level of the customer's policy. Write one of: "
            "%(names)s; or its days: %(days)s.",
            level=text,
            names=", ".join(levels.mapped("name")),
            days=", ".join(str(level.delay_days) for level in levels),
        )


class Finder:
    """Finds the debts that the rows of a file name."""

    def __init__(self, debts):
        self.by_id = {str(debt.line): debt for debt in debts}
        self.by_name = defaultdict(list)
        for debt in debts:
            self.by_name[debt.name].append(debt)

    def find(self, row):
        """By id or by number; what else the row says of both must fit."""
        if row["id"]:
            found = [self.by_id[row["id"]]] if row["id"] in self.by_id else []
        else:
            found = self.by_name.get(row["invoice"], [])
            # a spreadsheet may have put the other columns into its own format
            due = _day(row["due_date"])
            found = [debt for debt in found if due in (None, debt.due)]
        return [debt for debt in found if row["invoice"] in ("", debt.name)]


def _day(text):
    """A date as the file has it, or None."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None

from collections import Counter, defaultdict

from odoo import api, models
from odoo.tools import format_date

from ..models.ledger.ageing import AGES

PROBLEMS_SHOWN = 15
CREDITS_SHOWN = 5


class ArFollowupStart(models.TransientModel):
    """What each step says. Only the present one is worked out."""

    _inherit = "ar.followup.start"

    @api.depends(
        "step",
        "start_date",
        "older",
        "partner_ids",
        "release_others",
        "level_date",
        "line_ids.level_id",
        "csv_file",
        "opening_journal_ids",
        "preview_id",
    )
    @api.depends_context("company", "lang")
    def _compute_page(self):
        for wizard in self:
            parts = getattr(wizard, f"_page_{wizard.step}")()
            wizard.has_link = parts.get("has_link", False)
            wizard.page = self.env["ir.qweb"]._render(
                "ar_followup_plus.start_page",
                {"paragraphs": (), "problems": (), "points": (), "rows": (), **parts},
                minimal_qcontext=True,
            )

    # what is owed ----------------------------------------------------------------

    def _page_owed(self):
        Line = self.env["account.move.line"]
        company = self.company_id
        ageing = Line._ar_ageing(company, company._ar_today())
        currencies = self.env["res.currency"].browse(sorted(ageing))
        debtors = Line._ar_debtors(company)
        owing = [row for row in debtors if row[1]]
        paragraphs = [
            self.env._(
                "Customers who owe %(company)s money: %(count)s.",
                count=len(owing),
                company=company.name,
            )
            if owing
            else self.env._("Nobody owes %(company)s money.", company=company.name)
        ]
        credited = [(partner, credit) for partner, debt, credit in owing if credit]
        if credited:
            paragraphs.append(
                self.env._(
                    "Of these, with unallocated credits: %(count)s. Allocate these "
                    "first: follow-up sets them against the oldest invoices, but only "
                    "you know what was paid. The largest:",
                    count=len(credited),
                )
            )
        partners = self.env["res.partner"].browse(
            partner for partner, _credit in credited[:CREDITS_SHOWN]
        )
        return {
            "paragraphs": paragraphs,
            "points": [
                f"{partner.display_name}: {company.currency_id.format(credit)}"
                for partner, (_id, credit) in zip(partners, credited, strict=False)
            ],
            "head": ["", *currencies.mapped("name")] if len(currencies) > 1 else (),
            "rows": self._age_rows(ageing, currencies) if owing else (),
            "has_link": bool(credited),
        }

    def _age_rows(self, ageing, currencies):
        """Rows of label, an amount in words per currency, and whether it is a sum."""
        ages = range(len(AGES) + 1)
        labels = [self.env._("Not due yet")]
        for first, following in zip(AGES, AGES[1:], strict=False):
            labels.append(
                self.env._(
                    "%(first)s to %(last)s days overdue",
                    first=first,
                    last=following - 1,
                )
            )
        labels.append(
            self.env._("More than %(days)s days overdue", days=AGES[-1] - 1),
        )
        amounts = {currency: ageing[currency.id] for currency in currencies}
        owed = {
            currency: sum(own.get(age, 0) for age in ages)
            for currency, own in amounts.items()
        }
        credit = {currency: own.get("credit", 0) for currency, own in amounts.items()}

        def row(label, values, is_sum=False):
            return label, [c.format(values[c]) for c in currencies], is_sum

        return [
            *(
                row(label, {c: own.get(age, 0) for c, own in amounts.items()})
                for age, label in zip(ages, labels, strict=True)
            ),
            row(self.env._("Open debt"), owed, True),
            row(
                self.env._("Unallocated credits"),
                {c: -amount for c, amount in credit.items()},
            ),
            row(self.env._("Rest"), {c: owed[c] - credit[c] for c in currencies}, True),
        ]

    # opening balances ----------------------------------------------------------------

    def _page_opening(self):
        groups = self._opening_groups()
        return {
            "has_link": any(undated for _dated, (undated, _sum) in groups.values()),
            "paragraphs": [
                self.env._(
                    "Debts in miscellaneous journals, such as opening balances, are "
                    "left alone unless you choose their journal. Each needs a due "
                    "date, so that the customer is told how late they are."
                )
            ],
            "head": [
                self.env._("Journal"),
                self.env._("With a due date"),
                self.env._("Without"),
            ],
            "rows": [
                (
                    journal.name,
                    [self._count_in_words(*numbers) for numbers in groups[journal]],
                    False,
                )
                for journal in sorted(groups, key=lambda journal: journal.name)
            ],
        }

    def _opening_groups(self):
        """Number and amount of the debts with and without a due date, by journal."""
        domain = self._opening_domain()
        Line = self.env["account.move.line"]
        groups = defaultdict(lambda: [(0, 0.0), (0, 0.0)])
        for place, operator in enumerate(("!=", "=")):
            for journal, count, amount in Line._read_group(
                [*domain, ("date_maturity", operator, False)],
                ["journal_id"],
                ["__count", "amount_residual:sum"],
            ):
                groups[journal][place] = (count, amount)
        return groups

    def _count_in_words(self, count, amount):
        if not count:
            return "–"
        return f"{count} ({self.company_id.currency_id.format(amount)})"

    # older invoices -------------------------------------------------------------------

    def _page_older(self):
        if not self.start_date:
            return {
                "paragraphs": [
                    self.env._(
                        "Without a start date all debt is followed up, however old, "
                        "beginning with a friendly reminder."
                    )
                ]
            }
        debts = self._older_debts()
        alone = [debt for debt in debts if not debt.is_released]
        if not debts:
            return {
                "paragraphs": [
                    self.env._(
                        "No open invoice was due before %(day)s.",
                        day=self._start_day(),
                    )
                ]
            }
        paragraphs = [
            self.env._(
                "Open invoices due before %(day)s: %(count)s (%(amount)s), of "
                "customers: %(customers)s.",
                count=len(debts),
                customers=len({debt.partner for debt in debts}),
                amount=self._total(debts),
                day=self._start_day(),
            )
        ]
        if len(alone) < len(debts):
            paragraphs.append(
                self.env._(
                    "Of these, followed up already: %(count)s. They go on.",
                    count=len(debts) - len(alone),
                )
            )
        return {"paragraphs": paragraphs}

    def _total(self, debts):
        amount = sum(debt.company_residual for debt in debts)
        return self.company_id.currency_id.format(amount)

    # their levels ---------------------------------------------------------------------

    def _page_levels(self):
        if self.csv_file:
            chosen, problems = self._levels_chosen()
            if problems:
                return {
                    "paragraphs": [
                        self.env._("Nothing is taken from this file until it is right:")
                    ],
                    "problems": self._first(problems),
                }
            return {"points": self._levels_in_words(chosen)}
        debts = [debt for debt in self._older_debts() if not debt.was_reminded]
        paragraphs = [
            self.env._(
                "Give each invoice the level it has reached, and the day of that "
                "letter. Its next reminder is the level after."
            )
        ]
        if len(debts) > len(self.line_ids):
            paragraphs.append(
                self.env._(
                    "Shown are the %(count)s largest of %(total)s.",
                    count=len(self.line_ids),
                    total=len(debts),
                )
            )
        paragraphs.append(
            self.env._(
                "For many, use a file: download the list, fill in the columns level "
                "(its name, or its days after the due date) and level_date (like "
                "%(day)s), and upload it. The file then counts instead of the rows "
                "below.",
                day=self.company_id._ar_today().isoformat(),
            )
        )
        return {"paragraphs": paragraphs}

    def _levels_in_words(self, chosen):
        """How many invoices get which level; rows of (level id, day) by debt."""
        counts = Counter(level for level, _day in chosen.values() if level)
        levels = self.env["ar.followup.level"].browse(counts).sorted("delay_days")
        by_name = Counter()  # policies may use the same names
        for level in levels:
            by_name[level.name] += counts[level.id]
        return [
            self.env._("%(level)s: %(count)s", level=name, count=count)
            for name, count in by_name.items()
        ] or [self.env._("No invoice has been given a level.")]

    def _first(self, problems):
        """As many problems as anybody reads in one go."""
        hidden = len(problems) - PROBLEMS_SHOWN
        if hidden <= 0:
            return problems
        return [
            *problems[:PROBLEMS_SHOWN],
            self.env._("… and %(count)s more.", count=hidden),
        ]

    # what changes ---------------------------------------------------------------------

    def _page_check(self):
        debts = self._older_debts()
        chosen, problems = self._chosen(debts)
        points = [self._start_in_words()]
        opening = self._opening_lines()
        if opening:
            points.append(
                self.env._(
                    "Opening balances are followed up: %(count)s, of customers: "
                    "%(customers)s.",
                    count=len(opening),
                    customers=len(opening.partner_id),
                )
            )
        points += self._older_points(debts, chosen)
        paragraphs = [self.env._("Once you apply this:")]
        if chosen and self.company_id.ar_followup_mode == "automatic":
            points.append(
                self.env._(
                    "Automatic mode is on: their reminders leave by themselves, the "
                    "first ones with the next run."
                )
            )
        return {
            "paragraphs": paragraphs,
            "points": points,
            "problems": self._first(problems),
        }

    def _start_day(self):
        return format_date(self.env, self.start_date, date_format="medium")

    def _start_in_words(self):
        day = self._start_day()
        if self.company_id.ar_followup_start_date == self.start_date:
            if not day:
                return self.env._("There is still no start date.")
            return self.env._("The start date stays %(day)s.", day=day)
        if not day:
            return self.env._("The start date is removed: all debt is followed up.")
        return self.env._("The start date becomes %(day)s.", day=day)

    def _older_points(self, debts, chosen):
        released = [d for d in debts if chosen.get(d.line) == (None, None)]
        leveled = [d for d in debts if chosen.get(d.line, (None, None))[0]]
        alone = [d for d in debts if d.line not in chosen and not d.is_released]
        points = []
        if released:
            points.append(
                self.env._(
                    "Older invoices are followed up, beginning at the friendly level: "
                    "%(count)s (%(amount)s).",
                    **self._numbers(released),
                )
            )
        if leveled:
            text = self.env._(
                "Older invoices go on from the level they had: %(count)s (%(amount)s).",
                **self._numbers(leveled),
            )
            points.append(" ".join([text, ", ".join(self._levels_in_words(chosen))]))
        if alone:
            points.append(
                self.env._(
                    "Older invoices are left alone: %(count)s (%(amount)s).",
                    **self._numbers(alone),
                )
            )
        return points

    def _numbers(self, debts):
        return {"count": len(debts), "amount": self._total(debts)}

    # mode -----------------------------------------------------------------------------

    def _page_mode(self):
        run = self.preview_id
        if not run:
            return {}
        reminded = called = 0
        others = Counter()
        for reason, action, level, count in self.env[
            "ar.followup.decision"
        ]._read_group(
            [("run_id", "=", run.id)], ["reason", "action", "level_id"], ["__count"]
        ):
            # only what is prepared anew has a level
            if not level:
                others[reason] += count
            elif action == "call":
                called += count
            else:
                reminded += count
        paragraphs = [
            self.env._(
                "If the day's work began now, %(reminded)s of %(all)s customers would "
                "get a reminder and %(called)s a call.",
                reminded=reminded,
                called=called,
                all=run.customer_count,
            )
        ]
        if others:
            paragraphs.append(self.env._("Nothing new goes to the others:"))
        labels = (
            self.env["ar.followup.decision"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
        return {
            "paragraphs": paragraphs,
            "points": [
                f"{label}: {others[code]}" for code, label in labels if others[code]
            ],
            "last": self.env._(
                "The day's work begins at %(hour)s o'clock (%(timezone)s).",
                hour=self.company_id.ar_followup_hour,
                timezone=str(self.company_id._ar_timezone()),
            ),
            "has_link": True,
        }

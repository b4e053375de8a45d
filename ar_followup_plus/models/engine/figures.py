from collections import Counter, defaultdict

from odoo import api, fields, models

from ..ledger.ageing import is_overdue
from .decide import is_message

# rows of ``figures["amount"]`` that are no reason codes
TOTALS = ("overdue", "not_due")


class ArFollowupRun(models.Model):
    """The day's figures: what is owed, what is left alone and why, by level."""

    _inherit = "ar.followup.run"

    figures_table = fields.Html(compute="_compute_figures_table", sanitize=False)

    def _add_figures(self, decided):
        """Add a batch to the day's figures.

        ``figures`` is JSON: ``reason`` → customers by reason code; ``amount`` →
        currency id → minor units ``overdue``, ``not_due`` and, of what is overdue,
        left alone by reason code; ``level`` → level id (0: none yet) → currency id
        → minor units overdue.
        """
        figures = self.figures or {"reason": {}, "amount": {}, "level": {}}
        reasons = Counter(figures["reason"])
        amounts = _counters(figures["amount"])
        levels = _counters(figures["level"])
        today = self.date
        for subject, decision in decided:
            reasons[decision.reason] += 1
            places = {
                (level.delay, level.tone): level.id for level in subject.facts.levels
            }
            for item in subject.facts.items:
                currency = str(item.currency)
                if not is_overdue(item.due, today):
                    amounts[currency]["not_due"] += item.residual
                    continue
                amounts[currency]["overdue"] += item.residual
                if decision.shielded[item.id]:
                    amounts[currency].update(decision.shielded[item.id])
                levels[str(places.get(item.reached, 0))][currency] += item.residual
        self.figures = {"reason": reasons, "amount": amounts, "level": levels}
        actions = Counter(decision.action for _subject, decision in decided)
        self.customer_count += len(decided)
        self.remind_count += actions["remind"]
        self.call_count += actions["call"]
        self.review_count += actions["review"]
        self.hold_count += actions["hold"]
        self.slot_count += sum(is_message(decision) for _subject, decision in decided)

    @api.depends("figures")
    @api.depends_context("lang")
    def _compute_figures_table(self):
        for run in self:
            run.figures_table = run.figures and self.env["ir.qweb"]._render(
                "ar_followup_plus.run_figures",
                {"groups": run._figure_groups()},
                minimal_qcontext=True,
            )

    def _figure_groups(self):
        """The figures in words: list of (title, rows of (label, amounts as text))."""
        self.ensure_one()
        labels = dict(
            self.env["ar.followup.decision"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
        totals = {
            "overdue": self.env._("Overdue"),
            "not_due": self.env._("Not due yet"),
        }
        by_kind, by_level = defaultdict(dict), defaultdict(dict)
        for currency, amounts in self.figures["amount"].items():
            for kind, amount in amounts.items():
                by_kind[kind][currency] = amount
        for level, amounts in self.figures["level"].items():
            by_level[int(level)].update(amounts)
        levels = self.env["ar.followup.level"].browse(sorted(by_level)).exists()
        return [
            (
                self.env._("Open amounts"),
                [(totals[kind], self._in_words(by_kind[kind])) for kind in TOTALS],
            ),
            (
                self.env._("Overdue, but left alone"),
                [
                    (label, self._in_words(by_kind[kind]))
                    for kind, label in labels.items()
                    if kind in by_kind
                ],
            ),
            (
                self.env._("Overdue, by level reached"),
                [(self.env._("None yet"), self._in_words(by_level[0]))]
                + [
                    (label, self._in_words(by_level[level.id]))
                    for level, label in self._level_labels(levels)
                ],
            ),
        ]

    @api.model
    def _level_labels(self, levels):
        """Levels in their order, with the policy where two have the same name."""
        levels = levels.sorted("delay_days")
        names = Counter(levels.mapped("name"))
        return [
            (
                level,
                f"{level.name} ({level.policy_id.name})"
                if names[level.name] > 1
                else level.name,
            )
            for level in levels
        ]

    @api.model
    def _in_words(self, amounts):
        """Amounts per currency id, in minor units, as one text."""
        currencies = self.env["res.currency"].browse(int(key) for key in amounts)
        return " + ".join(
            currency.format(amounts[str(currency.id)] / 10**currency.decimal_places)
            for currency in currencies
        )


def _counters(stored):
    """Counters to add to, by key, from what a Json field holds."""
    return defaultdict(Counter, {key: Counter(c) for key, c in stored.items()})

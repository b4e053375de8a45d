import hashlib

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

#: Promises broken longer ago than this do not count against a new one.
COUNTED_MONTHS = 12


class ArPaymentPromise(models.Model):
    """Within the policy's limits a promise needs nobody's approval."""

    _inherit = "ar.payment.promise"

    # the limits ------------------------------------------------------------------

    def _rule_that_approves(self):
        """The policy's limits, in words to keep; ``""`` beyond them."""
        self.ensure_one()
        if self._beyond_limits():
            return ""
        policy_sudo = self.sudo().case_id.policy_id  # sudo: it may be hidden
        speaking = self._on_record()
        return speaking.env._(
            "by the policy “%(policy)s”, promises up to %(days)s days ahead need no "
            "approval, with up to %(open)s open at a time and up to %(broken)s broken "
            "in the last %(months)s months.",
            policy=policy_sudo.name,
            days=policy_sudo.promise_max_days,
            open=policy_sudo.promise_max_open,
            broken=policy_sudo.promise_max_broken,
            months=COUNTED_MONTHS,
        )

    def _beyond_limits(self):
        """The limits of the policy that this promise is beyond, as sentences."""
        policy_sudo = self.sudo().case_id.policy_id  # sudo: it may be hidden
        if not policy_sudo:
            return [self.env._("No policy says what may be promised.")]
        sentences = []
        if self._days_ahead() > policy_sudo.promise_max_days:
            sentences.append(
                self.env._(
                    "%(days)s days ahead, the policy says %(most)s at the most.",
                    days=self._days_ahead(),
                    most=policy_sudo.promise_max_days,
                )
            )
        still_open = self._others_open() + 1
        if still_open > policy_sudo.promise_max_open:
            sentences.append(
                self.env._(
                    "%(count)s open promises with this one, the policy says %(most)s "
                    "at the most.",
                    count=still_open,
                    most=policy_sudo.promise_max_open,
                )
            )
        broken = self._broken_lately()
        if broken > policy_sudo.promise_max_broken:
            sentences.append(
                self.env._(
                    "%(count)s broken promises in the last %(months)s months, the "
                    "policy says %(most)s at the most.",
                    count=broken,
                    months=COUNTED_MONTHS,
                    most=policy_sudo.promise_max_broken,
                )
            )
        return sentences

    def _days_ahead(self):
        """From the day on which it was recorded."""
        return (self.date_promised - (self.submitted_on or self._today())).days

    def _others_open(self):
        """How many promises of the customer are open beside this one."""
        covered = [line.id for line, part in self._amounts_to_cover().items() if part]
        # sudo: those of colleagues, too
        return self.sudo().search_count(
            Domain("case_id", "=", self.case_id.id)
            & Domain("state", "=", "open")
            & Domain("id", "!=", self.id)
            # of those over the same invoices it takes the place
            & ~Domain("item_line_ids.item_id.move_line_id", "in", covered)
        )

    def _broken_lately(self):
        """How many promises the customer broke in the last months."""
        since = self._today() - relativedelta(months=COUNTED_MONTHS)
        # sudo: those of colleagues, too
        return self.sudo().search_count(
            Domain("case_id", "=", self.case_id.id)
            & Domain("state", "=", "broken")
            & Domain("date_promised", ">=", since)
            & Domain("id", "!=", self.id)
        )

    # what is approved ------------------------------------------------------------

    def _approval_fingerprint(self):
        """SHA-256 of what was promised, as hexadecimal digits."""
        self.ensure_one()
        self.env.flush_all()

        def money(amount):
            return f"{amount:.{self.currency_id.decimal_places}f}"

        rows = [
            (self.date_promised.isoformat(), self.currency_id.name, money(self.amount)),
            *sorted(
                (row.item_id.name, money(row.amount_covered))
                for row in self.item_line_ids
            ),
        ]
        text = "\n".join("\t".join(row) for row in rows)
        return hashlib.sha256(text.encode()).hexdigest()

    def _approval_policy_manager(self):
        # sudo: the policy may be hidden from the user
        manager = self.sudo().case_id.policy_id.manager_id.sudo(False)
        return manager or super()._approval_policy_manager()

    def _approval_key_figures(self):
        """What the approver looks at, in the language of the context."""
        self.ensure_one()
        items_sudo = self.sudo().item_line_ids.item_id  # sudo: which ones they are
        case_sudo = self.sudo().case_id
        figures = [
            (self.env._("Customer"), self.partner_id.sudo().display_name),
            (self.env._("Amount"), self.currency_id.format(self.amount)),
            (
                self.env._("Pays by"),
                self.env._(
                    "%(day)s, %(days)s days from now",
                    day=format_date(self.env, self.date_promised, date_format="long"),
                    days=self._days_ahead(),
                ),
            ),
            (
                self.env._("Invoices"),
                ", ".join(items_sudo.sorted("date_due").mapped("name")),
            ),
            (
                self.env._("Level reached"),
                case_sudo.level_id.name or self.env._("No level yet"),
            ),
            (
                self.env._("Earlier promises"),
                case_sudo.promise_record_text or self.env._("None so far"),
            ),
            (self.env._("Why ask"), " ".join(self._beyond_limits())),
        ]
        if self.note:
            figures.append((self.env._("Note"), self.note))
        return figures

    def _check_can_approve(self, fingerprint=None):
        """Adds: nothing that is disputed or on a plan by now, or whose day has gone."""
        result = super()._check_can_approve(fingerprint)
        for promise in self:
            # sudo: what is owed does not depend on who looks
            lines_sudo = promise.sudo().item_line_ids.item_id.move_line_id
            open_sudo = lines_sudo.filtered(lambda line: line._ar_asks_for_money())
            promise._raise_problem(
                promise._problem_of_dispute(open_sudo)
                or promise._problem_of_plan(open_sudo)
            )
            if promise.last_day < promise._today():
                raise UserError(
                    self.env._(
                        "It was to be paid by %(day)s. Refuse it, and ask the customer "
                        "for another day.",
                        day=format_date(
                            self.env, promise.date_promised, date_format="long"
                        ),
                    )
                )
        return result

    # what follows ----------------------------------------------------------------

    def _after_submit(self):
        """What it is about is noted, and it takes the place of those before it."""
        result = super()._after_submit()
        for promise in self:
            promise._store_baseline()
            promise._replace(promise._replaced())
        for company, promises in (
            self.filtered(lambda promise: not promise.approval_rule)
            .grouped("company_id")
            .items()
        ):
            days = company.sudo().ar_plan_approval_days
            until = fields.Date.add(company._ar_today(), days=days)
            promises._hold("awaiting_approval", until)
        return result

    def _after_approve(self):
        """Nobody asks for it until its day, and the days of tolerance, are over."""
        result = super()._after_approve()
        for day, promises in self.grouped("last_day").items():
            promises._hold("promised", day)
        return result

    def _after_refuse(self):
        result = super()._after_refuse()
        self._end_holds(lambda promise: promise.env._("The promise was not approved."))
        return result

    # what is said ----------------------------------------------------------------

    def _words_after_refusal(self):
        return self.env._(
            "Ask the customer for another day or amount, and record what they say."
        )

    def _words_of_withdrawal(self):
        return self.env._("Withdrawn: the promise is cancelled.")

    def _words_to_requester(self, user):
        return self.env._(
            "%(approver)s cancelled %(document)s before anybody decided.",
            approver=user.name,
            document=self.display_name,
        )

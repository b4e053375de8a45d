from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .ar_payment_promise import LIVE

MOST_YEARS = 1  # whoever promises for later has mistyped the year


class ArPaymentPromise(models.Model):
    """What can be promised, and what a new promise takes the place of."""

    _inherit = "ar.payment.promise"

    def _problem_of(self, lines_sudo):
        """Adds: what is paid in instalments."""
        return super()._problem_of(lines_sudo) or self._problem_of_plan(lines_sudo)

    def _problem_of_plan(self, lines_sudo):
        row_sudo = self.env["ar.payment.plan"]._other_plan_rows(lines_sudo)[:1]
        if not row_sudo:
            return ""
        return self.env._(
            "%(invoice)s is on the payment plan %(plan)s, which says when it is paid: "
            "leave it out.",
            invoice=row_sudo.item_id.name,
            plan=row_sudo.plan_id.name,
        )

    def _check_can_submit(self):
        """
        :raises UserError: when something is not right, with what to do about it
        """
        result = super()._check_can_submit()
        for promise in self:
            promise._check_day()
            promise._take_items()
            promise._judge_earlier()
            promise._check_invoices()
            promise._check_amount()
            promise._check_contact()
        return result

    def _judge_earlier(self):
        """What the books say by now of the customer's promises, not only tonight: one
        that is broken is no longer replaced, and counts."""
        company = self.company_id
        earlier = self._to_review(company, self.partner_id.ids)
        earlier._review(company, self._today())

    def _check_day(self):
        today = self._today()
        day = format_date(self.env, self.date_promised, date_format="long")
        if self.date_promised < today:
            raise UserError(
                self.env._("%(day)s has passed: choose today or a later day.", day=day)
            )
        if self.date_promised > today + relativedelta(years=MOST_YEARS):
            raise UserError(
                self.env._(
                    "%(day)s is more than a year from now: check the year, or agree "
                    "on a payment plan.",
                    day=day,
                )
            )

    def _check_amount(self):
        money = self.currency_id.format
        if self.currency_id.compare_amounts(self.amount, 0) < 0:
            raise UserError(
                self.env._(
                    "%(amount)s is less than nothing: enter what they will pay, or "
                    "leave the amount empty for all that is open.",
                    amount=money(self.amount),
                )
            )
        # sudo: what is owed does not depend on who looks
        both = self._open_and_disputed(self.sudo().move_line_ids).values()
        most = sum(open_now - disputed for open_now, disputed in both)
        if self.currency_id.compare_amounts(self.amount, most) > 0:
            raise UserError(
                self.env._(
                    "Only %(most)s is open and not disputed of these invoices, less "
                    "than %(amount)s: enter that much at the most, or add invoices.",
                    most=money(most),
                    amount=money(self.amount),
                )
            )

    def _check_contact(self):
        # sudo: whose contact it is
        self._raise_problem(self._problem_of_contact(self.sudo().log_id))

    # what it takes the place of --------------------------------------------------

    def _replaced(self):
        """The promises over the same invoices that it takes the place of."""
        self.ensure_one()
        # sudo: whoever may record a promise replaces those of colleagues, too
        rows_sudo = (
            self.env["ar.payment.promise.item"]
            .sudo()
            .search(
                Domain("item_id", "in", self.item_line_ids.item_id.ids)
                & Domain("promise_id.state", "in", LIVE)
                & Domain("promise_id", "!=", self.id)
            )
        )
        return rows_sudo.promise_id.sudo(False)

    def _replace(self, old):
        """Put this promise in the place of ``old`` ones; who decides is told so."""
        old._set_state("replaced", replaced_by_id=self.id)
        old._end_approval_activities()

        def why(promise):
            new = self.with_env(promise.env)
            return promise.env._(
                "Replaced by another promise: %(promise)s", promise=new.display_name
            )

        old._log_step(why)
        old.with_context(ar_reassess_later=True)._end_holds(why)

from datetime import timezone

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ..case.ar_followup_case_history import LAST_HOUR, Happening

NOON = 12  # a payment has a day, and no hour


class ArFollowupCase(models.Model):
    """What became of payment plans; and all that happened, to be printed."""

    _inherit = "ar.followup.case"

    def _collection_history_name(self):
        self.ensure_one()
        return self.env._(
            "Collection history of %(customer)s", customer=self.partner_id.display_name
        )

    def _collection_history(self):
        """All that happened, oldest first: list of (day, title, text, person)."""
        self.ensure_one()
        happenings = [*self._history(None), *self._history_of_payments()]
        zone = self.company_id._ar_timezone()
        rows = []
        for happening in sorted(happenings, key=lambda it: it.when):
            moment = happening.when.replace(tzinfo=timezone.utc)
            day = format_date(
                self.env, moment.astimezone(zone).date(), date_format="medium"
            )
            person = happening.user.sudo().name or ""  # sudo: a colleague's name
            rows.append((day, happening.title, happening.text, person))
        return rows

    # plans -------------------------------------------------------------------------

    def _history(self, limit):
        plans = self.env["ar.payment.plan"].search(
            [("case_id", "in", self._origin.ids)], limit=limit
        )
        return [*super()._history(limit), *self._history_of_plans(plans)]

    def _history_of_plans(self, plans):
        """What became of each plan, and on which day."""
        for plan in plans:
            yield self._plan_happened(
                plan,
                plan.create_date,
                self.env._("Payment plan %(plan)s: drafted", plan=plan.name),
                plan.schedule_text or "",
                plan.requested_by_id,
            )
            if plan.approved_on:
                yield self._plan_happened(
                    plan,
                    plan.approved_on,
                    self.env._("Payment plan %(plan)s: approved", plan=plan.name),
                    "",
                    plan.approved_by_id,
                )
            if plan.accepted_on:
                yield self._plan_happened(
                    plan,
                    plan.accepted_on,
                    self.env._("Payment plan %(plan)s: accepted", plan=plan.name),
                    plan.accepted_by or "",
                )
            yield from self._history_of_instalments(plan)

    def _history_of_instalments(self, plan):
        for line in plan.line_ids:
            amount = line.currency_id.format(line.amount)
            texts = (
                (line.late_on, self.env._("Instalment late")),
                (line.paid_on, self.env._("Instalment paid")),
            )
            for day, title in texts:
                if day:
                    due = format_date(self.env, line.date_due, date_format="medium")
                    text = self.env._(
                        "%(amount)s of %(plan)s, due on %(day)s",
                        amount=amount,
                        plan=plan.name,
                        day=due,
                    )
                    yield self._plan_happened(plan, self._at_end(day), title, text)
        if plan.broken_on:
            title = self.env._("Payment plan %(plan)s: broken", plan=plan.name)
            yield self._plan_happened(plan, self._at_end(plan.broken_on), title, "")

    def _plan_happened(self, plan, when, title, text, user=None):
        user = user or self.env["res.users"]
        return Happening(when, "fa-calendar", title, text, user, plan)

    def _at_end(self, day):
        return self.company_id._ar_to_utc(day, LAST_HOUR)

    # payments ----------------------------------------------------------------------

    def _history_of_payments(self):
        """What was paid of the customer's invoices, by payments and credit notes."""
        # sudo: amounts of the case's own customer, not the entries
        partials_sudo = (
            self.env["account.partial.reconcile"]
            .sudo()
            .search(
                Domain("debit_move_id", "in", self.item_ids.sudo().move_line_id.ids),
                order="id",
            )
        )
        for partial in partials_sudo:
            credit_sudo = partial.credit_move_id
            amount = partial.debit_currency_id.format(partial.debit_amount_currency)
            title = (
                self.env._("Credit note")
                if credit_sudo.move_id.move_type == "out_refund"
                else self.env._("Payment")
            )
            text = self.env._(
                "%(amount)s for %(invoice)s (%(entry)s)",
                amount=amount,
                invoice=partial.debit_move_id.move_name,
                entry=credit_sudo.move_name,
            )
            yield Happening(
                self.company_id._ar_to_utc(credit_sudo.date, NOON),
                "fa-money",
                title,
                text,
                self.env["res.users"],
                self.browse(),
            )

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..ledger.ageing import cover_oldest_first, to_minor
from .keeping import Instalment, is_late, verdict

LATE = "ar_followup_plus.mail_activity_type_plan_late"


class ArPaymentPlan(models.Model):
    """Kept or broken: what the books say of the plans, whenever they changed."""

    _inherit = "ar.payment.plan"

    reopened_on = fields.Date(
        copy=False,
        help="A payment was taken back on this day; it is not broken the same day.",
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"reopened_on"}

    @api.model
    def _to_review(self, company, partner_ids=None):
        """The plans that the books may have changed (as superuser).

        :param partner_ids: ids of customers, or None for all
        """
        # paid in full, and then a payment was taken back
        opened_again = Domain("state", "=", "done") & (
            Domain("item_line_ids.item_id.is_open", "=", True)
            | Domain("item_line_ids.item_id.move_id.state", "=", "draft")
        )
        domain = Domain("company_id", "=", company.id) & (
            Domain("state", "in", ("approved", "active", "broken")) | opened_again
        )
        if partner_ids is not None:
            domain &= Domain("partner_id", "in", list(partner_ids))
        # sudo: how a plan stands does not depend on who looks
        return self.sudo().search(domain, order="id")

    def _review(self, company, today):
        """Bring these plans in line with the books, set by set.

        Who calls it decides the cases anew afterwards.

        :param company: the company of all of them
        :param today: the day on the company's clock
        """
        if not self:
            return
        # sudo: the plans' own fields
        plans = company._ar_on_record(self.sudo()).with_context(ar_reassess_later=True)
        paid = plans._paid_by_line()
        arrived = plans._arrived_by_line(company, today, paid)
        stands = {}
        for plan in plans:
            instalments = plan._instalments(paid, arrived)
            stands[plan] = verdict(instalments, today, plan._terms())
        is_paid = plans.filtered(lambda plan: stands[plan] == "paid")
        done = is_paid.filtered(lambda plan: plan.state != "done")
        reopened = (plans - is_paid).filtered(lambda plan: plan.state == "done")
        broken = plans.filtered(
            lambda plan: (
                plan.state == "active"
                and stands[plan] == "broken"
                and plan.reopened_on != today
            )
        )
        now_paid, now_late = plans._note_lines(company, today, paid, arrived)
        (plans - done - broken)._thank(now_paid)
        done._finish()
        broken._break(today)
        reopened._reopen(today)
        plans._ask_collectors(now_late, today)

    # what is paid ----------------------------------------------------------------

    def _instalments(self, paid, arrived):
        """The instalments of one plan as plain values (:class:`Instalment`)."""
        decimals = self.currency_id.decimal_places
        return [
            Instalment(
                line.date_due,
                to_minor(line.amount, decimals),
                paid[line],
                arrived.get(line, 0),
            )
            for line in self.line_ids
        ]

    def _arrived_by_line(self, company, today, paid):
        """What arrived for instalments and is not matched yet, oldest due first.

        Nobody is asked for money that is there, whoever still has to match it; nor for
        an invoice that is disputed as a whole, until that is settled.

        :param paid: dict line → what is paid of it, minor units
        :return: dict line → minor units
        """
        asked_by = today + timedelta(days=company.sudo().ar_plan_notice_days)
        active = self.filtered(
            lambda plan: (
                plan.state == "active"
                and any(
                    line.date_due <= asked_by and plan._open_of(line, paid) > 0
                    for line in plan.line_ids
                )
            )
        )
        customers = active.partner_id.commercial_partner_id
        pools = defaultdict(int)
        for money in self.env["ar.money.in.transit"]._arrived(company, customers.ids):
            pools[money.partner_id, money.currency_id] += money.amount
        result = {}
        for (customer, currency), plans in active.grouped(
            lambda plan: (plan.partner_id.commercial_partner_id, plan.currency_id)
        ).items():
            lines = plans.line_ids.sorted(lambda line: (line.date_due, line.id))
            amounts = [line.plan_id._open_of(line, paid) for line in lines]
            pool = pools[customer.id, currency.id]
            pool += sum(row._open_but_disputed() for row in plans.item_line_ids)
            covered = cover_oldest_first(amounts, pool)
            result |= dict(zip(lines, covered, strict=True))
        return result

    def _open_of(self, line, paid):
        """What is open of an instalment, in minor units."""
        return to_minor(line.amount, self.currency_id.decimal_places) - paid[line]

    def _note_lines(self, company, today, paid, arrived):
        """Store of each instalment what is still expected, and whether it is late.

        :return: the instalments of plans in force that were found paid, and those
            that were found late, just now
        """
        now_paid = now_late = self.env["ar.payment.plan.line"]
        for plan in self:
            terms = plan._terms()
            decimals = plan.currency_id.decimal_places
            rate = plan._rate(company, today)
            in_force = plan.state in ("active", "broken")
            for line in plan.line_ids:
                amount = to_minor(line.amount, decimals)
                there = paid[line] + arrived.get(line, 0)
                late = in_force and is_late(amount, there, line.date_due, today, terms)
                is_paid = paid[line] >= amount
                if is_paid and not line.paid_on and plan.state == "active":
                    now_paid |= line
                if late and not line.late_on and plan.state == "active":
                    now_late |= line
                expected = company.currency_id.round(
                    (amount - paid[line]) / 10**decimals * rate
                )
                line._note(
                    amount_expected=expected,
                    late_on=late and (line.late_on or today),
                    paid_on=is_paid and (line.paid_on or today),
                )
        return now_paid, now_late

    def _rate(self, company, today):
        """One unit of the plan's currency in the company's."""
        return self.env["res.currency"]._get_conversion_rate(
            self.currency_id, company.currency_id, company, today
        )

    # what becomes of it ----------------------------------------------------------

    def _finish(self):
        """All is paid: the customer hears so, unless the plan was broken before."""
        kept = self.filtered(lambda plan: plan.state == "active")
        self._set_state("done", end_reason="paid")

        def why(plan):
            return plan.env._("Everything the plan covers has been paid.")

        self._log_step(why)
        self._end_holds(why)
        kept._thank_for_all()

    def _break(self, today):
        """An instalment was not paid: the plan is no reason to wait any more."""
        self._set_state("broken", broken_on=today, break_pending=True)
        self._end_holds(
            lambda plan: plan.env._("An instalment of the plan was not paid.")
        )
        if self:
            self.env["ar.followup.mark"]._wake_up()  # to tell the approver

    def _reopen(self, today):
        """A payment was taken back: they are again what they were before."""
        broken = self.filtered("broken_on")
        offered = (self - broken).filtered(lambda plan: not plan.accepted_on)
        active = self - broken - offered
        broken._set_state("broken", end_reason=False)
        offered._set_state("approved", end_reason=False)
        active._set_state("active", end_reason=False, reopened_on=today)
        self._log_step(lambda plan: plan.env._("A payment was taken back: open again."))
        active._hold("planned", None)
        for day, plans in offered.grouped("offer_until").items():
            if day >= today:  # else it lapses today
                plans._hold("planned", day)

    def _ask_collectors(self, now_late, today):
        """One activity for each plan with a late instalment, as long as it is.

        :param now_late: the instalments that were found late just now
        """
        late = self.filtered(
            lambda plan: plan.state == "active" and any(plan.line_ids.mapped("late_on"))
        )
        asked = self.activity_search([LATE])
        over = asked.filtered(lambda activity: activity.res_id not in late.ids)
        over.unlink()
        new = (late & now_late.plan_id) - late.browse((asked - over).mapped("res_id"))
        people = new.case_id._responsible()
        quick = new.with_context(mail_activity_quick_update=True)
        for user, plans in quick.grouped(
            lambda plan: people[plan.case_id.sudo(False)] or plan.requested_by_id
        ).items():
            plans.activity_schedule(LATE, date_deadline=today, user_id=user.id)

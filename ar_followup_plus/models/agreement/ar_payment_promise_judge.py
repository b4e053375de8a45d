from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .ar_payment_promise import JUDGED
from .promise import share_out, standing

#: How long after its day the books may still change what became of a promise: what is
#: matched later, or taken back later, is no longer about what was promised.
JUDGED_ANEW_DAYS = 90


class ArPaymentPromise(models.Model):
    """Kept or broken: what the books say of promises, whenever they changed."""

    _inherit = "ar.payment.promise"

    @api.model
    def _to_review(self, company, partner_ids=None):
        """The promises that the books may have changed (as superuser).

        :param partner_ids: ids of customers, or None for all
        """
        since = company._ar_today() - timedelta(days=JUDGED_ANEW_DAYS)
        judged = Domain("state", "in", JUDGED) & Domain("last_day", ">=", since)
        domain = Domain("company_id", "=", company.id) & (
            Domain("state", "=", "open") | judged
        )
        if partner_ids is not None:
            domain &= Domain("partner_id", "in", list(partner_ids))
        # sudo: how a promise stands does not depend on who looks
        return self.sudo().search(domain, order="date_promised, id")

    def _review(self, company, today):
        """Bring these promises in line with the books, set by set.

        Who calls it decides the cases anew afterwards.

        :param company: the company of all of them
        :param today: the day on the company's clock
        """
        if not self:
            return
        # sudo: the promises' own fields
        promises = company._ar_on_record(self.sudo()).with_context(
            ar_reassess_later=True
        )
        promises -= promises._give_way_to_plans()
        stands = promises._standings(company, today)
        for promise, stand in stands.items():
            promise._note_paid(stand.paid / 10**promise.currency_id.decimal_places)
        by_state = defaultdict(promises.browse)
        for promise, stand in stands.items():
            if stand.state != promise.state:
                by_state[stand.state] |= promise
        by_state["void"].filtered(lambda promise: promise.state == "open")._end_void()
        by_state["open"]._reopen(today)
        by_state["kept"]._keep(today)
        by_state["partial"]._fail("partial", today)
        by_state["broken"]._fail("broken", today)
        promises._hold_what_is_left()

    # what the books say ----------------------------------------------------------

    def _standings(self, company, today):
        """How each stands: dict promise → :class:`Standing`."""
        parts = {
            promise: [row._part(promise.last_day) for row in promise.item_line_ids]
            for promise in self
        }

        def stand(promise, arrived=0):
            percent = promise.tolerance_percent
            return standing(parts[promise], promise.last_day, today, percent, arrived)

        stands = {promise: stand(promise) for promise in self}
        failed = self.filtered(lambda own: stands[own].state in ("partial", "broken"))
        arrived = failed._arrived(company, stands)
        return stands | {
            promise: stand(promise, arrived[promise]) for promise in failed
        }

    def _arrived(self, company, stands):
        """What arrived in time and is not matched yet: dict promise → minor units.

        :param stands: dict promise → :class:`Standing`
        """
        pools = defaultdict(list)
        customers = self.partner_id.commercial_partner_id
        for money in self.env["ar.money.in.transit"]._arrived(company, customers.ids):
            pools[money.partner_id, money.currency_id].append((money.day, money.amount))
        result = {}
        for (customer, currency), promises in self.grouped(
            lambda promise: (promise.partner_id, promise.currency_id)
        ).items():
            promises = promises.sorted(lambda promise: (promise.last_day, promise.id))
            wanted = [(own.last_day, stands[own].missing) for own in promises]
            shares = share_out(wanted, pools[customer.id, currency.id])
            result |= dict(zip(promises, shares, strict=True))
        return result

    def _note_paid(self, paid):
        if self.currency_id.compare_amounts(self.amount_paid, paid):
            self.amount_paid = paid

    # what becomes of it ----------------------------------------------------------

    def _give_way_to_plans(self):
        """A plan in force says when its invoices are paid: no promise does any more.

        :return: the promises that are replaced
        """
        still_open = self.filtered(lambda promise: promise.state == "open")
        rows_sudo = self.env["ar.payment.plan.item"].sudo()  # sudo: of any plan
        planned = rows_sudo.search(
            Domain("item_id", "in", still_open.item_line_ids.item_id.ids)
            & Domain("plan_id.state", "=", "active")
        ).item_id
        given_way = still_open.filtered(
            lambda promise: promise.item_line_ids.item_id & planned
        )
        given_way._set_state("replaced")

        def why(promise):
            return promise.env._("A payment plan says now when it is paid.")

        given_way._log_step(why)
        given_way._end_holds(why)
        return given_way

    def _end_void(self):
        """Nothing of it is asked for any more, and nobody has paid it."""
        self._set_state("cancelled")

        def why(promise):
            return promise.env._(
                "Nothing of it is asked for any more: it was credited, written off or "
                "disputed."
            )

        self._log_step(why)
        self._end_holds(why)

    def _reopen(self, today):
        """A payment was taken back before its day, or has turned up unmatched."""
        self._set_state("open", judged_on=False)
        self._log_step(lambda promise: promise.env._("The books changed: open again."))
        for day, promises in self.grouped("last_day").items():
            if day >= today:
                promises._hold("promised", day)
        self._call_off_activities(today)

    def _keep(self, today):
        self._set_state("kept", judged_on=today)

        def why(promise):
            return promise.env._(
                "Kept: %(amount)s was paid in time.",
                amount=promise.currency_id.format(promise.amount_paid),
            )

        self._log_step(why)
        self._end_holds(why)
        self._call_off_activities(today)
        self._thank()

    def _fail(self, state, today):
        """Broken, or kept in part: the promise is no reason to wait any more."""
        self._set_state(state, judged_on=today)

        def why(promise):
            money = promise.currency_id.format
            return promise.env._(
                "%(paid)s of %(amount)s was paid in time.",
                paid=money(promise.amount_paid),
                amount=money(promise.amount),
            )

        self._log_step(why)
        self._end_holds(why)
        self._ask_collectors()

    def _hold_what_is_left(self):
        """Of invoices promised in part, what is paid is no longer held.

        Else the hold of the part would shield the rest, which was not promised.
        """
        still_open = self.filtered(lambda promise: promise.state == "open")
        holds = self.env["ar.followup.hold"].search(
            Domain("promise_id", "in", still_open.ids)
            & Domain("lifted_on", "=", False)
            & Domain("is_partial", "=", True)
        )
        changed = still_open.browse()
        for hold in holds:
            promise = hold.promise_id
            left = dict(promise._held_parts()).get(hold.item_id, 0.0)
            if hold.currency_id.compare_amounts(hold.amount, left):
                changed |= promise
        today = self[:1]._today()
        for day, promises in changed.grouped("last_day").items():
            if day >= today:
                promises._hold("promised", day)

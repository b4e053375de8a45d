from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..ledger.ageing import to_minor

#: Half now, half next month.
OFFERED_PARTS = 2


class ArFollowupReminder(models.Model):
    """Half now, half next month: offered where approved limits cover it.

    Who pays half in time has the rest left alone until the day that was printed.
    """

    _inherit = "ar.followup.reminder"

    offer_date = fields.Date(
        string="Second Half by",
        help="The day that it printed for the second half, if the first is paid by "
        "the day of the answer.",
    )
    offer_taken_on = fields.Date(help="The day on which half was found to be paid.")

    # what it prints ----------------------------------------------------------------

    def _plan_offer_approved(self):
        """Whether the company's limits of plans without approval cover it."""
        self.ensure_one()
        day = self._offer_day()
        if not day or self.tone != "friendly" or len(self.line_ids.currency_id) != 1:
            return super()._plan_offer_approved()
        company_sudo = self.company_id.sudo()  # sudo: settings
        amount = company_sudo.currency_id.compare_amounts(
            self.amount_asked, company_sudo.ar_plan_auto_amount
        )
        return (
            company_sudo.ar_plan_auto_installments >= OFFERED_PARTS
            and (day - company_sudo._ar_today()).days <= company_sudo.ar_plan_auto_days
            and amount <= 0
            and not self._offer_was_taken()
        )

    def _offer_was_taken(self):
        """Whether the customer had such an offer for one of these invoices before."""
        taken_sudo = self.case_id.sudo().reminder_ids.filtered("offer_taken_on")
        return bool(taken_sudo.line_ids.item_id & self.sudo().line_ids.item_id)

    def _compose(self):
        result = super()._compose()
        for reminder in self:
            reminder._keep_offer(reminder.offers_plan and reminder._offer_day())
        return result

    def _register_sent(self):
        result = super()._register_sent()
        for reminder in self.sudo():  # sudo: the engine's own field
            reminder._keep_offer(reminder.offer_date)
        return result

    def _keep_offer(self, day):
        """What counts is what the letter says, also once somebody edited it."""
        if day:
            printed = format_date(self.env, day, self.lang, "long")
            day = printed in str(self.body or "") and day
        if self.offer_date != day:
            self.offer_date = day

    # what is made of it --------------------------------------------------------------

    @api.model
    def _take_offers(self, company, today, partner_ids=None):
        """Leave alone the rest of what was paid by half, as it was offered. Once.

        :param partner_ids: ids of customers, or None for all
        """
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "sent")
            & Domain("offer_date", ">=", today)
            & Domain("offer_taken_on", "=", False)
        )
        if partner_ids is not None:
            domain &= Domain("case_id.partner_id", "in", list(partner_ids))
        # sudo: what was offered counts, whoever booked the payment
        offers = self.sudo().search(domain, order="id")
        if not offers:
            return
        pools = defaultdict(list)
        for money in self.env["ar.money.in.transit"]._arrived(
            company, offers.case_id.partner_id.ids
        ):
            pools[money.partner_id, money.currency_id].append(money)
        taken = offers.filtered(lambda offer: offer._is_half_paid(pools))
        taken.offer_taken_on = today
        vals_list = [
            vals
            for offer in company._ar_on_record(taken)
            for vals in offer._promised_holds(today)
        ]
        self.env["ar.followup.hold"].sudo().with_context(ar_reassess_later=True).create(
            vals_list
        )

    def _is_half_paid(self, pools):
        """Whether half of what it asked for was paid by the day of the answer.

        :param pools: (customer, currency) → money that no invoice has yet
        """
        self.ensure_one()
        currency = self.line_ids.currency_id
        decimals = currency.decimal_places
        asked = paid = known = 0
        for line in self.line_ids:
            asked += to_minor(line.amount_asked, decimals)
            paid += line._paid_since(self.date_answer)
            # credits that were there before were not asked for
            disputed = line.item_id._disputed_part(line.amount_residual)
            known += max(to_minor(line.amount_held - disputed, decimals), 0)
        paid += sum(
            money.amount
            for money in pools[self.case_id.partner_id.id, currency.id]
            if money.day <= self.date_answer
        )
        return OFFERED_PARTS * (paid - known) >= asked

    def _promised_holds(self, today):
        """Holds on what is still open; a plan that covers it says more."""
        note = self.env._(
            "Half of what was asked for on %(sent)s was paid, as offered then: the "
            "rest is to be paid by %(day)s.",
            sent=format_date(self.env, self._sent_on(), date_format="medium"),
            day=format_date(self.env, self.offer_date, date_format="medium"),
        )
        for item in self.line_ids.item_id.filtered("is_open"):
            kinds = item.hold_ids.filtered("is_current").mapped("kind")
            if "planned" not in kinds:
                yield {
                    "case_id": item.case_id.id,
                    "item_id": item.id,
                    "kind": "promised",
                    "date_from": today,
                    "date_to": self.offer_date,
                    "note": note,
                    "user_id": False,
                }


class ArFollowupReminderLine(models.Model):
    _inherit = "ar.followup.reminder.line"

    def _paid_since(self, until):
        """What came in for the invoice since it was asked for, in minor units.

        :param until: payments of later days do not count
        """
        item = self.item_id
        decimals = self.currency_id.decimal_places
        if item.move_id.state == "draft":
            return 0  # it is only being corrected
        later = item.move_line_id.matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id.date > until
        )
        open_then = item.amount_residual + sum(later.mapped("debit_amount_currency"))
        return max(to_minor(self.amount_residual - open_then, decimals), 0)

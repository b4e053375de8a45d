from odoo import api, models
from odoo.tools import format_date

from ..case.ar_followup_case_history import FIRST_HOUR, LAST_HOUR, Happening
from .ar_payment_promise import LIVE

ICON = "fa-handshake-o"
#: what became of a promise: state → icon
ICONS = {
    "kept": "fa-check",
    "partial": "fa-exclamation-triangle",
    "broken": "fa-exclamation-triangle",
}


class ArFollowupCase(models.Model):
    """A customer's promises, as the case's page and its history tell them."""

    _inherit = "ar.followup.case"

    # what is promised now ----------------------------------------------------------

    @api.depends("promise_ids.state", "promise_ids.amount_paid")
    @api.depends_context("lang")
    def _compute_promises_now(self):
        for case in self:
            live = case.promise_ids.filtered(lambda promise: promise.state in LIVE)
            rows = [case._promise_row(p) for p in live.sorted("date_promised")]
            case.promises_now = rows or False

    def _promise_row(self, promise):
        """A promise as the page draws it; a click opens it."""
        day = format_date(self.env, promise.date_promised, date_format="medium")
        money = promise.currency_id.format
        title = self.env._("%(amount)s is promised", amount=money(promise.amount))
        text = self.env._("Nobody asks for it until then and the days of tolerance.")
        if promise.state == "to_approve":
            title = self.env._("A promise waits for approval")
            text = self.env._(
                "%(amount)s, recorded by %(person)s.",
                amount=money(promise.amount),
                person=promise.requested_by_id.sudo().name,  # sudo: a colleague's name
            )
        elif promise.amount_paid:
            text = self.env._(
                "%(amount)s of it has been paid.", amount=money(promise.amount_paid)
            )
        return {
            "day": day,
            "icon": "fa-hourglass-half" if promise.state == "to_approve" else ICON,
            "title": title,
            "text": text,
            "user": "",
            "model": promise._name,
            "id": promise.id,
        }

    # what happened -----------------------------------------------------------------

    def _history(self, limit):
        promises = self.env["ar.payment.promise"].search(
            [("case_id", "in", self._origin.ids)], order="id desc", limit=limit
        )
        happenings = [
            happening
            for happening in super()._history(limit)
            if not self._is_told_by_promise(happening.record)
        ]
        for promise in promises:
            happenings += self._history_of_promise(promise)
        return happenings

    def _is_told_by_promise(self, record):
        """Whether a hold is only what a step of a promise left behind."""
        return record._name == "ar.followup.hold" and bool(record.promise_id)

    def _history_of_promise(self, promise):
        """Who recorded it, who decided about it, and what became of it."""
        said = promise.note or ""
        title = self.env._("Promised to pay")
        person = promise.requested_by_id
        yield self._promise_step(promise, promise.requested_on, title, said, person)
        if promise.approved_by_id:
            title = self.env._("Promise approved")
            person = promise.approved_by_id
            yield self._promise_step(promise, promise.approved_on, title, "", person)
        if promise.refused_on:
            title = self.env._("Promise not approved")
            person, why = promise.refused_by_id, promise.refusal_reason or ""
            yield self._promise_step(promise, promise.refused_on, title, why, person)
        titles = {
            "kept": self.env._("Promise kept"),
            "partial": self.env._("Promise kept in part"),
            "broken": self.env._("Promise broken"),
        }
        if promise.judged_on and promise.state in titles:
            # what was not kept, before it was written about
            hour = LAST_HOUR if promise.state == "kept" else FIRST_HOUR
            when = self.company_id._ar_to_utc(promise.judged_on, hour)
            icon = ICONS[promise.state]
            title = titles[promise.state]
            yield self._promise_step(promise, when, title, icon=icon)

    def _promise_step(self, promise, when, title, text="", user=None, icon=ICON):
        """A step of a promise; a click opens the promise."""
        words = promise._in_words()
        text = ". ".join(filter(None, (words[:1].upper() + words[1:], text)))
        user = user or self.env["res.users"]
        return Happening(when, icon, title, text, user, promise)

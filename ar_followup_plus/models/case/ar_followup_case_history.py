from datetime import datetime
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import format_date

# as many as a page shows; all of them are behind the buttons above
HISTORY_LENGTH = 50
# of a day without a time, what opens the day comes first and what ends it last
FIRST_HOUR, LAST_HOUR = 0, 23


class Happening(NamedTuple):
    """One line of a case's history.

    :param when: naive UTC datetime; shown as a day on the company's clock
    :param icon: name of a Font Awesome icon
    :param title, text: in the reader's language; the text may be empty
    :param user: who did it, ``res.users``; empty: the engine
    :param record: what a click opens; empty: nothing
    """

    when: datetime
    icon: str
    title: str
    text: str
    user: models.BaseModel
    record: models.BaseModel


class ArFollowupCase(models.Model):
    """What happened with a customer, newest first."""

    _inherit = "ar.followup.case"

    history = fields.Json(string="What Happened", compute="_compute_history")

    def _compute_history(self):
        for case in self:
            newest = sorted(
                case._history(HISTORY_LENGTH), key=lambda it: it.when, reverse=True
            )
            case.history = [
                case._history_row(happening) for happening in newest[:HISTORY_LENGTH]
            ]

    def _history_row(self, happening):
        """A happening as the page draws it."""
        day = self.company_id._ar_local(happening.when).date()
        record = happening.record
        return {
            "day": format_date(self.env, day, date_format="medium"),
            "icon": happening.icon,
            "title": happening.title,
            "text": happening.text,
            "user": happening.user.sudo().name or "",  # sudo: a colleague's name
            "model": record._name if record else False,
            "id": record.id,
        }

    def _history(self, limit):
        """The happenings of one case, in any order. A hook: each room adds its own.

        :param limit: of each kind, the newest so many are enough
        :return: list of :class:`Happening`
        """
        self.ensure_one()
        holds = self.env["ar.followup.hold"].search(
            [("case_id", "in", self._origin.ids)], order="id desc", limit=limit
        )
        return [
            *self._history_of_round(),
            *map(self._history_of_hold, holds),
            *map(self._history_of_lift, holds.filtered("lifted_on")),
        ]

    def _history_of_round(self):
        nobody = self.env["res.users"]
        if self.opened_on:
            title = self.env._("Follow-up began")
            when = self.company_id._ar_to_utc(self.opened_on, FIRST_HOUR)
            yield Happening(when, "fa-flag-o", title, "", nobody, self.browse())
        if self.closed_on:
            title = self.env._("Everything was settled")
            when = self.company_id._ar_to_utc(self.closed_on, LAST_HOUR)
            yield Happening(when, "fa-check", title, "", nobody, self.browse())

    def _history_of_hold(self, hold):
        title = hold._kind_label()
        if hold.date_to:
            day = format_date(self.env, hold.date_to, date_format="medium")
            title = self.env._("%(kind)s (until %(day)s)", kind=title, day=day)
        what = hold.item_id.name or self.env._("Everything this customer owes")
        if hold.is_partial:
            amount = hold.currency_id.format(hold.amount)
            what = self.env._("%(amount)s of %(invoice)s", amount=amount, invoice=what)
        text = f"{what}. {hold.note}" if hold.note else what
        return Happening(
            hold.create_date, "fa-pause-circle-o", title, text, hold.user_id, hold
        )

    def _history_of_lift(self, hold):
        return Happening(
            hold.company_id._ar_to_utc(hold.lifted_on, LAST_HOUR),
            "fa-play-circle-o",
            self.env._("%(kind)s: lifted", kind=hold._kind_label()),
            hold.lift_note or "",
            hold.lifted_by_id,
            hold,
        )

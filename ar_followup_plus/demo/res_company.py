from datetime import date, datetime

from odoo import models


class PastDay(date):
    """A day on which the demo tells what people did.

    A class of its own, which no program can send: nobody else moves the clock.
    """


class ResCompany(models.Model):
    """The demo's past days: people agree on something, and it counts from that day."""

    _inherit = "res.company"

    def _ar_now(self):
        now = super()._ar_now()
        day = self.env.context.get("ar_demo_day")
        return datetime.combine(day, now.timetz()) if isinstance(day, PastDay) else now

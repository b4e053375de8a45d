from typing import NamedTuple

from odoo import models
from odoo.fields import Command

from .res_company import PastDay
from .stories import MAIN, Bill


class Promised(NamedTuple):
    """A promise to pay; each step so many days ago, 0: never.

    :param by: the day they named, from today
    :param amount: 0: all that is open
    :param refused: an approver said no, and why
    :param paid: when they paid, and how much
    """

    customer: str
    promised: int
    by: int
    note: str
    amount: float = 0.0
    method: str = "transfer"
    refused: int = 0
    why: str = ""
    paid: tuple = ()


BILLS = (
    Bill("sandpiper", -16, 1950.00, "Beach bar stools"),
    Bill("goldfinch", -24, 2400.00, "Aviary benches"),
    Bill("thistledown", -19, 5300.00, "Market hall tables"),
    Bill("lindenwood", -34, 1240.00, "Practice room mirrors"),
    Bill("lindenwood", -9, 480.00, "Piano stools"),
    Bill("hazelmere", -29, 2160.00, "Cutting room shelves"),
    Bill("driftwood", -28, 1675.00, "Boat shed lockers"),
    Bill("summerhill", -21, 3025.00, "Club house chairs"),
    Bill("inglenook", -17, 910.00, "Fireside settle"),
)
PROMISES = (
    Promised(
        "sandpiper", 4, 3, "The season's first takings are banked at the weekend."
    ),
    Promised(
        "goldfinch",
        6,
        2,
        "They pay in two steps; the second half after their fair.",
        amount=1200.00,
        paid=((2, 500.00),),
    ),
    Promised("thistledown", 1, 32, "The market fees come in at the end of next month."),
    Promised(
        "lindenwood",
        20,
        -10,
        "The tuition fees arrive in the first week of the month.",
        amount=1240.00,
        paid=((11, 1225.00),),
    ),
    Promised(
        "hazelmere",
        15,
        -8,
        "Waits for a transfer from a customer of their own.",
        paid=((7, 900.00),),
    ),
    Promised("driftwood", 13, -7, "The owner signs the transfer himself."),
    Promised("summerhill", 9, -1, "The treasurer is back on Monday."),
    Promised("summerhill", 3, 5, "The treasurer fell ill; the deputy pays on Friday."),
    Promised(
        "inglenook",
        5,
        75,
        "They would like to wait for the autumn season.",
        refused=4,
        why="Too long for one chair. Offer them two instalments.",
    ),
)


class ArFollowupDemo(models.AbstractModel):
    """Promises to pay: given on days gone by, kept, broken or still open."""

    _inherit = "ar.followup.demo"

    def _tell(self, story):
        if story.company == MAIN.company:
            story = story._replace(bills=(*story.bills, *BILLS))
        return super()._tell(story)

    def _work_past_day(self, day, partners, story):
        past = self.with_context(ar_demo_day=PastDay(day.year, day.month, day.day))
        if story.company == MAIN.company:
            for promised in PROMISES:
                past._promise(promised, day)
        result = super(ArFollowupDemo, past)._work_past_day(day, partners, story)
        past._happened_on(past._cases(partners).promise_ids, day)
        return result

    def _promise(self, promised, day):
        """What people do on this day about a promise."""
        case = self._cases(self._customer(promised.customer))
        if self._day(-promised.promised) == day:
            self._record_promise(promised, case)
        if promised.refused and self._day(-promised.refused) == day:
            promise = case.promise_ids.with_user(self._ref("user_approver"))
            promise.action_refuse(promised.why)
        for days, amount in promised.paid:
            if self._day(-days) == day:
                bill = self._invoices(promised.customer).sorted("invoice_date_due")[:1]
                self._pay(bill, amount, day)

    def _record_promise(self, promised, case):
        collector = self._ref("user_collector")
        company = self.env.company
        # asked alone; but not told yet of each of the days that follow
        company.ar_manager_id = self._ref("user_approver")
        lines = case.with_user(collector)._lines_to_promise()
        self.env["ar.payment.promise"].with_user(collector).create(
            {
                "case_id": case.id,
                "move_line_ids": [Command.set(lines.ids)],
                "amount": promised.amount,
                "date_promised": self._day(promised.by),
                "method": promised.method,
                "note": promised.note,
            }
        )
        company.ar_manager_id = False

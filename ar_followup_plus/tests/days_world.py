"""Days over the real database: what befalls a company, its customers and its mail.

Each method is something that may happen; ``days`` lets time pass, with a tick at noon
of each day. After everything that may send mails the evidence is read.
"""

from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from ..models.contact.mail_mail import MailMail
from .days_evidence import Evidence
from .days_mail import answer, report
from .smtp_sink import free_port

#: A short ladder, so that a few weeks are enough to reach its end.
LEVELS = (
    (-2, "courtesy", {"response_days": 0}),
    (1, "friendly", {"response_days": 2}),
    (4, "friendly", {"response_days": 2}),
    (8, "firm", {"response_days": 2, "repeat_after_days": 6}),
    (12, "firm", {"send_email": False}),
    (16, "final", {"response_days": 3, "requires_review": True}),
)
GAP = 2
HOUR = 9  # of the morning, in which people do what they do
HOURS = (12, 13, 14)  # of the ticks that a day has at the most
LATE = 18  # the hour of one more
#: what Odoo tells as an error when a mail server refuses or goes away
MAIL_LOGGERS = (
    "odoo.addons.mail.models.mail_mail",
    "odoo.addons.ar_followup_plus.models.contact.mail_mail",
)


class World:
    """See the module. ``test`` is a :class:`FollowupCommon` case.

    :ivar seen: the :class:`Evidence`
    """

    def __init__(self, test, people=3):
        self.test, self.env = test, test.env
        self.sink, self.engine = test.sink, test.engine
        self.sink.reset()
        self.day = 0
        test.travel(0, HOUR)
        call = self.env.ref("ar_followup_plus.mail_activity_type_call").id
        levels = [
            (delay, tone, {**vals, **self._call_of(tone, vals, call)})
            for delay, tone, vals in LEVELS
        ]
        self.policy = test.set_policy(levels=levels, min_gap_days=GAP)
        self.customers = [test.customer(f"Customer {n + 1}") for n in range(people)]
        self.debts = []  # every invoice
        self.payments = []  # (invoice, its payment)
        self.dies = None
        self.seen = Evidence(self.env, test.company, self.sink.mails)

    @staticmethod
    def _call_of(tone, vals, call):
        return {"activity_type_id": call} if vals.get("send_email") is False else {}

    # time ------------------------------------------------------------------------

    def days(self, count):
        """So many days pass, each with its tick."""
        for _day in range(count):
            for hour in HOURS:
                self.tick(hour)
                if not self.seen.unfinished():
                    break  # else a broken line or a dead process left something
            self.seen.end_day()
            self.day += 1
            self.test.travel(self.day, HOUR)

    def tick(self, hour=LATE):
        """The scheduled action works."""
        self.test.travel(self.day, hour)
        with self._death(), mute_logger(*MAIL_LOGGERS):
            self.test.work_day()
        self.seen.look()
        self.test.travel(self.day, hour)

    def _look(self):
        self.env.invalidate_all()
        self.seen.look()

    # the books -------------------------------------------------------------------

    def invoice(self, who, amount=100, due=0):
        """A posted invoice, due in so many days."""
        partner = self._customer(who)
        self.debts.append(self.test.invoice(partner, amount, self.day + due))

    def pay(self, which, part=None):
        """Money comes in for an invoice, all of it or a part in cents."""
        move = self._debt(which)
        if move and move.amount_residual:
            amount = part and min(part, move.amount_residual)
            self.payments.append((move, self.test.pay(move, amount)))

    def unmatch(self, which, is_returned):
        """A payment is not the invoice's after all, or the bank takes it back."""
        if self.payments:
            move, payment = self.payments.pop(which % len(self.payments))
            self.test.receivable(move).remove_move_reconcile()
            if is_returned:
                payment.action_draft()
                payment.action_cancel()

    def credit(self, who, amount):
        """A credit note that is not matched with any invoice."""
        self.test.credit(self._customer(who), amount)

    # people ----------------------------------------------------------------------

    def hold(self, who, kind="paused", which=None, part=None, days=None):
        """Leave a customer, one of their invoices or a part of it alone."""
        case = self._case(who)
        items = case.item_ids.filtered("is_open")
        item = items[which % len(items)] if items and which is not None else items[:0]
        if case:
            today = fields.Date.today()
            self.engine["ar.followup.hold"].create(
                {
                    "case_id": case.id,
                    "kind": kind,
                    "item_id": item.id,
                    "is_partial": bool(item and part),
                    "amount": part if item and part else 0,
                    "date_from": today,
                    "date_to": days is not None and fields.Date.add(today, days=days),
                }
            )

    def lift(self, which=0):
        holds = self.engine["ar.followup.hold"].search(
            [("is_current", "=", True), ("company_id", "=", self.test.company.id)]
        )
        if holds:
            hold = holds[which % len(holds)]
            hold.with_user(self.test.manager).action_lift("They called.")

    def talk(self, who, outcome="reached"):
        """A collector speaks with the customer, or tries to."""
        case = self._case(who)
        if case:
            values = {"case_id": case.id, "outcome": outcome}
            self.env["ar.contact.log"].with_user(self.test.collector).create(values)

    def make_calls(self):
        """The calls that are planned up to today are made."""
        calls = self.engine["mail.activity"].search(
            [
                ("res_model", "=", "ar.followup.case"),
                ("date_deadline", "<=", fields.Date.today()),
                ("activity_type_id.category", "=", "phonecall"),
            ]
        )
        if calls:
            calls.with_user(self.test.collector).action_feedback(feedback="Hm.")
        self._look()

    def review(self, drop=False):
        """A collector sends what waits to be read, or drops it."""
        waiting = self._reminders("to_review")
        if waiting:
            with mute_logger(*MAIL_LOGGERS):
                waiting.action_cancel() if drop else waiting.action_send()
            self._look()

    def put_right(self, again=True):
        """What could not be sent is sent again, or left."""
        failed = self._reminders("failed")
        if failed:
            with mute_logger(*MAIL_LOGGERS):
                failed.action_retry() if again else failed.action_cancel()
            self._look()
        self._reminders("bounced").action_cancel()

    def ask(self):
        """The customers are asked whether they got what nobody knows to have left."""
        for reminder in self._reminders("unknown"):
            if self.seen.came(reminder.message_id.message_id):
                reminder.action_mark_sent()
            else:
                with mute_logger(*MAIL_LOGGERS):
                    reminder.action_retry()
            self._look()

    def address(self, who, box):
        """A customer's address changes; without a mail box, they have none."""
        self._customer(who).email = box and self._at(who, box)

    # mail, and what may go wrong ---------------------------------------------------

    def mail_server(self, works):
        self.test.mail_server.smtp_port = self.sink.port if works else free_port()
        self.seen.is_down = not works

    def refuse(self, who, refuses=True):
        """The mail server answers a customer's address with 550, or no longer."""
        change = self.sink.refused.add if refuses else self.sink.refused.discard
        change(self._at(who))

    def hang_up(self, who, hangs_up=True):
        """The line goes dead while a customer's mails are handed over."""
        change = self.sink.hung_up.add if hangs_up else self.sink.hung_up.discard
        change(self._at(who))

    def answer_mail(self, who, by_machine=False):
        """The customer answers their last mail, or is out of the office."""
        mail, address = self._last_mail(who)
        if mail:
            self._gateway(answer(mail, address, by_machine))

    def report(self, who, action="failed", status="5.1.1"):
        """A mail server tells what became of a customer's last mail."""
        mail, address = self._last_mail(who)
        if mail:
            self._gateway(report(mail, address, action, status))

    def _last_mail(self, who):
        mails = self.test.received(self._at(who)) or self.test.received(
            self._at(who, "office")
        )
        return (mails[-1], mails[-1].recipients[0]) if mails else (None, None)

    def _gateway(self, raw):
        """A mail comes in, as Odoo's gateway takes it."""
        self.engine["mail.thread"].message_process(False, raw)
        self._look()

    def die(self, has_left):
        """The next process that hands a mail over dies, before or after SMTP."""
        self.dies = "after" if has_left else "before"

    def _death(self):
        """Patch the hand-over so that its process dies once, as ``die`` said.

        What it leaves behind is what a killed process does: the claim, which was
        committed, no result, and a lock that is free.
        """
        leave = MailMail._ar_leave

        def dies(mail, *args, **kwargs):
            moment, self.dies = self.dies, None
            if moment is None:
                return leave(mail, *args, **kwargs)
            address = mail.recipient_ids.email
            if moment == "before":
                self.sink.hung_up.add(address)
            savepoint = mail.env.cr.savepoint()
            try:
                return leave(mail, *args, **kwargs)
            finally:
                savepoint.close(rollback=True)
                mail.env.invalidate_all(flush=False)
                self.sink.hung_up.discard(address)

        return patch.object(MailMail, "_ar_leave", dies)

    # the rules ---------------------------------------------------------------------

    def rules(self, **changes):
        """Other contact rules."""
        self.policy.write(changes)

    def company(self, **changes):
        """Another mode, or another daily limit."""
        self.test.company.sudo().write(changes)

    # who is meant --------------------------------------------------------------------

    def _customer(self, who):
        return self.customers[who % len(self.customers)]

    def _at(self, who, box="customer"):
        return f"{box}.{who % len(self.customers) + 1}@customer.example"

    def _case(self, who):
        return self.test.case(self._customer(who))

    def _debt(self, which):
        return self.debts[which % len(self.debts)] if self.debts else None

    def _reminders(self, state):
        domain = [("state", "=", state), ("company_id", "=", self.test.company.id)]
        reminders = self.engine["ar.followup.reminder"].search(domain)
        return reminders.with_user(self.test.collector)

"""What the tests of a day's work share: a company, customers, time and mail."""

from datetime import date, datetime, timedelta

# not freezegun.freeze_time: Odoo puts a wrapper there that cannot move the clock
from freezegun.api import freeze_time

from odoo import SUPERUSER_ID, fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from ..models.engine.ar_followup_run import Clock
from .smtp_sink import SmtpSink, free_port

#: The tests' first day, a Monday; an invoice due on it is overdue the day after.
START = date(2026, 1, 5)


class FollowupCommon(AccountTestInvoicingCommon):
    """A company that follows up by itself, on a frozen clock, over real SMTP.

    ``travel`` moves the clock, ``work_day`` lets the scheduled action tick at noon
    (UTC, which is the company's time zone). ``received`` gives what a customer got.
    """

    @classmethod
    def default_env_context(cls):
        # Nothing of mail is switched off: what leaves is what is tested.
        return {"no_reset_password": True}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls._set_up_people()
        cls.company.partner_id.write(
            {"tz": "UTC", "email": "office@seller.example", "phone": "+1 555 0100"}
        )
        cls.policy = cls.env.ref("ar_followup_plus.policy_default")
        # sudo: a user would first have to preview the day
        cls.company.sudo().write(
            {
                "name": "The Seller",
                "ar_followup_mode": "automatic",
                "ar_followup_policy_id": cls.policy.id,
                "ar_default_user_id": cls.collector.id,
                "ar_manager_id": cls.manager.id,
            }
        )
        # the tests' days are counted from START, whatever day of the week they are
        cls.policy.working_days_only = False
        cls._set_up_mail()
        # One freezer for the class: starting one takes much longer than moving it.
        freezer = freeze_time(cls._noon(START), real_asyncio=True)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        #: as the scheduled action acts: the superuser, no company, no language
        cls.engine = cls.env(user=SUPERUSER_ID, context={})

    @classmethod
    def _set_up_people(cls):
        cls.collector = new_test_user(
            cls.env,
            login="ar_collector",
            name="Carla Collector",
            email="carla@seller.example",
            groups="ar_followup_plus.group_ar_collector,account.group_account_invoice",
            company_id=cls.company.id,
        )
        cls.collector.partner_id.phone = "+1 555 0123"
        cls.manager = new_test_user(
            cls.env,
            login="ar_manager",
            name="Mona Manager",
            email="mona@seller.example",
            groups="ar_followup_plus.group_ar_approver,account.group_account_manager",
            company_id=cls.company.id,
        )
        cls.manager.notification_type = "email"

    @classmethod
    def _set_up_mail(cls):
        """Odoo's mail server is a sink on localhost, and Odoo really sends to it."""
        cls.sink = SmtpSink()
        cls.sink.start()
        cls.addClassCleanup(cls.sink.stop)
        Server = cls.env["ir.mail_server"].sudo()
        Server.search([]).active = False
        cls.mail_server = Server.create(
            {"name": "sink", "smtp_host": cls.sink.hostname, "smtp_port": cls.sink.port}
        )
        # In a test Odoo would not even connect.
        cls.classPatch(type(Server), "_disable_send", lambda *_args: False)

    def setUp(self):
        super().setUp()
        self.sink.reset()
        self.travel(START)

    # time --------------------------------------------------------------------

    @staticmethod
    def _noon(day, hour=12):
        return datetime(day.year, day.month, day.day, hour)

    @classmethod
    def travel(cls, day, hour=12):
        """Move the clock; ``day`` is a date, or a number of days from ``START``."""
        if isinstance(day, int):
            day = START + timedelta(days=day)
        cls.clock.move_to(cls._noon(day, hour))
        return day

    def work_day(self, day=None):
        """Tick at noon of ``day`` (date, days from ``START``, or None: now)."""
        if day is not None:
            self.travel(day)
        self.engine["ar.followup.run"]._cron_run()
        self.env.invalidate_all()

    def work_days(self, first, last):
        """Tick on every day from ``first`` to ``last``."""
        for day in range(first, last + 1):
            self.work_day(day)

    def prepare(self, day):
        """The run of ``day`` up to the hand-over: its queued mails wait.

        :return: the reminders that would leave next
        """
        self.travel(day)
        run = self.engine["ar.followup.run"].create(
            {"company_id": self.company.id, "date": fields.Date.today()}
        )
        run._work(Clock(60))
        queued = run.reminder_ids.filtered(lambda reminder: reminder.state == "queued")
        queued._queue_mails()
        self.env.flush_all()
        return queued

    def preview(self, day):
        """A preview of ``day``, worked."""
        run = self.engine["ar.followup.run"].create(
            {"company_id": self.company.id, "date": day, "is_preview": True}
        )
        run.action_run()
        return run

    # the books ---------------------------------------------------------------

    @classmethod
    def customer(cls, name="Customer", **vals):
        """A company customer who can be reached by mail."""
        slug = name.lower().replace(" ", ".")
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": f"{slug}@customer.example",
                "is_company": True,
                **vals,
            }
        )

    @classmethod
    def invoice(cls, partner, amount=100.0, due=START, **vals):
        """A posted invoice; ``due`` is a date or a number of days from ``START``.

        Keywords are fields of the invoice, ``post=False`` leaves it a draft.
        """
        post = vals.pop("post", True)
        return cls.invoices([(partner, amount, due, vals)], post)

    @classmethod
    def invoices(cls, wanted, post=True):
        """Invoices in one batch: tuples of partner, amount, due day (and fields)."""
        moves = cls.env["account.move"]
        # what an accountant's chatter says is not what these tests are about
        moves = moves.with_context(**DISABLED_MAIL_CONTEXT).create(
            [cls._invoice_vals(*invoice) for invoice in wanted]
        )
        if post:
            moves.action_post()
        return cls.env["account.move"].browse(moves.ids)

    @classmethod
    def _invoice_vals(cls, partner, amount, due, vals=None):
        if isinstance(due, int):
            due = START + timedelta(days=due)
        line = {"name": "Goods", "price_unit": amount, "tax_ids": False}
        return {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create(line)],
            **(vals or {}),
        }

    @classmethod
    def pay(cls, moves, amount=None):
        """Payments that settle invoices today, in full or ``amount``."""
        values = {"payment_date": fields.Date.today()}
        if amount is not None:
            values.update(amount=amount, group_payment=True)
        return cls._register_payment(moves, **values)

    @classmethod
    def credit(cls, partner, amount, **vals):
        """A posted credit note that is not matched with any invoice."""
        today = fields.Date.today()
        return cls.invoice(partner, amount, due=today, move_type="out_refund", **vals)

    @classmethod
    def receivable(cls, move):
        """The receivable lines of an entry."""
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    # the ladder --------------------------------------------------------------

    @classmethod
    def level(cls, name):
        """A level of the shipped ladder: courtesy, friendly, second, firm, …"""
        return cls.env.ref(f"ar_followup_plus.level_{name}")

    @classmethod
    def set_policy(cls, partner=None, levels=None, **vals):
        """Give the company, or one customer, a policy of their own.

        :param levels: list of (delay, tone) or (delay, tone, level values); each
            sends the friendly template's mail unless its values say otherwise.
            None: a copy of the shipped ladder
        :param vals: fields of the policy, such as ``min_gap_days``
        """
        default = cls.env.ref("ar_followup_plus.policy_default")
        vals = {"working_days_only": False, **vals}
        if levels is None:
            policy = default.copy({"name": "Copied ladder", **vals})
        else:
            policy = cls.env["ar.followup.policy"].create(
                {
                    "name": "Own ladder",
                    "level_ids": [cls._new_level(*level) for level in levels],
                    **vals,
                }
            )
        target = partner.with_company(cls.company) if partner else cls.company
        target.ar_followup_policy_id = policy
        return policy

    @classmethod
    def _new_level(cls, delay, tone, vals=None):
        template = cls.env.ref("ar_followup_plus.mail_template_friendly")
        return Command.create(
            {
                "name": f"{tone} {delay}",
                "delay_days": delay,
                "tone": tone,
                "mail_template_id": template.id,
                **(vals or {}),
            }
        )

    # what became of it -------------------------------------------------------

    def case(self, partner):
        """The customer's case, as the superuser sees it."""
        return self.engine["ar.followup.case"].search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", self.company.id),
            ]
        )

    def item(self, move):
        """The items of an invoice."""
        return self.engine["ar.followup.item"].search([("move_id", "=", move.id)])

    def reminders(self, partner, *states):
        """A customer's reminders, oldest first; of these states, or all."""
        return (
            self.case(partner)
            .reminder_ids.sorted("id")
            .filtered(lambda reminder: not states or reminder.state in states)
        )

    def received(self, partner):
        """The mails that reached a customer's address, oldest first."""
        address = partner if isinstance(partner, str) else partner.email_normalized
        return [mail for mail in self.sink.mails if address in mail.recipients]

    def call(self, partner):
        """The customer's open call activity."""
        return self.case(partner).activity_ids.filtered(
            lambda activity: activity.activity_type_id.category == "phonecall"
        )

    def close_call(self, partner, feedback="They will look into it."):
        """The collector makes the call and says how it went."""
        self.call(partner).with_user(self.collector).action_feedback(feedback=feedback)
        self.env.invalidate_all()

    def break_mail_server(self):
        """From now on nobody answers at the mail server's port."""
        self.mail_server.smtp_port = free_port()

    def mend_mail_server(self):
        self.mail_server.smtp_port = self.sink.port

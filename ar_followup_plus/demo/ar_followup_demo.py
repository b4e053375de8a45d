"""Demo data that takes more than records: invoices, and what was done about them.

The engine itself works each of the past days, so that reminders, levels and
decisions are what they would have been. Only the mail server is left out: what was
prepared counts as sent on its day.
"""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command

from . import stories

# what customers see: their mails, invoices and pages
# a demo may begin on any day, at any hour
AT_ANY_TIME = {"working_days_only": False, "send_from_hour": 0, "send_until_hour": 24}
TRANSLATED = ("ar_followup_plus", "account", "account_payment", "portal", "web")


class ArFollowupDemo(models.AbstractModel):
    """Tells the demo's stories; called by the demo data only."""

    _name = "ar.followup.demo"
    _description = "Demo of Customer Follow-up"

    @api.model
    def _create(self):
        """Every state and reason there is, each told by one customer."""
        # Odoo loads an addon's translations after its demo data; mails need them now.
        self.env["ir.module.module"].search(
            [("name", "in", TRANSLATED)]
        )._update_translations(["fr_FR"])
        for story in stories.STORIES:
            company = self.env.ref(story.company)
            self.with_company(company).with_context(
                allowed_company_ids=company.ids,
                tracking_disable=True,
                mail_create_nosubscribe=True,
            )._tell(story)

    def _tell(self, story):
        company = self.env.company
        self._set_up_company(-story.days)
        self._set_mode(story.mode)
        partners = self._create_invoices(story.bills).commercial_partner_id
        self._happened_before()
        for day in range(-story.days, 0):
            self._work_past_day(self._day(day), partners, story)
        self.env["ar.followup.case"]._collect(company, self._day(0), partners.ids)
        self._happens_today(story)
        cases = self._cases(partners)
        cases.user_id = self._ref("user_collector")
        # only now, so that the past days' notices do not fill an inbox
        company.ar_manager_id = self._ref("user_approver")
        # not automatic: who installs a demo has not asked to send mails
        self._set_mode("review")
        cases._reassess()
        company._ar_ask_accountant()
        if story.mode == "review":
            self._review_today(partners)
        # everybody has just been decided about
        self.env["ar.followup.mark"].search([("company_id", "=", company.id)]).unlink()

    def _ref(self, name):
        return self.env.ref(f"ar_followup_plus.{name}").with_env(self.env)

    def _customer(self, name):
        return self._ref(f"partner_{name}")

    def _day(self, days):
        return self.env.company._ar_today() + timedelta(days=days)

    def _cases(self, partners):
        return self.env["ar.followup.case"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", partners.ids),
            ]
        )

    # the books -----------------------------------------------------------------

    def _set_up_company(self, first_day):
        company = self.env.company
        currency = company.currency_id
        if not company.chart_template:
            self.env["account.chart.template"]._load("generic_coa", company, False)
        company.write(
            {
                "currency_id": currency.id,  # the chart brings its own
                "ar_followup_policy_id": self._ref("policy_default").id,
                "ar_followup_start_date": self._day(first_day),
                "ar_default_user_id": self._ref("user_collector").id,
            }
        )
        self._ref("policy_default").write(AT_ANY_TIME)

    def _set_mode(self, mode):
        if not self.env.company._ar_followup_conflict():
            self.env.company.ar_followup_mode = mode

    def _create_invoices(self, bills):
        """Posted invoices, numbered in the order of their dates."""
        invoices = self.env["account.move"].create(
            sorted(map(self._bill_vals, bills), key=lambda vals: vals["invoice_date"])
        )
        invoices.action_post()
        return invoices

    def _bill_vals(self, bill):
        vals = {
            "move_type": "out_invoice" if bill.amount > 0 else "out_refund",
            "partner_id": self._customer(bill.customer).id,
            "currency_id": self._currency(bill.foreign).id,
            "invoice_date": self._day(bill.due - 30),
            "invoice_date_due": self._day(bill.due),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": bill.text,
                        "price_unit": abs(bill.amount),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        if bill.instalments:
            term = self._ref("payment_term_instalments")
            vals["invoice_payment_term_id"] = term.id
            vals["invoice_date"] = self._day(bill.due - 10)
            del vals["invoice_date_due"]
        return vals

    def _currency(self, foreign):
        own = self.env.company.currency_id
        if not foreign:
            return own
        euro, dollar = self.env.ref("base.EUR"), self.env.ref("base.USD")
        currency = dollar if own == euro else euro
        currency.active = True
        return currency

    def _invoices(self, customer):
        """The customer's posted invoices in this company."""
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("commercial_partner_id", "=", self._customer(customer).id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ]
        )

    def _pay(self, invoices, amount, day=None):
        """A payment matched with an invoice, whether or not it is enough.

        :param day: when it arrived; None: today
        """
        for invoice in invoices:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create(
                {"amount": amount, "payment_date": day or self._day(0)}
            )._create_payments()

    def _receive(self, invoice, label):
        """A bank line of today that nobody has matched yet."""
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.env["account.journal"]
                .search(
                    [("company_id", "=", self.env.company.id), ("type", "=", "bank")],
                    limit=1,
                )
                .id,
                "date": self._day(0),
                "amount": invoice.amount_residual,
                "payment_ref": label % {"number": invoice.name.replace("/", "-")},
            }
        )

    # what happened -------------------------------------------------------------

    def _happened_before(self):
        self._invoices("riverbend").no_followup = True
        self._pay(self._invoices("willow"), 1200.00)
        for customers, policy in (
            (("elmsford", "ridgeway"), self._patient_policy),
            (("harrow",), self._silent_policy),
        ):
            owing = [name for name in customers if self._invoices(name)]
            if owing:
                own = policy()
                for name in owing:
                    self._customer(name).ar_followup_policy_id = own

    def _patient_policy(self):
        """A ladder of two steps, a month apart, for public bodies: they pay surely."""
        levels = []
        for name, delay in (("level_friendly", 10), ("level_second", 30)):
            level = self._ref(name)
            template = level.mail_template_id
            own = template.copy({"name": f"{template.name} (public bodies)"})
            (vals,) = level.copy_data({"delay_days": delay, "mail_template_id": own.id})
            del vals["policy_id"]
            levels.append(Command.create(vals))
        return self.env["ar.followup.policy"].create(
            {
                "name": "Public bodies",
                "level_ids": levels,
                "message_cap": 1,
                "message_cap_days": 30,
                **AT_ANY_TIME,
            }
        )

    def _silent_policy(self):
        """No level at all: for whom nothing is ever sent."""
        return self.env["ar.followup.policy"].create({"name": "Settled in person"})

    def _happens_today(self, story):
        """What people did today, in the books and in Follow-up."""
        for customer, amount in story.payments.items():
            self._pay(self._invoices(customer), amount)
        for customer, label in story.transfers.items():
            self._receive(self._invoices(customer), label)
        for invoice in self._invoices("foxglove"):
            invoice.action_toggle_block_payment()
        if self._invoices("wexford"):
            self._customer("wexford").write(
                {"ar_no_email": True, "ar_no_contact_reason": stories.LETTERS_ONLY}
            )
        for hold in story.holds:
            case = self._cases(self._customer(hold.customer))
            case.hold_ids.create(
                {
                    "case_id": case.id,
                    "kind": hold.kind,
                    "note": hold.note,
                    "user_id": self._ref(f"user_{hold.login}").id,
                    "date_to": hold.days and self._day(hold.days),
                    "item_id": hold.amount and case.item_ids[:1].id,
                    "is_partial": bool(hold.amount),
                    "amount": hold.amount,
                }
            )
        for talk in story.talks:
            self._log(
                self._cases(self._customer(talk.customer)),
                self.env.company._ar_to_utc(self._day(-talk.days), 10),
                talk.summary,
                channel=talk.channel,
                direction=talk.direction,
                outcome=talk.outcome,
            )

    def _log(self, cases, moment, summary, **vals):
        self.env["ar.contact.log"].create(
            [
                {
                    "case_id": case.id,
                    "date": moment,
                    "user_id": self._ref("user_collector").id,
                    "summary": summary,
                    **vals,
                }
                for case in cases
            ]
        )

    # the days --------------------------------------------------------------------

    def _work_day(self, day, partners):
        """One day's run for these customers, as the engine works it, unsent.

        :return: the run, and the cases that had something due
        """
        company = self.env.company
        Case = self.env["ar.followup.case"]
        moment = min(
            company._ar_to_utc(day, company.ar_followup_hour), fields.Datetime.now()
        )
        run = self.env["ar.followup.run"].create(
            {"company_id": company.id, "date": day, "started_on": moment}
        )
        Case._collect(company, day, partners.ids)
        cases = self._cases(partners).filtered(lambda case: case.state != "closed")
        slots = Case._slots_left(company, day)
        decided = Case._decide(company, day, cases.partner_id.ids, slots)
        Case._record_decisions(company, decided, day, run)
        run._add_figures(decided)
        due = cases.filtered(lambda case: case.reason in ("remind", "review"))
        if due:
            due._prepare(company, day, run)
        run.write({"state": "done", "step": "done", "ended_on": moment})
        return run, due

    def _work_past_day(self, day, partners, story):
        run, due = self._work_day(day, partners)
        self._make_calls(due, day, run.ended_on, story.negotiated)
        self._hand_over(run.reminder_ids, day, run.ended_on, story.called)

    def _make_calls(self, cases, day, moment, summary):
        """Calls the ladder asked for are made on their day."""
        called = cases.filtered(
            lambda case: case.call_level_id and not case.call_level_id.send_email
        )
        called.activity_ids.unlink()
        decided = called._decide(self.env.company, day, called.partner_id.ids)
        for _subject, decision in decided:
            for climb in decision.climbs:
                self.env["ar.followup.item"].browse(climb.item).write(
                    {"level_id": climb.after, "level_date": day}
                )
        called.call_level_id = False
        self._log(called, moment, summary)

    def _hand_over(self, reminders, day, moment, called):
        """What the mail server's answers would have left behind."""
        reminders.filtered(lambda r: r.state == "to_review")._set_state("queued")
        reminders._set_state("sending", attempt_count=1, sender_key=1)
        self._post(reminders, moment)
        refused = self._for(reminders, stories.REFUSED)
        for reminder in refused:
            reminder._register_refused(None, stories.REFUSAL)
        lost = self._for(reminders, stories.LOST)
        sent = reminders - refused - lost
        self._count_as_sent(sent, day, moment)
        self._calls_follow(sent, called)
        # whatever is left had a server that is gone
        reminders._recover_orphans()

    def _for(self, reminders, customer):
        """The customer's among these; a note before the due day has no story."""
        partner = self._customer(customer)
        return reminders.filtered(
            lambda r: r.case_id.partner_id == partner and r.tone != "courtesy"
        )

    def _count_as_sent(self, reminders, day, moment):
        reminders._set_state("sent", date_sent=moment)
        reminders.line_ids._climb(day)
        reminders.case_id.last_demand_date = day
        self.env["ar.contact.log"].create([r._log_vals() for r in reminders])

    def _calls_follow(self, reminders, summary):
        """The calls they announced: made on their day, but for the last few."""
        company = self.env.company
        announced = reminders.filtered(lambda r: r.level_id._plans_call())
        made_until = self._day(-stories.CALLS_LATE)
        answered = announced.filtered(lambda r: r.date_answer < made_until)
        for reminder in answered:
            called_on = company._ar_to_utc(reminder.date_answer, 10)
            self._log(reminder.case_id, called_on, summary)
        open_calls = announced - answered
        (reminders - open_calls).call_pending = False
        open_calls._plan_following_calls()

    def _post(self, reminders, moment):
        """The messages as the chatter shows them."""
        Message = self.env["mail.message"]
        for reminder in reminders:
            vals = {
                name: value
                for name, value in reminder._mail_vals(reminder, False).items()
                if name in Message._fields
            }
            vals |= {"date": moment, "body": reminder.body}
            reminder.message_id = Message.create(vals)

    def _review_today(self, partners):
        """Today's reminders wait for a person, who has begun to read them."""
        self.env.company.ar_daily_limit = stories.REVIEWED_A_DAY
        run, _due = self._work_day(self._day(0), partners)
        edited = self._for(run.reminder_ids, stories.EDITED)
        greeting, rest = edited.body.split(Markup("</p>"), 1)
        line = Markup("</p><p>%s</p>") % stories.ADDED_LINE
        edited.with_user(self._ref("user_collector")).body = greeting + line + rest
        paid = self._invoices(stories.PAID_IN_TIME)
        self._pay(paid, paid.amount_residual)
        self._cases(paid.commercial_partner_id)._reassess()

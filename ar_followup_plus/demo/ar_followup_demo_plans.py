from datetime import datetime, time

from odoo import models

from .res_company import PastDay

#: the hour at which people agree on something
AGREED_AT = 10
#: what says when something happened, by model
MOMENTS = {
    "ar.contact.log": ("date",),
    "ar.payment.plan": (
        "accepted_on",
        "approved_on",
        "ended_on",
        "refused_on",
        "requested_on",
    ),
    "ar.payment.promise": ("approved_on", "refused_on", "requested_on"),
}


class ArFollowupDemo(models.AbstractModel):
    """Payment plans: proposed, approved and answered by people, on days gone by."""

    _inherit = "ar.followup.demo"

    def _day(self, days):
        today = self.with_context(ar_demo_day=None)
        return super(ArFollowupDemo, today)._day(days)

    def _work_past_day(self, day, partners, story):
        past = self.with_context(ar_demo_day=PastDay(day.year, day.month, day.day))
        for agreed in story.plans:
            past._agree(agreed, day)
        Plan = past.env["ar.payment.plan"]
        Plan._work_day(past.env.company, day)
        result = super(ArFollowupDemo, past)._work_past_day(day, partners, story)
        Plan._ask(past.env.company, day)
        past._hand_over_messages(partners, day)
        past._happened_on(past._cases(partners).plan_ids, day)
        return result

    def _agree(self, agreed, day):
        """What people do on this day about a plan."""
        for days, step in (
            (agreed.proposed, self._propose),
            (agreed.approved, self._approve),
            (agreed.refused, self._refuse),
            (agreed.answered, self._answer),
        ):
            if days and self._day(-days) == day:
                step(agreed)
        for number, days in enumerate(agreed.paid):
            if self._day(-days) == day:
                line = self._plan(agreed).line_ids[number]
                self._pay(self._invoices(agreed.customer), line.amount, day)

    def _plan(self, agreed):
        return self._cases(self._customer(agreed.customer)).plan_ids

    def _propose(self, agreed):
        case = self._cases(self._customer(agreed.customer))
        collector = self._ref("user_collector")
        plan = self.env["ar.payment.plan"].with_user(collector)
        plan = plan.create(
            {
                "case_id": case.id,
                "move_line_ids": case.with_user(collector)._lines_to_plan().ids,
                "installment_count": agreed.count,
                "interval_count": agreed.every,
                "interval_unit": agreed.unit,
                "date_first": self._day(agreed.first),
                "note": agreed.note,
            }
        )
        # asked alone; but not told yet of each of the days that follow
        company = self.env.company
        company.ar_manager_id = self._ref("user_approver")
        plan.action_submit()
        company.ar_manager_id = False

    def _approve(self, agreed):
        self._plan(agreed).with_user(self._ref("user_approver")).action_approve()

    def _refuse(self, agreed):
        plan = self._plan(agreed).with_user(self._ref("user_approver"))
        plan.action_refuse(agreed.said)

    def _answer(self, agreed):
        plan = self._plan(agreed).with_user(self._ref("user_collector"))
        if agreed.accepted:
            plan.action_accept(agreed.how, agreed.name, agreed.said)
        else:
            plan.action_decline(agreed.said, agreed.how, agreed.name)

    def _happened_on(self, plans, day):
        """What the clock has just noted about the plans was on that day."""
        moment = self.env.company._ar_to_utc(day, AGREED_AT)
        now = datetime.combine(self._day(0), time())
        for records in (plans, plans.case_id.contact_log_ids):
            for name in MOMENTS[records._name]:
                noted = records.filtered(
                    lambda record, name=name: record[name] and record[name] >= now
                )
                noted.write({name: moment})
        cases = plans.case_id
        cases.filtered(
            lambda case: case.last_demand_date and case.last_demand_date > day
        ).last_demand_date = day
        messages = self.env["mail.message"].search(
            [
                ("model", "=", plans._name),
                ("res_id", "in", plans.ids),
                ("date", ">=", now),
            ]
        )
        messages.date = moment
        # whom it was for has read it since
        messages.notification_ids.is_read = True

    def _hand_over_messages(self, partners, day):
        """Offers, notes and thanks: as the mail server would have taken them."""
        messages = self.env["ar.followup.reminder"].search(
            [
                ("case_id", "in", self._cases(partners).ids),
                ("kind", "!=", "reminder"),
                ("state", "in", ("queued", "to_review")),
            ]
        )
        if not messages:
            return
        moment = self.env.company._ar_to_utc(day, AGREED_AT + 1)
        messages.filtered(lambda r: r.state == "to_review")._set_state("queued")
        messages._set_state("sending", attempt_count=1, sender_key=1)
        self._post(messages, moment)
        messages._set_state("sent", date_sent=moment)
        messages.filtered("is_demand").case_id.last_demand_date = day
        self.env["ar.contact.log"].create([m._log_vals() for m in messages])

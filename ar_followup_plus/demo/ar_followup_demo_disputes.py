from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from . import stories_disputes
from .ar_followup_demo_plans import AGREED_AT
from .res_company import PastDay


class ArFollowupDemo(models.AbstractModel):
    """Disputes in each state: recorded on days gone by, and ended in each way."""

    _inherit = "ar.followup.demo"

    def _tell(self, story):
        result = super()._tell(story)
        if story.company == stories_disputes.COMPANY:
            self._tell_disputes()
        return result

    def _tell_disputes(self):
        invoices = self._create_invoices(stories_disputes.BILLS)
        for told in stories_disputes.DISPUTES:
            dispute = self._record_dispute(told)
            if told.ended:
                self._end_dispute(told, dispute)
        cases = self._cases(invoices.commercial_partner_id)
        cases.user_id = self._ref("user_collector")
        cases._reassess()
        self.env["ar.dispute"]._tell_of_late(self.env.company, self._day(0))
        self.env["ar.followup.mark"].search([("case_id", "in", cases.ids)]).unlink()

    def _on_past_day(self, days):
        """As of so many days ago, and that day."""
        day = self._day(-days)
        past = PastDay(day.year, day.month, day.day)
        return self.with_context(ar_demo_day=past), day

    def _record_dispute(self, told):
        past, day = self._on_past_day(told.days)
        collector = self._ref("user_collector")
        dispute = (
            past.env["ar.dispute"]
            .with_user(collector)
            .create(
                {
                    "move_id": self._invoices(told.customer).id,
                    "amount_disputed": told.amount,
                    "reason_id": self._ref(f"dispute_reason_{told.reason}").id,
                    "description": told.description,
                    "date_deadline": day + timedelta(days=told.until + told.days),
                    "tell_customer": told.how != "cancel",
                }
            )
        ).with_env(past.env)
        past._hand_over_messages(self._customer(told.customer), day)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE ar_dispute SET create_date = %s WHERE id = %s",
                self.env.company._ar_to_utc(day, AGREED_AT),
                dispute.id,
            )
        )
        dispute.invalidate_recordset()
        return dispute

    def _end_dispute(self, told, dispute):
        past, day = self._on_past_day(told.ended)
        dispute = dispute.with_env(past.env).with_user(self._ref("user_collector"))
        if told.how == "accept":
            dispute.action_accept(told.accepted, told.said)
        elif told.how == "reject":
            dispute.action_reject(told.said)
        elif told.how == "withdraw":
            dispute.action_withdraw(told.said)
        elif told.how == "cancel":
            dispute.action_cancel(told.said)
        else:
            self._pay(self._invoices(told.customer), dispute.amount_disputed, day)
        if told.posted:
            dispute.sudo().credit_note_id.action_post()
        past._cases(self._customer(told.customer))._reassess()
        past._hand_over_messages(self._customer(told.customer), day)

from dataclasses import replace

from odoo import models

from ..ledger.ageing import to_minor
from .asking import reason_not_to_leave
from .decide import decide


class ArFollowupReminder(models.Model):
    """The gate's question: is this message still right?"""

    _inherit = "ar.followup.reminder"

    def _reasons_not_to_send(self):
        """Adds to the address: what the books and the people say now.

        Answers are nothing that anybody has to be left alone with.
        """
        reasons = super()._reasons_not_to_send()
        demands = self.filtered("is_demand")
        for company, messages in demands.grouped("company_id").items():
            company = company.with_company(company)
            if company.ar_followup_mode == "off":
                off = company._ar_on_record(self).env._(
                    "Follow-up has been switched off."
                )
                for message in messages:
                    reasons.setdefault(message, off)
                continue
            reminders = messages._of_ladder()
            reasons.update(reminders._overtaken(company))
            reasons.update((messages - reminders)._unasked(company))
        return reasons

    def _overtaken(self, company):
        """Reminders that would not be prepared any more: dict reminder → sentence."""
        today = company._ar_today()
        # one customer has one addressee at a time, so one reminder here
        by_partner = {r.case_id.partner_id.id: r for r in self}
        reasons = {}
        for subject in self.env["ar.followup.case"]._gather_facts(
            company, today, list(by_partner), ignored=self
        ):
            reminder = by_partner[subject.partner_id]
            despite = bool(reminder.despite_by_id)
            decision = decide(replace(subject.facts, despite=despite))
            if reminder._outdated_because(decision, today):
                # it says more: an archived customer has no address, either
                speaking = company._ar_on_record(reminder)
                reasons[reminder] = speaking._outdated_because(decision, today)
        return reasons

    def _unasked(self, company):
        """Notes to customers who must not be asked now: dict message → sentence."""
        facts = {
            subject.partner_id: subject.facts
            for subject in self.env["ar.followup.case"]._gather_facts(
                company,
                company._ar_today(),
                self.case_id.partner_id.ids,
                ignored=self,
            )
        }
        reasons = {}
        for message in self:
            code = reason_not_to_leave(facts[message.case_id.partner_id.id])
            if code:
                speaking = company._ar_on_record(message)
                reasons[message] = speaking._not_right(code)
        return reasons

    def _not_right(self, code):
        labels = dict(self.case_id._fields["reason"]._description_selection(self.env))
        return self.env._("It is no longer right: %(why)s.", why=labels[code])

    def _outdated_because(self, decision, today):
        """What changed since the reminder was prepared, in words, or an empty text.

        :param decision: what would be decided now, without this reminder
        """
        self.ensure_one()
        if self.date_answer and self.date_answer <= today:
            return self.env._("The day by which it asks for an answer has come.")
        if not decision.climbs or decision.action == "call":
            return self._not_right(decision.reason)
        if decision.action == "review" and self.state == "queued" and not self.released:
            return self.env._("A person is to read it first.")
        if decision.level != self.level_id.id:
            return self.env._("Another level is due by now.")
        lines = self.line_ids
        asked = {
            line.item_id.id: to_minor(
                line.amount_asked, line.currency_id.decimal_places
            )
            for line in lines
        }
        if asked != {item: decision.asked.get(item) for item in asked}:
            return self.env._("The amounts have changed since it was prepared.")
        climbs = {climb.item: climb.after for climb in decision.climbs}
        if any(
            climbs.get(line.item_id.id) != line.level_after_id.id
            for line in lines
            if line.level_after_id
        ):
            return self.env._(
                "The invoices have moved to other levels since it was prepared."
            )
        return ""

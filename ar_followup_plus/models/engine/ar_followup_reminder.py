from dataclasses import replace

from odoo import models

from ..ledger.ageing import to_minor
from .decide import decide


class ArFollowupReminder(models.Model):
    """The gate's question: is this reminder still right?"""

    _inherit = "ar.followup.reminder"

    def _reasons_not_to_send(self):
        """Adds to the address: what the books and the people say now."""
        reasons = super()._reasons_not_to_send()
        for company, reminders in self.grouped("company_id").items():
            company = company.with_company(company)
            today = company._ar_today()
            if company.ar_followup_mode == "off":
                off = company._ar_on_record(self).env._(
                    "Follow-up has been switched off."
                )
                for reminder in reminders:
                    reasons.setdefault(reminder, off)
                continue
            # one customer has one addressee at a time, so one reminder here
            by_partner = {r.case_id.partner_id.id: r for r in reminders}
            for subject in self.env["ar.followup.case"]._gather_facts(
                company, today, list(by_partner), ignored=reminders
            ):
                reminder = by_partner[subject.partner_id]
                despite = bool(reminder.despite_by_id)
                decision = decide(replace(subject.facts, despite=despite))
                if reminder._outdated_because(decision, today):
                    # it says more: an archived customer has no address, either
                    speaking = company._ar_on_record(reminder)
                    reasons[reminder] = speaking._outdated_because(decision, today)
        return reasons

    def _outdated_because(self, decision, today):
        """What changed since the reminder was prepared, in words, or an empty text.

        :param decision: what would be decided now, without this reminder
        """
        self.ensure_one()
        if self.date_answer and self.date_answer <= today:
            return self.env._("The day by which it asks for an answer has come.")
        if not decision.climbs or decision.action == "call":
            labels = dict(
                self.case_id._fields["reason"]._description_selection(self.env)
            )
            return self.env._(
                "It is no longer right: %(why)s.", why=labels[decision.reason]
            )
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

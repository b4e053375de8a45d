from odoo import fields, models

from .keeping import is_late


class ArFollowupReminder(models.Model):
    """Messages about instalments: each once, and only while they are right."""

    _inherit = "ar.followup.reminder"

    is_dropped = fields.Boolean(help="A person dropped it: it is not made again.")

    _plan_line_kind_uniq = models.UniqueIndex(
        "(plan_line_id, kind) WHERE plan_line_id IS NOT NULL "
        "AND state NOT IN ('cancelled', 'failed')",
        "There is such a message about this instalment already.",
    )

    def _do_cancel(self, until, note):
        # sudo: the engine's own fields
        self.sudo().filtered("plan_line_id").is_dropped = True
        return super()._do_cancel(until, note)

    # the gate ----------------------------------------------------------------------

    def _reasons_not_to_send(self):
        """Adds to the others: how the plan stands by now."""
        reasons = super()._reasons_not_to_send()
        reasons |= self._reasons_not_to_offer()
        ours = self.filtered("plan_line_id")
        for company, messages in ours.grouped("company_id").items():
            today = company._ar_today()
            plans_sudo = messages.sudo().plan_id  # sudo: how it stands, for anybody
            paid = plans_sudo._paid_by_line()
            arrived = plans_sudo._arrived_by_line(company, today, paid)
            for message in company._ar_on_record(messages):
                line_sudo = message.sudo().plan_line_id
                there = paid[line_sudo] + arrived.get(line_sudo, 0)
                why = message._plan_moved_on(line_sudo, paid[line_sudo], there, today)
                if why:
                    reasons[self.browse(message.id)] = why
        return reasons

    def _reasons_not_to_offer(self):
        """An offer that is none any more does not leave."""
        reasons = {}
        for message in self.filtered(lambda message: message.kind == "plan_offer"):
            plan_sudo = message.sudo().plan_id  # sudo: how it stands, for anybody
            if not plan_sudo._can_be_answered():
                reasons[message] = message.company_id._ar_on_record(message).env._(
                    "The payment plan is no offer any more."
                )
        return reasons

    def _plan_moved_on(self, line_sudo, paid, there, today):
        """Why a message about an instalment is no longer right, or an empty text.

        :param paid: what is paid of it, minor units
        :param there: the same, and what arrived for it
        """
        plan_sudo = line_sudo.plan_id
        missing = plan_sudo._open_of(line_sudo, {line_sudo: paid})
        if self.kind == "plan_done":
            if plan_sudo.state != "done":
                return self.env._("A payment has been taken back.")
        elif self.kind == "plan_paid":
            if missing > 0:
                return self.env._("The payment has been taken back.")
        elif plan_sudo.state != "active":
            return self.env._("The payment plan is not in force any more.")
        elif missing <= there - paid:
            return self.env._("The instalment has been paid meanwhile.")
        elif self.kind == "plan_note" and today >= line_sudo.date_due:
            return self.env._("The day of the instalment has come.")
        elif self.kind == "plan_late" and not is_late(
            paid + missing, there, line_sudo.date_due, today, plan_sudo._terms()
        ):
            return self.env._("What was missing has arrived meanwhile.")
        return ""

    # what other letters say -----------------------------------------------------------

    def _plans_kept_text(self):
        text = super()._plans_kept_text()
        # sudo: the customer's own plans
        plans_sudo = self.case_id.sudo().plan_ids.filtered(
            lambda plan: plan.state == "active"
        )
        if not plans_sudo or any(plans_sudo.line_ids.mapped("late_on")):
            return text
        localized = self.with_context(lang=self.lang)
        kept = localized.env._(
            "Your payment plan %(plans)s goes on as agreed, and its invoices are not "
            "part of this mail. Thank you for keeping to it.",
            plans=", ".join(plans_sudo.mapped("name")),
        )
        return " ".join(filter(None, (text, kept)))

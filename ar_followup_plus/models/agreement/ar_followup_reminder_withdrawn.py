from odoo import models


class ArFollowupReminder(models.Model):
    """An offer that is none any more does not leave."""

    _inherit = "ar.followup.reminder"

    def _reasons_not_to_send(self):
        reasons = super()._reasons_not_to_send()
        for message in self.filtered(lambda message: message.kind == "plan_offer"):
            plan_sudo = message.sudo().plan_id  # sudo: how it stands, for anybody
            if not plan_sudo._can_be_answered():
                reasons[message] = message.company_id._ar_on_record(message).env._(
                    "The payment plan is no offer any more."
                )
        return reasons

from odoo import models

TEMPLATES = {
    "dispute_received": "ar_followup_plus.mail_template_dispute_received",
    "dispute_accepted": "ar_followup_plus.mail_template_dispute_accepted",
    "dispute_rejected": "ar_followup_plus.mail_template_dispute_rejected",
}


class ArDispute(models.Model):
    """What the customer hears: that we received it, and how it ended."""

    _inherit = "ar.dispute"

    def _acknowledge(self):
        """They leave with the next tick: until then, a mistake can be cancelled."""
        self._make_dispute_messages("dispute_received")

    def _tell(self, kind):
        """How they ended; where there is no address, their owners are told to call.

        :return: the messages
        """
        messages = self._make_dispute_messages(kind)
        # sudo: whether there is one, whoever may read it
        untold = self.filtered("tell_customer")
        untold -= messages.sudo().dispute_id.sudo(self.env.su)
        untold._plan_activities(
            "mail.mail_activity_data_todo",
            {
                dispute: dispute.company_id._ar_signatory(
                    (dispute.user_id, dispute._manager())
                )
                for dispute in untold
            },
            lambda told: told.env._(
                "%(dispute)s is over, but there is no address to write to. Call "
                "%(customer)s and explain how it ended.",
                dispute=told.name,
                customer=told.partner_id.sudo().display_name,
            ),
        )
        return messages

    def _make_dispute_messages(self, kind):
        # without its text, which somebody may have deleted, nothing is said
        template = self.env.ref(TEMPLATES[kind], raise_if_not_found=False)
        return self.env["ar.followup.reminder"]._make_messages(
            [
                {
                    "case_id": dispute.case_id.id,
                    "kind": kind,
                    "is_demand": False,
                    "mail_template_id": template.id,
                    "level_name": dispute._on_record()._title_of(kind),
                    "dispute_id": dispute.id,
                }
                for dispute in self
                if template and dispute.tell_customer
            ]
        )

    def _title_of(self, kind):
        titles = {
            "dispute_received": self.env._("Dispute received"),
            "dispute_accepted": self.env._("Dispute accepted"),
            "dispute_rejected": self.env._("Dispute explained"),
        }
        return titles[kind]

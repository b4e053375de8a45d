from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contact.ar_contact_log import CONVERSATIONS

RECAP_TEMPLATE = "ar_followup_plus.mail_template_recap"


class ArContactLog(models.Model):
    """What a conversation led to, and the mail that repeats it to the customer."""

    _inherit = "ar.contact.log"

    promise_ids = fields.One2many("ar.payment.promise", "log_id", string="Promises")
    dispute_ids = fields.One2many("ar.dispute", "log_id", string="Disputes")
    recap_ids = fields.One2many("ar.followup.reminder", "recap_log_id", string="Recaps")
    can_recap = fields.Boolean(compute="_compute_can_recap")

    @api.depends("outcome", "reminder_id", "correction_ids")
    def _compute_can_recap(self):
        for entry in self:
            entry.can_recap = entry.outcome in CONVERSATIONS and not entry.is_corrected

    def action_send_recap(self):
        """Button: a mail that repeats what was agreed on, to be read before it leaves.

        :raises UserError: when nothing was agreed on, or nobody can be written to
        """
        self.ensure_one()
        self._check_can_recap()
        return self._do_recap()._open()

    def _check_can_recap(self):
        self.browse().check_access("create")
        self.check_access("read")
        if not self.can_recap:
            raise UserError(
                self.env._(
                    "A recap repeats what was agreed on in a conversation. Open the "
                    "newest entry of one."
                )
            )

    def _do_recap(self):
        """The recap of this conversation: the one there is, or a new one to review."""
        # sudo: whether there is one does not depend on who looks
        known_sudo = self.sudo().recap_ids.filtered(
            lambda own: own.state != "cancelled"
        )
        if known_sudo:
            return known_sudo[:1].sudo(self.env.su)
        recap = self.env["ar.followup.reminder"]._make_messages([self._recap_vals()])
        if not recap:
            raise UserError(
                self.env._(
                    "Nobody of %(customer)s can be written to. Add an email address "
                    "to the customer or a contact; the call itself is in the log.",
                    customer=self.case_id.display_name,
                )
            )
        return recap

    def _recap_vals(self):
        speaking = self.company_id._ar_on_record(self.env["ar.followup.reminder"])
        titles = dict(speaking._fields["kind"]._description_selection(speaking.env))
        # somebody may have deleted it: the recap says so, and the call is kept
        template = self.env.ref(RECAP_TEMPLATE, raise_if_not_found=False)
        return {
            "case_id": self.case_id.id,
            "kind": "recap",
            "is_demand": False,
            "state": "to_review",
            "mail_template_id": template and template.id,
            "level_name": titles["recap"],
            "recap_log_id": self.id,
            # whoever talked with them signs
            "user_id": self.env.uid,
        }

    def _agreed_points(self):
        """What the customer may read of this conversation: no note of a colleague's.

        Of an entry that corrects others, also what those led to.
        """
        self.ensure_one()
        entries = self
        while entries[-1].correction_of_id:
            entries += entries[-1].correction_of_id
        today = self.company_id._ar_today()
        ahead = self.next_step_date and self.next_step_date >= today
        return {
            "promises": entries.promise_ids.filtered(lambda own: own.state == "open"),
            "disputes": entries.dispute_ids.filtered(lambda own: own.state == "open"),
            "wants_plan": self.outcome == "wants_plan",
            "next_day": ahead and self.next_step_date,
        }

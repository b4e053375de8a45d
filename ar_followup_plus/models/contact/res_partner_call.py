from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_log_call(self):
        """Button: log a call with this customer, or with this contact of theirs.

        Who is not followed up yet gets a case: it is the place where calls are kept.

        :raises AccessError: for whoever must not log contacts
        """
        self.ensure_one()
        self.env["ar.contact.log"].check_access("create")
        action = self._ar_ensure_cases().action_log_call()
        if self != self.commercial_partner_id:
            action["context"]["default_contact_person_id"] = self.id
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contacted(self):
        """Nobody deletes the contact log by deleting whom it is about."""
        # sudo: it is kept, whoever may read it
        entry_sudo = (
            self.env["ar.contact.log"]
            .sudo()
            .search(
                Domain("partner_id", "in", self.ids)
                | Domain("contact_person_id", "in", self.ids),
                limit=1,
            )
        )
        if entry_sudo:
            kept = self & (entry_sudo.partner_id | entry_sudo.contact_person_id)
            raise UserError(
                self.env._(
                    "The contact log is about %(contact)s, and is kept. Archive the "
                    "contact instead of deleting it.",
                    contact=", ".join(kept.mapped("display_name")),
                )
            )

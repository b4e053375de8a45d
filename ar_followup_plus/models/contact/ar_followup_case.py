from odoo import api, fields, models


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    contact_log_ids = fields.One2many("ar.contact.log", "case_id", string="Contacts")

    @api.model
    def _child_models(self):
        return super()._child_models() + ["ar.contact.log"]

    def _register_contact(self, day):
        """Remember the latest day of a demand or conversation."""
        for case_sudo in self.sudo():  # sudo: the engine's own field
            if not case_sudo.last_demand_date or case_sudo.last_demand_date < day:
                case_sudo.last_demand_date = day

    def _call_done(self, feedback, is_step):
        """A call was made: log it, climb if it was the ladder's, decide anew.

        :param feedback: what the collector wrote when closing the activity
        :param is_step: whether it is the call these cases waited for
        """
        if not self:
            return
        if is_step:
            self._climb_after_call()
        # sudo: the step is the engine's to know
        self.env["ar.contact.log"].sudo().create(
            [
                {
                    "case_id": case.id,
                    "level_id": is_step and case._called_step().id,
                    "channel": "phone",
                    "direction": "out",
                    "outcome": "reached" if feedback else "other",
                    "summary": feedback or False,
                }
                for case in self
            ]
        )
        for company, cases in self.grouped("company_id").items():
            # a call is a demand, also when nobody answered it
            cases._register_contact(company._ar_today())
        if is_step:
            self.sudo().call_level_id = False
        self._reassess()

    def _called_step(self):
        """The level that the call itself is; none when a mail announced the call."""
        self.ensure_one()
        return self.sudo().call_level_id.filtered(lambda level: not level.send_email)

    def _climb_after_call(self):
        """The items that a call step covers step up. A hook: the engine knows which."""

    def _addressees(self):
        """Whom to write to: the follow-up contact, the invoice contact, the company.

        :return: dict case → ``res.partner``; empty where nobody has an address
        """
        addressees = self.sudo().partner_id._ar_addressees()
        nobody = self.env["res.partner"]
        return {case: addressees.get(case.sudo().partner_id, nobody) for case in self}

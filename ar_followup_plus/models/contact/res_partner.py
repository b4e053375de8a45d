from odoo import api, fields, models

from ..policy.res_partner import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    ar_addressee = fields.Char(
        string="Reminders Go To",
        compute="_compute_ar_addressee",
        compute_sudo=True,
        groups=READERS,
        help="The contact of the type Follow-up, else of the type Invoice, else the "
        "customer: the first of them with an email address.",
    )

    @api.depends("child_ids.type", "child_ids.email", "email", "commercial_partner_id")
    def _compute_ar_addressee(self):
        addressees = self.commercial_partner_id._ar_addressees()
        for partner in self:
            contact = addressees.get(partner.commercial_partner_id._origin)
            partner.ar_addressee = (
                contact and contact.with_context(show_email=True).display_name
            )

    def _ar_addressees(self):
        """Whom to write to: the follow-up contact, the invoice contact, the company.

        The first of them with an address; one query for all customers.

        :return: dict customer → ``res.partner``, without those nobody can write to
        """
        order = {"followup": 0, "invoice": 1}
        # sudo: a contact's address does not depend on who looks
        contacts_sudo = self.sudo().search_fetch(
            [
                ("commercial_partner_id", "in", self.ids),
                ("email_normalized", "!=", False),
            ],
            ["commercial_partner_id", "type", "parent_id", "name", "email", "lang"],
            order="id",
        )
        best = {}
        for contact_sudo in contacts_sudo:
            customer_sudo = contact_sudo.commercial_partner_id
            own = contact_sudo == customer_sudo
            rank = 2 if own else order.get(contact_sudo.type)
            if rank is not None and rank < best.get(customer_sudo.id, (9,))[0]:
                best[customer_sudo.id] = (rank, contact_sudo.sudo(False))
        return {self.browse(key): contact for key, (_rank, contact) in best.items()}

from odoo import api, fields, models
from odoo.fields import Domain

from ..policy.res_partner import READERS

NUMBER_ACTIVITY = "ar_followup_plus.mail_activity_type_wrong_number"
VERIFY_ACTIVITY = "ar_followup_plus.mail_activity_type_verify"
#: what the server notes about contact details, and nobody sets by hand
NOTED = frozenset({"ar_verified_by_id", "ar_verified_on", "ar_wrong_number"})


class ResPartner(models.Model):
    """How far a contact's details can be relied on: verified ones, wrong numbers."""

    _inherit = "res.partner"

    ar_wrong_number = fields.Char(
        string="Number That Is Wrong",
        copy=False,
        groups=READERS,
        help="Somebody else answered there. It counts as long as the contact has it.",
    )
    ar_wrong_number_text = fields.Char(
        string="Numbers That Are Wrong",
        compute="_compute_ar_wrong_number_text",
        compute_sudo=True,
        groups=READERS,
    )
    ar_verified_on = fields.Date(
        string="Verified On",
        copy=False,
        groups=READERS,
        help="When somebody last made sure that email address and phone number are "
        "right. Whoever changes one of them has it to be done again.",
    )
    ar_verified_by_id = fields.Many2one(
        "res.users",
        string="Verified by",
        copy=False,
        ondelete="set null",
        groups=READERS,
    )

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in NOTED and operation == "write":
            return self.env.su
        return super()._has_field_access(field, operation)

    def write(self, vals):
        """New details are neither verified yet, nor known to be wrong."""
        details = {}
        if vals.keys() & {"email", "phone"}:
            # sudo: whoever edits contacts need not have access to follow-up
            details = {partner: partner._ar_details() for partner in self.sudo()}
        result = super().write(vals)
        for partner_sudo, before in details.items():
            if partner_sudo.ar_verified_on and partner_sudo._ar_details() != before:
                partner_sudo.write(
                    {"ar_verified_on": False, "ar_verified_by_id": False}
                )
        renumbered = self.sudo().filtered(
            lambda partner: partner.phone and partner.ar_wrong_number
        )
        if "phone" in vals and renumbered:
            renumbered._ar_number_corrected()
        return result

    def _ar_details(self):
        self.ensure_one()
        return self.email_normalized or self.email, _digits(self.phone)

    # wrong numbers ---------------------------------------------------------------

    @api.depends("child_ids.ar_wrong_number", "child_ids.phone", "ar_wrong_number")
    def _compute_ar_wrong_number_text(self):
        wrong = self._ar_wrong_numbers().grouped("commercial_partner_id")
        for partner in self:
            contacts = wrong.get(partner.commercial_partner_id._origin, partner[:0])
            numbers = dict.fromkeys(contacts.mapped("phone"))
            partner.ar_wrong_number_text = ", ".join(numbers)

    def _ar_wrong_numbers(self):
        """The contacts of these customers whose number is known to be wrong."""
        # sudo: a number does not depend on who looks
        marked_sudo = self.sudo().search(
            self._ar_of_customers() & Domain("ar_wrong_number", "!=", False)
        )
        return marked_sudo.filtered(lambda contact: contact._ar_is_wrong())

    def _ar_may_be_called(self):
        """Whether the contact has a number that is worth dialling."""
        self.ensure_one()
        return bool(self.phone) and not self.ar_no_call and not self._ar_is_wrong()

    def _ar_is_wrong(self):
        wrong = self.ar_wrong_number
        return bool(wrong) and _digits(wrong) == _digits(self.phone)

    def _ar_mark_wrong_number(self, number=None):
        """Nobody is asked to call ``number`` any more, until it is corrected.

        Every contact of these customers who has it is marked, and whoever is in
        charge of an open case of theirs is asked for another number, once.

        :param number: as it was dialled; None: the contacts' own
        :return: the contacts that were marked
        """
        wrong = {_digits(number)} if number else set(map(_digits, self.mapped("phone")))
        # sudo: whoever calls them says so; the number is the customer's everywhere
        marked_sudo = (
            self.sudo()
            .search(self._ar_of_customers() & Domain("phone", "!=", False))
            .filtered(lambda contact: _digits(contact.phone) in wrong)
        )
        for contact_sudo in marked_sudo:
            contact_sudo.ar_wrong_number = contact_sudo.phone
        cases_sudo = marked_sudo._ar_open_cases()
        for company, cases in cases_sudo.grouped("company_id").items():
            numbers = ", ".join(dict.fromkeys(marked_sudo.mapped("phone")))
            note = company._ar_on_record(cases).env._(
                "%(number)s is a wrong number: ask the customer for the right one, and "
                "correct it on the contact.",
                number=numbers,
            )
            cases._ask_once(NUMBER_ACTIVITY, note)
        return marked_sudo.sudo(self.env.su)

    def _ar_number_corrected(self):
        """Who has no wrong number left is not asked for another one any more."""
        wrong = self._ar_wrong_numbers().commercial_partner_id
        corrected = self.commercial_partner_id - wrong
        corrected._ar_open_cases().activity_feedback([NUMBER_ACTIVITY])

    def _ar_of_customers(self):
        customers = self.commercial_partner_id
        return Domain("commercial_partner_id", "in", customers._origin.ids)

    def _ar_open_cases(self):
        return self.env["ar.followup.case"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "!=", "closed"),
            ]
        )

    def action_ar_number_works(self):
        """Button: the numbers of this customer that were wrong are right after all."""
        self.ensure_one()
        self.env["ar.followup.case"].check_access("write")
        # sudo: whoever works on follow-up says so
        contacts_sudo = self.sudo().search(
            self._ar_of_customers() & Domain("ar_wrong_number", "!=", False)
        )
        contacts_sudo.ar_wrong_number = False
        contacts_sudo._ar_number_corrected()
        return True

    # verified details ------------------------------------------------------------

    def _ar_collectors(self, company):
        """Who is in charge of these customers, who may have no case yet.

        :return: dict customer → ``res.users``, maybe empty
        """
        # sudo: who is in charge does not depend on who asks
        Case_sudo = self.env["ar.followup.case"].sudo()
        cases_sudo = Case_sudo._for_partners(company, self.ids)
        policies = self._ar_policy(company)
        return {
            customer: company.sudo()._ar_signatory(
                cases_sudo.get(customer.id, Case_sudo).user_id
            )
            or Case_sudo._responsible_by_default(
                company.sudo(), policies[customer].sudo()
            )
            for customer in self
        }

    def action_ar_verified(self):
        """Button: these contacts' email addresses and phone numbers are right."""
        self.env["ar.followup.case"].check_access("write")
        self.check_access("read")
        # sudo: the server says who it was, and when
        self.sudo().write(
            {
                "ar_verified_on": self.env.company._ar_today(),
                "ar_verified_by_id": self.env.uid,
            }
        )
        # sudo: whoever was asked to do it
        self.commercial_partner_id.sudo().activity_feedback([VERIFY_ACTIVITY])
        return True


def _digits(number):
    """A phone number as it is dialled, however it is written."""
    return "".join(filter(str.isdigit, number or ""))

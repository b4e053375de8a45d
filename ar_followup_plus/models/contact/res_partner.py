from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..case.res_partner import phone_digits
from ..policy.res_partner import READERS

#: why nobody can write to a contact, least final first; empty: somebody can
OBSTACLES = ("", "do_not_contact", "no_address")
NUMBER_ACTIVITY = "ar_followup_plus.mail_activity_type_wrong_number"
#: what does not work, by the system's own account
NOTED = frozenset({"ar_bounced_email", "ar_wrong_number"})


class ResPartner(models.Model):
    _inherit = "res.partner"

    ar_addressee = fields.Char(
        string="Reminders Go To",
        compute="_compute_ar_addressee",
        compute_sudo=True,
        groups=READERS,
        help="The contact of the type Follow-up, else of the type Invoice, else the "
        "customer: the first of them who may be written to.",
    )
    ar_firm_addressee = fields.Char(
        string="Firm Ones Go To",
        compute="_compute_ar_addressee",
        compute_sudo=True,
        groups=READERS,
        help="From the firm levels on, the decision maker is written to. Empty: nobody "
        "else than before.",
    )

    ar_bounced_email = fields.Char(
        string="Address That Bounced",
        copy=False,
        groups=READERS,
        help="Mail to this address came back. It counts as long as the contact has it.",
    )
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
    ar_bounced_text = fields.Char(
        string="Addresses That Do Not Work",
        compute="_compute_ar_bounced_text",
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends(
        "ar_bounced_email",
        "ar_no_email",
        "child_ids.ar_bounced_email",
        "child_ids.ar_is_decision_maker",
        "child_ids.ar_no_email",
        "child_ids.email",
        "child_ids.type",
        "commercial_partner_id",
        "email",
        "is_company",
    )
    def _compute_ar_addressee(self):
        customers = self.commercial_partner_id
        usual, firm = (customers._ar_addressees(is_firm) for is_firm in (False, True))
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.ar_addressee = _name_and_email(usual.get(customer))
            differs = firm.get(customer) != usual.get(customer)
            partner.ar_firm_addressee = differs and _name_and_email(firm.get(customer))

    @api.model
    def _has_field_access(self, field, operation):
        """Where mail bounced is for the mail servers to say; neither is a number
        wrong because somebody writes so.
        """
        if field.name in NOTED and operation == "write":
            return self.env.su
        return super()._has_field_access(field, operation)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("phone"):
            # sudo: whoever edits contacts need not have access to follow-up
            self.sudo().filtered("ar_wrong_number")._ar_number_corrected()
        return result

    @api.depends("child_ids.ar_bounced_email", "child_ids.email", "ar_bounced_email")
    def _compute_ar_bounced_text(self):
        for partner in self:
            contacts = partner.commercial_partner_id._ar_bouncing()
            addresses = dict.fromkeys(contacts.mapped("ar_bounced_email"))
            partner.ar_bounced_text = ", ".join(addresses)

    def _ar_bouncing(self):
        """The contacts of these customers whose address does not work."""
        # sudo: an address does not depend on who looks
        marked_sudo = self.sudo().search(
            [
                ("commercial_partner_id", "in", self._origin.ids),
                ("ar_bounced_email", "!=", False),
            ]
        )
        return marked_sudo.filtered(
            lambda contact: contact.ar_bounced_email == contact.email_normalized
        )

    @api.model
    def _ar_mark_bounced(self, address):
        """Nobody is written to at ``address`` any more, until it is corrected.

        :param address: normalized
        """
        # sudo: also contacts that whoever fetches the mail may not see
        contacts_sudo = self.sudo().search([("email_normalized", "=", address)])
        contacts_sudo.ar_bounced_email = address
        self.env["ar.followup.mark"]._mark_partners(
            [(self.env["res.company"], contacts_sudo)]
        )

    def action_ar_email_works(self):
        """Button: the addresses of this customer that bounced do work after all."""
        self.ensure_one()
        cases = self.env["ar.followup.case"]
        cases.check_access("write")
        bouncing_sudo = self.commercial_partner_id._ar_bouncing()
        # sudo: whoever works on follow-up says so; others may share the address
        marked_sudo = self.sudo().search(
            [("ar_bounced_email", "in", bouncing_sudo.mapped("ar_bounced_email"))]
        )
        marked_sudo.ar_bounced_email = False
        self.env["ar.followup.mark"]._mark_partners(
            [(self.env["res.company"], marked_sudo)]
        )
        self.ar_case_id._reassess()
        return True

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

    def action_statement(self):
        """Button, also for many: print or send statements of account."""
        self.check_access("read")
        return self.commercial_partner_id._ar_open_statement(self.env.company)

    def _ar_open_statement(self, company):
        """The window in which statements of these customers are made."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of Account"),
            "res_model": "ar.statement",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_ids": self.ids,
                "default_company_id": company.id,
            },
        }

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
        return bool(wrong) and phone_digits(wrong) == phone_digits(self.phone)

    def _ar_mark_wrong_number(self, number=None):
        """Nobody is asked to call ``number`` any more, until it is corrected.

        Every contact of this customer who has it is marked, and whoever is in charge
        of an open case of theirs is asked for another number, once.

        :param number: as it was dialled; None: the contact's own
        :return: the contacts that were marked
        """
        self.ensure_one()
        wrong = phone_digits(number or self.phone)
        # sudo: whoever calls them says so; the number is the customer's everywhere
        marked_sudo = (
            self.sudo()
            .search(self._ar_of_customers() & Domain("phone", "!=", False))
            .filtered(lambda contact: wrong and phone_digits(contact.phone) == wrong)
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

    # whom to write to ------------------------------------------------------------

    def _ar_addressees(self, is_firm=False):
        """Whom to write to: the follow-up contact, the invoice contact, the company.

        The first of them who may be written to, for all customers at once.

        :param is_firm: for a firm level or a final notice; at a business customer,
            the decision maker comes first
        :return: dict customer → ``res.partner``, without those nobody can write to
        """
        best = self._ar_best_contacts(is_firm)
        found = {
            customer_id: contact_id
            for customer_id, (contact_id, obstacle) in best.items()
            if not obstacle
        }
        # sudo: a contact's address does not depend on who looks
        contacts_sudo = self.sudo().browse(found.values())
        contacts_sudo.fetch(["parent_id", "name", "email", "lang"])
        return {
            self.browse(customer_id): contact_sudo.sudo(False)
            for customer_id, contact_sudo in zip(found, contacts_sudo, strict=True)
        }

    def _ar_best_contacts(self, is_firm=False):
        """Each customer's best contact for a reminder, and what stands in its way.

        :param is_firm: as in ``_ar_addressees``
        :return: dict customer id → (contact id, one of ``OBSTACLES``)
        """
        self.flush_model()
        contact = SQL.identifier("contact")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (contact.commercial_partner_id)
                       contact.commercial_partner_id, contact.id, found.code
                  FROM res_partner contact
                  JOIN res_partner customer
                    ON customer.id = contact.commercial_partner_id
                 CROSS JOIN LATERAL (
                       SELECT %(obstacle)s AS code,
                              %(is_firm)s AND customer.is_company
                              AND contact.id != customer.id
                              AND contact.ar_is_decision_maker IS TRUE AS decides
                       ) found
                 WHERE contact.commercial_partner_id = ANY(%(customers)s)
                   AND contact.active
                   AND (contact.id = contact.commercial_partner_id
                        OR contact.type IN ('followup', 'invoice')
                        OR found.decides)
                 ORDER BY contact.commercial_partner_id,
                          array_position(%(obstacles)s, found.code),
                          NOT found.decides,
                          contact.id = contact.commercial_partner_id,
                          contact.type = 'invoice',
                          contact.id
                """,
                obstacle=self._ar_mail_obstacle(contact),
                customers=self.ids,
                is_firm=is_firm,
                obstacles=list(OBSTACLES),
            )
        )
        return {customer: (contact, code) for customer, contact, code in rows}

    @api.model
    def _ar_mail_obstacle(self, contact):
        """Why nobody may write to a contact: the one definition, as SQL.

        :param contact: the alias of its row of ``res_partner``
        :return: an expression that gives one of ``OBSTACLES``
        """
        return SQL(
            """CASE WHEN %(contact)s.email_normalized IS NULL
                      OR %(contact)s.email_normalized = %(contact)s.ar_bounced_email
                    THEN 'no_address'
                    WHEN %(contact)s.ar_no_email THEN 'do_not_contact'
                    ELSE '' END""",
            contact=contact,
        )


def _name_and_email(contact):
    return contact and contact.with_context(show_email=True).display_name

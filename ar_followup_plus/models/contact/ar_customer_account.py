from dataclasses import dataclass
from itertools import chain

from odoo import api, models


@dataclass(frozen=True)
class Statement:
    """A customer's statement of account: what its paper shows."""

    company: object
    partner: object
    #: as of the end of this day
    day: object
    #: the first day whose movements are shown; False: none are
    since: object
    lang: str
    #: pairs of currency and :class:`Account`, the company's own currency first
    accounts: list
    #: whom to ask: a person of ours, else the company
    contact: object
    #: where to pay, or empty
    bank: object
    #: where an invoice is seen and paid: dict entry id → address
    urls: dict

    @property
    def owes(self):
        """Whether there is anything to pay."""
        return any(account.debts for _currency, account in self.accounts)


class ArCustomerAccount(models.AbstractModel):
    """How the statement of an account is told to its customer."""

    _inherit = "ar.customer.account"

    @api.model
    def _statements(self, company, partners, day, since=None):
        """The statements of customers, each in their language.

        :param partners: commercial partners
        :return: list of :class:`Statement`, in the order of the partners
        """
        # sudo: it goes to the customer, who knows all of this
        partners_sudo = partners.sudo()
        company_sudo = company.sudo()
        accounts = self._accounts(company, partners.ids, day, since)
        cases = self._cases(company, partners)
        people = cases._responsible()
        addressees = cases._addressees()
        banks, urls = self._ways_to_pay(company_sudo, accounts)
        Currency = self.env["res.currency"]
        statements = []
        for partner_sudo, case in zip(partners_sudo, cases, strict=True):
            lang = case._mail_lang(addressees[case])
            contact_sudo = people[case].sudo().partner_id or company_sudo.partner_id
            statements.append(
                Statement(
                    company_sudo,
                    partner_sudo,
                    day,
                    since,
                    lang,
                    [
                        (Currency.browse(account.currency), account)
                        for account in accounts[partner_sudo.id]
                    ],
                    contact_sudo,
                    banks[partner_sudo.id],
                    urls,
                )
            )
        return statements

    @api.model
    def _cases(self, company, partners):
        """Each customer's case, or what would be one, in the partners' order."""
        Case = self.env["ar.followup.case"]
        known = Case._for_partners(company, partners.ids)
        return Case.concat(
            *(
                known.get(partner.id)
                or Case.new({"partner_id": partner.id, "company_id": company.id})
                for partner in partners
            )
        )

    @api.model
    def _ways_to_pay(self, company_sudo, accounts):
        """Bank accounts by customer, as their invoices name them, and portal links."""
        invoices = _entries(accounts, ("invoice",))
        credit_notes = _entries(accounts, ("credit_note",))
        # sudo: the invoices go to their own customers
        moves_sudo = (
            self.env["account.move"]
            .sudo()
            .browse({*chain(*invoices.values(), *credit_notes.values())})
        )
        moves_sudo._ar_ensure_portal_tokens()
        # no credit note's: it names the customer's bank account, to pay it out to
        banks = {
            partner: moves_sudo.browse(own)
            .with_prefetch(moves_sudo._prefetch_ids)
            .partner_bank_id[-1:]
            or company_sudo.bank_ids[:1]
            for partner, own in invoices.items()
        }
        urls = {
            move_sudo.id: move_sudo.get_base_url() + move_sudo.get_portal_url()
            for move_sudo in moves_sudo
        }
        return banks, urls


def _entries(accounts, kinds):
    """The ids of entries of these kinds that are open: dict customer → list."""
    return {
        partner: [
            item.line.move
            for account in own
            for item in account.items
            if item.line.kind in kinds
        ]
        for partner, own in accounts.items()
    }

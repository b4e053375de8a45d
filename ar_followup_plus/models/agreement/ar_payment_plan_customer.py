from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..ledger.ageing import cover_oldest_first, to_minor
from .ar_payment_plan import SHOWN


class CoveredInvoice(NamedTuple):
    """One invoice as the agreement lists it; its amount in the plan's currency."""

    name: str
    issued: date | None
    date_due: date
    amount: float


class PayLink(NamedTuple):
    """Where a part of one invoice is paid online; in the plan's currency."""

    name: str
    amount: float
    url: str


class ArPaymentPlan(models.Model):
    """What the customer reads of a plan, and how they pay."""

    _inherit = "ar.payment.plan"

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for plan in self:
            plan.access_url = f"/my/payment-plans/{plan.id}"
        return result

    # what they may see -----------------------------------------------------------

    @api.model
    def _customer_domain(self, partner):
        """The plans of a customer that have been approved: nobody sees the others."""
        return (
            Domain("partner_id", "=", partner.commercial_partner_id.id)
            & Domain("approved_on", "!=", False)
            & Domain("state", "in", SHOWN)
        )

    def _is_shown(self):
        """Whether its customer may see it: it was approved."""
        self.ensure_one()
        return bool(self.approved_on) and self.state in SHOWN

    def _can_be_answered(self):
        """Whether it is an offer that its customer can still accept or decline."""
        self.ensure_one()
        today = self.company_id._ar_today()
        return self.state == "approved" and self.offer_until >= today

    def _customer_lang(self):
        """The language of whoever is written to, as a code."""
        self.ensure_one()
        return self.case_id._mail_lang(self.case_id._addressees()[self.case_id])

    def _customer_contact(self):
        """Who answers the customer (as superuser): a person, else the company."""
        self.ensure_one()
        # sudo: the customer may know who looks after them
        plan_sudo = self.sudo()
        person_sudo = plan_sudo.case_id.responsible_id.partner_id
        return person_sudo or plan_sudo.company_id.partner_id

    def _customer_status(self):
        """How the plan stands, said to its customer."""
        self.ensure_one()
        env = self.env
        if self._can_be_answered():
            return env._(
                "Please look at our offer and accept it by %(day)s. It takes "
                "effect once you do.",
                day=format_date(env, self.offer_until, date_format="long"),
            )
        if self.state == "active" and self.is_late:
            return env._(
                "An instalment has not arrived yet. Please pay it in the next days, or "
                "tell us when we can expect it."
            )
        if self.state == "active":
            return env._(
                "Accepted by %(name)s on %(day)s, thank you. As long as instalments "
                "are paid on their days, there is nothing else for you to do.",
                name=self.accepted_by,
                day=format_date(env, self._accepted_day(), date_format="long"),
            )
        if self.state == "done":
            return env._("Everything has been paid. Thank you very much!")
        if self.state == "broken":
            return env._(
                "An instalment was not paid, so this plan has ended. Please get in "
                "touch with us, and we will look for a way together."
            )
        return self._customer_end() or env._(
            "This offer has ended. Write to us if you would like a new one: we will "
            "gladly look at it with you."
        )

    def _customer_end(self):
        """Why an offer is none any more, said to its customer; None: it ran out."""
        env = self.env
        return {
            "declined": env._(
                "You declined this offer. Write to us if another plan would suit you."
            ),
            "replaced": env._("Another plan has taken the place of this one."),
            "withdrawn": env._(
                "We have withdrawn this plan. Write to us if you have a question."
            ),
        }.get(self.end_reason)

    # the agreement on paper ------------------------------------------------------

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Payment plan %(name)s", name=self.name.replace("/", "-"))

    def _covered_invoices(self):
        """The invoices as the agreement lists them, oldest due first.

        :return: list of :class:`CoveredInvoice`; of a draft, what it would cover
        """
        self.ensure_one()
        # sudo: invoices go to their own customer; of others there are none here
        rows_sudo = self.sudo().item_line_ids
        if rows_sudo:
            covered = [
                CoveredInvoice(
                    row_sudo.item_id.name,
                    row_sudo.item_id.move_id.invoice_date,
                    row_sudo.date_due,
                    row_sudo.amount_covered,
                )
                for row_sudo in rows_sudo
            ]
        else:
            covered = [
                CoveredInvoice(
                    line_sudo.move_name,
                    line_sudo.invoice_date,
                    line_sudo.date_maturity or line_sudo.date,
                    amount,
                )
                for line_sudo, amount in self._amounts_to_cover().items()
            ]
        return sorted(covered, key=lambda invoice: (invoice.date_due, invoice.name))

    def _payment_account(self):
        """Where transfers go (as superuser): the account the invoices name, if any."""
        self.ensure_one()
        # sudo: who owes us may know where to pay
        plan_sudo = self.sudo()
        moves_sudo = plan_sudo.item_line_ids.item_id.move_id
        moves_sudo |= plan_sudo.move_line_ids.move_id
        named_sudo = moves_sudo.filtered(lambda move: move.is_sale_document())
        return named_sudo.partner_bank_id[:1] or plan_sudo.company_id.bank_ids[:1]

    # paying ----------------------------------------------------------------------

    def _due_now(self):
        """The instalments to be paid now: all that are due, else the next one."""
        self.ensure_one()
        today = self.company_id._ar_today()
        lines = self.line_ids.sorted(lambda line: (line.date_due, line.id)).filtered(
            lambda line: not self.currency_id.is_zero(line.amount_open)
        )
        return lines.filtered(lambda line: line.date_due <= today) or lines[:1]

    def _pay_links(self):
        """Links to pay what is due now, the oldest invoice first.

        Each invoice is paid by itself, so that the payment is matched with it. Whether
        one can be paid online is for the invoice to say.

        :return: list of :class:`PayLink`
        """
        self.ensure_one()
        if self.state != "active":
            return []
        decimals = self.currency_id.decimal_places
        due = sum(to_minor(line.amount_open, decimals) for line in self._due_now())
        # sudo: the invoices of the plan's own customer
        rows_sudo = self.sudo().item_line_ids.sorted(lambda row: (row.date_due, row.id))
        parts = {}
        covered = cover_oldest_first([row._open() for row in rows_sudo], due)
        for row_sudo, part in zip(rows_sudo, covered, strict=True):
            move_sudo = row_sudo.item_id.move_id
            parts[move_sudo] = parts.get(move_sudo, 0) + part
        return [
            PayLink(
                move_sudo.name,
                part / 10**decimals,
                self._pay_link(move_sudo, part / 10**decimals),
            )
            for move_sudo, part in parts.items()
            if part and move_sudo._has_to_be_paid()
        ]

    @api.model
    def _pay_link(self, move_sudo, amount):
        """The page where this part of the invoice is paid, as Odoo makes it."""
        return (
            move_sudo.env["payment.link.wizard"]
            .new(
                {
                    "res_model": "account.move",
                    "res_id": move_sudo.id,
                    "amount": amount,
                    "currency_id": move_sudo.currency_id.id,
                    "partner_id": move_sudo.partner_id.id,
                }
            )
            .link
        )

import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..case.res_partner import VERIFY_ACTIVITY

#: a first invoice goes unpaid where nobody got it: time enough to ask before it is due
ASK_BEFORE_DUE = timedelta(days=7)
BILLS = ("out_invoice", "out_receipt")

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_log_call(self):
        """Button: log a call about this invoice, with its customer.

        :raises AccessError: for whoever must not log contacts
        """
        self.ensure_one()
        customer = self.partner_id.with_company(self.company_id)
        action = customer.action_log_call()
        if not self.ar_item_ids:
            customer.ar_case_id._know_all_open()
        action["context"]["ar_call_move_id"] = self.id
        return action

    def _ar_ensure_portal_tokens(self):
        """Give every entry its portal token, by one UPDATE.

        One by one, ``get_portal_url`` costs six statements an invoice.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE account_move SET access_token = gen_random_uuid()::text "
                "WHERE id = ANY(%s) AND access_token IS NULL",
                self.ids,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_recordset(["access_token"])

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        bills = posted.filtered(lambda move: move.move_type in BILLS)
        for company, own in bills.grouped("company_id").items():
            # sudo: a setting
            if company.sudo().ar_verify_first_invoice:
                own._ar_ask_where_to_send(company)
        return posted

    def _ar_ask_where_to_send(self, company):
        """One activity for each customer who never got an invoice from this company.

        Unless somebody made sure of their contact details, or was asked to before.
        """
        customers = self._ar_new_customers(company)
        if not customers:
            return
        people = customers._ar_collectors(company)
        lines = self.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.move_id.commercial_partner_id in customers
            )
        )
        today = company._ar_today()
        rows = []
        for customer, own in lines.grouped(
            lambda line: line.move_id.commercial_partner_id
        ).items():
            due = min(line.date_maturity or line.date for line in own)
            user = people[customer] or self.env.user
            first = own.move_id.sorted("invoice_date_due")[0]
            note = first.with_context(lang=user.lang).env._(
                "%(invoice)s is the first invoice to this customer, and nobody has "
                "made sure yet that their contact details are right. Ask them where "
                "invoices should go, then choose “Contact details verified” in the "
                "tab Follow-up.",
                invoice=first._get_html_link(),
            )
            deadline = max(today, due - ASK_BEFORE_DUE)
            rows.append((customer.id, user, deadline, Markup("<p>%s</p>") % note))
        self.env["mail.activity"]._ar_plan(VERIFY_ACTIVITY, "res.partner", rows)

    def _ar_new_customers(self, company):
        """Who gets their first invoice with these, and is to be asked where to."""
        customers = self.commercial_partner_id
        # sudo: whether there was an earlier invoice does not depend on who posts
        earlier = self.sudo()._read_group(
            Domain("commercial_partner_id", "in", customers.ids)
            & Domain("company_id", "=", company.id)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", BILLS)
            & Domain("id", "not in", self.ids),
            ["commercial_partner_id"],
        )
        known_ids = {customer.id for (customer,) in earlier}
        verified_sudo = customers.sudo().search(
            customers._ar_of_customers() & Domain("ar_verified_on", "!=", False)
        )
        known_ids.update(verified_sudo.commercial_partner_id.ids)
        # sudo: also what is done by now, whoever was asked
        asked_sudo = customers.sudo().with_context(active_test=False)
        known_ids.update(asked_sudo.activity_search([VERIFY_ACTIVITY]).mapped("res_id"))
        return customers.filtered(lambda customer: customer.id not in known_ids)

    def _ar_make_pdfs(self):
        """Make the PDFs of invoices that were never sent, as when they are.

        All of a company at once. Where that fails, also because this system's
        wkhtmltopdf can only make one, each is made for itself: one that fails is
        left out and stops no other.
        """
        AccountMoveSend = self.env["account.move.send"]
        # to make the PDF of these would send them to the authorities, too
        moves = self.filtered(lambda m: not AccountMoveSend._get_default_extra_edis(m))
        for own in moves.grouped("company_id").values():
            if not own._ar_make_pdfs_together() and len(own) > 1:
                for move in own:
                    move._ar_make_pdfs_together()

    def _ar_make_pdfs_together(self):
        try:
            with self.env.cr.savepoint():
                self.env["account.move.send"]._generate_and_send_invoices(
                    self, sending_methods=[]
                )
        except Exception:
            # Whatever a report may raise: the reminder leaves without it. Of many at
            # once it says nothing yet: each is tried for itself.
            single = len(self) == 1
            _logger.info("No PDF of invoices %s", self.ids, exc_info=single)
            return False
        return True

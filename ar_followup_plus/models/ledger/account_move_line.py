from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .ageing import AGES

# An invoice in one of these states asks for nothing more: with some accounting
# apps its payment is registered but not yet booked, so its residual stays open.
SETTLED_PAYMENT_STATES = ("in_payment", "paid", "reversed")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Odoo's own idea of a late invoice looks at its last due date only.
    ar_is_overdue = fields.Boolean(
        string="Overdue",
        compute="_compute_ar_is_overdue",
        search="_search_ar_is_overdue",
    )

    def _ar_invoice_name(self):
        """What people call a journal item: the number of its invoice."""
        self.ensure_one()
        return self.move_name or self.move_id.display_name

    @api.model
    def _ar_open_receivable_domain(self, company):
        """The one definition of an open receivable, debts and credits alike.

        Overdue is a property of the journal item, not of the invoice: an invoice
        in instalments has one line for each.
        """
        return self._ar_receivable_domain(company) & Domain("reconciled", "=", False)

    @api.model
    def _ar_receivable_domain(self, company):
        """Whatever was ever booked as owed by a customer, or to them."""
        return Domain(
            [
                ("account_id", "in", self._ar_receivable_accounts().ids),
                ("parent_state", "=", "posted"),
                ("company_id", "=", company.id),
                ("partner_id", "!=", False),
            ]
        )

    @api.model
    def _ar_receivable_accounts(self):
        """Receivable accounts of all companies, archived ones too.

        They are named in queries: the database knows how many lines an account has,
        but would guess far too few for all of a type, and join row by row.
        """
        # sudo: what is owed does not depend on who looks
        accounts_sudo = self.env["account.account"].sudo()
        return accounts_sudo.with_context(active_test=False).search(
            [("account_type", "=", "asset_receivable")], order="id"
        )

    @api.model
    def _ar_due_sql(self):
        """The day a line is due, as SQL: entries without a due date use their own."""
        return SQL("COALESCE(account_move_line.date_maturity, account_move_line.date)")

    @api.model
    def _ar_open_receivable_query(self, company, partner_ids=None):
        """Open receivables as a query to splice into set-based SQL.

        The tables are named ``account_move_line``, ``ar_move`` (the entry) and
        ``ar_customer``, whose ``commercial_partner_id`` owes the money.
        Access rules are bypassed: what is owed does not depend on who looks.

        :param company: one ``res.company``
        :param partner_ids: ids of commercial partners, or None for all
        :return: ``odoo.tools.Query``
        """
        domain = self._ar_open_receivable_domain(company)
        if partner_ids is not None:
            domain &= self._ar_partner_domain(partner_ids)
        query = self._ar_receivable_query(domain)
        query.add_where(
            SQL(
                "(ar_move.payment_state IS NULL OR ar_move.payment_state NOT IN %s)",
                SETTLED_PAYMENT_STATES,
            )
        )
        return query

    @api.model
    def _ar_receivable_query(self, domain):
        """Receivables of a domain, with their entries and customers, as a query."""
        # no flush by the ORM for hand-written column names
        self.flush_model()
        self.env["account.move"].flush_model(["payment_state"])
        query = self.sudo()._search(domain, bypass_access=True)
        query.add_join(
            "JOIN",
            "ar_move",
            "account_move",
            SQL("ar_move.id = account_move_line.move_id"),
        )
        # a payment may be booked on a contact: what counts is whose contact
        query.add_join(
            "JOIN",
            "ar_customer",
            "res_partner",
            SQL("ar_customer.id = account_move_line.partner_id"),
        )
        return query

    @api.model
    def _ar_ageing(self, company, today):
        """Open debts by age, and unallocated credits, of a whole company.

        :return: dict currency id → dict of amounts in that currency: by age (0: not
            due yet, n: from ``AGES[n - 1]`` days overdue on), and ``"credit"``
        """
        query = self._ar_open_receivable_query(company)
        query.groupby = SQL("1, 2")
        rows = self.env.execute_query(
            query.select(
                SQL("account_move_line.currency_id"),
                SQL(
                    "CASE WHEN account_move_line.amount_residual_currency > 0"
                    " THEN width_bucket(%s - %s, %s) END",
                    today,
                    self._ar_due_sql(),
                    list(AGES),
                ),
                SQL("SUM(account_move_line.amount_residual_currency)"),
            )
        )
        result = {}
        for currency, age, amount in rows:
            key = "credit" if age is None else age
            result.setdefault(currency, {})[key] = abs(amount)
        return result

    @api.model
    def _ar_debtors(self, company):
        """What each customer of a company owes, and has to their credit.

        :return: list of (id of the commercial partner, debts, credits), both in the
            company's currency, the largest credit first
        """
        query = self._ar_open_receivable_query(company)
        query.groupby = SQL("ar_customer.commercial_partner_id")
        query.order = SQL("3 DESC, 1")
        owed = SQL.identifier("account_move_line", "amount_residual")
        return self.env.execute_query(
            query.select(
                SQL("ar_customer.commercial_partner_id"),
                SQL("SUM(GREATEST(%s, 0))", owed),
                SQL("SUM(GREATEST(-%s, 0))", owed),
            )
        )

    @api.model
    def _ar_credits_in_transit(self, company, partner_ids):
        """Money on its way that is not booked yet. A hook.

        Another source either adds to ``ar.money.in.transit._find``, which the case's
        page lists, or to these sums alone.

        :return: dict (partner id, currency id) → amount in minor units of the
            currency
        """
        credits = defaultdict(int)
        for money in self.env["ar.money.in.transit"]._find(company, partner_ids):
            credits[money.partner_id, money.currency_id] += money.amount
        return credits

    @api.model
    def _ar_overdue_domain(self, company, today):
        """The one definition of overdue debt: due before today, still open."""
        return self._ar_open_receivable_domain(company) & Domain(
            [
                ("amount_residual", ">", 0),
                ("move_id.payment_state", "not in", SETTLED_PAYMENT_STATES),
                "|",
                ("date_maturity", "<", today),
                "&",
                ("date_maturity", "=", False),
                ("date", "<", today),
            ]
        )

    @api.depends("account_id", "parent_state", "amount_residual", "date_maturity")
    def _compute_ar_is_overdue(self):
        overdue = self.filtered_domain(self._ar_overdue_everywhere(self.company_id))
        overdue.ar_is_overdue = True
        (self - overdue).ar_is_overdue = False

    @api.model
    def _search_ar_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._ar_overdue_everywhere(self.env.companies)

    @api.model
    def _ar_overdue_everywhere(self, companies):
        """What is overdue in several companies, each by its own calendar."""
        return Domain.OR(
            self._ar_overdue_domain(company, company._ar_today())
            for company in companies
        )

    @api.model
    def _ar_partner_domain(self, partner_ids):
        """Lines of these customers (ids of commercial partners) and their contacts."""
        return Domain("partner_id.commercial_partner_id", "in", list(partner_ids))

    def _ar_asks_for_money(self):
        """Whether a line, as it is now, is an open debt of its customer."""
        self.ensure_one()
        return (
            self.parent_state == "posted"
            and self.amount_residual_currency > 0
            and self.move_id.payment_state not in SETTLED_PAYMENT_STATES
        )

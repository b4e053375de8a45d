from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .ar_payment_plan import LIVE


class ArPaymentPlan(models.Model):
    """Which invoices may be on a plan, and together on one."""

    _inherit = "ar.payment.plan"

    @api.model_create_multi
    def create(self, vals_list):
        """A plan that only names its invoices goes to their customer's case.

        :raises UserError: when an invoice cannot be on it, with the reason
        """
        for vals in vals_list:
            if not vals.get("case_id") and vals.get("move_line_ids"):
                lines = self.new({"move_line_ids": vals["move_line_ids"]}).move_line_ids
                vals["case_id"] = self._case_of(lines._origin).id
        plans = super().create(vals_list)
        plans._check_invoices()
        return plans

    def write(self, vals):
        result = super().write(vals)
        # when customers are merged, plans move before their invoices do
        if vals.keys() & {"case_id", "move_line_ids"} and not self.env.su:
            self._check_invoices()
        return result

    @api.model
    def _case_of(self, lines):
        """The case of the customer who owes these journal items, made if need be.

        :raises UserError: when they cannot be together on a plan
        """
        lines_sudo = lines.sudo()  # sudo: whose invoices they are
        if not lines_sudo:
            raise UserError(self.env._("Choose at least one open invoice."))
        self._raise_problem(self._problem_of(lines_sudo))
        customer = lines_sudo.partner_id.commercial_partner_id.sudo(False)
        return customer.with_company(lines_sudo.company_id)._ar_ensure_cases()

    def _check_invoices(self):
        """
        :raises UserError: when an invoice cannot be on its plan
        """
        for plan in self:
            # sudo: what is owed does not depend on who looks
            lines_sudo = plan.sudo().move_line_ids
            plan._raise_problem(plan._problem_of(lines_sudo))

    @api.model
    def _raise_problem(self, problem):
        if problem:
            raise UserError(problem)

    def _problem_of(self, lines_sudo):
        """Why journal items cannot be on this plan, or on a new one together.

        :return: a sentence that names the offender, or ``""``
        """
        for line in lines_sudo:
            problem = self._problem_of_one(line)
            if problem:
                return problem
        return (
            self._problem_of_mix(lines_sudo)
            or self._problem_of_dispute(lines_sudo)
            or self._problem_of_other_plan(lines_sudo)
        )

    def _problem_of_one(self, line_sudo):
        """Why a journal item is no open debt of a customer."""
        invoice = _name(line_sudo)
        if line_sudo.account_type != "asset_receivable" or not line_sudo.partner_id:
            return self.env._(
                "%(invoice)s is not what a customer owes: a plan is about open "
                "customer invoices.",
                invoice=invoice,
            )
        if line_sudo.parent_state != "posted":
            return self.env._(
                "%(invoice)s is not posted: confirm it before it goes on a plan.",
                invoice=invoice,
            )
        if line_sudo.amount_residual_currency < 0:
            return self.env._(
                "%(invoice)s is a credit of the customer: a plan is about what they "
                "owe.",
                invoice=invoice,
            )
        if not line_sudo._ar_asks_for_money():
            return self.env._(
                "Nothing is open of %(invoice)s any more: leave it out.",
                invoice=invoice,
            )
        return ""

    def _problem_of_mix(self, lines_sudo):
        """One customer, one company, one currency."""
        first = lines_sudo[:1]
        case_sudo = self.sudo().case_id  # sudo: whom the plan is with
        customer = case_sudo.partner_id or first.partner_id.commercial_partner_id
        company = case_sudo.company_id or first.company_id
        for line in lines_sudo:
            debtor = line.partner_id.commercial_partner_id
            if debtor != customer:
                return self.env._(
                    "%(invoice)s is owed by %(debtor)s: a plan is with one customer, "
                    "and this one is with %(customer)s.",
                    invoice=_name(line),
                    debtor=debtor.display_name,
                    customer=customer.display_name,
                )
            if line.company_id != company:
                return self.env._(
                    "%(invoice)s is an invoice of %(other)s: a plan is of one company, "
                    "and this one is of %(company)s.",
                    invoice=_name(line),
                    other=line.company_id.name,
                    company=company.name,
                )
            if line.currency_id != first.currency_id:
                return self.env._(
                    "%(invoice)s is in %(other)s: a plan has one currency, and this "
                    "one is in %(currency)s. Make a plan for each.",
                    invoice=_name(line),
                    other=line.currency_id.name,
                    currency=first.currency_id.name,
                )
        return ""

    def _problem_of_dispute(self, lines_sudo):
        disputed = self._wholly_disputed(lines_sudo)
        if not disputed:
            return ""
        return self.env._(
            "%(invoice)s is disputed: settle that first, or leave it out.",
            invoice=_name(disputed[0]),
        )

    @api.model
    def _wholly_disputed(self, lines_sudo):
        """Those of the journal items of which nothing is undisputed."""
        return lines_sudo.browse(
            line.id
            for line, (open_now, disputed) in self._open_and_disputed(
                lines_sudo
            ).items()
            if line.currency_id.compare_amounts(disputed, open_now) >= 0
        )

    def _problem_of_other_plan(self, lines_sudo):
        row_sudo = self._other_plan_rows(lines_sudo)[:1]
        if not row_sudo:
            return ""
        return self.env._(
            "%(invoice)s is on the payment plan %(plan)s already: go on with that one, "
            "or leave the invoice out.",
            invoice=row_sudo.item_id.name,
            plan=row_sudo.plan_id.name,
        )

    def _other_plan_rows(self, lines_sudo):
        """What other plans cover of these journal items (as superuser).

        In force, an invoice is on one plan, and on the one to take its place.
        """
        return (
            self.env["ar.payment.plan.item"]
            .sudo()
            .search(
                Domain("item_id.move_line_id", "in", lines_sudo.ids)
                & Domain("plan_id.state", "in", LIVE)
                & Domain("plan_id", "not in", (self | self.replaces_id).ids)
            )
        )

    # when submitted ------------------------------------------------------------------

    def _check_can_submit(self):
        """
        :raises UserError: when something is missing, with what to do about it
        """
        result = super()._check_can_submit()
        for plan in self:
            plan._take_items()
            plan._check_invoices()
            plan._check_successor()
            plan._check_amounts()
            plan._check_schedule()
        return result

    def _take_items(self):
        """Whoever submits another plan over these invoices meanwhile starts over.

        :raises UserError: while somebody is working on one of them
        """
        items_sudo = self._ensure_items()
        if items_sudo.try_lock_for_update(allow_referencing=True) != items_sudo:
            raise UserError(
                self.env._(
                    "Somebody is working on these invoices right now. Try again in a "
                    "moment."
                )
            )
        # A lock alone is not seen by a transaction that began before this one ended.
        self.env.cr.execute(
            SQL(
                "UPDATE ar_followup_item SET write_date = %s WHERE id = ANY(%s)",
                self.env.cr.now(),
                items_sudo.ids,
            )
        )

    def _ensure_items(self):
        """What follow-up knows of the plan's invoices (as superuser)."""
        self.ensure_one()
        # sudo: what the engine follows does not depend on who asks
        Item_sudo = self.env["ar.followup.item"].sudo()
        lines_sudo = self.sudo().move_line_ids
        domain = [("move_line_id", "in", lines_sudo.ids)]
        items_sudo = Item_sudo.search(domain)
        if items_sudo.move_line_id != lines_sudo:
            company = self.company_id
            self.case_id.sudo().with_company(company)._collect(
                company, company._ar_today(), self.partner_id.ids, until="infinity"
            )
            items_sudo = Item_sudo.search(domain)
        return items_sudo

    def _check_successor(self):
        if self.replaces_id and self.replaces_id.state != "active":
            raise UserError(
                self.env._(
                    "%(old)s is not in force any more, so nothing can take its place. "
                    "Withdraw %(plan)s, and propose a new plan.",
                    old=self.replaces_id.name,
                    plan=self.name,
                )
            )

    def _check_amounts(self):
        """What is open shall be what the schedule was made for."""
        money = self.currency_id.format
        now = sum(self._amounts_to_cover().values())
        if self.currency_id.compare_amounts(now, self.amount_total):
            raise UserError(
                self.env._(
                    "The invoices have changed since: %(now)s is open now, the plan is "
                    "about %(total)s. Calculate the schedule again.",
                    now=money(now),
                    total=money(self.amount_total),
                )
            )

    def _check_schedule(self):
        self.env.flush_all()
        self.invalidate_recordset(["line_ids"])  # in the order of their days
        problems = self._schedule_problems()
        if problems:
            raise UserError("\n".join(problems))


def _name(line_sudo):
    """What people call a journal item: the number of its invoice."""
    return line_sudo.move_name or line_sudo.move_id.display_name

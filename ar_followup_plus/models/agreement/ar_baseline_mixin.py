from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ArBaselineMixin(models.AbstractModel):
    """An agreement about open invoices, and what was open of them when it began.

    What is paid is the difference between what was open then and what is open now:
    accounting says it, nobody types it. The rows are in ``item_line_ids``, of a model
    with ``ar.baseline.item.mixin``.
    """

    _name = "ar.baseline.mixin"
    _description = "Agreement about Open Invoices"
    _inherit = ["ar.agreement.mixin"]

    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        required=True,
    )
    # the model says which table: move_line_ids, item_line_ids
    submitted_on = fields.Date(copy=False)
    looked_at_on = fields.Date(
        copy=False, help="The last day's work, where follow-up is off."
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "currency_id",
            "item_line_ids",
            "looked_at_on",
            "submitted_on",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """What only names its invoices goes to their customer's case.

        :raises UserError: when an invoice cannot be in it, with the reason
        """
        for vals in vals_list:
            if not vals.get("case_id") and vals.get("move_line_ids"):
                lines = self.new({"move_line_ids": vals["move_line_ids"]}).move_line_ids
                vals["case_id"] = self._case_of(lines._origin).id
        records = super().create(vals_list)
        records._check_invoices()
        return records

    def write(self, vals):
        result = super().write(vals)
        # when customers are merged, agreements move before their invoices do
        if vals.keys() & {"case_id", "move_line_ids"} and not self.env.su:
            self._check_invoices()
        return result

    @api.depends("move_line_ids")
    def _compute_currency_id(self):
        for record in self:
            # sudo: a currency, not the entry
            currency = record.sudo().move_line_ids.currency_id[:1]
            company = record.company_id or self.env.company
            record.currency_id = currency or record.currency_id or company.currency_id

    # the day's work ------------------------------------------------------------------

    @api.model
    def _live_domain(self):
        """Which of them still have something to come."""
        raise NotImplementedError

    @api.model
    def _work_day(self, company, today):
        """What a day brings to those of a company, beside the books.

        What nobody decides is passed on to other approvers.
        """
        self._pass_on(company, today)

    # what it covers ------------------------------------------------------------------

    def _amounts_to_cover(self):
        """What an agreement over the chosen invoices covers: what is undisputed.

        :return: dict journal item → amount in its currency
        """
        return self._undisputed_amounts()

    def _undisputed_amounts(self):
        """What is open of the chosen invoices and not disputed.

        :return: dict journal item → amount in its currency
        """
        self.ensure_one()
        # sudo: amounts, not the entries
        lines_sudo = self.sudo().move_line_ids._origin
        return {
            line: max(line.currency_id.round(open_now - disputed), 0.0)
            for line, (open_now, disputed) in self._open_and_disputed(
                lines_sudo
            ).items()
        }

    @api.model
    def _open_and_disputed(self, lines_sudo):
        """What is open of journal items, and what is disputed of that.

        :return: dict journal item → two amounts in its currency
        """
        items_sudo = self.env["ar.followup.item"].sudo()
        items_sudo = items_sudo.search([("move_line_id", "in", lines_sudo.ids)])
        item_of = {item.move_line_id: item for item in items_sudo}
        result = {}
        for line in lines_sudo:
            residual = line.amount_residual_currency
            disputed = item_of.get(line, items_sudo.browse())._disputed_part(residual)
            result[line] = residual, disputed
        return result

    def _store_baseline(self, **vals):
        """Note what is open today of each invoice, and how much of it is covered.

        :param vals: other values to store with it
        """
        self.ensure_one()
        covered = self._amounts_to_cover()
        rows = [Command.clear()]
        for item in self._ensure_items().sorted("date_due"):
            line = item.move_line_id
            if covered[line]:
                rows.append(
                    Command.create(
                        {
                            "item_id": item.id,
                            "amount_start": line.amount_residual_currency,
                            "amount_covered": covered[line],
                        }
                    )
                )
        # sudo: the agreement's own fields
        self.sudo().write(
            {"item_line_ids": rows, "submitted_on": self._today(), **vals}
        )

    def _held_parts(self):
        return [
            (row.item_id, row.amount_covered if row._is_part() else 0.0)
            for row in self.item_line_ids
        ]

    def _ensure_items(self):
        """What follow-up knows of the invoices (as superuser)."""
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

    # which invoices may be in it -----------------------------------------------------

    @api.model
    def _case_of(self, lines):
        """The case of the customer who owes these journal items, made if need be.

        :raises UserError: when they cannot be together in one
        """
        lines_sudo = lines.sudo()  # sudo: whose invoices they are
        if not lines_sudo:
            raise UserError(self.env._("Choose at least one open invoice."))
        self._raise_problem(self._problem_of(lines_sudo))
        customer = lines_sudo.partner_id.commercial_partner_id.sudo(False)
        return customer.with_company(lines_sudo.company_id)._ar_ensure_cases()

    def _check_invoices(self):
        """
        :raises UserError: when an invoice cannot be in it
        """
        for record in self:
            # sudo: what is owed does not depend on who looks
            lines_sudo = record.sudo().move_line_ids
            record._raise_problem(record._problem_of(lines_sudo))

    def _problem_of(self, lines_sudo):
        """Why journal items cannot be in this one, or in a new one together.

        :return: a sentence that names the offender, or ``""``
        """
        for line in lines_sudo:
            problem = self._problem_of_one(line)
            if problem:
                return problem
        return self._problem_of_mix(lines_sudo) or self._problem_of_dispute(lines_sudo)

    def _problem_of_one(self, line_sudo):
        """Why a journal item is no open debt of a customer."""
        invoice = line_sudo._ar_invoice_name()
        if line_sudo.account_type != "asset_receivable" or not line_sudo.partner_id:
            return self.env._(
                "%(invoice)s is not what a customer owes: choose open customer "
                "invoices.",
                invoice=invoice,
            )
        if line_sudo.parent_state != "posted":
            return self.env._(
                "%(invoice)s is not posted: confirm it first.", invoice=invoice
            )
        if line_sudo.amount_residual_currency < 0:
            return self.env._(
                "%(invoice)s is a credit of the customer: choose what they owe.",
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
        case_sudo = self.sudo().case_id  # sudo: whom it is with
        customer = case_sudo.partner_id or first.partner_id.commercial_partner_id
        company = case_sudo.company_id or first.company_id
        for line in lines_sudo:
            debtor = line.partner_id.commercial_partner_id
            if debtor != customer:
                return self.env._(
                    "%(invoice)s is owed by %(debtor)s: choose invoices of one "
                    "customer, here of %(customer)s.",
                    invoice=line._ar_invoice_name(),
                    debtor=debtor.display_name,
                    customer=customer.display_name,
                )
            if line.company_id != company:
                return self.env._(
                    "%(invoice)s is an invoice of %(other)s: choose invoices of one "
                    "company, here of %(company)s.",
                    invoice=line._ar_invoice_name(),
                    other=line.company_id.name,
                    company=company.name,
                )
            if line.currency_id != first.currency_id:
                return self.env._(
                    "%(invoice)s is in %(other)s: choose invoices in one currency, "
                    "here in %(currency)s, and agree on the others apart.",
                    invoice=line._ar_invoice_name(),
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
            invoice=disputed[0]._ar_invoice_name(),
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

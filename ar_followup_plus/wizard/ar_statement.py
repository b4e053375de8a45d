from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

# As many names are read; more are counted.
NAMED = 10


class ArStatement(models.TransientModel):
    """Asks of which day statements of account are made; prints or sends them."""

    _name = "ar.statement"
    _description = "Statement of Account"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        required=True,
        readonly=True,
        # what is owed does not end with the contact
        context={"active_test": False},
    )
    is_single = fields.Boolean(compute="_compute_addressees")
    date = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self._default_date(),
        help="What was open at the end of this day, as the books have it now.",
    )
    date_from = fields.Date(
        string="Movements Since",
        help="Also shows the balance before this day, and each invoice, credit note "
        "and payment from it on. Empty: only what is open.",
    )
    addressee_text = fields.Text(string="Goes To", compute="_compute_addressees")
    unreachable_text = fields.Text(string="No Email To", compute="_compute_addressees")

    def _default_date(self):
        company = self.env["res.company"].browse(
            self.env.context.get("default_company_id")
        )
        return (company or self.env.company)._ar_today()

    @api.depends("partner_ids")
    @api.depends_context("lang")
    def _compute_addressees(self):
        """Before it is sent: to whom, and who gets none."""
        for wizard in self:
            customers = wizard._customers()
            wizard.is_single = len(customers) == 1
            found = customers._ar_addressees()
            wizard.addressee_text = wizard._in_words(
                # sudo: a contact's address does not depend on who looks
                found[customer].sudo().with_context(show_email=True).display_name
                for customer in customers
                if customer in found
            )
            wizard.unreachable_text = wizard._in_words(
                customer.display_name for customer in customers if customer not in found
            )

    def _customers(self):
        """Whose statements: contacts have the same as their company.

        Whom the user may not see is not named to them either.
        """
        customers = self.partner_ids._origin.commercial_partner_id
        return customers._filtered_access("read")

    def _in_words(self, names):
        """The first of them, and how many more."""
        names = list(names)
        more = len(names) - NAMED
        if more > 1:
            names[NAMED:] = [self.env._("and %(count)s more", count=more)]
        return "\n".join(names)

    # what it shows -----------------------------------------------------------------

    def _statements(self):
        """What the paper shows: list of :class:`Statement`."""
        self._check_can_print()
        return self.env["ar.customer.account"]._statements(
            self.company_id,
            self._customers(),
            self.date,
            self.date_from,
        )

    def _file_name(self):
        """The printed file's name."""
        self.ensure_one()
        name = (
            self._customers().display_name if self.is_single else self.company_id.name
        )
        return self.env._(
            "Statement of account %(name)s %(day)s", name=name, day=self.date
        )

    # buttons -------------------------------------------------------------------------

    def action_print(self):
        """One PDF, with a statement of each customer."""
        self._check_can_print()
        report = self.env.ref("ar_followup_plus.action_report_statement")
        return report.report_action(self, config=False)

    def _check_can_print(self):
        """
        :raises AccessError: for a company or a customer the user may not see
        :raises UserError: for days that have not come, or in the wrong order
        """
        self.ensure_one()
        self.check_access("read")
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(
                self.env._("Statements are made by those who work for the company.")
            )
        self.partner_ids.check_access("read")
        if not self.partner_ids:
            raise UserError(self.env._("Choose the customers first."))
        today = self.company_id._ar_today()
        if self.date > today:
            raise UserError(
                self.env._(
                    "%(day)s has not come yet, and nobody knows what will be open "
                    "then. Choose today or a day before.",
                    day=format_date(self.env, self.date, date_format="long"),
                )
            )
        if self.date_from and self.date_from > self.date:
            raise UserError(
                self.env._(
                    "The movements would begin after the day of the statement. Choose "
                    "an earlier day for “Movements Since”, or leave it empty."
                )
            )

    def action_send(self):
        """Statements by email, each in its customer's language."""
        self._check_can_send()
        return self._do_send()

    def _check_can_send(self):
        self._check_can_print()
        if not self.env.user.has_group("ar_followup_plus.group_ar_collector"):
            raise AccessError(
                self.env._("Statements are sent by collectors. You may print them.")
            )
        if not self.addressee_text:
            raise UserError(
                self.env._(
                    "Nobody can be written to: there is no email address that works, "
                    "or they want no emails. Print the statement instead."
                )
            )

    def _do_send(self):
        customers = self._customers()
        found = customers._ar_addressees()
        reachable = customers.filtered(lambda customer: customer in found)
        cases = reachable.with_company(self.company_id)._ar_ensure_cases()
        messages = self.env["ar.followup.reminder"]._make_statements(
            cases.sudo(self.env.su), self.date, self.date_from
        )
        messages._leave()
        unsent = self._in_words((customers - reachable).mapped("display_name"))
        text = self.env._(
            "Statements that leave now, by email: %(count)s. Follow them under "
            "Reminders.",
            count=len(messages),
        )
        if unsent:
            text = self.env._(
                "%(text)s Nobody can be written to: %(customers)s. Print theirs.",
                text=text,
                customers=unsent.replace("\n", ", "),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if unsent else "success",
                "sticky": bool(unsent),
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

import logging
from contextlib import closing
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command, Domain

from ..models.contact.wording import answer_day
from ..models.ledger.ageing import days_overdue

_logger = logging.getLogger(__name__)

# An invented customer owes two invoices of these amounts, in the company's currency.
SAMPLE_CUSTOMER = {
    "name": "Martin & Weber",
    "email": "accounts@example.com",
    "is_company": True,
}
SAMPLE_AMOUNTS = (1240.0, 386.5)


class ArFollowupLevelExample(models.TransientModel):
    """Shows a level's mail as a customer would get it, before any customer does.

    It is composed by the same code as a real one, from rows that exist only in a
    transaction of their own, which is never committed.
    """

    _name = "ar.followup.level.example"
    _description = "Example of a Level's Email"

    policy_id = fields.Many2one(related="level_id.policy_id")
    level_id = fields.Many2one(
        "ar.followup.level",
        required=True,
        default=lambda self: self._default_level(),
        domain="[('policy_id', '=', policy_id), ('send_email', '=', True)]",
        help="The step of the ladder whose email is shown.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        domain=[("parent_id", "=", False), ("customer_rank", ">", 0)],
        help="Whose invoices are listed. Empty: an invented customer's.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self.env.user.lang or "en_US",
        help="Each customer is written to in their own language; here you choose one.",
    )
    is_sample = fields.Boolean(compute="_compute_example")
    email_from = fields.Char(string="From", compute="_compute_example")
    email_to = fields.Char(string="To", compute="_compute_example")
    subject = fields.Char(compute="_compute_example")
    body = fields.Html(compute="_compute_example", sanitize=False)
    error = fields.Text(compute="_compute_example")

    @api.model
    def default_get(self, fields):
        """Begin with a customer whom the level could be about, if there is one."""
        values = super().default_get(fields)
        level = self.env["ar.followup.level"].browse(values.get("level_id"))
        if level and "partner_id" in fields and "partner_id" not in values:
            line = self._typical_line(level, self._company(level))
            values["partner_id"] = line.partner_id.commercial_partner_id.id
        return values

    def _default_level(self):
        if self.env.context.get("active_model") == "ar.followup.level":
            return self.env.context.get("active_id")
        return False

    @api.model
    def _company(self, level):
        return level.company_id or self.env.company

    @api.model
    def _listed_domain(self, level, company):
        """Journal items that a mail of the level would list."""
        Line = self.env["account.move.line"]
        today = company._ar_today()
        if level.tone != "courtesy":
            return Line._ar_overdue_domain(company, today)
        return Line._ar_open_receivable_domain(company) & Domain(
            [("amount_residual", ">", 0), ("date_maturity", ">=", today)]
        )

    @api.model
    def _typical_line(self, level, company):
        """A journal item that has just come to the level, or else an older one."""
        Line = self.env["account.move.line"]
        domain = self._listed_domain(level, company)
        reached = company._ar_today() - timedelta(days=level.delay_days)
        return Line.search(
            domain & Domain("date_maturity", "<=", reached),
            order="date_maturity desc, id",
            limit=1,
        ) or Line.search(domain, order="date_maturity, id", limit=1)

    @api.model
    def _open_lines(self, level, company, customer):
        """What a mail of the level would list for a customer, oldest first."""
        Line = self.env["account.move.line"]
        domain = self._listed_domain(level, company)
        customers = customer.commercial_partner_id
        lines = Line.search(
            domain & Line._ar_partner_domain(customers.ids), order="date_maturity, id"
        )
        return lines.filtered(lambda line: line._ar_asks_for_money())

    @api.depends("level_id", "partner_id", "lang")
    def _compute_example(self):
        for wizard in self:
            wizard.update(
                dict.fromkeys(
                    ("is_sample", "email_from", "email_to", "subject", "body", "error"),
                    False,
                )
            )
            if wizard.level_id and wizard.lang:
                wizard.update(wizard._example())

    def action_edit_text(self):
        """Button: the text of the level that is shown, in the language shown."""
        self.ensure_one()
        action = self.level_id.action_edit_text()
        action["context"]["default_lang"] = self.lang
        return action

    # the throw-away rows ------------------------------------------------------

    def _example(self):
        """The mail of the level: dict of this wizard's fields."""
        self.ensure_one()
        # what follows is done with the engine's rights: first, may the user see it?
        self.level_id.check_access("read")
        self.partner_id.check_access("read")
        company = self._company(self.level_id)
        lines = self.env["account.move.line"]
        if self.partner_id:
            lines = self._open_lines(self.level_id, company, self.partner_id)
        if not self.level_id.mail_template_id:
            return {"error": self.env._("This level sends no email.")}
        # closed without a commit, so that nothing of it remains
        with closing(self.env.registry.cursor()) as cr:
            env = api.Environment(
                cr, SUPERUSER_ID, {"allowed_company_ids": company.ids}
            )
            reminder = self.with_env(env)._throw_away_reminder(
                self.level_id.id, self.partner_id.id, company.id, lines.ids, self.lang
            )
            return {
                "is_sample": not lines,
                "email_from": reminder._email_from(),
                "email_to": reminder.partner_id.email_formatted,
                **self._compose(reminder),
            }

    def _compose(self, reminder):
        """Subject and body of a reminder, or in words why there is none."""
        template = reminder.mail_template_id
        try:
            reminder._ensure_portal_tokens()
            reminder._render_with(template, reminder.lang)
        except Exception as error:  # noqa: BLE001 - a template may raise anything
            _logger.info("Template %s cannot be filled in", template.id, exc_info=True)
            return {
                "error": self.env._(
                    "The text “%(template)s” cannot be filled in, so nobody would get "
                    "this email. %(cause)s\nChoose Edit Text and correct it.",
                    template=template.with_context(lang=self.env.lang).name,
                    cause=error.__cause__ or error,
                )
            }
        return {"subject": reminder.subject, "body": reminder._mail_html()}

    @api.model
    def _throw_away_reminder(self, level_id, partner_id, company_id, line_ids, lang):
        """A reminder with its lines, in a transaction that is never committed."""
        level = self.env["ar.followup.level"].browse(level_id)
        company = self.env["res.company"].browse(company_id)
        partner = self.env["res.partner"].browse(partner_id).with_company(company)
        if not partner:
            partner = partner.create(SAMPLE_CUSTOMER)
        case = self._case(partner, company, level.policy_id)
        addressee = case._addressees(level._is_firm())[case] or partner
        today = company._ar_today()
        lines = self.env["account.move.line"].browse(line_ids)
        rows = [self._row(line) for line in lines] or self._sample_rows(level, company)
        reminder = self.env["ar.followup.reminder"].create(
            {
                "case_id": case.id,
                "company_id": company.id,
                "level_id": level.id,
                "level_name": level.name,
                "tone": level.tone,
                "mail_template_id": level.mail_template_id.id,
                "partner_id": addressee.id,
                "email_to": addressee.email,
                "lang": lang,
                "user_id": case._responsible()[case].id,
                "date_planned": today,
                "date_answer": answer_day(today, level.response_days),
                # one that the customer may really have in review is not in the way
                "state": "cancelled",
                "line_ids": [
                    Command.create(self._line_vals(case, row, today)) for row in rows
                ],
            }
        )
        if not lines:
            # an invented invoice has no page, but its link is to be seen
            for line in reminder.line_ids:
                line.portal_url = company.get_base_url()
        return reminder

    @api.model
    def _case(self, partner, company, policy):
        """The customer's case, as if the policy were theirs."""
        customer = partner.commercial_partner_id
        customer.ar_followup_policy_id = policy
        Case = self.env["ar.followup.case"]
        return Case._for_partners(company, customer.ids).get(
            customer.id
        ) or Case.create({"partner_id": customer.id, "company_id": company.id})

    @api.model
    def _row(self, line):
        """What a mail says of an open journal item."""
        return {
            "name": line.move_name,
            "move_id": line.move_id.id,
            "date_invoice": line.move_id.invoice_date or line.move_id.date,
            "date_due": line.date_maturity or line.date,
            "currency_id": line.currency_id.id,
            "amount_residual": line.amount_residual_currency,
        }

    @api.model
    def _sample_rows(self, level, company):
        """Two invented invoices that the level would be about."""
        today = company._ar_today()
        due = today - timedelta(days=level.delay_days or 1)
        currency = company.currency_id
        return [
            {
                "name": f"INV/{due.year}/{number:05}",
                "date_invoice": due - timedelta(days=30),
                "date_due": due,
                "currency_id": currency.id,
                "amount_residual": currency.round(amount),
            }
            for number, amount in enumerate(SAMPLE_AMOUNTS, start=41)
        ]

    @api.model
    def _line_vals(self, case, row, today):
        company_id = case.company_id.id
        item = self.env["ar.followup.item"].create(
            {
                "case_id": case.id,
                "company_id": company_id,
                "move_id": row.get("move_id"),
                **{name: row[name] for name in ("name", "date_due", "currency_id")},
            }
        )
        values = {key: value for key, value in row.items() if key != "move_id"}
        return {
            "item_id": item.id,
            "company_id": company_id,
            "days_overdue": days_overdue(row["date_due"], today),
            **values,
        }

import json
import logging
from functools import cache, partial
from uuid import uuid4

from dateutil.relativedelta import relativedelta
from lxml import html

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date, is_html_empty

from ..ledger.ageing import to_minor
from .wording import totals_per_currency

_logger = logging.getLogger(__name__)


class ArFollowupReminder(models.Model):
    """How a reminder is worded: the level's template, the invoices, the sender."""

    _inherit = "ar.followup.reminder"

    invoice_table = fields.Html(compute="_compute_invoice_table", sanitize=False)
    total_text = fields.Char(
        string="Asked For, in Their Language", compute="_compute_texts"
    )
    answer_text = fields.Char(compute="_compute_texts")
    asked_text = fields.Char(string="Asked For", compute="_compute_asked_text")
    addressee_name = fields.Char(compute="_compute_addressee_name")
    sender_name = fields.Char(compute="_compute_sender")
    sender_phone = fields.Char(compute="_compute_sender")
    sender_email = fields.Char(compute="_compute_sender")
    offers_plan = fields.Boolean(compute="_compute_offers_plan")
    offer_text = fields.Char(compute="_compute_offer_text")

    def _compute_invoice_table(self):
        # the invoices of a batch share their days, so each is worded once
        day = cache(partial(format_date, self.env))
        listing = self.filtered("line_ids")
        (self - listing).invoice_table = False
        for reminder in listing:
            reminder.invoice_table = self.env["ir.qweb"]._render(
                "ar_followup_plus.reminder_table",
                {
                    "reminder": reminder,
                    "totals": reminder._totals(),
                    "plans_kept": reminder._plans_kept_text(),
                    "money": reminder._money,
                    "day": day,
                },
                lang=reminder.lang,
                minimal_qcontext=True,
            )

    def _plans_kept_text(self):
        """What the letter says of plans that the customer keeps, beside what it asks.

        A hook.

        :return: a text in the customer's language; empty: nothing
        """
        self.ensure_one()
        return ""

    def _money(self, currency, amount):
        """An amount as the customer reads it."""
        return format_amount(self.env, amount + 0.0, currency, lang_code=self.lang)

    def _totals(self):
        """What is asked for: list of (currency, amount), one per currency."""
        self.ensure_one()
        currencies = self.line_ids.currency_id
        totals = totals_per_currency(
            (
                line.currency_id.id,
                to_minor(line.amount_asked, line.currency_id.decimal_places),
            )
            for line in self.line_ids
        )
        return [
            (currency, totals[currency.id] / 10**currency.decimal_places)
            for currency in currencies
        ]

    @api.depends("line_ids.amount_residual", "line_ids.amount_held", "date_answer")
    def _compute_texts(self):
        for reminder in self:
            reminder.total_text = " + ".join(
                reminder._money(currency, amount)
                for currency, amount in reminder._totals()
            )
            # the month in letters: day and month in digits change places abroad
            reminder.answer_text = (
                format_date(self.env, reminder.date_answer, reminder.lang, "long")
                if reminder.date_answer
                else ""
            )

    @api.depends("line_ids.amount_residual", "line_ids.amount_held")
    @api.depends_context("lang")
    def _compute_asked_text(self):
        """The totals as whoever looks at the reminder reads amounts."""
        for reminder in self:
            reminder.asked_text = " + ".join(
                currency.format(amount) for currency, amount in reminder._totals()
            )

    @api.depends("partner_id.name", "partner_id.commercial_partner_id.name")
    def _compute_addressee_name(self):
        """An address without a name of its own is greeted as its company."""
        for reminder in self:
            partner_sudo = reminder.partner_id.sudo()
            reminder.addressee_name = (
                partner_sudo.name or partner_sudo.commercial_partner_id.name
            )

    @api.depends("user_id", "company_id")
    def _compute_sender(self):
        for reminder in self:
            # sudo: the customer may know the sender's name, phone and address
            company_sudo = reminder.company_id.sudo()
            person_sudo = reminder.user_id.sudo().partner_id or company_sudo.partner_id
            reminder.sender_name = person_sudo.name
            reminder.sender_phone = person_sudo.phone or company_sudo.phone
            reminder.sender_email = person_sudo.email or company_sudo.email

    def _compute_offers_plan(self):
        for reminder in self:
            reminder.offers_plan = (
                reminder.level_id.offer_plan and reminder._plan_offer_approved()
            )

    def _compute_offer_text(self):
        for reminder in self:
            day = reminder.offers_plan and reminder._offer_day()
            reminder.offer_text = (
                format_date(self.env, day, reminder.lang, "long") if day else ""
            )

    def _offer_day(self):
        """By when the second half would be paid, if the first is by the answer day."""
        return self.date_answer and self.date_answer + relativedelta(months=1)

    def _plan_offer_approved(self):
        """Whether an approved rule covers "half now, half next month". A hook.

        No concession reaches a customer before a manager approved it: without the
        rule, the paragraph does not print.
        """
        return False

    # composing -------------------------------------------------------------

    def _compose(self):
        """Render subject and body, a batch per template and language.

        One customer's broken value stops nobody else: the batch is then rendered
        one by one, and what fails is ``failed`` with the reason.
        """
        named = self._refuse_nameless()
        named._ensure_portal_tokens()
        for (template, lang), reminders in named.grouped(
            lambda reminder: (reminder.mail_template_id, reminder.lang)
        ).items():
            try:
                with self.env.cr.savepoint(flush=False):
                    reminders._render_with(template, lang)
            except Exception as error:  # noqa: BLE001 - a template may raise anything
                if len(reminders) == 1:
                    reminders._compose_failed(error)
                    continue
                for reminder in reminders:
                    try:
                        with self.env.cr.savepoint():
                            reminder._render_with(template, lang)
                    except Exception as single_error:  # noqa: BLE001
                        reminder._compose_failed(single_error)

    def _refuse_nameless(self):
        """What nobody can sign, with no address to send from, waits for a person.

        :return: the other reminders
        """
        nameless = self.filtered(lambda reminder: not reminder._email_from())
        for company, reminders in nameless.grouped("company_id").items():
            reminders._register_failed(
                company._ar_on_record(self).env._(
                    "There is no address to send from: give %(company)s or the "
                    "collector an email address, then send again.",
                    company=company.name,
                )
            )
        return self - nameless

    def _compose_failed(self, error):
        _logger.info("Reminder %s could not be composed", self.id, exc_info=True)
        cause = error.__cause__ or error
        env = self.company_id._ar_on_record(self).env
        known = {
            "template": self.mail_template_id.name or self.level_name,
            "error": cause,
        }
        self._register_failed(
            env._(
                "The template “%(template)s” could not be filled in for this "
                "customer: %(error)s. Correct the template or the customer's data, "
                "cancel this reminder, and a new one is prepared.",
                **known,
            )
            if self.kind == "reminder"
            else env._(
                "The template “%(template)s” could not be filled in for this "
                "customer: %(error)s. Correct the template or the customer's data, "
                "then send it again.",
                **known,
            )
        )

    def _render_with(self, template, lang):
        """Write subject and body of a batch, compiling the template once."""
        localized = template.with_context(lang=lang)
        records = self.with_context(lang=lang)
        subjects = localized._render_template(
            localized.subject, self._name, self.ids, engine="inline_template"
        )
        bodies = records._render_bodies(localized)
        if any(is_html_empty(body) for body in bodies.values()):
            raise ValueError(self.env._("the text is empty"))
        records._store_texts(
            {"id": id_, "subject": subjects[id_], "body": bodies[id_]} for id_ in bodies
        )

    def _render_bodies(self, template):
        """Bodies of a batch from a ``mail.template``: dict id → clean HTML.

        Rendering a template record by record compiles it each time; in a loop of
        its own it is compiled once for all.
        """
        # nothing a customer can call themselves, or the letters would be mixed up
        separator = uuid4().hex
        text = template.body_html or ""  # a text that was deleted is no “False”
        element = html.fragment_fromstring(
            f'<t t-foreach="ar_reminders" t-as="object"><div>{text}'
            f"</div><t t-out=\"'{separator}'\"/></t>",
            create_parent="div",
        )
        values = template._render_eval_context()
        values["ar_reminders"] = self
        rendered = self.env["ir.qweb"]._render(element, values)
        parts = str(rendered).removeprefix("<div>").split(separator)[:-1]
        return {
            reminder.id: reminder._clean(part.strip(), separator)
            for reminder, part in zip(self, parts, strict=True)
        }

    def _clean(self, letter, mark):
        """Sanitize a letter as its field would, but for the table.

        The table is most of a letter, and to sanitize it takes longer than all the
        rest of preparing it. It is made by a view, with nothing but escaped values.
        """
        table = str(self.invoice_table or "")
        if table:
            letter = letter.replace(table, mark)
        clean = self._fields["body"].convert_to_cache(letter, self)
        # a plain text, for one marked as safe would escape what is put into it
        return str(clean or "").replace(mark, table)

    def _store_texts(self, rows):
        """Write subject and (clean) body; the field would sanitize it again."""
        self.flush_recordset(["subject", "body"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE ar_followup_reminder AS reminder
                   SET subject = new.subject, body = new.body
                  FROM jsonb_to_recordset(%s)
                       AS new (id int, subject varchar, body text)
                 WHERE reminder.id = new.id
                """,
                json.dumps(list(rows)),
            )
        )
        self.invalidate_recordset(["subject", "body"], flush=False)

    def _ensure_portal_tokens(self):
        """Give every listed invoice its portal token."""
        self.line_ids.item_id.move_id._ar_ensure_portal_tokens()

    # sender -----------------------------------------------

    def _email_from(self):
        """The sender as the customer sees it: a person, else the company."""
        self.ensure_one()
        # sudo: the address of a colleague
        return (
            self.user_id.sudo().email_formatted
            or self.company_id.sudo().partner_id.email_formatted
        )

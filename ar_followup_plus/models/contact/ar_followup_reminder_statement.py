from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .ar_followup_reminder_attachment import PDF_TRIES

TEMPLATE = "ar_followup_plus.mail_template_statement"


class ArFollowupReminder(models.Model):
    """A statement of account, by mail."""

    _inherit = "ar.followup.reminder"

    kind = fields.Selection(
        selection_add=[("statement", "Statement of account")],
        ondelete={"statement": "cascade"},
    )
    statement_date = fields.Date(
        string="As of", help="The statement says what was open at the end of this day."
    )
    statement_from = fields.Date(
        string="Movements Since", help="Empty: it shows only what is open."
    )
    statement_day_text = fields.Char(compute="_compute_statement_day_text")

    @api.depends("statement_date", "lang")
    def _compute_statement_day_text(self):
        """The day as the customer reads it, the month in letters."""
        for message in self:
            day = message.statement_date
            message.statement_day_text = (
                format_date(self.env, day, message.lang, "long") if day else ""
            )

    @api.model
    def _make_statements(self, cases, day, since=False):
        """Statements of account to these customers, queued.

        :param day: as of its end
        :param since: the first day whose movements are shown; False: none are
        :return: the messages; who cannot be written to gets none
        :raises UserError: when the text of the mail was deleted
        """
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._(
                    "The text of this mail was deleted, so it cannot be sent. Print "
                    "the statement instead."
                )
            )
        vals_list = []
        for company, own in cases.grouped("company_id").items():
            speaking = company._ar_on_record(self)
            titles = dict(speaking._fields["kind"]._description_selection(speaking.env))
            vals_list += [
                {
                    "case_id": case.id,
                    "kind": "statement",
                    "is_demand": False,
                    "mail_template_id": template.id,
                    "level_name": titles["statement"],
                    "statement_date": day,
                    "statement_from": since,
                    # many are made a few at a time, and not in one transaction
                    "pdf_tries_left": PDF_TRIES,
                }
                for case in own
            ]
        return self._make_messages(vals_list)

    def _statements(self):
        """What the paper shows: list of :class:`Statement`."""
        return [
            statement
            for message in self
            for statement in self.env["ar.customer.account"]._statements(
                message.company_id,
                message.customer_id,
                message.statement_date,
                message.statement_from,
            )
        ]

    def _own_attachments(self):
        attachments = super()._own_attachments()
        if self.kind == "statement":
            attachments |= self._statement_pdf()
        return attachments

    def _statement_pdf(self):
        """The statement as PDF (as superuser)."""
        message_sudo = self.sudo()  # sudo: it goes to its customer
        report_sudo = message_sudo.env["ir.actions.report"]
        content, _type = report_sudo.with_company(
            message_sudo.company_id
        )._render_qweb_pdf(
            "ar_followup_plus.action_report_statement_mailed", message_sudo.ids
        )
        name = message_sudo.with_context(lang=self.lang).env._(
            "Statement of account %(day)s", day=self.statement_date
        )
        return message_sudo.env["ir.attachment"].create(
            {
                "name": f"{name}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self.case_id._name,
                "res_id": self.case_id.id,
            }
        )

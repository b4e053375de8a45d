import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

_logger = logging.getLogger(__name__)

BROKEN = "ar_followup_plus.mail_activity_type_plan_broken"
HISTORY = "ar_followup_plus.report_collection_history"


class ArPaymentPlan(models.Model):
    """The day's work on plans, and who hears of a broken one."""

    _inherit = "ar.payment.plan"

    break_pending = fields.Boolean(
        copy=False, help="It broke, and its approver is still to be told."
    )

    # serves the search for whom to tell, on every tick
    _break_pending_idx = models.Index("(id) WHERE break_pending")

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"break_pending"}

    @api.model
    def _work_day(self, company, today):
        """Adds: offers lapse."""
        self._lapse(company, today)
        return super()._work_day(company, today)

    def _tell_of_break(self):
        """Tell who approved it, once, with all that happened as a PDF."""
        self.ensure_one()
        self.break_pending = False
        if self.state != "broken":
            return  # paid meanwhile
        people = self._who_approved()
        reader = self.with_context(lang=people[:1].lang)
        speaking = self.company_id._ar_on_record(self)
        speaking.message_post(
            body=speaking._break_note(),
            subject=speaking._break_subject(),
            subtype_xmlid="mail.mt_note",
            partner_ids=people.partner_id.ids,
            attachments=reader._collection_history_pdf(),
        )
        for user in people:
            told = self.with_context(lang=user.lang, mail_activity_quick_update=True)
            told.activity_schedule(
                BROKEN,
                date_deadline=self.company_id._ar_today(),
                note=told._break_note(),
                user_id=user.id,
            )

    def _who_approved(self):
        """Who answers for the plan: its approver, else whoever approves plans."""
        company = self.company_id
        named = (self.approved_by_id, self._approval_policy_manager())
        return company._ar_signatory(named) or company._ar_approvers()

    def _break_subject(self):
        return self.env._(
            "%(plan)s of %(customer)s is broken",
            plan=self.name,
            customer=self.partner_id.display_name,
        )

    def _break_note(self):
        late = self.line_ids.filtered("late_on")
        parts = Markup().join(
            Markup("<li>%s</li>")
            % self.env._(
                "%(amount)s of the instalment of %(day)s",
                amount=line.currency_id.format(line.amount_open),
                day=format_date(self.env, line.date_due, date_format="medium"),
            )
            for line in late
        )
        return Markup("<p>%s</p><ul>%s</ul><p>%s</p>") % (
            self.env._("Still not paid after the days of grace:"),
            parts,
            self.env._(
                "The invoices are followed up again, each from the first level it had "
                "not reached. All that happened is in the collection history. If you "
                "would rather agree on something else, propose another plan."
            ),
        )

    def _collection_history_pdf(self):
        """The case's collection history: a list with the file's name and content.

        Empty when it cannot be made: it is behind the case's button, too.
        """
        case = self.case_id
        try:
            with self.env.cr.savepoint():
                pdf, _type = self.env["ir.actions.report"]._render_qweb_pdf(
                    HISTORY, case.ids
                )
        except Exception:
            # Whatever a report may raise: the approver is told in any case.
            _logger.info("No collection history of %s", case.id, exc_info=True)
            return []
        return [(f"{case._collection_history_name()}.pdf", pdf)]

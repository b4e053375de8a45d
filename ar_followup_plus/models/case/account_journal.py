from odoo import models
from odoo.fields import Domain

from ..policy.res_partner import READERS

#: What follow-up asks of an accountant, as activities on a journal.
MATCH = "ar_followup_plus.mail_activity_type_match"
STATEMENTS = "ar_followup_plus.mail_activity_type_statements"


class AccountJournal(models.Model):
    """The dashboard's card of a sales journal: who is to be followed up."""

    _inherit = "account.journal"

    def _fill_sale_purchase_dashboard_data(self, dashboard_data):
        result = super()._fill_sale_purchase_dashboard_data(dashboard_data)
        if self.env.user.has_groups(READERS):
            for journal, figures in self._ar_overdue_figures().items():
                dashboard_data[journal.id].update(figures)
        return result

    def _ar_overdue_figures(self):
        """Customers with something overdue, and how much, of each sales journal.

        Companies that do not follow up are left out. Amounts are in the currency of
        the journal's company.

        :return: dict journal → figures for its card
        """
        companies = self.env.companies.filtered(lambda c: c.ar_followup_mode != "off")
        # sudo: whoever may look at the card sees its figures, as with Odoo's own
        Line_sudo = self.env["account.move.line"].sudo()
        journals = self.filtered(lambda journal: journal.type == "sale")
        domain = Line_sudo._ar_overdue_everywhere(companies)
        domain &= Domain("journal_id", "in", journals.ids)
        return {
            journal: {
                "ar_customers": customers,
                "ar_overdue": journal.company_id.sudo().currency_id.format(amount),
            }
            for journal, customers, amount in Line_sudo._read_group(
                domain,
                ["journal_id"],
                ["partner_id:count_distinct", "amount_residual:sum"],
            )
        }

    def action_open_ar_followup(self):
        """Link on the card: the customers with something overdue in this journal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ar_followup_plus.ar_followup_case_action"
        )
        action["domain"] = [
            (
                "item_ids.move_line_id",
                "any",
                [("journal_id", "=", self.id), ("ar_is_overdue", "=", True)],
            )
        ]
        return action

    # what is asked of an accountant ----------------------------------------------

    def _ar_activities(self, activity_type):
        """Follow-up's own activities of a type on these journals."""
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(activity_type)
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", type_id),
                ("automated", "=", True),
            ]
        )

    def _ar_ask(self, activity_type, user, summary, note):
        """One activity of a type on a journal: brought up to date, or made."""
        self.ensure_one()
        quick = self.with_context(mail_activity_quick_update=True)
        activity = quick._ar_activities(activity_type)[:1]
        if not activity:
            quick.activity_schedule(
                activity_type, summary=summary, note=note, user_id=user.id
            )
        else:
            activity.write({"summary": summary, "note": note})

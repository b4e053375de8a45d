from odoo import api, fields, models
from odoo.tools import SQL


class ArFollowupMark(models.Model):
    """A case to be decided anew: something happened to its customer.

    Events only insert a row here, so that an accountant never waits for the
    engine. The tick works the marks in batches and removes them.
    """

    _name = "ar.followup.mark"
    _description = "Follow-up Mark"
    _order = "id"

    case_id = fields.Many2one(
        "ar.followup.case", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)

    @api.model
    def _mark_partners(self, company_partners):
        """Mark the cases of customers, where they have one.

        :param company_partners: iterable of (company, partners); a contact who was
            given a parent may have a case of their own beside the parent's
        """
        # sudo: whoever books a payment has no access to cases
        cases_sudo = self.env["ar.followup.case"].sudo()
        for company, partners in company_partners:
            partner_ids = (partners | partners.commercial_partner_id).ids
            domain = [("partner_id", "in", partner_ids)]
            if company:
                domain.append(("company_id", "=", company.id))
            if partner_ids:
                cases_sudo |= cases_sudo.search_fetch(domain, ["company_id"])
        self._mark_cases(cases_sudo)

    @api.model
    def _mark_cases(self, cases_sudo):
        """Mark these cases, and have the marks worked soon."""
        if cases_sudo:
            self.sudo().create(
                [
                    {"case_id": case.id, "company_id": case.company_id.id}
                    for case in cases_sudo
                ]
            )
            self._wake_up()

    @api.model
    def _mark_companies(self, companies):
        """Mark all open cases of these companies, in one statement.

        A case that is marked already is not decided twice for it.
        """
        self.env["ar.followup.case"].flush_model(["company_id", "state"])
        self.flush_model(["case_id"])
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ar_followup_mark (case_id, company_id)
                SELECT own_case.id, own_case.company_id
                  FROM ar_followup_case own_case
                 WHERE own_case.company_id = ANY(%s)
                   AND own_case.state != 'closed'
                   AND NOT EXISTS (SELECT FROM ar_followup_mark mark
                                    WHERE mark.case_id = own_case.id)
                """,
                companies.ids,
            )
        )
        if self.env.cr.rowcount:
            self._wake_up()

    @api.model
    def _wake_up(self):
        """Have the marks worked soon. A hook: the engine triggers its tick."""

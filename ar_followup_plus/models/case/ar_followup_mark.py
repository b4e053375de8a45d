from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from .ar_followup_reminder import LIVE

#: Customers looked at together for the bank lines that name them.
BATCH_SIZE = 5000


class ArFollowupMark(models.Model):
    """A case to be decided anew: something happened to its customer.

    Or a bank line came in: whom it names is looked for by the tick, not by the
    import.

    Events only insert a row here, so that an accountant never waits for the
    engine. The tick works the marks in batches and removes them.
    """

    _name = "ar.followup.mark"
    _description = "Follow-up Mark"
    _order = "id"

    case_id = fields.Many2one("ar.followup.case", index=True, ondelete="cascade")
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", index="btree_not_null", ondelete="cascade"
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
    def _mark_lines(self, lines):
        """Have the customers whom these bank lines name looked for, soon."""
        # sudo: whoever imports statements has no access to cases
        lines_sudo = lines.sudo().filtered(lambda line: line.amount > 0)
        # a branch's customers pay to the accounts of its parent, too
        companies_sudo = (
            self.env["res.company"]
            .sudo()
            .search(
                [
                    ("id", "child_of", lines_sudo.company_id.ids),
                    ("ar_followup_mode", "!=", "off"),
                ]
            )
        )
        self.sudo().create(
            [
                {"statement_line_id": line.id, "company_id": company.id}
                for company in companies_sudo
                for line in lines_sudo
                if line.company_id in company.parent_ids
            ]
        )
        if companies_sudo:
            self._wake_up()
        cases_sudo = self.env["ar.followup.case"].sudo()
        for company in companies_sudo.filtered("ar_bank_stale_days"):
            held = [("company_id", "=", company.id), ("reason", "=", "bank_stale")]
            if cases_sudo.search_count(held, limit=1):
                self._mark_companies(company)

    def _cases_named(self):
        """The cases whom the bank lines of these marks name and who are about to be
        asked. Of the others, the next run takes note.
        """
        Case_sudo = self.env["ar.followup.case"].sudo()
        Transit = self.env["ar.money.in.transit"]
        named = Case_sudo.browse()
        for company, marks in self.grouped("company_id").items():
            line_ids = set(marks.statement_line_id.ids)
            if not line_ids:
                continue
            cases = Case_sudo.search_fetch(
                Domain("company_id", "=", company.id)
                & (
                    Domain("state", "=", "todo")
                    | Domain("reminder_ids.state", "in", (*LIVE, "failed"))
                ),
                ["partner_id"],
            )
            for batch in split_every(BATCH_SIZE, cases.ids, cases.browse):
                partner_ids = {
                    incoming.partner_id
                    for incoming in Transit._find(company, batch.partner_id.ids)
                    if incoming.kind == "line" and incoming.id in line_ids
                }
                named |= batch.filtered(lambda own: own.partner_id.id in partner_ids)  # noqa: B023
        return named

    @api.model
    def _wake_up(self):
        """Have the marks worked soon. A hook: the engine triggers its tick."""

from odoo import models


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    def _know_all_open(self):
        """A settled customer may call about an invoice that is not due for long."""
        result = super()._know_all_open()
        for company, cases in self.sudo().grouped("company_id").items():
            # sudo: what the engine follows does not depend on who is on the phone
            cases.with_company(company)._collect(
                company, company._ar_today(), cases.partner_id.ids, until="infinity"
            )
        return result

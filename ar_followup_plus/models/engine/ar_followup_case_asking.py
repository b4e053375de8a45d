from dataclasses import replace

from odoo import api, models

from .asking import reason_not_to_ask


class ArFollowupCase(models.Model):
    """Demands that are not the ladder's: whether they may leave today."""

    _inherit = "ar.followup.case"

    @api.model
    def _may_ask(self, company, today, cases):
        """Whether these customers may get one more written demand today.

        The daily limit counts as if all of them got it, in their order.

        :param cases: of this company
        :return: dict case → why not, as a reason code; None: they may
        """
        if company.ar_followup_mode == "off":
            return dict.fromkeys(cases, "no_policy")
        # sudo: whether somebody may be asked does not depend on who wants to know
        cases_sudo = self.sudo().with_context(active_test=True)
        company = company.with_company(company).with_env(cases_sudo.env)
        cases_sudo = cases_sudo.with_company(company)
        slots = cases_sudo._slots_left(company, today)
        partners = {case.partner_id.id: case for case in cases}
        result = {}
        for subject in cases_sudo._gather_facts(company, today, list(partners)):
            facts = replace(
                subject.facts, limit_reached=slots is not None and slots <= 0
            )
            code = reason_not_to_ask(facts)
            if not code and slots is not None:
                slots -= 1
            result[partners[subject.partner_id]] = code
        return result

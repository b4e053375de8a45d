from odoo import models
from odoo.tools import split_every

BATCH_SIZE = 1000  # journal items written in one go
# Cases decided while the person waits; more are left to the tick.
DECIDE_AT_ONCE = 5000


class ArFollowupStart(models.TransientModel):
    """What becomes of the answers: all of it or nothing, and then the mode."""

    _inherit = "ar.followup.start"

    def action_apply(self):
        """Button: do what the answers say, then preview the day."""
        self._check_can_start()
        chosen = self._check_can_apply()
        self._do_apply(chosen)

    def _check_can_apply(self):
        self._check_reason()
        chosen, problems = self._chosen(self._older_debts())
        self._refuse(problems)
        return chosen

    def _do_apply(self, chosen):
        company = self.company_id
        self._include_opening()
        if company.ar_followup_start_date != self.start_date:
            # sudo: who administers the invoicing need not administer companies
            company.sudo().ar_followup_start_date = self.start_date
        # sudo: the engine's own fields; the rights were checked by the button
        Case_sudo = self.env["ar.followup.case"].sudo()
        Case_sudo._collect(company, company._ar_today())
        self.env["ar.followup.item"].sudo()._follow_up_older(
            company, chosen, self.reason
        )
        self._reassess()
        self._forget_answers()
        self.preview_id = self.env["ar.followup.run"]._preview_today()
        self.step = "mode"

    def _reassess(self):
        """All of the company's open cases are decided anew: now or, if many, soon."""
        # sudo: the engine decides
        cases_sudo = (
            self.env["ar.followup.case"]
            .sudo()
            .search(
                [("company_id", "=", self.company_id.id), ("state", "!=", "closed")],
                limit=DECIDE_AT_ONCE + 1,
            )
        )
        if len(cases_sudo) > DECIDE_AT_ONCE:
            self.env["ar.followup.mark"]._mark_companies(self.company_id)
        else:
            cases_sudo._reassess()

    def _include_opening(self):
        """Their journal items are followed up, as the note on each entry says."""
        lines = self._opening_lines()
        for batch in split_every(BATCH_SIZE, lines.ids, lines.browse):
            # one note on each entry, below, instead of one for each of its lines
            batch.with_context(tracking_disable=True).no_followup = False
        bodies = {
            move.id: self.env._(
                "Included in customer follow-up: %(customers)s",
                customers=", ".join(own.partner_id.mapped("display_name")),
            )
            for move, own in lines.grouped("move_id").items()
        }
        lines.move_id._message_log_batch(bodies)

    def _forget_answers(self):
        """What was applied is not applied again by going back."""
        self.line_ids.unlink()
        self.write(
            {
                "older": "leave",
                "opening_journal_ids": False,
                "partner_ids": False,
                "csv_file": False,
                "csv_name": False,
                "release_others": False,
            }
        )

    def action_finish(self):
        """Button: choose the mode, and go to the customers."""
        self._check_can_start()
        company = self.company_id
        if company.ar_bank_stale_days != self.bank_stale_days:
            # sudo: who administers the invoicing need not administer companies
            company.sudo().ar_bank_stale_days = self.bank_stale_days
        if company.ar_followup_mode != self.mode:
            if self.mode == "automatic":
                company._check_can_automate()
            # sudo: as above
            company.sudo().ar_followup_mode = self.mode
            self._reassess()
        window = self.env["ir.actions.act_window"]._for_xml_id(
            "ar_followup_plus.ar_followup_case_action"
        )
        # there is no way back to what has been applied
        return {**window, "target": "main"}

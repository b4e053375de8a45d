from odoo import models
from odoo.exceptions import UserError


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    def action_propose_plan(self):
        """Button: draw up a payment plan over what the customer owes.

        :raises AccessError: for whoever must not propose plans
        :raises UserError: when nothing of it can be on a plan
        """
        self.ensure_one()
        Plan = self.env["ar.payment.plan"].with_company(self.company_id)
        Plan.check_access("create")
        return Plan._open_proposal(self._lines_to_plan())

    def _lines_to_plan(self):
        """The journal items that a plan would be about.

        What is overdue, or else all that is open, in the currency of the oldest;
        without what is disputed or on a plan already.

        :raises UserError: when there is none
        """
        free_sudo = self._free_lines(
            self.env["ar.payment.plan"],
            self.env._(
                "%(customer)s owes nothing that could be paid in instalments.",
                customer=self.partner_id.display_name,
            ),
        )
        return self._of_one_currency(free_sudo.filtered("ar_is_overdue") or free_sudo)

    def _free_lines(self, Agreement, nothing):
        """What is open and neither disputed nor on a plan, oldest due first.

        :param Agreement: the model of what would be agreed; it says what is wrong
        :param nothing: what to say where nothing at all is open
        :raises UserError: when there is none
        """
        self.ensure_one()
        lines_sudo = self._open_lines()
        free_sudo = lines_sudo - Agreement._wholly_disputed(lines_sudo)
        planned_sudo = self.env["ar.payment.plan"]._other_plan_rows(free_sudo)
        free_sudo -= planned_sudo.item_id.move_line_id
        if not free_sudo:
            raise UserError(Agreement._problem_of(lines_sudo) or nothing)
        return free_sudo

    def _of_one_currency(self, lines_sudo):
        """Those in the currency of the first, with the user's own rights."""
        currency = lines_sudo[0].currency_id
        return lines_sudo.filtered(lambda line: line.currency_id == currency).sudo(
            self.env.su
        )

    def _open_lines(self):
        """What the customer owes, oldest due first (as superuser)."""
        # sudo: what is owed, not the entries
        Line_sudo = self.env["account.move.line"].sudo()
        return Line_sudo.search(
            Line_sudo._ar_open_receivable_domain(self.company_id)
            & Line_sudo._ar_partner_domain(self.partner_id.ids),
            order="date_maturity, id",
        ).filtered(lambda line: line._ar_asks_for_money())

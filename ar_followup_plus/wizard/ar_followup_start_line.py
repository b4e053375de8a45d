from odoo import fields, models
from odoo.tools import format_date


class ArFollowupStartLine(models.TransientModel):
    """An older debt, and the level it had in another system."""

    _name = "ar.followup.start.line"
    _description = "Level of an Older Invoice"
    _order = "id"

    start_id = fields.Many2one(
        "ar.followup.start", required=True, index=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    name = fields.Char(string="Invoice")
    date_due = fields.Date(string="Due Date")
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(string="Open Amount")
    policy_id = fields.Many2one("ar.followup.policy", ondelete="cascade")
    level_id = fields.Many2one(
        "ar.followup.level",
        domain="[('policy_id', '=', policy_id)]",
        ondelete="cascade",
    )
    level_date = fields.Date(string="Reached On")

    def _levels_chosen(self, debts):
        """The levels given in the list, as far as the debts are still there.

        :param debts: list of ``OlderDebt``
        :return: (dict journal item id → (level id, day), list of problems in words)
        """
        given = self.filtered("level_id")
        debts = {debt.line: debt for debt in debts if not debt.was_reminded}
        wizard = self.start_id
        levels = wizard._levels_by_partner({debt.partner for debt in debts.values()})
        today = self.env.company._ar_today()
        chosen, problems = {}, []
        for row in given:
            debt = debts.get(row.move_line_id.id)
            if not debt:
                continue  # paid meanwhile, or due after another start date
            day = row.level_date or wizard.level_date or today
            if row.level_id not in levels[debt.partner]:
                problems.append(
                    self.env._(
                        "%(invoice)s: %(level)s is not a level of the customer's "
                        "policy. Choose one from the list.",
                        invoice=debt.name,
                        level=row.level_id.name,
                    )
                )
            elif day > today:
                problems.append(
                    self.env._(
                        "%(invoice)s: %(day)s has not come yet. Enter the day on which "
                        "the invoice had its level.",
                        invoice=debt.name,
                        day=format_date(self.env, day, date_format="medium"),
                    )
                )
            chosen[debt.line] = (row.level_id.id, day)
        return chosen, problems

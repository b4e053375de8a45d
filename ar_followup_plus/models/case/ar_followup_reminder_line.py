from odoo import api, fields, models
from odoo.tools import SQL


class ArFollowupReminderLine(models.Model):
    """One item as a reminder lists it, and the step it takes with it."""

    _name = "ar.followup.reminder.line"
    _description = "Reminder Line"
    _inherit = ["ar.owned.fields.mixin"]
    _order = "reminder_id, date_due, id"

    reminder_id = fields.Many2one(
        "ar.followup.reminder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    item_id = fields.Many2one(
        "ar.followup.item", required=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(related="item_id.move_id")
    name = fields.Char(string="Invoice", required=True)
    date_invoice = fields.Date(string="Invoice Date")
    date_due = fields.Date(string="Due Date", required=True)
    days_overdue = fields.Integer()
    currency_id = fields.Many2one("res.currency", required=True)
    amount_residual = fields.Monetary(string="Open Amount")
    amount_held = fields.Monetary(
        string="Not Asked For", help="The part under a hold or covered by credits."
    )
    amount_asked = fields.Monetary(compute="_compute_amount_asked")
    level_before_id = fields.Many2one("ar.followup.level", ondelete="restrict")
    level_after_id = fields.Many2one(
        "ar.followup.level",
        ondelete="restrict",
        help="The level the invoice reaches with this message; empty: only listed.",
    )
    date_before = fields.Date(help="When the level before was reached.")
    round = fields.Integer(required=True, default=1)
    is_live = fields.Boolean(default=True)

    _live_climb_uniq = models.UniqueIndex(
        "(item_id, level_after_id, round) WHERE is_live AND level_after_id IS NOT NULL",
        "This invoice already takes this step with another message.",
    )

    @api.model
    def _owned_fields(self):
        return frozenset(self._fields) - set(models.MAGIC_COLUMNS)

    @api.depends("amount_residual", "amount_held")
    def _compute_amount_asked(self):
        for line in self:
            line.amount_asked = line.amount_residual - line.amount_held

    @api.model
    def _levels_sent_sql(self, item):
        """The levels sent for an item in its round, as an SQL array of ids.

        :param item: name of the table of items in the query
        """
        return SQL(
            """
            ARRAY(SELECT sent_line.level_after_id
                    FROM ar_followup_reminder_line sent_line
                    JOIN ar_followup_reminder sent
                      ON sent.id = sent_line.reminder_id AND sent.state = 'sent'
                   WHERE sent_line.item_id = %(item)s.id
                     AND sent_line.round = %(item)s.round
                     AND sent_line.level_after_id IS NOT NULL)
            """,
            item=SQL.identifier(item),
        )

    def _climb(self, day):
        """The items step up, unless they moved on meanwhile."""
        for level, lines in self.grouped("level_after_id").items():
            if not level:
                continue
            items_sudo = lines.filtered(
                lambda line: line.item_id.round == line.round
            ).item_id.sudo()
            items_sudo.write({"level_id": level.id, "level_date": day})

    def _step_back(self):
        """Take the step back: the message did not arrive after all."""
        for line in self.filtered("level_after_id"):
            item_sudo = line.item_id.sudo()  # sudo: the engine's own fields
            if (item_sudo.level_id, item_sudo.round) == (
                line.level_after_id,
                line.round,
            ):
                item_sudo.write(
                    {
                        "level_id": line.level_before_id.id,
                        "level_date": line.date_before,
                    }
                )

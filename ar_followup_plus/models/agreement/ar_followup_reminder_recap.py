from odoo import api, fields, models
from odoo.tools import format_date


class ArFollowupReminder(models.Model):
    """A recap repeats to the customer what was agreed on in a conversation.

    It tells agreements that are in force. What a colleague noted for colleagues is in
    none, and an agreement that waits for approval is not one yet.
    """

    _inherit = "ar.followup.reminder"

    kind = fields.Selection(
        selection_add=[("recap", "Recap of a conversation")],
        ondelete={"recap": "cascade"},
    )
    recap_log_id = fields.Many2one(
        "ar.contact.log",
        string="Conversation",
        index="btree_not_null",
        ondelete="restrict",
        help="The conversation that it repeats.",
    )
    recap_day_text = fields.Char(compute="_compute_recap_day_text")
    recap_points = fields.Html(compute="_compute_recap_points", sanitize=False)

    @api.depends("recap_log_id", "lang")
    def _compute_recap_day_text(self):
        for reminder in self:
            # sudo: the day of the customer's own conversation
            entry_sudo = reminder.recap_log_id.sudo()
            reminder.recap_day_text = (
                reminder._recap_day(entry_sudo._contact_day()) if entry_sudo else ""
            )

    def _compute_recap_points(self):
        self.recap_points = False
        for reminder in self.filtered("recap_log_id"):
            # sudo: the customer may know what was agreed on with them
            points = reminder.recap_log_id.sudo()._agreed_points()
            if not any(points.values()):
                continue
            points["next_day"] = reminder._recap_day(points["next_day"])
            reminder.recap_points = self.env["ir.qweb"]._render(
                "ar_followup_plus.recap_points",
                {
                    **points,
                    "money": reminder._money,
                    "day": reminder._recap_day,
                    "invoices": lambda promise: ", ".join(
                        dict.fromkeys(promise.item_line_ids.item_id.mapped("name"))
                    ),
                },
                lang=reminder.lang,
                minimal_qcontext=True,
            )

    def _recap_day(self, day):
        """A day as the customer reads it, the month in letters: digits swap abroad."""
        return format_date(self.env, day, self.lang, "long") if day else ""

    def _why_reviewed(self):
        if self.kind == "recap":
            return self.env._(
                "A recap of a conversation: add what is missing, then send it."
            )
        return super()._why_reviewed()

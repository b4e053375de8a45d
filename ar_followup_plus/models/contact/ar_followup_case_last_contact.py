from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ArFollowupCase(models.Model):
    """The last contact with each customer, for a row that nobody has to open."""

    _inherit = "ar.followup.case"

    last_contact = fields.Json(compute="_compute_last_contact")

    @api.depends("contact_log_ids")
    @api.depends_context("lang")
    def _compute_last_contact(self):
        """Who, when, how, with which outcome and what was said; or False."""
        entries = {entry.case_id: entry for entry in self._last_entries()}
        for case in self:
            entry = entries.get(case._origin)
            case.last_contact = entry and case._history_row(
                case._history_of_contact(entry)
            )

    def _last_entries(self):
        """The newest entry of each case that was not corrected, by one query."""
        Log = self.env["ar.contact.log"]
        query = Log._search(
            Domain("case_id", "in", self._origin.ids)
            & Domain("is_corrected", "=", False),
            order="case_id.id, date desc, id desc",
        )
        newest = query.select(
            SQL(
                "DISTINCT ON (%s) %s",
                *(SQL.identifier(query.table, name) for name in ("case_id", "id")),
            )
        )
        return Log.browse(id_ for (id_,) in self.env.execute_query(newest))

from odoo import api, fields, models


class ArFollowupLevel(models.Model):
    _inherit = "ar.followup.level"

    mail_template_id = fields.Many2one(domain=[("model", "=", "ar.followup.reminder")])

    @api.model
    def _template_model(self):
        return "ar.followup.reminder"

    def _is_used(self):
        self.ensure_one()
        # sudo: also used when the user may not see where
        return super()._is_used() or any(
            self.env[model].sudo().search_count([(field, "=", self.id)], limit=1)
            for model, field in (
                ("ar.followup.item", "level_id"),
                ("ar.followup.reminder", "level_id"),
                ("ar.followup.reminder.line", "level_before_id"),
                ("ar.followup.reminder.line", "level_after_id"),
                ("ar.followup.decision", "level_id"),
                ("ar.followup.case", "level_id"),
                ("ar.followup.case", "call_level_id"),
            )
        )

    def unlink(self):
        # a level that is only foreseen as next step is not used yet
        cases_sudo = (
            self.env["ar.followup.case"]
            .sudo()
            .search([("next_level_id", "in", self.ids)])
        )
        cases_sudo.next_level_id = False
        return super().unlink()

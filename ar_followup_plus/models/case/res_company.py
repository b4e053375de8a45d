from odoo import models

# settings on which every open case of the company depends
MARKING_FIELDS = frozenset(
    {"ar_followup_mode", "ar_followup_policy_id", "ar_followup_start_date"}
)


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & MARKING_FIELDS:
            self.env["ar.followup.mark"]._mark_companies(self)
        return result

    def _ar_is_previewed_today(self):
        self.ensure_one()
        today = self._ar_today()
        # sudo: who changes a setting need not see the runs
        return bool(
            self.env["ar.followup.run"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self.id),
                    ("is_preview", "=", True),
                    ("state", "=", "done"),
                    ("date", "=", today),
                    ("started_on", ">=", self._ar_to_utc(today, 0)),
                ],
                limit=1,
            )
        )

from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """One customer has one case: fold the cases before the keys are moved.

        The generic merge works by SQL and would trip over the unique index.
        """
        # sudo: whoever merges contacts need not have access to follow-up
        cases_sudo = (
            self.env["ar.followup.case"]
            .sudo()
            .search([("partner_id", "in", (src_partners | dst_partner).ids)])
        )
        for cases in cases_sudo.grouped("company_id").values():
            kept = cases.filtered(lambda case: case.partner_id == dst_partner)[:1]
            kept = kept or cases[:1]
            (cases - kept)._fold_into(kept)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    def _fold_into(self, kept):
        """Move everything these cases hold to ``kept`` and remove them."""
        if not self:
            return
        for model in self._child_models():
            children = self.env[model].sudo().search([("case_id", "in", self.ids)])
            children.case_id = kept.id
        for model in ("mail.message", "mail.activity"):
            records = (
                self.env[model]
                .sudo()
                .with_context(active_test=False)
                .search([("res_id", "in", self.ids), self._thread_domain(model)])
            )
            records.write({"res_id": kept.id})
        demands = [d for d in (self | kept).mapped("last_demand_date") if d]
        kept.write(
            {
                "round": max((self | kept).mapped("round")),
                "last_demand_date": max(demands, default=False),
                "user_id": kept.user_id.id or self.user_id[:1].id,
            }
        )
        if kept.state == "closed" and any(case.state != "closed" for case in self):
            kept.write({"state": "waiting", "closed_on": False})
        self.env.flush_all()
        self.unlink()

    @api.model
    def _child_models(self):
        """Models whose rows belong to a case and move with it."""
        return [
            "ar.followup.item",
            "ar.followup.hold",
            "ar.followup.reminder",
            "ar.followup.decision",
            "ar.followup.mark",
        ]

    def _thread_domain(self, model):
        field = "model" if model == "mail.message" else "res_model"
        return (field, "=", self._name)

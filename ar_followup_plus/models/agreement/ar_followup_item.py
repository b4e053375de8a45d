from odoo import models


class ArFollowupItem(models.Model):
    """What a payment plan may not cover of an invoice."""

    _inherit = "ar.followup.item"

    def _disputed_part(self, residual):
        """How much of ``residual`` is disputed now (item's currency)."""
        holds = (self.hold_ids | self.case_id.hold_ids).filtered(
            lambda hold: (
                hold.kind == "disputed"
                and hold.is_current
                and hold.item_id in (self, self.browse())
            )
        )
        if any(not hold.is_partial for hold in holds):
            return residual
        return min(residual, sum(holds.mapped("amount")))

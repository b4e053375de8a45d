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

    def _disputed_part_on(self, day, residual):
        """How much of ``residual`` was disputed on a day that has passed, without what
        has been credited for it since (item's currency)."""
        holds = (self.hold_ids | self.case_id.hold_ids).filtered(
            lambda hold: (
                hold.kind == "disputed"
                and hold._was_in_force(day)
                and hold.item_id in (self, self.browse())
            )
        )
        if any(not hold.is_partial for hold in holds):
            return residual
        return min(residual, sum(hold._amount_not_credited() for hold in holds))

from odoo import api, fields, models


class ArPaymentPlanLine(models.Model):
    """What the last look at the books found of an instalment."""

    _inherit = "ar.payment.plan.line"

    paid_on = fields.Date(
        string="Found Paid On", help="The day on which it was found to be paid in full."
    )

    # serves the search for instalments to write about, on every day
    _unpaid_idx = models.Index(
        "(company_id, date_due) WHERE plan_state = 'active' AND paid_on IS NULL"
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"paid_on"}

    def _note(self, **vals):
        """Write what differs from what was found before."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in vals.items()
            if (self[name] or False) != (value or False)
        }
        if changed:
            self.write(changed)

from odoo import api, fields, models


class ResCompany(models.Model):
    """Who looks into disputes, and by when."""

    _inherit = "res.company"

    ar_dispute_user_id = fields.Many2one(
        "res.users",
        string="Disputes Looked Into by",
        domain=[("share", "=", False)],
        help="Who finds out what is right when a customer disputes an invoice. Empty: "
        "the collector.",
        groups="base.group_user",
    )
    ar_dispute_days = fields.Integer(
        string="Time to Answer a Dispute",
        default=7,
        help="So many days after a dispute was recorded, the customer should have an "
        "answer; then the manager is told.",
        groups="base.group_user",
    )

    _ar_dispute_days_not_negative = models.Constraint(
        "CHECK(ar_dispute_days >= 0)",
        "The days to answer a dispute cannot be negative.",
    )

    @api.model
    def _ar_settings(self):
        return super()._ar_settings() | {"ar_dispute_days", "ar_dispute_user_id"}

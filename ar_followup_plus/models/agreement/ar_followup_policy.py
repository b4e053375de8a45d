from odoo import fields, models


class ArFollowupPolicy(models.Model):
    """What payment plans under a policy are like."""

    _inherit = "ar.followup.policy"

    plan_tolerance_days = fields.Integer(
        string="Late after Days",
        default=3,
        help="An instalment is late when it is unpaid so many days after its day.",
    )
    plan_tolerance_amount = fields.Float(
        string="Tolerated Amount",
        digits=(16, 2),
        help="In the company's currency: so much may be missing of an instalment "
        "without it being late.",
    )
    plan_thanks = fields.Boolean(
        string="Thank for Instalments",
        help="The customer gets a short thank-you for each instalment paid.",
    )
    plan_off_weekends = fields.Boolean(
        string="Instalments off Weekends",
        default=True,
        help="Instalments that would fall on a weekend are due on the Monday after.",
    )

    _plan_tolerance_not_negative = models.Constraint(
        "CHECK(plan_tolerance_days >= 0 AND plan_tolerance_amount >= 0)",
        "What is tolerated of an instalment cannot be negative.",
    )

from odoo import fields, models


class ArFollowupPolicy(models.Model):
    """What payment plans and promises under a policy are like."""

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

    promise_max_days = fields.Integer(
        string="Days Ahead",
        default=14,
        help="A promise for a later day than so many days from now needs approval.",
    )
    promise_max_open = fields.Integer(
        string="Open Promises",
        default=3,
        help="A customer who would have more open promises than this at a time needs "
        "approval for the next one.",
    )
    promise_max_broken = fields.Integer(
        string="Broken Promises",
        default=1,
        help="A customer who broke more promises than this in the last 12 months needs "
        "approval for every further one.",
    )
    promise_tolerance_days = fields.Integer(
        string="Days of Tolerance",
        default=3,
        help="What is paid so many days after the day named still keeps the promise. "
        "Nobody is reminded of the money until then.",
    )
    promise_tolerance_percent = fields.Float(
        string="Percent of Tolerance",
        digits=(5, 2),
        default=2.0,
        help="So much of the amount may be missing of a promise that is kept.",
    )
    promise_thanks = fields.Boolean(
        string="Thank for Kept Promises",
        help="The customer gets a short thank-you for each promise kept.",
    )

    _plan_tolerance_not_negative = models.Constraint(
        "CHECK(plan_tolerance_days >= 0 AND plan_tolerance_amount >= 0)",
        "What is tolerated of an instalment cannot be negative.",
    )
    _promise_limits_not_negative = models.Constraint(
        "CHECK(promise_max_days >= 0 AND promise_max_open >= 0 "
        "AND promise_max_broken >= 0)",
        "The limits of promises cannot be negative.",
    )
    _promise_tolerance_sensible = models.Constraint(
        "CHECK(promise_tolerance_days >= 0 AND promise_tolerance_percent >= 0 "
        "AND promise_tolerance_percent < 100)",
        "What is tolerated of a promise is not negative, and less than all of it.",
    )

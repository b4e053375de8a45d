from odoo import fields, models

PLAN_KINDS = [
    ("plan_offer", "Payment plan offered"),
    ("plan_note", "Note before an instalment"),
    ("plan_late", "Instalment late"),
    ("plan_paid", "Thanks for an instalment"),
    ("plan_done", "Thanks for a plan"),
]


class ArFollowupReminder(models.Model):
    """Messages about payment plans."""

    _inherit = "ar.followup.reminder"

    kind = fields.Selection(
        selection_add=PLAN_KINDS,
        ondelete={kind: "cascade" for kind, _label in PLAN_KINDS},
    )
    plan_id = fields.Many2one(
        "ar.payment.plan", index="btree_not_null", ondelete="restrict"
    )
    plan_line_id = fields.Many2one(
        "ar.payment.plan.line",
        string="Instalment",
        index="btree_not_null",
        ondelete="restrict",
    )

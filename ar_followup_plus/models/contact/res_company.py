from odoo import api, fields, models


class ResCompany(models.Model):
    """Who at the company hears of what is said to customers, and to whom it goes."""

    _inherit = "res.company"

    ar_copy_manager = fields.Boolean(
        string="Copies to the Manager",
        default=True,
        help="The follow-up manager gets an internal copy of each email of a level "
        "that says so, and a list of the customers to be called.",
        groups="base.group_user",
    )
    ar_call_overdue_days = fields.Integer(
        string="Calls Not Made",
        default=3,
        help="A call that was not made so many days after its day goes to the manager. "
        "0: never.",
        groups="base.group_user",
    )
    ar_verify_first_invoice = fields.Boolean(
        string="Confirm Where Invoices Should Go",
        help="With the first invoice to a customer whose contact details were never "
        "verified, the collector is asked to do so before it is due.",
        groups="base.group_user",
    )

    _ar_call_overdue_days_not_negative = models.Constraint(
        "CHECK(ar_call_overdue_days >= 0)",
        "The days until a call goes to the manager cannot be negative. Use 0 for "
        "never.",
    )

    @api.model
    def _ar_settings(self):
        return super()._ar_settings() | {
            "ar_call_overdue_days",
            "ar_copy_manager",
            "ar_verify_first_invoice",
        }

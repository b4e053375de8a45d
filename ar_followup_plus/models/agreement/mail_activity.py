from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.mail.tools.discuss import Store

from .ar_approval_mixin_steps import APPROVAL
from .mail_activity_type import BY_HAND


class MailActivity(models.Model):
    """An approval is asked for by submitting, and ends by Approve or Refuse alone."""

    _inherit = "mail.activity"

    activity_type_id = fields.Many2one(domain=BY_HAND)
    ar_approval = fields.Json(
        string="Approval",
        compute="_compute_ar_approval",
        help="What the reader may decide about it, for the buttons.",
    )

    @api.depends("activity_type_id", "res_model", "res_id", "active")
    @api.depends_context("uid", "lang")
    def _compute_ar_approval(self):
        self.ar_approval = False
        approvals = self._ar_approvals().filtered("active")
        for model, activities in approvals.grouped("res_model").items():
            records = self.env[model].browse(activities.mapped("res_id"))
            readable = records.exists()._filtered_access("read")
            found = {record.id: record for record in readable}
            for activity in activities:
                record = found.get(activity.res_id)
                activity.ar_approval = record and {
                    "can_approve": record.can_approve,
                    "hint": record.approval_hint or "",
                    "fingerprint": record.approval_fingerprint or "",
                }

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), Store.Attr("ar_approval")]

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._ar_check_not_approval()
        return activities

    def write(self, vals):
        self._ar_check_not_approval()
        result = super().write(vals)
        if "activity_type_id" in vals:
            self._ar_check_not_approval()
        return result

    def unlink(self):
        self._ar_check_not_approval()
        return super().unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        self._ar_check_not_approval()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _ar_approvals(self):
        approval = self.env.ref(APPROVAL, raise_if_not_found=False)
        return self.filtered(lambda activity: activity.activity_type_id == approval)

    def _ar_check_not_approval(self):
        """
        :raises UserError: for approvals: the server alone makes, changes and ends them
        """
        if not self.env.su and self._ar_approvals():
            raise UserError(
                self.env._(
                    "An approval is asked for with the button “Submit for Approval”, "
                    "and it ends with “Approve” or “Refuse”. It cannot be added, "
                    "changed, marked as done or cancelled by hand. To take back what "
                    "you submitted, open it and choose “Back to Draft”, or cancel it."
                )
            )

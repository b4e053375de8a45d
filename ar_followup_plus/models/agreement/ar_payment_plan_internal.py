from odoo import api, models


class ArPaymentPlan(models.Model):
    """A plan's chatter is ours alone: what a customer gets are messages of their own.

    Whatever is posted here, and whoever was made a follower, reaches only colleagues.
    """

    _inherit = "ar.payment.plan"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        return [person for person in recipients if not person["share"]]

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, hash=None, pid=None, token=None, **kwargs
    ):
        """Whoever has the customer's link reads their page, and not what we say."""
        return super()._get_thread_with_access(thread_id, **kwargs)

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        """Nobody outside is suggested as a recipient."""
        return []

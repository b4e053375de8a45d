from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call made is a contact: it is logged, and the ladder goes on."""
        cases = self._ar_called_cases()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if cases:
            cases._call_done(feedback)
        return result

    def _ar_called_cases(self):
        calls = self.filtered(
            lambda activity: (
                activity.res_model == "ar.followup.case"
                and activity.activity_type_id.category == "phonecall"
            )
        )
        return self.env["ar.followup.case"].browse(calls.mapped("res_id")).exists()

from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call made is a contact: it is logged, and the ladder goes on."""
        calls = self._ar_calls()
        # the call the ladder planned is its step; a collector's own is only a contact
        step_cases = calls.filtered("automated")._ar_cases()
        other_cases = (calls - calls.filtered("automated"))._ar_cases() - step_cases
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if self.env.context.get("ar_call_logged"):
            # whoever ends it so writes the one entry; by itself it is a call cancelled
            (step_cases + other_cases)._reassess()
            return result
        step_cases._call_done(feedback, is_step=True)
        other_cases._call_done(feedback, is_step=False)
        return result

    def unlink(self):
        """A call that a person cancels holds the ladder no longer."""
        nothing = self.env["ar.followup.case"]
        cases = nothing if self.env.su else self._ar_calls()._ar_cases()
        result = super().unlink()
        cases._reassess()
        return result

    def _ar_calls(self):
        return self.filtered(
            lambda activity: (
                activity.res_model == "ar.followup.case"
                and activity.activity_type_id.category == "phonecall"
            )
        )

    def _ar_cases(self):
        return self.env["ar.followup.case"].browse(self.mapped("res_id")).exists()

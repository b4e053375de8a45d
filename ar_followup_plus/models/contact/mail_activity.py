from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date


class MailActivity(models.Model):
    _inherit = "mail.activity"

    ar_told_manager = fields.Boolean(
        string="Manager Told",
        help="The manager was told that this call was not made in time.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Who did not call does not say that the manager knows it."""
        if field.name == "ar_told_manager" and operation == "write":
            return self.env.su
        return super()._has_field_access(field, operation)

    @api.model
    def _ar_plan(self, activity_type, model, rows):
        """Many activities of a kind at once, each in the language of its user.

        :param activity_type: external id
        :param rows: list of (record id, user, deadline, note)
        """
        kind = self.env.ref(activity_type, raise_if_not_found=False)
        if not kind or not rows:
            return
        # sudo: the system asks, whatever led to it
        self.sudo().with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": deadline,
                    "note": note,
                    "res_id": record_id,
                    "res_model_id": self.env["ir.model"]._get_id(model),
                    "summary": kind.with_context(lang=user.lang).summary,
                    "user_id": user.id,
                }
                for record_id, user, deadline, note in rows
            ]
        )

    def _ar_missed_row(self, manager, today):
        """What the manager is asked about this call, as ``_ar_plan`` takes it."""
        self.ensure_one()
        env = self.with_context(lang=manager.lang).env
        note = env._(
            "The call “%(call)s” of %(collector)s was to be made on %(day)s, and was "
            "not. No further step is taken before it is.",
            call=self.summary or self.activity_type_id.with_env(env).name,
            day=format_date(env, self.date_deadline, date_format="medium"),
            collector=self.user_id.name,
        )
        return self.res_id, manager, today, Markup("<p>%s</p>") % note

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call made is a contact: it is logged, and the ladder goes on."""
        calls = self._ar_calls()
        # the call the ladder planned is its step; a collector's own is only a contact
        step_cases = calls.filtered("automated")._ar_cases()
        other_cases = (calls - calls.filtered("automated"))._ar_cases() - step_cases
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        (step_cases | other_cases)._end_missed_calls()
        if self.env.context.get("ar_call_logged"):
            # whoever ends it so writes the one entry; by itself it is a call cancelled
            (step_cases + other_cases)._reassess()
            return result
        step_cases._call_done(feedback, is_step=True)
        other_cases._call_done(feedback, is_step=False)
        return result

    def write(self, vals):
        """A call put off is another one: it can be missed, and told of, anew."""
        result = super().write(vals)
        if "date_deadline" in vals:
            calls = self._ar_calls()
            # sudo: what the manager was told is for the system to know
            calls.sudo().filtered("ar_told_manager").ar_told_manager = False
            calls._ar_cases()._end_missed_calls()
        return result

    def unlink(self):
        """A call that a person cancels holds the ladder no longer."""
        cases = self._ar_calls()._ar_cases()
        result = super().unlink()
        cases = cases.exists()
        cases._end_missed_calls()
        if not self.env.su:
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

from odoo import models

from . import stories_calls


class ArFollowupDemo(models.AbstractModel):
    """Calls: tried, made, put right, followed by a recap; and who needs some time."""

    _inherit = "ar.followup.demo"

    def _happens_today(self, story):
        result = super()._happens_today(story)
        if story.company == stories_calls.COMPANY:
            self._calls()
        return result

    def _calls(self):
        self._call(stories_calls.TRIED)
        wrong = self._call(stories_calls.WRONG)
        then, days_left = stories_calls.THEN
        right = self._call(
            stories_calls.WRONG._replace(
                said=stories_calls.RIGHT, then=then, days_left=days_left
            ),
            correction_of_id=wrong.id,
        )
        right.with_user(self._ref("user_collector")).action_send_recap()
        self._call(stories_calls.LISTENED).case_id.is_hardship = True

    def _call(self, call, **vals):
        return self.env["ar.contact.log"].create(
            {
                "case_id": self._cases(self._customer(call.customer)).id,
                "date": self.env.company._ar_to_utc(self._day(-call.days), call.hour),
                "user_id": self._ref("user_collector").id,
                "outcome": call.outcome,
                "person_name": call.person,
                "summary": call.said,
                "next_step": call.then,
                "next_step_date": call.then and self._day(call.days_left),
                **vals,
            }
        )

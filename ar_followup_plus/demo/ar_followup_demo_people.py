from odoo import models

from . import stories_people


class ArFollowupDemo(models.AbstractModel):
    """The right person: who decides, whose number is wrong, and a call not made."""

    _inherit = "ar.followup.demo"

    def _tell(self, story):
        result = super()._tell(story)
        company = self.env.company
        self.env["ar.followup.case"]._tell_missed_calls(company, self._day(0))
        reminders = self.env["ar.followup.reminder"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sent"),
                ("level_id.copy_manager", "=", True),
            ]
        )
        reminders.copy_to_id = self._ref("user_approver")
        return result

    def _happens_today(self, story):
        result = super()._happens_today(story)
        if story.company == stories_people.COMPANY:
            self._people()
        return result

    def _people(self):
        """What is known of customers' contacts."""
        for decider in stories_people.DECIDERS:
            self.env["res.partner"].create(
                {
                    "name": decider.name,
                    "function": decider.function,
                    "email": decider.email,
                    "phone": decider.phone,
                    "parent_id": self._customer(decider.customer).id,
                    "ar_is_decision_maker": True,
                }
            )
        collector = self._ref("user_collector")
        for name in stories_people.VERIFIED:
            self._customer(name).with_user(collector).action_ar_verified()
        wrong = self._customer(stories_people.WRONG_NUMBER)
        wrong.with_user(collector)._ar_mark_wrong_number()
        case = self._cases(self._customer(stories_people.MISSED_CALL))
        case.activity_ids._ar_calls().date_deadline = self._day(
            -stories_people.MISSED_DAYS
        )

from datetime import timedelta

import psycopg2

from odoo import models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .ar_payment_promise_judge import JUDGED_ANEW_DAYS

THANKS = "ar_followup_plus.mail_template_promise_thanks"
BROKEN = "ar_followup_plus.mail_activity_type_promise_broken"


class ArPaymentPromise(models.Model):
    """Who hears of a promise that was kept, and who of one that was not."""

    _inherit = "ar.payment.promise"

    # the customer ----------------------------------------------------------------

    def _thank(self):
        """Thank once for what was paid, where the policy says so."""
        # sudo: what was written does not depend on who looks
        Reminder_sudo = self.env["ar.followup.reminder"].sudo()
        written = Reminder_sudo.search(
            Domain("promise_id", "in", self.ids) & Domain("state", "!=", "cancelled")
        ).promise_id
        kept = (self - written).filtered(
            lambda promise: (
                promise.case_id.policy_id.promise_thanks and promise.amount_paid
            )
        )
        # without its text, which somebody may have deleted, nothing is said
        template = self.env.ref(THANKS, raise_if_not_found=False)
        if not kept or not template:
            return
        vals_list = [promise._thanks_vals(template) for promise in kept]
        try:
            with self.env.cr.savepoint():
                Reminder_sudo._make_messages(vals_list)
        except psycopg2.IntegrityError:
            return  # whoever reviewed them at the same moment has thanked

    def _thanks_vals(self, template):
        speaking = self.company_id._ar_on_record(self.env["ar.followup.reminder"])
        titles = dict(speaking._fields["kind"]._description_selection(speaking.env))
        return {
            "case_id": self.case_id.id,
            "kind": "promise_thanks",
            "is_demand": False,
            "mail_template_id": template.id,
            "level_name": titles["promise_thanks"],
            "promise_id": self.id,
        }

    # the collector ---------------------------------------------------------------

    def _ask_collectors(self):
        """One activity for each customer who did not keep a promise."""
        asked = self.case_id._ask_once(BROKEN)
        for activity in asked:
            broken = self.filtered(
                lambda promise, case_id=activity.res_id: promise.case_id.id == case_id
            )
            told = broken.with_context(lang=activity.user_id.lang)
            activity.note = plaintext2html("\n".join(told.mapped("display_name")))

    def _call_off_activities(self, today):
        """Nobody is asked about promises that were found kept after all."""
        cases = self.case_id
        still = self.search(
            Domain("case_id", "in", cases.ids)
            & Domain("state", "in", ("partial", "broken"))
            & Domain("last_day", ">=", today - timedelta(days=JUDGED_ANEW_DAYS))
        ).case_id
        (cases - still).activity_search([BROKEN]).unlink()

from odoo import api, models


class ArFollowupMark(models.Model):
    _inherit = "ar.followup.mark"

    @api.model
    def _wake_up(self):
        if self.env.context.get("ar_sending"):
            # Whoever hands over works the marks, or wakes the tick, at the end. The
            # tick would wake itself, and ask a server that is down again and again.
            return
        # sudo: whoever booked the payment may not see scheduled actions
        cron = self.env.ref("ar_followup_plus.cron_tick", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _work(self, limit):
        """Decide the marked cases of one batch anew; together, or else one by one.

        :return: whether marks remain that are not in other hands
        """
        isolated = self.env["ar.followup.run"]._isolated
        marks = self.sudo().search([], limit=limit).try_lock_for_update()
        if not marks:
            return False
        if not isolated(marks._reassess_cases):
            for case_marks in marks.exists().grouped("case_id").values():
                if not isolated(case_marks._reassess_cases):
                    # the day's run decides about them; here they would never end
                    isolated(case_marks.unlink)
        return bool(self.sudo().search_count([], limit=1))

    def _reassess_cases(self):
        cases = self.case_id | self._cases_named()
        companies = self.company_id
        self.unlink()
        cases._reassess()
        companies._ar_ask_accountant()

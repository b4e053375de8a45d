from odoo import api, models


class ArFollowupMark(models.Model):
    _inherit = "ar.followup.mark"

    @api.model
    def _wake_up(self):
        # sudo: whoever booked the payment may not see scheduled actions
        cron = self.env.ref("ar_followup_plus.cron_tick", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _work(self, limit):
        """Decide the marked cases of one batch anew.

        :return: whether marks remain that are not in other hands
        """
        marks = self.sudo().search([], limit=limit).try_lock_for_update()
        if not marks:
            return False
        cases = marks.case_id
        marks.unlink()
        cases._reassess()
        return bool(self.sudo().search_count([], limit=1))

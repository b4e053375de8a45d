from odoo import api, fields, models

# what still has to leave, of a run's reminders
ON_THE_WAY = ("queued", "sending")


class ArFollowupRun(models.Model):
    """How far a run has come, for whoever watches it."""

    _inherit = "ar.followup.run"

    progress_text = fields.Char(string="Progress", compute="_compute_progress")
    progress = fields.Integer(
        string="Done so far", compute="_compute_progress", help="In percent."
    )
    is_at_work = fields.Boolean(
        compute="_compute_progress", help="It goes on by itself: look again soon."
    )

    @api.depends("state", "step", "position")
    @api.depends_context("lang")
    def _compute_progress(self):
        counts = self._reminder_counts()
        for run in self:
            by_state = counts.get(run, {})
            waiting = sum(by_state.get(state, 0) for state in ON_THE_WAY)
            if run.state == "running":
                text, done, total = run._progress_of_step()
            elif waiting and run.state != "stopped":
                done = sum(by_state.get(s, 0) for s in ("sent", "failed", "bounced"))
                total = done + waiting
                text = self.env._("Handing the reminders over to the mail server")
            else:
                text, done, total = "", 0, 0
            run.is_at_work = bool(text) and isinstance(run.id, int)
            run.progress = 100 * done // total if total else 0
            run.progress_text = (
                self.env._(
                    "%(step)s: %(done)s of %(total)s", step=text, done=done, total=total
                )
                if total
                else text
            )

    def _progress_of_step(self):
        """What the run is doing: text, how many are done, of how many."""
        self.ensure_one()
        if self.is_preview:
            return self.env._("Deciding what the day would do"), 0, 0
        if self.step == "collect":
            return self.env._("Collecting the open invoices"), 0, 0
        open_cases = [
            ("company_id", "=", self.company_id.id),
            ("state", "!=", "closed"),
        ]
        if self.step == "decide":
            text = self.env._("Deciding, customer by customer")
        else:
            text = self.env._("Preparing the reminders, customer by customer")
            open_cases.append(("reason", "in", ("remind", "review")))
        Case = self.env["ar.followup.case"]
        total = Case.search_count(open_cases)
        left = Case.search_count([*open_cases, ("id", ">", self.position)])
        return text, total - left, total

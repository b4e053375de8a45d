from odoo import api, models


class ArFollowupRun(models.Model):
    """The step between preparing and handing over: the PDFs that go with the mails."""

    _inherit = "ar.followup.run"

    @api.model
    def _make_pdfs(self, companies):
        """Make the PDFs that the next queued reminders take along: one batch.

        A try is counted before it is made, so that a PDF which brings the process
        down does so a few times at the most; then its reminder leaves with the link.

        :return: whether there was a batch
        """
        batch = self.env["ar.followup.reminder"]._awaiting_pdfs(companies)
        for reminder in batch:
            reminder.pdf_tries_left -= 1
        self._checkpoint()
        self._isolated(batch._make_pdfs)
        return bool(batch)

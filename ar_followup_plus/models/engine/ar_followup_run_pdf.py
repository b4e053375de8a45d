import psycopg2

from odoo import api, models


class ArFollowupRun(models.Model):
    """The step between preparing and handing over: the PDFs that go with the mails."""

    _inherit = "ar.followup.run"

    @api.model
    def _make_pdfs(self, companies, sending):
        """Make the PDFs that the next queued reminders take along, and hand these over.

        A try is counted before it is made, so that a PDF which brings the process
        down does so a few times at the most; then its reminder leaves with the link.

        :return: whether there was a batch
        """
        try:
            batch = self.env["ar.followup.reminder"]._awaiting_pdfs(companies)
            batch = batch._begin_pdfs()
            self._checkpoint()
        except psycopg2.OperationalError:
            # somebody changed one of them just now: the next tick tries again
            self._checkpoint(rollback=True)
            return False
        if not batch:
            return False
        self._isolated(batch._make_pdfs)
        # now: others that come after them may have been looked at already
        self._deliver_safely(batch.with_context(ar_sending=sending))
        return True

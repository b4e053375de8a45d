import logging

from odoo import models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _ar_ensure_portal_tokens(self):
        """Give every entry its portal token, by one UPDATE.

        One by one, ``get_portal_url`` costs six statements an invoice.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE account_move SET access_token = gen_random_uuid()::text "
                "WHERE id = ANY(%s) AND access_token IS NULL",
                self.ids,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_recordset(["access_token"])

    def _ar_make_pdfs(self):
        """Make the PDFs of invoices that were never sent, as when they are.

        All of a company at once. Where that fails, also because this system's
        wkhtmltopdf can only make one, each is made for itself: one that fails is
        left out and stops no other.
        """
        AccountMoveSend = self.env["account.move.send"]
        # to make the PDF of these would send them to the authorities, too
        moves = self.filtered(lambda m: not AccountMoveSend._get_default_extra_edis(m))
        for own in moves.grouped("company_id").values():
            if not own._ar_make_pdfs_together() and len(own) > 1:
                for move in own:
                    move._ar_make_pdfs_together()

    def _ar_make_pdfs_together(self):
        try:
            with self.env.cr.savepoint():
                self.env["account.move.send"]._generate_and_send_invoices(
                    self, sending_methods=[]
                )
        except Exception:
            # Whatever a report may raise: the reminder leaves without it. Of many at
            # once it says nothing yet: each is tried for itself.
            single = len(self) == 1
            _logger.info("No PDF of invoices %s", self.ids, exc_info=single)
            return False
        return True

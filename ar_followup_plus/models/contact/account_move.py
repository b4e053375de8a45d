import logging

from odoo import models

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _ar_ensure_pdf(self):
        """Make the PDF of invoices that were never sent; a failure stops nobody."""
        for move in self.filtered(lambda move: not move.invoice_pdf_report_id):
            try:
                with self.env.cr.savepoint():
                    self.env["account.move.send"]._generate_and_send_invoices(
                        move, sending_methods=[]
                    )
            except Exception:
                # whatever a report may raise: the reminder leaves without it
                _logger.info("No PDF of invoice %s", move.id, exc_info=True)

from odoo import api, fields, models

MEGABYTE = 1024**2
# Counted down before each try, so that one that crashes ends: two tries, then none.
PDF_TRIES = 3
# PDFs made between two looks at the clock: each takes a second, or a part of one
PDF_BATCH = 10


class ArFollowupReminder(models.Model):
    """The invoices' PDFs that go with a reminder.

    Those that are stored are used again. One that is missing is made before the mail
    is, as when the invoice is sent; what cannot be made, or is too much for a mail,
    is behind its link in the table of the letter, as all the others are.
    """

    _inherit = "ar.followup.reminder"

    pdf_tries_left = fields.Integer(
        string="Tries Left for PDFs",
        help="Counts down the tries to make the missing PDFs of its invoices. At 0 it "
        "leaves with what there is.",
    )

    def _invoices_to_attach(self):
        """The invoices whose files go with the mail (as superuser), oldest due first.

        They are those that take the step, where the level says so, and no more than
        the company's limit.
        """
        self.ensure_one()
        lines = self.line_ids if self.level_id.attach_invoices else self.line_ids[:0]
        # sudo: the invoice goes to its own customer
        moves_sudo = lines.filtered("level_after_id").item_id.sudo().move_id
        return moves_sudo.filtered(lambda move: move.is_sale_document())[
            : self.company_id.sudo().ar_attachment_max
        ]

    def _pdfs_that_fit(self):
        """The stored PDFs that go with the mail, within the company's limits.

        The oldest due first; one that is too large leaves its room to the next.
        """
        pdfs_sudo = self.env["ir.attachment"].sudo()
        room = self.company_id.sudo().ar_attachment_mb_max * MEGABYTE
        for pdf_sudo in self._invoices_to_attach().invoice_pdf_report_id:
            if pdf_sudo.file_size <= room:
                room -= pdf_sudo.file_size
                pdfs_sudo |= pdf_sudo
        return pdfs_sudo

    # making them -------------------------------------------------------------

    @api.model
    def _awaiting_pdfs(self, companies):
        """Queued reminders whose PDFs are to be made next."""
        return self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "queued"),
                ("pdf_tries_left", ">", 0),
            ],
            order="id",
            limit=PDF_BATCH,
        )

    def _begin_pdfs(self):
        """Count a try for as many of these reminders as make a batch of PDFs.

        :return: those; the ones that are being worked on elsewhere are left out
        """
        batch_sudo = self.sudo().browse()
        for reminder_sudo in self.sudo().try_lock_for_update(allow_referencing=True):
            if len(batch_sudo._missing_pdfs()) >= PDF_BATCH:
                break
            batch_sudo |= reminder_sudo
        for reminder_sudo in batch_sudo:
            reminder_sudo.pdf_tries_left -= 1
        return batch_sudo

    def _missing_pdfs(self):
        """The invoices that go with these reminders and have no PDF (as superuser)."""
        # sudo: the invoices go to their own customers
        moves_sudo = self.env["account.move"].sudo()
        for reminder in self.filtered("pdf_tries_left"):
            moves_sudo |= reminder._invoices_to_attach()
        return moves_sudo.filtered(lambda move: not move.invoice_pdf_report_id)

    def _make_pdfs(self):
        """Make the missing PDFs of reminders that nobody else is working on.

        :return: the reminders that can leave now, with or without them
        """
        ready = self.filtered(lambda reminder: not reminder.pdf_tries_left)
        todo_sudo = (self - ready).sudo().try_lock_for_update(allow_referencing=True)
        todo_sudo._missing_pdfs()._ar_make_pdfs()
        todo_sudo.pdf_tries_left = 0
        return ready | todo_sudo.sudo(self.env.su)

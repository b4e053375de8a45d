from odoo import fields, models

from ..ledger.ageing import to_minor


class ArFollowupReminderLine(models.Model):
    _inherit = "ar.followup.reminder.line"

    portal_url = fields.Char(string="Link", compute="_compute_portal_url")

    def _compute_portal_url(self):
        """Where the customer sees and pays the invoice."""
        for line in self:
            move_sudo = line.item_id.sudo().move_id  # sudo: a link for its owner
            line.portal_url = (
                move_sudo.get_base_url() + move_sudo.get_portal_url()
                if move_sudo.is_sale_document()
                else False
            )

    def _change_since(self, before):
        """What is different from this invoice's line before, or an empty text."""
        self.ensure_one()
        if not before:
            return self.env._(
                "%(invoice)s (%(amount)s) was added",
                invoice=self.name,
                amount=self._in_words(),
            )
        if before._minor() == self._minor():
            return ""
        return self.env._(
            "%(invoice)s is now %(now)s instead of %(then)s",
            invoice=self.name,
            now=self._in_words(),
            then=before._in_words(),
        )

    def _why_gone(self):
        """Why an invoice is not asked for any more."""
        self.ensure_one()
        if self.item_id.is_open:
            return self.env._(
                "%(invoice)s (%(amount)s) is left alone now",
                invoice=self.name,
                amount=self._in_words(),
            )
        return self.env._(
            "%(invoice)s (%(amount)s) was settled",
            invoice=self.name,
            amount=self._in_words(),
        )

    def _minor(self):
        return to_minor(self.amount_asked, self.currency_id.decimal_places)

    def _in_words(self):
        return self.currency_id.format(self.amount_asked)

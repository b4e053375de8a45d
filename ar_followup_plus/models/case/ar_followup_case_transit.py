from odoo import fields, models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..ledger.incoming import SOURCES

_lt = LazyTranslate(__name__)

#: What is on its way, as the page draws it: kind → icon, and what is said of it.
KINDS = {
    "transaction": ["fa-credit-card", _lt("An online payment that is under way.")],
    "payment": ["fa-money", _lt("A payment that was registered, but is not booked.")],
    "line": ["fa-university", _lt("A bank line that is not matched with an invoice.")],
}


class ArFollowupCase(models.Model):
    """Money on its way, with where it was seen."""

    _inherit = "ar.followup.case"

    in_transit = fields.Json(string="Money on Its Way", compute="_compute_in_transit")

    def _compute_in_transit(self):
        Transit = self.env["ar.money.in.transit"]
        for company, cases in self.grouped("company_id").items():
            found = Transit._find(company, cases.partner_id.ids) if company else []
            for case in cases:
                rows = [
                    case._in_transit_row(incoming)
                    for incoming in found
                    if incoming.partner_id == case.partner_id.id
                ]
                case.in_transit = rows or False

    def _in_transit_row(self, incoming):
        """Some incoming money as the page draws it; a click opens what was seen."""
        record = self.env[SOURCES[incoming.kind]].sudo().browse(incoming.id)
        # a bank line has no page of its own, its entry has; no link for who may not
        record = record.move_id if incoming.kind == "line" else record
        can_open = record.sudo(False).has_access("read")
        icon, lazy_text = KINDS[incoming.kind]
        return {
            "day": format_date(self.env, incoming.day, date_format="medium"),
            "icon": icon,
            "title": " · ".join(
                filter(None, (amount_in_words(self.env, incoming), incoming.label))
            ),
            "text": self.env._(lazy_text),
            "user": "",
            "model": record._name if can_open else False,
            "id": record.id,
        }


def amount_in_words(env, incoming):
    """Its amount as text, in its currency."""
    currency = env["res.currency"].browse(incoming.currency_id)
    return currency.format(incoming.amount / 10**currency.decimal_places)

from odoo import api, fields, models

from ..case.ar_followup_case_history import LAST_HOUR, Happening

ICON = "fa-balance-scale"


class ArFollowupCase(models.Model):
    """A customer's disputes, as pages show them and the history tells them."""

    _inherit = "ar.followup.case"

    dispute_ids = fields.One2many("ar.dispute", "case_id")
    dispute_count = fields.Integer(
        string="Number of Disputes", compute="_compute_dispute_count"
    )
    disputes_now = fields.Json(compute="_compute_disputes_now")

    @api.model
    def _child_models(self):
        return super()._child_models() + ["ar.dispute"]

    def _compute_dispute_count(self):
        self._count_rows("ar.dispute", "dispute_count")

    @api.depends(
        "dispute_ids.state", "dispute_ids.credit_pending", "dispute_ids.date_deadline"
    )
    @api.depends_context("lang")
    def _compute_disputes_now(self):
        for case in self:
            rows = [
                case._dispute_row(dispute)
                for dispute in case.dispute_ids
                if dispute._is_standing()
            ]
            case.disputes_now = rows or False

    def _dispute_row(self, dispute):
        """A dispute as the page draws it; a click opens it."""
        title = self.env._(
            "%(amount)s of %(invoice)s: %(reason)s",
            amount=dispute.currency_id.format(dispute.amount_disputed),
            invoice=dispute._invoice_name(),
            reason=dispute.sudo().reason_id.name,
        )
        return {
            "day": dispute.name,
            "icon": "fa-exclamation-triangle" if dispute.is_late else ICON,
            "title": title,
            "text": dispute.status_text,
            "user": "",
            "model": dispute._name,
            "id": dispute.id,
        }

    def action_open_disputes(self):
        """Smart button: the customer's disputes, in whatever state."""
        self.ensure_one()
        return self.dispute_ids._open_all()

    def action_dispute(self):
        """Button: record what the customer disputes, of which invoice."""
        self.ensure_one()
        Dispute = self.env["ar.dispute"]
        Dispute.check_access("create")
        moves = self.open_item_ids.sudo().move_id  # sudo: which one it is, if it is one
        return Dispute._open_recording(
            default_case_id=self.id,
            default_move_id=moves.id if len(moves) == 1 else False,
        )

    # what happened -------------------------------------------------------------------

    def _history(self, limit):
        disputes = self.env["ar.dispute"].search(
            [("case_id", "in", self._origin.ids)], order="id desc", limit=limit
        )
        happenings = [
            happening
            for happening in super()._history(limit)
            # it is told by the dispute itself
            if happening.record._name != "ar.followup.hold"
            or not happening.record.dispute_id
        ]
        for dispute in disputes:
            happenings += self._history_of_dispute(dispute)
        return happenings

    def _history_of_dispute(self, dispute):
        about = self.env._(
            "%(dispute)s: %(amount)s of %(invoice)s, %(reason)s.",
            dispute=dispute.name,
            amount=dispute.currency_id.format(dispute.amount_disputed),
            invoice=dispute._invoice_name(),
            reason=dispute.sudo().reason_id.name,
        )
        text = " ".join(filter(None, (about, dispute.description)))
        title = self.env._("The customer disputes an invoice")
        yield Happening(
            dispute.create_date, ICON, title, text, dispute.create_uid, dispute
        )
        if not dispute.resolved_on:
            return
        titles = {
            "accepted": self.env._("Dispute accepted"),
            "partly": self.env._("Dispute accepted in part"),
            "rejected": self.env._("Dispute rejected"),
            "withdrawn": self.env._("Dispute withdrawn"),
            "cancelled": self.env._("Dispute recorded by mistake"),
        }
        parts = (
            self.env._("%(dispute)s.", dispute=dispute.name),
            dispute.status_text,
            dispute.explanation,
            dispute.outcome_note,
        )
        yield Happening(
            self.company_id._ar_to_utc(dispute.resolved_on, LAST_HOUR),
            ICON,
            titles[dispute.state],
            " ".join(dict.fromkeys(filter(None, parts))),
            dispute.resolved_by_id,
            dispute,
        )

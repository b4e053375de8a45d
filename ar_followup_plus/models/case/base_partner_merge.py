from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .ar_followup_reminder import LIVE
from .res_partner import VERIFIED


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """One customer has one case: fold the cases before the keys are moved.

        The generic merge works by SQL and would trip over the unique index.
        """
        # sudo: whoever merges contacts need not have access to follow-up
        cases_sudo = (
            self.env["ar.followup.case"]
            .sudo()
            .search([("partner_id", "in", (src_partners | dst_partner).ids)])
        )
        kept_sudo = cases_sudo.browse()
        for cases in cases_sudo.grouped("company_id").values():
            kept = cases.filtered(lambda case: case.partner_id == dst_partner)[:1]
            kept = kept or cases[:1]
            (cases - kept)._fold_into(kept)
            kept_sudo |= kept
        self.env.flush_all()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["ar.followup.mark"]._mark_cases(kept_sudo)
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Who wanted no emails or calls still wants none, whoever merges.

        The generic merge leaves out what its user may not see, and breaks off at what
        they may only look at: it finds none of these.
        """
        # sudo: whoever merges contacts need not have access to follow-up
        dst_sudo = dst_partner.sudo()
        merged_sudo = dst_sudo | src_partners.sudo()
        details = dst_sudo._ar_details()
        verified = {name: dst_sudo[name] for name in VERIFIED}
        kept = {
            name: next(filter(None, (own[name] for own in merged_sudo)), False)
            for name, field in merged_sudo._fields.items()
            if name.startswith("ar_") and field.store and not field.company_dependent
        }
        merged_sudo.write(dict.fromkeys(kept, False))
        result = super()._update_values(src_partners, dst_partner)
        # that the details of another contact were right says nothing of these
        if dst_sudo._ar_details() != details:
            verified = dict.fromkeys(VERIFIED, False)
        dst_sudo.write({**kept, **verified})
        return result


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    def _fold_into(self, kept):
        """Move everything these cases hold to ``kept`` and remove them.

        :raises UserError: while a reminder of one of them is being handed over
        """
        if not self:
            return
        self._drop_live_reminders(kept)
        self._end_decisions()
        kept.write(self._folded_values(kept))
        for model in self._child_models():
            children = self.env[model].sudo().search([("case_id", "in", self.ids)])
            children.case_id = kept.id
        self._fold_chatter_into(kept)
        self.env.flush_all()
        self.unlink()

    def _drop_live_reminders(self, kept):
        """What only waits is cancelled: the next run asks for everything at once.

        Of those that may have left, the last one stays, for a person to decide. What
        belongs to agreements goes on as they do.
        """
        live = (self | kept).reminder_ids.filtered(lambda r: r.state in LIVE)
        if "sending" in live.mapped("state"):
            raise UserError(
                self.env._(
                    "A reminder to one of these customers is being sent right now. "
                    "Please merge them in a few minutes."
                )
            )
        live = live._of_ladder()
        unknown = live.filtered(lambda r: r.state == "unknown").sorted("id")
        unknown[:-1]._set_state(
            "cancelled",
            failure_reason=self.env._(
                "Nobody knows whether it left. The customer was merged with another "
                "one, whose last reminder waits for the same answer."
            ),
        )
        (live - unknown)._set_state(
            "cancelled",
            failure_reason=self.env._("The customer was merged with another one."),
        )
        (live - unknown[-1:])._drop_mail()

    def _end_decisions(self):
        """From the merge on, the decisions about the other case are the ones."""
        for decision in self.decision_ids.filtered(
            lambda row: not row.date_to and not row.is_preview
        ):
            day = max(decision.date_from, decision.company_id._ar_today())
            decision.date_to = fields.Date.subtract(day, days=1)

    def _folded_values(self, kept):
        """What ``kept`` takes over: the earliest, the latest, the highest."""
        every = self | kept
        demands = [day for day in every.mapped("last_demand_date") if day]
        opened = [day for day in every.mapped("opened_on") if day]
        calls = every.call_level_id.sorted("delay_days")
        values = {
            "round": max(every.mapped("round")),
            "last_demand_date": max(demands, default=False),
            "opened_on": min(opened, default=False),
            "call_level_id": calls[-1:].id,
            "user_id": kept.user_id.id or self.user_id[:1].id,
        }
        if kept.state == "closed" and any(case.state != "closed" for case in self):
            values.update(state="waiting", closed_on=False)
        return values

    def _fold_chatter_into(self, kept):
        """Messages, files, activities (done ones too) and followers move along."""
        for model, key in (
            ("mail.message", "model"),
            ("mail.activity", "res_model"),
            ("ir.attachment", "res_model"),
        ):
            self.env[model].sudo().with_context(active_test=False).search(
                [(key, "=", self._name), ("res_id", "in", self.ids)]
            ).write({"res_id": kept.id})
        # the ORM refuses to give a scheduled message another record
        self.env.execute_query(
            SQL(
                "UPDATE mail_scheduled_message SET res_id = %s "
                "WHERE model = %s AND res_id = ANY(%s)",
                kept.id,
                self._name,
                self.ids,
            )
        )
        kept.message_subscribe(self.message_partner_ids.ids)
        # one open call a customer: the engine's own, planned twice, is made once
        calls_sudo = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", kept.id),
                    ("activity_type_id.category", "=", "phonecall"),
                ],
                order="date_deadline, id",
            )
        )
        calls_sudo[1:].filtered("automated").unlink()

    @api.model
    def _child_models(self):
        """Models whose rows belong to a case and move with it."""
        return [
            "ar.followup.item",
            "ar.followup.hold",
            "ar.followup.reminder",
            "ar.followup.decision",
            "ar.followup.mark",
        ]

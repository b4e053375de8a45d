from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .decide import is_message

APPROVER = "ar_followup_plus.group_ar_approver"
#: what limits how often and when customers are asked; holds and answers are not
LIMITS = ("too_soon", "quiet_day", "contact_cap", "daily_limit")


class ArFollowupCase(models.Model):
    """An approver lets a reminder go despite the limits of the policy."""

    _inherit = "ar.followup.case"

    can_send_despite = fields.Boolean(compute="_compute_can_send_despite")

    @api.depends("reason")
    @api.depends_context("uid")
    def _compute_can_send_despite(self):
        approver = self.env.user.has_group(APPROVER)
        due = self._due_despite_limits() if approver else self.browse()
        for case in self:
            case.can_send_despite = case in due

    def _due_despite_limits(self):
        """Those of the cases that nothing but the limits keeps from a reminder."""
        due = self.browse()
        # sudo: what is due does not depend on who asks for it
        stopped_sudo = self.sudo().filtered(lambda case: case.reason in LIMITS)
        for company, cases in (
            stopped_sudo.with_context(active_test=True).grouped("company_id").items()
        ):
            company = company.with_company(company)
            decided = cases.with_company(company)._decide(
                company, company._ar_today(), cases.partner_id.ids, despite=True
            )
            due += self.browse(
                subject.case_id for subject, decision in decided if is_message(decision)
            )
        return due

    def action_open_despite(self):
        """Button: ask why the reminder is to leave now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Despite Limits"),
            "res_model": "ar.followup.despite",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def action_send_despite(self, note=None):
        """Prepare the reminder that the limits keep back, and send it now.

        What a person has to read first is opened instead, and leaves when they send.

        :param note: why
        :raises AccessError: for who does not approve
        :raises UserError: without a note, or when more than the limits is in the way
        """
        self.ensure_one()
        self._check_can_send_despite(note)
        self._reassess()
        reminder = self._do_send_despite(note.strip())
        if reminder.state != "to_review":
            return {"type": "ir.actions.act_window_close"}
        return reminder._open()

    def _check_can_send_despite(self, note):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(APPROVER):
            raise AccessError(
                self.env._(
                    "A reminder is sent despite the limits by an approver. Ask your "
                    "manager."
                )
            )
        self._check_can_prepare()
        if not (note or "").strip():
            raise UserError(
                self.env._("Say in a note why the reminder is to leave now.")
            )

    def _do_send_despite(self, note):
        """:return: the reminder, to be read first or on its way"""
        company = self.company_id.with_company(self.company_id)
        # sudo: what is prepared does not depend on who asks for it
        case_sudo = self._due_despite_limits().sudo().with_company(company)
        case_sudo = case_sudo.with_context(active_test=True)
        reminder_sudo = case_sudo._prepare(
            company,
            company._ar_today(),
            despite={"despite_by_id": self.env.uid, "despite_note": note},
        )
        if not reminder_sudo:
            raise UserError(
                self.env._(
                    "It is not the limits alone that keep a reminder back. "
                    "%(customer)s: %(why)s",
                    customer=self.partner_id.display_name,
                    why=self.decision_text,
                )
            )
        self.message_post(
            body=self.env._(
                "“%(level)s” may leave despite the limits: %(note)s",
                level=reminder_sudo.level_name,
                note=note,
            )
        )
        reminder = reminder_sudo.with_env(self.env)
        reminder.filtered(lambda r: r.state == "queued")._do_send()
        return reminder

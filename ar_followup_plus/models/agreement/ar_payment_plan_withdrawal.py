from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class ArPaymentPlan(models.Model):
    """Withdrawing a plan, and putting another one in its place."""

    _inherit = "ar.payment.plan"

    can_cancel = fields.Boolean(
        compute="_compute_can_cancel", help="Whether you may withdraw it now."
    )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_cancel(self):
        for plan in self:
            plan.can_cancel = bool(plan._origin) and not plan._why_not_cancel()

    def _why_not_cancel(self):
        """Why the user cannot withdraw it: an exception, or None."""
        user = self.env.user
        if not user.has_group("ar_followup_plus.group_ar_collector"):
            return AccessError(
                self.env._("Only collectors and approvers withdraw a plan.")
            )
        if self.state == "active" and not user.has_group(
            "ar_followup_plus.group_ar_approver"
        ):
            return AccessError(
                self.env._(
                    "%(plan)s is in force: it is withdrawn by an approver only. Ask "
                    "your manager.",
                    plan=self.name,
                )
            )
        if self.state not in ("draft", "to_approve", "approved", "active"):
            return UserError(
                self.env._("%(plan)s is over: nothing to withdraw.", plan=self.name)
            )
        return None

    def action_cancel(self, note=None):
        """Withdraw plans; one that is in force needs an approver, and a note.

        :param note: why
        :raises AccessError: for whoever may not
        :raises UserError: without the note, or when one is over
        """
        self._check_can_cancel(note)
        self._do_cancel(note)
        return True

    def action_open_cancel(self):
        """Button: ask why, then withdraw."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw the Plan"),
            "res_model": "ar.payment.plan.cancel",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def _check_can_cancel(self, note):
        self.check_access("write")
        for plan in self:
            error = plan._why_not_cancel()
            if error:
                raise error
            if plan.state == "active" and not (note or "").strip():
                raise UserError(
                    self.env._(
                        "Say in a note why %(plan)s is withdrawn: it is in force.",
                        plan=plan.name,
                    )
                )

    def _do_cancel(self, note):
        self._lock()
        for plan in self:
            error = plan._why_not_cancel()  # somebody may have been faster
            if error:
                raise error
        note = (note or "").strip()
        ended = self._end(
            "withdrawn",
            lambda plan: " ".join(filter(None, (plan.env._("Withdrawn."), note))),
        )
        ended._tell_requester(
            lambda told: (
                told.env._("%(document)s is withdrawn", document=told.display_name),
                " ".join(
                    filter(
                        None,
                        (
                            told.env._(
                                "%(person)s withdrew %(document)s: it is over.",
                                person=self.env.user.name,
                                document=told.display_name,
                            ),
                            note,
                        ),
                    )
                ),
            )
        )

    def action_replace(self):
        """Button: propose another plan over what is still open of this one.

        It runs through approval while this one stays in force; once the customer
        accepts it, it takes this one's place.

        :return: the window on the new draft
        :raises UserError: when this one is not in force, or nothing is open of it
        """
        self.ensure_one()
        self._check_can_replace()
        successor = self.replaced_by_ids.filtered(
            lambda plan: plan.state in ("draft", "to_approve", "approved")
        )[:1]
        return (successor or self._do_replace())._open_form()

    def _check_can_replace(self):
        self._check_is_collector()
        if self.state != "active":
            raise UserError(
                self.env._(
                    "%(plan)s is not in force, so nothing can take its place. Propose "
                    "a plan from the customer's case.",
                    plan=self.name,
                )
            )

    def _do_replace(self):
        # sudo: what is open, not the entries
        lines_sudo = self.sudo().item_line_ids.item_id.move_line_id
        open_sudo = lines_sudo.filtered(lambda line: line._ar_asks_for_money())
        open_sudo -= self._wholly_disputed(open_sudo)
        if not open_sudo:
            raise UserError(
                self.env._("Nothing is open of %(plan)s any more.", plan=self.name)
            )
        unpaid = self.line_ids.filtered(lambda line: line.state != "paid")
        # sudo: what it replaces is for the server to say
        plan_sudo = (
            self.sudo()
            .with_company(self.company_id)
            .create(
                {
                    "case_id": self.case_id.id,
                    "move_line_ids": [Command.set(open_sudo.ids)],
                    "replaces_id": self.id,
                    "installment_count": len(unpaid) or 1,
                    "interval_count": self.interval_count,
                    "interval_unit": self.interval_unit,
                    "note": self.note,
                }
            )
        )
        return plan_sudo.sudo(False)

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Plan"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

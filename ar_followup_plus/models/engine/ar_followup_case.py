from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contact.governor import NO_CAP
from .decide import decide


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    can_prepare = fields.Boolean(compute="_compute_can_prepare")

    def _reassess(self):
        """Decide these cases anew, now, with the books as they are.

        Prepared reminders that are no longer right are cancelled; new ones wait
        for the day's run. A closed case stays closed until collect opens it again.
        """
        if self.env.context.get("ar_reassess_later"):
            return  # whoever does several things at once decides anew at the end
        # whatever the caller's context asks for, archived levels stay archived
        cases_sudo = self.sudo().with_context(active_test=True)
        for company, cases in cases_sudo.grouped("company_id").items():
            cases._reassess_in(company.with_company(company))

    def _reassess_in(self, company):
        today = company._ar_today()
        partner_ids = self.partner_id.ids
        scope = self.with_company(company)
        scope._collect(company, today, partner_ids)
        scope._cancel_outdated()
        partner_ids = scope.filtered(lambda case: case.state != "closed").partner_id.ids
        slots = scope._slots_left(company, today)
        scope._record_decisions(
            company, scope._decide(company, today, partner_ids, slots), today
        )
        scope._drop_settled_calls()

    def _cancel_outdated(self):
        """Cancel what was prepared for these cases and must not leave any more."""
        self.env["ar.followup.reminder"].search(
            [
                ("case_id", "in", self.ids),
                ("state", "in", ("to_review", "queued", "failed")),
            ]
        )._cancel_outdated()

    def _climb_after_call(self):
        """The items a call step covers step up, once the call was made."""
        for case_sudo in self.sudo():  # sudo: the engine's own fields
            level = case_sudo.call_level_id
            if not level or level.send_email:
                continue  # with an email, the level was reached when it left
            company = case_sudo.company_id
            today = company._ar_today()
            (subject,) = case_sudo._gather_facts(
                company, today, case_sudo.partner_id.ids
            )
            # What was agreed during the call does not undo that it was made.
            facts = replace(
                subject.facts,
                last_demand=None,
                answer_by=None,
                holds=(),
                closed=frozenset(),
                call_cap=NO_CAP,
                no_call=False,
            )
            decision = decide(facts)
            if decision.level != level.id:
                continue
            for climb in decision.climbs:
                if climb.item < 0:
                    continue  # posted just now: the call was not about it
                self.env["ar.followup.item"].sudo().browse(climb.item).write(
                    {"level_id": climb.after, "level_date": today}
                )

    def action_prepare(self):
        """Button: prepare today's reminder for review now, instead of with the run.

        It is decided as in the run: who is left alone then, is left alone now.
        """
        self._check_can_prepare()
        self._reassess()
        reminders = self._do_prepare(to_review=True)
        if not reminders:
            raise UserError(
                self.env._(
                    "Nothing to prepare now. %(customer)s: %(why)s",
                    customer=self[:1].partner_id.display_name,
                    why=self[:1].decision_text,
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ar_followup_plus.ar_followup_reminder_action_to_review"
        )
        if len(reminders) == 1:
            form = [view for view in action["views"] if view[1] == "form"]
            action.update(res_id=reminders.id, views=form)
        return action

    def _check_can_prepare(self):
        self.check_access("write")
        for company in self.company_id:
            if company.ar_followup_mode == "off":
                raise UserError(self._off_text(company))

    def _off_text(self, company):
        return self.env._(
            "Follow-up is off for %(company)s. Choose a mode in the settings first.",
            company=company.name,
        )

    def _do_prepare(self, to_review):
        """Reminders for those of the cases that are due for one.

        :param to_review: let a person read them, also where nothing asks for it
        """
        # sudo: what is prepared does not depend on who asks for it
        due_sudo = self.sudo()._due_for_reminder()
        reminders = self.env["ar.followup.reminder"]
        for company, cases in (
            due_sudo.with_context(active_test=True).grouped("company_id").items()
        ):
            company = company.with_company(company)
            reminders += (
                cases.with_company(company)
                ._prepare(company, company._ar_today(), to_review=to_review)
                .with_env(self.env)
            )
        return reminders

    def _due_for_reminder(self):
        return self.filtered(
            lambda case: (
                case.reason in ("remind", "review")
                and case.state == "waiting"
                and case.action != "call"
            )
        )

    @api.depends("reason", "state", "action", "reminder_ids.state")
    def _compute_can_prepare(self):
        """Nothing is prepared beside a reminder that is on its way already."""
        due = self._due_for_reminder()
        live = due._live_reminders()
        for case in self:
            case.can_prepare = case in due and case._origin not in live.case_id

    def action_release(self):
        """Button: after the final notice, begin anew with a friendly reminder."""
        self._check_can_release()
        for case in self:
            case.item_ids.filtered(
                lambda item: item.is_open and item.level_id
            )._start_anew()
        self._reassess()
        return True

    def _check_can_release(self):
        self.check_access("write")
        for case in self:
            others = (case.other_reasons or "").split(",")
            if "ladder_done" not in (case.reason, *others):
                raise UserError(
                    self.env._(
                        "%(customer)s has not had the final notice: the reminders go "
                        "on by themselves. To leave the customer alone, set a hold.",
                        customer=case.partner_id.display_name,
                    )
                )

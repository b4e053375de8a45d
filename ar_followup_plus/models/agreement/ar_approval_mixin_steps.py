from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

APPROVAL = "ar_followup_plus.mail_activity_type_approval"


class ArApprovalMixin(models.AbstractModel):
    """The steps of an approval: who is asked, what is noted, who is told."""

    _inherit = "ar.approval.mixin"

    # the steps ---------------------------------------------------------

    def _do_submit(self):
        now = fields.Datetime.now()
        submitted = self.browse()
        for rule, records in self.grouped(
            lambda record: record._rule_that_approves()
        ).items():
            submitted |= records._set_state(
                "to_approve",
                requested_by_id=self.env.uid,
                requested_on=now,
                approval_rule=rule or False,
                approved_by_id=False,
                approved_on=False,
                is_self_approved=False,
                approval_passed_on=False,
            )
        submitted._after_submit()
        for record in submitted:
            # sudo: what was submitted is for the server to say
            record.sudo().approval_fingerprint = record._approval_fingerprint()
        by_rule = submitted.filtered("approval_rule")
        approvers = (submitted - by_rule)._approvers()
        self._ask_approvers(approvers)
        (submitted - by_rule)._log_step(
            lambda record: record.env._(
                "Submitted for approval. Asked: %(approvers)s.",
                approvers=", ".join(approvers[record].sudo().mapped("name")),
            )
        )
        by_rule._do_approve_by_rule()

    def _do_approve_by_rule(self):
        """Approve, without anybody, what a rule of the company lets pass."""
        changed = self._set_state(
            self._approved_state, approved_on=fields.Datetime.now()
        )
        changed._log_step(
            lambda record: record.env._(
                "Submitted, and approved by rule: %(rule)s",
                rule=record.approval_rule,
            )
        )
        changed._after_approve()

    def _do_approve(self):
        own = self.filtered(lambda record: record.requested_by_id == self.env.user)
        changed = self.browse()
        for is_own, records in ((True, own), (False, self - own)):
            changed |= records._set_state(
                self._approved_state,
                approved_by_id=self.env.uid,
                approved_on=fields.Datetime.now(),
                is_self_approved=is_own,
            )
        changed._end_approval_activities()
        (changed - own)._log_step(lambda record: record.env._("Approved."))
        (changed & own)._log_own_approval()
        changed._tell_requester(
            lambda told: (
                told.env._("%(document)s is approved", document=told.display_name),
                told.env._(
                    "%(approver)s approved %(document)s.",
                    approver=self.env.user.name,
                    document=told.display_name,
                ),
            )
        )
        changed._after_approve()

    def _log_own_approval(self):
        """Note on the record and on the company that nobody else has looked at it."""
        self._log_step(
            lambda record: record.env._(
                "Approved by whoever requested it: the company has no other approver, "
                "and its settings allow it."
            )
        )
        for company, records in self.grouped("company_id").items():
            company._ar_log_own_approval(records)

    def _do_refuse(self, reason):
        changed = self._set_state(
            self._refused_state,
            refused_by_id=self.env.uid,
            refused_on=fields.Datetime.now(),
            refusal_reason=reason,
        )
        changed._end_approval_activities()
        changed._log_step(
            lambda record: record.env._("Refused: %(reason)s", reason=reason)
        )
        changed._tell_requester(
            lambda told: (
                told.env._("%(document)s is refused", document=told.display_name),
                told.env._(
                    "%(approver)s refused %(document)s: “%(reason)s” %(next_step)s",
                    approver=self.env.user.name,
                    document=told.display_name,
                    reason=reason,
                    next_step=told._words_after_refusal(),
                ),
            )
        )
        changed._after_refuse()

    def _do_withdraw(self):
        changed = self._set_state(self._refused_state)
        changed._end_approval_activities()
        changed._log_step(lambda record: record._words_of_withdrawal())
        changed._tell_requester(
            lambda told: (
                told.env._("%(document)s is withdrawn", document=told.display_name),
                told._words_to_requester(self.env.user),
            )
        )
        changed._after_refuse()

    # how a model says it ---------------------------------------------------------

    def _words_after_refusal(self):
        """What whoever requested it does next."""
        return self.env._("Change it and submit it again, or leave it.")

    def _words_of_withdrawal(self):
        """What stays on record."""
        return self.env._("Withdrawn: a draft again.")

    def _words_to_requester(self, user):
        """What whoever requested it reads when ``user`` withdrew it."""
        return self.env._(
            "%(approver)s made a draft of %(document)s again. Nothing was decided.",
            approver=user.name,
            document=self.display_name,
        )

    # who is asked ---------------------------------------------------------

    def _approvers(self):
        """Whom to ask first: dict record → ``res.users``.

        The manager in charge, or else everybody who may.

        :raises UserError: when nobody is there to ask
        """
        result = {}
        for company, records in self.grouped("company_id").items():
            everybody = company._ar_approvers()
            for record in records:
                others = everybody - record.requested_by_id
                result[record] = record._approval_policy_manager() & others or others
                if not others and company._ar_may_approve_own(record.requested_by_id):
                    result[record] = everybody
                if not result[record]:
                    raise UserError(
                        self.env._(
                            "Nobody could approve %(document)s: in %(company)s there "
                            "is no approver other than you. Ask an administrator to "
                            "make a colleague an approver (Settings → Users), or to "
                            "allow approving one's own requests (Settings → Invoicing "
                            "→ Agreements).",
                            document=record.display_name,
                            company=company.name,
                        )
                    )
        return result

    def _ask_approvers(self, users_of):
        """One activity for each approver, in their language.

        :param users_of: dict record → ``res.users``
        """
        vals_list = [
            record._approval_activity(user)
            for record, users in users_of.items()
            for user in users.sudo()
        ]
        # sudo: activities of approval are made and ended by the server alone
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.with_context(mail_activity_quick_update=True).create(vals_list)

    def _approval_activity(self, user):
        asked = self.with_context(lang=user.lang).with_company(self.company_id)
        requested = asked.env._("Requested by"), asked.requested_by_id.name
        rows = Markup().join(
            Markup(
                '<tr><td class="text-nowrap">%s</td><td><strong>%s</strong></td></tr>'
            )
            % row
            for row in [*asked._approval_key_figures(), requested]
        )
        return {
            "activity_type_id": self.env.ref(APPROVAL).id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "user_id": user.id,
            "summary": asked.env._("Approve %(document)s", document=asked.display_name),
            "note": Markup('<table class="table table-sm w-auto mb-2">%s</table>')
            % rows,
            "date_deadline": self.company_id._ar_today(),
            "automated": True,
        }

    def _approval_activities(self):
        """The open activities that ask for these approvals (sudo)."""
        # sudo: also those of approvers whom the user may not see
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("activity_type_id", "=", self.env.ref(APPROVAL).id),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                ]
            )
        )

    def _end_approval_activities(self):
        """Somebody decided: theirs is done, those of the others are void."""
        activities_sudo = self._approval_activities()
        own = activities_sudo.filtered(
            lambda activity: activity.user_id == self.env.user
        )
        own.action_archive()
        (activities_sudo - own).unlink()

    @api.model
    def _pass_on(self, company, today):
        """Ask the other approvers of what the first has not decided in time. Once.

        For all that waits in a company. Where the first can no longer approve, the
        others are asked at once.

        :param today: the company's date
        """
        waiting = self.search(
            [("company_id", "=", company.id), ("state", "=", "to_approve")]
        )
        everybody = company._ar_approvers()
        asked = {record: self.env["res.users"] for record in waiting}
        for activity_sudo in waiting._approval_activities():
            asked[self.browse(activity_sudo.res_id)] |= activity_sudo.user_id
        late = waiting._waiting_too_long(company, today)
        users_of = {}
        for record in waiting:
            others = everybody - asked[record] - record.requested_by_id
            if others and (record in late or not asked[record] & everybody):
                users_of[record] = others.sudo(False)
        passed = self.browse().union(*users_of)
        self._ask_approvers(users_of)
        # sudo: the day is the server's to say
        passed.sudo().approval_passed_on = today
        passed._log_step(
            lambda record: record.env._(
                "Nobody has decided yet. Also asked: %(approvers)s.",
                approvers=", ".join(users_of[record].sudo().mapped("name")),
            )
        )

    def _waiting_too_long(self, company, today):
        """Those not passed on yet that have waited as many of the company's working
        days as an approver may be absent."""
        limit = company.sudo().ar_approver_absent_days
        if not limit:
            return self.browse()
        late = self.browse()
        for start, records in (
            self.filtered(lambda record: not record.approval_passed_on)
            .grouped(lambda record: company._ar_local(record.requested_on).date())
            .items()
        ):
            if company._ar_working_days(start, today) >= limit:
                late |= records
        return late

    # who is told ---------------------------------------------------------

    def _log_step(self, say, **vals):
        """An internal note on each record, in the company's language.

        :param say: record → text; ``vals``: more of the notes, as ``author_id``
        """
        for company, records in self.grouped("company_id").items():
            speaking = company._ar_on_record(records)
            texts = {record.id: say(record) for record in speaking}
            speaking._message_log_batch(texts, **vals)

    def _tell_requester(self, tell):
        """Let whoever requested it know, in their language, unless they did it.

        :param tell: record → subject and text
        """
        for record in self:
            user_sudo = record.requested_by_id.sudo()  # sudo: a language, an address
            if user_sudo == self.env.user or not user_sudo.active:
                continue
            told = record.with_context(lang=user_sudo.lang)
            subject, text = tell(told)
            told.message_notify(
                partner_ids=user_sudo.partner_id.ids,
                subject=subject,
                body=Markup("<p>%s</p>") % text,
            )

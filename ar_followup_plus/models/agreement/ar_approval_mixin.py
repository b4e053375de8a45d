from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ArApprovalMixin(models.AbstractModel):
    """Submit, approve, refuse: what is agreed counts once somebody else approved it.

    The model has ``company_id`` and ``state`` (``draft``, ``to_approve`` and its own),
    and names what is approved, and what was refused or withdrawn, becomes. It says
    what is approved in ``_approval_key_figures`` and ``_approval_fingerprint``, and
    does what follows in ``_after_submit``, ``_after_approve`` and ``_after_refuse``.
    """

    _name = "ar.approval.mixin"
    _description = "Approval"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "ar.state.mixin",
        "ar.owned.fields.mixin",
    ]

    _approved_state = "approved"
    _refused_state = "draft"

    requested_by_id = fields.Many2one(
        "res.users",
        string="Requested by",
        default=lambda self: self.env.user,
        copy=False,
        ondelete="restrict",
        help="Whoever last changed the figures or submitted them. Somebody else "
        "approves.",
    )
    requested_on = fields.Datetime(string="Requested on", copy=False)
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", copy=False, ondelete="restrict"
    )
    approved_on = fields.Datetime(string="Approved on", copy=False)
    approval_rule = fields.Char(
        string="Approved by Rule",
        copy=False,
        help="The rule by which no person had to approve, and who widened it.",
    )
    is_self_approved = fields.Boolean(
        string="Self-approved",
        copy=False,
        help="Whoever requested it approved it, too: nobody else could.",
    )
    refused_by_id = fields.Many2one(
        "res.users", string="Refused by", copy=False, ondelete="restrict"
    )
    refused_on = fields.Datetime(string="Refused on", copy=False)
    refusal_reason = fields.Text(string="Why Refused", copy=False)
    approval_fingerprint = fields.Char(
        copy=False, help="What was submitted, to the cent: only that is approved."
    )
    approval_passed_on = fields.Date(
        string="Passed on",
        copy=False,
        help="The day on which the other approvers were asked, too.",
    )
    can_approve = fields.Boolean(
        compute="_compute_can_approve", help="Whether you may approve or refuse it now."
    )
    approval_hint = fields.Char(
        compute="_compute_can_approve", help="Why you cannot approve or refuse it."
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "approval_fingerprint",
            "approval_passed_on",
            "approval_rule",
            "approved_by_id",
            "approved_on",
            "is_self_approved",
            "refusal_reason",
            "refused_by_id",
            "refused_on",
            "requested_by_id",
            "requested_on",
        }

    def _set_requester(self):
        """Whoever last changed the figures asks for the approval."""
        # sudo: the server says who it was, not the person
        self.sudo().requested_by_id = self.env.user

    # what the model says ---------------------------------------------------------

    def _approval_key_figures(self):
        """What the approver looks at, in the language of the context.

        :return: list of (label, text)
        """
        raise NotImplementedError

    def _approval_fingerprint(self):
        """What exactly is approved, as text: two that differ anywhere differ here."""
        raise NotImplementedError

    def _approval_policy_manager(self):
        """Who approves first (``res.users``), maybe nobody."""
        return self.company_id.sudo().ar_manager_id

    def _rule_that_approves(self):
        """The rule by which nobody has to approve it, in words to keep, or ``""``."""
        return ""

    def _check_can_submit(self):
        """
        :raises UserError: when something is missing, with what to do about it
        """

    def _after_submit(self):
        """What follows for those submitted just now.

        They are ``to_approve``; those with an ``approval_rule`` become ``approved``
        right after, so nothing has to be held for them.
        """

    def _after_approve(self):
        """What follows for those approved just now, by a person or a rule."""

    def _after_refuse(self):
        """What follows for those refused or withdrawn, drafts again or over."""

    # who may ---------------------------------------------------------

    @api.depends("state", "requested_by_id", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_can_approve(self):
        why_not = self._why_not_approve()
        for record in self:
            record.can_approve = record not in why_not
            waits = record.state == "to_approve"
            record.approval_hint = waits and str(why_not.get(record, "")) or False

    def _why_not_approve(self):
        """Why the user can neither approve nor refuse: dict record → exception.

        What they may decide is left out.
        """
        result = {}
        user = self.env.user
        for company, records in self.grouped("company_id").items():
            company = company or self.env.company
            may = user in company._ar_approvers()
            may_own = company._ar_may_approve_own(user)
            for record in records:
                if not may:
                    result[record] = AccessError(
                        self.env._("This is decided by an approver of the company.")
                    )
                elif record.state != "to_approve":
                    result[record] = UserError(
                        self.env._(
                            "%(document)s does not wait for an approval (any more): "
                            "somebody has decided, or it was withdrawn. Look at it "
                            "again.",
                            document=record.display_name,
                        )
                    )
                elif record.requested_by_id == user and not may_own:
                    result[record] = AccessError(
                        self.env._(
                            "You submitted this yourself, or were the last to change "
                            "it, so it is decided by an approver other than you."
                        )
                    )
        return result

    def _check_can_approve(self, fingerprint=None):
        """
        :param fingerprint: of what the user saw; None or False: as it stands now
        :raises AccessError: for whoever may not, and for one's own request
        :raises UserError: when it does not wait, or is not what was submitted or seen
        """
        self.check_access("read")
        for error in self._why_not_approve().values():
            raise error
        for record in self:
            submitted = record.approval_fingerprint
            seen = submitted if fingerprint in (None, False) else fingerprint
            if seen != submitted or record._approval_fingerprint() != submitted:
                raise UserError(
                    self.env._(
                        "%(document)s was changed since. Nothing was approved: "
                        "reload the page, look at it again, then decide.",
                        document=record.display_name,
                    )
                )

    def _check_is_collector(self):
        self.check_access("write")
        if not self.env.user.has_group("ar_followup_plus.group_ar_collector"):
            raise AccessError(
                self.env._("Only collectors and approvers submit or withdraw this.")
            )

    # buttons ---------------------------------------------------------

    def action_submit(self):
        """Ask for the approval of drafts.

        :raises AccessError: for whoever may not
        :raises UserError: when one cannot be submitted, or nobody could approve it
        """
        self._check_is_collector()
        for record in self:
            if record.state != "draft":
                raise UserError(
                    self.env._(
                        "%(document)s is no draft any more, so it cannot be submitted.",
                        document=record.display_name,
                    )
                )
        # one after the other: what the first takes, the next cannot have
        for record in self:
            record._check_can_submit()
            record._do_submit()
        return True

    def action_approve(self, fingerprint=None):
        """Approve what was submitted.

        :param fingerprint: of what the user saw; else the context may have it as
            ``approval_fingerprint``
        :raises AccessError: for whoever may not, and for one's own request
        :raises UserError: when it does not wait, or was changed since
        """
        seen = fingerprint
        if seen is None:
            seen = self.env.context.get("approval_fingerprint")
        self._check_can_approve(seen)
        self._do_approve()
        return True

    def action_refuse(self, reason=None):
        """Send it back to who requested it.

        :param reason: what they read; None: open a window that asks for it
        :raises AccessError: for whoever may not
        :raises UserError: when it does not wait, or without a reason
        """
        self.check_access("read")
        for error in self._why_not_approve().values():
            raise error
        if reason is None:
            return self._ask_for_reason()
        if not reason or not reason.strip():
            raise UserError(
                self.env._("Say why, so that whoever requested it can mend it.")
            )
        self._do_refuse(reason.strip())
        return True

    def _ask_for_reason(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "ar.approval.refuse",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def action_withdraw(self):
        """Take it back before anybody decided: a draft again, where there are drafts.

        :raises AccessError: for whoever neither requested nor could decide it
        :raises UserError: when it does not wait
        """
        self._check_is_collector()
        for record in self:
            user = self.env.user
            if user not in record.requested_by_id | record.company_id._ar_approvers():
                raise AccessError(
                    self.env._(
                        "This is withdrawn by %(requester)s, who requested it, or "
                        "by an approver.",
                        requester=record.requested_by_id.name,
                    )
                )
            if record.state != "to_approve":
                raise UserError(
                    self.env._(
                        "%(document)s does not wait for an approval (any more), so "
                        "it cannot be withdrawn.",
                        document=record.display_name,
                    )
                )
        self._do_withdraw()
        return True

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

#: how an answer came in; what comes through the portal, the portal alone records
HOW = [
    ("portal", "In the portal"),
    ("phone", "By phone"),
    ("email", "By email"),
    ("meeting", "In a meeting"),
    ("letter", "By letter"),
]
BY_HAND = [how for how in HOW if how[0] != "portal"]
#: somebody spoke with the customer
SPOKEN = ("phone", "meeting")
OFFER_TEMPLATE = "ar_followup_plus.mail_template_plan_offer"


class ArPaymentPlan(models.Model):
    """The offer: it goes out, and is accepted, declined, or lapses."""

    _inherit = "ar.payment.plan"

    accepted_on = fields.Datetime(copy=False)
    accepted_by = fields.Char(
        copy=False, help="Who accepted it for the customer, as they gave their name."
    )
    accepted_how = fields.Selection(HOW, string="How It Was Accepted", copy=False)
    accepted_log_id = fields.Many2one(
        "ar.contact.log",
        string="Contact",
        copy=False,
        ondelete="restrict",
        help="The contact in which it was accepted.",
    )
    accepted_ip = fields.Char(string="IP Address", copy=False)
    accepted_agent = fields.Char(string="Browser", copy=False)
    accepted_hash = fields.Char(
        string="Checksum",
        copy=False,
        help="SHA-256 of the schedule that was accepted: reference, currency, invoices "
        "and parts covered, days and amounts.",
    )
    signature = fields.Binary(attachment=True, copy=False)
    decline_reason = fields.Text(string="Why Declined", copy=False)

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {
            "accepted_agent",
            "accepted_by",
            "accepted_hash",
            "accepted_how",
            "accepted_ip",
            "accepted_log_id",
            "accepted_on",
            "decline_reason",
            "signature",
        }

    # it goes out -----------------------------------------------------------------

    def _send_offer(self):
        """The offer leaves as a message of its own; else the collector is told."""
        template = self.env.ref(OFFER_TEMPLATE, raise_if_not_found=False)
        messages = self.env["ar.followup.reminder"]._make_messages(
            [
                {
                    "case_id": plan.case_id.id,
                    "kind": "plan_offer",
                    "is_demand": False,
                    "mail_template_id": template.id,
                    "level_name": plan._on_record().env._("Payment plan offered"),
                    "plan_id": plan.id,
                }
                for plan in self
                if template
            ]
        )
        messages._leave()
        # sudo: whether there is one, whoever may read it
        (self - messages.sudo().plan_id.sudo(False))._tell_collector(
            lambda plan: (
                plan.env._("Give the customer the payment plan"),
                plan.env._(
                    "%(plan)s is approved, but there is no address to send it to. "
                    "Print it or call, and record the answer by %(day)s.",
                    plan=plan.name,
                    day=format_date(plan.env, plan.offer_until, date_format="long"),
                ),
            )
        )

    def _tell_collector(self, say):
        """Something to do for whoever looks after the customers, in their language.

        :param say: plan → what to do, in short and in full
        """
        if not self:
            return
        responsible = self.case_id._responsible()
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        vals_list = []
        for plan in self:
            user_sudo = (responsible[plan.case_id] or plan.requested_by_id).sudo()
            told = plan.with_context(lang=user_sudo.lang)
            summary, note = say(told)
            vals_list.append(
                {
                    "activity_type_id": activity_type.id,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": plan.id,
                    "user_id": user_sudo.id,
                    "summary": summary,
                    "note": plaintext2html(note),
                    "date_deadline": plan._today(),
                    "automated": True,
                }
            )
        # sudo: whoever answers, the engine tells
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.with_context(mail_activity_quick_update=True).create(vals_list)

    # it is answered --------------------------------------------------------------

    def action_open_answer(self):
        """Button: ask how the customer answered, and what they said."""
        self.ensure_one()
        self._check_can_answer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Customer's Answer"),
            "res_model": "ar.payment.plan.answer",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def action_accept(self, how="phone", name=None, said=None):
        """Record that the customer accepts the offer.

        :param how: ``phone``, ``email``, ``meeting`` or ``letter``
        :param name: who accepted; None: the customer
        :param said: what was said, for the contact log
        :raises AccessError: for whoever may not
        :raises UserError: when it is no offer (any more)
        """
        self._check_can_answer(how)
        for plan in self:
            plan._do_accept(how, name, log_vals={"summary": said} if said else None)
        return True

    def action_decline(self, reason=None, how="phone", name=None):
        """Record that the customer declines the offer.

        :param reason: what they said
        :param how, name: as of ``action_accept``
        :raises AccessError: for whoever may not
        :raises UserError: when it is no offer (any more)
        """
        self._check_can_answer(how)
        for plan in self:
            plan._do_decline(reason, name, how)
        return True

    def _check_can_answer(self, how="phone"):
        self._check_is_collector()
        if how not in dict(BY_HAND):
            raise UserError(
                self.env._(
                    "Say how the answer came: by phone, email, letter or in a meeting."
                )
            )
        for plan in self:
            plan._check_is_offer()

    def _check_is_offer(self):
        """
        :raises UserError: when there is nothing to accept or decline (any more)
        """
        if self._can_be_answered():
            return
        if self.state != "approved":
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(plan)s cannot be accepted or declined: it is “%(state)s”.",
                    plan=self.name,
                    state=labels[self.state],
                )
            )
        raise UserError(
            self.env._(
                "The offer %(plan)s ended on %(day)s. A new plan can be proposed.",
                plan=self.name,
                day=format_date(self.env, self.offer_until, date_format="long"),
            )
        )

    def _lock(self):
        """Nobody else moves these plans on at the same time.

        :raises UserError: while somebody does
        """
        self.env.flush_all()
        plans_sudo = self.sudo()  # sudo: also for who has no account
        if plans_sudo.try_lock_for_update(allow_referencing=True) != plans_sudo:
            raise UserError(
                self.env._(
                    "Somebody is working on this payment plan right now. Look at it "
                    "again in a moment."
                )
            )
        self.invalidate_recordset()

    def _do_accept(self, how, name, signature=None, ip=None, agent=None, log_vals=None):
        """The customer accepts: the plan is in force, and an earlier one is replaced.

        :param how: one of ``HOW``; who may has been checked
        :param name: who accepted, or None: the customer
        :param signature: an image, base64; ``ip``, ``agent``: of the browser
        :param log_vals: more of the contact log entry
        :raises UserError: when it is no offer (any more)
        """
        self.ensure_one()
        self._lock()
        self._check_is_offer()
        name = name or self.partner_id.sudo().display_name
        speaking = self._on_record()
        summary = speaking.env._(
            "%(name)s accepts the payment plan %(plan)s.", name=name, plan=self.name
        )
        log = self._log_answer(how, summary, log_vals)
        self._set_state(
            "active",
            accepted_on=fields.Datetime.now(),
            accepted_by=name,
            accepted_how=how,
            accepted_log_id=log.id,
            accepted_ip=ip,
            accepted_agent=agent,
            accepted_hash=self._hash(),
            signature=signature,
        )
        self._log_step(lambda _plan: summary)
        # sudo: one agreement takes the place of the other
        old_sudo = self.sudo().replaces_id
        if old_sudo.state == "active":
            old_sudo._end(
                "replaced",
                lambda plan: plan.env._("Replaced by %(plan)s.", plan=self.name),
            )
        self._hold("planned", None)

    def _do_decline(self, reason, name, how="portal"):
        """The customer declines: the offer is over, and the collector is told.

        :param reason: what they said; ``name``, ``how``: as of ``_do_accept``
        :raises UserError: when it is no offer (any more)
        """
        self.ensure_one()
        self._lock()
        self._check_is_offer()
        name = name or self.partner_id.sudo().display_name
        reason = (reason or "").strip()
        summary = self._on_record().env._(
            "%(name)s declines the payment plan %(plan)s.", name=name, plan=self.name
        )
        self._log_answer(how, summary, {"summary": reason} if reason else None)
        self._end(
            "declined",
            lambda _plan: "\n".join(filter(None, (summary, reason))),
            decline_reason=reason or False,
        )
        if how == "portal":
            self._tell_collector(
                lambda plan: (
                    plan.env._("The payment plan was declined"),
                    "\n".join(
                        filter(
                            None,
                            (
                                plan.env._(
                                    "%(name)s declines %(plan)s. Find another way "
                                    "with the customer.",
                                    name=name,
                                    plan=plan.name,
                                ),
                                reason,
                            ),
                        )
                    ),
                )
            )

    def _log_answer(self, how, summary, vals):
        """The entry in the contact log of an answer to the offer."""
        vals = dict(vals or {})
        vals["summary"] = "\n".join(filter(None, (summary, vals.get("summary"))))
        if how == "portal":
            vals = {"user_id": False, "automated": True, **vals}
        # sudo: also for who has no account; the case is decided anew at the end
        log_sudo = self.env["ar.contact.log"].sudo()
        return log_sudo.with_context(ar_reassess_later=True).create(
            {
                "case_id": self.case_id.id,
                "channel": how,
                "direction": "in",
                "outcome": "reached" if how in SPOKEN else "other",
                **vals,
            }
        )

    def _accepted_day(self):
        """When it was accepted, on the company's clock; never: before any day."""
        self.ensure_one()
        if not self.accepted_on:
            return date.min
        return self.company_id._ar_local(self.accepted_on).date()

    def _log_step(self, say, **vals):
        """Who is not logged in is the customer, behind the link of their mail."""
        if self.env.user._is_public():
            vals["author_id"] = self.partner_id[:1].id
        return super()._log_step(say, **vals)

    # it ends -----------------------------------------------------------------------

    def _end(self, end_reason, why, **vals):
        """The plans are over, and what they held is followed up again.

        :param end_reason: one of the field's codes
        :param why: plan, in the company's language → what to note
        :return: those that ended just now
        """
        ended = self._set_state("cancelled", end_reason=end_reason, **vals)
        ended._end_approval_activities()
        ended._log_step(why)
        ended._end_holds(why)
        return ended

    @api.model
    def _lapse(self, company, today):
        """Offers that nobody accepted in time are over. Daily.

        :param today: the company's date
        :return: the plans that lapsed
        """
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "approved"),
            ("offer_until", "<", today),
        ]
        # what is being accepted right now is looked at again tomorrow
        plans_sudo = self.sudo().search(domain)  # sudo: the engine's daily work
        plans_sudo = plans_sudo.try_lock_for_update(allow_referencing=True)
        plans_sudo.invalidate_recordset(["offer_until", "state"])
        lapsed_sudo = plans_sudo.filtered_domain(domain)._end(
            "lapsed", lambda plan: plan.env._("The offer was not accepted in time.")
        )
        lapsed_sudo._tell_collector(
            lambda plan: (
                plan.env._("The payment plan was not accepted in time"),
                plan.env._(
                    "%(plan)s ended on %(day)s without an answer. The customer is "
                    "reminded again; a call may find out why.",
                    plan=plan.name,
                    day=format_date(plan.env, plan.offer_until, date_format="long"),
                ),
            )
        )
        return lapsed_sudo.sudo(self.env.su)

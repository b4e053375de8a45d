from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

TO_DECIDE = "ar_followup_plus.mail_activity_type_dispute"
LATE = "ar_followup_plus.mail_activity_type_dispute_late"


class ArDispute(models.Model):
    """Who looks into it, and who hears when the customer has no answer in time."""

    _inherit = "ar.dispute"

    late_told_on = fields.Date(
        readonly=True,
        copy=False,
        help="The manager was told on this day that the deadline passed.",
    )

    # serves the search for late ones, on every tick
    _open_deadline_idx = models.Index(
        "(date_deadline) WHERE state = 'open' AND late_told_on IS NULL"
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"late_told_on"}

    def _manager(self):
        """Who decides what the owner cannot, and hears of what is late."""
        manager = self.case_id._managers()[self.case_id]
        return (manager or self.company_id._ar_approvers()[:1]).sudo(False)

    def _ask_owner(self):
        """One activity on each, for its owner, with its deadline."""
        self._plan_activities(
            TO_DECIDE,
            {dispute: dispute.user_id for dispute in self},
            lambda told: told._in_short(),
        )

    def _in_short(self):
        """What it is about, in the language of the record's reader."""
        return self.env._(
            "%(customer)s disputes %(amount)s of %(invoice)s (%(reason)s).",
            customer=self.partner_id.sudo().display_name,
            amount=self.currency_id.format(self.amount_disputed),
            invoice=self._invoice_name(),
            reason=self.sudo().reason_id.name,
        )

    def _plan_activities(self, activity_type, people, say):
        """Something to do about each, for somebody, in their language.

        :param people: dict dispute → ``res.users``, maybe empty
        :param say: dispute → text
        """
        kind = self.env.ref(activity_type)
        vals_list = []
        for dispute in self:
            user_sudo = people[dispute].sudo()
            if not user_sudo:
                continue
            vals_list.append(
                {
                    "activity_type_id": kind.id,
                    "summary": kind.with_context(lang=user_sudo.lang).summary,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": dispute.id,
                    "user_id": user_sudo.id,
                    "note": plaintext2html(
                        say(dispute.with_context(lang=user_sudo.lang))
                    ),
                    "date_deadline": max(dispute.date_deadline, dispute._today()),
                    "automated": True,
                }
            )
        # sudo: whoever records it, the engine tells
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.with_context(mail_activity_quick_update=True).create(vals_list)

    def _end_asking(self):
        """Nobody has to look into them any more."""
        # sudo: whose activities they are does not matter
        self.sudo().activity_search([TO_DECIDE, LATE]).unlink()

    def _after_new_owner_or_deadline(self):
        """The activity goes to the new owner, with the new day."""
        if not self:
            return
        self._end_asking()
        # sudo: the server's own; a new day may pass, too
        self.sudo().late_told_on = False
        self._ask_owner()

    # the deadline --------------------------------------------------------------------

    @api.model
    def _tell_of_late(self, company, today):
        """Tell the managers, once, of what should have been answered by now.

        :param today: the company's date
        """
        late = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("late_told_on", "=", False)
            & Domain("date_deadline", "<", today),
            order="id",
        )
        late._plan_activities(
            LATE,
            {dispute: dispute._manager() for dispute in late},
            lambda told: told.env._(
                "%(what)s The customer should have had an answer; %(owner)s looks into "
                "it.",
                what=told._in_short(),
                owner=told.user_id.sudo().name or told.env._("Nobody"),
            ),
        )
        # sudo: the server says when
        late.sudo().late_told_on = today

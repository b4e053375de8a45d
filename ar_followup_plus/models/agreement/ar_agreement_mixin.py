from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ArAgreementMixin(models.AbstractModel):
    """What is agreed with one customer, or disputed by them, and what waits for it.

    While it stands, nobody asks for the money it is about: it holds what
    ``_held_parts`` says, and lets go of it when it ends. The model has a field of
    ``ar.followup.hold`` of its own, named in ``_hold_field``.
    """

    _name = "ar.agreement.mixin"
    _description = "Agreement with a Customer"
    _inherit = ["ar.state.mixin", "ar.owned.fields.mixin"]

    _hold_field = None

    case_id = fields.Many2one(
        "ar.followup.case",
        string="Follow-up Case",
        required=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="case_id.partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, precompute=True, index=True
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"company_id", "partner_id", "state"}

    def _today(self):
        """The day on the company's clock."""
        return (self.company_id or self.env.company)._ar_today()

    def _on_record(self):
        """Speaking the company's language: for texts that stay."""
        return self.company_id._ar_on_record(self)

    @api.model
    def _raise_problem(self, problem):
        if problem:
            raise UserError(problem)

    def _problem_of_contact(self, log_sudo):
        """Why a contact is not the one in which the customer said it, or ``""``."""
        if not log_sudo or log_sudo.case_id == self.sudo().case_id:
            return ""
        return self.env._("The contact is one with another customer: leave it out.")

    # what it is about --------------------------------------------------------------

    def _ensure_items(self):
        """What follow-up knows of the invoices (as superuser)."""
        raise NotImplementedError

    def _take_items(self):
        """Whoever agrees on something else about these invoices starts over.

        :raises UserError: while somebody is working on one of them
        """
        items_sudo = self._ensure_items()
        if items_sudo.try_lock_for_update(allow_referencing=True) != items_sudo:
            raise UserError(
                self.env._(
                    "Somebody is working on these invoices right now. Try again in a "
                    "moment."
                )
            )
        # A lock alone is not seen by a transaction that began before this one ended.
        self.env.cr.execute(
            SQL(
                "UPDATE ar_followup_item SET write_date = %s WHERE id = ANY(%s)",
                self.env.cr.now(),
                items_sudo.ids,
            )
        )

    # what waits --------------------------------------------------------------------

    def _held_parts(self):
        """What one of them holds.

        :return: list of (item, part of it in its currency; 0: all of it)
        """
        raise NotImplementedError

    def _hold_note(self):
        """What a hold of it says, in the company's language."""
        return self._on_record().display_name

    def _hold_user(self):
        """Who has it hold (``res.users``)."""
        return self.create_uid

    def _hold(self, kind, until):
        """Leave alone what they are about, instead of what they held so far.

        :param kind: the kind of hold
        :param until: the last day, or None: until they end
        """
        self._lift_holds(lambda record: record.env._("It has gone on."))
        vals_list = [
            {
                "case_id": record.case_id.id,
                "item_id": item.id,
                self._hold_field: record.id,
                "kind": kind,
                "is_partial": bool(part),
                "amount": part,
                "date_from": record._today(),
                "date_to": until,
                "note": record._hold_note(),
                "user_id": record._hold_user().id,
            }
            for record in self
            for item, part in record._held_parts()
        ]
        # sudo: these holds follow from the agreement, and begin and end with it
        Hold_sudo = self.env["ar.followup.hold"].sudo()
        Hold_sudo.with_context(ar_reassess_later=True).create(vals_list)
        self.case_id._reassess()

    def _end_holds(self, why):
        """What they held is followed up again.

        :param why: record, in the company's language → text
        """
        self._lift_holds(why)
        self.case_id._reassess()

    def _lift_holds(self, why):
        # sudo: as above
        holds_sudo = self.env["ar.followup.hold"].sudo()
        for record, holds in (
            holds_sudo.search(
                [(self._hold_field, "in", self.ids), ("lifted_on", "=", False)]
            )
            .grouped(self._hold_field)
            .items()
        ):
            over = holds.filtered(
                lambda hold: hold.date_to and hold.date_to < hold.company_id._ar_today()
            )
            (holds - over).with_context(ar_reassess_later=True)._do_lift(
                why(record.sudo(False)._on_record())
            )

    # windows -----------------------------------------------------------------------

    def action_open_case(self):
        """Smart button: the customer's case, with all that happened."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.followup.case",
            "res_id": self.case_id.id,
            "views": [(False, "form")],
        }

    def _open_all(self):
        """The window on these: the page of a single one, the list of many."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"ar_followup_plus.{self._table}_action"
        )
        action["context"] = {}
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)]}

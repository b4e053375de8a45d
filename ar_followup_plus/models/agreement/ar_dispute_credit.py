from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

POST = "ar_followup_plus.mail_activity_type_dispute_credit"


class ArDispute(models.Model):
    """Accepted: a draft credit note, which an accountant posts.

    Until then nobody is asked for the amount, and nobody is promised anything.
    """

    _inherit = "ar.dispute"

    credit_note_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
    )

    @api.model
    def _owned_fields(self):
        return super()._owned_fields() | {"credit_note_id"}

    def action_accept(self, amount=None, explanation=None, quantities=None):
        """The customer is right: prepare the credit note, for an accountant to post.

        :param amount: how much, in the invoice's currency, taxes included; None or 0:
            all that is disputed, or what the goods come to
        :param explanation: what the customer reads; for a part, why not all of it
        :param quantities: goods returned, as pairs of an invoice line's id and how
            many of it
        :raises AccessError: for whoever may not
        :raises UserError: when it is over, or for an amount that cannot be
        """
        self._check_can_accept(amount, quantities)
        for dispute in self:
            dispute._do_accept(amount, (explanation or "").strip(), quantities)
        return True

    def _check_can_accept(self, amount, quantities):
        self._check_can_decide()
        if quantities and (amount or len(self) > 1):
            raise UserError(
                self.env._(
                    "Say an amount, or which goods came back, of one dispute at a time."
                )
            )
        for dispute in self:
            currency = dispute.currency_id
            if not amount:
                continue
            if currency.compare_amounts(amount, 0) < 0:
                raise UserError(self.env._("Accept more than zero, or reject it."))
            if currency.compare_amounts(amount, dispute.amount_disputed) > 0:
                raise UserError(dispute._say_too_much(amount))

    def _say_too_much(self, amount):
        money = self.currency_id.format
        return self.env._(
            "%(amount)s is more than the %(disputed)s that the customer disputes: "
            "accept that at most, or record another dispute about the rest.",
            amount=money(amount),
            disputed=money(self.amount_disputed),
        )

    def _do_accept(self, amount, explanation, quantities):
        amount = self.currency_id.round(amount or self.amount_disputed)
        note_sudo = self._make_credit_note(amount, quantities)
        total = note_sudo.amount_total
        if self.currency_id.compare_amounts(total, self.amount_disputed) > 0:
            raise UserError(self._say_too_much(total))
        if self.currency_id.compare_amounts(total, 0) <= 0:
            raise UserError(
                self.env._(
                    "The goods chosen come to nothing: choose an amount instead."
                )
            )
        self._end(
            self._accepted_state(total),
            amount_accepted=total,
            explanation=explanation or False,
            credit_note_id=note_sudo.id,
            credit_pending=True,
            resolved_by_id=self.env.uid,
        )
        self._note(
            lambda dispute: dispute.env._(
                "Accepted: %(amount)s. Once the credit note is posted, the customer "
                "hears of it.",
                amount=dispute.currency_id.format(total),
            )
        )
        self._ask_accountant()
        self.case_id._reassess()

    def _accepted_state(self, amount):
        less = self.currency_id.compare_amounts(amount, self.amount_disputed) < 0
        return "partly" if less else "accepted"

    # the credit note -----------------------------------------------------------------

    def _make_credit_note(self, amount, quantities):
        """A draft credit note from the invoice, as its button makes one (superuser).

        :param amount: what it comes to, taxes included
        :param quantities: else which goods, as ``action_accept`` takes them
        """
        self.ensure_one()
        # sudo: a draft, which an accountant posts, whoever found out what is right
        move_sudo = self.sudo().move_id.with_company(self.company_id)
        wizard_sudo = (
            move_sudo.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move_sudo.ids)
            .create(
                {
                    "date": self._today(),
                    "reason": self._reason_for_customer(),
                    "journal_id": move_sudo.journal_id.id,
                }
            )
        )
        wizard_sudo.refund_moves()
        note_sudo = wizard_sudo.new_move_ids
        if quantities:
            self._keep_goods(note_sudo, quantities)
        elif self.currency_id.compare_amounts(amount, move_sudo.amount_total):
            self._keep_amount(note_sudo, amount)
        return note_sudo

    def _reason_for_customer(self):
        """Why, in the customer's language: it stands on the credit note."""
        self_sudo = self.sudo()  # sudo: a language, a reason's name
        lang = self_sudo.partner_id.lang or self.env.lang
        return self_sudo.reason_id.with_context(lang=lang).name

    def _keep_goods(self, note_sudo, quantities):
        """Of the credit note, leave the goods that came back.

        :raises UserError: for goods that the invoice does not have, or not so many
        """
        of_invoice = self._goods()
        # copied in this order
        of_note = note_sudo.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        line_of = dict(zip(of_invoice.ids, of_note, strict=True))
        back = {int(line_id): float(quantity) for line_id, quantity in quantities}
        for line in of_invoice:
            if not 0 <= back.get(line.id, 0) <= line.quantity:
                raise UserError(
                    self.env._(
                        "%(goods)s: %(quantity)s were invoiced, no more can come back.",
                        goods=line.name,
                        quantity=line.quantity,
                    )
                )
        if not back.keys() <= line_of.keys() or not any(back.values()):
            raise UserError(self.env._("Choose which goods of the invoice came back."))
        note_sudo.write(
            {
                "invoice_line_ids": [
                    Command.update(line.id, {"quantity": back[line_id]})
                    if back.get(line_id)
                    else Command.delete(line.id)
                    for line_id, line in line_of.items()
                ]
            }
        )
        note_sudo.invoice_line_ids.filtered(
            lambda line: line.display_type != "product"
        ).unlink()

    def _goods(self):
        """The lines of the invoice that can be credited (as superuser)."""
        return self.sudo().move_id.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )

    def _keep_amount(self, note_sudo, amount):
        """Instead of the goods, an amount of money: with the invoice's accounts and
        taxes, each in its share, and the total to the cent.

        Odoo shares out a down payment the same way. No goods come back, so no line
        names any.
        """
        Tax = note_sudo.env["account.tax"]
        company = note_sudo.company_id
        move_sudo = note_sudo.reversed_entry_id
        base_lines, _tax_lines = move_sudo._get_rounded_base_and_tax_lines()
        shares = Tax._prepare_down_payment_lines(
            base_lines=base_lines,
            company=company,
            amount_type="fixed",
            amount=amount,
            computation_key=f"ar_dispute,{self.id}",
            grouping_function=lambda base_line: {
                "tax_ids": base_line["tax_ids"],
                "account_id": base_line["account_id"],
            },
        )
        name = f"{self._reason_for_customer()}, {move_sudo.name}"
        note_sudo.write(
            {
                "invoice_cash_rounding_id": False,
                "invoice_line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": name,
                                "quantity": 1,
                                "price_unit": share["price_unit"],
                                "account_id": share["account_id"].id,
                                "tax_ids": [Command.set(share["tax_ids"].ids)],
                                "analytic_distribution": share["analytic_distribution"],
                                "extra_tax_data": (
                                    Tax._export_base_line_extra_tax_data(share)
                                ),
                            }
                        )
                        for share in shares
                    ),
                ],
            }
        )

    # who posts it --------------------------------------------------------------------

    def _ask_accountant(self):
        """An activity on the credit note, for whoever may post it."""
        for dispute in self:
            user_sudo = dispute._who_posts().sudo()
            if not user_sudo:
                continue
            note_sudo = dispute.sudo().credit_note_id
            speaking = note_sudo.with_context(
                lang=user_sudo.lang, mail_activity_quick_update=True
            )
            text = speaking.env._(
                "%(dispute)s, %(customer)s: %(amount)s accepted by %(person)s. Once it "
                "is posted, the customer hears of it. If you delete it, the dispute is "
                "open again.",
                dispute=dispute.name,
                customer=dispute.partner_id.sudo().display_name,
                amount=dispute.currency_id.format(dispute.amount_accepted),
                person=self.env.user.name,
            )
            speaking.activity_schedule(
                POST,
                date_deadline=dispute._today(),
                note=plaintext2html(text),
                user_id=user_sudo.id,
            )

    def _who_posts(self):
        """Who may post the credit note: the manager, else somebody who may."""
        company = self.company_id
        people = (self._manager(), self.env.user, *company._ar_approvers())
        group = "account.group_account_invoice"
        return company._ar_signatory(
            user for user in people if user and user.has_group(group)
        )

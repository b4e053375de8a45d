from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ArDisputeAccept(models.TransientModel):
    """Asks how much of a dispute is accepted: an amount, or goods that came back."""

    _name = "ar.dispute.accept"
    _description = "Accept a Dispute"

    dispute_id = fields.Many2one("ar.dispute", required=True, readonly=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    amount_disputed = fields.Monetary(related="dispute_id.amount_disputed")
    how = fields.Selection(
        [
            ("all", "All of it"),
            ("part", "A part of it"),
            ("goods", "The goods that came back"),
        ],
        string="Accept",
        required=True,
        default="all",
    )
    amount = fields.Monetary(help="In the invoice's currency, taxes included.")
    line_ids = fields.One2many(
        "ar.dispute.accept.line",
        "accept_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    explanation = fields.Text(string="Explanation for the Customer")

    @api.depends("dispute_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    # sudo: the goods of the invoice, whoever looks into it
                    Command.create(
                        {
                            "invoice_line_id": line_sudo.id,
                            "name": line_sudo.name,
                            "quantity_invoiced": line_sudo.quantity,
                        }
                    )
                    for line_sudo in wizard.dispute_id._goods()
                ),
            ]

    def action_accept(self):
        """Accept the dispute, and prepare the credit note."""
        self.ensure_one()
        amount = quantities = None
        if self.how == "part":
            amount = self._chosen_amount()
        elif self.how == "goods":
            quantities = self._chosen_goods()
        self.dispute_id.action_accept(amount, self.explanation, quantities)
        return {"type": "ir.actions.act_window_close"}

    def _chosen_amount(self):
        if self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("Say how much is accepted: more than zero."))
        return self.amount

    def _chosen_goods(self):
        """Pairs of an invoice line's id and how many of it came back."""
        chosen = [
            (line.invoice_line_id, line.quantity)
            for line in self.line_ids
            if line.quantity
        ]
        if not chosen:
            raise UserError(self.env._("Say how many of the goods came back."))
        return chosen

from odoo import fields, models


class ArDisputeAcceptLine(models.TransientModel):
    """How many of an invoice's goods came back."""

    _name = "ar.dispute.accept.line"
    _description = "Goods That Came Back"
    _order = "id"

    accept_id = fields.Many2one(
        "ar.dispute.accept", required=True, ondelete="cascade", index=True
    )
    # a number: whoever looks into a dispute need not have rights on entries
    invoice_line_id = fields.Integer(readonly=True)
    name = fields.Char(string="Goods", readonly=True)
    quantity_invoiced = fields.Float(
        string="Invoiced", digits="Product Unit", readonly=True
    )
    quantity = fields.Float(string="Came Back", digits="Product Unit")

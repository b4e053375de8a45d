from odoo import api, models
from odoo.fields import Command


class ArPaymentPlan(models.Model):
    """Where a plan begins: with invoices, in a window that asks for the rest."""

    _inherit = "ar.payment.plan"

    @api.model
    def _open_proposal(self, lines):
        """The window in which a plan over these journal items is drawn up.

        :raises AccessError: for whoever must not propose plans
        :raises UserError: when they cannot be together on a plan
        """
        self.check_access("create")
        case = self._case_of(lines)
        view = self.env.ref("ar_followup_plus.ar_payment_plan_view_propose")
        vals = {"case_id": case.id, "move_line_ids": [Command.set(lines.ids)]}
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose a Payment Plan"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in vals.items()},
        }
        if not lines.has_access("read"):
            # sudo: who may not read entries cannot choose among them, nor name them
            action["res_id"] = self.sudo().create(vals).id
        return action

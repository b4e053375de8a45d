"""What the tests of plans that are kept, or not, share."""

from odoo.fields import Command

from .common import START, FollowupCommon


class KeepingCommon(FollowupCommon):
    """Customers with a plan of three weekly instalments, from the second Monday on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")
        cls.bill = cls.invoice(cls.ann, 300, due=-5)

    def plan(self, moves, **vals):
        """A plan that was submitted by the collector, and approved."""
        lines = self.receivable(moves)
        vals = {
            "move_line_ids": [Command.set(lines.ids)],
            "installment_count": 3,
            "interval_unit": "week",
            "date_first": START.replace(day=START.day + 7),
            **vals,
        }
        plan = self.env["ar.payment.plan"].with_user(self.collector).create(vals)
        plan.action_submit()
        plan.with_user(self.manager).action_approve()
        return plan

    def agreed(self, moves, **vals):
        """The same, accepted by email, which is no conversation."""
        plan = self.plan(moves, **vals)
        plan.action_accept(how="email")
        self.env.invalidate_all()
        return plan

    def messages(self, plan, kind=None):
        """What was written about a plan: kind and state of each, oldest first."""
        messages = self.engine["ar.followup.reminder"].search(
            [("plan_id", "=", plan.id), ("kind", "!=", "plan_offer")], order="id"
        )
        return [
            (message.kind, message.state)
            for message in messages
            if kind in (None, message.kind)
        ]

    def events(self):
        """Work the marks that events left, as the next tick does."""
        self.engine["ar.followup.mark"]._work(100)
        self.env.invalidate_all()

    def paid(self, moves, amount=None):
        """A payment, and the tick after it."""
        payment = self.pay(moves, amount)
        self.events()
        return payment

    def open_holds(self, plan):
        return self.engine["ar.followup.hold"].search(
            [("plan_id", "=", plan.id), ("lifted_on", "=", False)]
        )

    def activities(self, plan, kind):
        kind = self.env.ref(f"ar_followup_plus.mail_activity_type_plan_{kind}")
        return plan.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

"""What the tests of disputes share."""

from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import START, FollowupCommon


class DisputeCommon(FollowupCommon):
    """Ann owes 1000, five days overdue, and says that something is wrong with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")
        cls.bill = cls.invoice(cls.ann, 1000, due=START)
        cls.reason = cls.env.ref("ar_followup_plus.dispute_reason_price")
        cls.vat = cls.env["account.tax"].create(
            {"name": "VAT 19 %", "amount": 19, "company_id": cls.company.id}
        )
        cls.travel(5)
        cls.env["ar.followup.case"].create({"partner_id": cls.ann.id})

    def setUp(self):
        super().setUp()
        self.travel(5)
        self.mine = self.env(
            user=self.collector, context={"allowed_company_ids": self.company.ids}
        )

    def dispute(self, move=None, amount=300, **vals):
        """The collector records a dispute; no amount: all of it."""
        vals = {
            "move_id": (move or self.bill).id,
            "reason_id": self.reason.id,
            "amount_disputed": amount,
            **vals,
        }
        return self.mine["ar.dispute"].create(vals)

    def in_parts(self, partner, *amounts):
        """An invoice in instalments, due one month after the other from START on."""
        total = sum(amounts)
        term = self.env["account.payment.term"].create(
            {
                "name": "Parts",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100 * amount / total,
                            "nb_days": 30 * (number + 1),
                        }
                    )
                    for number, amount in enumerate(amounts)
                ],
            }
        )
        return self.invoice(
            partner,
            total,
            due=START,
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )

    def taxed(self, partner, *prices, **vals):
        """An invoice over these prices, each with the tax."""
        return self.invoice(
            partner,
            due=START,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": f"Goods for {price}",
                        "price_unit": price,
                        "quantity": quantity,
                        "tax_ids": self.vat.ids,
                    }
                )
                for price, quantity in prices
            ],
            **vals,
        )

    @contextmanager
    def refused(self, said):
        """What is refused leaves nothing behind."""
        with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
            yield

    def shielded(self, move):
        """What is left alone of each part of an invoice."""
        self.env.invalidate_all()
        return self.item(move).sorted("date_due").mapped("amount_held")

    def reason_of(self, partner):
        """Why the next decision is what it is."""
        case = self.case(partner)
        case._reassess()
        return case.reason

    def settle(self, partner):
        """The books changed: what the engine makes of it."""
        self.env.invalidate_all()
        self.case(partner)._reassess()
        self.env.invalidate_all()

    def messages(self, dispute):
        """Kind and state of what the customer was told."""
        return [
            (message.kind, message.state)
            for message in self.engine["ar.followup.reminder"].search(
                [("dispute_id", "=", dispute.id)], order="id"
            )
        ]

    def letters(self, partner):
        """What a customer read, oldest first."""
        return [mail.html for mail in self.received(partner)]

    def reminded(self, partner):
        """The customer's reminders, without what was written of disputes."""
        return self.reminders(partner).filtered(lambda own: own.kind == "reminder")

    def asked(self, dispute, user=None):
        """The names of the open activities on a dispute; of somebody, or of all."""
        activities = dispute.sudo().activity_ids
        if user:
            activities = activities.filtered(lambda own: own.user_id == user)
        return activities.sorted("id").activity_type_id.mapped("name")

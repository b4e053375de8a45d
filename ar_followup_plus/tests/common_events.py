"""What the tests of events share: invoices and customers that change midway."""

from datetime import timedelta

from odoo.fields import Command

from .common import START, FollowupCommon


def day(number):
    """The date ``number`` days after ``START``."""
    return START + timedelta(days=number)


class EventsCommon(FollowupCommon):
    """A plain ladder: 3 and 14 friendly, 30 firm, 60 final, all by mail.

    No answer is awaited and nothing waits for a person, so that a test tells only
    its own story.
    """

    LADDER = ((3, "friendly"), (14, "friendly"), (30, "firm"), (60, "final"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.set_policy(levels=cls.plain(*cls.LADDER), name="Plain ladder")
        cls.first, cls.second, cls.firm, cls.final = cls.policy.level_ids

    @classmethod
    def plain(cls, *steps):
        """Levels of ``set_policy`` that expect no answer."""
        return [(delay, tone, {"response_days": 0}) for delay, tone in steps]

    # the invoice changes ------------------------------------------------------

    @classmethod
    def redraft(cls, move, **vals):
        """Reset to draft, change, and post again."""
        move.button_draft()
        if vals:
            move.write(vals)
        move.action_post()

    @classmethod
    def entry(cls, partner, amount, due=START, journal=None, **line_vals):
        """A posted miscellaneous entry: ``amount`` above zero is a debt.

        ``due`` is its date, or a number of days from ``START``.
        """
        if isinstance(due, int):
            due = day(due)
        journal = journal or cls.company_data["default_journal_misc"]
        accounts = (
            cls.company_data["default_account_receivable"],
            cls.company_data["default_account_revenue"],
        )
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": due,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Opening balance",
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "balance": balance,
                            **(line_vals if account == accounts[0] else {}),
                        }
                    )
                    for account, balance in zip(
                        accounts, (amount, -amount), strict=True
                    )
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def unmatched_payment(cls, partner, amount, **vals):
        """A posted payment of the customer that settles no invoice yet."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "journal_id": cls.company_data["default_journal_bank"].id,
                **vals,
            }
        )
        payment.action_post()
        return payment

    # what people do -----------------------------------------------------------

    def hold(self, case, item=None, **vals):
        """A pause set by the engine's user, without a last day."""
        return self.engine["ar.followup.hold"].create(
            {"case_id": case.id, "item_id": item and item.id, "kind": "paused", **vals}
        )

    def marks(self, partner):
        """The marks on a customer's case."""
        return self.engine["ar.followup.mark"].search(
            [("case_id", "in", self.case(partner).ids)]
        )

    def decision(self, partner):
        """The decision in force, which must be one."""
        return self.engine["ar.followup.decision"].search(
            [
                ("case_id", "=", self.case(partner).id),
                ("date_to", "=", False),
                ("is_preview", "=", False),
            ]
        )

    def assertStands(self, move, level, **vals):
        """The invoice's one item stands on ``level`` (None: on none yet)."""
        item = self.item(move)
        self.assertEqual(len(item), 1, "one item for the invoice")
        self.assertEqual(item.level_id.name or None, level.name if level else None)
        for name, value in vals.items():
            self.assertEqual(item[name], value, name)
        return item

    def assertSent(self, partner, *levels):
        """The levels sent to the customer so far, oldest first."""
        sent = self.reminders(partner, "sent").mapped("level_name")
        self.assertEqual(sent, [level.name for level in levels])

"""What happens to an invoice while it is followed up: items survive their lines."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_events import EventsCommon, day


@tagged("post_install", "-at_install")
class TestResetToDraft(EventsCommon):
    def test_the_item_sleeps_while_its_invoice_is_a_draft_and_then_goes_on(self):
        customer = self.customer()
        move = self.invoice(customer, due=0)
        self.work_day(3)
        item = self.assertStands(move, self.first, is_open=True)

        move.button_draft()
        self.work_day(14)
        self.assertSent(customer, self.first)
        self.assertStands(move, self.first, id=item.id, is_open=False)
        self.assertEqual(self.case(customer).amount_overdue, 0)

        move.action_post()
        self.work_day(15)
        self.assertSent(customer, self.first, self.second)
        self.assertStands(move, self.second, id=item.id, round=1, is_open=True)

from odoo.tests import tagged

from .common import FollowupCommon

FEW, MANY = 20, 80


@tagged("post_install", "-at_install")
class TestManyCustomers(FollowupCommon):
    """What a customer costs does not depend on how many others there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level("friendly").attach_invoices = False
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"c{number}@customer.example"}
                for number in range(FEW + MANY)
            ]
        )
        cls.invoices([(partner, 100.0, 0) for partner in cls.people])

    def _statements(self, work):
        """Statements that ``work`` takes with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_hand_over(self):
        """The facts are read again for each mail, so each costs the same."""
        self.travel(3)
        run = self.engine["ar.followup.run"].create({"company_id": self.company.id})
        while run.state == "running":
            run._work_batch()
        reminders = self.engine["ar.followup.reminder"].search(
            [("customer_id", "in", self.people.ids), ("state", "=", "queued")]
        )
        self.assertEqual(len(reminders), FEW + MANY)
        reminders._queue_mails()
        few, many = reminders[:FEW], reminders[FEW:]
        # what every process looks up once: languages, views, record rules
        few[:1]._deliver()
        of_few = self._statements(few[1:]._deliver)
        of_many = self._statements(many._deliver)
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertEqual(len(self.sink.mails), FEW + MANY)
        each_of_few = of_few / (FEW - 1)
        self.assertLessEqual(of_many / MANY, each_of_few, (of_few, of_many))
        self.assertLess(each_of_few, 80)

"""What the tests of the hand-over share: two customers with an invoice each."""

from .common import FollowupCommon

#: Odoo logs a refused mail as an error, and so does our pytest plugin fail on it
CORE_MAIL = "odoo.addons.mail.models.mail_mail"


class DeliveryCommon(FollowupCommon):
    """Two customers with an invoice each, due for the friendly reminder on day 3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.friendly = cls.level("friendly")
        # Making their PDFs would take most of the time of these tests.
        cls.friendly.attach_invoices = False

    def setUp(self):
        super().setUp()
        self.ann, self.ben = self.customer("Ann"), self.customer("Ben")
        self.anns, self.bens = self.invoices(
            [(self.ann, 100.0, 0), (self.ben, 60.0, 0)]
        )

    def assertNotClimbed(self, *moves):
        for move in moves:
            item = self.item(move)
            self.assertFalse(item.level_id)
            self.assertFalse(item.level_date)
            self.assertFalse(item.case_id.contact_log_ids)
            self.assertFalse(item.case_id.last_demand_date)


class ReviewCommon(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_followup_mode = "review"

    def prepared(self, partner, day=3):
        self.work_day(day)
        reminder = self.reminders(partner, "to_review")
        return reminder.with_user(self.collector).ensure_one()

    def pause(self, partner):
        return self.case(partner).hold_ids.ensure_one()

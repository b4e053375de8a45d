"""An auditor reads everything in a real browser, and finds nothing to act with."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common_delivery import DeliveryCommon
from .rpc import READERS


@tagged("post_install", "-at_install")
class TestAuditorInBrowser(DeliveryCommon, HttpCase):
    def test_reads_and_cannot_act(self):
        self.company.ar_followup_mode = "review"
        self.work_day(3)
        self.reminders(self.ann).with_user(self.collector).action_send()
        waiting = self.reminders(self.ben, "to_review").ensure_one()
        as_collector = self.env(user=self.collector)
        hold = as_collector["ar.followup.hold"].create(
            {"case_id": self.case(self.ann).id}
        )
        as_collector["ar.contact.log"].create({"case_id": hold.case_id.id})
        as_collector["ar.dispute"].create(
            {
                "move_id": self.case(self.ann).item_ids.move_id[:1].id,
                "amount_disputed": 10,
                "reason_id": self.env.ref("ar_followup_plus.dispute_reason_price").id,
            }
        )
        as_collector["ar.payment.promise"].create(
            {"case_id": hold.case_id.id, "date_promised": self.company._ar_today()}
        )
        auditor = new_test_user(
            self.env,
            login="ar_auditor",
            groups=READERS["auditor"],
            company_id=self.company.id,
        )
        self.start_tour("/odoo", "ar_followup_auditor", login=auditor.login)
        self.assertEqual(waiting.state, "to_review")
        self.assertFalse(hold.lifted_on)

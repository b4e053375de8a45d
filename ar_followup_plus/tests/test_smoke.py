from odoo.tests import tagged
from .common import FollowupCommon
@tagged("post_install", "-at_install")
class TestSmoke(FollowupCommon):
    def test_smoke(self):
        import time
        p = self.customer("Ann")
        m = self.invoice(p, 100, 0)
        for d in (1, 3, 3, 4):
            t=time.perf_counter()
            self.work_day(d)
            print(d, self.case(p).reason, self.case(p).state, self.reminders(p).mapped('state'), [x.subject for x in self.sink.mails], self.item(m).level_id.name)
        pay = self.pay(m)
        print(pay, pay.state, pay.move_id, m.payment_state, m.amount_residual, self.receivable(m).reconciled)
        print(self.engine['ar.followup.mark'].search([]))
        self.work_day(5)
        print(self.case(p).read(), self.engine['ar.followup.run'].search([]).read())

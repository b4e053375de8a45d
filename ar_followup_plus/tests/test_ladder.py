from odoo.tests import tagged
from .common import FollowupCommon
@tagged("post_install", "-at_install")
class TestLadder(FollowupCommon):
    def test_smoke(self):
        p = self.customer("Ann")
        self.invoice(p, 100, 0)
        self.work_day(3)
        self.work_day(4)
        import logging
        self.travel(5)
        n=self.cr.sql_log_count
        ex = type(self.cr).execute
        def execute(s, q, *a, **k):
            code = getattr(q,'code',q)
            print('SQL', ' '.join(str(code).split())[:130])
            return ex(s, q, *a, **k)
        self.patch(type(self.cr), 'execute', execute)
        self.work_day()
        print(self.cr.sql_log_count-n)

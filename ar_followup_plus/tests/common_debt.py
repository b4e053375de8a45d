"""One debt, and a collector who looks after it."""

from .common import START, FollowupCommon


class DebtCommon(FollowupCommon):
    """Ann owes 1000, five days overdue, and a collector talks with her."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")
        cls.bill = cls.invoice(cls.ann, 1000, due=START)
        cls.travel(5)
        cls.env["ar.followup.case"].create({"partner_id": cls.ann.id})

    def setUp(self):
        super().setUp()
        self.travel(5)

"""What the tests of approval share: a draft to be approved, and who decides."""

from datetime import timedelta

from odoo.tests import new_test_user

from .common import START, FollowupCommon

APPROVAL = "ar_followup_plus.mail_activity_type_approval"


class ApprovalCommon(FollowupCommon):
    """A customer with an overdue invoice; a manager and a second approver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(
            cls.env,
            login="ar_second",
            name="Sam Second",
            email="sam@seller.example",
            groups="ar_followup_plus.group_ar_approver,account.group_account_invoice",
            company_id=cls.company.id,
        )
        cls.ann = cls.customer("Ann")
        cls.bill = cls.invoice(cls.ann, 300, due=-10)
        cls.travel(START)
        cls.case_ann = cls.engine["ar.followup.case"].create(
            {"partner_id": cls.ann.id, "company_id": cls.company.id}
        )
        cls.engine["ar.followup.run"]._cron_run()
        # only these two approve here, whoever else the tests of Odoo bring along
        others = cls.company._ar_approvers() - cls.manager - cls.second
        others.with_env(cls.engine).active = False

    def setUp(self):
        super().setUp()
        self.sink.reset()

    def plan(self, user=None, **vals):
        """A draft over the invoice, as somebody proposes it."""
        Plan = self.env["ar.payment.plan"].with_user(user or self.collector)
        return Plan.create(
            {
                "case_id": self.case_ann.id,
                "move_line_ids": self.receivable(self.bill).ids,
                "installment_count": 3,
                "date_first": START + timedelta(days=20),
                **vals,
            }
        )

    def submitted(self, user=None, **vals):
        plan = self.plan(user, **vals)
        plan.action_submit()
        return plan

    def asked(self, plan, archived=False):
        """The activities that ask for the approval of a plan."""
        activities = self.engine["mail.activity"].with_context(active_test=not archived)
        return activities.search(
            [
                ("res_model", "=", plan._name),
                ("res_id", "=", plan.id),
                ("activity_type_id", "=", self.env.ref(APPROVAL).id),
            ]
        )

    def notes(self, plan):
        """What the chatter says of the plan's steps, newest first."""
        return [
            message.preview
            for message in plan.sudo().message_ids
            if message.message_type == "notification" and message.body
        ]

    def only_approver(self, user):
        others = self.company._ar_approvers() - user
        others.with_env(self.engine).active = False

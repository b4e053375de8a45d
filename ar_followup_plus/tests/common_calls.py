"""What the tests of calls share: a customer who owes, and the dialog as it is used."""

from odoo.tests import Form

from .common import FollowupCommon


class CallCommon(FollowupCommon):
    """Ann owes 1,000 since the first day; nothing leaves before somebody reads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_followup_mode = "review"
        cls.ann = cls.customer("Ann", phone="+1 555 0111")
        cls.bill = cls.invoice(cls.ann, 1000.0, 0)

    def setUp(self):
        super().setUp()
        self.work_day(2)

    def dialog(self, record=None, user=None):
        """The dialog as the button opens it, not saved.

        :param record: where it is opened; None: Ann's case
        """
        record = record or self.case(self.ann)
        record = record.with_env(self.env).with_user(user or self.collector)
        return self.window(record.action_log_call(), user)

    def window(self, action, user=None):
        Model = self.env[action["res_model"]].with_user(user or self.collector)
        context = {**action["context"], "allowed_company_ids": self.company.ids}
        return Form(Model.with_context(**context))

    def log_call(self, outcome, record=None, **vals):
        """Log a call through the dialog: the entry, and what the button returned."""
        call = self.fill(outcome, record, **vals)
        action = call.action_save()
        self.env.invalidate_all()
        return call.log_id, action

    def fill(self, outcome, record=None, user=None, **vals):
        form = self.dialog(record, user)
        form.outcome = outcome
        for name, value in vals.items():
            setattr(form, name, value)
        return form.save()

    def entries(self, partner=None):
        """What people logged, oldest first."""
        log = self.case(partner or self.ann).contact_log_ids
        return log.filtered(lambda entry: not entry.automated).sorted("id")

    def called_days(self):
        """The calls that count for how often Ann is called."""
        Case = self.engine["ar.followup.case"]
        self.env.flush_all()
        past = Case._contact_history(
            self.company, self.company.ids, self.company._ar_today(), self.ann.ids
        )
        return list(past.get(self.ann.id, {}).get("called", ()))

"""What the tests of Start share: an admin who goes through its steps."""

from odoo.tests import new_test_user
from odoo.tools import html2plaintext

from .common_events import EventsCommon, day


class StartCommon(EventsCommon):
    """A company that has not begun yet; today is the start date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_followup_mode = "off"
        cls.admin = new_test_user(
            cls.env,
            login="ar_start_admin",
            name="Ada Admin",
            groups="account.group_account_manager",
            company_id=cls.company.id,
        )
        cls.ann, cls.bob = cls.customer("Ann"), cls.customer("Bob")

    @classmethod
    def wizard(cls, **vals):
        """Start as the admin opens it, with answers given."""
        Start = cls.env(user=cls.admin, context={})["ar.followup.start"]
        return Start.create({"start_date": day(0), "reason": "They asked us.", **vals})

    def go(self, wizard, step):
        """Press Next until ``step`` is reached."""
        for _press in range(6):
            if wizard.step == step:
                return wizard
            wizard.action_next()
        self.fail(f"{step} was not reached")

    def apply(self, **vals):
        """Go through all steps with these answers."""
        wizard = self.go(self.wizard(**vals), "check")
        wizard.action_apply()
        self.env.invalidate_all()
        return wizard

    def begin(self, **vals):
        """Go through all steps and switch to automatic."""
        wizard = self.apply(mode="automatic", **vals)
        wizard.action_finish()
        self.assertEqual(self.company.ar_followup_mode, "automatic")
        return wizard

    def give_levels(self, levels, **vals):
        """Start at the step *Their Levels*, with levels given in the list.

        :param levels: list of (invoice, level, day)
        """
        wizard = self.go(self.wizard(older="level", **vals), "levels")
        for move, level, reached in levels:
            row = wizard.line_ids.filtered(
                lambda row, move=move: row.move_line_id.move_id == move
            )
            row.write({"level_id": level.id, "level_date": reached})
        return wizard

    def text(self, wizard):
        """What the present step says."""
        wizard.invalidate_recordset(["page"])
        # amounts have spaces that break no line
        return html2plaintext(wizard.page).replace("\N{NO-BREAK SPACE}", " ")

    def notes(self, record):
        """The notes on a case or an entry, as text."""
        messages = record.message_ids.filtered(lambda m: m.message_type != "email")
        return "\n".join(html2plaintext(body) for body in messages.mapped("body"))

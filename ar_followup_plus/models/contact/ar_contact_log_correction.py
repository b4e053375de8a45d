from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .ar_contact_log import CONVERSATIONS


class ArContactLog(models.Model):
    """A mistake is put right by another entry, that points at the wrong one.

    From then on the new one counts. It is no further contact: what is corrected was
    one, and stays the same one.
    """

    _inherit = "ar.contact.log"

    correction_of_id = fields.Many2one(
        "ar.contact.log", string="Corrects", ondelete="restrict"
    )
    correction_ids = fields.One2many(
        "ar.contact.log", "correction_of_id", string="Corrected by"
    )
    is_corrected = fields.Boolean(
        string="Corrected",
        compute="_compute_is_corrected",
        search="_search_is_corrected",
        help="Another entry says what is right.",
    )
    correction_text = fields.Char(
        string="Correction", compute="_compute_correction_text"
    )

    # also serves the search for what corrects an entry
    _correction_uniq = models.UniqueIndex(
        "(correction_of_id) WHERE correction_of_id IS NOT NULL",
        "This entry has been corrected already. Correct the newer one.",
    )

    @api.constrains("correction_of_id", "case_id")
    def _check_correction(self):
        for entry in self:
            wrong = entry.correction_of_id
            if wrong and wrong.case_id != entry.case_id:
                raise ValidationError(
                    self.env._(
                        "An entry corrects one of the same customer. Choose an entry "
                        "of %(customer)s.",
                        customer=entry.case_id.display_name,
                    )
                )
            if wrong.automated:
                raise ValidationError(
                    self.env._(
                        "What was sent and received is on record as it was, and not "
                        "corrected. Log a call to add what you know."
                    )
                )

    @api.depends("correction_ids")
    def _compute_is_corrected(self):
        for entry in self:
            entry.is_corrected = bool(entry.correction_ids)

    @api.model
    def _search_is_corrected(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("correction_ids", "!=" if True in value else "=", False)]

    @api.depends("correction_ids", "correction_of_id")
    @api.depends_context("lang", "tz")
    def _compute_correction_text(self):
        """Which entry it corrects, and which corrects it, in words."""
        for entry in self:
            words = []
            wrong, right = entry.correction_of_id, entry.correction_ids[:1]
            if right:
                words.append(
                    self.env._(
                        "Corrected by %(person)s on %(day)s.",
                        # sudo: the name of a colleague
                        person=right.user_id.sudo().name or "",
                        day=self._as_day(right.create_date or right.date),
                    )
                )
            if wrong:
                words.append(
                    self.env._(
                        "Corrects the entry of %(person)s of %(day)s.",
                        # sudo: the name of a colleague
                        person=wrong.user_id.sudo().name or "",
                        day=self._as_day(wrong.create_date),
                    )
                )
            entry.correction_text = " ".join(words)

    @api.model
    def _as_day(self, moment):
        return format_date(self.env, moment, date_format="medium")

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        corrected = entries.correction_of_id
        if corrected:
            corrected.invalidate_recordset(["correction_ids"])
            corrected._count_no_more()
            corrected.case_id._reassess()
        return entries

    def _count_no_more(self):
        """What these wrong entries said, and planned, counts no longer."""
        outdated = self.filtered(
            lambda wrong: not wrong.correction_ids._plans_the_same()
        )
        outdated._drop_next_steps()
        for entry in self:
            case_sudo = entry.case_id.sudo()  # sudo: the engine's own field
            talked = entry.outcome in CONVERSATIONS
            if talked and case_sudo.last_demand_date == entry._contact_day():
                case_sudo.last_demand_date = case_sudo._last_contact_on_record()

    def _plan_next_steps(self):
        """What was planned with the wrong entry already is not planned once more."""
        new = self.filtered(lambda entry: not entry._plans_the_same())
        return super(ArContactLog, new)._plan_next_steps()

    def _plans_the_same(self):
        """Whether the next step is the one of the entry that this one corrects."""
        wrong = self.correction_of_id
        return (self.next_step, self.next_step_date) == (
            wrong.next_step,
            wrong.next_step_date,
        )

    def action_correct(self):
        """Button: the dialog, with what this entry says, to put it right.

        :raises UserError: for what was corrected already, or is no person's entry
        """
        self.ensure_one()
        self._check_can_correct()
        action = self.case_id.action_log_call()
        action["name"] = self.env._("Correct an Entry")
        action["context"]["default_correction_of_id"] = self.id
        return action

    def _check_can_correct(self):
        self.browse().check_access("create")
        if self.is_corrected:
            raise UserError(
                self.env._(
                    "This entry has been corrected already: open the newer one, and "
                    "correct that."
                )
            )
        if self.automated:
            raise UserError(
                self.env._(
                    "What was sent and received is on record as it was. Log a call to "
                    "add what you know."
                )
            )

    def _next_step_text(self):
        """What is next, and when, in one line."""
        self.ensure_one()
        if not self.next_step or not self.next_step_date:
            return self.next_step or ""
        return self.env._(
            "Next, on %(day)s: %(step)s",
            day=self._as_day(self.next_step_date),
            step=self.next_step,
        )

import contextlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.constants import GC_UNLINK_LIMIT

from .ar_followup_run import BATCH_SIZE
from .decide import is_message

# A preview is right for its day only; for a while one can compare it with the run.
PREVIEW_DAYS = 14
# Open lines that are decided while the person waits; more are left to the tick.
LONG_PREVIEW = 20_000


class ArFollowupRun(models.Model):
    """A preview: the day decided as if, and shown; nothing else is left behind."""

    _inherit = "ar.followup.run"

    def action_preview_today(self):
        """Button: make a preview of today for the current company, and open it."""
        run = self._preview_today()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of Today"),
            "res_model": self._name,
            "res_id": run.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _preview_today(self):
        """A preview of today for the current company, made now."""
        company = self.env.company
        run = self.create(
            {
                "company_id": company.id,
                "date": company._ar_today(),
                "is_preview": True,
            }
        )
        run.action_run()
        return run

    @api.model
    def _open_previews(self):
        """Previews that nobody waits for: too long, or left behind."""
        return self.sudo().search(
            [("is_preview", "=", True), ("state", "=", "running")]
        )

    def _is_long(self):
        """Whether to decide this preview takes longer than a person waits."""
        self.ensure_one()
        Line = self.env["account.move.line"].sudo()  # sudo: only to count them
        domain = Line._ar_open_receivable_domain(self.company_id)
        return Line.search_count(domain, limit=LONG_PREVIEW) >= LONG_PREVIEW

    def _work_preview(self):
        """The decisions of the day, for everyone the day would look at."""
        decided, names = self._decide_as_if()
        self._record_preview(decided, names)
        self._add_figures(decided)
        self.write({"state": "done", "step": "done", "ended_on": fields.Datetime.now()})

    def _decide_as_if(self):
        """Collect and decide as the day would, and take the collecting back.

        So a preview cannot differ from the run: what it meets for the first time
        has no case yet, and nothing of what was collected stays.

        :return: what was decided, and the names of the invoices by item id
        """
        Case = self.env["ar.followup.case"]
        own = [("company_id", "=", self.company_id.id)]
        known = set(Case.search(own).ids)
        decided = []
        slots = self._slots_left()
        with contextlib.closing(self.env.cr.savepoint()):
            Case._collect(self.company_id, self.date)
            cases = Case.search([*own, ("state", "!=", "closed")], order="id")
            for start in range(0, len(cases), BATCH_SIZE):
                batch = cases[start : start + BATCH_SIZE]
                decided += Case._decide(
                    self.company_id, self.date, batch.partner_id.ids, slots
                )
                if slots is not None:
                    slots = self._slots_left() - sum(
                        is_message(decision) for _subject, decision in decided
                    )
            items = self.env["ar.followup.item"].browse(
                item
                for _subject, decision in decided
                if decision.climbs
                for item in decision.asked
                if item > 0  # an item by now
            )
            names = dict(zip(items.ids, items.mapped("name"), strict=True))
        self.env.invalidate_all()
        return [
            (
                subject if subject.case_id in known else subject._replace(case_id=None),
                decision,
            )
            for subject, decision in decided
        ], names

    @api.autovacuum
    def _gc_previews(self):
        """Delete previews of days gone by: real runs stay."""
        last = fields.Datetime.now() - timedelta(days=PREVIEW_DAYS)
        old = self.sudo().search(
            [("is_preview", "=", True), ("create_date", "<", last)],
            order="id",
            limit=GC_UNLINK_LIMIT,
        )
        old.unlink()
        return len(old), len(old) == GC_UNLINK_LIMIT

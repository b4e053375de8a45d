from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# Customers named in each part of the report; a list behind it has all of them.
NAMED = 20
NAMED_ALONE = 5  # for each reason to leave somebody alone
# Parts of the report that are about reminders: states of each, in order.
REMINDERS = {
    "sent": ("sent",),
    "on_the_way": ("queued", "sending"),
    "to_review": ("to_review",),
    "not_arrived": ("failed", "bounced", "unknown"),
    "cancelled": ("cancelled",),
}
# A preview has no reminders: which decisions would make them.
FRESH = Domain("level_id", "!=", False)
WOULD_WRITE = Domain("action", "=", "remind") & FRESH
WOULD_REVIEW = Domain("action", "=", "review") & Domain("reason", "=", "review") & FRESH
# These stand in the parts about reminders, or have nothing to say.
WRITTEN_REASONS = ("remind", "review")


class ArFollowupRun(models.Model):
    """A run as the day's report, a preview as the day's plan.

    Who is written to, who is called, what waits for a person, and who is left alone
    and why. Short whatever the number of customers: a few of each are named, those
    who owe most first, and a list behind each part has them all.
    """

    _inherit = "ar.followup.run"

    report = fields.Html(compute="_compute_report", sanitize=False)
    bank_stale_text = fields.Char(
        string="Bank Out of Date",
        compute="_compute_bank_stale_text",
        help="Says so when everything is held because the bank is out of date.",
    )

    @api.depends("company_id", "date")
    @api.depends_context("lang")
    def _compute_bank_stale_text(self):
        """Of a day that is over, the report says who was held because of it."""
        for run in self:
            company = run.company_id
            stale = run.date and run.date >= company._ar_today()
            stale = stale and company._ar_is_bank_stale(run.date)
            run.bank_stale_text = stale and company._ar_bank_stale_text()

    @api.depends("state", "step", "position")
    @api.depends_context("lang", "uid")
    def _compute_report(self):
        for run in self:
            known = run.customer_count and isinstance(run.id, int)
            run.report = known and self.env["ir.qweb"]._render(
                "ar_followup_plus.run_report",
                {"run": run, "parts": run._report_parts()},
                minimal_qcontext=True,
            )

    def action_open_part(self, key):
        """The list behind a part of the report.

        :param key: as in the report's links
        """
        self.check_access("read")
        self.ensure_one()
        for part in self._outline():
            if part["key"] == key:
                return self._window(part["title"], part["model"], part["domain"])
            if part.get("reasons") and key in self._reason_labels():
                domain = part["domain"] & Domain("reason", "=", key)
                label = self._reason_labels()[key]
                if self.env[part["model"]].search_count(domain, limit=1):
                    return self._window(label, part["model"], domain)
        raise UserError(self.env._("There is nobody in this part of the report."))

    def _window(self, title, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "domain": list(domain),
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
        }

    # what is reported ---------------------------------------------------------

    def _outline(self):
        """The parts of the report: list of dict key, title, model, domain, …"""
        decisions = self._decisions_of_the_day()
        parts = self._parts_foreseen() if self.is_preview else self._parts_written()
        written = Domain("reason", "in", WRITTEN_REASONS) & (
            FRESH if self.is_preview else Domain.TRUE
        )
        person = Domain("action", "=", "review") & ~written
        return [
            *parts,
            {
                "key": "call",
                "title": self.env._("To be called"),
                "model": "ar.followup.decision",
                "domain": decisions & Domain("action", "=", "call"),
            },
            {
                "key": "person",
                "title": self.env._("Waits for a person"),
                "model": "ar.followup.decision",
                "domain": decisions & person,
                "reasons": True,
            },
            {
                "key": "alone",
                "title": self.env._("Not written to, and why"),
                "model": "ar.followup.decision",
                "domain": decisions & Domain("action", "in", ("hold", "none")),
                "reasons": True,
            },
        ]

    def _decisions_of_the_day(self):
        """What a preview decided; of a worked day, what was in force on it."""
        if self.is_preview:
            return Domain("run_id", "=", self.id)
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("is_preview", "=", False),
                ("date_from", "<=", self.date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.date),
            ]
        )

    def _parts_foreseen(self):
        decisions = Domain("run_id", "=", self.id)
        titles = {
            "written": (self.env._("Would be written to"), WOULD_WRITE),
            "to_review": (self.env._("Would be prepared for review"), WOULD_REVIEW),
        }
        return [
            {
                "key": key,
                "title": title,
                "model": "ar.followup.decision",
                "domain": decisions & domain,
            }
            for key, (title, domain) in titles.items()
        ]

    def _parts_written(self):
        titles = {
            "sent": self.env._("Written to"),
            "on_the_way": self.env._("On their way"),
            "to_review": self.env._("Waits for review"),
            "not_arrived": self.env._("Did not arrive"),
            "cancelled": self.env._("Dropped or overtaken"),
        }
        return [
            {
                "key": key,
                "title": titles[key],
                "model": "ar.followup.reminder",
                "domain": Domain("run_id", "=", self.id)
                & Domain("state", "in", states),
            }
            for key, states in REMINDERS.items()
        ]

    # how it is reported -------------------------------------------------------

    def _report_parts(self):
        """The parts with their figures and names; those without anybody are left out.

        :return: list of dict with title, key, count, amount and groups; a group has
            label, key, count, amount, rows and the number of those not named
        """
        parts = []
        for part in self._outline():
            groups = (
                self._groups_by_reason(part)
                if part.get("reasons")
                else self._one_group(part)
            )
            if groups:
                count = sum(group["count"] for group in groups)
                amount = sum(group["total"] for group in groups)
                parts.append(
                    {**part, "groups": groups, "count": count, **self._sum(amount)}
                )
        return parts

    def _one_group(self, part):
        amount = self._amount_field(part)
        records = self.env[part["model"]]
        ((count, total),) = records._read_group(
            part["domain"], [], ["__count", f"{amount}:sum"]
        )
        if not count:
            return []
        named = records.search(part["domain"], order=f"{amount} DESC, id", limit=NAMED)
        return [self._group(part, "", part["key"], count, total, named)]

    def _groups_by_reason(self, part):
        rows = self.env[part["model"]]._read_group(
            part["domain"], ["reason"], ["__count", "amount_overdue:sum"]
        )
        labels = self._reason_labels()
        order = {code: place for place, code in enumerate(labels)}
        named = self._named_by_reason(part["domain"])
        return [
            self._group(part, labels[reason], reason, count, total, named[reason])
            for reason, count, total in sorted(rows, key=lambda row: order[row[0]])
        ]

    def _named_by_reason(self, domain):
        """Of each reason the customers who owe most: dict reason → decisions.

        One query, whatever the number of reasons: each would read them all.
        """
        Decision = self.env["ar.followup.decision"]
        # nothing to say about who owes nothing that is due
        query = Decision._search(domain & Domain("reason", "!=", "nothing_due"))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM (SELECT id, amount_overdue, ROW_NUMBER() OVER (
                                   PARTITION BY reason
                                   ORDER BY amount_overdue DESC NULLS LAST, id
                               ) AS place
                          FROM ar_followup_decision
                         WHERE id IN %s) AS ranked
                 WHERE place <= %s
                 ORDER BY place
                """,
                query.subselect(),
                NAMED_ALONE,
            )
        )
        decisions = Decision.browse(id_ for (id_,) in rows)
        return defaultdict(Decision.browse, decisions.grouped("reason"))

    def _group(self, part, label, key, count, total, named):
        if part["model"] == "ar.followup.reminder":
            rows = [self._reminder_row(reminder) for reminder in named]
        else:
            amount = self._amount_field(part)
            rows = [self._decision_row(decision, amount) for decision in named]
            # A decision that a worked day found in force may be weeks old, and so are
            # its amount and its next day.
            total = total if self.is_preview else 0
        return {
            "label": label,
            "key": key,
            "count": count,
            "rows": rows,
            "more": count - len(rows),
            "total": total,
            **self._sum(total),
        }

    def _amount_field(self, part):
        """What counts for a part: what is asked for, or what is owed."""
        asked = part["key"] in (*REMINDERS, "written")
        return "amount_asked" if asked else "amount_overdue"

    def _sum(self, amount):
        currency = self.company_id.currency_id
        return {"amount": "" if currency.is_zero(amount) else currency.format(amount)}

    def _reminder_row(self, reminder):
        return {
            "name": reminder.customer_id.display_name,
            "link": ("ar.followup.reminder", reminder.id),
            "level": reminder.level_name,
            "note": reminder.failure_reason
            or ", ".join(reminder.line_ids.mapped("name")),
            **self._sum(reminder.amount_asked),
        }

    def _decision_row(self, decision, amount):
        partner = decision.partner_id
        about = decision.case_id or partner  # a preview's new customer has no case yet
        note = decision.invoice_names or ""
        level = decision.level_id
        if decision.action == "call" and not level:
            level = decision.case_id.call_level_id  # planned before
        is_new = decision.date_from == self.date
        if decision.action in ("hold", "none") and decision.next_date and is_new:
            note = self.env._(
                "next look on %(day)s",
                day=format_date(self.env, decision.next_date, date_format="medium"),
            )
        elif decision.action == "review" and decision.other_reasons:
            note = self.env._("also: %(reasons)s", reasons=decision.other_reasons_text)
        return {
            "name": partner.display_name,
            "link": (about._name, about.id),
            "level": level.name,
            "note": note,
            **self._sum(decision[amount] if is_new else 0),
        }

    @api.model
    def _reason_labels(self):
        return dict(
            self.env["ar.followup.decision"]
            ._fields["reason"]
            ._description_selection(self.env)
        )

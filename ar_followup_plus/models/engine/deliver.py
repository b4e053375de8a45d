import logging
from dataclasses import replace

import psycopg2

from odoo import api, fields, models
from odoo.fields import Command

from ..contact.ar_followup_reminder_attachment import PDF_TRIES
from ..contact.wording import answer_day
from ..ledger.ageing import days_overdue
from .decide import decide, is_message
from .values import asked_in_own

_logger = logging.getLogger(__name__)


class ArFollowupCase(models.Model):
    """Deliver, first half: what was decided becomes reminders and calls."""

    _inherit = "ar.followup.case"

    @api.model
    def _decide(self, company, today, partner_ids, slots=None, despite=False):
        """Facts and decision of many customers.

        :param slots: messages that may still be prepared today; None: no limit
        :param despite: an approver sends despite the limits
        :return: list of (:class:`Subject`, :class:`Decision`)
        """
        decided = []
        for subject in self._gather_facts(company, today, partner_ids):
            if despite:
                subject = subject._replace(facts=replace(subject.facts, despite=True))
            decision = decide(subject.facts)
            if slots is not None and is_message(decision):
                if slots <= 0:
                    decision = decide(replace(subject.facts, limit_reached=True))
                slots -= 1
            decided.append((subject, decision))
        return decided

    def _prepare(self, company, today, run=None, to_review=False, despite=None):
        """Make the reminders and calls that are due for these cases.

        The facts are read again under lock; whoever is locked elsewhere, or has
        nothing due any more, is left out.

        :param to_review: let a person read them in any case
        :param despite: who sends them despite the limits and why, as values
        :return: the reminders made
        """
        cases = self.try_lock_for_update(allow_referencing=True)
        slots = None if despite else cases._slots_left(company, today)
        decided = cases._decide(company, today, cases.partner_id.ids, slots, despite)
        if any(item < 0 for _subject, decision in decided for item in decision.asked):
            # posted since the run collected: it becomes an item first
            self._collect(company, today, cases.partner_id.ids)
            decided = cases._decide(
                company, today, cases.partner_id.ids, slots, despite
            )
        self._record_decisions(company, decided, today, run)
        due = {
            self.browse(subject.case_id): (subject, decision)
            for subject, decision in decided
            if decision.climbs and subject.case_id
        }
        mails = {case: pair for case, pair in due.items() if pair[1].action != "call"}
        calls = self.browse(case.id for case in due if case not in mails)
        for level_id, called in calls.grouped(lambda c: due[c][1].level).items():
            called._plan_calls(self.env["ar.followup.level"].browse(level_id), today)
        asked_for = {**(despite or {}), **({"state": "to_review"} if to_review else {})}
        reminders = self._make_reminders(mails, today, run, asked_for)
        # what did not simply go into the queue now stands differently
        changed = calls | reminders.filtered(lambda r: r.state != "queued").case_id
        self._record_decisions(
            company, self._decide(company, today, changed.partner_id.ids), today, run
        )
        return reminders

    @api.model
    def _slots_left(self, company, today):
        """New messages the company may still prepare today; None: no limit."""
        if not company.ar_daily_limit:
            return None
        planned = self.env["ar.followup.reminder"].search_count(
            [
                ("company_id", "=", company.id),
                ("is_demand", "=", True),
                ("date_planned", "=", today),
                ("state", "!=", "cancelled"),
            ]
        )
        return max(company.ar_daily_limit - planned, 0)

    # reminders ---------------------------------------------------------------

    @api.model
    def _make_reminders(self, due, today, run, asked_for):
        """Reminders with their lines, worded; a conflict concerns one customer only.

        :param due: dict case → (:class:`Subject`, :class:`Decision`)
        :param asked_for: values that whoever has them made wants them to have
        """
        Reminder = self.env["ar.followup.reminder"].sudo()
        vals_list = [
            {**vals, **asked_for} for vals in self._reminder_vals(due, today, run)
        ]
        try:
            with self.env.cr.savepoint():
                reminders = Reminder.create(vals_list)
        except psycopg2.IntegrityError:
            # Someone prepared one of them meanwhile: the unique index stopped us.
            reminders = Reminder
            for vals in vals_list:
                try:
                    with self.env.cr.savepoint():
                        reminders += Reminder.create(vals)
                except psycopg2.IntegrityError:
                    _logger.info("Case %s has a reminder already", vals["case_id"])
        reminders.replaces_id.text_pending = False
        # before they are worded: the letter names the day of the answer
        reminders._put_off()._answer_after_slot()
        reminders._compose()
        return reminders

    @api.model
    def _reminder_vals(self, due, today, run):
        cases = self.browse(case.id for case in due)
        common = cases._message_vals(cases._addressees_of(due))
        edited = self.env["ar.followup.reminder"]._pending_texts(cases)
        items = self.env["ar.followup.item"].browse(
            item for _subject, decision in due.values() for item in decision.asked
        )
        items.fetch(["name", "move_id", "level_id", "level_date", "round"])
        # what the lines, the letter and its links read of the invoices
        items.move_id.fetch(["invoice_date", "date", "move_type", "access_token"])
        return [
            {
                "run_id": run.id if run else False,
                "replaces_id": edited[case].id if case in edited else False,
                **common[case.id],
                "date_planned": today,
                **case._decided_vals(*due[case]),
            }
            for case in cases
        ]

    def _addressees_of(self, due):
        """Whom the messages that are due are for: dict case → ``res.partner``."""
        levels = {case: decision.level for case, (_subject, decision) in due.items()}
        # sudo: a level's tone, also of a hidden policy
        steps_sudo = self.env["ar.followup.level"].sudo().browse(levels.values())
        firm = set(steps_sudo.filtered(lambda level: level._is_firm()).ids)
        addressees = {}
        for is_firm, cases in self.grouped(lambda case: levels[case] in firm).items():
            addressees.update(cases._addressees(is_firm))
        return addressees

    def _decided_vals(self, subject, decision):
        """What of a reminder follows from the decision."""
        self.ensure_one()
        level = self.env["ar.followup.level"].sudo().browse(decision.level)
        listed = [item for item in subject.facts.items if item.id in decision.asked]
        oldest = min((item.due for item in listed), default=subject.facts.today)
        return {
            "level_id": level.id,
            "level_name": level.name,
            "tone": level.tone,
            "mail_template_id": level.mail_template_id.id,
            "call_pending": level._plans_call() or level.copy_manager,
            "state": "to_review" if decision.action == "review" else "queued",
            "pdf_tries_left": PDF_TRIES if level.attach_invoices else 0,
            "date_answer": answer_day(subject.facts.today, level.response_days),
            "days_late": days_overdue(oldest, subject.facts.today),
            "amount_asked": asked_in_own(subject.facts, decision)
            / 10**self.company_id.currency_id.decimal_places,
            "line_ids": [
                Command.create(vals) for vals in self._line_vals(subject, decision)
            ],
        }

    def _line_vals(self, subject, decision):
        """One line for each invoice the message lists."""
        climbs = {climb.item: climb for climb in decision.climbs}
        currencies = self.env["res.currency"]
        for item in subject.facts.items:
            if item.id not in decision.asked:
                continue
            record = self.env["ar.followup.item"].browse(item.id)
            factor = 10 ** currencies.browse(item.currency).decimal_places
            climb = climbs.get(item.id)
            yield {
                "company_id": self.company_id.id,
                "item_id": item.id,
                "name": record.name,
                "date_invoice": record.move_id.invoice_date or record.move_id.date,
                "date_due": item.due,
                "days_overdue": days_overdue(item.due, subject.facts.today),
                "currency_id": item.currency,
                "amount_residual": item.residual / factor,
                "amount_held": (item.residual - decision.asked[item.id]) / factor,
                "level_before_id": record.level_id.id,
                "level_after_id": climb.after if climb else False,
                "date_before": record.level_date,
                "round": record.round,
            }

    # calls -------------------------------------------------------------------

    def _plan_calls(self, level, deadline):
        """One call activity for each case, made in batch.

        The manager is told of what they get no copy of.
        """
        people = self._responsible()
        quick = self.with_context(mail_activity_quick_update=True)
        for user, cases in quick.grouped(lambda case: people[case]).items():
            cases.activity_schedule(
                activity_type_id=level.activity_type_id.id,
                summary=level.with_context(lang=user.lang).name,
                date_deadline=deadline,
                user_id=user.id or self.env.uid,
            )
        self.sudo().call_level_id = level
        if level.copy_manager and not level.send_email:
            self._tell_managers(level)

    def _drop_settled_calls(self):
        """Nobody calls a customer who paid or is left alone: planned calls go.

        While an agreement waits for approval, a call that was announced stays: it is
        still to be made when the answer is no.
        """
        settled = self.search(
            [
                ("id", "in", self.ids),
                ("state", "in", ("closed", "held")),
                ("reason", "!=", "awaiting_approval"),
                ("call_level_id", "!=", False),
            ]
        )
        settled._drop_calls()

    def _tell_managers(self, level):
        """One list of calls for each manager, however many customers they are to."""
        managers = self._managers_to_tell()
        for manager, cases in self.grouped(managers.get).items():
            if not manager:
                continue
            speaking = {"lang": manager.lang}
            subject, body = cases.with_context(**speaking)._manager_digest(
                level.with_context(**speaking)
            )
            self.env["mail.thread"].message_notify(
                partner_ids=manager.partner_id.ids, subject=subject, body=body
            )

    def _manager_digest(self, level):
        """Subject and text of what a manager is told about these customers."""
        return self.env._(
            "%(level)s: customers to be called (%(count)s)",
            level=level.name,
            count=len(self),
        ), self.env._(
            "These customers reached “%(level)s”; their collectors call them: "
            "%(customers)s.",
            level=level.name,
            customers=", ".join(self.partner_id.mapped("display_name")),
        )


class ArFollowupReminder(models.Model):
    """Deliver, second half: prepared reminders reach the mail server."""

    _inherit = "ar.followup.reminder"

    def _deliver(self):
        """Hand these reminders over, each at most once, whoever calls this.

        The tick calls it for a batch, and a job queue may for any ids, also twice,
        from several processes, or again after a crash. What is deleted, is not
        queued, must still wait, or is being worked on elsewhere is left out.

        Nothing is expected of the cursor: the caller's work is committed first, so
        that what others did meanwhile is seen, and the gate commits mail by mail.

        :raises psycopg2.OperationalError: when somebody changed a row at this very
            moment; nothing is lost, call again
        """
        self.env["ar.followup.run"]._checkpoint()
        # sudo: the engine acts for the company, whose job it may be
        own_sudo = self.sudo().try_lock_for_update(allow_referencing=True)
        now = fields.Datetime.now()
        queued_sudo = own_sudo.filtered(
            lambda reminder: (
                reminder.state == "queued" and (reminder.send_after or now) <= now
            )
        )
        queued_sudo -= queued_sudo._put_off()
        queued_sudo._make_pdfs()._queue_mails()
        self.env["ar.followup.run"]._checkpoint()
        queued_sudo._mails().send(auto_commit=False)

    def _plan_following_calls(self):
        """What sent reminders announced: calls, in batch, for the day of the answer.

        The manager gets copies of them.
        """
        calls = self.env["ar.followup.case"]._open_calls(self.case_id.ids)
        uncalled = self.filtered(
            lambda reminder: (
                reminder.level_id._plans_call(reminder.customer_id)
                and reminder.case_id.id not in calls
            )
        )
        for (level, day), reminders in uncalled.grouped(
            lambda reminder: (
                reminder.level_id,
                reminder.date_answer or reminder._sent_day(),
            )
        ).items():
            reminders.case_id._plan_calls(level, day)
        self._copy_managers()
        self.sudo().call_pending = False

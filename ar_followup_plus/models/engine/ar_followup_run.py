import contextlib
import logging
import time
from functools import partial
from math import inf

import psycopg2

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from ..contact.sending import TIME_LIMIT, Sending

_logger = logging.getLogger(__name__)

# Of one tick, half of what Odoo by default leaves to all jobs of a pass together
# before it kills their process. What is left to do begins the next tick at once.
TIME_BUDGET = 60  # seconds of wall time
CPU_BUDGET = 30  # seconds of computing
MOMENT = 5  # seconds of a button: what takes longer is left to the tick
# Customers decided in one transaction, in a second or two. To find the open lines
# of a part of the customers, the database reads almost as much as for all.
BATCH_SIZE = 5000
FAILURES_A_DAY = 3  # a run that fails is tried again by later ticks, so often


class ArFollowupRun(models.Model):
    """The day's work: collect, decide, prepare; then hand over.

    Each batch is one transaction that ends with the place where to go on, so that
    a run that was stopped, however rudely, goes on where it was.
    """

    _inherit = "ar.followup.run"

    @api.model
    def _checkpoint(self, rollback=False):
        """Commit what is done, or give it up; inside a test, only write it."""
        if modules.module.current_test:
            self.env.flush_all()
        elif rollback:
            self.env.cr.rollback()
        else:
            # each batch is complete in itself, and what left cannot be called back
            self.env.cr.commit()  # pylint: disable=invalid-commit

    # the tick ------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """The tick, every 15 minutes: the day's runs, events, and the hand-over."""
        clock = Clock(TIME_BUDGET)
        # a sender that ended well just now has changed the same rows: then, later
        self._isolated(self._recover_orphans)
        companies = self._active_companies()
        runs = self._runs_of_today(companies)
        remaining = self._take_turns(
            companies | self._companies_answering(), runs, clock
        )
        if not clock.has_time:
            clock = Clock(MOMENT)  # a silent mail server takes no time from the rest
        remaining |= self._work_marks(clock)
        # last: a preview that takes too long keeps no reminder from leaving
        previews = self._open_previews()
        previews._work(clock)
        if remaining or any(run.state == "running" for run in runs | previews):
            self._wake_up()

    @api.model
    def _recover_orphans(self):
        self.env["ar.followup.reminder"]._recover_orphans().case_id._reassess()

    @api.model
    def _active_companies(self):
        Company = self.env["res.company"].sudo()
        if Company._ar_followup_conflict():
            return Company
        return Company.search([("ar_followup_mode", "!=", "off")])

    @api.model
    def _runs_of_today(self, companies):
        """The unfinished run of each company whose hour has come."""
        runs = self.sudo()
        for company in companies:
            now = company._ar_now()
            real = [("company_id", "=", company.id), ("is_preview", "=", False)]
            # a day that could not be finished is over: today decides anew
            self.sudo().search(
                [*real, ("state", "=", "running"), ("date", "<", now.date())]
            ).write({"state": "stopped", "ended_on": fields.Datetime.now()})
            if now.hour < company.ar_followup_hour:
                continue
            run = self.sudo().search([*real, ("date", "=", now.date())])
            if run.state == "failed" and run.failure_count < FAILURES_A_DAY:
                run.state = "running"
            runs |= run or self.sudo().create(
                {"company_id": company.id, "date": now.date()}
            )
        return runs.filtered(lambda run: run.state == "running")

    # a run ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        if not self.env.su:
            # the tick would work such a run: who makes it must be allowed to start it
            runs.filtered(lambda run: not run.is_preview)._check_can_run()
        return runs

    def action_run(self):
        """Work these runs for a moment; the tick does what is left."""
        self._check_can_run()
        # sudo: the engine acts for the company; archived levels stay archived,
        # whatever the caller's context asks for
        self.sudo().with_context(active_test=True)._do_run()
        return True

    def _do_run(self):
        clock = Clock(MOMENT)
        self.filtered(lambda run: run.state == "failed").state = "running"
        # a batch that has to be given up takes nothing with it of what led here
        self._checkpoint()
        real = self.filtered(lambda run: not run.is_preview)
        (self - real).filtered(lambda run: not run._is_long())._work(clock)
        remaining = False
        if real:
            remaining = self._take_turns(real.company_id, real, clock)
            remaining |= self._work_marks(clock)
        if remaining or any(run.state == "running" for run in self):
            self._wake_up()

    @api.model
    def _wake_up(self):
        self.env["ar.followup.mark"]._wake_up()

    def _check_can_run(self):
        self.check_access("read")
        user = self.env.user
        for run in self:
            group = "collector" if run.is_preview else "approver"
            if not self.env.su and not user.has_group(
                f"ar_followup_plus.group_ar_{group}"
            ):
                raise AccessError(
                    self.env._(
                        "Collectors make previews; the day's run is started by an "
                        "approver, or by itself."
                    )
                )
            company = run.company_id
            if not run.is_preview and company.ar_followup_mode == "off":
                raise UserError(
                    self.env._(
                        "Follow-up is off for %(company)s. Choose a mode in the "
                        "settings, or make a preview.",
                        company=company.name,
                    )
                )
            conflict = not run.is_preview and company._ar_followup_conflict()
            if conflict:
                raise UserError(conflict)
            if not run.is_preview and run.date != company._ar_today():
                raise UserError(
                    self.env._("Only today can be worked. For another day, preview it.")
                )

    def _work(self, clock):
        """Work unfinished runs, a batch of each in turn."""
        while clock.has_time:
            open_runs = self.filtered(lambda run: run.state == "running")
            if not open_runs:
                break
            worked = False
            for run in open_runs:
                worked |= run._work_batch()
            if not worked:
                break  # all of them are in other hands

    def _work_batch(self):
        """One batch of one run, one transaction. Returns whether there was a turn."""
        run = self.company_id._ar_on_record(self)
        # the lock begins a transaction: it cannot be older than what it locks
        self._checkpoint()
        try:
            run = run.try_lock_for_update()
            if not run or run.state != "running":
                return False
            with self.env.cr.savepoint():
                if run.is_preview:
                    run._work_preview()
                else:
                    getattr(run, f"_work_{run.step}")()
        except psycopg2.OperationalError:
            # Somebody changed one of these customers just now: the batch is not lost,
            # the next turn works it on a fresh snapshot.
            self._checkpoint(rollback=True)
            return False
        except Exception as error:
            _logger.exception("Follow-up run %s failed", run.id)
            run.write(
                {
                    "state": "failed",
                    "ended_on": fields.Datetime.now(),
                    "failure_reason": str(error),
                    "failure_count": run.failure_count + 1,
                }
            )
        self._checkpoint()
        return True

    def _work_collect(self):
        self.env["ar.followup.case"]._collect(self.company_id, self.date)
        self.write({"step": "decide", "position": 0})

    def _work_decide(self):
        Case = self.env["ar.followup.case"]
        cases = self._next_cases(BATCH_SIZE, [("state", "!=", "closed")])
        if not cases:
            self.company_id._ar_ask_accountant()
            Case._tell_missed_calls(self.company_id, self.date)
            self.write({"step": "prepare", "position": 0})
            return
        cases._cancel_outdated()
        slots = self._slots_left()
        decided = Case._decide(self.company_id, self.date, cases.partner_id.ids, slots)
        Case._record_decisions(self.company_id, decided, self.date, self)
        cases._drop_settled_calls()
        self._add_figures(decided)
        self.position = cases[-1].id

    def _work_prepare(self):
        cases = self._next_cases(
            self.env["res.company"]._ar_batch_size(),
            [("reason", "in", ("remind", "review"))],
        )
        if not cases:
            self.write(
                {"step": "done", "state": "done", "ended_on": fields.Datetime.now()}
            )
            return
        cases._prepare(self.company_id, self.date, self)
        self.position = cases[-1].id

    def _next_cases(self, limit, domain):
        return self.env["ar.followup.case"].search_fetch(
            [
                ("company_id", "=", self.company_id.id),
                ("id", ">", self.position),
                *domain,
            ],
            ["partner_id"],
            order="id",
            limit=limit,
        )

    def _slots_left(self):
        """Messages this run may still decide on; None: no limit."""
        left = self.env["ar.followup.case"]._slots_left(self.company_id, self.date)
        return None if left is None else left - self.slot_count

    # events and hand-over --------------------------------------------------------

    @api.model
    def _work_marks(self, clock):
        """Work the marks while there is time. Returns whether some remain."""
        remaining = True
        while remaining and clock.has_time:
            remaining = self.env["ar.followup.mark"]._work(BATCH_SIZE)
        return remaining

    @api.model
    def _take_turns(self, companies, runs, clock):
        """A batch of each company in turn: work its day, then hand over.

        To make a PDF takes longer than to send a mail: what needs none yet to be made
        leaves first, then those of a few reminders are made, and these leave.

        :return: whether something remains that the next tick can do at once
        """
        sending = Sending(clock.limit)
        positions = dict.fromkeys(companies, 0)  # the last reminder looked at
        run_of = runs.grouped("company_id")
        # a server that is silent takes all the time there is: who has it, comes last
        troubled = self._companies_in_trouble(companies)
        busy = companies - troubled + troubled
        while busy and clock.has_time:
            for company in busy:
                run = run_of.get(company, runs[:0])
                if run.state == "running" and clock.has_time and run._work_batch():
                    continue
                if not (
                    clock.has_time
                    and sending.has_time
                    and (
                        self._hand_over_batch(company, positions, sending)
                        or self._make_pdfs(company, sending)
                    )
                ):
                    busy -= company
        self._isolated(self._plan_announced_calls)
        self._isolated(partial(self._report_servers, sending))
        # a server that does not answer is asked again by the next regular tick
        others = companies.filtered(lambda own: own.id not in sending.troubled)
        return bool(
            self.env["ar.followup.reminder"]._awaiting_pdfs(others)
            or any(self._next_to_hand_over(company, positions) for company in others)
        )

    @api.model
    def _hand_over(self, companies, clock):
        """Hand over what is queued while there is time. Returns whether some remain."""
        return self._take_turns(companies, self.browse(), clock)

    @api.model
    def _next_to_hand_over(self, company, positions):
        Reminder = self.env["ar.followup.reminder"].sudo()
        if self._companies_not_sending(company):
            return Reminder
        return Reminder._ready_to_hand_over(
            company, self.env["res.company"]._ar_batch_size(), positions[company]
        )

    @api.model
    def _hand_over_batch(self, company, positions, sending):
        """Hand over the next batch of a company. Returns whether there was one."""
        batch = self._next_to_hand_over(company, positions)
        if not batch:
            return False
        accepted = sending.accepted
        self._deliver_safely(batch.with_context(ar_sending=sending))
        if sending.accepted == accepted:
            # else the rest is tried again: some servers take a few at a time
            positions[company] = batch[-1].id
        return True

    @api.model
    def _deliver_safely(self, batch):
        """Hand a batch over; one reminder that cannot be made ready stops no other."""
        if self._isolated(batch._deliver):
            return
        for reminder in batch:
            self._isolated(reminder._deliver, reminder._register_trouble)

    @api.model
    def _isolated(self, work, on_error=None):
        """Do one piece of work in a transaction of its own.

        :param on_error: what stores the error, when it is not worth another try
        :return: whether it succeeded
        """
        try:
            # a test has no transactions of its own, only savepoints
            in_test = modules.module.current_test
            with self.env.cr.savepoint() if in_test else contextlib.nullcontext():
                work()
            self._checkpoint()
            return True
        except psycopg2.OperationalError:
            # somebody changed the same rows just now: the next tick tries again
            self._checkpoint(rollback=True)
        except Exception as error:
            _logger.info("Put off: %s", error, exc_info=True)
            self._checkpoint(rollback=True)
            if on_error:
                self._isolated(partial(on_error, error))
        return False

    @api.model
    def _plan_announced_calls(self):
        """The calls that sent reminders announced, whoever handed them over."""
        self.env["ar.followup.reminder"].sudo().search(
            [("state", "=", "sent"), ("call_pending", "=", True)]
        )._plan_following_calls()


class Clock:
    """A time budget, in seconds of wall time; with workers, of computing as well.

    :ivar end: when the last batch begins
    :ivar limit: when the last mail must be done with, however slow its server
    """

    def __init__(self, seconds):
        now = time.monotonic()
        self.end = now + seconds
        self.limit = max(now + TIME_LIMIT, self.end)
        # threads share one process: what others compute says nothing about the tick
        self.cpu_end = time.process_time() + CPU_BUDGET if config["workers"] else inf

    @property
    def has_time(self):
        return time.monotonic() < self.end and time.process_time() < self.cpu_end

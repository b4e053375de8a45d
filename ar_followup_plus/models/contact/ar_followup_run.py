from odoo import api, fields, models
from odoo.exceptions import AccessError

LEAST_TRIED = 20  # hand-overs a day before their failures say anything
SHARE_FAILED = 0.5  # of them: then something is wrong that is no single customer's

SERVER_TROUBLE = "ar_followup_plus.mail_activity_type_mail_server"
SENDING_STOPPED = "ar_followup_plus.mail_activity_type_sending_stopped"


class ArFollowupRun(models.Model):
    """Sending as a whole: the breaker, and telling the admin of trouble, once."""

    _inherit = "ar.followup.run"

    stopped_day = fields.Date(
        help="Too many reminders failed on this day: nothing leaves for the rest of it."
    )
    resumed_on = fields.Datetime(help="A person let sending go on.")

    @api.model_create_multi
    def create(self, vals_list):
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        runs = super(ArFollowupRun, quiet).create(vals_list).with_env(self.env)
        # a new day goes on by itself; if it is stopped again, that is news again
        new_days = runs.filtered(lambda run: not run.is_preview)
        new_days._open_activities(SENDING_STOPPED).action_done()
        return runs

    # the breaker -----------------------------------------------------------------

    @api.model
    def _latest_of(self, companies):
        """The last worked day of each of these companies (as superuser)."""
        latest = self.sudo().browse()
        for company in companies:
            latest |= self.sudo().search(
                [("company_id", "=", company.id), ("is_preview", "=", False)],
                order="date desc",
                limit=1,
            )
        return latest

    @api.model
    def _companies_not_sending(self, companies):
        """Those for which too much failed today: a person, or tomorrow, goes on."""
        return (
            self._latest_of(companies)
            .filtered(
                lambda run: (
                    run.state == "stopped"
                    and run.stopped_day == run.company_id._ar_today()
                )
            )
            .company_id
        )

    @api.model
    def _companies_answering(self):
        """Those with answers to hand over, which leave also where nobody is asked."""
        return (
            self.env["ar.followup.reminder"]
            .sudo()
            .search([("state", "=", "queued"), ("is_demand", "=", False)])
            .company_id
        )

    @api.model
    def _stop_if_many_failed(self, company):
        """Stop the day's sending when most of it fails, and tell the admin.

        :return: whether nothing more may leave
        """
        run_sudo = self._latest_of(company)
        if not run_sudo or self._companies_not_sending(company):
            return bool(run_sudo)
        failed, tried = run_sudo._count_failed()
        if tried < LEAST_TRIED or failed < SHARE_FAILED * tried:
            return False
        if not run_sudo.try_lock_for_update(allow_referencing=True):
            return False  # being worked just now: the next failure asks again
        speaking = company._ar_on_record(run_sudo)
        run_sudo.write(
            {
                "state": "stopped",
                "stopped_day": company._ar_today(),
                "ended_on": fields.Datetime.now(),
                "failure_reason": speaking._stop_text(failed, tried),
            }
        )
        admin = self._admin_of(company)
        note = run_sudo.with_context(lang=admin.lang)._stop_text(failed, tried)
        run_sudo._tell(admin, SENDING_STOPPED, note)
        return True

    def _stop_text(self, failed, tried):
        return self.env._(
            "Sending was stopped: %(failed)s of the %(tried)s reminders handed over "
            "today failed. Nothing more leaves until you choose “Go On”, or until "
            "tomorrow. Open the reminders to see why they failed, correct the cause, "
            "then go on.",
            failed=failed,
            tried=tried,
        )

    def _count_failed(self):
        """How many of today's hand-overs failed, of how many; since sending went on."""
        self.ensure_one()
        company = self.company_id
        since = company._ar_to_utc(company._ar_today(), 0)
        counts = dict(
            self.env["ar.followup.reminder"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("tried_on", ">", max(since, self.resumed_on or since)),
                    ("state", "in", ("sent", "bounced", "failed", "unknown")),
                ],
                ["state"],
                ["__count"],
            )
        )
        failed = counts.get("failed", 0) + counts.get("unknown", 0)
        return failed, sum(counts.values())

    def action_go_on(self):
        """Button: the cause is corrected, let the reminders leave again."""
        self._check_can_go_on()
        self.sudo()._do_go_on()  # sudo: the engine's own fields
        return True

    def _check_can_go_on(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "ar_followup_plus.group_ar_approver"
        ):
            raise AccessError(
                self.env._("Only an approver can let sending go on. Ask your manager.")
            )

    def _do_go_on(self):
        for run in self.filtered(
            lambda run: run.state == "stopped" and run.stopped_day
        ):
            run.write(
                {
                    "state": "done" if run.step == "done" else "running",
                    "stopped_day": False,
                    "resumed_on": fields.Datetime.now(),
                    "failure_reason": False,
                }
            )
            run._open_activities(SENDING_STOPPED).action_done()
        self.env["ar.followup.mark"]._wake_up()

    # telling the admin -------------------------------------------------------------

    @api.model
    def _admin_of(self, company):
        """Who sees to the settings: the follow-up manager, if it is an admin."""
        group = self.env.ref("account.group_account_manager")
        admins = group.all_user_ids.filtered(
            lambda user: user.active and company in user.company_ids
        ).sorted("id")
        manager = company.ar_manager_id
        return manager if manager in admins else admins[:1] or manager

    def _open_activities(self, kind):
        """The open activities of a kind on the runs of these runs' companies."""
        kind = self.env.ref(kind, raise_if_not_found=False)
        runs = self._search([("company_id", "in", self.company_id.ids)])
        # sudo: they are the admin's
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("activity_type_id", "=", kind and kind.id),
                    ("res_model", "=", self._name),
                    ("res_id", "in", runs),
                ]
            )
        )

    def _tell(self, admin, kind, note):
        """One open activity of a kind in a company, however often it happens."""
        self.ensure_one()
        if not self._open_activities(kind):
            # quick update: a mail about it would not leave, either
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                kind,
                note=note,
                user_id=admin.id,
                date_deadline=self.company_id._ar_today(),
            )

    @api.model
    def _companies_in_trouble(self, companies):
        """Those of which the admin was told that their mails wait for a server."""
        alerts_sudo = self._latest_of(companies)._open_activities(SERVER_TROUBLE)
        # sudo: the engine acts for the companies
        return companies & self.sudo().browse(alerts_sudo.mapped("res_id")).company_id

    @api.model
    def _report_servers(self, sending):
        """Tell admins whose mails wait for a mail server, and who need not look.

        :param sending: :class:`Sending`, after the hand-over
        """
        Company = self.env["res.company"].sudo()
        for run_sudo in self._latest_of(Company.browse(sending.troubled)):
            admin = self._admin_of(run_sudo.company_id)
            speaking = run_sudo.with_context(lang=admin.lang)
            run_sudo._tell(
                admin,
                SERVER_TROUBLE,
                speaking.env._(
                    "The mail server does not take the reminders of %(company)s: "
                    "%(error)s. None is lost; they are tried again by themselves. "
                    "Check the outgoing mail server (Settings → General Settings → "
                    "Outgoing Email Servers, “Test Connection”).",
                    company=run_sudo.company_id.name,
                    error=sending.troubled[run_sudo.company_id.id],
                ),
            )
        fine = Company.browse(sending.delivered - sending.troubled.keys())
        self._latest_of(fine)._open_activities(SERVER_TROUBLE).unlink()

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

MODES = [
    ("off", "Off: nothing is prepared or sent"),
    ("review", "Review: a person sends each reminder"),
    ("automatic", "Automatic: due reminders leave by themselves"),
]
# Addons that remind the same customers: two of them would remind twice.
CONFLICTING_ADDONS = ("account_followup", "account_credit_control")
#: Messages prepared in one transaction, and handed over between two looks at the clock
BATCH_SIZE = 100
#: Far enough to see beyond any holiday; what lies later is decided later.
CLOSED_DAYS_AHEAD = 31


class ResCompany(models.Model):
    _inherit = "res.company"

    # Portal and public users read companies, but not how they follow up.
    ar_followup_policy_id = fields.Many2one(
        "ar.followup.policy",
        string="Default Follow-up Policy",
        domain="[('company_id', 'in', [id, False])]",
        default=lambda self: self.env.ref(
            "ar_followup_plus.policy_default", raise_if_not_found=False
        ),
        ondelete="restrict",
        help="Who is reminded when, where a customer has no policy of their own.",
        groups="base.group_user",
    )
    ar_followup_mode = fields.Selection(
        MODES,
        string="Follow-up Mode",
        required=True,
        default="off",
        help="Whether reminders are prepared, and whether a person reads each first.",
        groups="base.group_user",
    )
    ar_followup_start_date = fields.Date(
        string="Follow-up Start Date",
        help="Invoices that were due before this day are left alone.",
        groups="base.group_user",
    )
    ar_followup_hour = fields.Integer(
        string="Follow-up Hour",
        default=8,
        help="Hour of the day, in the company's time zone, from which the day's "
        "follow-up is worked.",
        groups="base.group_user",
    )
    ar_daily_limit = fields.Integer(
        string="Daily Limit",
        help="At most so many new messages a day. 0: no limit.",
        groups="base.group_user",
    )
    ar_attachment_max = fields.Integer(
        string="Attached Invoices",
        default=10,
        help="At most so many invoice PDFs go with one mail. 0: links only.",
        groups="base.group_user",
    )
    ar_attachment_mb_max = fields.Integer(
        string="Size of Attachments",
        default=5,
        help="At most so many megabytes of invoice PDFs go with one mail. 0: links "
        "only.",
        groups="base.group_user",
    )
    ar_manager_id = fields.Many2one(
        "res.users",
        string="Follow-up Manager",
        help="Is told about firm steps, and stands in where nobody is named.",
        groups="base.group_user",
    )
    ar_default_user_id = fields.Many2one(
        "res.users",
        string="Default Collector",
        help="Signs the reminders and gets the calls of customers who have no "
        "collector of their own.",
        groups="base.group_user",
    )
    ar_bank_stale_days = fields.Integer(
        string="Bank Statements at Most",
        help="Everything is held when the newest line of the company's bank journals "
        "is older than so many days. 0: nothing is held.",
        groups="base.group_user",
    )

    ar_reply_pause_days = fields.Integer(
        string="Pause after an Answer",
        default=5,
        help="For so many days after a customer answered by email, nobody asks them "
        "for money. 0: no pause.",
        groups="base.group_user",
    )

    _ar_reply_pause_days_not_negative = models.Constraint(
        "CHECK(ar_reply_pause_days >= 0)",
        "The pause after an answer cannot be negative. Use 0 for no pause.",
    )
    _ar_bank_stale_days_not_negative = models.Constraint(
        "CHECK(ar_bank_stale_days >= 0)",
        "The age of bank statements cannot be negative. Use 0 to hold nothing.",
    )
    _ar_daily_limit_not_negative = models.Constraint(
        "CHECK(ar_daily_limit >= 0)",
        "The daily limit cannot be negative. Use 0 for no limit.",
    )
    _ar_attachments_not_negative = models.Constraint(
        "CHECK(ar_attachment_max >= 0 AND ar_attachment_mb_max >= 0)",
        "The limits of attachments cannot be negative. Use 0 for links only.",
    )
    _ar_followup_hour_of_day = models.Constraint(
        "CHECK(ar_followup_hour BETWEEN 0 AND 23)",
        "The hour of the follow-up lies between 0 and 23.",
    )

    @api.model
    def _ar_settings(self):
        """Names of the settings of follow-up, which later rooms add to."""
        return frozenset(
            {
                "ar_followup_policy_id",
                "ar_followup_mode",
                "ar_followup_start_date",
                "ar_followup_hour",
                "ar_daily_limit",
                "ar_attachment_max",
                "ar_attachment_mb_max",
                "ar_manager_id",
                "ar_default_user_id",
                "ar_reply_pause_days",
                "ar_bank_stale_days",
            }
        )

    @api.model_create_multi
    def create(self, vals_list):
        """A new company begins as every company does.

        :raises AccessError: when somebody without the right chooses otherwise
        """
        if not self._ar_may_set_up():
            if any(vals.keys() & self._ar_settings() for vals in vals_list):
                self._ar_check_set_up()
            # not what a context or the user's preferences ask for, either
            usual = self._ar_usual_settings()
            vals_list = [{**vals, **usual} for vals in vals_list]
        companies = super().create(vals_list)
        # sudo: who makes companies need not read how they follow up
        companies.sudo().filtered(
            lambda company: company.ar_followup_mode == "automatic"
        ).sudo(self.env.su)._check_can_automate()
        return companies

    def write(self, vals):
        """How customers are followed up is for who administers the invoicing.

        :raises AccessError: for anybody else, also with rights on companies
        :raises UserError: when automatic mode is switched on unseen
        """
        if vals.keys() & self._ar_settings():
            self._ar_check_set_up()
        switched = self.browse()
        if vals.get("ar_followup_mode") == "automatic":
            switched = self.filtered(lambda own: own.ar_followup_mode != "automatic")
        result = super().write(vals)
        switched._check_can_automate()
        return result

    @api.model
    def _ar_may_set_up(self):
        return self.env.su or self.env.user.has_group("account.group_account_manager")

    @api.model
    def _ar_check_set_up(self):
        """Only who administers the invoicing says how customers are followed up."""
        if not self._ar_may_set_up():
            raise AccessError(
                self.env._(
                    "Follow-up settings are changed by an administrator of Invoicing."
                )
            )

    @api.model
    def _ar_usual_settings(self):
        """What a company begins with."""
        usual = {}
        for name in self._ar_settings():
            field = self._fields[name]
            value = field.default(self) if field.default else False
            usual[name] = value.id if field.type == "many2one" and value else value
        return usual

    def _check_can_automate(self):
        """Nobody lets reminders leave by themselves without having seen which."""
        if self.env.su:
            return
        for company in self:
            if not company._ar_is_previewed_today():
                raise UserError(
                    self.env._(
                        "Before reminders leave by themselves, see which: open a "
                        "preview of today for %(company)s first (Follow-up → Preview "
                        "Today), then switch to automatic.",
                        company=company.name,
                    )
                )

    def _ar_is_previewed_today(self):
        """Whether somebody had today's work previewed today. Later rooms answer."""
        return False

    @api.constrains("ar_followup_mode")
    def _check_ar_followup_mode(self):
        if self.filtered(lambda company: company.ar_followup_mode != "off"):
            why = self._ar_followup_conflict()
            if why:
                raise UserError(why)

    @api.constrains("ar_followup_policy_id")
    def _check_ar_followup_policy(self):
        for company in self:
            policy = company.ar_followup_policy_id
            if policy.company_id and policy.company_id != company:
                raise ValidationError(
                    self.env._(
                        "The policy %(policy)s belongs to another company. Choose one "
                        "of %(company)s, or a shared one.",
                        policy=policy.name,
                        company=company.name,
                    )
                )

    @api.model
    def _ar_followup_conflict(self):
        """Why follow-up must stay off: another addon reminds the same customers.

        :return: a sentence for the admin, or an empty string
        """
        # sudo: everyone may know which addons are installed, few may read them
        modules_sudo = (
            self.env["ir.module.module"]
            .sudo()
            .search(
                [
                    ("name", "in", CONFLICTING_ADDONS),
                    ("state", "in", ("installed", "to upgrade")),
                ]
            )
        )
        if not modules_sudo:
            return ""
        return self.env._(
            "Follow-up stays off while %(addons)s is installed: customers would be "
            "reminded twice. Uninstall it, or keep following up with it.",
            addons=", ".join(modules_sudo.mapped("shortdesc")),
        )

    @api.model
    def _ar_batch_size(self):
        """Messages of one transaction, for all companies: they take turns."""
        # sudo: a technical parameter
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        given = parameters_sudo.get_param("ar_followup_plus.batch_size", "")
        return int(given) if given.isdigit() and int(given) else BATCH_SIZE

    def _ar_signatory(self, users):
        """The first of some users who can sign for the company and be called back.

        :param users: iterable of ``res.users``, some of them maybe empty
        :return: one ``res.users``, or an empty recordset
        """
        self.ensure_one()
        for user in users:
            if user.active and not user.share and self in user.company_ids:
                return user
        return self.env["res.users"]

    def _ar_on_record(self, records):
        """Records of this company, in its language: for texts that stay on record."""
        self.ensure_one()
        lang = self.sudo().partner_id.lang or self.env.lang
        return records.with_company(self).with_context(lang=lang)

    def _ar_timezone(self):
        """The company's time zone: its address's, else its calendar's, else UTC."""
        self.ensure_one()
        name = self.partner_id.tz or self.resource_calendar_id.tz or "UTC"
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            return timezone.utc

    def _ar_now(self):
        """The present moment on the company's clock."""
        # fields.Datetime.now() is UTC without saying so
        return self._ar_local(fields.Datetime.now())

    def _ar_local(self, moment):
        """Odoo's naive UTC datetime as a moment on the company's clock."""
        return moment.replace(tzinfo=timezone.utc).astimezone(self._ar_timezone())

    def _ar_today(self):
        """Today's date on the company's clock."""
        return self._ar_now().date()

    def _ar_closed_days(self, today):
        """The days from ``today`` on that the company's working hours leave out.

        :return: set of dates, ``CLOSED_DAYS_AHEAD`` days ahead at the most; empty
            for working hours that leave no day to work
        """
        self.ensure_one()
        calendar_sudo = self.sudo().resource_calendar_id  # sudo: when, not who
        start = datetime(today.year, today.month, today.day, tzinfo=timezone.utc)
        days = calendar_sudo._get_unusual_days(
            start, start + timedelta(days=CLOSED_DAYS_AHEAD), self
        )
        closed = [fields.Date.to_date(day) for day in days if days[day]]
        return frozenset(closed if len(closed) < len(days) else ())

    def _ar_to_utc(self, day, hour):
        """A day and hour on the company's clock as Odoo's naive UTC datetime."""
        local = datetime(day.year, day.month, day.day, hour, tzinfo=self._ar_timezone())
        return local.astimezone(timezone.utc).replace(tzinfo=None)

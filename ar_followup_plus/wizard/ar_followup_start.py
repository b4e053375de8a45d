from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STEPS = [
    ("owed", "What Is Owed"),
    ("opening", "Opening Balances"),
    ("older", "Older Invoices"),
    ("levels", "Their Levels"),
    ("check", "What Changes"),
    ("mode", "Mode"),
]
# A form with thousands of rows is no form: the others come in a file.
LIST_LIMIT = 200


class ArFollowupStart(models.TransientModel):
    """Leads an admin from the books as they are to the first day of follow-up.

    The steps only collect answers. *What Changes* shows what they come to, and
    applies all of it or nothing. It can be gone through again at any time.
    """

    _name = "ar.followup.start"
    _description = "Start Following Up"

    step = fields.Selection(STEPS, required=True, default="owed")
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    page = fields.Html(compute="_compute_page", sanitize=False)
    has_link = fields.Boolean(compute="_compute_page")
    opening_journal_ids = fields.Many2many(
        "account.journal",
        string="Journals to Follow Up",
        domain="[('type', '=', 'general')]",
        check_company=True,
    )
    start_date = fields.Date(default=lambda self: self._default_start_date())
    older = fields.Selection(
        [
            ("leave", "Leave them alone"),
            ("release", "Follow them up, beginning at the friendly level"),
            ("level", "Set the level they had in another system"),
        ],
        string="Older Invoices",
        required=True,
        default="leave",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Only These Customers",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    reason = fields.Text(help="Goes into the log of each customer concerned.")
    release_others = fields.Boolean(string="Follow Up the Others, Too")
    level_date = fields.Date(
        string="Last Letter On",
        default=lambda self: self.env.company._ar_today(),
        help="The day on which invoices had their level, where no other is given. The "
        "next reminder keeps its distance from it.",
    )
    line_ids = fields.One2many("ar.followup.start.line", "start_id", "Invoices")
    csv_file = fields.Binary(string="CSV File")
    csv_name = fields.Char(string="File Name")
    csv_export = fields.Binary(readonly=True)
    preview_id = fields.Many2one("ar.followup.run", ondelete="set null")
    mode = fields.Selection(
        [
            ("review", "Review (recommended): a person reads and sends each reminder"),
            ("automatic", "Automatic: due reminders leave by themselves"),
            ("off", "Off: nothing is prepared or sent"),
        ],
        required=True,
        default=lambda self: self._default_mode(),
    )
    bank_stale_days = fields.Integer(
        string="Bank Statements at Most",
        default=lambda self: self.env.company.ar_bank_stale_days,
        help="Everything is held when the newest line of the company's bank journals "
        "is older than so many days. 0: nothing is held.",
    )

    @api.model
    def _default_start_date(self):
        """Today at first; later what is set, so that going through changes nothing."""
        company = self.env.company
        if company.ar_followup_mode == "off" and not company.ar_followup_start_date:
            return company._ar_today()
        return company.ar_followup_start_date

    @api.model
    def _default_mode(self):
        mode = self.env.company.ar_followup_mode
        return "review" if mode == "off" else mode

    @api.depends_context("company")
    def _compute_company_id(self):
        # never given by the client: nobody starts a company they do not work in
        self.company_id = self.env.company

    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Start Following Up")

    # steps -----------------------------------------------------------------------

    def action_next(self):
        self._check_can_start()
        if self.step in ("older", "levels"):
            self._check_reason()
        if self.step == "levels":
            self._refuse(self._levels_chosen()[1])
        self._move(1)
        if self.step == "levels":
            self._fill_lines()

    def action_back(self):
        self._check_can_start()
        self._move(-1)

    def _move(self, steps):
        there = self._steps()
        place = there.index(self.step) + steps
        self.step = there[min(max(place, 0), len(there) - 1)]

    def _steps(self):
        """The steps that ask something, or tell something."""
        skipped = set()
        if not self._sets_levels():
            skipped.add("levels")
        Line = self.env["account.move.line"]
        if not Line.search_count(self._opening_domain(), limit=1):
            skipped.add("opening")
        return [
            step for step, _label in STEPS if step not in skipped or step == self.step
        ]

    def _sets_levels(self):
        return bool(self.start_date) and self.older == "level"

    def _check_can_start(self):
        self.ensure_one()
        self.env["res.company"]._ar_check_set_up()

    def _check_reason(self):
        changes_older = self.start_date and self.older != "leave"
        if changes_older and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why older invoices are followed up: each customer's log keeps "
                    "the reason, for whoever is asked about it later."
                )
            )

    def _refuse(self, problems):
        if problems:
            raise UserError("\n".join(self._first(problems)))

    # what is there -----------------------------------------------------------------

    def _opening_domain(self):
        """Open debts of general journals, which Odoo leaves out of follow-up."""
        Line = self.env["account.move.line"]
        return Line._ar_open_receivable_domain(self.company_id) & Domain(
            [
                ("journal_id.type", "=", "general"),
                ("no_followup", "=", True),
                ("amount_residual_currency", ">", 0),
            ]
        )

    def _opening_lines(self):
        """Those of the chosen journals that have a due date."""
        if not self.opening_journal_ids:
            return self.env["account.move.line"]
        return self.env["account.move.line"].search(
            self._opening_domain()
            & Domain("journal_id", "in", self.opening_journal_ids.ids)
            & Domain("date_maturity", "!=", False)
        )

    def _older_debts(self):
        if not self.start_date:
            return []
        return self.env["ar.followup.item"]._older_debts(
            self.company_id,
            self.start_date,
            self.partner_ids.commercial_partner_id.ids or None,
            self.opening_journal_ids.ids,
        )

    def _levels_by_partner(self, partner_ids):
        """The levels that may be set, by customer: those of their policy."""
        partners = self.env["res.partner"].browse(partner_ids)
        policies = partners._ar_policy(self.company_id)
        return {partner.id: policy.level_ids for partner, policy in policies.items()}

    def _levels_chosen(self, debts=None):
        """The levels given in the file or, without one, in the list.

        :return: (dict journal item id → (level id, day), list of problems in words)
        """
        debts = self._older_debts() if debts is None else debts
        if self.csv_file:
            return self._read_csv(debts)
        return self.line_ids._levels_chosen(debts)

    def _chosen(self, debts):
        """What becomes of each older debt that does not stay as it is.

        :param debts: all older debts
        :return: (dict journal item id → (level id, day), list of problems in words)
        """
        # without a start date no debt is older, whatever was answered before
        if self.older == "leave" or not self.start_date:
            return {}, []
        chosen, problems = {}, []
        if self.older == "release" or self.release_others:
            chosen = {debt.line: (None, None) for debt in debts if not debt.is_released}
        if self.older == "level":
            with_level, problems = self._levels_chosen(debts)
            chosen.update(with_level)
        return chosen, problems

    def _fill_lines(self):
        """The largest older debts as rows; levels that were given stay."""
        given = self.line_ids.filtered("level_id")
        (self.line_ids - given).unlink()
        debts = [debt for debt in self._older_debts() if not debt.was_reminded]
        known = set(given.move_line_id.ids)
        missing = [debt for debt in debts if debt.line not in known]
        missing = missing[: max(LIST_LIMIT - len(given), 0)]
        levels = self._levels_by_partner({debt.partner for debt in missing})
        self.env["ar.followup.start.line"].create(
            [
                {
                    "start_id": self.id,
                    "move_line_id": debt.line,
                    "partner_id": debt.partner,
                    "name": debt.name,
                    "date_due": debt.due,
                    "currency_id": debt.currency,
                    "amount": debt.residual,
                    "policy_id": levels[debt.partner].policy_id.id,
                }
                for debt in missing
            ]
        )

    # windows ------------------------------------------------------------------------

    def action_open_preview(self):
        self._check_can_start()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.followup.run",
            "res_id": self.preview_id.id,
            "views": [[False, "form"]],
        }

    def action_open_credits(self):
        """Button: the payments and credit notes that were set against no invoice."""
        self._check_can_start()
        Line = self.env["account.move.line"]
        domain = Line._ar_open_receivable_domain(self.company_id) & Domain(
            "amount_residual_currency", "<", 0
        )
        return self._journal_items(
            domain,
            "account.view_move_line_tree",
            self.env._("Unallocated Credits"),
            self.env._("Every credit is set against an invoice"),
            self.env._(
                "Payments and credit notes that belong to no invoice yet appear here. "
                "Match them, so that nobody is asked for what they have paid."
            ),
        )

    def action_open_undated(self):
        """Button: the opening balances that need a due date, to be set there."""
        self._check_can_start()
        return self._journal_items(
            self._opening_domain() & Domain("date_maturity", "=", False),
            "ar_followup_plus.account_move_line_view_list_start",
            self.env._("Set Due Dates"),
            self.env._("Every opening balance has a due date"),
            self.env._("Those without one appear here. Go back, and go on."),
        )

    def _journal_items(self, domain, view, name, title, text):
        """The window with these journal items; title and text are for an empty one."""
        search = self.env.ref("ar_followup_plus.account_move_line_view_search_start")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [[self.env.ref(view).id, "list"]],
            "search_view_id": [search.id],
            "domain": list(domain),
            "help": Markup("<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>")
            % (title, text),
        }

from odoo import api, fields, models
from odoo.tools import format_date

PLAN_KINDS = [
    ("plan_offer", "Payment plan offered"),
    ("plan_note", "Note before an instalment"),
    ("plan_late", "Instalment late"),
    ("plan_paid", "Thanks for an instalment"),
    ("plan_done", "Thanks for a plan"),
]


class ArFollowupReminder(models.Model):
    """Messages about payment plans, and what their letters say."""

    _inherit = "ar.followup.reminder"

    kind = fields.Selection(
        selection_add=PLAN_KINDS,
        ondelete={kind: "cascade" for kind, _label in PLAN_KINDS},
    )
    plan_id = fields.Many2one(
        "ar.payment.plan", index="btree_not_null", ondelete="restrict"
    )
    plan_line_id = fields.Many2one(
        "ar.payment.plan.line",
        string="Instalment",
        index="btree_not_null",
        ondelete="restrict",
    )
    plan_table = fields.Html(compute="_compute_plan_table", sanitize=False)
    plan_link = fields.Html(compute="_compute_plan_link", sanitize=False)
    plan_total_text = fields.Char(compute="_compute_plan_texts")
    plan_until_text = fields.Char(compute="_compute_plan_texts")
    installment_text = fields.Char(compute="_compute_plan_texts")
    installment_day_text = fields.Char(compute="_compute_plan_texts")
    next_installment_text = fields.Char(compute="_compute_plan_texts")
    next_installment_day_text = fields.Char(compute="_compute_plan_texts")

    def _compute_plan_table(self):
        """The schedule as the customer reads it; once accepted, with what is open."""
        self.plan_table = False
        for reminder in self.filtered("plan_id"):
            reminder.plan_table = reminder._plan_view("plan_table")

    def _compute_plan_link(self):
        """The button to the plan's page: to accept it, then to see and pay."""
        self.plan_link = False
        for reminder in self.filtered("plan_id"):
            reminder.plan_link = reminder._plan_view("plan_link")

    def _plan_view(self, name):
        """A part of the letter about the plan, in the customer's language."""
        self.ensure_one()
        plan_sudo = self.plan_id.sudo()  # sudo: a link for its customer
        return self.env["ir.qweb"]._render(
            f"ar_followup_plus.{name}",
            {
                "plan": self.plan_id,
                "url": plan_sudo.get_base_url() + plan_sudo.get_portal_url(),
                "money": self._plan_money,
                "day": self._plan_day,
            },
            lang=self.lang,
            minimal_qcontext=True,
        )

    @api.depends("plan_id", "plan_line_id", "lang")
    def _compute_plan_texts(self):
        for reminder in self:
            money, day = reminder._plan_money, reminder._plan_day
            plan, line = reminder.plan_id, reminder.plan_line_id
            # the thanks are for all of an instalment, the others ask for what is open
            thanks = reminder.kind == "plan_paid"
            amount = line.amount if thanks else line.amount_open
            following = plan._due_now()[:1] if plan else line.browse()
            reminder.plan_total_text = money(plan.amount_total)
            reminder.plan_until_text = day(plan.offer_until)
            reminder.installment_text = money(amount)
            reminder.installment_day_text = day(line.date_due)
            reminder.next_installment_text = money(following.amount_open)
            reminder.next_installment_day_text = day(following.date_due)

    def _plan_money(self, amount):
        return self._money(self.plan_id.currency_id, amount) if amount else ""

    def _plan_day(self, day):
        """A day as the customer reads it, the month in letters: digits swap abroad."""
        return format_date(self.env, day, self.lang, "long") if day else ""

    # the agreement on paper ------------------------------------------------------

    def _own_attachments(self):
        """An offer takes the agreement along; its link shows the same."""
        attachments = super()._own_attachments()
        if self.kind == "plan_offer":
            attachments |= self._agreement_pdf()
        return attachments

    def _agreement_pdf(self):
        """The plan as PDF (as superuser)."""
        plan_sudo = self.plan_id.sudo()  # sudo: the agreement goes to its customer
        report_sudo = self.env["ir.actions.report"].sudo()
        content, _type = report_sudo.with_company(
            plan_sudo.company_id
        )._render_qweb_pdf("ar_followup_plus.report_payment_plan", plan_sudo.ids)
        name = plan_sudo.with_context(lang=self.lang)._get_report_base_filename()
        return plan_sudo.env["ir.attachment"].create(
            {
                "name": f"{name}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": plan_sudo._name,
                "res_id": plan_sudo.id,
            }
        )

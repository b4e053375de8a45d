import hashlib
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ArPaymentPlan(models.Model):
    """From a draft to an approved plan: what is looked at, and what is held."""

    _inherit = "ar.payment.plan"

    # what is approved ------------------------------------------------------------

    def _approval_fingerprint(self):
        return self._hash()

    def _hash(self):
        """SHA-256 of what is approved, and later accepted, as hexadecimal digits."""
        return hashlib.sha256(self._schedule_text().encode()).hexdigest()

    def _schedule_text(self):
        """The plan in a form that is the same wherever and whenever it is written.

        One line for the plan (reference, currency), one for each invoice (number, part
        covered) and one for each instalment (day, amount), amounts with the currency's
        decimals and a point.
        """
        self.ensure_one()
        self.env.flush_all()

        def money(amount):
            return f"{amount:.{self.currency_id.decimal_places}f}"

        covered = sorted(
            (row.item_id.name, money(row.amount_covered)) for row in self.item_line_ids
        )
        parts = sorted(
            (line.date_due.isoformat(), money(line.amount)) for line in self.line_ids
        )
        rows = [(self.name, self.currency_id.name), *covered, *parts]
        return "\n".join("\t".join(row) for row in rows)

    def _approval_policy_manager(self):
        # sudo: the policy may be hidden from the user
        manager = self.sudo().case_id.policy_id.manager_id.sudo(False)
        return manager or super()._approval_policy_manager()

    def _approval_key_figures(self):
        """What the approver looks at, in the language of the context."""
        self.ensure_one()
        money = self.currency_id.format
        days = self.line_ids.sorted("date_due").mapped("date_due")
        in_words = [format_date(self.env, day, date_format="long") for day in days]
        figures = [
            (self.env._("Customer"), self.partner_id.sudo().display_name),
            (self.env._("Total"), money(self.amount_total)),
            (self.env._("Instalments"), self._parts_in_words()),
            (
                self.env._("Term"),
                self.env._(
                    "%(first)s to %(last)s, %(days)s days from now",
                    first=in_words[0],
                    last=in_words[-1],
                    days=self._duration(),
                ),
            ),
            (self.env._("Invoices"), self._invoices_in_words()),
            (
                self.env._("Level reached"),
                self.case_id.sudo().level_id.name or self.env._("No level yet"),
            ),
            (self.env._("Earlier plans"), self._earlier_in_words()),
        ]
        if self.replaces_id:
            figures.append((self.env._("In place of"), self.replaces_id.name))
        if self.note:
            figures.append((self.env._("Why"), self.note))
        return figures

    def _duration(self):
        """Days from today to the last instalment."""
        return (max(self.line_ids.mapped("date_due")) - self._today()).days

    def _parts_in_words(self):
        """How many instalments, and their size: “3, of 333.33 to 333.34”."""
        amounts = self.line_ids.mapped("amount")
        smallest, largest = map(self.currency_id.format, (min(amounts), max(amounts)))
        if smallest == largest:
            return self.env._(
                "%(count)s of %(amount)s", count=len(amounts), amount=largest
            )
        return self.env._(
            "%(count)s of %(smallest)s to %(largest)s",
            count=len(amounts),
            smallest=smallest,
            largest=largest,
        )

    def _invoices_in_words(self):
        items_sudo = self.sudo().item_line_ids.item_id  # sudo: how late they are
        late = max(items_sudo.mapped("days_overdue"), default=0)
        names = ", ".join(items_sudo.sorted("date_due").mapped("name"))
        if not late:
            return self.env._("%(invoices)s, not overdue yet", invoices=names)
        return self.env._(
            "%(invoices)s, the oldest %(days)s days overdue", invoices=names, days=late
        )

    def _earlier_in_words(self):
        """How this customer has kept to plans before."""
        others_sudo = self.sudo().case_id.plan_ids - self.sudo()
        broken = others_sudo.filtered("broken_on")
        kept = (others_sudo - broken).filtered(lambda plan: plan.state == "done")
        if not kept and not broken:
            return self.env._("None agreed before")
        return self.env._(
            "%(kept)s kept, %(broken)s broken", kept=len(kept), broken=len(broken)
        )

    def _check_can_approve(self, fingerprint=None):
        """Adds: nothing that was disputed meanwhile, or that waited too long.

        A first instalment on the day of the offer may have waited as long as it may
        be late.
        """
        result = super()._check_can_approve(fingerprint)
        for plan in self:
            # sudo: what is owed does not depend on who looks
            lines_sudo = plan.sudo().item_line_ids.item_id.move_line_id
            open_sudo = lines_sudo.filtered(lambda line: line._ar_asks_for_money())
            plan._raise_problem(plan._problem_of_dispute(open_sudo))
            first = min(plan.line_ids.mapped("date_due"))
            if first + timedelta(days=plan.tolerance_days) < plan._today():
                raise UserError(
                    self.env._(
                        "The first instalment of %(plan)s was to be paid on %(day)s. "
                        "Refuse it, so that it is proposed again with days to come.",
                        plan=plan.name,
                        day=format_date(self.env, first, date_format="long"),
                    )
                )
        return result

    # by rule -------------------------------------------------------------------------

    def _rule_that_approves(self):
        """The envelope: a plan within all three limits needs nobody's approval.

        Once for an invoice: with one plan after the other there would be no limit.

        :return: which limits, and who widened them, in words to keep; or ``""``
        """
        self.ensure_one()
        company_sudo = self.company_id.sudo()  # sudo: settings
        most, longest, largest = (
            company_sudo.ar_plan_auto_installments,
            company_sudo.ar_plan_auto_days,
            company_sudo.ar_plan_auto_amount,
        )
        total = self.currency_id._convert(
            self.amount_total, company_sudo.currency_id, company_sudo, self._today()
        )
        within = (
            0 < len(self.line_ids) <= most
            and self._duration() <= longest
            and company_sudo.currency_id.compare_amounts(total, largest) <= 0
        )
        if not (within and longest > 0 and largest > 0) or self._was_planned():
            return ""
        speaking = company_sudo._ar_on_record(company_sudo)
        person = speaking.ar_plan_auto_by_id.name or speaking.env._("nobody on record")
        return speaking.env._(
            "up to %(count)s instalments, %(days)s days and %(amount)s need no "
            "approval (widened by %(person)s).",
            count=most,
            days=longest,
            amount=speaking.currency_id.format(largest),
            person=person,
        )

    def _was_planned(self):
        """Whether the customer has agreed to a plan over one of the invoices before."""
        rows_sudo = self.env["ar.payment.plan.item"].sudo()  # sudo: of any plan
        return bool(
            rows_sudo.search_count(
                [
                    ("item_id.move_line_id", "in", self.sudo().move_line_ids.ids),
                    ("plan_id", "!=", self.id),
                    ("plan_id.accepted_on", "!=", False),
                ],
                limit=1,
            )
        )

    # what follows --------------------------------------------------------------------

    def _after_submit(self):
        """The baseline and the terms are what they are today; follow-up waits."""
        result = super()._after_submit()
        for plan in self:
            plan._store_baseline()
        for company, plans in (
            self.filtered(lambda plan: not plan.approval_rule)
            .grouped("company_id")
            .items()
        ):
            days = company.sudo().ar_plan_approval_days
            until = company._ar_today() + timedelta(days=days)
            plans._hold("awaiting_approval", until)
        return result

    def _store_baseline(self, **vals):
        """Adds: the terms, as they are today."""
        company = self.company_id
        policy_sudo = self.sudo().case_id.policy_id  # sudo: it may be hidden
        terms = {
            "tolerance_days": policy_sudo.plan_tolerance_days,
            "tolerance_amount": company.currency_id._convert(
                policy_sudo.plan_tolerance_amount,
                self.currency_id,
                company,
                company._ar_today(),
            ),
            "grace_days": company.sudo().ar_plan_grace_days,
        }
        return super()._store_baseline(**terms, **vals)

    def _after_approve(self):
        """It is an offer now: it goes out, and nobody asks for the money meanwhile."""
        result = super()._after_approve()
        for company, plans in self.grouped("company_id").items():
            days = company.sudo().ar_plan_offer_days
            until = company._ar_today() + timedelta(days=days)
            plans.sudo().offer_until = until  # sudo: the plan's own field
            plans._hold("planned", until)
        self._send_offer()
        return result

    def _after_refuse(self):
        result = super()._after_refuse()
        self._end_holds(lambda plan: plan.env._("The plan is a draft again."))
        return result

    # holds ---------------------------------------------------------------------------

    def _hold_note(self):
        speaking = self._on_record()
        return speaking.env._("Payment plan %(plan)s", plan=self.name)

    def _hold_user(self):
        return self.requested_by_id

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import clean_context, format_date


class ArCall(models.TransientModel):
    """How a call is kept: one entry, then what it led to, then one decision."""

    _inherit = "ar.call"

    # what has to be right ----------------------------------------------------------

    def _check_can_save(self):
        self.env["ar.contact.log"].check_access("create")
        self.contact_person_id.check_access("read")
        if self.log_id:
            raise UserError(self.env._("This call is in the contact log already."))
        if self.correction_of_id:
            self.correction_of_id._check_can_correct()
        problem = self._problem_of_next_step()
        check = {
            "promise": self._problem_of_promise,
            "dispute": self._problem_of_dispute,
            "hardship": self._problem_of_hardship,
        }.get(self.unfolds)
        problem = problem or (check() if check else "")
        if problem:
            raise UserError(problem)

    def _is_past(self, day):
        return bool(day) and day < self.company_id._ar_today()

    def _problem_of_next_step(self):
        if self.next_step_date and not (self.next_step or "").strip():
            return self.env._(
                "Say what the next step is, or leave its day empty: a colleague will "
                "read it on that day."
            )
        new = self.next_step_date != self.correction_of_id.next_step_date
        if new and self._is_past(self.next_step_date):
            return self.env._(
                "The next step is on %(day)s, which has passed. Choose today or later.",
                day=format_date(self.env, self.next_step_date),
            )
        return ""

    def _problem_of_promise(self):
        if not self.promise_date:
            return self.env._(
                "By which day do they pay? Write it down under “Pays by”. Without a "
                "day, choose “Reached” instead."
            )
        if self._is_past(self.promise_date):
            return self.env._(
                "%(day)s has passed: a promise is for today or later.",
                day=format_date(self.env, self.promise_date),
            )
        items = self._promised_items()
        if not items:
            return self.env._(
                "%(customer)s owes nothing that could be promised.",
                customer=self.case_id.display_name,
            )
        if len(items.currency_id) > 1:
            return self.env._(
                "The invoices are in several currencies: log a promise for each of "
                "them."
            )
        open_now = sum(items.mapped("amount_residual"))
        return self._problem_of_amount(self.promise_amount, open_now, items.currency_id)

    def _problem_of_dispute(self):
        if not self.dispute_item_id:
            return self.env._("Which invoice is it about? Choose it.")
        if not self.dispute_reason_id:
            return self.env._("Why do they dispute it? Choose a reason.")
        item = self.dispute_item_id
        # the rest of an invoice in instalments is disputed with it
        items = self.case_id.open_item_ids.filtered(
            lambda other: other.move_id == item.move_id
        )
        open_now = sum(items.mapped("amount_residual"))
        return self._problem_of_amount(self.dispute_amount, open_now, item.currency_id)

    def _problem_of_amount(self, amount, open_now, currency):
        if amount < 0:
            return self.env._("The amount cannot be negative.")
        if currency.compare_amounts(amount, open_now) > 0:
            return self.env._(
                "Only %(open)s is open: enter that or less, or leave the amount empty "
                "for all of it.",
                open=currency.format(open_now),
            )
        return ""

    def _problem_of_hardship(self):
        if not self.hardship_until:
            return self.env._("Until which day do we leave them alone? Choose one.")
        if self._is_past(self.hardship_until):
            return self.env._(
                "%(day)s has passed: choose a day until which they are left alone.",
                day=format_date(self.env, self.hardship_until),
            )
        return ""

    def _promised_items(self):
        return self.promise_item_ids.filtered("is_open") or self.case_id.open_item_ids

    # keeping it ----------------------------------------------------------------------

    def _do_save(self):
        """All or nothing; the case is decided anew once, at the end."""
        # what the dialog began with is no value of what follows from it
        call = self.with_context(clean_context(self.env.context)).with_company(
            self.company_id
        )
        case = call.case_id
        later = case.with_context(ar_reassess_later=True)
        self.log_id = later._log_contact(call._log_vals())
        keep = {
            "promise": call._keep_promise,
            "dispute": call._keep_dispute,
            "hardship": call._keep_hardship,
            "wrong_number": call._keep_wrong_number,
        }.get(self.unfolds)
        if keep:
            keep()
        case._reassess()

    def _log_vals(self):
        return {
            "correction_of_id": self.correction_of_id.id,
            "date": self.date,
            "channel": self.channel,
            "direction": self.direction,
            "outcome": self.outcome,
            "summary": self.summary,
            "contact_person_id": self.contact_person_id.id,
            "person_name": self.person_name,
            "next_step": self.next_step,
            "next_step_date": self.next_step_date,
        }

    def _keep_promise(self):
        # sudo: whose invoices they are; the promise looks at its own rights
        lines_sudo = self.promise_item_ids.sudo().move_line_id
        self.env["ar.payment.promise"].with_context(ar_reassess_later=True).create(
            {
                "case_id": self.case_id.id,
                "move_line_ids": lines_sudo.ids,
                "amount": self.promise_amount,
                "date_promised": self.promise_date,
                "method": self.promise_method,
                "log_id": self.log_id.id,
                "note": self.summary,
            }
        )

    def _keep_dispute(self):
        self.env["ar.dispute"].with_context(ar_reassess_later=True).create(
            {
                "case_id": self.case_id.id,
                # sudo: which invoice it is, not the entry
                "move_id": self.dispute_item_id.sudo().move_id.id,
                "amount_disputed": self.dispute_amount,
                "reason_id": self.dispute_reason_id.id,
                "description": self.summary,
                "log_id": self.log_id.id,
                "attachment_ids": self.attachment_ids.ids,
            }
        )

    def _keep_hardship(self):
        """Leave them alone for a while; why is nobody's business."""
        self.case_id.is_hardship = True
        note = self.company_id._ar_on_record(self).env._("Agreed on in a conversation.")
        self.env["ar.followup.hold"].with_context(ar_reassess_later=True).create(
            {
                "case_id": self.case_id.id,
                "kind": "paused",
                "date_from": self.company_id._ar_today(),
                "date_to": self.hardship_until,
                "note": note,
            }
        )

    def _keep_wrong_number(self):
        """The number that was dialled is nobody's of the customer."""
        if self.channel in ("phone", "sms"):
            self.partner_id._ar_mark_wrong_number(self.phone or None)

    def _or_why_not(self, follow_up, title=""):
        """What follows the call; where it is not possible, why, with the call kept."""
        try:
            with self.env.cr.savepoint():
                return follow_up()
        except UserError as error:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "title": title,
                    "message": str(error),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }

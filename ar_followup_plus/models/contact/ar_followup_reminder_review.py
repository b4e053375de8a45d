import re

from lxml import html

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime, is_html_empty


class ArFollowupReminder(models.Model):
    """What a person who reviews a reminder sees of it, and does with its text."""

    _inherit = "ar.followup.reminder"

    mail_html = fields.Html(
        string="Mail", compute="_compute_mail_html", sanitize=False, compute_sudo=True
    )
    email_from = fields.Char(string="From", compute="_compute_email_from")
    attachment_text = fields.Char(compute="_compute_attachment_text")
    review_text = fields.Text(string="Why It Is Here", compute="_compute_review_text")
    difference_text = fields.Text(
        string="What Changed", compute="_compute_difference_text"
    )
    edited_text = fields.Char(string="Edited", compute="_compute_edited_text")
    replaced_subject = fields.Char("Earlier Subject", related="replaces_id.subject")
    replaced_body = fields.Html(
        "Earlier Text", related="replaces_id.body", sanitize=False
    )

    @api.depends("body", "frame")
    def _compute_mail_html(self):
        """The mail as it left, or as it would leave now."""
        for reminder in self:
            empty = is_html_empty(reminder.body)
            reminder.mail_html = False if empty else reminder._mail_html()

    @api.depends("message_id", "user_id", "company_id")
    def _compute_email_from(self):
        for reminder in self:
            # sudo: the message as it left, whoever may see it
            message_sudo = reminder.message_id.sudo()
            reminder.email_from = message_sudo.email_from or reminder._email_from()

    @api.depends("line_ids", "state", "attachment_ids")
    def _compute_attachment_text(self):
        """The invoices that go with it: their files are made when it leaves."""
        for reminder in self:
            waiting = reminder.state in ("to_review", "queued", "failed")
            names = (
                [move.name for move in reminder._invoices_to_attach()]
                if waiting and not reminder.attachment_ids
                else []
            )
            reminder.attachment_text = (
                self.env._(
                    "The PDF of %(invoices)s goes with it.", invoices=", ".join(names)
                )
                if names
                else False
            )

    @api.depends("edited_by_id", "edited_on")
    @api.depends_context("lang", "tz")
    def _compute_edited_text(self):
        for reminder in self:
            reminder.edited_text = (
                self.env._(
                    "%(person)s, %(time)s",
                    # sudo: the name of a colleague
                    person=reminder.edited_by_id.sudo().name,
                    time=format_datetime(
                        self.env, reminder.edited_on, dt_format="short"
                    ),
                )
                if reminder.edited_by_id
                else False
            )

    @api.depends("state", "difference_text", "level_id", "case_id")
    @api.depends_context("lang")
    def _compute_review_text(self):
        for reminder in self:
            waits = reminder.state == "to_review"
            reminder.review_text = reminder._why_reviewed() if waits else False

    def _why_reviewed(self):
        self.ensure_one()
        if self.difference_text:
            return self.difference_text
        if self.level_id.requires_review:
            return self.env._("A person always reads this level first.")
        if self.case_id.policy_id.review_always:
            return self.env._("The policy of this customer asks for it.")
        if self.company_id.ar_followup_mode == "review":
            return self.env._("Follow-up is in the mode “Review”.")
        return self.env._("It was prepared by hand.")

    # edited, then overtaken by the facts ----------------------------------------

    def _keep_text(self):
        """Their facts changed: what a person wrote comes back with the next one."""
        for reminder_sudo in self.sudo():  # sudo: the engine's own field
            if reminder_sudo.edited_by_id:
                reminder_sudo.text_pending = True
            elif reminder_sudo.state == "to_review":
                # nobody has looked at it: the text before it is still to be dealt with
                reminder_sudo.replaces_id.text_pending = True

    @api.model
    def _pending_texts(self, cases):
        """Edited reminders that the next ones replace: dict case → reminder."""
        pending = self.sudo().search(
            [("case_id", "in", cases.ids), ("text_pending", "=", True)], order="id"
        )
        return {reminder.case_id: reminder for reminder in pending}

    @api.depends("replaces_id", "line_ids")
    @api.depends_context("lang", "tz")
    def _compute_difference_text(self):
        for reminder in self:
            before = reminder.replaces_id
            reminder.difference_text = reminder._difference(before) if before else False

    def _difference(self, before):
        changes = self._changes_since(before)
        return self.env._(
            "Since %(person)s edited this on %(day)s: %(changes)s",
            # sudo: the name of a colleague
            person=before.edited_by_id.sudo().name,
            day=format_date(self.env, before.edited_on, date_format="medium"),
            changes="; ".join(changes) + "."
            if changes
            else before.failure_reason or "",
        )

    def _changes_since(self, before):
        """What is different from an earlier reminder, as a list of phrases."""
        self.ensure_one()
        now = {line.item_id: line for line in self.line_ids}
        then = {line.item_id: line for line in before.line_ids}
        changes = [
            line._change_since(then.get(item))
            for item, line in {**then, **now}.items()
            if item in now
        ]
        gone = [line._why_gone() for item, line in then.items() if item not in now]
        if self.level_id != before.level_id:
            changes.append(
                self.env._(
                    "it is now “%(now)s” instead of “%(then)s”",
                    now=self.level_name,
                    then=before.level_name,
                )
            )
        if self.partner_id != before.partner_id:
            changes.append(
                self.env._(
                    "it now goes to %(now)s instead of %(then)s",
                    now=self.addressee_name,
                    then=before.addressee_name,
                )
            )
        return gone + [change for change in changes if change]

    def action_take_over_text(self):
        """Use the text a person wrote before, with the amounts and days of now."""
        self._check_can_take_over()
        for reminder in self:
            reminder._do_take_over()
        return True

    def _check_can_take_over(self):
        self._check_can_act()
        if any(not r.replaces_id or r.state != "to_review" for r in self):
            raise UserError(
                self.env._(
                    "Only a reminder to review that replaces an edited one can take "
                    "over its text."
                )
            )

    def _do_take_over(self):
        before = self.replaces_id
        words = self._words_renewed(before)
        root = html.fragment_fromstring(before.body or "", create_parent="div")
        for element in root.iter():
            element.text = _replace(words, element.text)
            element.tail = _replace(words, element.tail)
        for table in root.find_class("ar_invoices"):
            new = html.fragment_fromstring(str(self.invoice_table).strip())
            new.tail = table.tail
            table.getparent().replace(table, new)
        body = html.tostring(root, encoding="unicode")
        self.write(
            {
                "subject": _replace(words, before.subject),
                "body": body.removeprefix("<div>").removesuffix("</div>"),
            }
        )

    def _words_renewed(self, before):
        """What the letter named and names now: list of (then, now)."""
        first_then, first_now = before.line_ids[:1].name, self.line_ids[:1].name
        words = [
            (before.total_text, self.total_text),
            (before.answer_text, self.answer_text),
            (before.offer_text, self.offer_text),
        ]
        if first_then not in self.line_ids.mapped("name"):
            words.append((first_then, first_now))
        return [(then, now) for then, now in words if then and now and then != now]


def _replace(words, text):
    """Put new words in the place of old ones, however their blanks are written."""
    for then, now in words if text else ():
        # not within a longer number: 1,500.00 does not contain 500.00
        pattern = r"(?<![\w.,])" + r"\s".join(map(re.escape, then.split())) + r"(?!\w)"
        text = re.sub(pattern, lambda _match, now=now: now, text)
    return text

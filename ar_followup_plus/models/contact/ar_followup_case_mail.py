import contextlib
from datetime import timedelta

import psycopg2
from lxml import html
from markupsafe import Markup

from odoo import models
from odoo.tools import html2plaintext, html_sanitize, plaintext2html

from .ar_contact_log import CONVERSATIONS
from .ar_followup_reminder_bounce import BOUNCED_ACTIVITY
from .incoming import one_line, own_words

ANSWER_ACTIVITY = "ar_followup_plus.mail_activity_type_answer"


class ArFollowupCase(models.Model):
    """What comes in by mail: answers, reports and bounces."""

    _inherit = "ar.followup.case"

    # answers ---------------------------------------------------------------

    def _register_answer(self, mail):
        """Somebody outside wrote: log it, pause the demands, tell the collector.

        :param mail: the values of the mail, as Odoo's gateway parsed them
        """
        self.ensure_one()
        author_sudo = self.env["res.partner"].sudo().browse(mail.get("author_id"))
        if self._is_colleague(author_sudo):
            return
        # sudo: the gateway may have no rights on cases. The rows are only added, so
        # that no answer is lost to somebody who works on the case just now.
        case_sudo = self.sudo().with_context(ar_reassess_later=True)
        case_sudo.env["ar.contact.log"].create(
            case_sudo._answer_log_vals(author_sudo, mail)
        )
        case_sudo._pause_after_answer(one_line(mail.get("subject")))
        case_sudo._ask_once(ANSWER_ACTIVITY)
        self._reassess_soon()

    def _is_colleague(self, author_sudo):
        """Whether one of us wrote, from their mail program.

        Who works for the customer is theirs, even when both are in this database.
        """
        case_sudo = self.sudo()
        company_sudo = case_sudo.company_id.partner_id
        employer_sudo = author_sudo.commercial_partner_id
        return (
            bool(author_sudo)
            and employer_sudo != case_sudo.partner_id
            and (not author_sudo.partner_share or employer_sudo == company_sudo)
        )

    def _answer_log_vals(self, author_sudo, mail):
        # Odoo marks quotes and signatures while it cleans a text
        body = html.fragment_fromstring(
            str(html_sanitize(mail.get("body") or "")), create_parent="div"
        )
        quotes = body.xpath("//*[@data-o-mail-quote]")
        for quote in quotes:
            quote.drop_tree()
        text = html2plaintext(
            html.tostring(body, encoding="unicode"), include_references=False
        )
        # whoever is not the customer's is named: anybody may write any sender
        is_theirs = author_sudo.commercial_partner_id == self.partner_id
        summary = (
            "" if is_theirs else one_line(mail.get("email_from")),
            one_line(mail.get("subject")),
            own_words(text, bool(quotes)),
        )
        return {
            "case_id": self.id,
            "contact_person_id": author_sudo.id,
            "channel": "email",
            "direction": "in",
            "outcome": "other",
            "summary": "\n".join(filter(None, summary)),
            "user_id": False,
            "automated": True,
        }

    def _pause_after_answer(self, subject):
        """Nobody who has just answered is asked again; a second answer extends it."""
        company = self.company_id
        days = company.ar_reply_pause_days
        if not days:
            return
        today = company._ar_today()
        until = today + timedelta(days=days)
        standing = self.hold_ids.filtered(
            lambda hold: hold.kind == "replied" and hold.is_current and not hold.item_id
        )
        if standing:
            standing.filtered(
                lambda hold: hold.date_to and hold.date_to < until
            ).date_to = until
            return
        self.env["ar.followup.hold"].create(
            {
                "case_id": self.id,
                "kind": "replied",
                "date_from": today,
                "date_to": until,
                "note": company._ar_on_record(self).env._(
                    "Answered by email: %(subject)s", subject=subject
                ),
                "user_id": False,
            }
        )

    # bounces and other reports -----------------------------------------------

    def _register_bounce(self, reminder, why):
        """A reminder came back: what it announced and counted for is undone."""
        # sudo: the engine's own fields
        case_sudo = self.sudo()
        if reminder.level_id and case_sudo.call_level_id == reminder.level_id:
            case_sudo._drop_calls()
        if reminder.is_demand and case_sudo.last_demand_date == reminder._sent_on():
            case_sudo.last_demand_date = case_sudo._last_contact_on_record()
        self._reassess_soon()
        if case_sudo.state != "closed":
            case_sudo._ask_once(BOUNCED_ACTIVITY, why)

    def _last_contact_on_record(self):
        """The day of the last demand that arrived, or conversation; or False."""
        counting = self.contact_log_ids.filtered(
            lambda entry: (
                (entry.outcome in CONVERSATIONS and not entry.is_corrected)
                or (entry.reminder_id.state == "sent" and entry.reminder_id.is_demand)
                or (entry.channel, entry.outcome) == ("phone", "other")
                or entry.level_id
            )
        )
        days = [entry._contact_day() for entry in counting]
        # a letter of a former system left no entry, only the level it was for
        days += filter(None, self.item_ids.mapped("level_date"))
        return max(days, default=False)

    def _note_report(self, mail):
        """What servers tell about a mail is kept for people to read, and no more."""
        self.ensure_one()
        # sudo: the gateway acts for everybody
        note_sudo = self.sudo()._message_log(
            body=Markup(mail.get("body") or ""),  # noqa: S704 - the field cleans it
            subject=mail.get("subject"),
            author_id=False,
            email_from=mail.get("email_from"),
            message_type="email",
        )
        # so that the gateway knows it, should it come again
        note_sudo.message_id = mail["message_id"]

    # both --------------------------------------------------------------------

    def _ask_once(self, activity_type, note=""):
        """One open activity of a kind for whoever is responsible for each case.

        :return: the activities made, for the cases that had none
        """
        made = self.env["mail.activity"]
        asked = self.browse(self.activity_search([activity_type]).mapped("res_id"))
        people = self._responsible()
        for (company, user), cases in (
            (self - asked).grouped(lambda case: (case.company_id, people[case])).items()
        ):
            made += cases.with_context(
                lang=user.lang, mail_activity_quick_update=True
            ).activity_schedule(
                activity_type,
                date_deadline=company._ar_today(),
                note=plaintext2html(note) if note else "",
                user_id=user.id,
            )
        return made

    def _reassess_soon(self):
        """Decide anew at once; while somebody works on the case, with the tick.

        A mail that met a colleague's change would be lost: it is not fetched twice.
        """
        # sudo: marks are the engine's
        self.env["ar.followup.mark"]._mark_cases(self.sudo())
        with (
            contextlib.suppress(psycopg2.OperationalError),
            self.env.cr.savepoint(),
        ):
            self.try_lock_for_update(allow_referencing=True)._reassess()

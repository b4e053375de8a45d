import contextlib
import logging
import random
import smtplib

import psycopg2

from odoo import api, fields, models, modules
from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all

from .sending import Delivery, Sending, answer

_logger = logging.getLogger(__name__)

# Namespace of our advisory locks: one is held by each process that hands over
# mails, so that another can tell whether the sender of a claimed mail lives.
SENDER_LOCK = 0x41525F46  # "AR_F"
STORE_ATTEMPTS = 5  # to store that a mail left, against a colleague's changes


class MailMail(models.Model):
    """The gate: every way to the mail server passes here.

    The engine, Odoo's own queue and every retry call ``_send``. For a reminder
    the facts are read again and the claim is committed before SMTP; the result
    is committed after. Nothing of ours is locked while a server answers.
    """

    _inherit = "mail.mail"

    def _ar_reminders(self):
        """The reminders among these mails: dict mail → reminder (as superuser)."""
        ours = self.filtered(lambda mail: mail.model == "ar.followup.case")
        if not ours:
            return {}
        # sudo: the queue, or whoever pressed a button, may not see reminders
        reminders_sudo = (
            self.env["ar.followup.reminder"]
            .sudo()
            .search_fetch([("message_id", "in", ours.mail_message_id.ids)])
        )
        by_message = reminders_sudo.grouped("message_id")
        found = {}
        for mail in ours:
            reminder_sudo = by_message.get(mail.mail_message_id)
            people = mail.sudo().recipient_ids
            # what goes to a follower alone is a copy, and no business of the gate
            if reminder_sudo and (not people or reminder_sudo.partner_id in people):
                found[mail] = reminder_sudo
        return found

    def _ar_cases(self):
        """The cases whose reminders are among these mails (as superuser)."""
        reminders = self._ar_reminders().values()
        return (
            self.env["ar.followup.case"]
            .sudo()
            .browse(reminder.case_id.id for reminder in reminders)
        )

    def send(self, *args, **kwargs):
        """Whatever became of our mails, their customers are decided anew, soon.

        With ``ar_watched`` in the context somebody looks at them: at once.
        """
        mails = self.with_context(ar_sending=self._ar_sending())
        cases_sudo = self._ar_cases()
        result = super(MailMail, mails).send(*args, **kwargs)
        if self.env.context.get("ar_watched"):
            cases_sudo._reassess_soon()
        else:
            self.env["ar.followup.mark"]._mark_cases(cases_sudo)
        return result

    def _ar_sending(self):
        """The hand-over that is going on, or a new one (:class:`Sending`)."""
        sending = self.env.context.get("ar_sending")
        return sending if isinstance(sending, Sending) else Sending()

    def _split_by_mail_configuration(self):
        """Nobody tries a mail server again that did not answer a moment ago."""
        sending = self._ar_sending()
        for server_id, *how, mail_ids in super()._split_by_mail_configuration():
            mails = self.browse(mail_ids)
            if server_id in sending.down or not sending.has_time:
                waiting = mails._ar_reminders()
                mails -= self.browse(mail.id for mail in waiting)
                for reminder_sudo in waiting.values():
                    sending.note_trouble(reminder_sudo.company_id.id, server_id)
            if mails:
                yield server_id, *how, mails.ids

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        ours = self.browse()
        if not self.env["ir.mail_server"]._disable_send():
            ours = self.browse(mail.id for mail in self._ar_reminders())
        result = True
        if self - ours or not self:
            result = super(MailMail, self - ours)._send(
                auto_commit=auto_commit,
                raise_exception=raise_exception,
                smtp_session=smtp_session,
                alias_domain_id=alias_domain_id,
                mail_server=mail_server,
                post_send_callback=post_send_callback,
            )
        if ours:
            ours._ar_hand_over(
                smtp_session=smtp_session,
                alias_domain_id=alias_domain_id,
                mail_server=mail_server,
            )
            if post_send_callback:
                post_send_callback(ours.ids)
        return result

    def _ar_hand_over(self, smtp_session, mail_server, **send_values):
        """Hand reminders to the mail server, one by one."""
        sending = self._ar_sending()
        sending.begin()
        send_values["smtp_session"] = smtp_session
        with self._ar_own_transaction() as env:
            if mail_server:
                send_values["mail_server"] = mail_server.with_env(env)
            # what is not committed yet, or dropped meanwhile, is for another tick
            mails = self.with_env(env).exists()
            key = self._ar_take_sender_lock(env)
            try:
                # Committed with the first claim: were this process to die, the tick
                # still decides anew about everyone it had in hand.
                env["ar.followup.mark"]._mark_cases(mails._ar_cases())
                mails._ar_hand_over_each(key, sending, send_values)
                env["mail.mail"].browse(mails.ids)._ar_clear_away()
            finally:
                self._ar_release_sender_lock(env, key)
        self.invalidate_recordset()

    def _ar_hand_over_each(self, key, sending, send_values):
        conflict = self.env["res.company"]._ar_followup_conflict()
        Run = self.env["ar.followup.run"]
        reminders_sudo = {mail.id: r for mail, r in self._ar_reminders().items()}
        companies = {mail_id: r.company_id for mail_id, r in reminders_sudo.items()}
        stopped = set(Run._companies_not_sending(self._ar_cases().company_id).ids)
        server = send_values.get("mail_server") or self.env["ir.mail_server"]
        session = send_values["smtp_session"]
        for mail_id, reminder_sudo in reminders_sudo.items():
            if (
                not sending.has_time
                or session.sock is None
                or server.id in sending.down
            ):
                break
            # browse one by one: after a commit only this one is read again
            mail = self.browse(mail_id)
            company = companies[mail_id]
            if conflict and reminder_sudo.is_demand:
                mail._ar_give_up(conflict)
            elif company.id not in stopped and mail._ar_claim_safely(
                reminder_sudo, key
            ):
                delivery = mail._ar_leave(sending, send_values)
                sending.note(server.id, session, delivery, company.id)
                if not delivery.accepted and mail._ar_stop_if_many_failed(company):
                    stopped.add(company.id)

    def _ar_stop_if_many_failed(self, company):
        """Ask the breaker; that its answer cannot be stored now is no trouble."""
        commit, rollback = _transaction_ends(self.env)
        try:
            stopped = self.env["ar.followup.run"]._stop_if_many_failed(company)
            commit()
            return stopped
        except psycopg2.OperationalError:
            rollback()  # the next failure asks again
        return False

    def _ar_clear_away(self):
        """Delete what has left, all at once; the message in the history remains."""
        commit, rollback = _transaction_ends(self.env)
        try:
            mails = self.try_lock_for_update()
            mails.filtered(lambda mail: mail.state == "sent").unlink()
            commit()
        except psycopg2.OperationalError:
            rollback()  # another process that was handed the same clears them away

    def _ar_claim_safely(self, reminder_sudo, key):
        """Claim and commit; trouble with one customer stops nobody else."""
        commit, rollback = _transaction_ends(self.env)
        try:
            # the lock begins a transaction: it cannot be older than what it locks
            commit()
            claimed = (
                reminder_sudo.try_lock_for_update(allow_referencing=True)
                and self.exists()
                and self._ar_claim(reminder_sudo, key)
            )
            commit()
            return bool(claimed)
        except psycopg2.OperationalError:
            rollback()  # changed by somebody else just now: the next tick looks again
        except Exception as error:
            _logger.exception("The facts of mail %s could not be read", self.id)
            rollback()
            reminder_sudo._register_trouble(error)
            commit()
        return False

    def _ar_give_up(self, why):
        """Cancel the reminder of a mail that must not leave, with the reason."""
        commit, _rollback = _transaction_ends(self.env)
        for reminder_sudo in self._ar_reminders().values():
            if reminder_sudo.state in ("queued", "failed"):
                reminder_sudo._set_state("cancelled", failure_reason=why)
                reminder_sudo._drop_mail()
        commit()

    def _ar_leave(self, sending, send_values):
        """Hand a claimed mail over and store the result.

        :return: what became of it (:class:`Delivery`)
        """
        commit, rollback = _transaction_ends(self.env)
        (reminder_sudo,) = self._ar_reminders().values()
        delivery = Delivery(email_normalize_all(reminder_sudo.partner_id.email or ""))
        delivery.watch(send_values["smtp_session"], sending.seconds_left)
        try:
            # Odoo's own sending, not ours: this mail has passed the gate
            super(  # pylint: disable=super-method-mismatch
                MailMail, self.with_context(ar_delivery=delivery)
            )._send(**send_values)
            commit()
        except (psycopg2.Error, smtplib.SMTPServerDisconnected) as error:
            rollback()
            if delivery.accepted:
                self._ar_store_accepted()
            else:
                self._ar_break_off(delivery, error)
                commit()
        return delivery

    def _ar_store_accepted(self):
        """The mail left, but somebody changed the case just then: store it again."""
        commit, rollback = _transaction_ends(self.env)
        for _attempt in range(STORE_ATTEMPTS):
            try:
                self.write({"state": "sent", "failure_type": False})
                self._postprocess_sent_message(self.recipient_ids, [])
                commit()
                return
            except psycopg2.OperationalError:
                rollback()
        # claimed still: the next tick asks a person

    @contextlib.contextmanager
    def _ar_own_transaction(self):
        """A transaction that may be committed whatever the caller is doing."""
        if modules.module.current_test:
            yield self.env  # a test sees its own data in its own transaction only
            return
        with self.env.registry.cursor() as cr:
            yield api.Environment(cr, self.env.uid, self.env.context, self.env.su)

    def _ar_take_sender_lock(self, env):
        key = random.randrange(1, 2**31)  # noqa: S311 - a name, not a secret
        env.execute_query(SQL("SELECT pg_advisory_lock(%s, %s)", SENDER_LOCK, key))
        return key

    def _ar_release_sender_lock(self, env, key):
        """Give the lock back, also after an error, and never instead of that error.

        The connection is used again: a lock left on it would pass for a sender who
        lives. After an error the database takes no statement before a rollback.
        """
        _commit, rollback = _transaction_ends(env)
        # a connection that is lost has lost its locks, too
        with contextlib.suppress(psycopg2.Error):
            rollback()
            env.execute_query(
                SQL("SELECT pg_advisory_unlock(%s, %s)", SENDER_LOCK, key)
            )

    def _ar_claim(self, reminder_sudo, key):
        """Whether this mail may leave now; if so, its reminder is claimed.

        Cancels the reminder, which is locked, when its facts changed since it was
        prepared.
        """
        self.ensure_one()
        if reminder_sudo.state not in ("queued", "failed"):
            return False
        if self.state != "outgoing":
            return False  # Odoo would not send it either
        if reminder_sudo._cancel_outdated():
            return False
        reminder_sudo._set_state(
            "sending",
            attempt_count=reminder_sudo.attempt_count + 1,
            sender_key=key,
            tried_on=fields.Datetime.now(),
            email_to=reminder_sudo.partner_id.email,
        )
        return True

    def _ar_break_off(self, delivery, error):
        """Something else than the server's answer ended a mail that was in hand."""
        for reminder_sudo in self._ar_reminders().values():
            if reminder_sudo.state != "sending":
                continue
            if not delivery.under_way and isinstance(error, psycopg2.Error):
                reminder_sudo._set_state("queued")
                if not isinstance(error, psycopg2.OperationalError):
                    reminder_sudo._register_trouble(error)
                continue
            if not delivery.under_way:
                reminder_sudo._register_refused("mail_smtp", str(error))
                continue
            speaking = reminder_sudo.company_id._ar_on_record(self)
            reminder_sudo._register_failed(
                speaking.env._(
                    "The connection to the mail server broke while this message was "
                    "handed over (%(error)s). Nobody can know whether it left: ask the "
                    "customer, then mark it sent or send it again.",
                    error=error,
                ),
                state="unknown",
            )
            self.sudo().cancel()

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """The result: only the customer's own mail, accepted, is a delivery."""
        delivery = self.env.context.get("ar_delivery")
        results = self._ar_reminders()
        waiting = self.browse()
        if failure_type == "mail_smtp" and not delivery:
            waiting = self._ar_spare(results)
        reasons = {mail: failure_reason or mail.failure_reason for mail in results}
        # the mails of what was accepted are gone after this
        outcome = super(MailMail, self - waiting)._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        if isinstance(delivery, Delivery) and delivery.error:
            failure_type = delivery.kind or failure_type
            reasons = dict.fromkeys(results, answer(delivery.error))
        for mail, reminder_sudo in results.items():
            if mail in waiting or reminder_sudo.state not in ("queued", "sending"):
                continue
            if reminder_sudo.partner_id in success_pids:
                reminder_sudo._register_sent()
            elif isinstance(delivery, Delivery) and delivery.is_unanswered:
                mail._ar_break_off(delivery, delivery.error)
            else:
                reminder_sudo._register_refused(failure_type, reasons[mail])
        return outcome

    def _ar_spare(self, reminders_sudo):
        """Nobody answered at the mail server: one mail was tried, the others wait.

        :param reminders_sudo: dict mail → reminder
        :return: the mails that were not tried
        """
        sending = self._ar_sending()
        for mail, reminder_sudo in reminders_sudo.items():
            sending.troubled[reminder_sudo.company_id.id] = mail.failure_reason
        queued = [mail.id for mail, r in reminders_sudo.items() if r.state == "queued"]
        waiting = self.browse(queued[1:])
        waiting.write({"state": "outgoing", "failure_reason": False})
        return waiting


def _transaction_ends(env):
    """Commit and rollback of ``env``, both harmless inside a test."""
    if modules.module.current_test:
        return env.flush_all, lambda: None
    return env.cr.commit, env.cr.rollback

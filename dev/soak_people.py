"""Customers who answer, mail servers that report, and collectors at work."""

from odoo.addons.ar_followup_plus.tests.days_mail import answer, report

SHARE = {
    "bounced": 0.01,  # mails that come back after the server took them
    "delayed": 0.01,  # mails of which a server says that they take longer
    "answered": 0.03,  # mails the customer answers
    "away": 0.03,  # mails a machine answers
    "called": 0.8,  # of the calls of the day that are made
    "corrected": 0.3,  # wrong addresses that are put right, a day
    "released": 0.02,  # ladders that begin anew, a day
}


class People:
    """What people do in the soak; the rest of it is in soak_world.py."""

    def _people_do(self, what):
        return self.random.random() < SHARE[what]

    def _inbox(self, mails):
        """What comes back by mail in the afternoon, for mails that just arrived."""
        for mail in mails:
            (address, *_others) = mail.recipients
            if not address.endswith("@customer.example"):
                continue
            if self._people_do("bounced"):
                self._comes_in("bounces", report(mail, address))
            elif self._people_do("delayed"):
                self._comes_in("delays", report(mail, address, "delayed", "4.2.2"))
            elif self._people_do("answered"):
                self._comes_in("answers", answer(mail, address))
            elif self._people_do("away"):
                self._comes_in("automatic answers", answer(mail, address, True))

    def _comes_in(self, what, raw):
        self.post.append(raw)
        self.events[f"{what} by mail"] += 1

    def _fetch_mail(self):
        """Mail comes in through the gateway, each in a process of its own."""
        while self.post:
            with self._process() as env:
                env["mail.thread"].message_process(False, self.post.pop(0))

    # people at work ----------------------------------------------------------------

    def _office(self, env):
        env = env(user=env.ref("base.user_admin").id)
        Reminder = env["ar.followup.reminder"]
        calls = env["mail.activity"].search(
            [
                ("res_model", "=", "ar.followup.case"),
                ("date_deadline", "<=", self.today),
                ("activity_type_id.category", "=", "phonecall"),
            ]
        )
        made = calls.filtered(lambda _call: self._people_do("called"))
        if made:
            made.action_feedback(feedback="They will look into it.")
        self.events["calls made"] += len(made)
        waiting = Reminder.search([("state", "=", "to_review")])
        if waiting:
            waiting.action_send()
        self.events["reviewed"] += len(waiting)
        self._answer(Reminder.search([("state", "=", "unknown")]))
        self._put_right(Reminder.search([("state", "=", "failed")]))
        bounced = Reminder.search([("state", "=", "bounced")])
        for partner in bounced.partner_id:
            partner.email = f"new.{partner.email}"
        if bounced:
            bounced.action_cancel()
        over = env["ar.followup.case"].search([("reason", "=", "ladder_done")])
        over = over.filtered(lambda _case: self._people_do("released"))
        if over:
            over.action_release()
        self.events["ladders begun anew"] += len(over)

    def _answer(self, unknown):
        """The customers are asked whether they got it."""
        came = unknown.filtered(
            lambda reminder: self.seen.came(reminder.message_id.message_id)
        )
        if came:
            came.action_mark_sent()
        if unknown - came:
            (unknown - came).action_retry()
        self.events["unknown, and had left"] += len(came)
        self.events["unknown, and sent again"] += len(unknown - came)

    def _put_right(self, failed):
        """Some wrong addresses are corrected, and what they refused is sent again."""
        failed = failed.filtered(lambda _reminder: self._people_do("corrected"))
        self.sink.refused.difference_update(failed.mapped("email_to"))
        if failed:
            failed.action_retry()
        self.events["failed, and sent again"] += len(failed)

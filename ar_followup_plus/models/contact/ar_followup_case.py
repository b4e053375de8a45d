from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ..case.ar_followup_case_history import Happening

_lt = LazyTranslate(__name__)

# what became of a reminder: state → icon, and what the history calls it
REMINDER_TITLES = {
    "to_review": ["fa-pencil-square-o", _lt("%(level)s: prepared, to be read")],
    "queued": ["fa-clock-o", _lt("%(level)s: about to leave")],
    "sending": ["fa-clock-o", _lt("%(level)s: leaving")],
    "sent": ["fa-envelope-o", _lt("%(level)s: sent")],
    "failed": ["fa-exclamation-triangle", _lt("%(level)s: could not be sent")],
    "bounced": ["fa-exclamation-triangle", _lt("%(level)s: did not arrive")],
    "unknown": ["fa-question-circle-o", _lt("%(level)s: unknown whether it left")],
    "cancelled": ["fa-times", _lt("%(level)s: dropped")],
}
#: states of a reminder that a person has to look at
FOR_A_PERSON = ("to_review", "unknown", "bounced", "failed")


class ArFollowupCase(models.Model):
    _inherit = "ar.followup.case"

    contact_log_ids = fields.One2many("ar.contact.log", "case_id", string="Contacts")
    contact_count = fields.Integer(compute="_compute_contact_count")
    addressee_id = fields.Many2one(
        "res.partner", string="Reminders Go To", compute="_compute_addressee"
    )
    addressee_email = fields.Char(string="Email", compute="_compute_addressee")
    addressee_phone = fields.Char(string="Phone", compute="_compute_addressee")
    bounced_text = fields.Char(
        string="Mail Came Back From", related="partner_id.ar_bounced_text"
    )
    wrong_number_text = fields.Char(
        string="Wrong Number", related="partner_id.ar_wrong_number_text"
    )
    do_not_contact_text = fields.Text(
        string="Do Not Contact", compute="_compute_do_not_contact_text"
    )

    @api.model
    def _child_models(self):
        return super()._child_models() + ["ar.contact.log"]

    def _compute_contact_count(self):
        self._count_rows("ar.contact.log", "contact_count")

    @api.depends("level_id", "next_level_id", "partner_id")
    def _compute_addressee(self):
        """Who is written to next; without any address, at least a phone number."""
        # sudo: a level's tone, also of a hidden policy; after the last one, it stays
        firm = self.filtered(
            lambda case: (case.sudo().next_level_id or case.sudo().level_id)._is_firm()
        )
        addressees = {**(self - firm)._addressees(), **firm._addressees(is_firm=True)}
        for case in self:
            # sudo: how to reach a customer does not depend on who looks
            person_sudo = addressees.get(case, case.partner_id.browse()).sudo()
            case.addressee_id = person_sudo.id
            case.addressee_email = person_sudo.email
            people_sudo = person_sudo | case.partner_id.sudo()
            case.addressee_phone = next(
                (p.phone for p in people_sudo if p._ar_may_be_called()), False
            )

    @api.depends("partner_id")
    @api.depends_context("lang")
    def _compute_do_not_contact_text(self):
        """Who of the customer wants no emails or calls, and why: one a line."""
        Partner = self.env["res.partner"]
        wishes = ("ar_no_email", "ar_no_call")
        labels = {
            name: Partner._fields[name]._description_string(self.env) for name in wishes
        }
        # sudo: what a contact asked for does not depend on who looks
        contacts_sudo = Partner.sudo().search(
            Domain("commercial_partner_id", "in", self.partner_id.ids)
            & Domain.OR(Domain(name, "=", True) for name in wishes),
            order="id",
        )
        lines = defaultdict(list)
        for contact_sudo in contacts_sudo:
            said = [labels[name] for name in wishes if contact_sudo[name]]
            if contact_sudo.ar_no_contact_reason:
                said.append(contact_sudo.ar_no_contact_reason)
            name = contact_sudo.name or contact_sudo.display_name
            lines[contact_sudo.commercial_partner_id.id].append(
                f"{name}: {' – '.join(said)}"
            )
        for case in self:
            case.do_not_contact_text = "\n".join(lines[case.partner_id.id])

    def action_open_reminder(self):
        """Button: the reminder that waits for a person, or that went wrong."""
        self.ensure_one()
        reminder = self.env["ar.followup.reminder"].search(
            [
                ("case_id", "=", self.id),
                ("kind", "=", "reminder"),
                ("state", "in", FOR_A_PERSON),
            ],
            order="id desc",
            limit=1,
        )
        if not reminder:
            raise UserError(
                self.env._(
                    "This reminder was dealt with meanwhile. Load the page anew."
                )
            )
        return reminder._open()

    def _history(self, limit):
        domain = [("case_id", "in", self._origin.ids)]
        Reminder = self.env["ar.followup.reminder"]
        reminders = Reminder.search(domain, order="id desc", limit=limit)
        # what a reminder left in the log is told by the reminder itself
        contacts = self.env["ar.contact.log"].search(
            [*domain, ("reminder_id", "=", False)],
            order="date desc, id desc",
            limit=limit,
        )
        return [
            *super()._history(limit),
            *map(self._history_of_reminder, reminders),
            *map(self._history_of_contact, contacts),
        ]

    def _history_of_reminder(self, reminder):
        icon, lazy_title = REMINDER_TITLES[reminder.state]
        title = self.env._(lazy_title)
        # sudo: the name of whom it was for does not depend on who looks
        to = reminder.email_to or reminder.partner_id.sudo().display_name
        text = (
            self.env._(
                "%(amounts)s, to %(address)s.", amounts=reminder.asked_text, address=to
            )
            if reminder.asked_text
            else self.env._("To %(address)s.", address=to)
        )
        if reminder.state in ("failed", "bounced", "unknown"):
            text = " ".join(filter(None, (text, reminder.failure_reason)))
        if reminder.despite_by_id:
            text = self.env._(
                "%(text)s Despite the limits, by %(person)s: %(note)s",
                text=text,
                # sudo: the name of a colleague
                person=reminder.despite_by_id.sudo().name,
                note=reminder.despite_note,
            )
        return Happening(
            reminder.date_sent or reminder.write_date,
            icon,
            title % {"level": reminder.level_name},
            text,
            reminder.user_id,
            reminder,
        )

    def _register_contact(self, day):
        """Remember the latest day of a demand or conversation."""
        for case_sudo in self.sudo():  # sudo: the engine's own field
            if not case_sudo.last_demand_date or case_sudo.last_demand_date < day:
                case_sudo.last_demand_date = day

    def _addressees(self, is_firm=False):
        """Whom to write to: the follow-up contact, the invoice contact, the company.

        :param is_firm: for a level that goes to the decision maker, where there is one
        :return: dict case → ``res.partner``; empty where nobody has an address
        """
        addressees = self.sudo().partner_id._ar_addressees(is_firm)
        nobody = self.env["res.partner"]
        return {case: addressees.get(case.sudo().partner_id, nobody) for case in self}

    def _addressed_to(self, addressees):
        """To whom, where and in which language: values of a message.

        :param addressees: as ``_addressees`` gives them
        """
        self.ensure_one()
        return {
            "partner_id": addressees[self].id,
            "email_to": addressees[self].sudo().email,
            "lang": self._mail_lang(addressees[self]),
        }

    def _message_vals(self, addressees):
        """What messages of today to these customers begin with: dict case id → values.

        :param addressees: as ``_addressees`` gives them, one for each
        """
        people = self._responsible()
        today = {company: company._ar_today() for company in self.company_id}
        return {
            case.id: {
                **case._addressed_to(addressees),
                "case_id": case.id,
                "company_id": case.company_id.id,
                "user_id": people[case].id,
                "date_planned": today[case.company_id],
            }
            for case in self
        }

    def _mail_lang(self, addressee):
        """The language of the addressee, else of the customer, else of the company."""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = addressee | self.partner_id | self.company_id.partner_id
        spoken = [code for code in wanted.sudo().mapped("lang") if code in installed]
        return spoken[0] if spoken else self.env.user.lang or "en_US"

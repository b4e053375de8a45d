from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.tools import format_date

from ..ledger.incoming import SOURCES
from .account_journal import MATCH, STATEMENTS
from .ar_followup_case_transit import amount_in_words

# settings on which every open case of the company depends
MARKING_FIELDS = frozenset(
    {
        "ar_bank_stale_days",
        "ar_followup_mode",
        "ar_followup_policy_id",
        "ar_followup_start_date",
    }
)
#: Payments named in an activity; the journal has them all.
LISTED = 20


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & MARKING_FIELDS:
            self.env["ar.followup.mark"]._mark_companies(self)
        return result

    def _ar_is_previewed_today(self):
        self.ensure_one()
        today = self._ar_today()
        # sudo: who changes a setting need not see the runs
        return bool(
            self.env["ar.followup.run"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self.id),
                    ("is_preview", "=", True),
                    ("state", "=", "done"),
                    ("date", "=", today),
                    ("started_on", ">=", self._ar_to_utc(today, 0)),
                ],
                limit=1,
            )
        )

    # what only an accountant can do ----------------------------------------------

    def _ar_ask_accountant(self):
        """Have somebody match what came in, and import what is missing. Once each."""
        # sudo: it does not depend on who works the day
        working = self.sudo().filtered(lambda own: own.ar_followup_mode != "off")
        # what the customers of a branch paid may lie in the accounts of its parent
        for company in working.parent_ids:
            user = company._ar_accountant()
            if user:
                speaking = company.with_company(company).with_context(lang=user.lang)
                speaking._ar_ask_to_match(user)
                if company in working:
                    speaking._ar_ask_for_statements(user)

    def _ar_accountant(self):
        """The follow-up manager, or else the first who administers the invoicing."""
        self.ensure_one()
        manager = self._ar_signatory(self.ar_manager_id)
        if manager and manager.has_group("account.group_account_invoice"):
            return manager
        return self.env["res.users"].search(
            [
                (
                    "all_group_ids",
                    "in",
                    self.env.ref("account.group_account_manager").id,
                ),
                ("company_ids", "in", self.id),
                ("share", "=", False),
            ],
            order="id",
            limit=1,
        )

    def _ar_ask_to_match(self, user):
        """One activity on each of its journals in which money waits to be matched."""
        found = self._ar_to_match()
        by_journal = defaultdict(list)
        for kind in ("payment", "line"):  # an online payment is booked by itself
            own = [incoming for incoming in found if incoming.kind == kind]
            records = self.env[SOURCES[kind]].browse(incoming.id for incoming in own)
            for record, incoming in zip(records, own, strict=True):
                if record.journal_id.company_id == self:
                    by_journal[record.journal_id].append((record, incoming))
        journals = self.env["account.journal"].search([("company_id", "=", self.id)])
        settled = journals - journals.browse().union(*by_journal)
        settled._ar_activities(MATCH).unlink()
        for journal, own in by_journal.items():
            journal._ar_ask(
                MATCH,
                user,
                self.env._(
                    "Payments of customers to be matched: %(count)s",
                    count=len({record for record, _incoming in own}),
                ),
                self._ar_match_note(own),
            )

    def _ar_to_match(self):
        """What came in for customers of this company and its branches."""
        cases = self.env["ar.followup.case"].search_fetch(
            [("company_id", "child_of", self.id), ("is_in_transit", "=", True)],
            ["company_id", "partner_id"],
        )
        found = {
            incoming
            for company, own in cases.grouped("company_id").items()
            for incoming in self.env["ar.money.in.transit"]._find(
                company, own.partner_id.ids
            )
        }
        return sorted(found, key=lambda it: (it.day, it.kind, it.id, it.partner_id))

    def _ar_match_note(self, found):
        """What came in, and whom it names: the first few, each a link."""
        listed = found[:LISTED]
        customers = self.env["res.partner"].browse(
            incoming.partner_id for _record, incoming in listed
        )
        rows = Markup().join(
            Markup("<li>%s %s</li>")
            % (
                (record.move_id or record)._get_html_link(title=incoming.label),
                self.env._(
                    "(%(amount)s on %(day)s): names %(customer)s",
                    amount=amount_in_words(self.env, incoming),
                    day=format_date(self.env, incoming.day, date_format="medium"),
                    customer=customer.display_name,
                ),
            )
            for (record, incoming), customer in zip(listed, customers, strict=True)
        )
        note = Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._(
                "The customers are not asked for this money meanwhile. Match these "
                "payments with their invoices, so that follow-up knows what is paid."
            ),
            rows,
        )
        if len(found) > LISTED:
            more = self.env._("And %(count)s more.", count=len(found) - LISTED)
            note += Markup("<p>%s</p>") % more
        return note

    def _ar_ask_for_statements(self, user):
        """One activity for as long as the bank is stale; done, it is not repeated.

        On a bank journal; where there is none, on another, for somebody has to know.
        """
        journals = self.env["account.journal"].search(
            [("company_id", "in", self.parent_ids.ids)]
        )
        journals = journals.sorted(
            lambda journal: (journal.type != "bank", journal.company_id != self)
        )
        told = journals._ar_activities(STATEMENTS)
        if not self._ar_is_bank_stale(self._ar_today()):
            told.unlink()
            return
        newest = self._ar_last_bank_day()
        before = journals.with_context(active_test=False)._ar_activities(STATEMENTS)
        if newest:
            before = before.filtered(lambda activity: activity.date_deadline > newest)
        if journals and not before:
            journals[0]._ar_ask(
                STATEMENTS,
                user,
                self.env._("Import the bank statements: follow-up waits for them"),
                Markup("<p>%s</p>") % self._ar_bank_stale_text(),
            )

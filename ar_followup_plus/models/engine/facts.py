from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..case.ar_followup_reminder import LIVE
from ..ledger.ageing import to_minor
from ..policy.tones import TONE_RANK
from .decide import Facts, Hold, Item, Level


class Subject(NamedTuple):
    """A customer and the facts about them, with what is only for the record.

    :param case_id: None when a preview meets a new customer
    :param overdue, open: company currency, minor units
    """

    partner_id: int
    case_id: int | None
    facts: Facts
    overdue: int
    open: int
    oldest_due: object


class ArFollowupCase(models.Model):
    """Facts: what ``decide`` needs to know, read set by set, as plain values."""

    _inherit = "ar.followup.case"

    @api.model
    def _gather_facts(self, company, today, partner_ids, ignored=()):
        """The facts of many customers of one company on a day.

        :param partner_ids: ids of commercial partners
        :param ignored: reminders to be judged as if they were not prepared
        :return: list of :class:`Subject`, in the order of ``partner_ids``
        """
        if not partner_ids:
            return []
        self.env.flush_all()
        cases = self._case_rows(company, partner_ids)
        case_ids = [case["id"] for case in cases.values()]
        rules = self._rules(company)
        lines = self._line_facts(company, partner_ids, rules)
        holds = self._hold_facts(company, today, case_ids)
        sent = self._reminder_facts(company, case_ids, ignored)
        calls = self._open_calls(case_ids)
        contacts = self._contact_facts(partner_ids)
        transit = self.env["account.move.line"]._ar_credits_in_transit(
            company, partner_ids
        )
        stale = self._is_bank_stale(company, today)
        automatic = set(
            self.env["res.partner"]
            .browse(partner_ids)
            ._ar_is_collected_automatically()
            .ids
        )
        policies = self._policies_of(company, partner_ids)
        subjects = []
        for partner_id in partner_ids:
            case = cases.get(partner_id, {})
            case_id = case.get("id")
            items, credits, oldest, overdue, total = _sum_up(
                lines.get(partner_id, ()), today, company.ar_followup_start_date
            )
            reachable, left_alone = contacts.get(partner_id, (False, False))
            rule = rules.get(policies[partner_id], rules[False])
            facts = Facts(
                today=today,
                levels=rule.levels,
                items=items,
                credits=credits,
                in_transit={
                    currency: amount
                    for (owner, currency), amount in transit.items()
                    if owner == partner_id
                },
                holds=holds.get(case_id, ()),
                tolerance=rule.tolerance,
                min_gap=rule.min_gap,
                last_demand=case.get("last_demand_date"),
                call_open=case_id in calls,
                has_address=reachable,
                excluded="no_followup"
                if left_alone or partner_id in automatic
                else "",
                review_always=rule.review_always,
                bank_stale=stale,
                **sent.get(case_id, {}),
            )
            subjects.append(
                Subject(partner_id, case_id, facts, overdue, total, oldest)
            )
        return subjects

    @api.model
    def _is_bank_stale(self, company, today):
        """Whether the bank's statements are too old to ask for money. A hook."""
        return False

    @api.model
    def _case_rows(self, company, partner_ids):
        rows = self.sudo().search_read(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", partner_ids),
            ["partner_id", "last_demand_date"],
            load=None,
        )
        return {
            row["partner_id"]: dict(
                row, last_demand_date=row["last_demand_date"] or None
            )
            for row in rows
        }

    @api.model
    def _rules(self, company):
        """What each usable policy says, by id; ``False`` for none at all."""
        policies = (
            self.env["ar.followup.policy"]
            .sudo()
            .search([("company_id", "in", (company.id, False))])
        )
        review = company.ar_followup_mode == "review"
        decimals = company.currency_id.decimal_places
        rules = {
            policy.id: Rule(
                levels=tuple(
                    _level_facts(level)
                    for level in policy.level_ids.sorted("delay_days")
                ),
                min_gap=policy.min_gap_days,
                tolerance=to_minor(policy.tolerance_amount, decimals),
                review_always=policy.review_always or review,
            )
            for policy in policies
        }
        rules[False] = Rule((), 0, 0, review)
        return rules

    @api.model
    def _policies_of(self, company, partner_ids):
        partners = self.env["res.partner"].browse(partner_ids)
        return {
            partner.id: policy.id
            for partner, policy in partners._ar_policy(company).items()
        }

    @api.model
    def _line_facts(self, company, partner_ids, rules):
        """Open receivables and the level each has reached, by partner id."""
        Line = self.env["account.move.line"]
        query = Line._ar_open_receivable_query(company, partner_ids)
        query.add_join(
            "LEFT JOIN",
            "ar_item",
            "ar_followup_item",
            SQL("ar_item.move_line_id = account_move_line.id"),
        )
        query.add_join(
            "LEFT JOIN",
            "ar_level",
            "ar_followup_level",
            SQL("ar_level.id = ar_item.level_id"),
        )
        due = Line._ar_due_sql()
        query.order = SQL("account_move_line.partner_id, %s, account_move_line.id", due)
        # An item not collected yet is named by its line, negative: a preview has it.
        rows = self.env.execute_query(
            query.select(
                SQL("account_move_line.partner_id"),
                SQL("COALESCE(ar_item.id, -account_move_line.id)"),
                due,
                SQL("account_move_line.currency_id"),
                SQL("account_move_line.amount_residual_currency"),
                SQL("account_move_line.amount_residual"),
                SQL("account_move_line.no_followup"),
                SQL("ar_move.payment_state = 'blocked'"),
                SQL("ar_level.delay_days"),
                SQL("ar_level.tone"),
            )
        )
        factors = {
            currency.id: 10**currency.decimal_places
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([])
        }
        own_factor = factors[company.currency_id.id]
        result = defaultdict(list)
        for partner, item, day, currency, residual, own, *flags in rows:
            result[partner].append(
                (
                    item,
                    day,
                    currency,
                    round(residual * factors[currency]),
                    round(own * own_factor),
                    *flags,
                )
            )
        return result

    @api.model
    def _hold_facts(self, company, today, case_ids):
        holds = (
            self.env["ar.followup.hold"]
            .sudo()
            .search_fetch(
                Domain("case_id", "in", case_ids)
                & self.env["ar.followup.hold"]._current_domain(today),
                ["case_id", "item_id", "kind", "is_partial", "amount", "date_to"],
            )
        )
        result = defaultdict(tuple)
        for hold in holds:
            amount = None
            if hold.is_partial:
                decimals = hold.item_id.currency_id.decimal_places
                amount = to_minor(hold.amount, decimals)
            result[hold.case_id.id] += (
                Hold(hold.kind, hold.item_id.id or None, amount, hold.date_to or None),
            )
        return result

    @api.model
    def _reminder_facts(self, company, case_ids, ignored):
        """What was sent, what is on its way and what did not arrive, by case id."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT case_id, state, level_id, date_answer,
                       (date_sent AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                  FROM ar_followup_reminder
                 WHERE case_id = ANY(%(case_ids)s)
                   AND state != 'cancelled'
                   AND id != ALL(%(ignored)s)
                 ORDER BY id
                """,
                case_ids=case_ids,
                ignored=[reminder.id for reminder in ignored],
                tz=str(company._ar_timezone()),
            )
        )
        result = {}
        for case_id, state, level_id, date_answer, day in rows:
            facts = result.setdefault(case_id, {"sent": {}})
            if state in LIVE:
                facts["live"] = state
            if state in ("failed", "bounced"):
                facts["undelivered"] = "send_failed" if state == "failed" else state
            elif state == "sent":
                facts["undelivered"] = ""
                facts["sent"][level_id] = day
                facts["answer_by"] = date_answer
        return result

    @api.model
    def _open_calls(self, case_ids):
        """Ids of cases with a call still to be made."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT activity.res_id
                  FROM mail_activity activity
                  JOIN mail_activity_type type ON type.id = activity.activity_type_id
                 WHERE activity.res_model = 'ar.followup.case'
                   AND activity.res_id = ANY(%s)
                   AND activity.active
                   AND type.category = 'phonecall'
                """,
                case_ids,
            )
        )
        return {case_id for (case_id,) in rows}

    @api.model
    def _contact_facts(self, partner_ids):
        """By partner id: can a mail reach them, and are they left alone altogether."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id,
                       bool_or(contact.active AND contact.email_normalized IS NOT NULL
                               AND (contact.id = customer.id
                                    OR contact.type IN ('followup', 'invoice'))),
                       NOT customer.active
                       OR EXISTS (SELECT 1 FROM res_company own
                                   WHERE own.partner_id = customer.id)
                  FROM res_partner customer
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = customer.id
                 WHERE customer.id = ANY(%s)
                 GROUP BY customer.id
                """,
                list(partner_ids),
            )
        )
        return {partner: (reachable, alone) for partner, reachable, alone in rows}


class Rule(NamedTuple):
    """What a policy says, as plain values (tolerance: company minor units)."""

    levels: tuple
    min_gap: int
    tolerance: int
    review_always: bool


def _level_facts(level):
    return Level(
        id=level.id,
        delay=level.delay_days,
        tone=TONE_RANK[level.tone],
        email=level.send_email,
        call=level._plans_call(),
        repeat_after=level.repeat_after_days,
        review=level.requires_review,
    )


def _sum_up(rows, today, start_date):
    """Items, credits per currency, and the sums a case shows."""
    items, credits = [], defaultdict(int)
    overdue = total = 0
    oldest = None
    for item, due, currency, residual, own, no_followup, blocked, delay, tone in rows:
        total += own
        if residual < 0:
            credits[currency] -= residual
            continue
        if residual == 0:
            continue
        excluded = (
            "no_followup"
            if no_followup
            else "blocked"
            if blocked
            else "before_start"
            if start_date and due < start_date
            else ""
        )
        oldest = min(oldest or due, due)
        if due < today:
            overdue += own
        reached = None if tone is None else (delay, TONE_RANK[tone])
        items.append(Item(item, due, currency, residual, own, reached, excluded))
    return tuple(items), dict(credits), oldest, overdue, total

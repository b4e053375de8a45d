from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..contact.governor import NO_CAP, Cap
from ..ledger.ageing import to_minor
from ..policy.tones import TONE_RANK
from .debt import Debt
from .values import Facts, Level


class Subject(NamedTuple):
    """A customer, the facts about them, and the sums a case shows.

    :param case_id: None when a preview meets a new customer
    """

    partner_id: int
    case_id: int | None
    facts: Facts
    debt: Debt


class Rule(NamedTuple):
    """What a policy says, as plain values (tolerance: company minor units)."""

    levels: tuple = ()
    min_gap: int = 0
    tolerance: int = 0
    review_always: bool = False
    working_days_only: bool = False
    written_cap: Cap = NO_CAP
    call_cap: Cap = NO_CAP


NO_RULE = Rule()


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
        kin = self._kin(company)
        cases = self._case_rows(company, kin, partner_ids)
        by_case = self._case_facts(
            company, today, [c["id"] for c in cases.values() if c["id"]], ignored
        )
        by_partner = self._customer_facts(company, partner_ids)
        contacted = self._contact_history(company, kin, today, partner_ids)
        lines = self._line_facts(company, partner_ids)
        rules = self._rules(company)
        policies = self._policies_of(company, partner_ids)
        stale = company._ar_is_bank_stale(today)
        # what is judged anew is put off on a closed day, not cancelled
        closed = frozenset() if ignored else company._ar_closed_days(today)
        subjects = []
        for partner_id in partner_ids:
            case = cases.get(partner_id, {})
            rule = rules.get(policies[partner_id], NO_RULE)
            debt = Debt.of(lines.get(partner_id, ()), today)
            past = by_case.get(case.get("id"), {})
            facts = Facts(
                today=today,
                levels=rule.levels,
                tolerance=rule.tolerance,
                min_gap=rule.min_gap,
                review_always=past.pop("is_edited", False) or rule.review_always,
                items=debt.items,
                credits=debt.credits,
                last_demand=case.get("last_demand_date"),
                bank_stale=stale,
                written_cap=rule.written_cap,
                call_cap=rule.call_cap,
                closed=closed if rule.working_days_only else frozenset(),
                **contacted.get(partner_id, {}),
                **by_partner[partner_id],
                **past,
            )
            subjects.append(Subject(partner_id, case.get("id"), facts, debt))
        return subjects

    @api.model
    def _case_facts(self, company, today, case_ids, ignored):
        """What people and the engine did before, by case id."""
        holds = self._hold_facts(today, case_ids)
        calls = self._open_calls(case_ids)
        reminders = self._reminder_facts(company, today, case_ids, ignored)
        return {
            case_id: {
                "holds": holds[case_id],
                "call_open": case_id in calls,
                "call_on": calls.get(case_id),
                **reminders.get(case_id, {}),
            }
            for case_id in case_ids
        }

    @api.model
    def _customer_facts(self, company, partner_ids):
        """What is known of the customers themselves, by partner id."""
        contacts = self._contact_facts(partner_ids)
        partners = self.env["res.partner"].browse(partner_ids)
        automatic = set(partners._ar_is_collected_automatically().ids)
        in_transit = defaultdict(dict)
        for (partner_id, currency), amount in (
            self.env["account.move.line"]
            ._ar_credits_in_transit(company, partner_ids)
            .items()
        ):
            in_transit[partner_id][currency] = amount
        unreachable = [id_ for id_, (obstacle, *_) in contacts.items() if obstacle]
        deciders = self._reachable_deciders(unreachable)
        result = {}
        for partner_id in partner_ids:
            obstacle, no_call, left_alone = contacts.get(
                partner_id, ("no_address", False, True)
            )
            left_alone = left_alone or partner_id in automatic
            result[partner_id] = {
                "unreachable": obstacle,
                "decider_reachable": partner_id in deciders,
                "no_call": no_call,
                "excluded": "no_followup" if left_alone else "",
                "in_transit": in_transit[partner_id],
            }
        return result

    @api.model
    def _rules(self, company):
        """What each usable policy says, by id."""
        policies = (
            self.env["ar.followup.policy"]
            .sudo()
            .search_fetch(
                [("company_id", "in", (company.id, False))],
                [
                    "min_gap_days",
                    "tolerance_amount",
                    "review_always",
                    "working_days_only",
                    "message_cap",
                    "message_cap_days",
                    "call_cap",
                    "call_cap_days",
                ],
            )
        )
        Level = self.env["ar.followup.level"].sudo()
        levels = Level.search_fetch(
            [("policy_id", "in", policies.ids)], order="delay_days"
        )
        by_policy = levels.grouped("policy_id")
        review = company.ar_followup_mode == "review"
        decimals = company.currency_id.decimal_places
        return {
            policy.id: Rule(
                levels=tuple(map(_level_facts, by_policy.get(policy, ()))),
                min_gap=policy.min_gap_days,
                tolerance=to_minor(policy.tolerance_amount, decimals),
                review_always=policy.review_always or review,
                working_days_only=policy.working_days_only,
                written_cap=Cap(policy.message_cap, policy.message_cap_days),
                call_cap=Cap(policy.call_cap, policy.call_cap_days),
            )
            for policy in policies
        }

    @api.model
    def _policies_of(self, company, partner_ids):
        partners = self.env["res.partner"].browse(partner_ids)
        return {
            partner.id: policy.id
            for partner, policy in partners._ar_policy(company).items()
        }

    @api.model
    def _line_facts(self, company, partner_ids):
        """Open receivables and the level each has reached, by partner id.

        :return: dict partner id → list of rows: item id, due date, currency id,
            residual in minor units, the same in the company's currency, why it is
            not followed up, delay and tone of its level, ids of the levels it had
        """
        Line = self.env["account.move.line"]
        query = Line._ar_open_receivable_query(company, partner_ids)
        query.add_join(
            "JOIN",
            "ar_currency",
            "res_currency",
            SQL("ar_currency.id = account_move_line.currency_id"),
        )
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
        query.order = SQL(
            "ar_customer.commercial_partner_id, %s, account_move_line.id", due
        )
        rows = self.env.execute_query(query.select(*self._line_columns(company, due)))
        result = defaultdict(list)
        for partner_id, *row in rows:
            result[partner_id].append(row)
        return result

    @api.model
    def _line_columns(self, company, due):
        """What ``_line_facts`` reads of each line, as SQL; the customer comes first."""
        # An item not collected yet is named by its line, negative: a preview has it.
        return (
            SQL("ar_customer.commercial_partner_id"),
            SQL("COALESCE(ar_item.id, -account_move_line.id)"),
            due,
            SQL("account_move_line.currency_id"),
            SQL(
                "(account_move_line.amount_residual_currency"
                " * (10 ^ ar_currency.decimal_places)::numeric)::bigint"
            ),
            SQL(
                "(account_move_line.amount_residual * %s)::bigint",
                10**company.currency_id.decimal_places,
            ),
            SQL(
                """CASE WHEN account_move_line.no_followup THEN 'no_followup'
                        WHEN ar_move.payment_state = 'blocked' THEN 'blocked'
                        WHEN %s < %s AND ar_item.is_released IS NOT TRUE
                             THEN 'before_start'
                        ELSE '' END""",
                due,
                company.ar_followup_start_date or None,
            ),
            SQL("ar_level.delay_days"),
            SQL("ar_level.tone"),
            self.env["ar.followup.reminder.line"]._levels_sent_sql("ar_item"),
        )

    @api.model
    def _contact_facts(self, partner_ids):
        """By partner id: why nobody can be written to (or an empty text), whether
        nobody may call them, and whether they are left alone altogether."""
        partners = self.env["res.partner"].browse(partner_ids)
        best = partners._ar_best_contacts()
        nobody = (None, "no_address")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id,
                       COALESCE(customer.ar_no_call, FALSE),
                       NOT customer.active
                       OR EXISTS (SELECT 1 FROM res_company own
                                   WHERE own.partner_id = customer.id)
                  FROM res_partner customer
                 WHERE customer.id = ANY(%s)
                """,
                partners.ids,
            )
        )
        return {
            partner_id: (best.get(partner_id, nobody)[1], no_call, left_alone)
            for partner_id, no_call, left_alone in rows
        }

    @api.model
    def _reachable_deciders(self, partner_ids):
        """Of customers whom nobody can write to: whom the firm levels still reach."""
        if not partner_ids:
            return frozenset()
        best = self.env["res.partner"].browse(partner_ids)._ar_best_contacts(True)
        return {id_ for id_, (_contact, obstacle) in best.items() if not obstacle}


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

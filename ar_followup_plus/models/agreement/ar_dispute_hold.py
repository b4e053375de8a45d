from odoo import models

from ..ledger.ageing import cover_oldest_first, to_minor


class ArDispute(models.Model):
    """What is left alone of a disputed invoice: the disputed amount, and no more."""

    _inherit = "ar.dispute"

    def _is_standing(self):
        """Whether its amount is not asked for: it is open, or its credit note is not
        posted yet."""
        self.ensure_one()
        return self.state == "open" or self.credit_pending

    def _open_and_disputed(self):
        """What is open of its invoice, and what other disputes are about of that.

        :return: two amounts in the invoice's currency
        """
        self.ensure_one()
        move_sudo = self.sudo().move_id  # sudo: amounts, not the entry
        decimals = move_sudo.currency_id.decimal_places
        owed = move_sudo.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable" and line._ar_asks_for_money()
            )
        )
        open_now = sum(owed.mapped("amount_residual_currency"))
        others = move_sudo.ar_dispute_ids - self._origin
        disputed = sum(others._contested().values()) / 10**decimals
        return open_now, min(disputed, open_now)

    def _credited_by_hand(self):
        """What credit notes settled of the disputed invoices so far.

        Those that were made from a dispute are none of the others' business.

        :return: dict invoice (as superuser) → amount in its currency
        """
        moves_sudo = self.sudo().move_id  # sudo: amounts, not the entries
        of_disputes = moves_sudo.ar_dispute_ids.credit_note_id
        result = dict.fromkeys(moves_sudo, 0.0)
        for partial in moves_sudo._ar_credit_partials():
            if partial.credit_move_id.move_id not in of_disputes:
                result[partial.debit_move_id.move_id] += partial.debit_amount_currency
        return result

    def _contested(self):
        """What these disputes are still about, beside what was credited since.

        What customers pay goes to the rest of their invoices first.

        :return: dict dispute → minor units; 0 when it is over
        """
        result = {}
        credited = self._credited_by_hand()
        for move_sudo, disputes in self.sudo().grouped("move_id").items():
            decimals = move_sudo.currency_id.decimal_places
            used = 0
            for dispute in disputes.sorted("id"):
                amount = 0
                if dispute._is_standing():
                    amount = to_minor(dispute.amount_disputed, decimals)
                    since = credited[move_sudo] - dispute.amount_credited_start
                    own = min(max(to_minor(since, decimals) - used, 0), amount)
                    used += own
                    amount -= own
                result[dispute.sudo(self.env.su)] = amount
        return result

    def _parts(self):
        """Where the disputed amounts lie: on the oldest due part of each invoice.

        Earlier disputes of an invoice come first, so that together they never hold
        more than what is open.

        :return: dict dispute → dict item → minor units
        """
        result = {}
        every = self.sudo().move_id.ar_dispute_ids
        contested = every._contested()
        # of all at once: what is filtered is not read together any more
        items_of = every.move_id.ar_item_ids.filtered("is_open").grouped("move_id")
        for move_sudo, disputes in every.grouped("move_id").items():
            decimals = move_sudo.currency_id.decimal_places
            items = items_of.get(move_sudo, move_sudo.ar_item_ids.browse())
            items = items.sorted(lambda item: (item.date_due, item.id))
            left = [to_minor(item.amount_residual, decimals) for item in items]
            for dispute in disputes.sorted("id"):
                taken = cover_oldest_first(left, contested[dispute])
                left = [rest - part for rest, part in zip(left, taken, strict=True)]
                result[dispute.sudo(self.env.su)] = {
                    item: part for item, part in zip(items, taken, strict=True) if part
                }
        return {dispute: result[dispute] for dispute in self}

    def _held_parts(self):
        decimals = self.currency_id.decimal_places
        return [
            (
                item,
                0.0
                if part == to_minor(item.amount_residual, decimals)
                else part / 10**decimals,
            )
            for item, part in self._parts()[self].items()
        ]

    def _is_held_rightly(self, parts):
        """Whether the holds shield what they should, wherever payments went.

        :param parts: what they should, as ``_parts`` gives it for one
        """
        decimals = self.currency_id.decimal_places
        shielded = {}
        for hold in self.sudo().hold_ids.filtered("is_current"):
            residual = to_minor(hold.item_id.amount_residual, decimals)
            amount = residual
            if hold.is_partial:
                amount = min(residual, to_minor(hold.amount, decimals))
            shielded[hold.item_id] = amount
        return shielded == parts

    def _ensure_items(self):
        """What follow-up knows of the invoices (as superuser), also of those that are
        not due for long."""
        for company, disputes in self.grouped("company_id").items():
            # sudo: what the engine follows does not depend on who asks
            moves_sudo = disputes.sudo().move_id
            if all(move.ar_item_ids for move in moves_sudo):
                continue
            self.env["ar.followup.case"].sudo().with_company(company)._collect(
                company,
                company._ar_today(),
                disputes.partner_id.ids,
                until="infinity",
            )
            moves_sudo.invalidate_recordset(["ar_item_ids"])
        return self.sudo().move_id.ar_item_ids  # sudo: as above

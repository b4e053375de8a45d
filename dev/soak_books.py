"""The soak's books: invoices copied by SQL, payments and credit notes made by Odoo.

Odoo posts some ten invoices a second; a year of them would take an hour. So it makes
one invoice of each amount, and their rows are copied for other customers and days.
"""

from datetime import timedelta

from bench_fill import TABLES, _customers, _insert, _next_id, _values

from odoo import Command
from odoo.tools import SQL

AMOUNTS = (40.0, 120.0, 350.0, 900.0, 2500.0)
TERM = 30  # days to pay
QUIET = {"tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True}


class Books:
    """Customers and what they owe. ``owed`` is move id → (due date, amount)."""

    def __init__(self, env, customers, today):
        self.first_day = today
        env = env(context={**env.context, **QUIET})
        partner = env["res.partner"].create(
            {
                "name": "Soak customer",
                "email": "customer@customer.example",
                "is_company": True,
                "company_id": env.company.id,
            }
        )
        self.patterns = [
            self._rows(self._invoice(env, partner, amount)) for amount in AMOUNTS
        ]
        first = _customers(env, partner, customers)
        self.customers = list(range(first, first + customers))
        env.cr.execute(
            "UPDATE res_partner SET email = 'customer' || id || '@customer.example',"
            " email_normalized = 'customer' || id || '@customer.example'"
            " WHERE id = ANY(%s)",
            [self.customers],
        )
        # the patterns themselves are nobody's debt
        env.cr.execute(
            "UPDATE account_move_line SET no_followup = TRUE WHERE partner_id = %s",
            [partner.id],
        )
        env.cr.commit()
        env.invalidate_all()

    def _invoice(self, env, partner, amount):
        line = {"name": "Work", "price_unit": amount, "tax_ids": [Command.clear()]}
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": self.first_day,
                "invoice_date_due": self.first_day + timedelta(days=TERM),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.action_post()
        return invoice

    @staticmethod
    def _rows(invoice):
        invoice.env.flush_all()
        rows = dict.fromkeys(TABLES, [])
        lines = invoice.line_ids.ids
        return {**rows, "account_move": invoice.ids, "account_move_line": lines}

    def post(self, env, wanted, today):
        """Invoices of today: list of (partner id, which amount).

        :return: the ids of the invoices, in the same order
        """
        days = (today - self.first_day).days
        made = {}
        for pattern, rows in enumerate(self.patterns):
            partners = [partner for partner, which in wanted if which == pattern]
            made[pattern] = iter(self._copy(env, rows, partners, days))
        return [next(made[which]) for _partner, which in wanted]

    @staticmethod
    def _copy(env, rows, partners, days):
        if not partners:
            return []
        env.cr.execute("DROP TABLE IF EXISTS bench_copy")
        env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE bench_copy AS
                SELECT (number - 1)::int AS number, partner, %s AS days
                  FROM unnest(%s) WITH ORDINALITY AS wanted (partner, number)
                """,
                days,
                partners,
            )
        )
        first, new_ids = _next_id(env, "account_move"), {}
        for table in ("account_move", "account_move_line"):
            ids = rows[table]
            new_ids[table] = SQL(
                "(%s + bench_copy.number * %s - %s)",
                _next_id(env, table),
                max(ids) - min(ids) + 1,
                min(ids),
            )
        for table in new_ids:
            source = SQL(
                "%s old, bench_copy WHERE old.id = ANY(%s)",
                SQL.identifier(table),
                rows[table],
            )
            values = _values(env, table, new_ids)
            if table == "account_move_line":
                values["no_followup"] = SQL("FALSE")
            _insert(env, table, values, source)
        env.invalidate_all(flush=False)
        return list(range(first, first + len(partners)))

    def pay(self, env, payments):
        """Money on the bank account, matched: list of (move id, share of the rest).

        :return: the entries of the bank
        """
        env = env(context={**env.context, **QUIET})
        moves = env["account.move"].browse(move for move, _share in payments)
        shares = dict(payments)
        debts = moves.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable" and line.amount_residual > 0
            )
        )
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
        )
        entries = env["account.move"].create(
            [
                self._entry(journal, debt, round(part, 2))
                for debt in debts
                for part in [debt.amount_residual * shares[debt.move_id.id]]
            ]
        )
        entries.action_post()
        env["account.move.line"]._reconcile_plan(
            [
                debt | entry.line_ids.filtered(lambda line: line.credit)
                for debt, entry in zip(debts, entries, strict=True)
            ]
        )
        return entries

    @staticmethod
    def _entry(journal, debt, amount):
        sides = ((journal.default_account_id, amount), (debt.account_id, -amount))
        return {
            "journal_id": journal.id,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "balance": balance,
                        "partner_id": debt.partner_id.id,
                    }
                )
                for account, balance in sides
            ],
        }

    @staticmethod
    def take_back(env, entry_ids):
        """The bank takes payments back: their invoices are open again."""
        entries = env["account.move"].with_context(**QUIET).browse(entry_ids).exists()
        entries.line_ids.remove_move_reconcile()
        entries.button_draft()
        entries.button_cancel()

    @staticmethod
    def credit(env, partner_ids, today):
        """Credit notes that nobody has matched yet."""
        line = {"name": "Rebate", "price_unit": 60.0, "tax_ids": [Command.clear()]}
        notes = (
            env["account.move"]
            .with_context(**QUIET)
            .create(
                [
                    {
                        "move_type": "out_refund",
                        "partner_id": partner,
                        "invoice_date": today,
                        "invoice_line_ids": [Command.create(line)],
                    }
                    for partner in partner_ids
                ]
            )
        )
        notes.action_post()

from odoo import api, models
from odoo.tools import SQL


class ArFollowupCase(models.Model):
    """Collect: open receivables become items of cases, set by set.

    The ORM never sees these rows change one by one, so every statement names its
    columns here, and none of them is tracked or computed-stored. New rows have no
    author, whom the database would look up twice for each.
    """

    _inherit = "ar.followup.case"

    @api.model
    def _collect(self, company, today, partner_ids=None, until=None):
        """Bring cases and items in line with the books.

        :param company: one ``res.company``
        :param today: the day on the company's clock
        :param partner_ids: ids of commercial partners, or None for all
        :param until: cases are opened for debts that come within reach up to this
            day; None: today
        """
        self.env.flush_all()
        lines = self._open_lines_cte(company, partner_ids)
        if partner_ids is None:
            lines = self._keep_open_lines(lines)
        for statement in (
            self._sql_open_cases(company, today, lines, until or today),
            self._sql_reattach(lines, same_due=True),
            self._sql_reattach(lines, same_due=False),
            self._sql_follow_line(company, lines),
            self._sql_follow_holds(company),
            self._sql_new_items(company, lines),
        ):
            self.env.cr.execute(statement)
        self.env["ar.followup.item"].invalidate_model()
        self.env["ar.followup.hold"].invalidate_model(["case_id"])
        self.env["ar.followup.reminder"].invalidate_model(["text_pending"])
        self.invalidate_model()

    @api.model
    def _open_lines_cte(self, company, partner_ids):
        """Open debts as ``open_line``; credits are no items."""
        Line = self.env["account.move.line"]
        query = Line._ar_open_receivable_query(company, partner_ids)
        query.add_where(SQL("account_move_line.amount_residual_currency > 0"))
        return query.subselect(
            SQL("account_move_line.id"),
            SQL("account_move_line.move_id"),
            SQL("ar_customer.commercial_partner_id AS partner_id"),
            SQL("account_move_line.currency_id"),
            SQL("account_move_line.move_name"),
            SQL("%s AS due", Line._ar_due_sql()),
        )

    @api.model
    def _keep_open_lines(self, lines):
        """The open debts of a whole company, read once for all statements.

        The table is gone with the transaction. Its statistics keep the statements
        from looking up a hundred thousand lines one by one.
        """
        table = SQL.identifier("ar_open_line")
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", table))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT * FROM %s AS line",
                table,
                lines,
            )
        )
        self.env.cr.execute(SQL("ANALYZE %s", table))
        return table

    @api.model
    def _reach_by_policy(self, company):
        """Days from the due date at which each usable policy's ladder begins.

        A policy without levels reaches nobody; its customers are still shown, from
        the due date on.

        :return: dict policy id → days (None for the company without a policy)
        """
        policies = (
            self.env["ar.followup.policy"]
            .sudo()
            .search([("company_id", "in", (company.id, False))])
        )
        reach = {
            policy.id: min(policy.level_ids.mapped("delay_days"), default=0)
            for policy in policies
        }
        default = company.sudo().ar_followup_policy_id
        reach[None] = reach.get(default.id, 0)
        return reach

    @api.model
    def _sql_customers_in_reach(self, company, today, lines):
        """Customers with a line within reach of their policy's ladder."""
        reach = self._reach_by_policy(company)
        default_reach = reach.pop(None)
        policy = (
            self.env["res.partner"]
            .sudo()
            .with_company(company)
            ._field_to_sql("partner", "ar_followup_policy_id")
        )
        by_policy = SQL(", ").join(
            [
                SQL("(0, 0)"),
                *(SQL("(%s, %s)", pid, days) for pid, days in reach.items()),
            ]
        )
        return SQL(
            """
            SELECT partner.id AS partner_id
              FROM (SELECT partner_id, MIN(due) AS due
                      FROM %(lines)s AS line
                     GROUP BY partner_id) AS oldest
              JOIN res_partner partner ON partner.id = oldest.partner_id
              LEFT JOIN (VALUES %(by_policy)s) AS reach (policy_id, days)
                ON reach.policy_id = %(policy)s
             WHERE oldest.due + COALESCE(reach.days, %(default_reach)s) <= %(today)s
               AND partner.active
               AND NOT EXISTS (SELECT 1 FROM res_company own
                                WHERE own.partner_id = partner.id)
            """,
            lines=lines,
            by_policy=by_policy,
            policy=policy,
            default_reach=default_reach,
            today=today,
        )

    @api.model
    def _sql_open_cases(self, company, today, lines, until):
        """New cases for customers within reach; closed ones begin a new round."""
        return SQL(
            """
            WITH in_reach AS (
                %(in_reach)s
            ), reopened AS (
                UPDATE ar_followup_case AS reopened_case
                   SET state = 'waiting', round = round + 1, closed_on = NULL,
                       opened_on = %(today)s
                  FROM in_reach
                 WHERE reopened_case.partner_id = in_reach.partner_id
                   AND reopened_case.company_id = %(company)s
                   AND reopened_case.state = 'closed'
             RETURNING reopened_case.id
            ), forgotten AS (
                -- what was written to the customer then does not hold up a new matter
                UPDATE ar_followup_reminder AS reminder
                   SET text_pending = FALSE
                  FROM reopened
                 WHERE reminder.case_id = reopened.id
                   AND reminder.text_pending
            )
            INSERT INTO ar_followup_case
                   (partner_id, company_id, state, action, reason, round, opened_on,
                    create_date, write_date)
            SELECT partner_id, %(company)s, 'waiting', 'none', 'nothing_due', 1,
                   %(today)s, %(now)s, %(now)s
              FROM in_reach
             WHERE NOT EXISTS (SELECT 1 FROM ar_followup_case known
                                WHERE known.partner_id = in_reach.partner_id
                                  AND known.company_id = %(company)s)
             ORDER BY partner_id
                ON CONFLICT (partner_id, company_id) DO NOTHING
            """,
            in_reach=self._sql_customers_in_reach(company, until, lines),
            today=today,
            company=company.id,
            now=self.env.cr.now(),
        )

    @api.model
    def _sql_reattach(self, lines, same_due):
        """Items whose line was deleted find it again, by invoice and due date.

        An invoice that was reset to draft and posted again has new lines. Without
        an equal due date, the n-th item takes the n-th new line.
        """
        return SQL(
            """
            WITH orphan AS (
                SELECT id, move_id, date_due,
                       row_number() OVER (PARTITION BY move_id ORDER BY date_due, id)
                       AS place
                  FROM ar_followup_item
                 WHERE move_line_id IS NULL AND move_id IS NOT NULL
            ), line AS (
                SELECT line.id, line.move_id, line.due,
                       row_number() OVER (PARTITION BY move_id ORDER BY due, id)
                       AS place
                  FROM %(lines)s AS line
                 WHERE line.move_id IN (SELECT move_id FROM orphan)
                   AND NOT EXISTS (SELECT 1 FROM ar_followup_item taken
                                    WHERE taken.move_line_id = line.id)
            ), pair AS (
                SELECT DISTINCT ON (orphan.id) orphan.id AS item_id, line.id AS line_id
                  FROM orphan
                  JOIN line ON line.move_id = orphan.move_id
                   AND %(match)s
                 ORDER BY orphan.id, line.id
            )
            UPDATE ar_followup_item AS item
               SET move_line_id = pair.line_id
              FROM (SELECT DISTINCT ON (line_id) item_id, line_id
                      FROM pair ORDER BY line_id, item_id) AS pair
             WHERE item.id = pair.item_id
            """,
            lines=lines,
            match=SQL("line.due = orphan.date_due")
            if same_due
            else SQL("line.place = orphan.place"),
        )

    @api.model
    def _sql_follow_line(self, company, lines):
        """Items follow their line to another due date, number, currency or customer.

        Anew begins an invoice whose due date moved past its last reminder, or that
        was given to another customer; a contact who was given a parent company
        takes the levels along, and the day of the last reminder.
        """
        return SQL(
            """
            WITH moved AS (
                SELECT item.id, line.due, new_case.id AS case_id, line.move_name,
                       line.currency_id, old_case.last_demand_date,
                       ((line.due != item.date_due AND line.due > item.level_date)
                        OR (line.partner_id != old_case.partner_id
                            AND line.partner_id != old_partner.commercial_partner_id)
                       ) AS is_anew
                  FROM ar_followup_item item
                  JOIN %(lines)s AS line ON line.id = item.move_line_id
                  JOIN ar_followup_case old_case ON old_case.id = item.case_id
                  JOIN res_partner old_partner ON old_partner.id = old_case.partner_id
                  JOIN ar_followup_case new_case
                    ON new_case.partner_id = line.partner_id
                   AND new_case.company_id = %(company)s
                 WHERE item.date_due != line.due
                    OR item.currency_id != line.currency_id
                    OR item.name != line.move_name
                    OR new_case.id != item.case_id
            ), reminded AS (
                UPDATE ar_followup_case AS own_case
                   SET last_demand_date = taken.day
                  FROM (SELECT case_id, max(last_demand_date) AS day
                          FROM moved WHERE is_anew IS NOT TRUE
                         GROUP BY case_id) AS taken
                 WHERE own_case.id = taken.case_id
                   AND taken.day > COALESCE(own_case.last_demand_date, '-infinity')
            )
            UPDATE ar_followup_item AS item
               SET date_due = moved.due,
                   case_id = moved.case_id,
                   currency_id = moved.currency_id,
                   name = COALESCE(moved.move_name, item.name),
                   level_id = CASE WHEN is_anew THEN NULL ELSE level_id END,
                   level_date = CASE WHEN is_anew THEN NULL ELSE level_date END,
                   round = CASE WHEN is_anew THEN round + 1 ELSE round END
              FROM moved
             WHERE item.id = moved.id
            """,
            lines=lines,
            company=company.id,
        )

    @api.model
    def _sql_follow_holds(self, company):
        """A hold on an invoice goes where the invoice goes."""
        return SQL(
            """
            UPDATE ar_followup_hold AS hold
               SET case_id = item.case_id
              FROM ar_followup_item item
             WHERE item.id = hold.item_id
               AND hold.case_id != item.case_id
               AND item.company_id = %s
            """,
            company.id,
        )

    @api.model
    def _sql_new_items(self, company, lines):
        """Every open debt of an open case is an item.

        They come in the order of the lines, for the database then finds these one
        page after the other: a third of the time on the first day of a large book.
        """
        return SQL(
            """
            INSERT INTO ar_followup_item
                   (case_id, company_id, name, move_line_id, move_id, date_due,
                    currency_id, round, create_date, write_date)
            SELECT own_case.id, %(company)s, COALESCE(line.move_name, '/'), line.id,
                   line.move_id, line.due, line.currency_id, own_case.round,
                   %(now)s, %(now)s
              FROM %(lines)s AS line
              JOIN ar_followup_case own_case
                ON own_case.partner_id = line.partner_id
               AND own_case.company_id = %(company)s
               AND own_case.state != 'closed'
             WHERE NOT EXISTS (SELECT 1 FROM ar_followup_item known
                                WHERE known.move_line_id = line.id)
             ORDER BY line.id
                ON CONFLICT (move_line_id) WHERE move_line_id IS NOT NULL DO NOTHING
            """,
            lines=lines,
            company=company.id,
            now=self.env.cr.now(),
        )

"""Customers and invoices for the bench: a few made by Odoo, then copied by SQL.

Odoo posts some ten invoices a second, which would take hours for a large book. So it
makes one of each story (an open invoice, one paid in part, …) and their rows are
multiplied as they are, on other days and for other customers. `check` then lets Odoo
compute a sample of the copies anew.
"""

from bench_stories import Stories

from odoo.tools import SQL

PER_CUSTOMER = 5  # open invoices, on average
#: story → copies for each open invoice of the book, the open ones adding up to 1.
OPEN = {"unpaid": 0.7, "paid_in_part": 0.1, "instalments": 0.1, "first_paid": 0.1}
SETTLED = {"paid": 0.25, "refunded": 0.05, "credit": 0.02}
#: The due dates lie between so many days ago and so many days ahead.
PAST, AHEAD = 120, 30
TABLES = (
    "account_full_reconcile",
    "account_payment",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
)
#: columns that point at another row of the same story
REFERENCES = {
    "move_id": "account_move",
    "reversed_entry_id": "account_move",
    "origin_payment_id": "account_payment",
    "payment_id": "account_payment",
    "full_reconcile_id": "account_full_reconcile",
    "debit_move_id": "account_move_line",
    "credit_move_id": "account_move_line",
}
PARTNERS = ("partner_id", "commercial_partner_id", "partner_shipping_id")


def fill(env, invoices, customers=0):
    """Fill the books with `invoices` open invoices. Returns what there is then."""
    customers = customers or invoices // PER_CUSTOMER
    env = env(context={**env.context, "tracking_disable": True})
    stories = Stories(env)
    made = {name: getattr(stories, name)() for name in OPEN | SETTLED}
    first = _customers(env, stories.partner, customers)
    env.flush_all()
    env.cr.execute("SELECT setseed(0.19)")  # the same book every time
    for name, share in (OPEN | SETTLED).items():
        copies = round(invoices * share)
        _multiply(env, made[name], copies, first, customers)
    _sent_invoices(env)
    env.cr.commit()
    wrong = check(env, first)
    if wrong:
        raise SystemExit(f"✗ Odoo computes other values for copied rows: {wrong}")
    _sender(env)
    if "ar.followup.case" in env:  # the peer's database knows nothing of us
        _ready(env)
    env.cr.commit()
    # what the database would know of a book that grew over months
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    return {"customers": customers}


def _sender(env):
    """Whoever writes has an address."""
    sender = env.ref("base.user_admin").partner_id
    sender.write({"email": "collector@example.com", "phone": "+1 555 0100"})
    env.company.email = "company@example.com"


def _ready(env):
    """The default ladder, without PDFs: Odoo's own mails carry none here either."""
    env["ar.followup.level"].search([]).attach_invoices = False
    # the bench is run at night and on Sundays, too
    env["ar.followup.policy"].search([]).write(
        {"working_days_only": False, "send_from_hour": 0, "send_until_hour": 24}
    )
    env.company.write(
        {
            "ar_followup_mode": "automatic",
            "ar_followup_hour": 0,
            "ar_default_user_id": env.ref("base.user_admin").id,
        }
    )
    env["ar.followup.mark"].search([]).unlink()


def _columns(env, table):
    """The columns of a table without its id: dict name → type."""
    return dict(
        env.execute_query(
            SQL(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_name = %s AND column_name != 'id'",
                table,
            )
        )
    )


def _insert(env, table, values, source):
    """INSERT … SELECT of all columns, those in `values` (SQL) changed."""
    columns = ["id", *_columns(env, table)]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(
                values.get(name, SQL.identifier("old", name)) for name in columns
            ),
            source,
        )
    )
    env.cr.execute(
        SQL(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT MAX(id) FROM %s))",
            table,
            SQL.identifier(table),
        )
    )


def _customers(env, partner, count):
    """Copy the customer. Returns the first id of `count` in a row."""
    env.flush_all()
    first = _next_id(env, "res_partner")
    new_id = SQL("%s + number", first)
    mail = SQL("'customer' || number || '@example.com'")
    _insert(
        env,
        "res_partner",
        {
            "id": new_id,
            "commercial_partner_id": new_id,
            "name": SQL("'Customer ' || number"),
            "complete_name": SQL("'Customer ' || number"),
            "email": mail,
            "email_normalized": mail,
        },
        SQL(
            "res_partner old, generate_series(0, %s) number WHERE old.id = %s",
            count - 1,
            partner.id,
        ),
    )
    return first


def _next_id(env, table):
    query = SQL("SELECT COALESCE(MAX(id), 0) + 1 FROM %s", SQL.identifier(table))
    return env.execute_query(query)[0][0]


def _multiply(env, rows, copies, first, customers):
    """Copy a story: each copy to some customer, moved by some days."""
    env.cr.execute("DROP TABLE IF EXISTS bench_copy")
    env.cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_copy AS
            SELECT number,
                   %s + floor(random() * %s)::int AS partner,
                   floor(random() * %s)::int - %s AS days
              FROM generate_series(0, %s) number
            """,
            first,
            customers,
            PAST + AHEAD + 1,
            PAST,
            copies - 1,
        )
    )
    # Ids are computed, not looked up: the n-th copy of a row lies n spans further.
    new_ids = {}
    for table, ids in rows.items():
        if ids:
            span = max(ids) - min(ids) + 1
            new_ids[table] = SQL(
                "(%s + bench_copy.number * %s - %s)",
                _next_id(env, table),
                span,
                min(ids),
            )
    for table in TABLES:
        if rows[table]:
            source = SQL(
                "%s old, bench_copy WHERE old.id = ANY(%s)",
                SQL.identifier(table),
                rows[table],
            )
            _insert(env, table, _values(env, table, new_ids), source)
    # payment and entry point at each other: the payment's side comes last
    env.cr.execute(
        """
        UPDATE account_payment AS payment
           SET move_id = entry.id
          FROM account_move entry
         WHERE entry.origin_payment_id = payment.id AND payment.move_id IS NULL
        """
    )


def _sent_invoices(env):
    """Each invoice was sent by mail: no Odoo that works has an empty history."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO mail_message
                   (model, res_id, message_type, subtype_id, author_id, email_from,
                    subject, body, date, create_date)
            SELECT 'account.move', id, 'comment', %s, %s, 'collector@example.com',
                   name, '<p>Please find your invoice attached.</p>',
                   invoice_date, invoice_date
              FROM account_move WHERE move_type = 'out_invoice'
            """,
            env.ref("mail.mt_comment").id,
            env.ref("base.user_admin").partner_id.id,
        )
    )
    env.cr.execute(
        """
        INSERT INTO mail_notification
               (mail_message_id, res_partner_id, author_id, notification_type,
                notification_status, is_read)
        SELECT message.id, invoice.partner_id, message.author_id, 'email', 'sent', true
          FROM mail_message message
          JOIN account_move invoice ON invoice.id = message.res_id
         WHERE message.model = 'account.move' AND message.message_type = 'comment'
        """
    )


def _values(env, table, new_ids):
    """What differs between a row and its copy, as SQL: dict column → expression."""

    def moved(column, base):
        return SQL("%s + %s", SQL.identifier("old", column), new_ids[base])

    values = {"id": moved("id", table)}
    for column, kind in _columns(env, table).items():
        if column in REFERENCES and REFERENCES[column] in new_ids:
            values[column] = moved(column, REFERENCES[column])
        elif column in PARTNERS:
            values[column] = SQL("bench_copy.partner")
        elif kind == "date":
            values[column] = SQL("%s + bench_copy.days", SQL.identifier("old", column))
    if table == "account_payment":
        values["move_id"] = SQL("NULL")
    if table == "account_move":
        number = values["id"]
        name = SQL("old.sequence_prefix || (%s)", number)
        values |= {
            "name": name,
            "sequence_number": number,
            "payment_reference": name,
            "access_token": SQL("NULL"),
        }
    if table == "account_move_line":
        values["move_name"] = SQL(
            "(SELECT name FROM account_move WHERE id = %s)", values["move_id"]
        )
        values["matching_number"] = _matching_number(new_ids)
    return values


def _matching_number(new_ids):
    """Odoo's label of matched lines: the full reconciliation, or P and a partial."""
    full = new_ids.get("account_full_reconcile", SQL("0"))
    partial = new_ids.get("account_partial_reconcile", SQL("0"))
    return SQL(
        "CASE WHEN old.full_reconcile_id IS NOT NULL"
        " THEN (old.full_reconcile_id + %s)::text"
        " WHEN old.matching_number LIKE 'P%%'"
        " THEN 'P' || (substr(old.matching_number, 2)::int + %s) END",
        full,
        partial,
    )


def check(env, first):
    """Let Odoo compute a sample of copies anew; tell which values are others."""
    moves = env["account.move"].search([("partner_id", ">=", first)], limit=2000)
    moves = moves[:: max(len(moves) // 60, 1)]
    wrong = set()
    for records, names in (
        (
            moves,
            ("amount_total", "amount_residual", "payment_state", "invoice_date_due")
            + ("commercial_partner_id", "amount_residual_signed"),
        ),
        (
            moves.line_ids,
            ("amount_residual", "amount_residual_currency", "reconciled")
            + ("parent_state", "partner_id", "company_id", "move_name"),
        ),
    ):
        stored = [[record[name] for record in records] for name in names]
        for name in names:
            field = records._fields[name]
            if field.compute and not field.related:
                env.add_to_compute(field, records)
        for name, values in zip(names, stored, strict=True):
            again = [record[name] for record in records]
            if again != values:
                wrong.add(name)
    env.cr.rollback()
    return sorted(wrong)

"""The addon's life, as `make test` lives it: it arrives, works, changes and goes.

Installed into books that are there already, updated, neutralized on a copy, removed
and installed again; and installed with demo data. What it must not do is said in one
line each, and any such line fails the run. Needs the venv's Python.
"""

import subprocess
import tempfile

from ground import postgres
from ground.core import ADDON, STATE, Stop, command, run, say
from ground.server import Ground
from pytest_ground import scan
from smtp_sink import MailFolder

# What a database is made of, and the rows by which Odoo knows of an addon. A query
# gives one line for each; what was not there before the addon must be gone after it.
PUBLIC = "table_schema = 'public'"
LEFT = {
    "table": f"SELECT table_name FROM information_schema.tables WHERE {PUBLIC}",
    "column": f"SELECT table_name || '.' || column_name"
    f" FROM information_schema.columns WHERE {PUBLIC}",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass || ': ' || conname FROM pg_constraint",
    "sequence": "SELECT sequence_name FROM information_schema.sequences",
    "function": "SELECT proname FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "address type": "SELECT DISTINCT type FROM res_partner",
    "external id": "SELECT module || '.' || name FROM ir_model_data"
    f" WHERE name != 'module_{ADDON}'",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "selection": "SELECT field.model || '.' || field.name || '=' || value"
    " FROM ir_model_fields_selection choice"
    " JOIN ir_model_fields field ON field.id = choice.field_id",
    "group link": "SELECT one.name ->> 'en_US' || ' implies ' || (two.name ->> 'en_US')"
    " FROM res_groups_implied_rel link"
    " JOIN res_groups one ON one.id = link.gid JOIN res_groups two ON two.id = hid",
    "message": "SELECT id || ' on ' || model FROM mail_message WHERE model LIKE 'ar.%'",
    "activity": "SELECT id || ' on ' || res_model FROM mail_activity"
    " WHERE res_model LIKE 'ar.%'",
    "follower": "SELECT id || ' of ' || res_model FROM mail_followers"
    " WHERE res_model LIKE 'ar.%'",
    "attachment": "SELECT id || ' of ' || res_model FROM ir_attachment"
    " WHERE res_model LIKE 'ar.%'",
    **{
        what: f"SELECT id || ' ' || COALESCE({name}, '') FROM {table}"
        for what, table, name in (
            ("action", "ir_actions", "name ->> 'en_US'"),
            ("activity type", "mail_activity_type", "name ->> 'en_US'"),
            ("asset", "ir_asset", "name"),
            ("default", "ir_default", "json_value"),
            ("group", "res_groups", "name ->> 'en_US'"),
            ("menu", "ir_ui_menu", "name ->> 'en_US'"),
            ("model", "ir_model", "model"),
            ("parameter", "ir_config_parameter", "key"),
            ("privilege", "res_groups_privilege", "name ->> 'en_US'"),
            ("rule", "ir_rule", "name"),
            ("right", "ir_model_access", "name"),
            ("scheduled action", "ir_cron", "cron_name"),
            ("template", "mail_template", "name ->> 'en_US'"),
            ("view", "ir_ui_view", "name"),
        )
    },
}
#: At these deaths, or errors, of a sender nobody can know whether its mail left.
HOLDING = ("claimed", "half", "text", "accepted", "tripped")
LEAST_CUSTOMERS = 60
#: Models that must have rows before what is left of them is worth a look.
WORKED = (
    "ar_contact_log",
    "ar_followup_case",
    "ar_followup_decision",
    "ar_followup_hold",
    "ar_followup_item",
    "ar_followup_reminder_line",
    "ar_followup_run",
)


def main():
    ground = Ground()
    with tempfile.TemporaryDirectory() as folder, MailFolder(folder) as server:
        problems = [
            line
            for story in (with_books, with_demo, with_dying_senders)
            for line in story(ground, server)
        ]
    for line in problems:
        print(f"✗ life cycle: {line}")
    return bool(problems)


def with_books(ground, server):
    """Books that are there first, then all that befalls the addon."""
    say("life cycle: into books that are there already")
    with Life(ground, server.port) as life:
        yield from life.shell("keeping books", "keep_books")
        before = life.snapshot()
        yield from life.odoo("installing it", "-i", ADDON)
        yield from life.shell("an admin's decision", "take_implications_away")
        yield from life.odoo("updating it", "-u", ADDON)
        yield from implications_stay_away(life)
        yield from life.shell("a day's work", "work")
        yield from traces_are_there(life, before)
        yield from copies_are_switched_off(life)
        say("life cycle: removed, and installed again")
        yield from life.shell("removing it", "remove")
        yield from nothing_is_left(life, before)
        yield from life.shell("opening a customer without it", "open_customer")
        yield from life.odoo("installing it again", "-i", ADDON)
        yield from life.shell("opening a customer with it", "open_customer")


def with_demo(ground, server):
    """Demo data, which Odoo lets fail quietly."""
    say("life cycle: with demo data")
    with Life(ground, server.port, demo=True) as life:
        yield from life.odoo("installing the demo", "--with-demo", "-i", ADDON)
        if "demo data failed" in life.said():
            yield f"the demo data failed to install; why: {life.log}"
        if not life.count("ar_followup_case"):
            yield "the demo has no customers to follow up"
        yield from life.odoo("updating the demo", "-u", ADDON)


def with_dying_senders(ground, server):
    """Killed at every step, or several at once: nobody is written to twice."""
    say("life cycle: senders that are killed, senders that meet")
    with Life(ground, server.port) as life:
        yield from life.odoo("installing it", "-i", ADDON)
        yield from life.shell("keeping books", "keep_books")
        yield from life.shell("a day's work", "work")
        yield from life.shell("killing senders", "senders", "lifecycle_senders")
        yield from everybody_got_one(life, [mail.name for mail in server.mails])


class Life:
    """A database of its own for the time of the block."""

    def __init__(self, ground, smtp_port, demo=False):
        self.ground = ground
        self.demo = demo
        self.name = postgres.database("life")
        self.log = STATE / "lifecycle.log"
        self.options = {
            "max_cron_threads": 0,
            "smtp_server": "127.0.0.1",
            "smtp_port": smtp_port,
        }
        self.config = ground.configure(self.name, **self.options)

    def __enter__(self):
        self.ground.fresh(self.name, demo=self.demo)
        return self

    def __exit__(self, *_error):
        self.ground.drop(self.name)

    def odoo(self, what, *arguments, config=None):
        """Run Odoo; give each warning of ours as a line."""
        server = arguments[0].startswith("-")
        options = ["--no-http", "--stop-after-init"] if server else []
        command = self.ground.command(config or self.config, *arguments, *options)
        return self._run(what, command)

    def shell(self, what, function, module="lifecycle_odoo"):
        """Call a function of ours in Odoo's shell, and commit."""
        script = f"import {module}; {module}.{function}(env)"
        command = self.ground.command(self.config, "shell", "--no-http")
        return self._run(what, command, f"{script}; env.cr.commit()")

    def _run(self, what, command, script=""):
        with open(self.log, "w") as out:
            done = subprocess.run(
                command,
                env=self.ground.environment,
                input=script,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        if done.returncode:
            why = self.said().rstrip().splitlines()[-1:]
            raise Stop(f"life cycle: {what} failed: {' '.join(why)} ({self.log})")
        return [f"{what} says: {said.splitlines()[0]}" for said in scan(self.said())]

    def said(self):
        return self.log.read_text(errors="replace")

    def sql(self, query, name=None):
        line = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", name or self.name]
        environment = self.ground.environment
        return run(*line, "-c", query, what="psql", env=environment).splitlines()

    def count(self, table):
        return int(self.sql(f"SELECT count(*) FROM {table}")[0])

    def snapshot(self):
        return {what: set(self.sql(query)) for what, query in LEFT.items()}


def implications_stay_away(life):
    """An admin who took the accountants' follow-up rights away keeps it that way."""
    query = LEFT["group link"]
    given = [line for line in life.sql(query) if line.endswith("implies Collector")]
    if given != ["Approver implies Collector"]:
        yield f"an update gave back what an admin took away: {', '.join(given)}"


def traces_are_there(life, before):
    """Without traces of its work, finding none after its removal would say little."""
    for table in WORKED:
        if not life.count(table):
            yield f"the day's work left nothing in {table}"
    now = life.snapshot()
    for what in ("activity", "address type", "message", "template"):
        if now[what] == before[what]:
            yield f"the day's work left no {what}"
    sent = "SELECT count(*) FROM ar_followup_reminder WHERE state = 'sent'"
    if life.sql(sent) == ["0"]:
        yield "the day's work sent no reminder"


def everybody_got_one(life, names):
    """One mail for each customer; where a sender died holding it, maybe, and a person
    is asked."""
    told = life.sql(
        "SELECT customer.name, string_agg(reminder.state, ' ')"
        " FROM res_partner customer"
        " LEFT JOIN ar_followup_reminder reminder ON reminder.partner_id = customer.id"
        " WHERE customer.email LIKE '%@sender.example' GROUP BY customer.name"
    )
    unsure = []
    for name, states in (line.split("|") for line in told):
        address = name.replace(" ", "-")
        count = sum(f"_{address}-at-sender-example_" in file for file in names)
        if states == "unknown":
            unsure.append(name)
        if (
            states not in ("sent", "unknown")
            or count > 1
            or (states, count) == ("sent", 0)
        ):
            yield f"the customer “{name}” got {count} mails and is said to be: {states}"
    held = sorted(name.split()[0] for name in unsure)
    if held != sorted(HOLDING):
        yield f"a person is asked about: {', '.join(unsure)}"
    if len(told) < LEAST_CUSTOMERS:
        yield f"senders were killed over {len(told)} customers only"


def copies_are_switched_off(life):
    """A copy of production that was neutralized reminds nobody."""
    mode = "SELECT DISTINCT ar_followup_mode FROM res_company"
    if life.sql(mode) != ["automatic"]:
        yield "follow-up was not switched on before the copy was made"
    copy = postgres.database("life_copy")
    life.ground.drop(copy)
    life.ground.postgres.copy(life.name, copy)
    try:
        config = life.ground.configure(copy, **life.options)
        yield from life.odoo("neutralizing a copy", "neutralize", config=config)
        if life.sql(mode, copy) != ["off"]:
            yield "a neutralized copy still follows up"
        if life.sql(mode) != ["automatic"]:
            yield "neutralizing the copy switched the original off"
    finally:
        life.ground.drop(copy)
        config.unlink()


def nothing_is_left(life, before):
    """The database is made of what it was made of before the addon came."""
    after = life.snapshot()
    for what, lines in before.items():
        for line in sorted(after[what] - lines)[:10]:
            yield f"its removal left behind: {what} {line}"
        for line in sorted(lines - after[what])[:10]:
            yield f"its removal took along: {what} {line}"


if __name__ == "__main__":
    command(main)

"""`make soak`: a simulated year of 2,000 customers, and many random days.

CUSTOMERS=100 DAYS=60 makes it a minute or two. The year is lived in a database of its
own, over a real mail server that fails now and then, by processes that die; each day
is held against what the customers received (soak_world.py). Before it, the tests of
random days live EXAMPLES histories, one for each 20 customers if not told otherwise.
"""

import os
import subprocess

from ground import postgres
from ground.core import ADDON, CLONE, STATE, Stop, command, say
from ground.server import Ground

LOG = STATE / "soak.log"


def main():
    customers = _setting("CUSTOMERS", 2_000, least=10)
    days = _setting("DAYS", 365, least=1)
    examples = _setting("EXAMPLES", customers // 20)
    ground = Ground()
    name = postgres.database("soak")
    config = ground.configure(name, max_cron_threads=0)
    try:
        ground.fresh(name)
        say(f"{ADDON}: installing it in the soak database")
        ground.install(config, STATE / "soak-install.log", "--no-http", "-i", ADDON)
        failed = examples and _random_days(ground, config, examples)
        return _year(ground, config, name, customers, days) or int(failed)
    finally:
        ground.drop(name)


def _setting(name, default, least=0):
    given = os.environ.get(name) or str(default)
    if not given.isdigit() or int(given) < least:
        raise Stop(f"{name}={given} is no number: take one from {least} on")
    return int(given)


def _random_days(ground, config, examples):
    """The property test, with more histories than there is time for in `make test`."""
    say(f"random days: {examples:,} histories")
    line = [ground.python, "-m", "pytest", "-p", "pytest_ground", "--odoo-log-level"]
    line += ["warn", "-q", "-k", "TestRandomDays and test_whatever_happens"]
    environment = {
        **ground.environment,
        "ODOO_RC": str(config),
        "AR_FOLLOWUP_EXAMPLES": str(examples),
    }
    return subprocess.call(list(map(str, line)), cwd=CLONE, env=environment) != 0


def _year(ground, config, name, customers, days):
    say(f"{days} days of {customers:,} customers; the log: {LOG}")
    script = CLONE / "dev" / "soak_odoo.py"
    line = [ground.python, script, config, name, customers, days]
    with open(LOG, "w") as log:
        return subprocess.call(
            list(map(str, line)),
            env=ground.environment,
            stdin=subprocess.DEVNULL,
            stderr=log,
        )


if __name__ == "__main__":
    command(main)

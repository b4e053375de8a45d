"""`make test`: install the addon in a database of its own, then test it there.

REUSE=1 updates the database of the last such run instead, and keeps it; ARGS go to
pytest, so that a loop on one test takes seconds: make test REUSE=1 ARGS="-k name".
"""

import os
import shlex
import subprocess

from ground import postgres
from ground.core import ADDON, CLONE, STATE, command, say
from ground.server import Ground


def main():
    ground = Ground("chromium", "wkhtmltopdf")
    name = postgres.database("test")
    reuse = os.environ.get("REUSE", "0") not in ("", "0")
    # Scheduled actions run when a test says so, not by themselves beside it.
    config = ground.configure(name, max_cron_threads=0)
    try:
        log = _install(ground, name, config, reuse)
        # It comes first, for pytest's summary is to end the run; not in a quick loop.
        failed = not (reuse or os.environ.get("ARGS")) and _life_cycle(ground)
        return _pytest(ground, config, log) or int(failed)
    finally:
        if not reuse:
            ground.drop(name)


def _install(ground, name, config, reuse):
    """Bring the addon into the test database; return what Odoo said of it."""
    log = STATE / "test-install.log"
    if reuse and name in ground.postgres.names(name):
        say(f"{ADDON}: updating it in the test database")
        ground.install(config, log, "--no-http", "-u", ADDON)
    else:
        ground.fresh(name)
        say(f"{ADDON}: installing it in the test database")
        ground.install(config, log, "--no-http", "-i", ADDON)
    return log


def _life_cycle(ground):
    """Install, update and remove the addon in databases of their own."""
    return subprocess.call([ground.python, CLONE / "dev" / "lifecycle.py"]) != 0


def _pytest(ground, config, log):
    """Run the pure tests, the Odoo tests and the browser tours in one pytest."""
    say("tests")
    arguments = ["-p", "pytest_ground", "--odoo-http", "--odoo-log-level=warn"]
    environment = {
        **ground.environment,
        "ODOO_RC": str(config),
        "AR_FOLLOWUP_INSTALL_LOG": str(log),
    }
    given = shlex.split(os.environ.get("ARGS", ""))
    run = [ground.python, "-m", "pytest", *arguments, *given]
    return subprocess.call(list(map(str, run)), cwd=CLONE, env=environment)


if __name__ == "__main__":
    command(main)

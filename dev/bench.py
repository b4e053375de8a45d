"""`make bench`: measure on a database of its own; SCALE is the share of the full size.

What is measured is in bench_day.py, which Odoo's shell runs.
"""

import os
import subprocess

from ground import postgres
from ground.core import ADDON, CLONE, STATE, Stop, command, say
from ground.server import Ground


def main():
    script = CLONE / "dev" / "bench_day.py"
    if not script.exists():
        raise Stop("nothing to measure yet: dev/bench_day.py is missing")
    ground = Ground()
    name = postgres.database("bench")
    config = ground.configure(name, max_cron_threads=0)
    try:
        ground.fresh(name)
        say(f"{ADDON}: installing it in the bench database")
        ground.install(config, STATE / "bench-install.log", "--no-http", "-i", ADDON)
        say(f"measuring, SCALE={os.environ.get('SCALE') or 1}")
        shell = ground.command(config, "shell", "--no-http", "--log-level=warn")
        with open(script) as given:
            return subprocess.call(shell, env=ground.environment, stdin=given)
    finally:
        ground.drop(name)


if __name__ == "__main__":
    command(main)

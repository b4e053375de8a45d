"""`make pot`: bring the terms to translate, and every translation, up to date.

The template is Odoo's own export, from a database of its own so that no other addon
adds to it. Each language keeps what it has, gets the new terms and loses the old.
"""

import subprocess

from ground import postgres
from ground.core import ADDON, CLONE, STATE, Stop, command, say
from ground.server import Ground

I18N = CLONE / ADDON / "i18n"
MERGE = CLONE / "dev" / "pot_merge.py"


def main():
    ground = Ground()
    name = postgres.database("pot")
    config = ground.configure(name)
    fresh = STATE / f"{ADDON}.pot"
    try:
        ground.fresh(name)
        say(f"{ADDON}: installing it to read its terms")
        ground.install(config, STATE / "pot-install.log", "--no-http", "-i", ADDON)
        _export(ground, config, fresh)
    finally:
        ground.drop(name)
    # polib, which knows these files, is in the venv.
    merge = [ground.python, MERGE, fresh, I18N / f"{ADDON}.pot", *I18N.glob("*.po")]
    return subprocess.call(list(map(str, merge)))


def _export(ground, config, target):
    """Let Odoo export the template; its `i18n` wants its options after `export`."""
    start = ground.command(config)[:3]
    arguments = ["i18n", "export", "-c", config, "-o", target, ADDON]
    done = subprocess.run(
        [*start, *map(str, arguments)],
        env=ground.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not target.exists():
        raise Stop(f"Odoo did not export the terms: {done.stderr[-2000:]}")


if __name__ == "__main__":
    command(main)

"""`make clean`: leave nothing of this clone's runs; `make distclean`: nor downloads."""

import shutil
import sys

from ground import postgres
from ground.core import CACHE, CLONE, CLONE_KEY, STATE, command, say
from ground.server import TEMPLATES

GENERATED = (STATE, CLONE / "demo-mails", CLONE / ".hypothesis")


def main():
    everything = "--all" in sys.argv
    if postgres.is_there():
        server = postgres.connect()
        data = (postgres.place() if server.own else STATE) / "odoo-data"
        for name in server.names():
            shared = name.startswith(TEMPLATES)
            if name.endswith(CLONE_KEY) or (everything and shared):
                say(f"dropping database {name}")
                server.drop(name)
                shutil.rmtree(data / "filestore" / name, ignore_errors=True)
        if server.own and (everything or not server.busy()):
            postgres.stop()
    for folder in GENERATED:
        shutil.rmtree(folder, ignore_errors=True)
    for folder in CLONE.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    if everything:
        say("removing downloads and the private PostgreSQL")
        for folder in (CACHE, postgres.place()):
            shutil.rmtree(folder, ignore_errors=True)
    print("✓ clean")


if __name__ == "__main__":
    command(main)

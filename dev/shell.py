"""`make shell`: Odoo's Python shell on the demo's database."""

import os

from ground import postgres
from ground.core import CLONE, Stop, command
from ground.server import Ground


def main():
    ground = Ground()
    name = postgres.database("demo")
    if name not in ground.postgres.names(name):
        raise Stop("there is no demo yet: run make demo SERVE=0 first")
    # A file of its own, for the demo may be serving with the one it wrote.
    config = ground.configure(name, "shell")
    start = ground.command(config, "shell", "--no-http", "--log-level=warn")
    os.chdir(CLONE)
    os.execve(start[0], start, ground.environment)


if __name__ == "__main__":
    command(main)

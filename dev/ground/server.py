"""Odoo on the ground: its configuration, its command line, prepared databases."""

import ast
import contextlib
import errno
import os
import shutil
import socket
import subprocess

from . import odoo, packages, postgres, venv
from .core import ADDON, CLONE, CLONE_KEY, STATE, Stop, key, locked, say

#: What the addon stands on until its manifest says so itself.
DEPENDS = ["account", "account_payment", "sms"]
#: How the names of the databases start that others are copied from.
TEMPLATES = "ar_followup_base_"


class Ground:
    """Everything that is needed to run Odoo with this clone's addon."""

    def __init__(self, *programs):
        # All at once, so that whoever has to install them by hand is told once.
        wanted = ("venv", "ca-certificates", "libmagic", *postgres.programs())
        packages.need(*wanted, *odoo.programs(), *programs)
        self.odoo = odoo.home()
        self.python = venv.python()
        self.postgres = postgres.connect()
        # Odoo keeps attachments in files beside the database, so they stay with it.
        self.data = (postgres.place() if self.postgres.own else STATE) / "odoo-data"
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def environment(self):
        """The variables with which `python -m odoo` and pytest find everything."""
        given = dict(self.postgres.environment)
        # It would win over the database that the configuration names.
        given.pop("PGDATABASE", None)
        return {
            **given,
            "PYTHONPATH": os.pathsep.join([str(self.odoo), str(CLONE / "dev")]),
            "PATH": os.pathsep.join([str(self.python.parent), os.environ["PATH"]]),
            "PYTHONWARNINGS": "ignore::SyntaxWarning",
        }

    def configure(self, database, use="", **options):
        """Write the configuration of one use of `database`; return its file."""
        values = {
            "db_name": database,
            **{f"db_{n[2:].lower()}": at for n, at in self.postgres.variables.items()},
            "addons_path": CLONE,
            "data_dir": self.data,
            "list_db": "False",
            "http_interface": "127.0.0.1",
            **options,
        }
        STATE.mkdir(exist_ok=True)
        target = STATE / f"{database}{use and '-'}{use}.conf"
        lines = "".join(f"{name} = {value}\n" for name, value in values.items())
        target.write_text(f"[options]\n{lines}")
        return target

    def command(self, config, *arguments):
        """The command line of Odoo with `arguments`, read with `config`."""
        start = "import odoo.cli; odoo.cli.main()"
        sub, options = "server", list(map(str, arguments))
        if options and not options[0].startswith("-"):
            sub = options.pop(0)
        return [str(self.python), "-c", start, sub, "-c", str(config), *options]

    def install(self, config, log, *arguments):
        """Run Odoo up to its stop, all it says into `log`; Stop when it fails."""
        with open(log, "w") as out:
            code = subprocess.call(
                self.command(config, *arguments, "--stop-after-init"),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if code:
            said = log.read_text(errors="replace").rstrip()
            if "No space left on device" in said:
                raise OSError(errno.ENOSPC, "the disk is full")
            print("\n".join(said.splitlines()[-40:]))
            raise Stop(f"Odoo failed (exit code {code}); all it said: {log}")

    def fresh(self, name, demo=False):
        """(Re)make database `name` with what the addon depends on, but without it.

        Installing accounting takes its time, so it is done once, into a template that
        every later database is copied from.
        """
        template = self._template(demo)
        self.drop(name)
        self.postgres.copy(template, name)
        shutil.copytree(self._files(template), self._files(name))

    def drop(self, name):
        self.postgres.drop(name)
        shutil.rmtree(self._files(name), ignore_errors=True)

    def _files(self, name):
        """Where Odoo keeps the attachments of database `name`."""
        return self.data / "filestore" / name

    def _template(self, demo):
        """The name of the prepared database, made now unless it is there."""
        depends = _depends()
        made_of = key(odoo.identity(self.odoo), depends, self.data)
        name = f"{TEMPLATES}{'demo' if demo else 'bare'}_{made_of}"
        if not self.postgres.own:
            # The files beside it are in this clone, so it is of no use to another.
            name = f"{name}_{CLONE_KEY}"
        with locked(name):
            if not (name in self.postgres.names(name) and self._files(name).exists()):
                self.drop(name)
                self._make_template(name, depends, demo)
        return name

    def _make_template(self, name, depends, demo):
        """Build under another name: what was killed half-way is not the template."""
        kind = "with Odoo's demo data" if demo else "without demo data"
        say(f"database: preparing one {kind} to copy from (about a minute, once)")
        partial = f"{name}_partial"
        self.drop(partial)
        options = ["-i", ",".join(depends), "--no-http"]
        options += ["--with-demo"] if demo else []
        config = self.configure(partial)
        self.install(config, STATE / "template.log", *options)
        config.unlink()
        self._files(partial).rename(self._files(name))
        self.postgres.rename(partial, name)


def _depends():
    with contextlib.suppress(OSError):
        manifest = CLONE / ADDON / "__manifest__.py"
        return ast.literal_eval(manifest.read_text())["depends"]
    return DEPENDS


def port_is_free(port):
    with socket.socket() as probe:
        # Sockets of a server just stopped linger in TIME_WAIT; they are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """A port nobody listens on, so that tests run beside a demo."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

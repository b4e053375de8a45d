"""PostgreSQL: the one PGHOST, PGPORT and PGUSER name, or a private cluster."""

import os
import pwd
import subprocess
from pathlib import Path

from . import packages
from .core import ADDON, CACHE, CLONE_KEY, Stop, locked, run, say

#: Odoo refuses the role `postgres`, so the private cluster's owner has another name.
ROLE = "ar_followup"
OLDEST = 13
#: Nothing in the private cluster outlives a rebuild, so speed goes before safety:
#: without fsync an Odoo database is made and dropped several times faster.
FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c shared_buffers=512MB -c max_wal_size=4GB"
)


def place():
    """Where the private cluster lives, and the files that go with its databases.

    PostgreSQL does not run as root. Root's cache is closed to other users, so root's
    cluster lives where the system keeps the data of its services.
    """
    return CACHE / "pg" if os.geteuid() else Path("/var/lib") / ADDON


def database(purpose):
    """The name of this clone's database for `purpose`."""
    return f"ar_followup_{purpose}_{CLONE_KEY}"


def programs():
    """What has to be there to work with PostgreSQL."""
    return ["psql"] if _given() else ["psql", "postgres"]


def connect():
    """Return the server to work with, started first if it is the private one."""
    packages.need(*programs())
    given = _given()
    server = Server(given or _start(), own=not given)
    server.check()
    return server


def _given():
    names = ("PGHOST", "PGPORT", "PGUSER")
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def is_there():
    """Tell whether there is a server with databases to look for, without making one."""
    return bool(_given() or next(place().glob("data-*/PG_VERSION"), None))


class Server:
    """A PostgreSQL server and the few things the set-up asks of it."""

    def __init__(self, variables, own):
        self.variables = variables
        self.own = own
        self.environment = {**os.environ, **variables}

    def sql(self, statement):
        """Run one statement; return its rows as lines."""
        psql = ["psql", "-XqAtw", "-v", "ON_ERROR_STOP=1", "-d", "postgres"]
        done = run(*psql, "-c", statement, what="psql", env=self.environment)
        return done.splitlines()

    def check(self):
        """Stop, with what to change, where Odoo could not work with this server."""
        query = (
            "SELECT current_setting('server_version_num')::int / 10000, rolname,"
            " rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        try:
            version, user, may_create = self.sql(query)[0].split("|")
        except Stop as stop:
            where = " ".join(f"{name}={at}" for name, at in self.variables.items())
            raise Stop(f"cannot use the PostgreSQL of {where}: {stop}") from None
        if int(version) < OLDEST:
            raise Stop(f"PostgreSQL {version} is too old: Odoo 19 needs {OLDEST}")
        if user == "postgres":
            raise Stop("Odoo refuses the role postgres: set PGUSER to another one")
        if may_create != "t":
            raise Stop(f"role {user} may not create databases: ALTER ROLE … CREATEDB")

    def names(self, prefix="ar_followup_"):
        """The databases whose name starts with `prefix`."""
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, '{}')"
        return self.sql(query.format(prefix))

    def busy(self):
        """Tell whether anybody else is connected, such as another clone's demo."""
        query = (
            "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid()"
        )
        return bool(self.sql(query))

    def drop(self, name):
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def copy(self, template, name):
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def rename(self, old, new):
        self.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def stop():
    """Stop the private cluster, if it runs."""
    if not packages.postgres_bin():
        return
    for data in place().glob("data-*/postmaster.pid"):
        pg_ctl = packages.postgres_bin() / "pg_ctl"
        command = [pg_ctl, "stop", "-m", "fast", "-s", "-D", data.parent]
        run(*command, what="stopping PostgreSQL", **_as_owner())


def _start():
    """Start the private cluster unless it runs; return the way to it."""
    tools = packages.postgres_bin()
    # On a socket in a folder of its own, it can take no port from anybody.
    sockets = place() / "socket"
    version = run(tools / "postgres", "--version", what="postgres --version")
    data = place() / f"data-{version.split()[2].split('.')[0]}"
    variables = {"PGHOST": str(sockets), "PGPORT": "5432", "PGUSER": ROLE}
    with locked("postgresql"):
        ready = [tools / "pg_isready", "-q", "-h", sockets]
        if subprocess.run(ready).returncode:
            if not (data / "PG_VERSION").exists():
                _create(tools, data)
            _launch(tools, data, sockets)
    return variables


def _create(tools, data):
    say("PostgreSQL: creating a private cluster")
    _own_folder(place())
    beside = data.with_suffix(".partial")
    run("rm", "-rf", beside, what="removing a half-made cluster")
    _own_folder(beside)
    command = [tools / "initdb", "-U", ROLE, "-A", "trust", "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--no-sync", "-D", beside]
    run(*command, what="initdb", **_as_owner())
    beside.rename(data)


def _launch(tools, data, sockets):
    """Start the server; make the cluster anew where it turns out to be damaged."""
    say("PostgreSQL: starting the private cluster")
    _own_folder(sockets)
    _forget_dead(data, sockets)
    log = data / "server.log"
    log.unlink(missing_ok=True)
    options = f"-c listen_addresses='' -c unix_socket_directories='{sockets}' {FAST}"
    command = [tools / "pg_ctl", "start", "-w", "-s", "-t", "120", "-D", data]
    command += ["-l", log, "-o", options]
    try:
        run(*command, what="starting PostgreSQL", **_as_owner())
    except Stop:
        said = log.read_text(errors="replace") if log.exists() else ""
        if "PANIC" not in said:
            lines = [line for line in said.splitlines() if "FATAL" in line]
            why = lines[-1] if lines else "it says no reason"
            raise Stop(f"PostgreSQL does not start: {why} ({log})") from None
        say("PostgreSQL: the private cluster is damaged, as a crash can leave it")
        run("rm", "-rf", data, what="removing the damaged cluster")
        _create(tools, data)
        run(*command, what="starting PostgreSQL", **_as_owner())


def _forget_dead(data, sockets):
    """Remove the lock files of a server that died with the machine.

    PostgreSQL does so itself unless another process has the dead one's number now.
    """
    lock = data / "postmaster.pid"
    if not lock.exists() or not Path("/proc/self").exists():
        return
    holder = Path("/proc", lock.read_text().split()[0], "cmdline")
    try:
        alive = b"postgres" in holder.read_bytes()
    except OSError:
        alive = False
    if not alive:
        for stale in (lock, *sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)


def _as_owner():
    """Options that run a program as the user who owns the private cluster."""
    if os.geteuid():
        return {"cwd": "/"}
    user = pwd.getpwnam("postgres")
    return {
        "cwd": "/",
        "user": user.pw_uid,
        "group": user.pw_gid,
        "extra_groups": [],
        "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    }


def _own_folder(folder):
    """Make `folder`, open to nobody but the cluster's owner (and root)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.geteuid():
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)

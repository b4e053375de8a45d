"""Programs from the system's package manager."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .core import Stop, run, say

#: What each program is called in Debian and Ubuntu.
APT_NAMES = {
    "git": "git",
    "npm": "npm",
    "psql": "postgresql-client",
    "postgres": "postgresql",
    "chromium": "chromium",
    "wkhtmltopdf": "wkhtmltopdf",
    "venv": "python3-venv",
    "debian-keyring": "debian-archive-keyring",
    "ca-certificates": "ca-certificates",
    "libmagic": "libmagic1",
}


def postgres_bin():
    """The folder of PostgreSQL's server programs, which are rarely on PATH."""
    for initdb in sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
        reverse=True,
    ):
        return initdb.parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def browser():
    """The browser that Odoo's test framework will find, or None."""
    names = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def _has_venv():
    """Debian's python3 has venv, but not the ensurepip that venv calls."""
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    return not subprocess.run(probe, stderr=subprocess.DEVNULL).returncode


def _has_libmagic():
    libraries = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")
    return any(
        next(Path(folder).glob(pattern), None)
        for folder in libraries
        for pattern in ("libmagic.*", "*/libmagic.so*")
    )


def _present(name):
    special = {
        "postgres": postgres_bin,
        "chromium": browser,
        "venv": _has_venv,
        "debian-keyring": Path("/usr/share/keyrings/debian-archive-keyring.gpg").exists,
        "ca-certificates": Path("/etc/ssl/certs").exists,
        "libmagic": _has_libmagic,
    }
    return bool(special.get(name, functools.partial(shutil.which, name))())


def on(system):
    """Tell whether this is the Linux distribution called `system`."""
    try:
        return f"ID={system}" in Path("/etc/os-release").read_text().split()
    except OSError:
        return False


def _apt_name(name):
    browser_of_ubuntu = name == "chromium" and on("ubuntu")
    return "chromium-browser" if browser_of_ubuntu else APT_NAMES[name]


def need(*names):
    """Have the programs `names`; install the missing ones where that is possible."""
    missing = [name for name in names if not _present(name)]
    if not missing:
        return
    packages = " ".join(map(_apt_name, missing))
    if not shutil.which("apt-get"):
        raise Stop(f"missing: {', '.join(missing)}. Install and run the command again")
    if os.geteuid():
        raise Stop(f"missing: {packages}. Run: sudo apt-get install {packages}")
    _apt_install(packages.split())
    still = [name for name in missing if not _present(name)]
    if still:
        raise Stop(f"installed, yet not found: {', '.join(still)}. Install by hand")


def _apt_install(packages):
    say(f"system packages: installing {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", what="apt-get update", env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    run(*install, *packages, what="apt-get install", env=quiet)

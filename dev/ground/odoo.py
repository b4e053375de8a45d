"""Odoo 19 itself: the one ODOO_HOME names, Debian's package, or a shallow clone."""

import os
import re
import shutil
from pathlib import Path

from . import packages
from .core import CACHE, Stop, built, key, run, say

SERIES = "19.0"
GIT_URL = "https://github.com/odoo/odoo.git"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
#: Where Debian's package keeps the Python package `odoo`.
DIST = Path("usr/lib/python3/dist-packages")
#: Debian's Odoo shares these with other packages, by symlinks into /usr/share. Two of
#: them have lost the linked files in unstable, and come from an older suite.
ASSETS = [
    "libjs-jquery/sid",
    "libjs-underscore/sid",
    "libjs-jquery-form/sid",
    "fonts-montserrat/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-ocr-b/sid",
    "fonts-glyphicons-halflings/sid",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
]
#: Not free software, so Debian leaves it out; a missing file in an asset bundle is a
#: console error, which fails every browser test.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def programs():
    """What has to be there to get Odoo, as long as it is not in the cache."""
    if os.environ.get("ODOO_HOME"):
        return []
    return ["debian-keyring"] if packages.on("debian") else ["git"]


def home():
    """The folder to put on PYTHONPATH so that `import odoo` gives Odoo 19."""
    given = os.environ.get("ODOO_HOME")
    if given:
        folder = Path(given).expanduser().resolve()
        _check_series(folder, "ODOO_HOME")
        return folder
    if packages.on("debian"):
        root = built(CACHE / "odoo" / f"debian-{SERIES}", _from_debian)
        return root / DIST
    return built(CACHE / "odoo" / f"git-{SERIES}", _from_git)


def identity(folder):
    """What to key a prepared database with: which Odoo made it."""
    release = (folder / "odoo" / "release.py").read_text()
    head = ""
    if (folder / ".git").exists():
        head = run("git", "-C", folder, "rev-parse", "HEAD", what="git rev-parse")
    return key(folder, release, head)


def _check_series(folder, name):
    """Stop unless the Odoo in `folder` is the series this addon is for."""
    try:
        release = (folder / "odoo" / "release.py").read_text()
    except OSError:
        raise Stop(
            f"{name}={folder} has no odoo/release.py: name the folder that holds "
            "`odoo`, as an Odoo checkout or a dist-packages folder does"
        ) from None
    found = re.search(r"^version_info = \((.+?), (.+?),", release, re.MULTILINE)
    series = ".".join(found.groups()).replace("'", "") if found else "unknown"
    if series != SERIES:
        raise Stop(f"{name}={folder} is Odoo {series}; this addon is for Odoo {SERIES}")


def _from_git(folder):
    """Clone the public repository's newest 19.0, without its history."""
    say(f"Odoo {SERIES}: cloning (about 300 MB)")
    clone = ["git", "clone", "--quiet", "--depth=1", f"--branch={SERIES}", GIT_URL]
    run(*clone, folder, what="git clone of Odoo")
    _check_series(folder, "the clone")


def _from_debian(folder):
    """Extract Debian's package beside the system, which stays as it is.

    Unstable is the one suite that has it. Installing from there would pull half of
    unstable in; extracting takes the files alone.
    """
    downloads = folder / "downloads"
    downloads.mkdir()
    say(f"Odoo {SERIES}: downloading Debian's package (about 120 MB)")
    _apt_download(downloads)
    say(f"Odoo {SERIES}: extracting")
    for package in sorted(downloads.glob("*.deb")):
        run("dpkg", "-x", package, folder, what=f"extracting {package.name}")
    shutil.rmtree(downloads)
    (folder / DIST / LEFT_OUT).parent.mkdir(parents=True, exist_ok=True)
    (folder / DIST / LEFT_OUT).touch()
    _relink(folder)
    _check_series(folder / DIST, "Debian's package")


def _apt_download(downloads):
    """Download from unstable with apt, which checks the signatures."""
    apt = ["apt-get", "-qq", *_apt_options(downloads)]
    for site in _mirrors():
        lines = [
            f"deb [signed-by={KEYRING}] {site} {suite} main\n"
            for suite in ("sid", "bookworm")
        ]
        (downloads / "sources" / "debian.list").write_text("".join(lines))
        try:
            run(*apt, "update", "--error-on=any", what="reading Debian unstable")
            break
        except Stop as stop:
            failure = stop
    else:
        raise failure
    wanted = [f"odoo-{SERIES.split('.')[0]}/sid", *ASSETS]
    run(*apt, "download", *wanted, what="downloading Odoo", cwd=downloads)


def _apt_options(downloads):
    """Let apt work on lists of its own, so that the machine's suites and pins stay as
    they are, and nothing needs root."""
    for name in ("sources", "lists/partial", "cache/archives/partial"):
        (downloads / name).mkdir(parents=True)
    options = {
        "Dir::Etc::sourceparts": downloads / "sources",
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::State::Lists": downloads / "lists",
        "Dir::Cache": downloads / "cache",
        # The sandbox's user may not be let into a home folder.
        "APT::Sandbox::User": "",
        "APT::Get::AllowUnauthenticated": "false",
    }
    return [f"-o{name}={value}" for name, value in options.items()]


def _mirrors():
    """The Debian mirrors this machine's apt is set to, likeliest first."""
    asked = run(
        "apt-get",
        "indextargets",
        "--format=$(SITE) $(CODENAME) $(COMPONENT)",
        what="asking apt for its mirrors",
    )
    rows = [line.split() for line in asked.splitlines() if line.endswith(" main")]
    plain = [site for site, suite, _main in rows if not suite.endswith("-security")]
    if not plain:
        raise Stop("apt knows no Debian mirror: run apt-get update, or set ODOO_HOME")
    return list(dict.fromkeys(plain))


def _relink(root):
    """Make links that leave the extracted tree stay in it; Stop where one dangles."""
    for link in (path for path in root.rglob("*") if path.is_symlink()):
        target = os.readlink(link)
        if target.startswith("/") and (root / target[1:]).exists():
            link.unlink()
            link.symlink_to(os.path.relpath(root / target[1:], link.parent))
        if not link.exists() and DIST in link.relative_to(root).parents:
            raise Stop(f"Debian's package changed: {link} leads nowhere")

"""What every part of the set-up shares: places, one-line messages, safe building."""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
ADDON = "ar_followup_plus"
#: Files a command makes in the clone (configuration, logs); ignored by git.
STATE = CLONE / ".dev"
#: Downloads, shared by all clones so that a fresh one starts fast.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / ADDON
#: Tells databases of one clone from those of another on the same cluster.
CLONE_KEY = hashlib.sha256(str(CLONE).encode()).hexdigest()[:6]


class Stop(Exception):
    """The command cannot go on; its text is one line that says what to do."""


def say(text):
    """Tell the step that begins, so that a wait is never a silent one."""
    print(f"· {text}", flush=True)


def key(*parts):
    """A short name for what was built from `parts`."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:10]


def run(*command, what, **options):
    """Run a quiet command; when it fails, Stop with its own last words.

    The whole output goes to a log, for those who need more than the last line.
    """
    options.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    if done.returncode:
        raise Stop(f"{what} failed: {_last_words(done.stdout, what)}")
    return done.stdout


def _last_words(output, what):
    """The line of `output` that most likely names the cause."""
    if "No space left on device" in output:
        return "the disk is full: free some space and run the command again"
    if "connection broken by" in output:
        return "Python's package index was not reached: check the network and try again"
    STATE.mkdir(exist_ok=True)
    log = STATE / "failed.log"
    log.write_text(f"{what}\n{output}")
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"\b(error|fatal|E):", line, re.I)]
    return f"{(telling or lines or ['no message'])[-1]} (all of it: {log})"


@contextlib.contextmanager
def locked(name):
    """Let one process at a time build the thing called `name` in the cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f".{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another set-up that is building {name}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def built(folder, build):
    """Return `folder`, calling `build(folder)` first unless an earlier call finished.

    A marker is written last: a build that was killed half-way has none, and the next
    call starts it over.
    """
    done = folder / ".complete"
    if done.exists():
        return folder
    with locked(folder.parent.name):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            build(folder)
            done.touch()
    return folder


def command(function):
    """Run a command's function; end with one line, not a traceback, where it can't."""
    try:
        sys.exit(function())
    except Stop as stop:
        sys.exit(f"✗ {stop}")
    except KeyboardInterrupt:
        sys.exit("✗ stopped")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit("✗ the disk is full: free some space and run the command again")

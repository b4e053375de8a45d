"""Python environments, one for Odoo and one for the lint tools, kept in the cache."""

import os
import platform
import sys

from . import packages
from .core import CACHE, CLONE, Stop, built, key, run, say

#: What Odoo 19 asks for.
OLDEST = (3, 10)


def python(name="odoo"):
    """The interpreter of the environment that has `requirements-<name>.txt`.

    Keyed by the requirements and by the interpreter, so that a changed line or an
    upgraded Python gives a new environment, and an old clone keeps its own.
    """
    if sys.version_info < OLDEST:
        raise Stop(
            f"Python {platform.python_version()} is too old: Odoo 19 needs 3.10 or "
            "newer; put one first on PATH as python3"
        )
    wanted = CLONE / "dev" / f"requirements-{name}.txt"
    stamp = key(wanted.read_text(), sys.version, sys.base_prefix)
    folder = CACHE / "venv" / f"{name}-{stamp}"
    return built(folder, lambda path: _build(path, wanted, name)) / "bin" / "python"


def _build(folder, wanted, name):
    packages.need("venv", "ca-certificates")
    say(f"Python environment for {name}: installing {wanted.name}")
    run(sys.executable, "-m", "venv", folder, what="python -m venv")
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-q"]
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(*pip, "-r", wanted, what="pip install", env=quiet)

"""`make lint` checks the style of everything; `make format` (--fix) sets it right."""

import shutil
import subprocess
import sys

from ground import packages, venv
from ground.core import ADDON, CACHE, CLONE, built, command, key, run, say

DEV = CLONE / "dev"
#: What prettier formats. Icons and pages for the app store are not ours to reformat.
KINDS = (".xml", ".js", ".css", ".scss")
ELSEWHERE = ("static/description/", "static/lib/")


def main():
    fix = "--fix" in sys.argv
    python = venv.python("lint")
    checks = {
        "ruff": _ruff(python, fix),
        "ruff format": _ruff_format(python, fix),
        **({} if fix else {"pylint-odoo": _pylint(python)}),
        "prettier": _prettier(fix),
    }
    failed = []
    for name, check in checks.items():
        say(name if check else f"{name}: nothing to check yet")
        if check and subprocess.call(list(map(str, check)), cwd=CLONE):
            failed.append(name)
    print(f"✗ lint: {', '.join(failed)}" if failed else "✓ lint: nothing found")
    return bool(failed)


def _ruff(python, fix):
    ruff = [
        python,
        "-m",
        "ruff",
        "check",
        "-q",
        "--output-format=concise",
        f"--cache-dir={CACHE / 'ruff'}",
    ]
    return [*ruff, "--fix"] if fix else ruff


def _ruff_format(python, fix):
    ruff = [python, "-m", "ruff", "format", "-q", f"--cache-dir={CACHE / 'ruff'}"]
    return ruff if fix else [*ruff, "--diff"]


def _pylint(python):
    if not (CLONE / ADDON / "__init__.py").exists():
        return None
    return [python, "-m", "pylint", "--rcfile=.pylintrc", ADDON]


def _prettier(fix):
    inside = (path.relative_to(CLONE) for path in sorted((CLONE / ADDON).rglob("*")))
    files = [
        path
        for path in inside
        if path.suffix in KINDS and not any(part in str(path) for part in ELSEWHERE)
    ]
    if not files:
        return None
    modules = _node_modules()
    prettier = ["node", modules / "prettier/bin/prettier.cjs", "--log-level=warn"]
    plugin = modules / "@prettier/plugin-xml/src/plugin.js"
    return [*prettier, f"--plugin={plugin}", "--write" if fix else "--check", *files]


def _node_modules():
    """Prettier and its plugin for XML, installed once into the cache."""
    packages.need("npm")
    lock = (DEV / "package-lock.json").read_text()

    def install(folder):
        say("prettier: installing it and its plugin for XML")
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(DEV / name, folder)
        run("npm", "ci", "--ignore-scripts", "--silent", what="npm ci", cwd=folder)

    return built(CACHE / "node" / key(lock), install) / "node_modules"


if __name__ == "__main__":
    command(main)

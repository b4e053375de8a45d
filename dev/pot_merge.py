"""Merge a fresh export into the template and the translations; called by `pot.py`.

Needs the venv's Python, for polib.
"""

import sys
from pathlib import Path

import polib

#: They would make two exports of the same terms differ.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def main(export, template, *translations):
    fresh = _read(export)
    for name in DATES:
        fresh.metadata.pop(name, None)
    before = {entry.msgid for entry in _read(template)} if template.exists() else set()
    fresh.save(str(template))
    after = {entry.msgid for entry in fresh}
    print(f"{template.name}: {len(after)} terms")
    _list("new", after - before)
    _list("gone", before - after)
    for path in translations:
        _merge(fresh, path)


def _merge(fresh, path):
    """Give a translation the terms of the template, in its order."""
    old = _read(path)
    known = {entry.msgid: entry for entry in old if not entry.obsolete}
    merged = polib.POFile()
    merged.header = old.header
    merged.metadata = {k: v for k, v in old.metadata.items() if k not in DATES}
    for term in fresh:
        entry = polib.POEntry(
            msgid=term.msgid,
            comment=term.comment,
            occurrences=term.occurrences,
        )
        if term.msgid in known:
            entry.msgstr = known[term.msgid].msgstr
            entry.flags = known[term.msgid].flags
        merged.append(entry)
    merged.save(str(path))
    todo = [entry.msgid for entry in merged if not entry.translated()]
    print(f"{path.name}: {len(todo)} of {len(merged)} terms to translate")
    _list("to translate", todo)


def _read(path):
    return polib.pofile(str(path), encoding="utf-8")


def _list(what, terms):
    for term in sorted(terms):
        print(f"  {what}: {' '.join(term.split())[:100]}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

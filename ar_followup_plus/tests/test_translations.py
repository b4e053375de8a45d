"""The terms to translate are up to date, and the French is complete."""

import io
import re
from collections import Counter
from pathlib import Path

import polib

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = "ar_followup_plus"
I18N = Path(__file__).parents[1] / "i18n"
REMEDY = "run `make pot`, translate what it lists, and commit the files"
#: Terms that French writes as English does.
SAME_IN_FRENCH = {
    "%(customer)s, %(amount)s",
    "%(customer)s, %(promise)s",
    "%(customers)s – %(text)s",
    "%(day)s, %(what)s",
    "%(dispute)s.",
    "%(person)s, %(time)s",
    "%(why)s.",
    '<i class="fa fa-comments-o me-1" title="Guide"/>',
    '<span class="o_stat_text">Contacts</span>',
    '<span invisible="not date_to">–</span>',
    "Action",
    "Configuration",
    "Contact",
    "Contacts",
    "Conversation",
    "Correction",
    "Date",
    "ID",
    "Journal",
    "Message",
    "Messages",
    "Mode",
    "Note",
    "Page",
    "Position",
    "SMS",
    "Score",
    "Signature",
    "Total",
}
#: Odoo's exporter takes a word beside a term, in one tuple with it, for another term,
#: and the expression that names a report's file.
NO_TERM = re.compile(r"fa-[a-z-]+|object\.\w+\(\)")
#: What a translation keeps as it is: markup, expressions and placeholders.
CODE = re.compile(r"<[^>]*>|\{\{.*?\}\}|%\(\w+\)s")
#: Attributes that people read, so a translation may change their values.
READ = re.compile(
    r'\b(title|placeholder|alt|aria-label|data-tooltip|string|help|confirm)="[^"]*"'
)
FIELD = re.compile(rf"model:ir\.model\.fields,\w+:({ADDON}\.\w+)")


def read(name):
    return polib.pofile(str(I18N / name), encoding="utf-8")


def code(text):
    """How often each piece of code stands in a term, whatever its order."""
    return Counter(READ.sub(r"\1", piece) for piece in CODE.findall(text))


@tagged("post_install", "-at_install")
class TestTemplate(TransactionCase):
    """`i18n/ar_followup_plus.pot` holds the terms of the code as it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = io.BytesIO()
        trans_export(False, [ADDON], buffer, "po", cls.env)
        cls.export = polib.pofile(buffer.getvalue().decode())
        addon = cls.env["ir.module.module"].search([("name", "=", ADDON)])
        below = addon.upstream_dependencies(exclude_states=("uninstallable",))
        cls.known = {ADDON, *below.mapped("name")}

    def _ours(self, entry):
        """The places of a term that are not due to some other installed addon.

        Each field of our models is ours by its external id, also what an addon that
        we do not depend on adds to all documents.
        """
        return {place for place in entry.occurrences if self._is_ours(place[0])}

    def _is_ours(self, place):
        named = FIELD.fullmatch(place)
        field = named and self.env.ref(named[1], raise_if_not_found=False)
        return not field or bool(self.known & self._defined_by(field))

    def _defined_by(self, field):
        """The addons whose code has the field, whatever its external id says."""
        # every model's own fields, as its display name, are of no addon
        return set(self.env[field.model]._fields[field.name]._modules or [ADDON])

    def test_nothing_is_missing(self):
        committed = {entry.msgid for entry in read(f"{ADDON}.pot")}
        missing = [
            entry.msgid
            for entry in self.export
            if entry.msgid not in committed and self._ours(entry)
        ]
        self.assertFalse(missing, f"not in {ADDON}.pot: {REMEDY}")

    def test_nothing_is_obsolete(self):
        exported = {entry.msgid for entry in self.export}
        obsolete = [
            entry.msgid for entry in read(f"{ADDON}.pot") if entry.msgid not in exported
        ]
        self.assertFalse(obsolete, f"no longer in the code: {REMEDY}")

    def test_a_strangers_field_is_told_apart(self):
        followers = self.export.find("Followers")
        self.assertTrue(self._ours(followers), "mail is below us")
        self.known = {ADDON}
        self.assertFalse(self._ours(followers))
        self.assertTrue(self._ours(self.export.find("Days between Contacts")))

    def test_every_term_says_where_it_stands(self):
        """Odoo loads a translation by its places, so they have to be right, too."""
        exported = {entry.msgid: self._ours(entry) for entry in self.export}
        moved = [
            entry.msgid
            for entry in read(f"{ADDON}.pot")
            if entry.msgid in exported and self._ours(entry) != exported[entry.msgid]
        ]
        self.assertFalse(moved, f"stands in other places now: {REMEDY}")


class TestFrench(BaseCase):
    """`i18n/fr.po` translates every term, and translates it well-formed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.french = read("fr.po")

    def assertNone(self, entries, why):
        self.assertFalse([entry.msgid for entry in entries], why)

    def test_it_has_the_terms_of_the_template(self):
        self.assertEqual(
            [(entry.msgid, entry.occurrences) for entry in self.french],
            [(entry.msgid, entry.occurrences) for entry in read(f"{ADDON}.pot")],
            f"fr.po is not that of the template: {REMEDY}",
        )

    def test_nothing_is_left_in_english(self):
        terms = [e for e in self.french if not NO_TERM.fullmatch(e.msgid)]
        todo = [entry for entry in terms if not entry.translated()]
        self.assertNone(todo, "to be translated")
        same = [entry for entry in terms if entry.msgstr == entry.msgid]
        self.assertNone(
            [entry for entry in same if entry.msgid not in SAME_IN_FRENCH],
            "still English; what French writes alike belongs to SAME_IN_FRENCH",
        )

    def test_code_is_kept(self):
        self.assertNone(
            (e for e in self.french if code(e.msgid) != code(e.msgstr)),
            "the translation has other placeholders, expressions or tags",
        )

    def test_typography(self):
        """A sign that stands apart never begins a line of its own."""
        breaking = re.compile(r" [:;?!»]|« ")
        self.assertNone(
            (e for e in self.french if breaking.search(CODE.sub("", e.msgstr))),
            "needs a non-breaking space before : ; ? ! » and after «",
        )
        self.assertNone(
            (e for e in self.french if "'" in CODE.sub("", e.msgstr)),
            "needs the apostrophe ’",
        )

"""The house: rooms that use one another one way only, pure modules, small files."""

import tempfile
from pathlib import Path

from odoo.tests import BaseCase

from . import house

ADDON = Path(__file__).parents[1]


class TestRooms(BaseCase):
    """Each rule over this addon's own code."""

    def assertFollows(self, rule):
        self.assertEqual(list(rule(ADDON)), [])

    def test_rooms_are_known_and_in_order(self):
        self.assertFollows(house.unknown_rooms)

    def test_no_room_names_a_model_of_a_later_one(self):
        self.assertFollows(house.later_models)

    def test_no_room_imports_from_a_later_one(self):
        self.assertFollows(house.later_imports)

    def test_pure_modules_import_nothing_of_odoo(self):
        self.assertFollows(house.impure_imports)

    def test_a_model_begins_once(self):
        self.assertFollows(house.models_begun_twice)

    def test_a_model_has_a_file_of_its_name(self):
        self.assertFollows(house.misplaced_models)

    def test_files_and_functions_are_small(self):
        self.assertFollows(house.too_long)

    def test_the_house_is_looked_at(self):
        """The rules find what they are about: a wrong path would please them all."""
        models = house.own_models(ADDON)
        self.assertEqual(models["ar.followup.policy"], "policy")
        self.assertEqual(models["ar.followup.case"], "case")
        self.assertEqual(models["ar.contact.log"], "contact")
        for name in house.PURE:
            room = name.split("/")[0]
            if room in house.rooms(ADDON):
                self.assertTrue((ADDON / "models" / name).exists(), name)


class TestRulesNotice(BaseCase):
    """Each rule in a house where it is broken, and nothing else."""

    HOUSE = {
        "models/__init__.py": "from . import policy\nfrom . import case\n",
        "models/policy/__init__.py": "from . import ar_rule\n",
        "models/policy/ar_rule.py": """
from odoo import fields, models

class Rule(models.Model):
    _name = "ar.rule"
    partner_id = fields.Many2one("res.partner")
""",
        "models/policy/tones.py": "TONES = ()\n",
        "models/case/__init__.py": "from . import ar_thing\n",
        "models/case/ar_thing.py": """
from odoo import fields, models
from ..policy.tones import TONES

class Thing(models.Model):
    _name = "ar.thing"
    rule_id = fields.Many2one("ar.rule")
""",
        "models/case/reasons.py": "from ..policy.tones import TONES\n",
        "models/case/res_partner.py": """
from odoo import models

class ResPartner(models.Model):
    _inherit = "res.partner"
""",
    }
    RULES = (
        house.unknown_rooms,
        house.later_models,
        house.later_imports,
        house.impure_imports,
        house.models_begun_twice,
        house.misplaced_models,
        house.too_long,
    )

    def assertNoticed(self, rule, name, text):
        """Only ``rule`` objects when the file ``name`` has ``text`` added to it."""
        with tempfile.TemporaryDirectory() as folder:
            files = dict(self.HOUSE)
            files[name] = files.get(name, "") + text
            for file, content in files.items():
                path = Path(folder, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
            found = {r.__name__: list(r(Path(folder))) for r in self.RULES}
        objecting = {rule for rule, findings in found.items() if findings}
        self.assertEqual(objecting, {rule.__name__} if rule else set(), found)
        if rule:
            self.assertIn(name.removeprefix("models/"), found[rule.__name__][0])

    def test_a_house_in_order(self):
        self.assertNoticed(None, "models/policy/ar_rule.py", "")

    def test_a_later_model_in_a_field(self):
        line = '    thing_id = fields.Many2one("ar.thing")\n'
        self.assertNoticed(house.later_models, "models/policy/ar_rule.py", line)

    def test_a_later_model_in_a_domain(self):
        line = '    x = [("res_model", "in", ["ar.thing", "ar.rule"])]\n'
        self.assertNoticed(house.later_models, "models/policy/ar_rule.py", line)

    def test_a_later_model_in_sql(self):
        line = '    query = "SELECT id FROM ar_thing"\n'
        self.assertNoticed(house.later_models, "models/policy/ar_rule.py", line)

    def test_a_later_model_in_an_f_string(self):
        line = '    query = f"SELECT {id} FROM ar_thing"\n'
        self.assertNoticed(house.later_models, "models/policy/ar_rule.py", line)

    def test_a_later_model_by_external_id(self):
        line = '    x = "ar_followup_plus.model_ar_thing"\n'
        self.assertNoticed(house.later_models, "models/policy/ar_rule.py", line)

    def test_a_later_model_may_be_explained(self):
        """Comments and docstrings may tell who uses a hook."""
        lines = '    def hook(self):\n        """For ``ar.thing``."""  # ar.thing\n'
        self.assertNoticed(None, "models/policy/ar_rule.py", lines)

    def test_another_word(self):
        line = '    x = "ar_thing_else", "bar.thing", "ar.things"\n'
        self.assertNoticed(None, "models/policy/ar_rule.py", line)

    def test_an_import_of_a_later_room(self):
        for line in (
            "from ..case.reasons import REASONS\n",
            "from ..case import reasons\n",
            "from .. import case\n",
            "def f():\n    from ..case.reasons import REASONS\n",
            "from odoo.addons.ar_followup_plus.models.case import reasons\n",
            "import odoo.addons.ar_followup_plus.models.case.reasons\n",
        ):
            self.assertNoticed(house.later_imports, "models/policy/ar_rule.py", line)

    def test_an_impure_module(self):
        for line in (
            "import odoo\n",
            "from odoo.tools import SQL\n",
            "import psycopg2\n",
            "from ..policy import ar_rule\n",
            "from . import ar_thing\n",
            "from .ar_thing import Thing\n",
        ):
            self.assertNoticed(house.impure_imports, "models/case/reasons.py", line)

    def test_a_pure_module(self):
        line = "from datetime import date\nfrom dateutil.rrule import rrule\n"
        self.assertNoticed(None, "models/case/reasons.py", line)

    def test_an_unknown_room(self):
        self.assertNoticed(house.unknown_rooms, "models/attic/__init__.py", "")

    def test_rooms_out_of_order(self):
        self.assertNoticed(
            house.unknown_rooms, "models/__init__.py", "from . import ledger\n"
        )

    def test_a_model_begun_twice(self):
        lines = """
class Again(models.Model):
    _name = "ar.rule"
    _inherit = ["ar.rule", "mail.thread"]
"""
        self.assertNoticed(house.models_begun_twice, "models/policy/ar_rule.py", lines)

    def test_two_models_in_a_file(self):
        lines = '\nclass Other(models.Model):\n    _name = "ar.other"\n'
        self.assertNoticed(house.misplaced_models, "models/policy/ar_rule.py", lines)

    def test_a_model_in_a_file_of_another_name(self):
        lines = """
from odoo import models
class Country(models.Model):
    _inherit = "res.country"
"""
        self.assertNoticed(house.misplaced_models, "models/case/res_state.py", lines)

    def test_a_long_file_and_a_long_function(self):
        self.assertNoticed(
            house.too_long, "models/case/reasons.py", "# line\n" * house.FILE_LINES
        )
        body = "    x = 1\n" * house.FUNCTION_LINES
        self.assertNoticed(
            house.too_long, "models/case/reasons.py", f"def f():\n{body}"
        )

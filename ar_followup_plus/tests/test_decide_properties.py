"""Whatever happens to a customer, these things never happen to them.

Random histories are lived day by day; after each, every check of ``decide_checks``
must hold. And each check is shown to notice a ``decide`` that breaks its rule.
"""

from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, find, given, settings

from odoo.tests import BaseCase

from odoo.addons.ar_followup_plus.models.engine import decide as module
from odoo.addons.ar_followup_plus.models.engine.decide import decide

from . import decide_checks
from .decide_scripts import play, scripts


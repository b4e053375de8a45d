"""What the test run takes for a warning of ours."""

import pytest
from pytest_ground import is_ours, scan

HEAD = "2026-01-05 09:00:00,000 42"
BEFORE = f"""{HEAD} INFO db odoo.modules.loading: Loading module sms (30/41)
{HEAD} WARNING db odoo.addons.sms.models: something of its own
"""
LOADING = (
    f"{HEAD} INFO db odoo.modules.loading: Loading module ar_followup_plus (41/41)\n"
)
TRACEBACK = f"""{HEAD} ERROR db odoo.sql_db: bad query
Traceback (most recent call last):
  File "/x/ar_followup_plus/models/run.py", line 3, in run
"""


@pytest.mark.parametrize(
    "name, text, ours",
    [
        ("odoo.addons.ar_followup_plus.models.run", "anything", True),
        ("odoo.addons.ar_followup_plus", "anything", True),
        ("odoo.addons.ar_followup_plus_more.models", "anything", False),
        ("odoo.addons.ar_followup_plus.tests.test_x.T.browser", "console", False),
        ("odoo.addons.ar_followup_plus.tests.test_x.T", "of ar.followup.run", True),
        ("odoo.models", "model ar.contact.log has no access rules", True),
        ("odoo.models", "model car.followup has no access rules", False),
    ],
)
def test_whose_warning_it_is(name, text, ours):
    assert is_ours(name, text) is ours


def test_other_addons_warnings_pass_until_ours_loads():
    assert scan(BEFORE) == []
    late = BEFORE.splitlines(keepends=True)[1]
    assert scan(BEFORE + LOADING + late) == [late]


def test_a_traceback_belongs_to_its_line():
    assert scan(TRACEBACK) == [TRACEBACK]


def test_an_empty_log_has_no_warnings():
    assert scan("") == []

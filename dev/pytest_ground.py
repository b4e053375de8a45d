"""A pytest plugin that fails the run on what pytest itself would let pass.

- A warning of this addon in Odoo's log, of the installation or of the tests, is a
  defect that users would find in their log.
- A browser test that was skipped proves nothing; Odoo skips it without a browser.
"""

import logging
import os
import re
from pathlib import Path

import hypothesis
import pytest

ADDON = "ar_followup_plus"
OURS = re.compile(rf"{ADDON}|\bar\.followup\.|\bar\.contact\.log\b")
#: The installation's log, written before pytest started.
INSTALL_LOG = "AR_FOLLOWUP_INSTALL_LOG"
_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<name>\S+?): "
)
_ALARMING = {"WARNING", "ERROR", "CRITICAL"}


def is_ours(name, text):
    """Tell whether a warning of logger `name` is about this addon.

    The loggers named after test classes speak for the browser's console and for
    Odoo's test framework, so they are judged by what they say.
    """
    package = f"odoo.addons.{ADDON}"
    speaks_for_us = name == package or name.startswith(f"{package}.")
    if speaks_for_us and not name.startswith(f"{package}.tests."):
        return True
    return bool(OURS.search(text))


def scan(text):
    """Return the warnings of ours in `text`, the log of an installation or update.

    The addons it stands on were installed earlier, so from the line that loads it to
    the end every warning is due to this addon.
    """
    found, loading = [], False
    for record in _records(text):
        head = _LINE.match(record)
        loading = loading or f"Loading module {ADDON} " in record
        if head and head["level"] in _ALARMING:
            if loading or is_ours(head["name"], record[head.end() :]):
                found.append(record)
    return found


def _records(text):
    """Split a log into records; lines of a traceback belong to the one before."""
    record = ""
    for line in text.splitlines():
        if _LINE.match(line) and record:
            yield record
            record = ""
        record += f"{line}\n"
    yield record


class _Listener(logging.Handler):
    """Collects our warnings. `assertLogs` and `mute_logger` in a test keep expected
    ones from getting here, for they take the logger's handlers away meanwhile."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []
        self.test = "before the first test"

    def emit(self, record):
        text = self.format(record)
        if is_ours(record.name, text):
            head = f"{record.levelname} {record.name}: "
            self.found.append(f"{head}{text}\n    during {self.test}\n")


class Ground:
    """The plugin's hooks."""

    def __init__(self):
        self.listener = _Listener()
        log = os.environ.get(INSTALL_LOG)
        self.install = scan(Path(log).read_text(errors="replace")) if log else []

    @property
    def findings(self):
        return [*(f"{r}    during installation\n" for r in self.install)] + [
            *self.listener.found
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self):
        logging.getLogger().addHandler(self.listener)

    def pytest_runtest_logstart(self, nodeid):
        self.listener.test = nodeid

    def pytest_warning_recorded(self, warning_message, nodeid):
        if f"/{ADDON}/" in warning_message.filename.replace(os.sep, "/"):
            text = f"{warning_message.category.__name__}: {warning_message.message}"
            place = f"{warning_message.filename}:{warning_message.lineno}"
            self.listener.found.append(f"{place} {text}\n    during {nodeid}\n")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item):
        report = yield
        kinds = getattr(item.cls, "__mro__", ())
        if report.skipped and any(kind.__name__ == "HttpCase" for kind in kinds):
            if not hasattr(report, "wasxfail"):
                report.outcome = "failed"
                report.longrepr = f"a browser test was skipped: {report.longrepr}"
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        logging.getLogger().removeHandler(self.listener)
        if self.findings and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.findings:
            terminalreporter.section("warnings of ours in the log (they fail the run)")
            terminalreporter.write("\n".join(self.findings))


def pytest_configure(config):
    # A busy machine is no reason for a property to fail.
    hypothesis.settings.register_profile("ground", deadline=None)
    if not os.environ.get("CI"):
        hypothesis.settings.load_profile("ground")
    config.pluginmanager.register(Ground(), "ar_followup_ground")

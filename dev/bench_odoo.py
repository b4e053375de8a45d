"""What `make bench` runs inside Odoo: `bench_odoo.py CONFIG DATABASE STEP [N …]`.

A step is `module.function`, the module one of those beside this one.

Each step has a process of its own, so that neither caches nor memory of one are
counted in the next. It prints what it measured as one line of JSON.
"""

import contextlib
import gc
import importlib
import json
import re
import sys
import threading
import time
from pathlib import Path

import odoo
from odoo import api
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor
from odoo.tools import config


class Meter:
    """Wall seconds, SQL statements, commits and peak memory of a `with` block.

    Memory is the peak of the whole process while the block ran.
    """

    def __enter__(self):
        self.thread = threading.current_thread()
        self.thread.query_count = 0
        self.commits = 0
        self._commit, meter = Cursor.commit, self

        def commit(cursor):
            meter.commits += 1
            return meter._commit(cursor)

        Cursor.commit = commit
        gc.collect()
        # asks Linux to forget the peak that loading the registry left behind
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_error):
        self.seconds = time.perf_counter() - self.start
        Cursor.commit = self._commit
        self.peak = _memory("VmHWM")
        self.statements = self.thread.query_count

    def result(self, count):
        """What was measured, with the number of things it was measured on."""
        return {
            "count": count,
            "seconds": self.seconds,
            "statements": self.statements,
            "commits": self.commits,
            "megabytes": self.peak,
        }


def _memory(name):
    """A figure of this process in megabytes."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", status, re.M)[1]) / 1024


def main(config_file, name, step, *arguments):
    options = ["-c", config_file, "-d", name, "--no-http", "--log-level=warn"]
    config.parse_config(options, setup_logging=True)
    threading.current_thread().dbname = name
    registry = Registry(name)
    # It may import the addon: not before Odoo knows where that is.
    module, function = step.split(".")
    work = getattr(importlib.import_module(module), function)
    with registry.cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {})
        print(json.dumps(work(env, *map(int, arguments))))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What `make soak` runs inside Odoo: `soak_odoo.py CONFIG DATABASE CUSTOMERS DAYS`."""

import logging
import re
import sys
import threading
import time
from pathlib import Path

# not freezegun.freeze_time: Odoo puts a wrapper there that cannot move the clock
from freezegun.api import freeze_time

from odoo.modules.registry import Registry
from odoo.tools import config

#: Refused mails and broken lines are what the soak is about, not worth a traceback.
NOISY = (
    "odoo.addons.mail.models.mail_mail",
    "odoo.addons.base.models.ir_mail_server",
    "odoo.addons.ar_followup_plus.models.contact.mail_mail",
)


def seconds():
    """Real seconds, which a frozen clock does not tell."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def memory(name):
    """A figure of this process in megabytes."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", status, re.M)[1]) / 1024


def main(config_file, name, customers, days):
    options = ["-c", config_file, "-d", name, "--no-http", "--log-level=warn"]
    config.parse_config(options, setup_logging=True)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    threading.current_thread().dbname = name
    registry = Registry(name)
    # which import the addon: not before Odoo knows where it is
    import soak_report
    from soak_world import START, Soak

    freezer = freeze_time(START, real_asyncio=True)
    clock = freezer.start()
    try:
        with Soak(registry, clock, int(customers)) as soak:
            for day in range(int(days)):
                soak.live(day)
                if soak.months_last_day(day, int(days)):
                    print(soak_report.progress(soak), flush=True)
            print(soak_report.report(soak), flush=True)
            return int(bool(soak.found))
    finally:
        freezer.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

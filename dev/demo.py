"""`make demo`: a day of follow-up on demo data, then Odoo to look around in.

SERVE=0 ends after the summary; PORT is Odoo's (8069). Each demo starts afresh.
`make screenshots` takes the store page's pictures from such a demo, in a database of
its own, so that a demo that is served meanwhile goes on.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

from ground import postgres
from ground.core import ADDON, CLONE, STATE, Stop, command, say
from ground.server import Ground, free_port, port_is_free

DEV = CLONE / "dev"
MAILS = CLONE / "demo-mails"
LOG = STATE / "demo.log"
#: Who may look around, and at what first.
LOGINS = (
    ("collector", "Follow-up → Worklist: calls, plans, mails that did not arrive"),
    ("", "Follow-up → To Review, in Brightwater Europe: reminders to read and send"),
    ("approver", "Follow-up → Plans to Approve: decide in the chatter; Holds"),
    ("admin", "Follow-up → Configuration: policies, levels, settings, mode"),
    ("auditor", "Follow-up → Decisions: why anybody was contacted or not; reads only"),
)


def main():
    pictures = "--pictures" in sys.argv
    serve = os.environ.get("SERVE", "1") != "0" and not pictures
    port = _port() if serve else free_port()
    ground = Ground("wkhtmltopdf", *(["chromium"] if pictures else []))
    # A plain `kill` has to stop the servers as Ctrl-C does, and Ctrl-C has to work
    # for a process started in the background too.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    name = postgres.database("screenshots" if pictures else "demo")
    mails = STATE / "screenshots-mails" if pictures else MAILS
    shutil.rmtree(mails, ignore_errors=True)
    with contextlib.ExitStack() as running:
        if pictures:
            running.callback(ground.drop, name)
        smtp_port = free_port()
        config = _configure(ground, name, port, smtp_port)
        _install(ground, name, config)
        sink = [ground.python, DEV / "smtp_sink.py", "--dir", mails]
        running.enter_context(_process(ground, [*sink, "--port", smtp_port]))
        _wait(lambda: not port_is_free(smtp_port), "the SMTP server")
        summary = _day(ground, config, port, mails)
        if pictures:
            return _take_pictures(ground, config, port, mails)
        print(f"\n{summary}\n{_where(port, serve)}", flush=True)
        return _serve(ground, config, port) if serve else 0


def _port():
    """The port to serve on, checked before the long work rather than after it."""
    port = os.environ.get("PORT") or "8069"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Stop(f"PORT={port} is no port: take a number, as in make demo PORT=8070")
    if not port_is_free(int(port)):
        raise Stop(f"port {port} is taken: run make demo PORT={int(port) + 1}")
    return int(port)


def _configure(ground, name, port, smtp_port):
    return ground.configure(
        name,
        http_port=port,
        gevent_port=free_port(),
        smtp_server="127.0.0.1",
        smtp_port=smtp_port,
    )


def _install(ground, name, config):
    ground.fresh(name, demo=True)
    say(f"{ADDON}: installing it with its demo data")
    log = STATE / "demo-install.log"
    ground.install(config, log, "--no-http", "--with-demo", "-i", ADDON)
    if "demo data failed to install" in log.read_text(errors="replace"):
        raise Stop(f"the demo data failed to install; why: {log}")


def _day(ground, config, port, mails):
    """Run the day's follow-up as the scheduler would; return its summary.

    Odoo serves meanwhile, because a PDF takes its styles over HTTP, but without a
    scheduler of its own, which could take the same jobs at the same time.
    """
    say("the day's follow-up: running")
    quiet = ground.command(config, "--max-cron-threads=0")
    with _process(ground, quiet) as server:
        _wait(lambda: _answers(port), "Odoo", server)
        with open(DEV / "demo_day.py") as script, open(LOG, "a") as log:
            done = subprocess.run(
                ground.command(config, "shell", "--no-http"),
                env={
                    **ground.environment,
                    "DEMO_URL": f"http://localhost:{port}",
                    "DEMO_MAILS": str(mails),
                },
                stdin=script,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                check=False,
            )
    if done.returncode:
        raise Stop(f"the day's follow-up failed; why is at the end of {LOG}")
    return done.stdout


def _where(port, serve):
    """The part of the summary that leads into Odoo: its address and the log-ins."""
    later = "make demo serves it on http://localhost:8069"
    lines = [f"Odoo      {f'http://localhost:{port}' if serve else later}"]
    lines.append("Log-ins   the password is the name")
    lines += [f"          {login:<10} {what}" for login, what in LOGINS]
    return "\n".join(lines)


def _serve(ground, config, port):
    with _process(ground, ground.command(config)) as server:
        _wait(lambda: _answers(port), "Odoo", server)
        print(f"\nServing on http://localhost:{port} until Ctrl-C …", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.wait()
            raise Stop(f"Odoo ended by itself; why is at the end of {LOG}")
    print("\n✓ stopped")
    return 0


def _take_pictures(ground, config, port, mails):
    """Take them from a server that does nothing meanwhile by itself."""
    say("pictures: taking them")
    quiet = ground.command(config, "--max-cron-threads=0")
    with _process(ground, quiet) as server:
        _wait(lambda: _answers(port), "Odoo", server)
        camera = [ground.python, DEV / "screenshots.py"]
        camera += ["--url", f"http://localhost:{port}", "--mails", mails]
        return subprocess.call(list(map(str, camera)), cwd=CLONE)


@contextlib.contextmanager
def _process(ground, arguments):
    """Run a server for the time of the block; what it says goes to the log.

    In a session of its own, it does not get the terminal's Ctrl-C before we do.
    """
    with open(LOG, "a") as log:
        process = subprocess.Popen(
            list(map(str, arguments)),
            env=ground.environment,
            cwd=CLONE,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(ready, what, process=None, seconds=90):
    """Wait until `ready()`; Stop when the process ends or time is up before."""
    for _tenth in range(seconds * 10):
        if ready():
            return
        if process and process.poll() is not None:
            break
        time.sleep(0.1)
    raise Stop(f"{what} did not start; why is at the end of {LOG}")


def _answers(port):
    with contextlib.suppress(OSError):
        url = f"http://127.0.0.1:{port}/web/health"
        return urllib.request.urlopen(url, timeout=5).status == 200
    return False


if __name__ == "__main__":
    command(main)

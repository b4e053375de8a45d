"""A headless Chromium that logs in to Odoo, walks through pages and takes pictures.

As a command, for a quick look at pages of a running Odoo:

    python dev/browser.py --login collector --size 1400x900 \\
        /odoo/follow-up=worklist.png /odoo/settings=settings.png
"""

import argparse
import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    # a page one has left keeps its database open, and the next one waits for it
    "--disable-features=BackForwardCache",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
#: When the web client has drawn what it was asked for: no request, no spinner.
SETTLED = """
    document.readyState === "complete"
    && !document.querySelector(".o_loading_indicator, .o_blockUI")
    && (!document.querySelector("body.o_web_client")
        || !!document.querySelector(".o_action_manager > *"))
"""


#: Seconds for a page to be drawn; the first one of a new Odoo builds its assets.
PATIENCE = 240


class BrowserError(Exception):
    """The page did not do what was expected; the text says which."""


class Browser:
    """One tab of a browser of its own; a context manager."""

    def __init__(self, program, base_url, size=(1400, 900), scale=1):
        self.base_url = base_url.rstrip("/")
        self.profile = tempfile.mkdtemp(prefix="browser-")
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.counter = itertools.count(1)
        self.errors = []
        self.socket = websocket.create_connection(self._tab(), timeout=PATIENCE)
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")
        self.resize(*size, scale=scale)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        with contextlib.suppress(Exception):
            self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _tab(self):
        """The debugger's address of the first tab."""
        port_file = Path(self.profile) / "DevToolsActivePort"
        for _tenth in range(300):
            if port_file.exists() and port_file.read_text().strip():
                break
            time.sleep(0.1)
        else:
            raise BrowserError("the browser did not start")
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            tabs = json.load(answer)
        return next(t["webSocketDebuggerUrl"] for t in tabs if t["type"] == "page")

    def call(self, method, **params):
        """One command of the DevTools protocol and its result."""
        number = next(self.counter)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self.socket.recv())
            if said.get("method") == "Runtime.exceptionThrown":
                self.errors.append(str(said["params"]["exceptionDetails"])[:2000])
            if said.get("id") == number:
                if "error" in said:
                    raise BrowserError(f"{method}: {said['error']['message']}")
                return said["result"]

    def resize(self, width, height, scale=1):
        """Width and height of the page in CSS pixels; narrow ones are a phone's."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    def run(self, script):
        """The value of a JavaScript expression; promises are waited for."""
        result = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            said = details.get("exception", {}).get("description") or details["text"]
            raise BrowserError(f"{script[:200]}: {said}")
        return result["result"].get("value")

    def wait(self, condition, seconds=PATIENCE):
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(BrowserError):  # between two pages
                if self.run(f"!!({condition})"):
                    return
            time.sleep(0.1)
        raise BrowserError(f"in {seconds} s it never became true: {condition}")

    def open(self, path, wait_for=None):
        """Go to a page and wait until it is drawn."""
        self.call("Page.navigate", url=self.base_url + path)
        time.sleep(0.3)
        self.settle(wait_for)

    def settle(self, wait_for=None):
        """Wait until the page stands still."""
        if wait_for:
            self.wait(f"document.querySelector({json.dumps(wait_for)})")
        calm = 0
        end = time.monotonic() + PATIENCE
        while calm < 5:
            if time.monotonic() > end:
                raise BrowserError("the page never came to rest")
            with contextlib.suppress(BrowserError):
                calm = calm + 1 if self.run(SETTLED) else 0
            time.sleep(0.1)

    def login(self, login, password=None):
        """Log in as one of the demo's people, whose password is their name."""
        self.open("/web/session/logout")
        self.open("/web/login", "input[name=password]")
        self.run(
            f"""(() => {{
                document.querySelector("input[name=login]").value = {json.dumps(login)};
                document.querySelector("input[name=password]").value =
                    {json.dumps(password or login)};
                document.querySelector("form.oe_login_form").submit();
            }})()"""
        )
        self.wait("location.pathname.startsWith('/odoo')")
        self.settle()

    def click(self, selector, text=None):
        """Click the first visible element, or the first that reads ``text``."""
        found = f"""[...document.querySelectorAll({json.dumps(selector)})].find(
            (node) => node.offsetParent !== null
                && (!{json.dumps(text or "")}
                    || node.textContent.trim() === {json.dumps(text or "")}))"""
        self.wait(found)
        self.run(f"({found}).click()")
        time.sleep(0.2)
        self.settle()

    def rpc(self, model, method, *args, **kwargs):
        """Call a public method as the one who is logged in."""
        call = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.run(
            f"""fetch("/web/dataset/call_kw", {{
                method: "POST",
                headers: {{"Content-Type": "application/json"}},
                body: JSON.stringify({{params: {json.dumps(call)}}}),
            }}).then((response) => response.json())"""
        )
        if "error" in answer:
            said = answer["error"]["data"]["message"]
            raise BrowserError(f"{model}.{method}: {said}")
        return answer["result"]

    def do_action(self, name, context):
        """Open an action of the web client by its external id."""
        options = {"additionalContext": context}
        self.run(
            "odoo.__WOWL_DEBUG__.root.env.services.action.doAction("
            f"{json.dumps(name)}, {json.dumps(options)}).then(() => true)"
        )
        self.settle()

    def picture(self, target, full=False, clip=None):
        """Save what is visible, all of the page, or a part (x, y, width, height)."""
        options = {"format": "png", "captureBeyondViewport": full}
        if clip:
            options["clip"] = dict(
                zip(("x", "y", "width", "height"), clip, strict=True), scale=1
            )
        data = self.call("Page.captureScreenshot", **options)["data"]
        target = Path(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(base64.b64decode(data))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", metavar="PATH=FILE")
    parser.add_argument("--url", default="http://localhost:8069")
    parser.add_argument("--login", default="admin")
    parser.add_argument("--size", default="1400x900", help="WIDTHxHEIGHT")
    parser.add_argument("--click", action="append", default=[], metavar="SELECTOR")
    parser.add_argument("--browser", default="chromium")
    arguments = parser.parse_args()
    size = tuple(map(int, arguments.size.split("x")))
    with Browser(arguments.browser, arguments.url, size) as browser:
        if arguments.login != "-":
            browser.login(arguments.login)
        for page in arguments.pages:
            path, _equals, target = page.rpartition("=")
            browser.open(path)
            for selector in arguments.click:
                browser.click(selector)
            browser.picture(target)
            print(target)
        for error in browser.errors:
            print(f"error on a page: {error}")


if __name__ == "__main__":
    main()

"""The pictures of the store page and the README, taken from a served demo.

`make screenshots` sets the demo up and calls this with its address and its mails.
What is taken is the list below; a page that shows an error, or nothing, ends it all.
"""

import argparse
import base64
import email
import email.policy
import html
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from browser import Browser, BrowserError
from ground.core import ADDON, CLONE
from ground.packages import browser as program
from PIL import Image

TARGET = CLONE / ADDON / "static" / "description"
#: In CSS pixels; a picture has SHARPNESS times as many, unless it weighs too much.
WIDE, TALL, PHONE = (1400, 860), (1400, 1180), (400, 800)
SHARPNESS = 1.5
LARGEST = 200_000  # bytes
MAIN, EUROPE = "Brightwater Interiors", "Brightwater Europe"
OURS = ["company_id.name", "=", MAIN]


class Picture(NamedTuple):
    """One page, as one of the demo's people sees it.

    :param page: where it is; ``{id}`` stands for the record found by ``find``, and
        ``{token}`` for what lets its customer see it
    :param find: model and domain of the record
    :param action: an action opened from there for the record, by its external id
    :param click: selectors, clicked in turn
    :param top: selector of what is to stand at the top, below its heading
    """

    name: str
    login: str
    page: str
    find: tuple = ()
    action: str = ""
    click: tuple = ()
    top: str = ""
    company: str = MAIN
    size: tuple = WIDE


def of(model, customer, *domain):
    """A record of a customer: of a case, a reminder or an invoice."""
    return model, [["partner_id.commercial_partner_id.name", "=", customer], *domain]


PICTURES = (
    Picture("worklist", "collector", "/odoo/follow-up?view_type=list"),
    Picture("worklist_kanban", "collector", "/odoo/follow-up?view_type=kanban"),
    Picture("worklist_phone", "collector", "/odoo/follow-up", size=PHONE),
    Picture(
        "case",
        "collector",
        "/odoo/follow-up/{id}",
        find=of("ar.followup.case", "Redfern Logistics"),
        size=TALL,
    ),
    Picture(
        "review",
        "collector",
        "/odoo/follow-up-to-review/{id}",
        find=of(
            "ar.followup.reminder",
            "Menuiserie Lagrange",
            ["state", "=", "to_review"],
        ),
        company=EUROPE,
        size=TALL,
    ),
    Picture(
        "preview",
        "approver",
        "/odoo/follow-up-runs/{id}",
        find=("ar.followup.run", [["is_preview", "=", True]]),
        size=TALL,
    ),
    Picture(
        "start",
        "admin",
        "/odoo/follow-up-start",
    ),
    Picture(
        "policy",
        "admin",
        "/odoo/follow-up-policies/{id}",
        find=("ar.followup.policy", [["name", "=", "Standard ladder"]]),
    ),
    Picture(
        "level_example",
        "admin",
        "/odoo/follow-up-policies",
        find=("ar.followup.level", [["name", "=", "Firm reminder"]]),
        action="ar_followup_plus.ar_followup_level_example_action",
        size=TALL,
    ),
    Picture(
        "settings",
        "admin",
        "/odoo/settings",
        click=(".settings_tab [data-key=account]",),
        top="#ar_followup_mode",
    ),
    Picture(
        "invoice",
        "collector",
        "/odoo/customer-invoices/{id}",
        find=of("account.move", "Oakhaven Nursing Home"),
    ),
    Picture(
        "call",
        "collector",
        "/odoo/follow-up/{id}",
        find=of("ar.followup.case", "Redfern Logistics"),
        click=("button[name=action_log_call]", ".modal input[data-value=promise]"),
        size=TALL,
    ),
    Picture(
        "plan",
        "approver",
        "/odoo/payment-plans-to-approve/{id}",
        find=("ar.payment.plan", [["state", "=", "to_approve"], OURS]),
        size=TALL,
    ),
    Picture(
        "plan_portal",
        "approver",
        "/my/payment-plans/{id}?access_token={token}",
        find=("ar.payment.plan", [["state", "=", "active"], OURS]),
        size=TALL,
    ),
)
#: The mail that is shown: a part of the name of its file.
MAIL = "gwen-at-redfern"

#: Odoo's own typeface instead of the machine's; nothing that moves or passes.
CALM = """
    @font-face {
        font-family: Roboto;
        src: url(/web/static/fonts/google/Roboto/Roboto-Regular.ttf);
    }
    @font-face {
        font-family: Roboto;
        font-weight: 500;
        src: url(/web/static/fonts/google/Roboto/Roboto-Medium.ttf);
    }
    @font-face {
        font-family: Roboto;
        font-weight: 700;
        src: url(/web/static/fonts/google/Roboto/Roboto-Bold.ttf);
    }
    *, ::before, ::after { animation: none !important; transition: none !important; }
    .o_notification_manager, .o-tooltip, .o-mail-ChatHub, .o_debug_manager,
    .o-mail-ImStatus { display: none !important; }
"""
#: What makes a page unfit for a picture, and how to say so.
WRONG = """(() => {
    const error = document.querySelector(".o_error_dialog, .o_error_detail");
    if (error) return "an error: " + error.textContent.trim().slice(0, 300);
    const empty = document.querySelector(".o_view_nocontent");
    if (empty) return "an empty list: " + empty.textContent.trim().slice(0, 100);
    const shown = document.querySelector(".o_action_manager, #wrap, body.ours");
    if (!shown || shown.textContent.trim().length < 50) return "nothing";
    return "";
})()"""
LETTER = """
    body { margin: 0; background: #f5f5f5; }
    .head { margin-bottom: 28px; padding: 20px 32px; background: #fff;
            border-bottom: 1px solid #ddd; }
    .head, .ours * { font-family: Roboto, sans-serif !important; }
    .head h1 { font-size: 22px; font-weight: 500; margin: 0 0 10px; }
    .head p { margin: 2px 0; font-size: 14px; color: #555; }
"""
BANNER = """
    body { margin: 0; height: 560px; overflow: hidden; position: relative;
           background: #eef3f8; font-family: Roboto, sans-serif; color: #22315c; }
    .words { position: absolute; left: 56px; top: 92px; width: 380px; }
    .words img { width: 104px; }
    .words h1 { font-size: 44px; font-weight: 700; margin: 22px 0 14px; }
    .words p { font-size: 24px; line-height: 1.35; margin: 0; }
    .shot { position: absolute; left: 470px; top: 56px; width: 1000px;
            border-radius: 10px; box-shadow: 0 12px 40px #22315c40; }
"""


class Camera:
    """Takes pictures of one demo; a person logs in when their first page comes."""

    def __init__(self, browser):
        self.browser = browser
        self.login = None

    def take(self, picture):
        self.browser.resize(*picture.size, scale=SHARPNESS)
        if self.login != picture.login:
            self.browser.login(picture.login)
            self.login = picture.login
        self._in_company(picture.company)
        record = picture.find and self._find(*picture.find)
        token = "{token}" in picture.page and self._token(picture.find[0], record)
        self.browser.open(picture.page.format(id=record, token=token))
        if picture.action:
            context = {"active_model": picture.find[0], "active_id": record}
            self.browser.do_action(picture.action, context)
        for selector in picture.click:
            self.browser.click(selector)
        self._save(picture.name, picture.top)

    def take_mail(self, name, folder):
        """A mail as the customer's mail program shows it."""
        found = sorted(Path(folder).glob(f"*{MAIL}*.eml"))
        if not found:
            raise BrowserError(f"no mail in {folder} is named like {MAIL}")
        mail = email.message_from_bytes(
            found[0].read_bytes(), policy=email.policy.default
        )
        lines = (
            f"<h1>{html.escape(mail['Subject'])}</h1>",
            f"<p>From: {html.escape(mail['From'])}</p>",
            f"<p>To: {html.escape(mail['To'])}</p>",
        )
        letter = mail.get_body(("html",)).get_content()
        page = f"<style>{LETTER}</style><div class='head'>{''.join(lines)}</div>"
        self._show(page + letter, (900, 860))
        self._save(name)

    def take_banner(self, name, picture):
        """The picture that stands for the addon in a list of many."""
        icon, shot = (_as_url(TARGET / f"{part}.png") for part in ("icon", picture))
        words = f"<img src='{icon}'><h1>AR Follow-up Plus</h1>"
        words += "<p>Gets invoices paid and keeps the customer</p>"
        page = f"<div class='words'>{words}</div><img class='shot' src='{shot}'>"
        self._show(f"<style>{BANNER}</style>{page}", (1120, 560))
        self._save(name)

    def _show(self, content, size):
        """Show a page of our own; any page of Odoo lends its address for the fonts."""
        self.browser.resize(*size, scale=SHARPNESS)
        self.browser.open("/web/login")
        self.browser.run(
            f"document.body.innerHTML = {json.dumps(content)};"
            "document.body.className = 'ours'"
        )

    def _find(self, model, domain):
        ids = self.browser.rpc(model, "search", domain, limit=1)
        if not ids:
            raise BrowserError(f"there is no {model} with {domain}")
        return ids[0]

    def _token(self, model, record):
        (found,) = self.browser.rpc(model, "read", [record], ["access_token"])
        return found["access_token"]

    def _in_company(self, name):
        """Look at one company alone, as with the switch at the top right."""
        ids = self.browser.rpc("res.company", "search", [["name", "=", name]])
        self.browser.run(f"document.cookie = 'cids={ids[0]}; path=/'")

    def _save(self, name, top=""):
        browser = self.browser
        browser.run(
            f"""(async () => {{
                const style = document.createElement("style");
                style.textContent = {json.dumps(CALM)};
                document.head.append(style);
                document.activeElement?.blur();
                await document.fonts.load("14px Roboto");
                await document.fonts.ready;
            }})()"""
        )
        if top:
            browser.wait(f"document.querySelector({json.dumps(top)})")
            browser.run(
                f"""(() => {{
                    const top = document.querySelector({json.dumps(top)});
                    top.style.scrollMarginTop = "70px";
                    top.scrollIntoView();
                }})()"""
            )
        browser.settle()
        wrong = browser.run(WRONG) or "; ".join(browser.errors)
        if wrong:
            raise BrowserError(f"{name}: the page shows {wrong}")
        target = TARGET / f"{name}.png"
        browser.picture(target)
        size = _make_small(target)
        print(f"{target.relative_to(CLONE)}  {size // 1000} kB", flush=True)


def _make_small(target):
    """Store a picture in few colours, with fewer pixels if it is large even so."""
    picture = Image.open(target).convert("RGB")
    for scale in (1, 0.8, 1 / SHARPNESS):
        size = [round(pixels * scale) for pixels in picture.size]
        small = picture.resize(size, Image.Resampling.LANCZOS)
        _in_few_colours(small).save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            break
    return target.stat().st_size


def _in_few_colours(picture):
    """The picture in 256 colours: rare ones survive, large areas stay as they are."""
    few = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    # each of the 256 is a mean; the most frequent of those it stands for is better
    counted = sorted(picture.getcolors(picture.width * picture.height))
    colours = [colour for _count, colour in counted]
    strip = Image.new("RGB", (len(colours), 1))
    strip.putdata(colours)
    palette = few.getpalette()
    indices = strip.quantize(palette=few, dither=Image.Dither.NONE).getdata()
    for colour, index in zip(colours, indices, strict=True):
        palette[3 * index : 3 * index + 3] = colour
    few.putpalette(palette)
    return few


def _as_url(picture):
    return f"data:image/png;base64,{base64.b64encode(picture.read_bytes()).decode()}"


def _make_preview(browser):
    """A preview of a later day: today's reminders have left already."""
    browser.login("approver")
    day = (date.today() + timedelta(days=7)).isoformat()
    vals = {"is_preview": True, "date": day}
    (run,) = browser.rpc("ar.followup.run", "create", [vals])
    browser.rpc("ar.followup.run", "action_run", [run])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--url", required=True)
    parser.add_argument("--mails", required=True, help="folder of the demo's mails")
    given = parser.parse_args()
    with Browser(program(), given.url) as browser:
        camera = Camera(browser)
        _make_preview(browser)
        for picture in PICTURES:
            if picture.name in (given.names or [picture.name]):
                camera.take(picture)
        if "mail" in (given.names or ["mail"]):
            camera.take_mail("mail", given.mails)
        camera.take_banner("main_screenshot", "worklist_kanban")


if __name__ == "__main__":
    try:
        main()
    except BrowserError as error:
        sys.exit(f"✗ {error}")

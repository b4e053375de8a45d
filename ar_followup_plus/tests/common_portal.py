"""What the tests of the customer's pages share: visitors, and what they read."""

import json
import re

from lxml import html

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user

from .common import START
from .common_plans import PlanCommon

#: a picture of one pixel
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class PortalPlanCommon(PlanCommon, HttpCase):
    """Ann's colleague Al has an account, and so has Eve of another customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.al = cls.visitor("al", cls.ann)
        cls.eve = cls.visitor("eve", cls.customer("Ben"))

    @classmethod
    def visitor(cls, login, customer):
        """A portal user who is a contact of this customer."""
        user = new_test_user(
            cls.env,
            login=login,
            name=login.title(),
            email=f"{login}@customer.example",
            groups="base.group_portal",
        )
        user.partner_id.parent_id = customer
        return user

    def setUp(self):
        super().setUp()
        self.offer = self.approved(
            self.bill, installment_count=4, date_first="2026-01-12"
        )

    def log_in(self, login=None):
        """As one of them; None: somebody without an account."""
        self.authenticate(login, login)

    def link(self, plan=None, suffix="", token=True, **params):
        """The address that is in the mail."""
        plan = plan or self.offer
        if token is True:
            token = plan.sudo()._portal_ensure_token()
        params |= {"access_token": token} if token else {}
        query = "&".join(f"{name}={value}" for name, value in params.items())
        return f"/my/payment-plans/{plan.id}{suffix}?{query}"

    def reads(self, url):
        """What a page says."""
        response = self.url_open(url)
        response.raise_for_status()
        main = html.fromstring(response.text).find(".//main")
        return re.sub(r"\s+", " ", main.text_content())

    def accept(self, plan=None, name="Ann Other", signature=SIGNATURE, **params):
        """As Odoo's form for signatures does: JSON, with the tokens in the address."""
        params.setdefault("csrf_token", Request.csrf_token(self))
        return self.url_open(
            self.link(plan, "/accept", **params),
            data=json.dumps({"params": {"name": name, "signature": signature}}),
            headers={
                "Content-Type": "application/json",
                "User-Agent": "A browser of Ann's",
            },
        )

    def result(self, response):
        response.raise_for_status()
        return response.json()["result"]

    def decline(self, plan=None, reason="Too short, <b>please</b>", **params):
        csrf = params.pop("csrf_token", None) or Request.csrf_token(self)
        return self.url_open(
            self.link(plan, "/decline", **params),
            data={"reason": reason, "csrf_token": csrf},
        )

    def two_invoices(self):
        """Another customer with two invoices: 300 that were due first, and 500."""
        partner = self.customer("Cem")
        first, second = self.invoices([(partner, 300, -4), (partner, 500, START)])
        self.engine["ar.followup.case"]._collect(self.company, START)
        return first, second

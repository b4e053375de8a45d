from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.urls import url_encode

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq
from odoo.tools.image import base64_to_image

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

#: more than anybody says on such a page; the rest is cut off
NAME_LENGTH = 200
REASON_LENGTH = 2000


class PlanPortal(CustomerPortal):
    """Customers see their payment plans, accept or decline an offer, and pay.

    They have no rights on the models: each page checks by itself who asks.
    """

    # what they may see -----------------------------------------------------------

    def _plan_sudo(self, plan_id, access_token):
        """The plan, as superuser, for its customer or whoever has its link.

        :raises NotFound: for everybody else, whether or not there is such a plan
        """
        # sudo: customers have no rights on plans; who asks is checked here
        plan_sudo = request.env["ar.payment.plan"].sudo().browse(plan_id).exists()
        if not plan_sudo or not plan_sudo._is_shown():
            raise NotFound()
        user = request.env.user
        is_theirs = not user._is_public() and (
            user.partner_id.commercial_partner_id == plan_sudo.partner_id
        )
        token = plan_sudo.access_token or ""
        # as bytes: letters beyond ASCII cannot be compared otherwise
        has_link = token and consteq(token.encode(), (access_token or "").encode())
        if not is_theirs and not has_link:
            raise NotFound()
        return plan_sudo

    def _plan_url(self, plan_sudo, access_token, suffix="", **params):
        """An address below the plan's page, for whoever is there now."""
        if access_token:
            params["access_token"] = access_token
        query = f"?{url_encode(params)}" if params else ""
        return f"{plan_sudo.access_url}{suffix}{query}"

    # pages -----------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "payment_plan_count" in counters:
            values["payment_plan_count"] = self._own_plans_sudo().search_count(
                self._own_plans_domain()
            )
        return values

    def _own_plans_sudo(self):
        # sudo: customers have no rights on plans; the domain keeps to their own
        return request.env["ar.payment.plan"].sudo()

    def _own_plans_domain(self):
        return self._own_plans_sudo()._customer_domain(request.env.user.partner_id)

    @http.route(
        ["/my/payment-plans", "/my/payment-plans/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_payment_plans(self, page=1, **_kwargs):
        Plan_sudo, domain = self._own_plans_sudo(), self._own_plans_domain()
        pages = pager(
            url="/my/payment-plans",
            total=Plan_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        plans_sudo = Plan_sudo.search(
            domain, limit=self._items_per_page, offset=pages["offset"]
        )
        values = self._prepare_portal_layout_values()
        values.update(page_name="payment_plan", plans=plans_sudo, pager=pages)
        return request.render("ar_followup_plus.portal_my_payment_plans", values)

    @http.route(
        "/my/payment-plans/<int:plan_id>", type="http", auth="public", website=True
    )
    def portal_payment_plan(
        self, plan_id, access_token=None, report_type=None, message=None, **kwargs
    ):
        plan_sudo = self._plan_sudo(plan_id, access_token)
        if report_type == "pdf":
            return self._show_report(
                model=plan_sudo,
                report_type="pdf",
                report_ref="ar_followup_plus.report_payment_plan",
                download=bool(kwargs.get("download")),
            )

        def url(suffix="", **params):
            return self._plan_url(plan_sudo, access_token, suffix, **params)

        reader_sudo = self._reader(plan_sudo)
        values = {
            "page_name": "payment_plan",
            "plan": plan_sudo,
            "message": message,
            "url": url,
            # a person signs: of a company we do not know who it is
            "default_name": "" if reader_sudo.is_company else reader_sudo.name,
            "res_company": plan_sudo.company_id,
        }
        values = self._get_page_view_values(
            plan_sudo, access_token, values, "my_payment_plans_history", False
        )
        return request.render("ar_followup_plus.portal_payment_plan", values)

    def _reader(self, plan_sudo):
        """Whoever reads the page, as far as we know them (as superuser)."""
        user = request.env.user
        if not user._is_public():
            return user.partner_id
        case_sudo = plan_sudo.case_id
        addressee = case_sudo._addressees()[case_sudo]
        return addressee.sudo() or plan_sudo.partner_id  # sudo: they read their name

    # accept, decline -------------------------------------------------------------

    # No call of type "jsonrpc": Odoo checks no CSRF token of those.
    @http.route(
        "/my/payment-plans/<int:plan_id>/accept",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_payment_plan_accept(self, plan_id, access_token=None, **form):
        """Accept with name and signature; called by Odoo's form for signatures.

        That form sends both as JSON, and nothing else: the tokens are in its address.
        """
        plan_sudo = self._plan_sudo(plan_id, access_token)
        said = self._sent(form)
        result = {
            "force_refresh": True,
            "redirect_url": self._plan_url(plan_sudo, access_token, message="accepted"),
        }
        try:
            with request.env.cr.savepoint():
                self._accept(plan_sudo, said.get("name"), said.get("signature"))
        except UserError as error:
            result = {"error": str(error)}
        return request.make_json_response({"jsonrpc": "2.0", "result": result})

    def _sent(self, form):
        """What was sent, as JSON or as a form: dict name → value."""
        if not request.httprequest.is_json:
            return form
        try:
            data = request.get_json_data()
        except ValueError as error:
            raise BadRequest() from error
        params = data.get("params") if isinstance(data, dict) else None
        return params if isinstance(params, dict) else {}

    def _accept(self, plan_sudo, name, signature):
        """
        :raises UserError: when it is no offer any more, or something is missing
        """
        self._check_open(plan_sudo)
        name = self._said(name, NAME_LENGTH)
        if not name:
            raise UserError(request.env._("Please tell us your name."))
        if not signature or not isinstance(signature, str):
            raise UserError(request.env._("Please sign before you accept."))
        base64_to_image(signature)  # raises when it is no picture
        plan_sudo._do_accept(
            "portal",
            name,
            signature=signature,
            ip=request.httprequest.remote_addr,
            agent=request.httprequest.user_agent.string,
        )

    @http.route(
        "/my/payment-plans/<int:plan_id>/decline",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_payment_plan_decline(
        self, plan_id, access_token=None, reason=None, **_kwargs
    ):
        plan_sudo = self._plan_sudo(plan_id, access_token)
        reason = self._said(reason, REASON_LENGTH)
        message = "declined" if reason else "no_reason"
        if reason:
            try:
                with request.env.cr.savepoint():
                    self._check_open(plan_sudo)
                    plan_sudo._do_decline(reason, self._reader(plan_sudo).name)
            except UserError:
                message = "not_open"
        return request.redirect(
            self._plan_url(plan_sudo, access_token, message=message)
        )

    def _said(self, text, length):
        return text.strip()[:length] if isinstance(text, str) else ""

    def _check_open(self, plan_sudo):
        """
        :raises UserError: when nothing can be accepted or declined, or not by them
        """
        if request.env.user._is_internal():
            raise UserError(
                request.env._(
                    "You are logged in as a colleague: record on the plan what the "
                    "customer said."
                )
            )
        if not plan_sudo._can_be_answered():
            raise UserError(plan_sudo._customer_status())

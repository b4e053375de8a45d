"""Every page of ours in a real browser, with data in it."""

import json
from datetime import datetime, timedelta, timezone

from freezegun.api import freeze_time, real_time

from odoo.tests import HttpCase, tagged, users

from .common import FollowupCommon

MODULE = "ar_followup_plus"


@tagged("post_install", "-at_install")
class TestBrowser(FollowupCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The browser's clock is the machine's, so the server's has to be, and move.
        now = datetime.fromtimestamp(real_time(), timezone.utc).replace(tzinfo=None)
        freezer = freeze_time(now, tick=True)
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.today = now.date()
        cls.admin = cls.env.ref("base.user_admin")
        cls.admin.write(
            {
                "company_ids": [(4, cls.company.id)],
                "company_id": cls.company.id,
                "group_ids": [(4, cls.env.ref("account.group_account_manager").id)],
            }
        )
        # else the page of settings complains of the test company's taxes
        cls.company.tax_exigibility = True
        cls._fill()

    @classmethod
    def _fill(cls):
        """A row for every list: in review, sent, held, called, logged, previewed."""
        cls.company.ar_followup_mode = "review"
        cls.set_policy(levels=[(3, "friendly"), (14, "firm")])
        sent, waiting, held, cls.called = (
            cls.customer(name) for name in ("Sent", "Waiting", "Held", "Called")
        )
        for partner in (sent, waiting, held, cls.called):
            for days in (-40, -5, 20):
                cls.bill = cls.invoice(partner, 100, cls.today + timedelta(days))
        call = {
            "send_email": False,
            "activity_type_id": cls.env.ref(f"{MODULE}.mail_activity_type_call").id,
        }
        cls.set_policy(cls.called, levels=[(3, "friendly", call)])
        run = cls.engine["ar.followup.run"].create({"company_id": cls.company.id})
        run.action_run()
        cases = cls.engine["ar.followup.case"].search([]).grouped("partner_id")
        cases[sent].reminder_ids.action_send()
        cases[waiting].reminder_ids.ensure_one()
        as_collector = cls.env(user=cls.collector)
        as_collector["ar.followup.hold"].create({"case_id": cases[held].id})
        as_collector["ar.contact.log"].create({"case_id": cases[held].id})
        preview = as_collector["ar.followup.run"].create({"is_preview": True})
        preview.action_run()
        for partner, state in ((sent, "active"), (waiting, "to_approve")):
            cls._plan(cases[partner], state)
        disputed, promised, asked = cases[held].item_ids.move_line_id
        reason = cls.env.ref(f"{MODULE}.dispute_reason_goods")
        decided = cases[sent].item_ids[1].move_line_id
        for line in (disputed, decided):
            dispute = as_collector["ar.dispute"].create(
                {"move_id": line.move_id.id, "reason_id": reason.id}
            )
        dispute.action_reject("All was delivered.")
        for line, days in ((promised, 5), (asked, 60)):
            as_collector["ar.payment.promise"].create(
                {
                    "move_line_ids": line.ids,
                    "date_promised": cls.today + timedelta(days=days),
                }
            )
        #: the pages that a record's buttons open, and that record
        cls.behind_buttons = {
            "ar_contact_log_action_case": cases[held],
            "ar_followup_decision_action_case": cases[held],
            "ar_followup_decision_action_run": run,
            "ar_followup_level_action": cls.company.ar_followup_policy_id,
            "ar_followup_reminder_action_case": cases[sent],
            "ar_followup_reminder_action_run": run,
        }

    @classmethod
    def _plan(cls, case, state):
        """A plan over the customer's first invoice, as it is after a while."""
        plan = cls.engine["ar.payment.plan"].create(
            {"case_id": case.id, "move_line_ids": case.item_ids[0].move_line_id.ids}
        )
        plan.state = state

    def menus(self):
        """External ids of our menus that lead somewhere, for who is logged in."""
        Menu = self.env["ir.ui.menu"]
        visible = Menu.browse(Menu._visible_menu_ids())
        names = visible.sudo().filtered("action").get_external_id()
        return sorted(name for name in names.values() if name.startswith(f"{MODULE}."))

    def pages(self):
        """Our menus, what is behind our buttons, and the forms we add to."""
        pages = [{"name": menu, "menu": menu} for menu in self.menus()]
        pages += [
            {
                "name": name,
                "action": f"{MODULE}.{name}",
                "context": {
                    "active_id": record.id,
                    "active_ids": record.ids,
                    "active_model": record._name,
                },
            }
            for name, record in self.behind_buttons.items()
        ]
        for record in (self.called, self.bill):
            action = {
                "type": "ir.actions.act_window",
                "res_model": record._name,
                "res_id": record.id,
                "views": [[False, "form"]],
            }
            pages.append({"name": record._name, "action": action})
        return pages

    def test_no_page_is_forgotten(self):
        """Each window of ours is behind a menu or a button that is visited."""
        names = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.actions.act_window")]
        )
        menus = self.env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True})
        by_menu = menus.search([]).mapped("action")
        reached = {action.id for action in by_menu if action}
        dialogs = self.env["ir.actions.act_window"].search([("target", "=", "new")])
        reached |= set(dialogs.ids)
        forgotten = names.filtered(lambda name: name.res_id not in reached)
        self.assertEqual(set(forgotten.mapped("name")), set(self.behind_buttons))

    def visit(self, pages):
        name = "ar_followup_every_page"
        start = {"stepDelay": 0, "startUrl": "/odoo"}
        self.start_tour(
            "/odoo",
            name,
            login=self.env.user.login,
            timeout=300,
            code=f"odoo.arFollowupPages = {json.dumps(pages)};"
            f"odoo.startTour({name!r}, {json.dumps(start)})",
        )

    def test_there_is_something_to_see(self):
        company = [("company_id", "=", self.company.id)]
        for model in (
            "ar.contact.log",
            "ar.followup.case",
            "ar.followup.decision",
            "ar.followup.hold",
            "ar.followup.reminder",
            "ar.followup.run",
            "ar.payment.plan",
            "ar.payment.plan.line",
        ):
            self.assertTrue(self.env[model].search_count(company), model)
        Reminder = self.env["ar.followup.reminder"]
        states = set(Reminder.search(company).mapped("state"))
        self.assertLessEqual({"sent", "to_review"}, states)
        self.assertTrue(self.call(self.called))

    @users("admin")
    def test_every_menu_as_admin(self):
        pages = self.pages()
        menus = self.env["ir.model.data"].search_count(
            [("module", "=", MODULE), ("model", "=", "ir.ui.menu")]
        )
        # all of them but the two that only hold others
        self.assertEqual(len(self.menus()), menus - 2)
        settings = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_account_config"
        )
        self.visit([*pages, {"name": "settings", "action": settings}])

    @users("ar_collector")
    def test_every_menu_as_collector(self):
        pages = self.pages()
        self.assertGreaterEqual(len(pages), 8)
        self.assertNotIn(f"{MODULE}.menu_ar_followup_policy", self.menus())
        self.visit(pages)

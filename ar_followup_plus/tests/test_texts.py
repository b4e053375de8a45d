"""What people read on our pages: empty lists that help, and names that are words."""

from lxml import etree, html

from odoo.tests import TransactionCase, tagged

from .rpc import RpcCommon

MODULE = "ar_followup_plus"
TITLE = "o_view_nocontent_smiling_face"


class TextsCommon(TransactionCase):
    def records(self, model):
        """The addon's records of a model."""
        names = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", model)]
        )
        return self.env[model].browse(names.mapped("res_id")).exists()

    def assertHelps(self, window):
        """An empty list says what appears there, and then what to do first."""
        root = html.fragment_fromstring(window.get("help") or "", create_parent="div")
        title, *others = root.iter("p")
        self.assertEqual(title.get("class"), TITLE)
        self.assertRegex(" ".join(title.text_content().split()), r"^[A-Z].{10,}[^.]$")
        text = " ".join(" ".join(part.text_content().split()) for part in others)
        self.assertRegex(text, r"^[A-Z].{30,}\.$")


@tagged("post_install", "-at_install")
class TestEmptyLists(TextsCommon):
    def test_every_window_helps(self):
        windows = self.records("ir.actions.act_window").filtered(
            # a window with a form only is never empty
            lambda window: {"list", "kanban"} & set(window.view_mode.split(","))
        )
        self.assertGreater(len(windows), 10)
        for window in windows:
            with self.subTest(window=window.get_external_id()[window.id]):
                self.assertHelps({"help": window.help})


@tagged("post_install", "-at_install")
class TestEmptyListsOfButtons(TextsCommon, RpcCommon):
    def test_lists_that_a_button_opens(self):
        """Those of which nothing may be found: the others are opened for a figure."""
        start = self.env["ar.followup.start"].with_user(self.people["admin"])
        start = start.with_company(self.company).create({})
        for window in (
            self.policy.action_open_cases(),
            start.action_open_credits(),
            start.action_open_undated(),
        ):
            with self.subTest(window=window["name"]):
                self.assertHelps(window)


@tagged("post_install", "-at_install")
class TestNames(TextsCommon):
    def own_fields(self):
        """Each field that this addon brings, on whatever model."""
        for model in self.env.registry.values():
            for field in model._fields.values():
                if field._module == MODULE and not model._abstract:
                    yield field

    def test_fields_are_called_by_words(self):
        fields = list(self.own_fields())
        self.assertGreater(len(fields), 200)
        for field in fields:
            with self.subTest(field=str(field)):
                self.assertNotRegex(field.string or "", r"^Ar |_| (Ids?|Json|Html)$")

    def test_labels_in_views_are_words(self):
        views = self.records("ir.ui.view")
        self.assertGreater(len(views), 30)
        for view in views:
            for node in etree.fromstring(view.arch_db).iter("*"):
                for attribute in ("string", "title", "placeholder", "aria-label"):
                    with self.subTest(view=view.name, node=node.tag):
                        self.assertNotRegex(node.get(attribute) or "", r"^Ar |\w_\w")

    def test_every_setting_explains_itself(self):
        Settings = self.env["res.config.settings"]
        arch = etree.fromstring(Settings.get_view(view_type="form")["arch"])
        (block,) = arch.xpath("//block[@id='ar_followup_settings']")
        shown = {node.get("name") for node in block.iter("field")}
        self.assertGreaterEqual(len(shown), 9)
        for name, field in Settings.fields_get(shown, ["string", "help"]).items():
            with self.subTest(name=name):
                self.assertTrue(field["string"])
                self.assertRegex(field.get("help") or "", r"^[A-Z].{20,}\.$")

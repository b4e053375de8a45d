from odoo import api, fields, models


class ArFollowupLevelText(models.TransientModel):
    """Edits the text of a level's email, one language at a time.

    The rights are those on the template: what is saved is written by the user.
    """

    _name = "ar.followup.level.text"
    _description = "Text of a Level's Email"

    level_id = fields.Many2one("ar.followup.level", required=True, readonly=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self.env.user.lang or "en_US",
        help="Each language has a text of its own. Save before you go to another one.",
    )
    subject = fields.Char(
        compute="_compute_text", store=True, readonly=False, required=True
    )
    # sanitized where it is kept, on the template
    body = fields.Html(
        compute="_compute_text", store=True, readonly=False, sanitize=False
    )
    other_levels = fields.Char(
        string="Also Used By",
        compute="_compute_other_levels",
        help="These levels have the same text: they change with it.",
    )

    @api.depends("level_id", "lang")
    def _compute_text(self):
        for text in self:
            template = text.level_id.mail_template_id.with_context(lang=text.lang)
            text.subject = template.subject
            text.body = template.body_html

    @api.depends("level_id")
    def _compute_other_levels(self):
        for text in self:
            others = self.env["ar.followup.level"].search(
                [
                    ("mail_template_id", "=", text.level_id.mail_template_id.id),
                    ("id", "!=", text.level_id.id),
                ]
            )
            text.other_levels = ", ".join(
                f"{level.name} ({level.policy_id.name})" for level in others
            )

    def action_save(self):
        """Button: keep the text."""
        self.ensure_one()
        template = self.level_id.mail_template_id.with_context(lang=self.lang)
        template.write({"subject": self.subject, "body_html": self.body})
        return {"type": "ir.actions.act_window_close"}

    def action_see_example(self):
        """Button: keep the text and see what customers will get."""
        self.action_save()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ar_followup_plus.ar_followup_level_example_action"
            ),
            "context": {
                "default_level_id": self.level_id.id,
                "default_lang": self.lang,
            },
        }

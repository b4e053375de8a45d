from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.constrains("body_html")
    def _check_ar_followup_body(self):
        """A level's template must say something: an empty mail is never sent."""
        empty = self.filtered(lambda template: is_html_empty(template.body_html))
        if not empty:
            return
        # sudo: a template editor need not have access to follow-up levels
        levels_sudo = (
            self.env["ar.followup.level"]
            .sudo()
            .search([("mail_template_id", "in", empty.ids), ("send_email", "=", True)])
        )
        if levels_sudo:
            raise ValidationError(
                self.env._(
                    "The text of the email of %(levels)s cannot be empty: customers "
                    "would get a blank page. Write a body, or switch off the email "
                    "of the level first.",
                    levels=", ".join(levels_sudo.mapped("name")),
                )
            )

from lxml import html

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.rendering_tools import parse_inline_template

MODEL = "ar.followup.reminder"
# What a letter's text may say without being code. Values only: a template is filled
# in with the engine's rights, so anything more could read or change any record.
WORDS = frozenset(
    {
        "object.addressee_name",
        "object.answer_text",
        "object.company_id.email",
        "object.company_id.name",
        "object.company_id.phone",
        "object.company_id.website",
        "object.customer_id.name",
        "object.customer_id.ref",
        "object.invoice_table",
        "object.lang",
        "object.line_ids[:1].name",
        "object.offer_text",
        "object.offers_plan",
        "object.partner_id.id",
        "object.partner_id.name",
        "object.sender_email",
        "object.sender_name",
        "object.sender_name != object.company_id.name",
        "object.sender_phone",
        "object.statement_day_text",
        "object.total_text",
    }
)
DIRECTIVES = frozenset({"t-out", "t-if", "t-elif", "t-else"})


class MailTemplate(models.Model):
    """Who administers the invoicing words its reminders.

    Odoo lets only members of the group Mail Template Editor save a template with
    anything but a handful of expressions. A reminder needs a few more: with these, and
    for these templates, an administrator of Invoicing does without that group.
    """

    _inherit = "mail.template"

    def _check_access_right_dynamic_template(self):
        own = self.browse()
        if (
            not self.env.su
            and self.env.user.has_group("account.group_account_manager")
            and not self.env.user.has_group("mail.group_mail_template_editor")
        ):
            own = self.filtered(lambda template: template.model == MODEL)
            for template in own:
                template._ar_check_words()
        return super(MailTemplate, self - own)._check_access_right_dynamic_template()

    def _ar_check_words(self):
        """
        :raises AccessError: when the template says more than a reminder's own words
        """
        foreign = next(self._ar_foreign_words(), None)
        if foreign:
            raise AccessError(
                self.env._(
                    "“%(word)s” cannot be used in a reminder. Use the words listed "
                    "beside the text, or ask a member of the group Mail Template "
                    "Editor to write it.",
                    word=foreign,
                )
            )

    @api.model
    def _ar_words(self):
        """What a letter's text may say without being code. A hook for more words."""
        return WORDS

    def _ar_foreign_words(self):
        """Expressions and directives that are not a reminder's own words."""
        template_sudo = self.sudo()  # sudo: also fields that a form does not show
        for name in self._get_dynamic_field_names():
            text = template_sudo[name]
            if not text:
                continue
            if self._fields[name].type == "html":
                yield from self._ar_foreign_in_html(text)
            else:
                for _text, expression, _default in parse_inline_template(str(text)):
                    if expression and expression.strip() not in self._ar_words():
                        yield expression

    def _ar_foreign_in_html(self, text):
        for element in html.fragment_fromstring(text, create_parent="div").iter():
            for name, value in element.attrib.items():
                # "groups" is a directive, too
                if not name.startswith("t-") and name != "groups":
                    continue
                if name not in DIRECTIVES:
                    yield name
                elif name != "t-else" and value.strip() not in self._ar_words():
                    yield value

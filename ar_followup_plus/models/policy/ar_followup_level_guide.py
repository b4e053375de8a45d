from markupsafe import Markup

from odoo import fields, models


class ArFollowupLevel(models.Model):
    """What helps a collector in a call, beside the dialog in which it is logged."""

    _inherit = "ar.followup.level"

    call_guide = fields.Html(
        translate=True,
        default=lambda self: self._usual_call_guide(),
        help="Shown to whoever logs a call with a customer at this level.",
    )

    def _usual_call_guide(self):
        """A call begins with what may be wrong on our side, and ends with a day."""
        points = (
            self.env._("Is anything wrong with the goods or the invoice?"),
            self.env._("Listen, and let them finish."),
            self.env._("How satisfied are they with us?"),
            self.env._("How much can they pay, and when? Agree on a day."),
            self.env._("Repeat what you agreed on, and thank them."),
        )
        items = Markup().join(Markup("<li>%s</li>") % point for point in points)
        return Markup("<ol>%s</ol>") % items

from odoo import api, models

from .sending import Delivery, Sending


class IrMailServer(models.Model):
    """Tells the gate what happens at the mail server; changes nothing of it."""

    _inherit = "ir.mail_server"

    def _connect__(self, *args, **kwargs):  # noqa: PLW3201 - Odoo's name
        try:
            return super()._connect__(*args, **kwargs)
        except Exception as error:
            sending = self.env.context.get("ar_sending")
            if isinstance(sending, Sending):
                sending.down[kwargs.get("mail_server_id") or False] = str(error)
            raise

    @api.model
    def send_email(self, message, *args, **kwargs):
        delivery = self.env.context.get("ar_delivery")
        if not isinstance(delivery, Delivery):
            return super().send_email(message, *args, **kwargs)
        delivery.under_way = False
        try:
            message_id = super().send_email(message, *args, **kwargs)
        except Exception as error:
            # Odoo tells in words what the server answered; the codes are within
            delivery.error = error.__context__ or error
            raise
        addressed = self.env.context.get("send_validated_to") or ()
        # a follower's copy is no delivery
        if not delivery.addresses or delivery.addresses.intersection(addressed):
            delivery.accepted = True
        return message_id

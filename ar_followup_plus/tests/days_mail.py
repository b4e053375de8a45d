"""What comes back by mail: answers, reports of mail servers, absence notes (pure).

Raw mails as they stand at a gateway, made from the mail that a customer received.
"""

from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import make_msgid

ANSWERED = "We will look into it."
#: how a customer's machine tells that it is a machine
AUTOMATIC = {"Auto-Submitted": "auto-replied", "Precedence": "bulk"}


def answer(mail, sender, by_machine=False):
    """The customer's answer to a mail, or their machine's."""
    reply = EmailMessage()
    _address(reply, mail, sender)
    reply["Subject"] = f"Re: {mail.subject}"
    for header, value in AUTOMATIC.items() if by_machine else ():
        reply[header] = value
    reply.set_content("I am on holiday." if by_machine else ANSWERED)
    return reply.as_bytes()


def report(mail, address, action="failed", status="5.1.1"):
    """A mail server's report (RFC 3464) on a mail it took before."""
    container = MIMEMultipart("report", **{"report-type": "delivery-status"})
    _address(container, mail, "MAILER-DAEMON@customer.example", is_reply=False)
    container["Subject"] = f"Delivery status: {action}"
    container["Auto-Submitted"] = "auto-replied"
    container.attach(MIMEText(f"Your mail to {address}: {action} ({status})."))
    container.attach(_status(address, action, status))
    original = MIMEText(_headers(mail), "rfc822-headers")
    container.attach(original)
    return container.as_bytes()


def _address(message, mail, sender, is_reply=True):
    message["Message-Id"] = make_msgid(domain="customer.example")
    message["From"] = sender
    message["To"] = str(mail.message["Reply-To"])
    if is_reply:
        message["In-Reply-To"] = mail.message["Message-Id"].strip()
    message["References"] = mail.message["Message-Id"].strip()


def _status(address, action, status):
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    server, recipient = Message(), Message()
    server["Reporting-MTA"] = "dns; mx.customer.example"
    recipient["Final-Recipient"] = f"rfc822; {address}"
    recipient["Action"] = action
    recipient["Status"] = status
    recipient["Diagnostic-Code"] = f"smtp; 550 {status} no such mailbox"
    part.set_payload([server, recipient])
    return part


def _headers(mail):
    wanted = ("Message-Id", "From", "To", "Subject")
    return "".join(f"{name}: {mail.message[name]}\n" for name in wanted)

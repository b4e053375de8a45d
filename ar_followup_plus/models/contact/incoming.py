"""What an incoming mail is, read from its headers and parts (pure).

Every function takes an ``email.message.EmailMessage``.
"""

from typing import NamedTuple

# Headers only machines set (RFC 3834, and what servers did before it).
MACHINE_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "X-Mail-Autoreply",
)
MACHINE_PRECEDENCES = ("auto_reply", "bulk", "junk", "list")
MACHINE_MAILBOXES = ("mailer-daemon", "postmaster")
# lines from which on a mail without quotation marks repeats the one it answers
REPEATS_FROM = ("-----", "_____")
SUMMARY_LINES = 8
SUMMARY_LENGTH = 1000  # some programs write a page without a line break
LINE_LENGTH = 200  # whoever writes a header may make it as long as they like


class Failure(NamedTuple):
    """One recipient whom a mail will never reach.

    :param addresses: what the report calls the recipient; empty when it does not say
    :param diagnostic: the server's own words, or its status code
    """

    addresses: tuple[str, ...]
    diagnostic: str


def is_automatic(message):
    """Whether a machine wrote it: an out-of-office note, a report, a newsletter."""
    submitted = str(message["Auto-Submitted"] or "no").strip().lower()
    precedence = str(message["Precedence"] or "").strip().lower()
    sender = str(message["From"] or "").lower()
    return (
        submitted.partition(";")[0].strip() != "no"
        or precedence in MACHINE_PRECEDENCES
        or any(header in message for header in MACHINE_HEADERS)
        or str(message["Return-Path"] or "").strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or any(f"{mailbox}@" in sender for mailbox in MACHINE_MAILBOXES)
    )


def failures(message):
    """The recipients for whom a delivery report says: failed, for good.

    Only ``Action: failed`` with a permanent status (5.x.x) counts (RFC 3464, 3463).
    What is delayed, delivered, relayed, expanded or displayed has not failed, and
    what is worded some other way says nothing that can be relied on.

    :return: list of :class:`Failure`
    """
    if message.get_content_type() != "multipart/report":
        return []
    found = []
    for part in message.iter_parts():
        if part.get_content_type() != "message/delivery-status":
            continue
        # the first block is about the mail, the others about a recipient each
        for recipient in part.get_payload() if part.is_multipart() else ():
            action = _first_word(recipient["Action"])
            status = _first_word(recipient["Status"])
            if action == "failed" and status.startswith("5."):
                named = (recipient["Original-Recipient"], recipient["Final-Recipient"])
                found.append(
                    Failure(
                        tuple(filter(None, map(_typed_value, named))),
                        one_line(_typed_value(recipient["Diagnostic-Code"]) or status),
                    )
                )
    return found


def one_line(text):
    """A header as one line that is short enough to be kept and shown."""
    return " ".join((text or "").split())[:LINE_LENGTH]


def own_words(text, has_quote):
    """The first lines of a mail's text, without what leads over to the quote.

    :param text: plain text from which marked quotes were taken out
    :param has_quote: whether there were any
    """
    lines = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith(REPEATS_FROM):
            break
        if line:
            lines.append(line)
    if has_quote and lines and lines[-1].endswith(":"):
        lead = lines.pop()  # "On Monday, Carla <carla@seller.example> wrote:"
        if lead.startswith("<") and lines:
            lines.pop()  # it was broken before the address
    return "\n".join(lines[:SUMMARY_LINES])[:SUMMARY_LENGTH]


def _first_word(header):
    """A field's value in lower case, without the comment some servers add."""
    return next(iter(str(header or "").lower().split()), "")


def _typed_value(header):
    """What stands behind the type, as in ``rfc822; ann@customer.example``."""
    kind, has_type, value = str(header or "").partition(";")
    return " ".join((value if has_type else kind).split())

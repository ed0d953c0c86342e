"""Reads what other mail servers report by mail: bounces (RFC 3464, and older ones) and spam reports (RFC 5965)."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_string
from email.message import Message as ReportMail

from mail.models import DeliveryEvent
from mail.news import News, failure, find_status
from mail.old_bounces import is_old_bounce, read_old_bounce

SOURCE = "mail"
# A report about a mail of ours names one person, or two where the first forwards to the other.
MAX_PARTS, MAX_RECIPIENTS = 10, 20

What = DeliveryEvent.What
_MESSAGE_ID = re.compile(r"<[^<>\s\0]{1,198}>")
_RETURNED = {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
_COMPLAINTS = {"abuse": What.COMPLAINED, "fraud": What.COMPLAINED, "opt-out": What.UNSUBSCRIBED}


def is_report(mail: ReportMail) -> bool:
    """Tell whether a mail is a report by a mail server, whatever it says."""
    return mail.get_content_type() == "multipart/report" or is_old_bounce(mail)


def read_report(mail: ReportMail, *, now: datetime) -> list[News]:
    """Return what a report says about mails of ours; nothing where it names none or none can be made out."""
    if is_old_bounce(mail):
        return list(_given_up(mail, now))[:MAX_RECIPIENTS]
    parts = _children(mail)[:MAX_PARTS]
    returned = next((found for part in parts if part.get_content_type() in _RETURNED and (found := _inner(part))), None)
    reference = _reference(mail, returned)
    if not reference:
        return []
    news = []
    for part in parts:
        kind = part.get_content_type()
        if kind in {"message/delivery-status", "message/global-delivery-status"}:
            news += list(_failures(part, reference, now))[:MAX_RECIPIENTS]
        elif kind == "message/feedback-report":
            news += list(_complaints(part, reference, returned, now))[:MAX_RECIPIENTS]
    return news


def _given_up(mail: ReportMail, now: datetime) -> Iterator[News]:
    for reference, name, said in read_old_bounce(mail):
        if address := _address(name):
            status = find_status(said)
            yield News(SOURCE, reference, address, failure(status, says_for_good=True), now, status)


def _failures(part: ReportMail, reference: str, now: datetime) -> Iterator[News]:
    """Yield one piece of news for each address of each block about a recipient (RFC 3464, 2.3)."""
    for block in _blocks(part):
        action = _field(block, "Action").lower()
        status = find_status(_field(block, "Status"))
        if action == "failed":
            what = failure(status, says_for_good=True)
        elif action == "delayed":
            what = What.PUT_OFF
        elif action == "delivered":
            what = What.DELIVERED
        else:  # relayed, expanded: somebody else's matter now
            continue
        names = (_field(block, name) for name in ("Original-Recipient", "Final-Recipient"))
        for address in dict.fromkeys(filter(None, map(_address, names))):
            yield News(SOURCE, reference, address, what, now, status)


def _complaints(part: ReportMail, reference: str, returned: ReportMail | None, now: datetime) -> Iterator[News]:
    """Yield who complains; many leave that out (RFC 5965, 3.2), then the returned mail says to whom it went."""
    fields = _inner(part)
    what = _COMPLAINTS.get(_field(fields, "Feedback-Type").lower()) if fields is not None else None
    if fields is None or what is None:
        return
    address = _address(_field(fields, "Original-Rcpt-To"))
    if not address and returned is not None:
        address = _address(_field(returned, "To"))
    if address:
        yield News(SOURCE, reference, address, what, now)


def _reference(mail: ReportMail, returned: ReportMail | None) -> str:
    """Return the Message-ID of the mail a report is about: from what it returns, else from its own headers."""
    fields = [_field(returned, "Message-ID")] if returned is not None else []
    for text in [*fields, _field(mail, "In-Reply-To"), _field(mail, "References")]:
        if found := _MESSAGE_ID.findall(text):
            return str(found[-1])
    return ""


def _blocks(part: ReportMail) -> Iterator[ReportMail]:
    """Yield the blocks of fields of a status; Python knows those of ASCII, and of the newer sort (RFC 6533) only the first."""
    for block in _children(part):
        yield block
        rest = block.get_payload()
        if isinstance(rest, str):
            yield from map(message_from_string, rest[:100_000].split("\n\n")[:MAX_RECIPIENTS])


def _children(part: ReportMail) -> list[ReportMail]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, ReportMail)] if isinstance(payload, list) else []


def _inner(part: ReportMail) -> ReportMail | None:
    """Return the mail, or only the headers, that a part holds."""
    if children := _children(part):
        return children[0]
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    return message_from_string(payload[:100_000].decode("utf-8", "replace"))


def _field(part: ReportMail, name: str) -> str:
    return " ".join(str(part.get(name, "")).split())


def _address(value: str) -> str:
    """Return the address in `rfc822; ann@example.org`, or in a To header."""
    address = value.rpartition(";")[2].strip()
    if "<" in address:
        address = address.rpartition("<")[2].partition(">")[0]
    return address.strip() if "@" in address and len(address) <= 320 else ""

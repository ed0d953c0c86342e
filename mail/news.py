"""What others say about a mail of ours after it left, whoever says it: one form for webhooks and for reports by mail."""

import re
from dataclasses import dataclass
from datetime import datetime

from mail.models import DeliveryEvent

# An enhanced status code (RFC 3463), and not a piece of an IP address.
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?!\.?\d)")
# Subjects and details of class 5 that mean: there is no such mailbox. 4.1 is how Microsoft says it.
_GONE = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.1", "4.4"}
# The mailbox is there: it is full, its server has trouble, or it did not like this one mail or our server.
_PASSING = re.compile(r"2\.2|2\.3|[3467]\.\d+")


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to one mail. `reference` is its Message-ID or what the provider calls it."""

    source: str
    reference: str
    recipient: str
    what: DeliveryEvent.What
    at: datetime
    status: str = ""


def find_status(text: str) -> str:
    """Return the first enhanced status code in what a mail server said; empty if there is none."""
    found = _STATUS.search(text[:2000])
    return found[0] if found else ""


def failure(status: str, *, says_for_good: bool) -> DeliveryEvent.What:
    """Return whether a mail came back for good or for now.

    The code of the mail server decides where it is clear; elsewhere whoever reports it is believed. Providers call
    permanent what the code calls a full mailbox, and temporary what it calls an unknown one.
    """
    kind, _, detail = status.partition(".")
    if kind == "5" and detail in _GONE:
        return DeliveryEvent.What.BOUNCED
    if kind == "4" or (kind == "5" and _PASSING.fullmatch(detail)):
        return DeliveryEvent.What.PUT_OFF
    return DeliveryEvent.What.BOUNCED if says_for_good else DeliveryEvent.What.PUT_OFF

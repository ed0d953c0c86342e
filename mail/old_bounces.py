"""Bounces in words alone, as some servers write them to this day: Exim and its kin (1&1, GMX), and qmail.

Exim names the addresses in a header of its own, qmail in its text (https://cr.yp.to/proto/qsbmf.txt). Both return the mail
behind a line that says so, and give up for good: what only waits is said in other mails.
"""

import re
from collections.abc import Iterator
from email.message import Message as ReportMail
from email.utils import parseaddr

_NAMES = "X-Failed-Recipients"
_SUBJECT = "failure notice"
_COPY = re.compile(r"^-{3,} ?(?:This is a copy of|Below this line is a copy of)[^\n]*\n", re.MULTILINE)
_RECIPIENT = re.compile(r"^<([^<>\s]{1,256}@[^<>\s]{1,256})>:[ ]*$", re.MULTILINE)
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[^<>\s]{1,198}>)", re.MULTILINE | re.IGNORECASE)
_LONGEST = 100_000


def is_old_bounce(mail: ReportMail) -> bool:
    """Tell by the headers alone whether a mail is such a bounce."""
    if mail.get_content_type() != "text/plain":
        return False
    sender = parseaddr(str(mail.get("From", ""))[:1000])[1].lower()
    is_qmail = str(mail.get("Subject", "")).strip().lower() == _SUBJECT and sender.startswith("mailer-daemon@")
    return _NAMES in mail or is_qmail


def read_old_bounce(mail: ReportMail) -> Iterator[tuple[str, str, str]]:
    """Yield the Message-ID of the mail that came back, an address it was for, and what was said about that."""
    payload = mail.get_payload(decode=True)
    text = payload[:_LONGEST].decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(payload, bytes) else ""
    said, *returned = _COPY.split(text, maxsplit=1)
    reference = _MESSAGE_ID.search(returned[0]) if returned else None
    if reference is None:
        return
    named = str(mail.get(_NAMES, ""))[:4000].split(",") if _NAMES in mail else _RECIPIENT.findall(said)
    for address in dict.fromkeys(name.strip() for name in named):
        yield reference[1], address, said.rpartition(address)[2]

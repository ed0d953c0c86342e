"""A mail as the bytes that go over the wire.

Python's `EmailMessage` takes about a millisecond to serialise a mail of text and HTML, a dozen times what sending it
costs. A mail of ours always has the same shape (multipart/alternative, a text and an HTML part, sometimes an event for
the calendar, as a part and as a file), so it is written here directly. tests/mail/test_mime.py parses both forms back and holds them equal.

A part in ASCII with short lines goes as it is (7bit); HTML is brought to ASCII by character references. Any other part
is quoted-printable, which takes as long as handing the whole mail over.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass, field
from email.header import Header
from email.utils import formataddr
from functools import lru_cache
from typing import NamedTuple

from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from core.text import clean_line
from mail.registry import CalendarPart

# In quoted-printable "=" is always followed by two hex digits or the line's end, so no body can contain this
# (RFC 2045, 6.7); one that would is not sent as 7bit.
_BOUNDARY = "=_waymark_=_part"
_LINE = 76  # RFC 2045 for encoded lines, and what RFC 5322 asks of headers
MAX_SUBJECT = 250
_LONGEST_LINE = 990  # RFC 5322, 2.1.1 allows 998
_PARTS = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n'.encode()
_PART = f'\r\n--{_BOUNDARY}\r\nContent-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: %s\r\n\r\n'
_HEADS = {
    (subtype, encoding): (_PART % (subtype, encoding)).encode()
    for subtype in ("plain", "html")
    for encoding in ("7bit", "quoted-printable")
}
# The parameter says the same as METHOD in the file (RFC 6047, 2.4); Gmail and Outlook look at both. It comes last: of
# the alternatives a program shows the last it understands (RFC 2046, 5.1.4), and a calendar program understands this.
_EVENT_TYPE = "text/calendar; method=%s"
_EVENT = (
    f'\r\n--{_BOUNDARY}\r\nContent-Type: {_EVENT_TYPE}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
)
_DOT_FIRST = re.compile(rb"\n\.")  # in half the time of `in`
_END = f"\r\n--{_BOUNDARY}--\r\n".encode()
# The same event once more as a file, the way Google Calendar sends its own: for mail programs that know no invitations,
# and for whoever keeps their calendar somewhere else.
_WHOLE = "=_waymark_=_whole"
_FILE_NAME, _FILE_TYPE = "invite.ics", "application/ics"
_WITH_FILE = (
    f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{_WHOLE}"\r\n\r\n--{_WHOLE}\r\n'
    f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n'
).encode()
_FILE = (
    f'--{_WHOLE}\r\nContent-Type: {_FILE_TYPE}; name="{_FILE_NAME}"\r\nContent-Transfer-Encoding: base64\r\n'
    f'Content-Disposition: attachment; filename="{_FILE_NAME}"\r\n\r\n'
).encode()
_WHOLE_END = f"\r\n--{_WHOLE}--\r\n".encode()


class Sealed(NamedTuple):
    """A letter as a mail server gets it: the envelope, and what follows the DATA command.

    What it was written from is let go of. A batch would keep hundreds of mails twice, and memory that is used for the
    first time costs more than writing into it.
    """

    sender: str
    recipient: str
    wire: bytes


@dataclass(frozen=True)
class Letter:
    """A finished mail: who from and to, and everything in it. `headers` are those beside From, To and Subject."""

    from_name: str
    from_address: str
    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    calendar: CalendarPart | None = None

    @property
    def recipient(self) -> str:
        """The address for the envelope."""
        return ascii_address(self.to)

    @property
    def sender(self) -> str:
        """The envelope's sender, where refusals go."""
        return ascii_address(self.from_address)

    @property
    def wire(self) -> bytes:
        """What follows the DATA command."""
        return dotted(self.as_bytes())

    def seal(self) -> Sealed:
        """Write it out before it is needed."""
        return Sealed(self.sender, self.recipient, self.wire)

    def as_bytes(self) -> bytes:
        """Return the mail as RFC 5322 wants it on the wire, lines ended by CRLF, dots not yet doubled."""
        head = [
            _from(self.from_name, self.sender),
            "To: " + self.recipient,
            _header("Subject", _subject(self.subject)),
        ]
        head += [_header(name, value) for name, value in self.headers.items()]
        lines = "\r\n".join(head).encode("ascii", "replace") + b"\r\n"
        words = [*_part("plain", self.text), *_part("html", in_ascii(self.html))]
        if self.calendar is None:
            return b"".join([lines, _PARTS, *words, _END])
        file = _base64(self.calendar.file)
        event = (_EVENT % self.calendar.method).encode("ascii")
        return b"".join([lines, _WITH_FILE, *words, event, file, _END, _FILE, file, _WHOLE_END])

    def as_django(self, *, attaches_event: bool = False) -> EmailMultiAlternatives:
        """Return the same mail for a Django e-mail backend.

        `attaches_event` hangs the event on as a file alone, for providers whose interface knows text and HTML only.
        """
        headers = {name: clean_line(value) for name, value in self.headers.items()}
        mail = EmailMultiAlternatives(
            _subject(self.subject),
            self.text,
            formataddr((clean_line(self.from_name), self.sender)),
            [self.recipient],
            headers=headers,
        )
        mail.attach_alternative(self.html, "text/html")
        if self.calendar:
            file, kind = self.calendar.file.decode(), _EVENT_TYPE % self.calendar.method
            if attaches_event:
                mail.attach(_FILE_NAME, file, kind)
            else:
                mail.attach_alternative(file, kind)
                mail.attach(_FILE_NAME, self.calendar.file, _FILE_TYPE)
        return mail


def ascii_address(address: str) -> str:
    """Return an address with an internationalised domain in its ASCII form, and no character that ends a header."""
    address = clean_line(address)
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}@{punycode(domain)}"


def dotted(mail: bytes) -> bytes:
    """Return the mail as the DATA command wants it: leading dots doubled, a lone dot at the end (RFC 5321, 4.5.2)."""
    if _DOT_FIRST.search(mail):  # not often, and to look is quicker; the first line is a header
        mail = mail.replace(b"\n.", b"\n..")
    return mail + b".\r\n"


def _subject(value: str) -> str:
    value = clean_line(value)
    return value if len(value) <= MAX_SUBJECT else value[: MAX_SUBJECT - 1] + "…"


@lru_cache(maxsize=8)
def _from(name: str, address: str) -> str:
    """Return the From line; `formataddr` makes one encoded word of any length, RFC 2047 allows 75 characters."""
    name = clean_line(name)
    if name.isascii() and "=?" not in name:
        return f"From: {formataddr((name, address))}"
    words = Header(name, "utf-8", maxlinelen=_LINE, header_name="From").encode(linesep="\r\n")
    return f"From: {words}\r\n <{address}>"


def _header(name: str, value: str) -> str:
    """Return one header line, folded and encoded (RFC 2047) where it must be; a line break cannot get in."""
    value = clean_line(value)
    if value.isascii() and "=?" not in value:
        if len(name) + 2 + len(value) <= _LINE or " " not in value:
            return f"{name}: {value}"
        charset = "us-ascii"
    else:
        charset = "utf-8"
    return f"{name}: " + Header(value, charset, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")


def in_ascii(html: str) -> str:
    """Return HTML in which every other character is a reference, which says the same."""
    return html if html.isascii() else html.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _part(subtype: str, text: str) -> tuple[bytes, bytes]:
    """Return the head of a part and its body, with CRLF; a lone CR would otherwise pass as it is."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.rstrip("\n") + "\n"
    if _is_plain(text):
        return _HEADS[subtype, "7bit"], text.encode("ascii").replace(b"\n", b"\r\n")  # quicker than the other way round
    body = b2a_qp(text.replace("\n", "\r\n").encode("utf-8", "replace"), istext=True)
    return _HEADS[subtype, "quoted-printable"], body


def _base64(file: bytes) -> bytes:
    """Return a file so that nothing on the way touches its line ends."""
    return encodebytes(file).replace(b"\n", b"\r\n").rstrip()


def _is_plain(text: str) -> bool:
    """Tell whether a text may be sent as 7bit (RFC 2045, 2.7)."""
    if not text.isascii() or "\0" in text or _BOUNDARY in text:
        return False
    begin = 0  # of a line; each turn takes as many lines as one may be long
    while len(text) - begin > _LONGEST_LINE:
        begin = text.rfind("\n", begin, begin + _LONGEST_LINE + 1) + 1
        if not begin:
            return False
    return True

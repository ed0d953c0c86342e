"""iCalendar, as much of it as events need (RFC 5545): the feed and the invitations by mail are written with it.

Written here and not by a library: docs/decisions/0070-calendar-feed.md. The tests read it with a strict one.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from core.text import clean_text

LINE_OCTETS = 75  # RFC 5545, 3.1: without the line break
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\t": " "})


def ical_file(lines: Iterable[str]) -> bytes:
    """Return the file of these content lines, folded; values of type TEXT in them went through `ical_text`."""
    return b"".join(piece + b"\r\n" for line in lines for piece in _fold(line))


def ical_text(value: str) -> str:
    """Return a value of type TEXT (3.3.11): no control character is left with which a line could end."""
    return clean_text(value).translate(_ESCAPES)


def ical_utc(moment: datetime) -> str:
    """Return a moment as UTC (3.3.5, form 2), which needs no description of a time zone."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _fold(line: str) -> Iterator[bytes]:
    """Yield the pieces of a content line, each of at most 75 octets; no character is cut in two."""
    rest, room, start = line.encode(), LINE_OCTETS, b""
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:  # inside a character of several octets
            cut -= 1
        yield start + rest[:cut]
        rest, room, start = rest[cut:], LINE_OCTETS - 1, b" "
    yield start + rest

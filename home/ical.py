"""iCalendar, as much of it as a feed of whole days needs (RFC 5545, with the refresh interval of RFC 7986).

Written here and not by a library: docs/decisions/0070-calendar-feed.md. The tests read it with a strict one.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from core.text import clean_text

LINE_OCTETS = 75  # RFC 5545, 3.1: without the line break
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\t": " "})


class AllDay(NamedTuple):
    """A day with something on it. It takes no time of the day: the person stays free in their calendar."""

    uid: str
    on: date
    summary: str
    description: str
    url: str


def calendar(name: str, days: Iterable[AllDay], *, refresh: timedelta, stamp: datetime) -> bytes:
    """Return the file a calendar program reads.

    `stamp` is when the file was made. It stands as DTSTAMP of all: what nobody has a time of change for was last
    changed then at the latest (3.8.7.2), and programs that compare it take every change. For the same reason there is
    neither LAST-MODIFIED nor SEQUENCE, which would have to be invented.
    """
    lines = (line for content in _content(name, days, refresh, stamp) for line in _fold(content))
    return b"".join(line + b"\r\n" for line in lines)


def _content(name: str, days: Iterable[AllDay], refresh: timedelta, stamp: datetime) -> Iterator[str]:
    interval, made_at = f"PT{int(refresh.total_seconds()) // 60}M", f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waymark//Calendar feed//EN", "CALSCALE:GREGORIAN")
    yield from (f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{interval}", f"X-PUBLISHED-TTL:{interval}")
    for day in days:
        yield from ("BEGIN:VEVENT", f"UID:{_text(day.uid)}", f"DTSTAMP:{made_at}")
        yield f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}"  # and no DTEND: it is that day (3.6.1)
        yield f"SUMMARY:{_text(day.summary)}"
        if day.description:
            yield f"DESCRIPTION:{_text(day.description)}"
        yield from (f"URL:{day.url}", "TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _text(value: str) -> str:
    """Return a value of type TEXT (3.3.11): no control character is left with which a line could end."""
    return clean_text(value).translate(_ESCAPES)


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

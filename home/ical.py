"""The file of a calendar feed (RFC 5545, with the refresh interval of RFC 7986)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from core.ical import ical_file, ical_text, ical_utc


class Event(NamedTuple):
    """A day with something on it, or, with `at`, an hour of it (`minutes` long).

    What belongs to a whole day takes no time of it: the person stays free in their calendar.
    """

    uid: str
    on: date
    summary: str
    description: str
    url: str
    at: datetime | None = None
    minutes: int = 0


def calendar(name: str, events: Iterable[Event], *, refresh: timedelta, stamp: datetime) -> bytes:
    """Return the file a calendar program reads.

    `stamp` is when the file was made. It stands as DTSTAMP of all: what nobody has a time of change for was last
    changed then at the latest (3.8.7.2), and programs that compare it take every change. For the same reason there is
    neither LAST-MODIFIED nor SEQUENCE, which would have to be invented.
    """
    return ical_file(_content(name, events, refresh, stamp))


def _content(name: str, events: Iterable[Event], refresh: timedelta, stamp: datetime) -> Iterator[str]:
    interval, made_at = f"PT{int(refresh.total_seconds()) // 60}M", ical_utc(stamp)
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waymark//Calendar feed//EN", "CALSCALE:GREGORIAN")
    yield from (f"NAME:{ical_text(name)}", f"X-WR-CALNAME:{ical_text(name)}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{interval}", f"X-PUBLISHED-TTL:{interval}")
    for event in events:
        yield from ("BEGIN:VEVENT", f"UID:{ical_text(event.uid)}", f"DTSTAMP:{made_at}")
        if event.at is None:
            yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"  # and no DTEND: it is that day (3.6.1)
        else:
            yield f"DTSTART:{ical_utc(event.at)}"
            yield f"DURATION:PT{event.minutes}M"
        yield f"SUMMARY:{ical_text(event.summary)}"
        if event.description:
            yield f"DESCRIPTION:{ical_text(event.description)}"
        yield f"URL:{event.url}"
        yield from (f"TRANSP:{'TRANSPARENT' if event.at is None else 'OPAQUE'}", "END:VEVENT")
    yield "END:VCALENDAR"

"""What stands in a person's calendar feed: the same due things as on their page and in their mail."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from core.text import clean_line
from home.ical import Event, calendar
from home.look import Thing
from home.models import CalendarFeed
from home.week import due_between

# What passed and is still open keeps its day for a while; calendars are looked at forwards.
BACK = timedelta(days=31)
AHEAD = timedelta(days=2 * 366)
# The earliest are taken. Nobody's calendar is read beyond this.
MOST_DAYS = 500
# How often programs are asked to come. A goal seldom moves; Google comes about once a day whatever it is asked.
REFRESH = timedelta(hours=4)


def days_of_feed(feed: CalendarFeed, *, today: date) -> list[Event]:
    """Return the days of one person's own due things, titles only where they chose to show them.

    Each app joins by its function in home/week.py: DUE. Nothing that others share with them is asked for.
    """
    things = due_between(feed.owner, today=today, back=BACK, ahead=AHEAD, limit=MOST_DAYS)
    return [_day(thing, shows_titles=feed.shows_titles) for thing in things]


def file_of(days: list[Event], *, made_at: datetime) -> bytes:
    """Return the iCalendar file of a feed."""
    return calendar(settings.INSTANCE_NAME, days, refresh=REFRESH, stamp=made_at)


def etag_of(days: list[Event]) -> str:
    """Return the mark of a feed: the same as long as its file differs in nothing but when it was made, so it is weak."""
    content = file_of(days, made_at=datetime(2000, 1, 1, tzinfo=UTC))
    return f'W/"{sha256(content).hexdigest()[:32]}"'


def _day(thing: Thing, *, shows_titles: bool) -> Event:
    url = settings.BASE_URL + thing.url
    summary = (clean_line(thing.title) if shows_titles else "") or thing.neutral
    about = clean_line(thing.about) if shows_titles else ""
    # No host name and no number in it (RFC 7986, 5.3), and the same for as long as the thing is the same.
    uid = str(uuid5(NAMESPACE_URL, url))
    return Event(uid, thing.on, summary, "\n".join(filter(None, [about, url])), url, thing.at, thing.minutes)

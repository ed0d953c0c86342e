"""What is done to a calendar feed (its address made, read, and ended), and to rows that are set aside."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.devices import name_device
from accounts.models import User
from core.text import clean_line
from core.tokens import hash_token, new_token
from home.models import MAX_PROGRAM_LENGTH, CalendarFeed, Snooze

# What calendar programs call themselves: part of the User-Agent, and the name people know. The first that fits counts.
PROGRAMS = (
    ("Google-Calendar", "Google Calendar"),
    ("Thunderbird", "Thunderbird"),
    ("Outlook", "Outlook"),
    ("Microsoft", "Outlook"),
    ("ICSx5", "ICSx⁵"),
    ("iOS/", "Calendar on an iPhone or iPad"),
    ("macOS/", "Calendar on a Mac"),
    ("Mac OS X/", "Calendar on a Mac"),
)


@transaction.atomic
def make_feed(*, owner: User, at: datetime) -> str:
    """Give a person's feed a new address and return its token, which nobody can learn again.

    An address they had before ends with this; whether titles are shown stays as they chose.
    """
    token = new_token()
    fresh: dict[str, Any] = {"token_hash": hash_token(token), "created_at": at, "read_at": None, "read_by": ""}
    CalendarFeed.objects.update_or_create(owner=owner, defaults=fresh)
    return token


def end_feed(*, user: User, at: datetime) -> None:
    """Turn a person's feed off: its address is not found from now on. Also called when they ask to leave."""
    CalendarFeed.objects.owned_by(user).delete()


def show_titles(*, feed: CalendarFeed, on: bool) -> None:
    """Show in the calendar what things are called, or only what kind of thing is due."""
    feed.shows_titles = on
    feed.save(update_fields=["shows_titles"])


def note_read(*, feed: CalendarFeed, user_agent: str, at: datetime) -> None:
    """Write down when and by what a feed was read; at most once in five minutes, in one statement.

    The only thing that reading it changes. It is what lets its owner see that somebody else has the address.
    """
    if feed.was_read_lately(at):
        return
    # By its token too: a new address made at this moment was not read.
    address = CalendarFeed.objects.filter(pk=feed.pk, token_hash=feed.token_hash)
    address.update(read_at=at, read_by=name_program(user_agent))


def name_program(user_agent: str) -> str:
    """Return what a person would call a program that says it is `user_agent`; empty if it does not say."""
    said = clean_line(user_agent[:500])
    known = next((name for mark, name in PROGRAMS if mark in said), "")
    return (known or name_device(said) if said else "")[:MAX_PROGRAM_LENGTH]


@transaction.atomic
def snooze(*, owner: User, key: str, until: date, today: date, at: datetime) -> None:
    """Set a row of the desk aside until a day; a second time moves that day. What came back before is forgotten."""
    kind, _, number = key.partition("-")
    Snooze.objects.over(owner, today).delete()
    Snooze.objects.update_or_create(owner=owner, kind=kind, number=int(number), defaults={"until_on": until, "at": at})


def wake(*, owner: User, key: str) -> None:
    """Bring a row back; nothing happens for one that was not set aside."""
    kind, _, number = key.partition("-")
    if number.isascii() and number.isdigit() and len(number) < 19:
        Snooze.objects.filter(owner=owner, kind=kind, number=int(number)).delete()

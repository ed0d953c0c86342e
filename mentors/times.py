"""Moments as two people in two time zones read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from core.timekeeping import local_day


def say_time(at: datetime, person: User, today: date | None = None, *, is_short: bool = False) -> str:
    """Return a moment on a person's own clock: "Tuesday 17 March, 17:30", or short "Tue 17 Mar, 17:30"; with the year if it
    is not this one.
    """
    local = at.astimezone(person.time_zone)
    year = f" {local.year}" if today is not None and local.year != today.year else ""
    weekday, month = f"{local:%a %b}".split() if is_short else f"{local:%A %B}".split()
    return f"{weekday} {local.day} {month}{year}, {local:%H:%M}"


@dataclass(frozen=True)
class BothTimes:
    """One moment on two clocks; `theirs` is empty where they show the same."""

    pk: int
    mine: str
    theirs: str
    is_past: bool


def on_both_clocks(at: datetime, me: User, other: User | None, *, now: datetime, pk: int = 0) -> BothTimes:
    """Return a moment as `me` reads it, and what the other's clock shows then: "16:30", or with its day if that differs."""
    theirs = ""
    if other is not None:
        here, there = at.astimezone(me.time_zone), at.astimezone(other.time_zone)
        if here.replace(tzinfo=None) != there.replace(tzinfo=None):
            theirs = f"{there:%H:%M}" if here.date() == there.date() else f"{there:%A}, {there:%H:%M}"
    return BothTimes(pk, say_time(at, me, local_day(me.time_zone, now)), theirs, at <= now)


def say_difference(me: User, other: User | None, *, now: datetime) -> str:
    """Say how far the other's clock is from mine now: "Ruth’s clock is 1 hour ahead of yours." Empty if they agree."""
    if other is None:
        return ""
    offsets: Iterable = (now.astimezone(person.time_zone).utcoffset() for person in (other, me))
    theirs, mine = offsets
    minutes = int((theirs - mine).total_seconds()) // 60
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    parts += [f"{rest} minutes"] if rest else []
    way = "ahead of" if minutes > 0 else "behind"
    return f"{other.given_name}’s clock is {' and '.join(parts)} {way} yours."

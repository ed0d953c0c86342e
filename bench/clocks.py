"""Whether a weekly hour is kept over every change of the clocks, beside a reckoning of its own. See bench.due.

The oracle knows only when each zone's offset changes: it finds the earliest moment at which the clock on the wall shows
the hour or has passed it. An hour the clocks skip is then the first moment after, one that comes twice its first.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
BEFORE, AFTER = timedelta(days=9), timedelta(days=17)
DAY = timedelta(days=1)
# Beat looks once a minute.
LATER = timedelta(seconds=40)


@dataclass(frozen=True)
class Stretch:
    """A time in which the clock of a zone runs on: from a moment (None: as long as anybody knows) with one offset."""

    since: datetime | None
    offset: timedelta


@dataclass(frozen=True)
class Window:
    """Some weeks around one change, and how many zones live through exactly these."""

    zone: ZoneInfo
    begin: datetime
    end: datetime
    stretches: tuple[Stretch, ...]
    zones: int

    @cached_property
    def days(self) -> list[date]:
        """The local days that lie in it as a whole."""
        first = self.begin.astimezone(self.zone).date()
        whole = (self.end - self.begin).days - 2
        return [first + timedelta(days=number) for number in range(2, whole)]

    def moment_of(self, day: date, hour: time) -> datetime:
        """Return the earliest moment at which the wall shows this hour of the day or has passed it."""
        wall = datetime.combine(day, hour, tzinfo=UTC)
        for stretch, after in zip(self.stretches, [*self.stretches[1:], None], strict=True):
            moment = wall - stretch.offset
            if after is None or after.since is None or moment < after.since:
                return moment if stretch.since is None else max(moment, stretch.since)
        raise ValueError(day)


def windows() -> list[Window]:
    """Return every change of 2024 to 2030 with the weeks around it, zones with the same clocks in one."""
    found: dict[tuple[datetime, tuple[Stretch, ...]], list[ZoneInfo]] = {}
    for name in sorted(available_timezones() - {"localtime"}):
        zone = ZoneInfo(name)
        changes = list(_changes(zone))
        for change in changes:
            begin, end = change - BEFORE, change + AFTER
            inside = [moment for moment in changes if begin <= moment <= end]
            stretches = (
                Stretch(None, _offset(zone, begin)),
                *(Stretch(moment, _offset(zone, moment)) for moment in inside),
            )
            found.setdefault((change, stretches), []).append(zone)
    return [
        Window(zones[0], change - BEFORE, change + AFTER, stretches, len(zones))
        for (change, stretches), zones in found.items()
    ]


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the first second of each new offset."""
    day = FIRST
    while day < LAST:
        before, after = day, day + DAY
        old = _offset(zone, before)
        if _offset(zone, after) != old:
            while after - before > timedelta(seconds=1):
                middle = (before + (after - before) / 2).replace(microsecond=0)
                before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
            yield after
        day += DAY


def moments_sent(window: Window, weekday: int, hour: time) -> list[datetime]:
    """Return when somebody with this weekly hour is written to, by the rules that Waymark sends by; nothing is stored."""
    from accounts.models import User
    from reminders.models import Schedule
    from reminders.rhythm import Turn
    from reminders.services import sending

    schedule: Any = Schedule(user=User(pk=1, time_zone=window.zone), user_id=1, weekday=weekday, local_time=hour)
    schedule.has_written, schedule.is_mailable, schedule.is_off = True, True, False
    schedule.next_due_at = schedule.next_after(window.begin)
    sent: dict[str, datetime] = {}
    while schedule.next_due_at < window.end:
        now = schedule.next_due_at + LATER
        claim = sending._claim(schedule, now=now)
        if claim.reason is None and claim.turn is Turn.PROMPT:
            sent.setdefault(claim.key, schedule.next_due_at)  # the key of the mail holds a week to one
        schedule.next_due_at = sending._next_hour(claim, now)
    return list(sent.values())


def count_wrong() -> tuple[int, int, int]:
    """Try each weekday and full hour over every window; return in how many of the zones' cases an hour was not kept, in
    how many a week had none or more than one mail, and how many cases there are.
    """
    moved = missed = tried = 0
    for window in windows():
        for weekday, hour in itertools.product(range(7), range(24)):
            expected = {window.moment_of(day, time(hour)) for day in window.days if day.weekday() == weekday}
            first, last = min(expected), max(expected)
            sent = [moment for moment in moments_sent(window, weekday, time(hour)) if first <= moment <= last]
            moved += window.zones * (set(sent) != expected)
            missed += window.zones * (len(sent) != len(expected))
            tried += window.zones
    return moved, missed, tried

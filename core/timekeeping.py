"""Local days, weeks and hours. The only place where wall-clock time becomes an instant."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def local_day(zone: ZoneInfo, at: datetime) -> date:
    """Return the calendar day in `zone` at the instant `at`."""
    return at.astimezone(zone).date()


def week_key(day: date) -> str:
    """Return the ISO 8601 week of a day, such as "2026-W47"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_bounds(key: str) -> tuple[date, date]:
    """Return the Monday and the Sunday of an ISO week key; raise ValueError for anything else."""
    year, _, week = key.partition("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    if monday > date.max - timedelta(days=6):
        raise ValueError(f"{key} ends after the last day there is")
    return monday, monday + timedelta(days=6)


def month_key(day: date) -> str:
    """Return the month of a day, such as "2026-11"."""
    return f"{day.year:04d}-{day.month:02d}"


def month_bounds(key: str) -> tuple[date, date]:
    """Return the first and the last day of a month key; raise ValueError for anything else."""
    year, _, month = key.partition("-")
    first = date(int(year), int(month), 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def period_bounds(key: str) -> tuple[date, date]:
    """Return the first and the last day of a week key or a month key."""
    return week_bounds(key) if "W" in key else month_bounds(key)


def at_local(zone: ZoneInfo, day: date, hour: time) -> datetime:
    """Return the UTC instant of a wall-clock hour on a day.

    An hour that the clocks skip becomes the first instant after the gap; an hour that comes twice means its
    first occurrence (PEP 495, fold=0).
    """
    wall = datetime.combine(day, hour.replace(fold=0), tzinfo=zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None):
        return instant
    # In the gap zoneinfo reads the hour with the offset before it: walk back to the instant of the change.
    before, after = instant - timedelta(days=1), instant
    offset_before = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset_before:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def next_local(zone: ZoneInfo, weekday: int, hour: time, after: datetime) -> datetime:
    """Return the first UTC instant later than `after` at that weekday (Monday is 0) and wall-clock hour."""
    day = local_day(zone, after)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    instant = at_local(zone, day, hour)
    return instant if instant > after else at_local(zone, day + timedelta(days=7), hour)


def day_of_month(month: str, number: int) -> date:
    """Return a day of a month: 1 is its first, -1 its last, as in a list that begins with one."""
    first, last = month_bounds(month)
    return first + timedelta(days=number - 1) if number > 0 else last + timedelta(days=number + 1)


def next_local_of_month(zone: ZoneInfo, number: int, hour: time, after: datetime) -> datetime:
    """Return the first UTC instant later than `after` on that day of a month (`day_of_month`) and wall-clock hour."""
    month = month_key(local_day(zone, after))
    while True:
        instant = at_local(zone, day_of_month(month, number), hour)
        if instant > after:
            return instant
        month = month_key(month_bounds(month)[1] + timedelta(days=1))


@lru_cache(maxsize=4096)
def say_day(day: date, today: date) -> str:
    """Return a day as people say it: Today, Tomorrow, Friday, 15 May, 15 May 2028."""
    distance = (day - today).days
    if distance in {-1, 0, 1}:
        return {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}[distance]
    if 1 < distance < 7:
        return f"{day:%A}"
    if day.year == today.year:
        return f"{day.day} {day:%B}"
    return f"{day.day} {day:%B} {day.year}"


def say_day_within(day: date, today: date) -> str:
    """Return a day as it stands inside a sentence: today, tomorrow, Friday, 15 May."""
    said = say_day(day, today)
    return said.lower() if abs((day - today).days) <= 1 else said

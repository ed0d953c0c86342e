"""What stood in a journal a year before a week: the entry that a link leads back to, never its words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from core.compiled import CompiledQuery
from core.timekeeping import week_bounds, week_key
from journal.models import Entry

# 52 weeks: the same weekday, and the ISO week of the same number except around the turn of some years.
A_YEAR = timedelta(days=364)
NEAR = timedelta(days=3)

# An entry: its key, day and week or month.
Row = tuple[int, date, str | None]


@dataclass(frozen=True)
class YearAgo:
    """An entry of a year ago: what it was and where it stands."""

    words: str
    path: str


def of_weeks(weeks: Mapping[int, str]) -> dict[int, YearAgo]:
    """Return by user id what they wrote about the same week a year ago, else the entry of their own nearest to it, at
    most three days before or after: one query, however many people.
    """
    if not weeks:
        return {}
    first, last = span_of(set(weeks.values()))
    rows: dict[int, list[Row]] = {}
    for owner_id, *row in _ENTRIES.rows(owners=list(weeks), first=first, last=last):
        rows.setdefault(owner_id, []).append(tuple(row))
    nearest = {owner_id: nearest_to(weeks[owner_id], found) for owner_id, found in rows.items()}
    return {owner_id: found for owner_id, found in nearest.items() if found}


def span_of(weeks: Iterable[str]) -> tuple[date, date]:
    """Return the days from which an entry may be told of in these weeks."""
    spans = [_a_year_before(key) for key in weeks]
    return min(first for first, _ in spans) - NEAR, max(last for _, last in spans) + NEAR


def nearest_to(week: str, rows: Iterable[Row]) -> YearAgo | None:
    """Return what is told of in a week: of these entries (key, day, period) the nearest to the same week a year ago."""
    then = _a_year_before(week)
    for away, pk, day, key in sorted((_days_away(day, key, then), pk, day, key) for pk, day, key in rows)[:1]:
        return _say(pk, day, key) if away <= NEAR.days else None
    return None


def _a_year_before(key: str) -> tuple[date, date]:
    first, last = week_bounds(key)
    return first - A_YEAR, last - A_YEAR


def _days_away(day: date, key: str | None, then: tuple[date, date]) -> int:
    """Return how far an entry is from the week: -1 for the reflection of it, 0 within it."""
    if key == week_key(then[0]):
        return -1
    return max(0, (then[0] - day).days, (day - then[1]).days)


def _say(pk: int, day: date, key: str | None) -> YearAgo:
    about = f"week {int(key[-2:])}" if key and "W" in key else f"{day:%B}" if key else ""
    words = f"A year ago you wrote about {about}." if about else f"A year ago, on {day.day} {day:%B}, you wrote a note."
    return YearAgo(words, f"/journal/{pk}/")


def _entries(owners: Iterable[int], first: date, last: date) -> QuerySet:
    rows = Entry.objects.owned_by_any(User(pk=owner) for owner in owners).with_words_between(first, last)
    return rows.order_by().values_list("owner_id", "pk", "entry_on", "period__key")


_ENTRIES = CompiledQuery(_entries, owners=list, first=date, last=date)

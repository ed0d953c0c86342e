"""A person's month, told by its weeks: for the page on which they look back, and for the mail that asks them to."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core.compiled import CompiledQuery
from core.timekeeping import month_bounds, week_bounds, week_key
from home.week import MEANT, Thing, things_of
from journal.models import Entry
from journal.periods import is_month
from journal.scales import MOOD_ICONS

LINES, MOODS = 4, 2


class Span(NamedTuple):
    """The days of one ISO week that lie in a month."""

    key: str
    first: date
    last: date

    @property
    def name(self) -> str:
        days = f"{self.first.day} to {self.last.day}" if self.first < self.last else f"{self.first.day}"
        return f"Week {int(self.key[-2:])}, {days}"


def spans_of(key: str) -> list[Span]:
    """Return the weeks of a month, the first and the last one cut where it begins and ends."""
    first, last = month_bounds(key)
    spans, day = [], first
    while day <= last:
        end = min(day + timedelta(days=6 - day.weekday()), last)
        spans.append(Span(week_key(day), day, end))
        day = end + timedelta(days=1)
    return spans


@dataclass(frozen=True)
class Mood:
    """How days or a week felt: an icon and words."""

    icon: str
    words: str


@dataclass
class MonthWeek:
    """One week of the memory aid: what was meant, how it felt, what was reached and logged."""

    name: str
    path: str = ""  # the reflection of it
    focus: str = ""
    outcome: str = ""
    moods: list[Mood] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return not (self.focus or self.moods or self.reached or self.lines)


def weeks_of_month(user: User, key: str, *, today: date | None = None) -> list[MonthWeek]:
    """Return the weeks of one's own month up to today, to jog the memory while writing about it."""
    today = today or user.today(timezone.now())
    spans = [span for span in spans_of(key) if span.first <= today]
    if not spans:
        return []
    keys = {"first": spans[0].key, "last": spans[-1].key}
    meant = {key: (text, came_true) for _, key, text, came_true in MEANT.rows(owners=[user.pk], **keys)}
    written, moods = _felt(user, spans)
    things = things_of(user, key, today=today)
    found = []
    for span in spans:
        pk, mood = written.get(span.key, (0, None))
        text, came_true = meant.get(span.key, ("", ""))
        moved = [thing for thing in things if span.first <= thing.on <= min(span.last, today)]
        week = MonthWeek(span.name, f"/journal/{pk}/" if pk else "", text, _say_outcome(came_true))
        week.moods = _moods(mood, [moods[day] for day in moods if span.first <= day <= span.last])
        week.reached = [thing.title for thing in moved if thing.hint == "milestone"][:LINES]
        week.lines = say_progress(moved)
        found.append(week)
    return found


def say_progress(things: list[Thing]) -> list[str]:
    """Say on which goals something was logged, and how often: "Run 12 user interviews, 3 times"."""
    counted = Counter(thing.title for thing in things if thing.hint == "progress")
    return [f"{title}, {number} times" if number > 1 else title for title, number in counted.most_common(LINES)]


def _say_outcome(came_true: str) -> str:
    return {"yes": "Came true", "partly": "Partly came true", "no": "Not yet"}.get(came_true, "")


def _moods(of_week: int | None, of_days: list[int]) -> list[Mood]:
    """Say how the week was called in its reflection, else how most of its days were."""
    if of_week:
        return [Mood(MOOD_ICONS[of_week - 1], Entry.Mood(of_week).label)]
    return [
        Mood(MOOD_ICONS[mood - 1], f"{Entry.Mood(mood).label} on {days} day{'s' * (days > 1)}")
        for mood, days in Counter(of_days).most_common(MOODS)
    ]


def _felt(user: User, spans: list[Span]) -> tuple[dict[str, tuple[int, int | None]], dict[date, int]]:
    """Return the reflections of these weeks with their moods, and how single days went: one query."""
    written, moods = {}, {}
    days = {"first": spans[0].first, "last": week_bounds(spans[-1].key)[1]}
    for day, pk, mood, key in _FELT.rows(owner=user.pk, **days):
        if key is None:
            moods[day] = mood
        elif not is_month(key):
            written[key] = (pk, mood)
    return written, moods


def _entries(owner: int, first: date, last: date) -> QuerySet:
    rows = Entry.objects.owned_by(User(pk=owner)).written_between(first, last)
    rows = rows.filter(Q(mood__isnull=False) | Q(kind="reflection")).order_by("entry_on", "updated_at", "pk")
    return rows.values_list("entry_on", "pk", "mood", "period__key")


_FELT = CompiledQuery(_entries, owner=int, first=date, last=date)

"""Why a mentor fits: points that can each be said as a reason. Pure functions; nothing here asks the database.

What counts is what both people wrote for this purpose: topics against the titles of goals on the way, the industry, and
hours of the week in which both have time. Nothing else about a person is scored. `mentors.directory` orders by the same
points in SQL; a test holds the two together.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from core.timekeeping import at_local
from mentors.vocabulary import BY_LABEL, BY_SLUG, COMMON, TOPICS

WEEK_MINUTES = 7 * 24 * 60
HALF_HOUR = 30
# One topic in common weighs as much as three half hours; more than two hours a week nobody meets.
TOPIC_POINTS, INDUSTRY_POINTS, MOST_HALVES = 3, 2, 4
MAX_KEYS, MAX_KEY_LENGTH = 60, 60
_WORD = re.compile(r"[\w+#]+(?:-\w+)*")


class Hours(Protocol):
    """A mentors.models.Slot, or what looks like one."""

    @property
    def weekday(self) -> int: ...
    @property
    def starts_at(self) -> time: ...
    @property
    def ends_at(self) -> time: ...


@dataclass(frozen=True)
class Asker:
    """Who looks for a mentor: what their goals on the way are about, and when they have time."""

    goals: tuple[str, ...] = ()  # titles, the one changed last first
    industry: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    slots: tuple[Hours, ...] = ()

    @property
    def keys(self) -> list[str]:
        """What their goals are about, most telling goals first."""
        found = dict.fromkeys(key for title in self.goals for key in sorted(keys_of(title)))
        return list(found)[:MAX_KEYS]

    @property
    def topics(self) -> list[str]:
        """The known topics that their goals mention, as slugs."""
        return [key[1:] for key in self.keys if key.startswith("#")]


@dataclass(frozen=True)
class Offer:
    """What a mentor says of themselves, as far as it is compared."""

    keys: frozenset[str] = frozenset()
    industry: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    slots: tuple[Hours, ...] = ()


@dataclass(frozen=True)
class Fit:
    """Why somebody fits. `goals` are titles of the asker's own; `minutes` of each week both have time."""

    goals: tuple[str, ...] = ()
    topics: int = 0
    topics_asked: int = 0
    is_same_industry: bool = False
    minutes: int = 0

    @property
    def reasons(self) -> list[str]:
        """What is said beside a name, the most telling first."""
        said = []
        if self.goals:
            said.append(f"Matches {self.goals[0]}")
        parts = []
        if self.topics and self.topics_asked > 1:
            parts.append(f"{self.topics} of your {self.topics_asked} topics")
        if self.minutes:
            parts.append(f"{say_hours(self.minutes)} a week in common")
        if parts:
            said.append(", ".join(parts))
        if self.is_same_industry:
            said.append("Your industry")
        return said


@lru_cache(maxsize=8192)
def keys_of(text: str) -> frozenset[str]:
    """Return what a title or a topic is about: known topics as "#research", other telling words without their ending."""
    words = _words(text)
    known = {f"#{topic.slug}" for topic in TOPICS if any(_speaks_of(topic.roots, word) for word in words)}
    named = {f"#{topic.slug}" for topic in TOPICS if topic.label.lower() in text.lower()}
    return frozenset(known | named | _telling(words))


def keys_of_topics(topics: Iterable[str]) -> list[str]:
    """Return the keys of what a mentor lists, to be stored beside it."""
    found: set[str] = set()
    for topic in topics:
        known = BY_LABEL.get(topic.lower())
        found |= {f"#{known.slug}"} | _telling(_words(topic)) if known else keys_of(topic)
    return sorted(key[:MAX_KEY_LENGTH] for key in found)[:MAX_KEYS]


def fit(asker: Asker, offer: Offer, *, monday: date) -> Fit:
    """Compare the two, for the week that begins on `monday`: hours depend on the clocks of both zones in that week."""
    asked = asker.topics
    shared = set(asker.keys) & offer.keys
    return Fit(
        goals=tuple(title for title in asker.goals if keys_of(title) & shared),
        topics=sum(f"#{slug}" in offer.keys for slug in asked),
        topics_asked=len(asked),
        is_same_industry=bool(asker.industry) and asker.industry == offer.industry,
        minutes=shared_minutes(spans(asker.slots, asker.zone, monday), spans(offer.slots, offer.zone, monday)),
    )


def points(asker: Asker, offer: Offer, *, monday: date) -> int:
    """Return the number by which "best match first" is ordered; it is never shown."""
    common = set(halves(asker.slots, asker.zone, monday)) & set(halves(offer.slots, offer.zone, monday))
    same = bool(asker.industry) and asker.industry == offer.industry
    topics = len(set(asker.keys) & offer.keys)
    return TOPIC_POINTS * topics + INDUSTRY_POINTS * same + min(MOST_HALVES, len(common))


def spans(slots: Iterable[Hours], zone: ZoneInfo, monday: date) -> list[tuple[int, int]]:
    """Return weekly hours as minutes of a week in UTC, (from, to) from Monday 0:00, as the clocks stand in that week.

    What reaches over the end of the week goes on at its beginning.
    """
    origin = datetime.combine(monday, time(), tzinfo=UTC)
    found: list[tuple[int, int]] = []
    for slot in slots:
        day = monday + timedelta(days=slot.weekday)
        start, end = (_minutes(at_local(zone, day, hour) - origin) for hour in (slot.starts_at, slot.ends_at))
        length = end - start
        if length <= 0:  # all of it lies in an hour that the clocks skip
            continue
        start %= WEEK_MINUTES
        found.append((start, min(start + length, WEEK_MINUTES)))
        if start + length > WEEK_MINUTES:
            found.append((0, start + length - WEEK_MINUTES))
    return sorted(found)


def halves(slots: Iterable[Hours], zone: ZoneInfo, monday: date) -> list[int]:
    """Return the half hours of a week in UTC (0 to 335) that these hours touch."""
    touched = {
        half
        for start, end in spans(slots, zone, monday)
        for half in range(start // HALF_HOUR, (end + HALF_HOUR - 1) // HALF_HOUR)
    }
    return sorted(touched)


def shared_minutes(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> int:
    """Return how many minutes lie in both lists of spans."""
    return sum(max(0, min(end, e) - max(start, s)) for start, end in _merged(one) for s, e in _merged(other))


def say_hours(minutes: int) -> str:
    """Return a length as people say it: 2 h, 1 h 30 min, 45 min."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def say_distance(own: ZoneInfo, theirs: ZoneInfo, at: datetime) -> str:
    """Return how far apart two clocks stand at an instant: "Your time zone", "1 hour ahead of you"."""
    minutes = _minutes(
        (at.astimezone(theirs).utcoffset() or timedelta()) - (at.astimezone(own).utcoffset() or timedelta())
    )
    if not minutes:
        return "Your time zone"
    hours, rest = divmod(abs(minutes), 60)
    if not rest:
        said = f"{hours} hour{'' if hours == 1 else 's'}"
    else:
        said = f"{hours} h {rest} min" if hours else f"{rest} min"
    return f"{said} {'ahead of' if minutes > 0 else 'behind'} you"


def label_of(slug: str) -> str:
    """Return a known topic as a chip shows it."""
    return BY_SLUG[slug].label


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    found: Collection[str] = _WORD.findall(plain)
    return [part for word in found for part in dict.fromkeys((word, *word.split("-")))]


def _telling(words: Iterable[str]) -> set[str]:
    return {_stem(word) for word in words if len(word) > 2 and word not in COMMON and not word.isdigit()}


def _speaks_of(roots: tuple[str, ...], word: str) -> bool:
    # Short roots stand for whole words: "no" is no "notebook".
    return any(word.startswith(root) if len(root) > 3 else word == root for root in roots)


def _stem(word: str) -> str:
    """Take the commonest English endings away, alike on both sides; a wrong stem is wrong twice and still matches."""
    for ending in ("ing", "ers", "er", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)]
    return word


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _merged(spans_: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans without overlaps, so that no minute counts twice."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans_):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged

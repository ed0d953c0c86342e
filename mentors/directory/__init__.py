"""Finding a mentor: what is searched for, who is found, and what is said about each."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from core.compiled import CompiledQuery
from core.timekeeping import say_day_within
from goals.models import Goal
from mentors import match
from mentors.directory import statement
from mentors.directory.search import Search
from mentors.directory.statement import CANDIDATES, PAGE, Viewer
from mentors.match import Asker, Fit, Offer
from mentors.models import Mark, Profile, Slot

__all__ = ["CANDIDATES", "Found", "Row", "Search", "find", "row_of", "viewer_of"]

# So many goals say what somebody is after; the ones changed last.
GOALS_COMPARED = 12
MOST_RELAXED = 3


def _after(owner: int) -> QuerySet:
    """Return one row: titles of goals, weekly hours and the industry, all in one statement."""
    goals = Goal.objects.owned_by(User(pk=owner)).on_the_way().order_by("-updated_at", "-pk").values("title")
    hours = JSONObject(weekday="weekday", starts_at="starts_at", ends_at="ends_at")
    slots = Slot.objects.owned_by(User(pk=owner)).values(hours=hours)
    industry = Profile.objects.filter(owner=owner).values("industry")[:1]
    return User.objects.filter(pk=owner).values_list(
        ArraySubquery(goals[:GOALS_COMPARED]), ArraySubquery(slots), Subquery(industry)
    )


_AFTER = CompiledQuery(_after, owner=int)
NEAREST = """SELECT word FROM mentors_word WHERE word %% %s OR word LIKE %s
    ORDER BY similarity(word, %s) DESC, word LIMIT 1"""


class Hours(NamedTuple):
    """Weekly hours as they come with a row."""

    weekday: int
    starts_at: time
    ends_at: time


@dataclass
class Row:
    """One mentor as the directory draws them: strings, made for one viewer."""

    pk: int
    name: str
    given_name: str
    headline: str
    words: str
    topics: list[str]
    place: str  # "2 places free"
    is_open: bool
    answers: str
    distance: str
    reasons: list[str]
    marks: list[str] = field(default_factory=list)
    is_reader: bool = False

    @property
    def path(self) -> str:
        return f"/mentors/{self.pk}/"

    @property
    def ask_path(self) -> str:
        """Where to ask them."""
        return f"{self.path}request/"


@dataclass
class Found:
    """One page of mentors. `corrected` is the word that was looked for instead; `relaxed` is for an empty result."""

    rows: list[Row]
    total: int = 0
    older: str = ""
    corrected: str = ""
    relaxed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        """Whether more fit than are compared."""
        return self.total > CANDIDATES


def viewer_of(user: User, *, now: datetime) -> Viewer:
    """Read what a person is after and when they have time: one statement."""
    ((titles, slots, industry),) = _AFTER.rows(owner=user.pk)
    hours = tuple(
        Hours(row["weekday"], time.fromisoformat(row["starts_at"]), time.fromisoformat(row["ends_at"])) for row in slots
    )
    return Viewer(user, Asker(tuple(titles), industry or "", user.time_zone, hours), now)


def find(search: Search, viewer: Viewer) -> Found:
    """Return a page of mentors: one statement, and up to three more where nobody is found."""
    found = _page(search, viewer)
    if found.rows or not search.is_narrow:
        return found
    if search.words and not search.after and (nearest := _nearest(search)):
        other = _page(replace(search, q=nearest), viewer)
        if other.rows:
            other.corrected = nearest
            return other
    found.relaxed = _relaxed(search, viewer)
    return found


def row_of(profile: Profile, viewer: Viewer, slots: tuple[match.Hours, ...], **more: Any) -> Row:
    """Return what is said of a mentor to one viewer."""
    zone = ZoneInfo(profile.zone)
    offer = Offer(frozenset(profile.keys), profile.industry, zone, slots)
    fit: Fit = match.fit(viewer.asker, offer, monday=viewer.monday)
    within = profile.answers_within
    name = profile.name or "A member"
    return Row(
        pk=profile.pk,
        name=name,
        given_name=name.split(" ")[0],
        headline=profile.headline,
        words=profile.helps_with,
        topics=list(profile.topics),
        place=say_place(profile, viewer),
        is_open=profile.takes_somebody(viewer.today),
        answers="" if not within else f"Usually answers in {_say_days(within)}",
        distance=match.say_distance(viewer.asker.zone, zone, viewer.now),
        reasons=fit.reasons,
        **more,
    )


def say_place(profile: Profile, viewer: Viewer) -> str:
    """Say whether somebody new can ask."""
    if not profile.places_free:
        return "No place free now"
    if profile.is_paused(viewer.today) and profile.paused_until:
        return f"Nobody new until {say_day_within(profile.paused_until, viewer.today)}"
    return "1 place free" if profile.places_free == 1 else f"{profile.places_free} places free"


def _say_days(days: int) -> str:
    if days % 7 == 0:
        return "a week" if days == 7 else f"{days // 7} weeks"
    return "a day" if days == 1 else f"{days} days"


def _page(search: Search, viewer: Viewer) -> Found:
    part = statement.page_of(search, viewer)
    profiles: list[Any] = list(Profile.objects.raw(part.sql, part.values))
    shown = profiles[:PAGE]
    rows = [row_of(row, viewer, _hours(row.slot_rows), marks=row.own_marks, is_reader=row.is_reader) for row in shown]
    older = ""
    if len(profiles) > PAGE:
        last = shown[-1]
        glue = "&" if search.pairs else "?"
        older = f"{search.url}{glue}after={last.first}.{last.score}.{last.pk}"
    return Found(rows, total=profiles[0].total if profiles else 0, older=older)


def _hours(rows: Any) -> tuple[Hours, ...]:
    found = json.loads(rows) if isinstance(rows, str) else rows
    return tuple(Hours(day, time.fromisoformat(start), time.fromisoformat(end)) for day, start, end in found)


def _nearest(search: Search) -> str:
    """Return the words with the one nobody wrote replaced by the nearest that somebody did; "" where there is none."""
    found = []
    with connection.cursor() as cursor:
        for word in search.words:
            beginning = word.replace("\\", "").replace("%", "").replace("_", "") + "%"
            cursor.execute(NEAREST, [word, beginning if len(beginning) > 3 else "", word])
            nearest = cursor.fetchone()
            found.append(nearest[0] if nearest else word)
    return " ".join(found) if found != search.words else ""


def _relaxed(search: Search, viewer: Viewer) -> list[dict[str, Any]]:
    """Return which one thing to ask for less, the most helpful first."""
    less = search.relaxed()
    part = statement.counts_of([other for _, other in less], viewer)
    with connection.cursor() as cursor:
        cursor.execute(part.sql, part.values)
        numbers = sorted(cursor.fetchall(), key=lambda row: -row[1])
    return [
        {
            "name": less[place][0],
            "number": min(number, CANDIDATES),
            "is_capped": number > CANDIDATES,
            "url": less[place][1].url,
        }
        for place, number in numbers
        if number
    ][:MOST_RELAXED]


def marks_of(user: User, profile: Profile) -> list[str]:
    """Return the kinds of one's own notes on a mentor."""
    return list(Mark.objects.owned_by(user).filter(profile=profile).values_list("kind", flat=True))

"""A person's week: what is due, what moved, who wrote. The page, the mail, the calendar feed and the memory aid all
read it from here.

Each app that has something to say about a week is one function in home/sources.py, which is given a `Look`
(home/look.py: whose weeks, for whose eyes) and yields `Thing`s, and one line here: in DUE if some of them have a day by
which they are to be done, else in SOURCES.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import User
from core import markdown
from core.compiled import CompiledQuery
from core.timekeeping import period_bounds, week_key
from goals.models import Goal
from goals.trail import GoalFacts, Standing, standing_of
from home import mentoring, networking, sources
from home.look import Look, Thing, Words
from home.moments import moments
from home.sources import NOTE_LENGTH, milestone_due
from journal.models import Entry, Intention
from journal.periods import is_month
from journal.recalled import Meant, Recalled, recalled
from journal.scales import MOOD_ICONS

__all__ = [
    "DUE",
    "MEANT",
    "MEMORY",
    "SOURCES",
    "Day",
    "GoalLine",
    "Look",
    "Memory",
    "Thing",
    "Week",
    "Words",
    "days_of",
    "due_between",
    "hints_of",
    "milestone_due",
    "things_of",
    "week_for",
    "weeks_of",
]

GOALS_SHOWN = 5

Source = Callable[[Look], Iterable[Thing]]
# A new app joins here, with one function of home/sources.py (mentoring: home/mentoring.py, contacts: home/networking.py).
DUE: tuple[Source, ...] = (
    sources.goals,
    sources.milestones,
    mentoring.agreements,
    mentoring.check_ins,
    mentoring.waiting,
    networking.events,
    networking.renewals,
    networking.plans,
    networking.promises,
    networking.people,
    networking.interviews,
)
SOURCES: tuple[Source, ...] = (
    *DUE,
    sources.progress,
    sources.comments,
    sources.entries,
    sources.wins,
    sources.talks,
)
# What was reached and logged.
STEPS = (sources.milestones, sources.progress)
# What jogs the memory of somebody who writes about a week, and decides what they are asked about it.
MEMORY = (sources.goals, mentoring.check_ins, *STEPS, sources.comments, sources.wins, sources.talks)


@dataclass(frozen=True)
class GoalLine:
    """One goal on the way and where it stands."""

    goal: GoalFacts
    standing: Standing


@dataclass
class Week:
    """One person's week (or month, by its key), gathered."""

    owner: User
    key: str
    today: date
    moved: list[Thing] = field(default_factory=list)
    due: list[Thing] = field(default_factory=list)
    goals: list[GoalLine] = field(default_factory=list)
    words: Words | None = None
    intention: str = ""
    came_true: str = ""  # what was answered about the intention

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing at all to show."""
        return not (self.moved or self.due or self.goals or self.words or self.intention)

    @property
    def days(self) -> list[date]:
        first, last = period_bounds(self.key)
        return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]

    def moved_on(self, day: date) -> list[Thing]:
        return [thing for thing in self.moved if thing.on == day]

    @property
    def wins(self) -> list[Thing]:
        """What went well, the newest first."""
        return [thing for thing in reversed(self.moved) if thing.hint == "win"]

    def due_on(self, day: date) -> list[Thing]:
        return [thing for thing in self.due if thing.on == day]

    @property
    def hints(self) -> set[str]:
        """What this week holds, as the questions understand it."""
        found = {thing.hint for thing in (*self.moved, *self.due) if thing.hint}
        if any(thing.days_late(self.today) > 0 for thing in self.due):
            found.add("late")
        return found if self.moved else found | {"quiet"}


def week_for(owner: User, *, viewer: User, week: str, today: date) -> Week:
    """Return one person's week as `viewer` may see it at this moment."""
    look = Look({owner.pk: owner}, {owner.pk: week}, {owner.pk: today}, None if viewer == owner else viewer)
    return _gather(look)[owner.pk]


def weeks_of(people: Mapping[int, User], weeks: Mapping[int, str], *, now: datetime) -> dict[int, Week]:
    """Return many people's own weeks, by user id, with as many queries as one of them costs."""
    return _gather(Look(people, weeks, _days(people, now))) if people else {}


def hints_of(people: Mapping[int, User], weeks: Mapping[int, str], *, now: datetime) -> dict[int, set[str]]:
    """Return what each person's week holds, for the choice of its questions."""
    return _hints(Look(people, weeks, _days(people, now))) if people else {}


def _hints(look: Look, gathered: Mapping[int, Week] | None = None) -> dict[int, set[str]]:
    found = {pk: week.hints for pk, week in (gathered or _things(look, MEMORY)).items()}
    for owner_id, hint in moments(look):
        found[owner_id].add(hint)
    return found


def things_of(user: User, key: str, *, today: date) -> list[Thing]:
    """Return what was logged and reached in one's own week or month, by its days."""
    return _things(Look({user.pk: user}, {user.pk: key}, {user.pk: today}), STEPS)[user.pk].moved


def due_between(owner: User, *, today: date, back: timedelta, ahead: timedelta, limit: int) -> list[Thing]:
    """Return what is due to one person in the days around `today`, earliest first: for their calendar."""
    look = Look({owner.pk: owner}, {owner.pk: week_key(today)}, {owner.pk: today}, ahead=ahead, back=back, plenty=limit)
    return [thing for thing in _things(look, DUE)[owner.pk].due if thing.has_day][:limit]


def _days(people: Mapping[int, User], now: datetime) -> dict[int, date]:
    return {pk: person.today(now) for pk, person in people.items()}


_BY_DAY = attrgetter("on")


def _things(look: Look, asked: Iterable[Source] | None = None) -> dict[int, Week]:
    found = {pk: Week(person, look.weeks[pk], look.today[pk]) for pk, person in look.people.items()}
    for source in SOURCES if asked is None else asked:
        for thing in source(look):
            week = found[thing.owner_id]
            (week.due if thing.is_due else week.moved).append(thing)
    for week in found.values():
        week.moved.sort(key=_BY_DAY)
        week.due.sort(key=_BY_DAY)
    return found


def _gather(look: Look) -> dict[int, Week]:
    found = _things(look)
    for row in _on_the_way(look):
        goal = GoalFacts(*row)
        standing = standing_of(goal, today=look.today[goal.owner_id])
        found[goal.owner_id].goals.append(GoalLine(goal, standing))
    for said in reversed(sources.words(look)):
        if said.is_active:
            found[said.owner_id].words = said
    for owner_id, key, text, came_true in _intentions(look):
        if look.weeks[owner_id] == key:
            found[owner_id].intention, found[owner_id].came_true = text, came_true
    return found


def _intentions(look: Look) -> Iterable[tuple[int, str, str, str]]:
    owners, keys = list(look.people), sorted(look.weeks.values())
    if look.viewer is not None:
        return _meant(owners, keys[0], keys[-1], look.viewer)
    return MEANT.rows(owners=owners, first=keys[0], last=keys[-1])


def _meant(owners: list[int], first: str, last: str, viewer: User | None = None) -> QuerySet:
    rows = Intention.objects.alive().filter(owner__in=owners).between(first, last)
    if viewer is not None:
        rows = rows.visible_to(viewer)
    return rows.values_list("owner_id", "key", "text", "came_true")


MEANT = CompiledQuery(_meant, owners=list, first=str, last=str)


def _on_the_way(look: Look) -> Iterable[tuple[Any, ...]]:
    """Return the first few goals of each person as rows of `GoalFacts`, the nearest date first: one query."""
    owners = list(look.people)
    if look.viewer is not None:
        return _nearest_of_each(owners, look.viewer)
    return _NEAREST.rows(owner=owners[0]) if len(owners) == 1 else _NEAREST_OF_EACH.rows(owners=owners)


def _nearest(owner: int) -> QuerySet:
    rows = Goal.objects.owned_by(User(pk=owner)).on_the_way()
    return _facts(rows)[:GOALS_SHOWN]


def _nearest_of_each(owners: list[int], viewer: User | None = None) -> QuerySet:
    rows = Goal.objects.owned_by_any(User(pk=owner) for owner in owners).on_the_way()
    if viewer is not None:
        rows = rows.visible_to(viewer)
    place = Window(RowNumber(), partition_by="owner", order_by=["ranked_on", "pk"])
    nearest = rows.annotate(place=place).filter(place__lte=GOALS_SHOWN)
    return _facts(Goal.objects.filter(pk__in=nearest.values("pk")))


def _facts(goals: Any) -> QuerySet:
    return goals.with_progress().order_by("ranked_on", "pk").values_list(*GoalFacts._fields)


_NEAREST = CompiledQuery(_nearest, owner=int)
_NEAREST_OF_EACH = CompiledQuery(_nearest_of_each, owners=list)


@dataclass(frozen=True)
class Day:
    """One day of the memory aid: how it went (`mood`, 1 to 5), what was logged, reached, and said by others (`quiet`)."""

    day: str
    mood: int | None
    lines: list[str]
    reached: list[str]
    quiet: list[str]

    @property
    def mood_icon(self) -> str:
        return MOOD_ICONS[self.mood - 1] if self.mood else ""

    @property
    def mood_label(self) -> str:
        return Entry.Mood(self.mood).label if self.mood else ""

    @property
    def is_blank(self) -> bool:
        return not (self.mood or self.lines or self.reached or self.quiet)


class Memory:
    """One's own week or month up to today, for the page on which one writes about it."""

    def __init__(self, user: User, key: str, *, today: date, recalled: Recalled | None = None) -> None:
        self.look = Look({user.pk: user}, {user.pk: key}, {user.pk: today})
        self.user, self.key, self.today, self._recalled = user, key, today, recalled

    @cached_property
    def week(self) -> Week:
        return _things(self.look, MEMORY)[self.user.pk]

    @cached_property
    def recalled(self) -> Recalled:
        """What the journal has of it in short, asked for unless it came along."""
        return self._recalled or recalled(self.user, self.key, self.key)

    @property
    def meant(self) -> Meant | None:
        """What its owner wanted to do in it."""
        return self.recalled.meant.get(self.key)

    @property
    def hints(self) -> set[str]:
        """What the week holds, for the choice of its questions; a month is asked about whatever it held."""
        if is_month(self.key):
            return set()
        return _hints(self.look, {self.user.pk: self.week})[self.user.pk]

    @property
    def days(self) -> list[Day]:
        """The days of the week that have come, to jog the memory."""
        moods = self.recalled.moods
        return [self._day(day, moods.get(day)) for day in self.week.days if day <= self.today]

    def _day(self, day: date, mood: int | None) -> Day:
        things = self.week.moved_on(day)
        logged = [thing for thing in things if thing.hint == "progress"]
        lines = [markdown.plain(thing.note, NOTE_LENGTH) or thing.sentence for thing in logged[:5]]
        reached = [thing.title for thing in things if thing.hint in {"milestone", "win"}]
        quiet = [thing.sentence for thing in things if thing.hint not in {"progress", "milestone", "win"}]
        return Day(f"{day:%a}", mood, lines, reached[:5], quiet[:2])


def days_of(user: User, week: str, *, today: date | None = None) -> list[Day]:
    """Return the days of one's own week up to today, to jog the memory while writing about it."""
    return Memory(user, week, today=today or user.today(timezone.now())).days

"""A person's week: what is due, what moved, who wrote. The page, the mail and the memory aid all read it from here.

Each app that has something to say about a week is one function in SOURCES. It is given a `Look` (whose weeks, for whose
eyes) and yields `Thing`s, with a number of queries that does not depend on how many people are looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import User
from core import markdown
from core.compiled import CompiledQuery
from core.timekeeping import week_bounds
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate
from goals.trail import Standing, say_count, say_number, standing_of
from journal.models import Entry, EntryComment, Intention
from sharing.models import Comment, Mentorship

# What comes into sight as "next up".
AHEAD = timedelta(days=7)
# The last words of a mentor are shown as long as they are still about something.
COMMENTS_STAY = timedelta(days=28)
# Nobody reads more than this of one week; it keeps a hoarder's page as cheap as anybody's.
PLENTY = 100
GOALS_SHOWN = 5
NOTE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of one person's week: done or said on a day (`is_due` False), or to be done by one.

    `title` and `about` are what a list shows, `label` a word or two for the week strip, `sentence` a line of a mail,
    `neutral` the same without anybody's private words, `note` what was written with it, as Markdown. `hint` is one of journal.questions.HINTS.
    """

    owner_id: int
    on: date
    title: str
    sentence: str
    neutral: str
    url: str
    is_due: bool = False
    about: str = ""
    label: str = ""
    note: str = ""
    icon: str = "diamond"
    hint: str = ""
    milestone: int = 0  # its number, where a tick can say it is done

    def days_late(self, today: date) -> int:
        return (today - self.on).days if self.is_due else 0


@dataclass(frozen=True)
class GoalLine:
    """One goal on the way and where it stands."""

    goal: Goal
    standing: Standing


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote to the owner: plain text, who, where. `is_private` words stand in no mail."""

    owner_id: int
    author: str
    text: str
    where: str
    url: str
    at: datetime
    on: date
    is_mentor: bool
    is_active: bool  # the relation is in force
    is_private: bool

    @property
    def heading(self) -> str:
        return "From your mentor" if self.is_mentor else "From your colleague"


class Asked:
    """One question about weeks: a model and what to ask of it. Gives plain rows.

    `build(rows, span, limit)` gets a queryset of what may be seen and returns one of values. One's own page, which is
    opened all the time, uses a compiled form of it; batches of mails and readers ask the queryset itself.
    """

    def __init__(self, model: Any, build: Callable[[Any, "Span", int], QuerySet]) -> None:
        self.model, self.build = model, build
        kinds = {"first": date, "last": date, "horizon": date, "start": datetime, "end": datetime, "lately": datetime}
        self._compiled = CompiledQuery(self._own, owner=int, **kinds)

    def _own(self, owner: int, **days: Any) -> QuerySet:
        return self.build(self._of([User(pk=owner)]), Span(**days), PLENTY)

    def _of(self, owners: list[User]) -> Any:
        rows = self.model._default_manager.all()
        if issubclass(self.model, Comment):
            return rows.filter(item__owner__in=owners, item__deleted_at=None)
        return rows.owned_by_any(owners)

    def rows(self, look: "Look") -> list[tuple[Any, ...]]:
        """Return the rows of everybody looked at."""
        if look.viewer is None and len(look.people) == 1:
            return self._compiled.rows(owner=next(iter(look.people)), **look.span._asdict())
        rows = self._of(list(look.people.values()))
        if look.viewer is not None:
            rows = rows.visible_to(look.viewer)
        return list(self.build(rows, look.span, PLENTY * len(look.people)))


class Span(NamedTuple):
    """The days and moments of a look: wide enough for everybody in it, whatever their zone."""

    first: date
    last: date
    horizon: date
    start: datetime
    end: datetime
    lately: datetime


@dataclass(frozen=True)
class Look:
    """Whose weeks are gathered and for whose eyes. `viewer` None: everybody looks at their own.

    People in one look may live in different zones and weeks: queries span all of them, `holds` tells them apart.
    """

    people: Mapping[int, User]
    weeks: Mapping[int, str]
    today: Mapping[int, date]
    viewer: User | None = None

    @cached_property
    def spans(self) -> dict[int, tuple[date, date]]:
        bounds = {key: week_bounds(key) for key in set(self.weeks.values())}
        return {pk: bounds[key] for pk, key in self.weeks.items()}

    @cached_property
    def span(self) -> Span:
        first = min(first for first, _ in self.spans.values())
        last = max(last for _, last in self.spans.values())
        # A day before the first begins anywhere, and after the last has ended everywhere.
        start, end = _midnight(first) - timedelta(days=1), _midnight(last) + timedelta(days=2)
        return Span(first, last, max(self.today.values()) + AHEAD, start, end, start - COMMENTS_STAY)

    def holds(self, owner_id: int, day: date) -> bool:
        """Tell whether a day lies in the week looked at."""
        first, last = self.spans[owner_id]
        return first <= day <= last

    def is_near(self, owner_id: int, day: date) -> bool:
        """Tell whether a due date is near enough to be shown, or past."""
        return day <= self.today[owner_id] + AHEAD

    def day_of(self, owner_id: int, moment: datetime) -> date:
        """Return the owner's calendar day of a moment."""
        return self.people[owner_id].today(moment)

    @cached_property
    def comments(self) -> list[Words]:
        """What others wrote about these people's goals and entries lately, newest first: two queries."""
        found = [self._words(row[:-1], row[-1], f"/goals/{row[1]}/") for row in GOAL_COMMENTS.rows(self)]
        for row in ENTRY_COMMENTS.rows(self):
            where = f"your entry of {row[-1].day} {row[-1]:%B}"
            found.append(self._words(row[:-1], where, f"/journal/{row[1]}/", is_private=True))
        return sorted(found, key=lambda words: (words.at, words.url), reverse=True)

    def _words(self, row: tuple[Any, ...], where: str, page: str, *, is_private: bool = False) -> Words:
        pk, _, owner_id, text, at, name, email, kind, status = row
        url, on = f"{page}#comment-{pk}", self.day_of(owner_id, at)
        is_mentor, is_active = kind == Mentorship.Kind.MENTOR, status == Mentorship.Status.ACTIVE
        said = markdown.plain(text, 400)
        return Words(owner_id, name or email, said, where, url, at, on, is_mentor, is_active, is_private)


def _goals(rows: Any, span: Span, limit: int) -> QuerySet:
    is_due = Q(status="active", due_on__lte=span.horizon)
    is_closed = Q(status__in=["achieved", "partly", "dropped"], closed_at__gte=span.start, closed_at__lt=span.end)
    found = rows.filter(is_due | is_closed).order_by("due_on", "pk")
    return found.values_list("pk", "owner_id", "title", "status", "due_on", "closed_at")[:limit]


def _milestones(rows: Any, span: Span, limit: int) -> QuerySet:
    is_due = Q(done_at=None, due_on__lte=span.horizon, goal__status="active")
    is_done = Q(done_at__gte=span.start, done_at__lt=span.end)
    found = rows.filter(is_due | is_done).order_by("due_on", "pk")
    return found.values_list("pk", "goal_id", "goal__owner_id", "title", "goal__title", "due_on", "done_at")[:limit]


def _progress(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.moved_between(span.first, span.last).order_by("happened_on", "pk")
    measure = ("goal__measure", "goal__unit", "goal__start_value", "goal__target_value")
    fields = ("goal_id", "goal__owner_id", "goal__title", *measure, "happened_on", "value", "note")
    return found.values_list(*fields)[:limit]


def _comments(subject: str) -> Callable[[Any, Span, int], QuerySet]:
    def build(rows: Any, span: Span, limit: int) -> QuerySet:
        rows = rows.filter(removed_at=None, created_at__gte=span.lately, author__isnull=False)
        rows = rows.exclude(author=F("item__owner")).order_by("-created_at", "-pk")
        people = ("author__name", "author__email", "mentorship__kind", "mentorship__status")
        return rows.values_list("pk", "item_id", "item__owner_id", "text", "created_at", *people, subject)[:limit]

    return build


def _entries(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.written_between(span.first, span.last).order_by("entry_on", "pk")
    return found.values_list("pk", "owner_id", "kind", "entry_on")[:limit]


GOALS = Asked(Goal, _goals)
MILESTONES = Asked(Milestone, _milestones)
PROGRESS = Asked(ProgressUpdate, _progress)
GOAL_COMMENTS = Asked(GoalComment, _comments("item__title"))
ENTRY_COMMENTS = Asked(EntryComment, _comments("item__entry_on"))
ENTRIES = Asked(Entry, _entries)


def goals(look: Look) -> Iterator[Thing]:
    """Goals whose date comes near or has passed, and goals that were reached or let go."""
    for pk, owner_id, title, status, due_on, closed_at in GOALS.rows(look):
        url = f"/goals/{pk}/"
        if closed_at is None:
            if look.is_near(owner_id, due_on):
                sentence = f"{title}: the date you set for it"
                about = "The date you set for this goal"
                yield Thing(
                    owner_id, due_on, title, sentence, "A goal comes to its date", url,
                    is_due=True, about=about, label="Goal due", hint="due",
                )  # fmt: skip
            continue
        day = look.day_of(owner_id, closed_at)
        if look.holds(owner_id, day):
            state = Goal.Status(status).label
            said = f"{state[:1].lower()}{state[1:]}"
            yield Thing(
                owner_id, day, title, f"{title}: {said}", f"A goal: {said}", url,
                about=state, label=state, icon="diamond-fill", hint="milestone",
            )  # fmt: skip


def milestone_due(step: Milestone) -> Thing:
    """Return an open milestone as a thing to do; without a date of its own it is due with its goal."""
    goal, day = step.goal, step.due_on or step.goal.due_on or step.goal.starts_on
    return _milestone(step.pk, goal.owner_id, day, step.title, goal.title, step.get_absolute_url())


def _milestone(pk: int, owner_id: int, day: date, title: str, goal_title: str, url: str) -> Thing:
    sentence, about = f"{title} ({goal_title})", f"Milestone in {goal_title}"
    return Thing(
        owner_id, day, title, sentence, "A milestone", url,
        is_due=True, about=about, label=title, hint="due", milestone=pk,
    )  # fmt: skip


def milestones(look: Look) -> Iterator[Thing]:
    """Milestones that are due or late, and milestones reached."""
    for pk, goal_id, owner_id, title, goal_title, due_on, done_at in MILESTONES.rows(look):
        url, about = f"/goals/{goal_id}/#milestone-{pk}", f"Milestone in {goal_title}"
        if done_at is None:
            if look.is_near(owner_id, due_on):
                yield _milestone(pk, owner_id, due_on, title, goal_title, url)
            continue
        day = look.day_of(owner_id, done_at)
        if look.holds(owner_id, day):
            yield Thing(
                owner_id, day, title, f"Reached: {title}", "A milestone reached", url,
                about=about, label=title, icon="diamond-fill", hint="milestone",
            )  # fmt: skip


def progress(look: Look) -> Iterator[Thing]:
    """What was logged."""
    for goal_id, owner_id, title, measure, unit, start, target, day, value, words in PROGRESS.rows(look):
        if not look.holds(owner_id, day):
            continue
        goal = Goal(measure=measure, unit=unit, start_value=start, target_value=target)
        is_count = value is not None and goal.counts
        count = say_count(goal, latest=value) if is_count else markdown.plain(words, NOTE_LENGTH)
        label = f"{say_number(value)} {unit}".strip() if is_count else title
        yield Thing(
            owner_id, day, title, f"{title}: {count}", "Progress on a goal", f"/goals/{goal_id}/",
            about=count, label=label, note=words, hint="progress",
        )  # fmt: skip


def comments(look: Look) -> Iterator[Thing]:
    """What others wrote about it."""
    for words in look.comments:
        if look.holds(words.owner_id, words.on):
            sentence = f"{words.author} wrote about {words.where}"
            yield Thing(
                words.owner_id, words.on, f"{words.author} wrote", sentence, f"{words.author} wrote to you", words.url,
                about=f"About {words.where}", label=f"{words.author.split(' ')[0]} wrote", icon="chat-left",
                hint="comment",
            )  # fmt: skip


def entries(look: Look) -> Iterator[Thing]:
    """That something was written, never what."""
    for pk, owner_id, kind, day in ENTRIES.rows(look):
        if look.holds(owner_id, day):
            word = Entry.Kind(kind).label
            said = f"{word} in your journal"
            yield Thing(
                owner_id, day, word, said, said, f"/journal/{pk}/",
                about="In your journal", label=word, icon="journal-text",
            )  # fmt: skip


# A new app joins here, with one function.
SOURCES: tuple[Callable[[Look], Iterable[Thing]], ...] = (goals, milestones, progress, comments, entries)
# What jogs the memory of somebody who writes about a week.
MEMORY = (milestones, progress, comments)


@dataclass
class Week:
    """One person's week, gathered."""

    owner: User
    key: str
    today: date
    moved: list[Thing] = field(default_factory=list)
    due: list[Thing] = field(default_factory=list)
    goals: list[GoalLine] = field(default_factory=list)
    words: Words | None = None
    intention: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing at all to show."""
        return not (self.moved or self.due or self.goals or self.words or self.intention)

    @property
    def days(self) -> list[date]:
        monday = week_bounds(self.key)[0]
        return [monday + timedelta(days=offset) for offset in range(7)]

    def moved_on(self, day: date) -> list[Thing]:
        return [thing for thing in self.moved if thing.on == day]

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
    if not people:
        return {}
    look = Look(people, weeks, _days(people, now))
    return {pk: week.hints for pk, week in _things(look).items()}


def _days(people: Mapping[int, User], now: datetime) -> dict[int, date]:
    return {pk: person.today(now) for pk, person in people.items()}


def _things(look: Look, sources: Iterable[Callable[[Look], Iterable[Thing]]] = SOURCES) -> dict[int, Week]:
    found = {pk: Week(person, look.weeks[pk], look.today[pk]) for pk, person in look.people.items()}
    for source in sources:
        for thing in source(look):
            week = found[thing.owner_id]
            (week.due if thing.is_due else week.moved).append(thing)
    for week in found.values():
        week.moved.sort(key=lambda thing: thing.on)
        week.due.sort(key=lambda thing: thing.on)
    return found


def _gather(look: Look) -> dict[int, Week]:
    found = _things(look)
    for goal in _on_the_way(look):
        standing = standing_of(goal, today=look.today[goal.owner_id])
        found[goal.owner_id].goals.append(GoalLine(goal, standing))
    for words in reversed(look.comments):
        if words.is_active:
            found[words.owner_id].words = words
    meant = Intention.objects.alive() if look.viewer is None else Intention.objects.alive().visible_to(look.viewer)
    for intention in meant.filter(owner__in=look.people, key__in=set(look.weeks.values())):
        if look.weeks[intention.owner_id] == intention.key:
            found[intention.owner_id].intention = intention.text
    return found


def _on_the_way(look: Look) -> Iterable[Goal]:
    """Return the first few goals of each person, the nearest date first, with what their trails need: one query."""
    rows = Goal.objects.owned_by_any(look.people.values()).on_the_way()
    if look.viewer is not None:
        rows = rows.visible_to(look.viewer)
    if len(look.people) == 1:
        return rows.with_progress().order_by("due_on", "pk")[:GOALS_SHOWN]
    place = Window(RowNumber(), partition_by="owner", order_by=["due_on", "pk"])
    nearest = rows.annotate(place=place).filter(place__lte=GOALS_SHOWN)
    return Goal.objects.filter(pk__in=nearest.values("pk")).with_progress().order_by("due_on", "pk")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)


@dataclass(frozen=True)
class Day:
    """One day of the memory aid: what was logged (`lines`), reached (`reached`) and said by others (`quiet`)."""

    day: str
    lines: list[str]
    reached: list[str]
    quiet: list[str]


def days_of(user: User, week: str, *, today: date | None = None) -> list[Day]:
    """Return the days of one's own week up to today, to jog the memory while writing about it."""
    today = today or user.today(timezone.now())
    look = Look({user.pk: user}, {user.pk: week}, {user.pk: today})
    gathered = _things(look, MEMORY)[user.pk]
    found = []
    for day in gathered.days:
        things = gathered.moved_on(day) if day <= today else []
        if day <= today:
            logged = [thing for thing in things if thing.hint == "progress"]
            lines = [markdown.plain(thing.note, NOTE_LENGTH) or thing.sentence for thing in logged]
            reached = [thing.title for thing in things if thing.hint == "milestone"]
            quiet = [thing.sentence for thing in things if thing.hint not in {"progress", "milestone"}]
            found.append(Day(f"{day:%a}", lines[:5], reached[:5], quiet[:2]))
    return found

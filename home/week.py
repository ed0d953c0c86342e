"""A person's week: what is due, what moved, who wrote. The page, the mail and the memory aid all read it from here.

Each app that has something to say about a week is one function in SOURCES. It is given a `Look` (whose weeks, for whose
eyes) and yields `Thing`s, with a number of queries that does not depend on how many people are looked at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import User
from core import markdown
from core.timekeeping import week_bounds
from goals.models import Goal, GoalComment, Milestone, ProgressUpdate
from goals.trail import Standing, say_count, say_number, standing_of
from journal.models import Entry, EntryComment, Intention
from sharing.models import Comment

# What comes into sight as "next up".
AHEAD = timedelta(days=7)
# The last words of a mentor are shown as long as they are still about something.
COMMENTS_STAY = timedelta(days=28)
# Nobody reads more than this of one week; it keeps a hoarder's page as cheap as anybody's.
PLENTY = 100
GOALS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of one person's week: done or said on a day (`is_due` False), or to be done by one.

    `title` and `about` are what a list shows, `label` a word or two for the week strip, `sentence` a line of a mail,
    `neutral` the same without anybody's private words. `hint` is one of journal.questions.HINTS.
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


@dataclass(frozen=True)
class Words:
    """What somebody wrote to the owner last: plain text, who, where. `is_private` words stand in no mail."""

    comment: Comment
    text: str
    where: str
    on: date
    is_private: bool

    @property
    def author(self) -> str:
        return self.comment.author_name

    @property
    def heading(self) -> str:
        return "From your mentor" if self.comment.mentorship.is_mentor else "From your colleague"

    @property
    def url(self) -> str:
        return self.comment.get_absolute_url()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Look:
    """Whose weeks are gathered and for whose eyes. `viewer` None: everybody looks at their own.

    People in one look may live in different zones and weeks: queries span all of them, `holds` tells them apart.
    """

    people: Mapping[int, User]
    weeks: Mapping[int, str]
    today: Mapping[int, date]
    viewer: User | None = None
    wants_due: bool = True

    @cached_property
    def spans(self) -> dict[int, tuple[date, date]]:
        bounds = {key: week_bounds(key) for key in set(self.weeks.values())}
        return {pk: bounds[key] for pk, key in self.weeks.items()}

    @cached_property
    def first(self) -> date:
        return min(first for first, _ in self.spans.values())

    @cached_property
    def last(self) -> date:
        return max(last for _, last in self.spans.values())

    @cached_property
    def horizon(self) -> date:
        return max(self.today.values()) + AHEAD

    @property
    def plenty(self) -> int:
        return PLENTY * len(self.people)

    def readable(self, rows: Any) -> Any:
        """Narrow a QuerySet to what these people own and the viewer may see at this moment."""
        if self.viewer is not None:
            rows = rows.visible_to(self.viewer)
        return rows.owned_by_any(self.owners)

    @cached_property
    def owners(self) -> list[User]:
        return list(self.people.values())

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
        since = _midnight(self.first) - COMMENTS_STAY
        found: list[Words] = []
        models: tuple[type[Comment], ...] = (GoalComment, EntryComment)
        for model in models:
            every: Any = model._default_manager  # each comment model declares `item` itself
            rows = every.filter(
                item__owner__in=self.people, item__deleted_at=None, removed_at=None, created_at__gte=since
            ).exclude(Q(author=None) | Q(author=F("item__owner")))
            if self.viewer:
                rows = rows.visible_to(self.viewer)
            rows = rows.with_people().select_related("author", "mentorship", "item").order_by("-created_at", "-pk")
            if model is EntryComment:
                rows = rows.defer("item__title", "item__text", "item__answers")
            found += [self._words(row) for row in rows[: self.plenty]]
        return sorted(found, key=lambda words: (words.comment.created_at, words.comment.pk), reverse=True)

    def _words(self, comment: Any) -> Words:
        is_entry = isinstance(comment, EntryComment)
        where = (
            f"your entry of {comment.item.entry_on.day} {comment.item.entry_on:%B}" if is_entry else comment.item.title
        )
        on = self.day_of(comment.item.owner_id, comment.created_at)
        return Words(comment, markdown.plain(comment.text, 400), where, on, is_private=is_entry)


def goals(look: Look) -> Iterator[Thing]:
    """Goals whose date comes near or has passed, and goals that were reached or let go."""
    rows = look.readable(Goal.objects.all())
    for goal in rows.due_by(look.horizon)[: look.plenty] if look.wants_due else ():
        if look.is_near(goal.owner_id, goal.due_on):
            yield Thing(
                goal.owner_id,
                goal.due_on,
                goal.title,
                f"{goal.title}: the date you set for it",
                "A goal comes to its date",
                goal.get_absolute_url(),
                is_due=True,
                about="The date you set for this goal",
                label="Goal due",
                hint="due",
            )
    closed = rows.closed().filter(closed_at__gte=_start(look), closed_at__lt=_end(look))
    for goal in closed.order_by("closed_at", "pk")[: look.plenty]:
        day = look.day_of(goal.owner_id, goal.closed_at)
        if look.holds(goal.owner_id, day):
            state = goal.get_status_display()
            yield Thing(
                goal.owner_id,
                day,
                goal.title,
                f"{goal.title}: {state[:1].lower()}{state[1:]}",
                f"A goal: {state[:1].lower()}{state[1:]}",
                goal.get_absolute_url(),
                about=state,
                label=state,
                icon="diamond-fill",
                hint="milestone",
            )


def milestone_due(step: Milestone) -> Thing:
    """Return an open milestone as a thing to do; without a date of its own it is due with its goal."""
    goal = step.goal
    return Thing(
        goal.owner_id,
        step.due_on or goal.due_on or goal.starts_on,
        step.title,
        f"{step.title} ({goal.title})",
        "A milestone",
        step.get_absolute_url(),
        is_due=True,
        about=f"Milestone in {goal.title}",
        label=step.title,
        hint="due",
        milestone=step.pk,
    )


def milestones(look: Look) -> Iterator[Thing]:
    """Milestones that are due or late, and milestones reached."""
    rows = look.readable(Milestone.objects.all()).select_related("goal")
    for step in rows.due_by(look.horizon)[: look.plenty] if look.wants_due else ():
        if look.is_near(step.goal.owner_id, step.due_on):
            yield milestone_due(step)
    done = rows.done().filter(done_at__gte=_start(look), done_at__lt=_end(look))
    for step in done.order_by("done_at", "pk")[: look.plenty]:
        day = look.day_of(step.goal.owner_id, step.done_at)
        if look.holds(step.goal.owner_id, day):
            yield Thing(
                step.goal.owner_id,
                day,
                step.title,
                f"Reached: {step.title}",
                "A milestone reached",
                step.get_absolute_url(),
                about=f"Milestone in {step.goal.title}",
                label=step.title,
                icon="diamond-fill",
                hint="milestone",
            )


def progress(look: Look) -> Iterator[Thing]:
    """What was logged."""
    rows = look.readable(ProgressUpdate.objects.all()).moved_between(look.first, look.last).select_related("goal")
    for update in rows.order_by("happened_on", "pk")[: look.plenty]:
        goal = update.goal
        if not look.holds(goal.owner_id, update.happened_on):
            continue
        note = markdown.plain(update.note, 120)
        is_count = update.value is not None and goal.counts
        count = say_count(goal, latest=update.value) if is_count else note
        yield Thing(
            goal.owner_id,
            update.happened_on,
            goal.title,
            f"{goal.title}: {count}",
            "Progress on a goal",
            goal.get_absolute_url(),
            about=count,
            label=f"{say_number(update.value)} {goal.unit}".strip() if is_count else goal.title,
            note=note,
            hint="progress",
        )


def comments(look: Look) -> Iterator[Thing]:
    """What others wrote about it."""
    for words in look.comments:
        owner_id = words.comment.item.owner_id  # type: ignore[attr-defined]
        if look.holds(owner_id, words.on):
            yield Thing(
                owner_id,
                words.on,
                f"{words.author} wrote",
                f"{words.author} wrote about {words.where}",
                f"{words.author} wrote to you",
                words.url,
                about=f"About {words.where}",
                label=f"{words.author.split(' ')[0]} wrote",
                icon="chat-left",
                hint="comment",
            )


def entries(look: Look) -> Iterator[Thing]:
    """That something was written, never what."""
    rows = look.readable(Entry.objects.all()).written_between(look.first, look.last)
    for entry in rows.only("owner_id", "kind", "entry_on").order_by("entry_on", "pk")[: look.plenty]:
        if look.holds(entry.owner_id, entry.entry_on):
            word = entry.get_kind_display()
            yield Thing(
                entry.owner_id,
                entry.entry_on,
                word,
                f"{word} in your journal",
                f"{word} in your journal",
                entry.get_absolute_url(),
                about="In your journal",
                label=word,
                icon="journal-text",
            )


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
        if words.comment.mentorship.is_active:
            found[words.comment.item.owner_id].words = words  # type: ignore[attr-defined]
    meant = Intention.objects.alive() if look.viewer is None else Intention.objects.alive().visible_to(look.viewer)
    for intention in meant.filter(owner__in=look.people, key__in=set(look.weeks.values())):
        if look.weeks[intention.owner_id] == intention.key:
            found[intention.owner_id].intention = intention.text
    return found


def _on_the_way(look: Look) -> Iterable[Goal]:
    """Return the first few goals of each person, the nearest date first, with what their trails need: one query."""
    rows = look.readable(Goal.objects.all()).on_the_way()
    if len(look.people) == 1:
        return rows.with_progress().order_by("due_on", "pk")[:GOALS_SHOWN]
    place = Window(RowNumber(), partition_by="owner", order_by=["due_on", "pk"])
    nearest = rows.annotate(place=place).filter(place__lte=GOALS_SHOWN)
    return Goal.objects.filter(pk__in=nearest.values("pk")).with_progress().order_by("due_on", "pk")


def _start(look: Look) -> datetime:
    """Return a moment before the first of the days begins anywhere."""
    return _midnight(look.first) - timedelta(days=1)


def _end(look: Look) -> datetime:
    """Return a moment after the last of the days has ended everywhere."""
    return _midnight(look.last) + timedelta(days=2)


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
    look = Look({user.pk: user}, {user.pk: week}, {user.pk: today}, wants_due=False)
    gathered = _things(look, MEMORY)[user.pk]
    found = []
    for day in gathered.days:
        things = gathered.moved_on(day) if day <= today else []
        if day <= today:
            lines = [thing.note or thing.sentence for thing in things if thing.hint == "progress"]
            reached = [thing.title for thing in things if thing.hint == "milestone"]
            quiet = [thing.sentence for thing in things if thing.hint not in {"progress", "milestone"}]
            found.append(Day(f"{day:%a}", lines[:5], reached[:5], quiet[:2]))
    return found

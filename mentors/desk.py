"""The mentor's desk: what others show a reader, what of it waits, how each of them gets on.

Every query starts from what is shared with the reader now, and their number does not depend on how many people show
the reader something. What "waits" means stands in mentors/counts.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from accounts.models import User
from core.compiled import CompiledQuery
from core.markdown import plain
from core.timekeeping import say_day_within
from goals.models import Goal, GoalComment, Suggestion
from goals.proposals import say_what
from goals.trail import Standing, standing_of
from journal.models import Entry, EntryComment
from mentors.counts import own
from mentors.models import Seen
from sharing.models import Mentorship

GOALS_IN_A_PANEL = 4
ENTRIES_IN_A_PANEL = 2
# Rows under "Waiting for you"; the panels below lead to everything else.
MOST_WAITING = 25
QUIET_AFTER_DAYS = 21
EXCERPT_LENGTH = 120
SUGGESTED_IN_A_PANEL = 3
# What was answered longer ago is no news; more open ones than this nobody keeps in mind.
FATE_SHOWN_DAYS = 14
MOST_SUGGESTED = 50


class State(NamedTuple):
    """How the conversation about one shared thing stands, in the reader's own thread."""

    author: int | None = None
    at: datetime | None = None
    words: str = ""
    seen_at: datetime | None = None

    def waits(self, owner: int) -> bool:
        if self.at is None:
            return self.seen_at is None
        return self.author == owner and (self.seen_at is None or self.at > self.seen_at)


NOTHING_YET = State()


@dataclass(frozen=True)
class WaitingRow:
    """One thing that waits for the reader: shared and not looked at (`is_new`), or its owner wrote last."""

    mentorship: Mentorship
    key: str  # "goal-5", "entry-7": what a tick posts
    path: str
    title: str
    what: str  # "reflection", "note"; empty for a goal
    is_new: bool
    says: str  # the first words of the comment or of the entry; a goal that is new says its title only
    on: date


@dataclass(frozen=True)
class GoalLine:
    """A shared goal as the desk draws it; `says` are the first words of the last comment."""

    goal: Goal
    standing: Standing
    says: str = ""
    said_on: date | None = None
    said_by: int | None = None


@dataclass(frozen=True)
class SuggestedLine:
    """Something the reader suggested, and what became of it: "Waiting since 3 March", "Taken up yesterday"."""

    path: str
    title: str  # of the goal
    says: str
    fate: str


@dataclass
class Panel:
    """What one mentee shows the reader, in short."""

    mentorship: Mentorship
    moved_at: datetime
    is_resting: bool
    wrote_at: datetime | None = None
    wrote: int | None = None
    goal_count: int = 0
    entry_count: int = 0
    goals: list[GoalLine] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    moved_on: date | None = None
    wrote_on: date | None = None
    quiet_weeks: int = 0  # 0: not quiet, or resting
    suggested: list["SuggestedLine"] = field(default_factory=list)

    @property
    def more_goals(self) -> int:
        """How many shared goals the panel leaves out: further ones, and those that are closed."""
        return self.goal_count - len(self.goals)

    @property
    def more_entries(self) -> int:
        return self.entry_count - len(self.entries)

    def note(self, state: State, moved_at: datetime | None) -> None:
        """Take into account one more shared thing: when it moved and who wrote about it last."""
        if state.at is not None and (self.wrote_at is None or state.at > self.wrote_at):
            self.wrote_at, self.wrote = state.at, state.author
        by_mentee = state.at if state.author == self.mentorship.mentee_id else None
        self.moved_at = max(at for at in (self.moved_at, moved_at, by_mentee) if at is not None)


@dataclass(frozen=True)
class Desk:
    """Everything /mentees/ shows but the requests."""

    panels: list[Panel]
    waiting: list[WaitingRow]
    next_after: int | None


def lay_desk(reader: User, *, now: datetime, after: str = "", size: int = 10) -> Desk:
    """Return the panels after the relation `after`, and all that waits from anybody; nine queries."""
    today = reader.today(now)
    relations: list[Mentorship] = _RELATIONS.objects(reader=reader.pk)
    everybody = {
        row.mentee_id: Panel(row, row.started_at, row.paused_until is not None and row.paused_until >= today)
        for row in relations
    }
    goals = [_SharedGoal(*row) for row in _SHARED_GOALS.rows(reader=reader.pk)]
    entries = [_SharedEntry(*row) for row in _SHARED_ENTRIES.rows(reader=reader.pk)]
    states = conversation(reader, goals=[row.pk for row in goals], entries=[row.pk for row in entries])
    waiting: list[_Found] = []
    for name, rows in (("goal", goals), ("entry", entries)):
        for row in rows:
            if row.owner not in everybody:  # shared between two of these queries
                continue
            panel, state = everybody[row.owner], states.get((name, row.pk), NOTHING_YET)
            panel.note(state, row.moved_at)
            if state.waits(row.owner) and not panel.is_resting:
                waiting.append(_Found(state.at or row.moved_at, name, row, state))
    waiting = sorted(waiting, key=lambda found: found.since, reverse=True)[:MOST_WAITING]

    start = next((number + 1 for number, row in enumerate(relations) if str(row.pk) == after), 0)
    shown = [everybody[row.mentee_id] for row in relations[start : start + size]]
    also = {found.row.pk for found in waiting if found.name == "entry"}
    read = _fill_panels(shown, goals, entries, also=also, today=today)
    for panel in shown:
        _finish(panel, reader, today)
    _add_suggested(shown, reader, now=now)
    items = [(read.get(found.row.pk) if found.name == "entry" else found.row, found) for found in waiting]
    return Desk(
        panels=shown,
        waiting=[
            _waiting_row(everybody[found.row.owner].mentorship, found.name, item, found.state, found.since, reader)
            for item, found in items
            if item is not None  # deleted between two of these queries
        ],
        next_after=shown[-1].mentorship.pk if shown and start + size < len(relations) else None,
    )


class _Found(NamedTuple):
    """Something that waits, before it is read."""

    since: datetime
    name: str
    row: Any
    state: State


class _SharedGoal(NamedTuple):
    """What the desk asks of every goal that is shared with the reader; `owner` is a key."""

    pk: int
    owner: int
    title: str
    status: str
    moved_at: datetime


class _SharedEntry(NamedTuple):
    pk: int
    owner: int
    moved_at: datetime


def _relations(reader: int) -> QuerySet[Mentorship]:
    return Mentorship.objects.active().of_mentor(User(pk=reader)).select_related("mentee").order_by("started_at", "pk")


def _shared_goals(reader: int) -> QuerySet[Any]:
    goals = Goal.objects.all().shared_with_reader(User(pk=reader)).order_by("due_on", "pk")
    return goals.values("pk", "owner", "title", "status", "updated_at")


def _shared_entries(reader: int) -> QuerySet[Any]:
    entries = Entry.objects.all().shared_with_reader(User(pk=reader)).order_by("-entry_on", "-pk")
    return entries.values("pk", "owner", "finished_at")


_RELATIONS = CompiledQuery(_relations, reader=int)
_SHARED_GOALS = CompiledQuery(_shared_goals, reader=int)
_SHARED_ENTRIES = CompiledQuery(_shared_entries, reader=int)


def conversation(reader: User, *, goals: Sequence[int], entries: Sequence[int]) -> dict[tuple[str, int], State]:
    """Return how the reader's own conversation about these things stands, by ("goal" or "entry", pk); three queries.

    The things must be such that the reader may see. Those nobody wrote about or ticked are left out.
    """
    found: dict[tuple[str, int], State] = {}
    for name, newest, items in (("goal", _NEWEST_ON_GOALS, goals), ("entry", _NEWEST_ON_ENTRIES, entries)):
        for item, *last in newest.rows(reader=reader.pk, items=items) if items else ():
            found[name, item] = State(*last)
    for goal, entry, at in _SEEN.rows(reader=reader.pk):
        key = ("goal", goal) if goal else ("entry", entry)
        found[key] = found.get(key, NOTHING_YET)._replace(seen_at=at)
    return found


def _newest(comments: type[GoalComment] | type[EntryComment]) -> CompiledQuery:
    def build(reader: int, items: list[int]) -> QuerySet[Any]:
        written = comments._default_manager.filter(item__in=items, removed_at=None, **own(User(pk=reader)))
        newest = written.order_by("item", "-created_at", "-pk").distinct("item")
        return newest.values_list("item", "author", "created_at", Left("text", EXCERPT_LENGTH * 4))

    return CompiledQuery(build, reader=int, items=list)


_NEWEST_ON_GOALS, _NEWEST_ON_ENTRIES = _newest(GoalComment), _newest(EntryComment)
_SEEN = CompiledQuery(
    lambda reader: Seen.objects.filter(**own(User(pk=reader))).values_list("goal", "entry", "at"), reader=int
)


def waiting_row(item: Goal | Entry, mentorship: Mentorship, state: State, reader: User) -> WaitingRow:
    """Return the row for something that waits."""
    name, moved_at = ("goal", item.updated_at) if isinstance(item, Goal) else ("entry", item.finished_at)
    return _waiting_row(mentorship, name, item, state, state.at or moved_at or item.updated_at, reader)


def goal_line(goal: Goal, state: State, reader: User, *, today: date) -> GoalLine:
    """Return the line for a goal with its progress."""
    said_on = reader.today(state.at) if state.at else None
    return GoalLine(goal, standing_of(goal, today=today), plain(state.words, EXCERPT_LENGTH), said_on, state.author)


def _waiting_row(
    mentorship: Mentorship, name: str, item: Any, state: State, since: datetime, reader: User
) -> WaitingRow:
    is_goal, is_new = name == "goal", state.at is None
    says = state.words if not is_new else "" if is_goal else item.excerpt
    return WaitingRow(
        mentorship=mentorship,
        key=f"{name}-{item.pk}",
        path=f"/goals/{item.pk}/" if is_goal else item.get_absolute_url(),
        title=item.title if is_goal else item.heading,
        what="" if is_goal else item.get_kind_display().lower(),
        is_new=is_new,
        says=plain(says, EXCERPT_LENGTH),
        on=reader.today(since),
    )


def _fill_panels(
    panels: list[Panel], goals: Iterable[Any], entries: Iterable[Any], *, also: set[int], today: date
) -> dict[int, Entry]:
    """Give each panel its counts and its first things; return the entries that were read, those in `also` too."""
    by_owner = {panel.mentorship.mentee_id: panel for panel in panels}
    first_goals: dict[int, list[int]] = {owner: [] for owner in by_owner}
    first_entries: dict[int, list[int]] = {owner: [] for owner in by_owner}
    for row in goals:
        if row.owner in by_owner:
            by_owner[row.owner].goal_count += 1
            if row.status in {"active", "paused"} and len(first_goals[row.owner]) < GOALS_IN_A_PANEL:
                first_goals[row.owner].append(row.pk)
    for row in entries:
        if row.owner in by_owner:
            by_owner[row.owner].entry_count += 1
            if len(first_entries[row.owner]) < ENTRIES_IN_A_PANEL:
                first_entries[row.owner].append(row.pk)
    drawn = [pk for pks in first_goals.values() for pk in pks]
    for goal in _GOALS.objects(pks=drawn) if drawn else ():
        by_owner[goal.owner_id].goals.append(GoalLine(goal, standing_of(goal, today=today)))
    listed = {pk for pks in first_entries.values() for pk in pks}
    read = {}
    for entry in _ENTRIES.objects(pks=list(listed | also)) if listed or also else ():
        read[entry.pk] = entry
        if entry.pk in listed:
            by_owner[entry.owner_id].entries.append(entry)
    return read


_GOALS = CompiledQuery(lambda pks: Goal.objects.filter(pk__in=pks).with_progress().order_by("due_on", "pk"), pks=list)
_ENTRIES = CompiledQuery(
    lambda pks: Entry.objects.filter(pk__in=pks).select_related("period").order_by("-entry_on", "-pk"), pks=list
)


def _finish(panel: Panel, reader: User, today: date) -> None:
    panel.moved_on = reader.today(panel.moved_at)
    panel.wrote_on = reader.today(panel.wrote_at) if panel.wrote_at else None
    days = (today - panel.moved_on).days
    panel.quiet_weeks = days // 7 if days >= QUIET_AFTER_DAYS and not panel.is_resting else 0


def _suggested(reader: int, since: datetime) -> QuerySet[Suggestion]:
    waits = Q(state="open", comment__item__status__in=["active", "paused"])
    mine = Suggestion.objects.visible_to(User(pk=reader)).filter(comment__author=reader, comment__removed_at=None)
    told = mine.filter(waits | Q(answered_at__gte=since)).select_related("comment__item__owner")
    return told.order_by("-comment__created_at", "-pk")[:MOST_SUGGESTED]


_SUGGESTED = CompiledQuery(_suggested, reader=int, since=datetime)


def _add_suggested(panels: Sequence[Panel], reader: User, *, now: datetime) -> None:
    """Give each panel what the reader suggested there lately, the newest first."""
    by_owner, today = {panel.mentorship.mentee_id: panel for panel in panels}, reader.today(now)
    for suggestion in _SUGGESTED.objects(reader=reader.pk, since=now - timedelta(days=FATE_SHOWN_DAYS)):
        comment = suggestion.comment
        panel = by_owner.get(comment.item.owner_id)
        if panel is None or len(panel.suggested) == SUGGESTED_IN_A_PANEL:
            continue
        at = suggestion.answered_at or comment.created_at
        day = say_day_within(reader.today(at), today)
        fates = {"open": f"Waiting since {day}", "accepted": f"Taken up {day}", "declined": "Left as it is for now"}
        says = say_what(suggestion, comment.item, today)
        panel.suggested.append(
            SuggestedLine(comment.get_absolute_url(), comment.item.title, says, fates[suggestion.state])
        )

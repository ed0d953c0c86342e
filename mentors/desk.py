"""What a reader finds of others: what the mentor's desk shows and the frame counts, asked in one place.

Every query starts from what is shared with the reader now. The number of queries does not depend on how many people
show the reader something.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from accounts.models import User
from core.markdown import plain
from goals.models import Goal, GoalComment
from goals.trail import Standing, standing_of
from journal.models import Entry, EntryComment
from mentors.models import Invitation, Seen
from sharing.models import Mentorship, MentorshipQuerySet, Shareable, ShareableQuerySet

T = TypeVar("T", bound=Shareable)

GOALS_IN_A_PANEL = 4
ENTRIES_IN_A_PANEL = 2
# Rows under "Waiting for you"; the panels below lead to everything else.
MOST_WAITING = 25
QUIET_AFTER_DAYS = 21
EXCERPT_LENGTH = 120


@dataclass(frozen=True)
class WaitingRow:
    """One thing that waits for the reader: `item` was shared and not looked at (`is_new`), or its owner wrote last."""

    item: Any
    mentorship: Mentorship
    is_goal: bool
    is_new: bool
    says: str  # the first words of the comment or of the entry; a goal that is new says its title only
    on: date

    @property
    def title(self) -> str:
        return str(self.item.title if self.is_goal else self.item.heading)


@dataclass(frozen=True)
class GoalLine:
    """A shared goal as the desk draws it; `says` are the first words of the last comment, if it was asked for."""

    goal: Goal
    standing: Standing
    says: str = ""
    said_on: date | None = None


@dataclass
class Panel:
    """What one mentee shows the reader, in short."""

    mentorship: Mentorship
    moved_on: date
    quiet_weeks: int  # 0: not quiet, or resting
    is_resting: bool
    wrote_on: date | None = None
    wrote_last: str = ""  # "you" or the mentee's name
    goals: list[GoalLine] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def more_goals(self) -> int:
        """How many shared goals the panel leaves out: further ones, and those that are closed."""
        return int(self.mentorship.goal_count) - len(self.goals)  # type: ignore[attr-defined]

    @property
    def more_entries(self) -> int:
        return int(self.mentorship.entry_count) - len(self.entries)  # type: ignore[attr-defined]


def goals_for(reader: User) -> QuerySet[Goal]:
    """Return the goals others share with a reader now, with the state of the conversation (see `_with_thread`)."""
    return _with_thread(Goal.objects.all().shared_with_reader(reader), GoalComment, "goal", reader)


def entries_for(reader: User) -> QuerySet[Entry]:
    """Return the entries others share with a reader now, with the state of the conversation."""
    return _with_thread(Entry.objects.all().shared_with_reader(reader), EntryComment, "entry", reader)


def waiting_goals(reader: User, *, day: date) -> QuerySet[Goal]:
    """Return the shared goals that wait for the reader: never looked at, or their owner wrote last.

    What belongs to a relation that rests on `day` waits without a word.
    """
    return goals_for(reader).filter(_waits()).exclude(owner__in=_resting(reader, day))


def waiting_entries(reader: User, *, day: date) -> QuerySet[Entry]:
    """Return the shared entries that wait for the reader, by the same rule."""
    return entries_for(reader).filter(_waits()).exclude(owner__in=_resting(reader, day))


def mentees_waiting(reader: User, *, now: datetime) -> list[QuerySet]:
    """Return what the frame counts beside "Your mentees": querysets over one column `pk`, to be united and counted."""
    day = reader.today(now)
    pieces = (waiting_goals(reader, day=day), waiting_entries(reader, day=day), Invitation.objects.asking(reader, now))
    return [piece.order_by().values("pk") for piece in pieces]


def is_mentoring(reader: User, *, now: datetime) -> bool:
    """Tell whether the menu needs the mentor's desk: somebody shows this person things, or asks them to look."""
    relations = Mentorship.objects.active().of_mentor(reader)
    return relations.exists() or Invitation.objects.asking(reader, now).exists()


def with_shared_counts(relations: MentorshipQuerySet) -> MentorshipQuerySet:
    """Bring along how much each relation shows its reader now: `goal_count` and `entry_count`."""
    return relations.annotate(
        goal_count=_count_shared(Goal.shared_with.through, "goal__in", Goal.objects.all().for_readers()),
        entry_count=_count_shared(Entry.shared_with.through, "entry__in", Entry.objects.all().for_readers()),
    )


def desk_relations(reader: User) -> MentorshipQuerySet:
    """Return the reader's active relations with all a panel says about the person: counts, and when what happened."""
    relations = Mentorship.objects.active().of_mentor(reader).select_related("mentee")
    visible_goals = Goal.objects.all().shared_with_reader(reader).filter(shared_with=OuterRef("pk"))
    visible_entries = Entry.objects.all().shared_with_reader(reader).filter(shared_with=OuterRef("pk"))
    on_goals, on_entries = (
        comments.objects.visible_to(reader)
        .filter(mentorship=OuterRef("pk"), removed_at=None)
        .order_by("-created_at", "-pk")
        for comments in (GoalComment, EntryComment)
    )
    return with_shared_counts(relations).annotate(
        goal_moved_at=Subquery(visible_goals.order_by("-updated_at").values("updated_at")[:1]),
        entry_moved_at=Subquery(visible_entries.order_by("-finished_at").values("finished_at")[:1]),
        goal_wrote_at=Subquery(on_goals.values("created_at")[:1]),
        goal_wrote=Subquery(on_goals.values("author")[:1]),
        entry_wrote_at=Subquery(on_entries.values("created_at")[:1]),
        entry_wrote=Subquery(on_entries.values("author")[:1]),
    )


def panels(reader: User, relations: Iterable[Mentorship], *, now: datetime) -> list[Panel]:
    """Return a panel for each of these rows of `desk_relations`, with two more queries for all of them."""
    today = reader.today(now)
    made = {row.mentee_id: _panel(row, reader, today) for row in relations}
    open_goals = Goal.objects.all().shared_with_reader(reader).filter(status__in=["active", "paused"], owner__in=made)
    first = _first_of_each(open_goals, "due_on", GOALS_IN_A_PANEL)
    for goal in Goal.objects.filter(pk__in=first).with_progress().order_by("due_on", "pk"):
        made[goal.owner_id].goals.append(GoalLine(goal, standing_of(goal, today=today)))
    newest = _first_of_each(
        Entry.objects.all().shared_with_reader(reader).filter(owner__in=made), "-entry_on", ENTRIES_IN_A_PANEL
    )
    for entry in Entry.objects.filter(pk__in=newest).select_related("period").order_by("-entry_on", "-pk"):
        made[entry.owner_id].entries.append(entry)
    return list(made.values())


def waiting_rows(reader: User, *, now: datetime) -> list[WaitingRow]:
    """Return what waits for the reader, the newest first, at most MOST_WAITING rows, with three queries."""
    day = reader.today(now)
    goals = waiting_goals(reader, day=day).order_by(F("last_at").desc(nulls_last=True), "-updated_at", "-pk")
    entries = waiting_entries(reader, day=day).select_related("period")
    entries = entries.order_by(F("last_at").desc(nulls_last=True), "-finished_at", "-pk")
    found: list[Any] = [*goals[:MOST_WAITING], *entries[:MOST_WAITING]]
    people = Mentorship.objects.active().of_mentor(reader).select_related("mentee")
    relations = {row.mentee_id: row for row in people.filter(mentee__in={item.owner_id for item in found})}
    rows = [waiting_row(item, relations[item.owner_id], reader) for item in found if item.owner_id in relations]
    return sorted(rows, key=lambda row: row.on, reverse=True)[:MOST_WAITING]


def waiting_row(item: Any, mentorship: Mentorship, reader: User) -> WaitingRow:
    """Return the row for a goal or an entry of `goals_for` or `entries_for` that waits."""
    is_goal = isinstance(item, Goal)
    is_new = item.last_at is None
    since = item.last_at or (item.updated_at if is_goal else item.finished_at)
    says = "" if is_goal and is_new else item.excerpt if is_new else item.last_text
    return WaitingRow(item, mentorship, is_goal, is_new, plain(says, EXCERPT_LENGTH), reader.today(since))


def goal_line(goal: Any, reader: User, *, today: date) -> GoalLine:
    """Return the line for a goal of `goals_for` with progress."""
    says = plain(goal.last_text or "", EXCERPT_LENGTH)
    said_on = reader.today(goal.last_at) if goal.last_at else None
    return GoalLine(goal, standing_of(goal, today=today), says, said_on)


def waits(item: Any) -> bool:
    """Tell whether a row of `goals_for` or `entries_for` waits for its reader; `_waits` says the same in SQL."""
    if item.last_at is None:
        return item.seen_at is None
    return item.last_author == item.owner_id and (item.seen_at is None or item.last_at > item.seen_at)


def _panel(row: Any, reader: User, today: date) -> Panel:
    moments = [row.started_at, row.goal_moved_at, row.entry_moved_at]
    wrote = max(
        ((at, author) for at, author in _comments(row) if at is not None), default=(None, None), key=lambda w: w[0]
    )
    if wrote[1] == row.mentee_id:
        moments.append(wrote[0])
    moved_on = reader.today(max(at for at in moments if at is not None))
    is_resting = row.paused_until is not None and row.paused_until >= today
    days = (today - moved_on).days
    return Panel(
        mentorship=row,
        moved_on=moved_on,
        quiet_weeks=days // 7 if days >= QUIET_AFTER_DAYS and not is_resting else 0,
        is_resting=is_resting,
        wrote_on=reader.today(wrote[0]) if wrote[0] else None,
        wrote_last="you" if wrote[1] == reader.pk else row.mentee.given_name,
    )


def _comments(row: Any) -> list[tuple[datetime | None, int | None]]:
    return [(row.goal_wrote_at, row.goal_wrote), (row.entry_wrote_at, row.entry_wrote)]


def _first_of_each(items: ShareableQuerySet[T], order: str, number: int) -> QuerySet:
    """Return the keys of the first so many items of each owner."""
    column = F(order.lstrip("-"))
    by = [column.desc() if order.startswith("-") else column.asc(), F("pk").asc()]
    numbered = items.annotate(number=Window(RowNumber(), partition_by=F("owner"), order_by=by))
    return numbered.filter(number__lte=number).order_by().values("pk")


def _count_shared(through: type, name: str, items: QuerySet) -> Coalesce:
    rows = through.objects.filter(mentorship=OuterRef("pk"), **{name: items.values("pk")})  # type: ignore[attr-defined]
    counted = rows.order_by().values("mentorship").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _with_thread(
    items: ShareableQuerySet[T], comments: type[GoalComment] | type[EntryComment], name: str, reader: User
) -> Any:
    """Add who wrote last in the reader's own thread and when (`last_author`, `last_at`, `last_text`), and `seen_at`.

    An owner has one active relation with a reader, so an item has one thread with them.
    """
    mine = {"mentorship__mentor": reader, "mentorship__status": "active"}
    thread = comments._default_manager.filter(item=OuterRef("pk"), removed_at=None, **mine)
    newest = thread.order_by("-created_at", "-pk")
    ticks = Seen.objects.filter(**mine, **{name: OuterRef("pk")})
    return items.annotate(
        last_author=Subquery(newest.values("author")[:1]),
        last_at=Subquery(newest.values("created_at")[:1]),
        last_text=Subquery(newest.values("text")[:1]),
        seen_at=Subquery(ticks.values("at")[:1]),
    )


def _waits() -> Q:
    is_new = Q(last_at=None, seen_at=None)
    is_asked = Q(last_author=F("owner")) & (Q(seen_at=None) | Q(last_at__gt=F("seen_at")))
    return is_new | is_asked


def _resting(reader: User, day: date) -> QuerySet:
    return Mentorship.objects.active().of_mentor(reader).filter(paused_until__gte=day).values("mentee")

"""How much others show a reader and how much of it waits, for the frame around every page and for lists.

A thing waits for its reader while they never looked at it (wrote there, or ticked it), and when its owner wrote last.
An owner has one active relation with a reader, so a thing has one thread with them.
"""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from core.compiled import CompiledQuery
from goals.models import Goal, GoalComment
from journal.models import Entry, EntryComment
from mentors.models import Invitation, Seen
from sharing.models import Mentorship, MentorshipQuerySet, Shareable, ShareableQuerySet

T = TypeVar("T", bound=Shareable)


def waiting_goals(reader: User, *, day: date) -> QuerySet[Goal]:
    """Return the shared goals that wait for the reader; what belongs to a relation that rests on `day` does not."""
    return _waiting(Goal.objects.all().shared_with_reader(reader), GoalComment, "goal", reader, day)


def waiting_entries(reader: User, *, day: date) -> QuerySet[Entry]:
    """Return the shared entries that wait for the reader, by the same rule."""
    return _waiting(Entry.objects.all().shared_with_reader(reader), EntryComment, "entry", reader, day)


def frame_pieces(reader: User, *, day: date, now: datetime) -> list[QuerySet]:
    """Return what the frame wants to know, as querysets of one row each: ("mentees" or "mentees_waiting", number).

    They can be united with others of that form and given to CompiledQuery: their form depends on nothing.
    """
    asking = Invitation.objects.asking(reader, now)
    return [
        _counted("mentees", Mentorship.objects.active().of_mentor(reader)),
        _counted("mentees_waiting", waiting_goals(reader, day=day)),
        _counted("mentees_waiting", waiting_entries(reader, day=day)),
        _counted("mentees_waiting", asking),
    ]


def _frame(reader: int, day: date, now: datetime) -> QuerySet:
    first, *others = frame_pieces(User(pk=reader), day=day, now=now)
    return first.union(*others, all=True)


_FRAME = CompiledQuery(_frame, reader=int, day=date, now=datetime)


def frame_counts(reader: User, *, now: datetime) -> dict[str, int]:
    """Return how many people show the reader something ("mentees") and how much waits ("mentees_waiting")."""
    counts = {"mentees": 0, "mentees_waiting": 0}
    for name, number in _FRAME.rows(reader=reader.pk, day=reader.today(now), now=now):
        counts[name] += number
    return counts


def with_shared_counts(relations: MentorshipQuerySet) -> MentorshipQuerySet:
    """Bring along how much each relation shows its reader now: `goal_count` and `entry_count`."""
    return relations.annotate(
        goal_count=_count_shared(Goal.shared_with.through, "goal__in", Goal.objects.all().for_readers()),
        entry_count=_count_shared(Entry.shared_with.through, "entry__in", Entry.objects.all().for_readers()),
    )


def _counted(name: str, rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(name_=Value(name)).values("name_").annotate(number=Count("pk"))


def _count_shared(through: type, name: str, items: QuerySet) -> Coalesce:
    rows = through.objects.filter(mentorship=OuterRef("pk"), **{name: items.values("pk")})  # type: ignore[attr-defined]
    counted = rows.order_by().values("mentorship").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _waiting(
    items: ShareableQuerySet[T],
    comments: type[GoalComment] | type[EntryComment],
    name: str,
    reader: User,
    day: date,
) -> Any:
    """Keep what waits. `mentors.desk.State.waits` says the same of what was read already; a test holds them together."""
    thread = comments._default_manager.filter(item=OuterRef("pk"), removed_at=None, **own(reader))
    newest = thread.order_by("-created_at", "-pk")
    ticks = Seen.objects.filter(**own(reader), **{name: OuterRef("pk")})
    resting = Mentorship.objects.active().of_mentor(reader).filter(paused_until__gte=day)
    is_asked = Q(last_author=F("owner")) & (Q(seen_at=None) | Q(last_at__gt=F("seen_at")))
    return (
        items.alias(
            last_author=Subquery(newest.values("author")[:1]),
            last_at=Subquery(newest.values("created_at")[:1]),
            seen_at=Subquery(ticks.values("at")[:1]),
        )
        .filter(Q(last_at=None, seen_at=None) | is_asked)
        .exclude(owner__in=resting.values("mentee"))
    )


def own(reader: User) -> dict[str, Any]:
    """Return the condition for rows of the reader's own active relations."""
    return {"mentorship__mentor": reader, "mentorship__status": "active"}

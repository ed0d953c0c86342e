"""How much others show a reader and how much of it waits, for the frame around every page and for lists.

A thing waits for its reader while they never looked at it (wrote there, or ticked it), and when its owner wrote last.
An owner has one active relation with a reader, so a thing has one thread with them.
"""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import User
from core.compiled import CompiledQuery
from goals.models import Goal, GoalComment
from journal.models import Entry, EntryComment
from mentors.models import Invitation, Seen
from sharing.models import Mentorship, Shareable, ShareableQuerySet

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
    return [
        _counted("mentees", Mentorship.objects.active().of_mentor(reader)),
        _counted("mentees_waiting", waiting_goals(reader, day=day)),
        _counted("mentees_waiting", waiting_entries(reader, day=day)),
        _counted("mentees_waiting", Invitation.objects.asking(reader, now)),
    ]


def _asking(reader: int, now: datetime) -> QuerySet:
    return Invitation.objects.asking(User(pk=reader), now).select_related("sender")


_ASKING = CompiledQuery(_asking, reader=int, now=datetime)


def asking(reader: User, *, now: datetime) -> list[Invitation]:
    """Return the open invitations that wait for this person, the newest first, with who sends them."""
    return _ASKING.objects(reader=reader.pk, now=now)


def _shared(mentee: int) -> QuerySet:
    goals: Any = Goal.shared_with.through.objects.filter(goal__in=Goal.objects.all().for_readers().values("pk"))
    entries: Any = Entry.shared_with.through.objects.filter(entry__in=Entry.objects.all().for_readers().values("pk"))
    counted = [
        rows.filter(mentorship__mentee=mentee, mentorship__status="active")
        .order_by()
        .annotate(what=Value(name))
        .values("mentorship", "what")
        .annotate(number=Count("pk"))
        for name, rows in (("goals", goals), ("entries", entries))
    ]
    return counted[0].union(counted[1], all=True)


_SHARED = CompiledQuery(_shared, mentee=int)


def shared_counts(mentee: User) -> dict[int, dict[str, int]]:
    """Return how much each active relation of a mentee shows its reader: `{relation: {"goals": 2, "entries": 0}}`."""
    counts: dict[int, dict[str, int]] = {}
    for mentorship, name, number in _SHARED.rows(mentee=mentee.pk):
        counts.setdefault(mentorship, {"goals": 0, "entries": 0})[name] = number
    return counts


def _counted(name: str, rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(what=Value(name)).values("what").annotate(number=Count("pk"))


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

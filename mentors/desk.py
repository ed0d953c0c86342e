"""What a reader finds of others: the querysets that the mentor's desk, the counts of the frame and mails share."""

from datetime import date, datetime
from typing import TypeVar

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from goals.models import Goal, GoalComment
from journal.models import Entry, EntryComment
from mentors.models import Invitation, Seen
from sharing.models import Comment, Mentorship, MentorshipQuerySet, Shareable, ShareableQuerySet

T = TypeVar("T", bound=Shareable)


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


def _count_shared(through: type, name: str, items: QuerySet) -> Coalesce:
    rows = through.objects.filter(mentorship=OuterRef("pk"), **{name: items.values("pk")})  # type: ignore[attr-defined]
    counted = rows.order_by().values("mentorship").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _with_thread(items: ShareableQuerySet[T], comments: type[Comment], name: str, reader: User) -> QuerySet[T]:
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

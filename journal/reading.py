"""What the page of one entry asks, in statements that are worked out once in a process."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from core.compiled import CompiledQuery
from goals.models import Goal
from journal.models import Entry, EntryGoal


def visible_entry(pk: int, viewer: User) -> Entry | None:
    """Return the entry with its owner, week and intention, or None for one that `viewer` may not see now."""
    entry: Entry | None = _ENTRY.one(entry=pk, viewer=viewer.pk)
    return entry


def _entry(entry: int, viewer: int) -> QuerySet[Entry]:
    return Entry.objects.visible_to(User(pk=viewer)).with_week().select_related("owner").filter(pk=entry)


_ENTRY = CompiledQuery(_entry, entry=int, viewer=int)


def links_of(entry: Entry, viewer: User) -> list[EntryGoal]:
    """Return the goals an entry is about; `is_visible` on each says whether `viewer` may see that goal now."""
    return _LINKS.objects(entry=entry.pk, viewer=viewer.pk)


def _links(entry: int, viewer: int) -> QuerySet[EntryGoal]:
    visible = Goal.objects.visible_to(User(pk=viewer)).filter(pk=OuterRef("goal_id"))
    return (
        EntryGoal.objects.filter(entry=entry).select_related("goal").annotate(is_visible=Exists(visible)).order_by("pk")
    )


_LINKS = CompiledQuery(_links, entry=int, viewer=int)

"""What the page of one entry asks, in statements that are worked out once in a process."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from core.compiled import CompiledQuery
from goals.models import Goal
from journal.models import Entry, EntryComment, EntryGoal

# Comments a page shows at first.
NEWEST = 50


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


def comments_on(entry: Entry, viewer: User) -> QuerySet[EntryComment]:
    """Return the comments on an entry that `viewer` may read, with the people in them, newest first."""
    return _comments(entry.pk, viewer.pk)


def _comments(entry: int, viewer: int) -> QuerySet[EntryComment]:
    rows = EntryComment.objects.visible_to(User(pk=viewer)).filter(item=entry).with_people()
    return rows.select_related("mentorship__mentor").order_by("-created_at", "-pk")


def newest_comments(entry: Entry, viewer: User) -> list[EntryComment]:
    """Return the first of them; one more than is shown, to tell that there are more."""
    return _COMMENTS.objects(entry=entry.pk, viewer=viewer.pk)


_COMMENTS = CompiledQuery(lambda entry, viewer: _comments(entry, viewer)[: NEWEST + 1], entry=int, viewer=int)

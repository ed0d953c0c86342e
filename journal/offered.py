"""What a page on which somebody writes offers: goals to name, and tags used lately. One query, worked out once."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, Exists, F, OuterRef, Q, QuerySet, Value

from accounts.models import User
from core.compiled import CompiledQuery
from goals.models import Goal
from journal.models import Entry, EntryGoal

GOALS_OFFERED = 40
# Tags are taken from so many entries, the newest that have any: each costs a decryption.
ENTRIES_READ, TAGS_OFFERED = 60, 40


@dataclass(frozen=True)
class Offered:
    """Goals by key and title, those an entry was put to, and tags, most lately used first."""

    goals: list[tuple[int, str]] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def offered_to(user: User, entry: Entry | None) -> Offered:
    """Return what the page of an entry, or of a new one, offers its writer."""
    found = Offered()
    tags: dict[str, None] = {}
    column: Any = Entry._meta.get_field("tags")
    for what, pk, text, is_chosen in _QUERY.rows(owner=user.pk, entry=entry.pk if entry and entry.pk else 0):
        if what == "goal":
            found.goals.append((pk, text))
            if is_chosen:
                found.chosen.append(pk)
        else:
            tags |= dict.fromkeys(column.from_db_value(text, None, connection))
    found.tags.extend([*tags][:TAGS_OFFERED])
    return found


def _goals(owner: int, entry: int) -> QuerySet[Any]:
    links = EntryGoal.objects.filter(goal=OuterRef("pk"), entry_id=entry)
    mine = Goal.objects.owned_by(User(pk=owner)).annotate(
        what=Value("goal", CharField()), is_linked=Exists(links), is_chosen=Exists(links.filter(is_chosen=True))
    )
    open_or_linked = mine.filter(Q(status__in=["draft", "active", "paused"]) | Q(is_linked=True))
    newest = open_or_linked.order_by("-is_linked", "-updated_at", "-pk")
    return newest.values_list("what", "pk", "title", "is_chosen")[:GOALS_OFFERED]


def _tags(owner: int) -> QuerySet[Any]:
    tagged = Entry.objects.owned_by(User(pk=owner)).tagged().order_by("-entry_on", "-pk")
    what, is_chosen = Value("tags", CharField()), Value(False, BooleanField())  # noqa: FBT003
    return tagged.annotate(what=what, is_chosen=is_chosen).values_list("what", "pk", F("tags"), "is_chosen")[
        :ENTRIES_READ
    ]


_QUERY = CompiledQuery(lambda owner, entry: _goals(owner, entry).union(_tags(owner), all=True), owner=int, entry=int)

"""How the conversation about each shared thing stands, in the reader's own thread."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, Max, QuerySet, Value
from django.db.models.functions import Cast, Left

from accounts.models import User
from core.compiled import CompiledQuery
from goals.models import GoalComment, ProgressUpdate
from goals.models import Seen as Nod
from journal.models import EntryComment
from mentors.counts import own
from mentors.models import Seen
from sharing.models import Mentorship
from wins.models import WinComment

EXCERPT_LENGTH = 120
LONGEST_READ = EXCERPT_LENGTH * 4
# What names a win, which has no title.
TITLE_LENGTH = 60

NEW, WORDS, LOGGED = "new", "words", "logged"


class State(NamedTuple):
    """Who wrote last and when, and what the reader has seen: by a tick on the thing, or a nod at something logged."""

    author: int | None = None
    at: datetime | None = None
    words: str = ""
    seen_at: datetime | None = None
    nod_at: datetime | None = None
    logged_at: datetime | None = None
    logged: str = ""

    def waits(self, owner: int) -> str:
        """Return why the thing waits for its reader: NEW, WORDS or LOGGED; "" if it does not.

        `mentors.counts` says the same in SQL; a test holds them together.
        """
        if self.at is None and self.seen_at is None and self.nod_at is None:
            return NEW
        if self.at and self.author == owner and (self.seen_at is None or self.at > self.seen_at):
            return WORDS
        own_at = self.at if self.author != owner else None
        looked = max((at for at in (self.seen_at, self.nod_at, own_at) if at), default=None)
        return LOGGED if self.logged_at and looked and self.logged_at > looked else ""

    def waits_since(self, mentorship: Mentorship, moved_at: datetime) -> datetime:
        """Return since when it waits, for the reason it does: no longer than the two have worked together."""
        at = {WORDS: self.at, LOGGED: self.logged_at}.get(self.waits(mentorship.mentee_id)) or moved_at
        return max(at, mentorship.started_at)

    @property
    def news_at(self) -> datetime | None:
        """When something last happened there, as far as it can wait; None for a thing that was only shared."""
        return max((at for at in (self.at, self.logged_at) if at), default=None)


NOTHING_YET = State()


def conversation(
    reader: User, *, goals: Sequence[int], entries: Sequence[int], wins: Sequence[int] = ()
) -> dict[tuple[str, int], State]:
    """Return how the reader's own conversation about these things stands, by ("goal", "entry" or "win", pk); four
    queries.

    The things must be such that the reader may see. Those about which there is nothing to say are left out.
    """
    found: dict[tuple[str, int], State] = {}
    rows = _ON_GOALS.rows(reader=reader.pk, goals=goals) if goals else []
    if entries or wins:
        rows += _ON_WRITTEN.rows(reader=reader.pk, entries=entries, wins=wins)
    for name, item, *last in rows:
        found[name, item] = State(*last)
    for what, goal, entry, win, at in _SEEN.rows(reader=reader.pk):
        key = ("goal", goal) if goal else ("entry", entry) if entry else ("win", win)
        found[key] = found.get(key, NOTHING_YET)._replace(**{what: at})
    for goal, at, note in _LOGGED.rows(goals=goals) if goals else ():
        key = ("goal", goal)
        found[key] = found.get(key, NOTHING_YET)._replace(logged_at=at, logged=note)
    return found


def _newest(name: str, comments: Any, reader: int, items: list[int]) -> QuerySet[Any]:
    written = comments.filter(item__in=items, removed_at=None, **own(User(pk=reader)))
    newest = written.order_by("item", "-created_at", "-pk").distinct("item").annotate(a_name=Value(name))
    return newest.values_list("a_name", "item", "author", "created_at", Left("text", LONGEST_READ))


def _on_written(reader: int, entries: list[int], wins: list[int]) -> QuerySet[Any]:
    on_entries = _newest("entry", EntryComment.objects, reader, entries)
    return on_entries.union(_newest("win", WinComment.objects, reader, wins), all=True)


def _seen(reader: int) -> QuerySet[Any]:
    ticks = Seen.objects.filter(**own(User(pk=reader))).annotate(what=Value("seen_at"))
    nods = (
        Nod.objects.filter(**own(User(pk=reader)))
        .order_by()
        .annotate(what=Value("nod_at"), entry=Cast(Value(None), BigIntegerField()), win=F("entry"))
    )
    newest = nods.values("what", "update__goal", "entry", "win").annotate(latest=Max("seen_at"))
    return ticks.values_list("what", "goal", "entry", "win", "at").union(
        newest.values_list("what", "update__goal", "entry", "win", "latest"), all=True
    )


def _logged(goals: list[int]) -> QuerySet[Any]:
    newest = ProgressUpdate.objects.filter(goal__in=goals).order_by("goal", "-happened_on", "-pk").distinct("goal")
    return newest.values_list("goal", "created_at", Left("note", LONGEST_READ))


_ON_GOALS = CompiledQuery(
    lambda reader, goals: _newest("goal", GoalComment.objects, reader, goals), reader=int, goals=list
)
_ON_WRITTEN = CompiledQuery(_on_written, reader=int, entries=list, wins=list)
_SEEN = CompiledQuery(_seen, reader=int)
_LOGGED = CompiledQuery(_logged, goals=list)

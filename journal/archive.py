"""A person's own entries with every word in them, decrypted together and kept nowhere."""

import json
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from core.compiled import CompiledQuery
from core.encrypted import decrypt_many
from journal import periods
from journal.models import Entry
from journal.questions.choosing import last_question

# A row: so many columns as they are, then so many encrypted ones.
_PLAIN, _ENCRYPTED = 7, 5


class Piece(NamedTuple):
    """Words in one place of an entry; `place` is the question they answer, or empty for free text."""

    place: str
    words: str


class Written(NamedTuple):
    """One entry, as far as reading it back needs."""

    pk: int
    kind: str
    day: date
    week: str  # the key of its week or month; empty for a note
    is_finished: bool
    mood: int | None
    energy: int | None
    title: str
    pieces: tuple[Piece, ...]
    tags: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where its owner reads it on: a draft of a week or month on the page of that."""
        is_page = self.is_finished or not self.week
        kind = "month" if periods.is_month(self.week) else "week"
        return f"/journal/{self.pk}/" if is_page else f"/journal/write/?{kind}={self.week}"

    @property
    def plain_name(self) -> str:
        """What it is without any word of it: "Week 46, 9 to 15 November", "November", "Note". The year stands beside it."""
        return periods.say_period(self.week, self.day) if self.week else Entry.Kind(self.kind).label


def all_of(user: User) -> list[Written]:
    """Return every entry with words in it, newest first."""
    return list(_read(_ALL.rows(owner=user.pk)))


def newest_of(user: User, *, since: date, until: date) -> list[Written]:
    """Return what was finished on these days, newest first, moods without words too; at most MOST of them."""
    return list(_read(_NEWEST.rows(owner=user.pk, since=since, until=until), is_with_moods=True))


def _read(rows: list[tuple], *, is_with_moods: bool = False) -> Iterator[Written]:
    texts = iter(decrypt_many([token for row in rows for token in row[_PLAIN:]]))
    for row, title, text, answers, tags, intention in zip(rows, *[texts] * _ENCRYPTED, strict=True):
        pk, kind, day, week, is_finished, mood, energy = row[:_PLAIN]
        pieces = [Piece(*one) for one in json.loads(answers).items() if one[1]] if answers else []
        if text:
            pieces.append(Piece("", text))
        if intention:
            pieces.append(Piece(last_question(week), intention))
        if title or pieces or tags or is_with_moods:
            named = tuple(json.loads(tags)) if tags else ()
            yield Written(pk, kind, day, week, is_finished, mood, energy, title, tuple(pieces), named)


# More entries than these a page does not read.
MOST = 2000


def _tokens(owner: int) -> QuerySet:
    """Return rows of an entry's plain columns and then its stored tokens, as they are."""
    *own, intention = (Cast(name, TextField()) for name in ("title", "text", "answers", "tags", "intention__text"))
    rows = Entry.objects.owned_by(User(pk=owner)).order_by("-entry_on", "-pk")
    # Whether, not when: thousands of times take longer to read than the texts beside them.
    is_finished = ExpressionWrapper(Q(finished_at__isnull=False), BooleanField())
    return rows.values_list(
        "pk", "kind", "entry_on", Coalesce(F("period__key"), Value("")), is_finished, "mood", "energy",
        *own, Coalesce(intention, Value("", TextField())),
    )  # fmt: skip


def _newest() -> CompiledQuery:
    def build(owner: int, since: date, until: date) -> QuerySet:
        return _tokens(owner).filter(finished_at__isnull=False, entry_on__range=(since, until))[:MOST]

    return CompiledQuery(build, owner=int, since=date, until=date)


_ALL = CompiledQuery(_tokens, owner=int)
_NEWEST = _newest()

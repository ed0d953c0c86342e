"""What a page recalls on which somebody writes about a week or month: how its days went, what was meant for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, DateField, DateTimeField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User
from core.compiled import CompiledQuery
from core.encrypted import decrypt
from core.timekeeping import period_bounds
from journal.models import Entry, Intention, Period


class Meant(NamedTuple):
    """What somebody wanted to do, and what they answered about it so far."""

    text: str
    came_true: str


@dataclass
class Recalled:
    """What is stored about some weeks, or a month. `moods` are from 1 (rough) to 5 (great), the latest of each day;
    `done_with` are the keys of what is finished or was left out.
    """

    moods: dict[date, int] = field(default_factory=dict)
    meant: dict[str, Meant] = field(default_factory=dict)
    done_with: set[str] = field(default_factory=set)


def recalled(user: User, first: str, last: str) -> Recalled:
    """Return what is stored about the periods from one key to another, both included: one query."""
    found = Recalled()
    days = {"since": period_bounds(first)[0], "until": period_bounds(last)[1]}
    rows = _QUERY.rows(owner=user.pk, first=first, last=last, **days)
    for what, key, word, token, day, _ in sorted(rows, key=lambda row: (row[-1] is not None, row[-1])):
        if what == "mood":
            found.moods[day] = int(word)
        elif what == "meant":
            found.meant[key] = Meant(decrypt(token), word)
        else:
            found.done_with.add(key)
    return found


def _pieces(owner: int, first: str, last: str, since: date, until: date) -> Iterable[QuerySet]:
    person = User(pk=owner)
    text, none, no_day = CharField(), Value("", CharField()), Cast(Value(None), DateField())
    moods = Entry.objects.owned_by(person).finished().with_mood_between(since, until)
    yield moods.values_list(
        Value("mood", text), none, Cast("mood", text), Value("", TextField()), "entry_on", "updated_at"
    )
    meant = Intention.objects.owned_by(person).between(first, last).order_by("pk")
    yield meant.values_list(Value("meant", text), "key", "came_true", Cast("text", TextField()), no_day, "created_at")
    done = Period.objects.owned_by(person).between(first, last).done_with().order_by()
    yield done.values_list(
        Value("done", text), "key", none, Value("", TextField()), no_day, Cast(Value(None), DateTimeField())
    )


def _build(owner: int, first: str, last: str, since: date, until: date) -> QuerySet:
    moods, *others = _pieces(owner, first, last, since, until)
    return moods.union(*others, all=True)


_QUERY = CompiledQuery(_build, owner=int, first=str, last=str, since=date, until=date)

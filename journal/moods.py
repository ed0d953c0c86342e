"""How days went, by their dates: the latest mood of each counts."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from core.compiled import CompiledQuery
from journal.models import Entry


def _build(owner: int, first: date, last: date) -> QuerySet:
    moods = Entry.objects.owned_by(User(pk=owner)).finished().with_mood_between(first, last)
    return moods.values_list("entry_on", "mood")


_QUERY = CompiledQuery(_build, owner=int, first=date, last=date)


def moods_of(user: User, first: date, last: date) -> dict[date, int]:
    """Return how each day from `first` to `last` went, from 1 (rough) to 5 (great); days nobody noted are left out."""
    return dict(_QUERY.rows(owner=user.pk, first=first, last=last))

"""What the head of the journal knows of the last half year: one query, worked out once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import Break, User
from core.compiled import CompiledQuery
from core.forms import LAST_DAY
from journal.models import Entry, Period, WeeklyAim
from journal.patterns import heat

_NO_DAY = Cast(Value(None), DateField())


@dataclass
class HalfYear:
    """Days with something on them (and whether it is a reflection), weeks and months by their fate, breaks, and the aim.

    `wrote` are the days with a note or a reflection; a mood alone is tapped, not written. `aim` is None until chosen.
    """

    days: list[tuple[date, bool]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    breaks: list[Break] = field(default_factory=list)
    wrote: set[date] = field(default_factory=set)
    aim: int | None = None


def of(user: User, *, today: date) -> HalfYear:
    """Return the half year of a person that ends today."""
    found = HalfYear()
    for what, first, last, key, state in _QUERY.rows(owner=user.pk, since=heat.first_day(today)):
        if what == "break":
            found.breaks.append(Break(from_on=first, until_on=last))
        elif what == "skipped":
            found.skipped.add(key)
        elif what == "aim":
            found.aim = int(key)
        else:
            if what != Entry.Kind.MOOD:
                found.wrote.add(first)
            found.days.append((first, what == Entry.Kind.REFLECTION))
            if state == Period.State.WRITTEN:
                found.written.add(key)
    return found


def _pieces(owner: int, since: date) -> Iterable[QuerySet]:
    person = User(pk=owner)
    text = CharField()
    entries = Entry.objects.owned_by(person).filter(entry_on__gte=since).order_by()
    yield entries.values_list(
        "kind", "entry_on", _NO_DAY, Coalesce(F("period__key"), Value("")), Coalesce(F("period__state"), Value(""))
    )
    # Those of long ago come along: they stay few.
    skipped = Period.objects.owned_by(person).skipped().order_by()
    yield skipped.values_list(Value("skipped", text), _NO_DAY, _NO_DAY, "key", "state")
    breaks = Break.objects.filter(user=person).touching(since, LAST_DAY).order_by()
    yield breaks.values_list(Value("break", text), "from_on", "until_on", Value("", text), Value("", text))
    aim = WeeklyAim.objects.owned_by(person).order_by()
    yield aim.values_list(Value("aim", text), _NO_DAY, _NO_DAY, Cast("days", text), Value("", text))


def _build(owner: int, since: date) -> QuerySet:
    entries, *others = _pieces(owner, since)
    return entries.union(*others, all=True)


_QUERY = CompiledQuery(_build, owner=int, since=date)

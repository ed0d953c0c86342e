"""What the head of the journal knows of the last half year, and of a year ago: one query, worked out once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import Break, User
from core.compiled import CompiledQuery
from core.forms import LAST_DAY
from core.timekeeping import week_key
from journal.models import Entry, Period, WeeklyAim
from journal.patterns import heat
from journal.year_ago import YearAgo, nearest_to, span_of

_NO_DAY = Cast(Value(None), DateField())


@dataclass
class HalfYear:
    """Days with something on them (and whether it is a reflection), weeks and months by their fate, breaks, and the aim.

    `wrote` are the days with a note or a reflection; a mood alone is tapped, not written. `aim` is None until chosen.
    `year_ago` leads to what was written about the same week a year before.
    """

    days: list[tuple[date, bool]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    breaks: list[Break] = field(default_factory=list)
    wrote: set[date] = field(default_factory=set)
    aim: int | None = None
    year_ago: YearAgo | None = None


def of(user: User, *, today: date) -> HalfYear:
    """Return the half year of a person that ends today."""
    found, before, week = HalfYear(), [], week_key(today)
    span = dict(zip(("from_on", "until_on"), span_of([week]), strict=True))
    for what, first, last, key, state in _QUERY.rows(owner=user.pk, since=heat.first_day(today), **span):
        if what == "before":
            before.append((int(state), first, key))
        elif what == "break":
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
    found.year_ago = nearest_to(week, before)
    return found


def _pieces(owner: int, since: date, from_on: date, until_on: date) -> Iterable[QuerySet]:
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
    before = Entry.objects.owned_by(person).with_words_between(from_on, until_on).order_by()
    about = Coalesce(F("period__key"), Value(""))
    yield before.values_list(Value("before", text), "entry_on", _NO_DAY, about, Cast("pk", text))


def _build(owner: int, since: date, from_on: date, until_on: date) -> QuerySet:
    entries, *others = _pieces(owner, since, from_on, until_on)
    return entries.union(*others, all=True)


_QUERY = CompiledQuery(_build, owner=int, since=date, from_on=date, until_on=date)

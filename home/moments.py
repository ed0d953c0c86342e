"""What a week holds besides what is due and what moved: hints for the choice of its questions, and for nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from accounts.models import Break, User
from contacts.models import Contact, Event, Interview
from core.compiled import CompiledQuery
from core.timekeeping import week_key
from home.look import COMMENTS_STAY, Look
from home.sources import words
from journal.models import Entry
from mentors.models import CheckIn
from sharing.models import Mentorship

# A mentor is new in the week of the start and in the one after it.
NEW = timedelta(days=7)
# Shorter pauses are a long weekend.
A_BREAK = timedelta(days=3)
LOW, MOODS_TO_TELL = 2, 2


def _columns(rows: Any, what: str, *, owner: str, day: Any, number: Any) -> QuerySet:
    columns = {
        "an_owner": F(owner),
        "a_what": Value(what, output_field=CharField()),
        "a_day": day,
        "a_number": Cast(number, IntegerField()),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def _ask(people: list[int], first: date, last: date, lately: datetime) -> QuerySet:
    moods = Entry.objects.alive().finished().filter(owner__in=people).with_mood_between(first, last)
    breaks = Break.objects.filter(user__in=people, until_on__gte=first, until_on__lte=last)
    breaks = breaks.filter(until_on__gte=F("from_on") + A_BREAK - timedelta(days=1))
    mentors = Mentorship.objects.active().filter(mentee__in=people, kind="mentor", mentor__isnull=False)
    met = Exists(CheckIn.objects.filter(mentorship=OuterRef("pk"), state="held", starts_at__gte=lately))
    events = Event.objects.alive().filter(owner__in=people).moved_between(first, last)
    interviews = Interview.objects.alive().filter(owner__in=people, held_on__range=(first, last))
    turns = Contact.objects.alive().in_turn().filter(owner=OuterRef("pk"))
    due = User.objects.filter(pk__in=people).annotate(since=Subquery(turns.values("due_on")[:1])).filter(since__lt=last)
    return _columns(moods, "mood", owner="owner_id", day=F("entry_on"), number=F("mood")).union(
        _columns(breaks, "break", owner="user_id", day=F("until_on"), number=Value(0)),
        _columns(mentors, "mentor", owner="mentee_id", day=Cast("started_at", DateField()), number=met),
        _columns(events, "event", owner="owner_id", day=F("happens_on"), number=Value(0)),
        _columns(interviews, "interview", owner="owner_id", day=F("held_on"), number=Value(0)),
        _columns(due, "due", owner="pk", day=F("since"), number=Value(0)),
        all=True,
    )


_MOMENTS = CompiledQuery(_ask, people=list, first=date, last=date, lately=datetime)


def moments(look: Look) -> Iterator[tuple[int, str]]:
    """Yield (user id, hint) for the owners of these weeks; one query, after the two of `home.sources.words`."""
    rows: dict[tuple[int, str], list[tuple[date, int]]] = defaultdict(list)
    span = look.span
    asked = {"first": span.first - timedelta(days=1), "last": span.last, "lately": span.lately}
    for owner_id, what, day, number in _MOMENTS.rows(people=list(look.people), **asked):
        rows[owner_id, what].append((day, number))
    wrote: dict[int, date] = {}
    for said in words(look):  # newest first
        if said.is_mentor and said.is_active:
            wrote.setdefault(said.owner_id, said.on)
    for owner_id, person in look.people.items():
        first, last = look.spans[owner_id]
        if week_key(look.day_of(owner_id, person.date_joined)) == look.weeks[owner_id]:
            yield owner_id, "first_week"
        if any(first - timedelta(days=1) <= day < last for day, _ in rows[owner_id, "break"]):
            yield owner_id, "after_break"
        moods = [mood for day, mood in rows[owner_id, "mood"] if first <= day <= last]
        if len(moods) >= MOODS_TO_TELL and sum(moods) <= LOW * len(moods):
            yield owner_id, "low_mood"
        for what in ("event", "interview"):
            if any(first <= day <= last for day, _ in rows[owner_id, what]):
                yield owner_id, what
        if any(day < first for day, _ in rows[owner_id, "due"]):  # somebody's turn came before this week
            yield owner_id, "out_of_touch"
        mentors, since = rows[owner_id, "mentor"], first - COMMENTS_STAY
        if any(first - NEW <= day <= last for day, _ in mentors):
            yield owner_id, "new_mentor"
        was_here = any(met for _, met in mentors) or wrote.get(owner_id, since) > since
        if mentors and all(day < since for day, _ in mentors) and not was_here:
            yield owner_id, "no_contact"

"""What the pages about check-ins and advice share: whose they are, and how one check-in is shown."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateField, DateTimeField, F, Value
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from mentors.forms import AfterForm, NoteForm, PointForm
from mentors.models import Action, Advice, AgendaPoint, CheckIn, Note
from mentors.services import next_in_rhythm
from mentors.since import changes_since
from mentors.times import on_both_clocks, say_time
from sharing.models import Mentorship

MOST_ROWS = 100
NEVER = datetime.min.replace(tzinfo=UTC)


def recorded(request: AuthenticatedHttpRequest, pk: int) -> Mentorship:
    """Return a relation about whose meetings this person may read; 404 for colleagues and former mentors."""
    return get_object_or_404(Mentorship.objects.recorded_for(request.user).with_people(), pk=pk)


def visible_check_in(request: AuthenticatedHttpRequest, pk: int, check_in_pk: int) -> CheckIn:
    """Return a check-in this person may see, with its people and its number."""
    rows = CheckIn.objects.visible_to(request.user).with_people().with_number(timezone.now())
    return get_object_or_404(rows, mentorship=pk, pk=check_in_pk)


def side(user: User, mentorship: Mentorship) -> dict[str, Any]:
    """Return the two people as the templates name them."""
    other = mentorship.other(user)
    return {
        "mentorship": mentorship,
        "other": other,
        "other_name": other.given_name if other else "a former member",
        "is_reader": mentorship.mentor_id == user.pk,
        "navid": "mentees" if mentorship.mentor_id == user.pk else "mentors",
        "may_change": mentorship.is_active,
    }


def show_check_in(
    request: AuthenticatedHttpRequest,
    check_in: CheckIn,
    *,
    status: int = 200,
    problem: str = "",
    point_form: PointForm | None = None,
    note_forms: dict[bool, NoteForm] | None = None,
    stale_note: Note | None = None,
    after_form: AfterForm | None = None,
    stale: CheckIn | None = None,
    unsaved: list[str] | None = None,
) -> HttpResponse:
    """Draw the page of one check-in; the forms and what went wrong with them come from the view that was asked."""
    now, me, relation = timezone.now(), request.user, check_in.mentorship
    people, lines = side(me, relation), _lines(check_in, me)
    is_over = check_in.starts_at is not None and check_in.starts_at <= now
    may_wrap_up = relation.is_active and is_over and (check_in.allows("hold"))
    context = people | {
        "check_in": check_in,
        "name": check_in.name_for(me),
        "is_over": is_over,
        "may_wrap_up": may_wrap_up,
        "today": me.today(now),
        "problem": problem,
        "when": on_both_clocks(check_in.starts_at, me, people["other"], now=now) if check_in.starts_at else None,
        "day": me.today(check_in.starts_at) if check_in.starts_at else None,
        "times": _times(check_in, me, now),
        "is_proposer": check_in.proposer_id == me.pk,
        "points": _points(lines, people, me),
        "advice": [line for line in lines if line.what == "advice"],
        "point_form": point_form or PointForm(),
        "stale_note": stale_note,
        "stale": stale,
        "unsaved": unsaved,
        "last_day": me.today(check_in.last_at) if check_in.last_at else None,
    }
    context |= _notes(check_in, me, note_forms or {})
    context |= _agreed(check_in, lines, people, me)
    if check_in.is_open and relation.is_active:
        context["changes"] = changes_since(relation, check_in.last_at or relation.started_at)
    if may_wrap_up:
        context["after_form"] = after_form or new_after_form(check_in, me, now=now)
    return render(request, "mentors/checkin_detail.html", context, status=status)


def new_after_form(
    check_in: CheckIn, me: User, data: Any = None, *, now: datetime, has_next: bool | None = None
) -> AfterForm:
    """Return the form of what a check-in brought; a row of check-ins proposes its next time. `has_next`: one is planned
    after it; unless told, that is taken for granted of one that was held.
    """
    other = check_in.mentorship.other(me)
    if other is None:
        raise ValueError("nobody is there to agree with")
    if has_next is None:
        has_next = check_in.state == CheckIn.State.HELD
    initial: dict[str, Any] = {"version": check_in.version, "takeaways": check_in.takeaways}
    following = None if has_next else next_in_rhythm(check_in, now=now)
    if following:
        local = following.astimezone(me.time_zone)
        initial |= {"next_day": local.date(), "next_time": local.time()}
    return AfterForm(data, me=me, other=other, now=now, has_next=has_next, initial=initial, prefix="after")


def _times(check_in: CheckIn, me: User, now: datetime) -> list[Any]:
    if not check_in.is_open or not check_in.mentorship.is_active:
        return []
    other = check_in.mentorship.other(me)
    return [on_both_clocks(time.starts_at, me, other, now=now, pk=time.pk) for time in check_in.times.all()]


class _Line(NamedTuple):
    """A point to talk about, something agreed, or advice (`what`), and where it was said: `check_in`, `met_at`."""

    what: str
    pk: int
    text: str
    person: int | None
    check_in: int | None
    met_at: datetime | None
    due: date | None
    done_at: datetime | None


# Columns that lines of a kind do not have.
_NONE: dict[str, Any] = {
    "a_person": Cast(Value(None), BigIntegerField()),
    "a_due": Cast(Value(None), DateField()),
    "a_done": Cast(Value(None), DateTimeField()),
}


def _lines(check_in: CheckIn, me: User) -> list[_Line]:
    """Return what stands in single lines on the page of a check-in, the oldest first; one query."""
    points = AgendaPoint.objects.visible_to(me).of_check_in(check_in).order_by("pk")
    actions = Action.objects.visible_to(me).filter(check_in__mentorship=check_in.mentorship)
    if check_in.starts_at is not None:
        actions = actions.filter(check_in__starts_at__lte=check_in.starts_at)
    actions = actions.order_by("-check_in__starts_at", "pk")
    advice = Advice.objects.visible_to(me).filter(check_in=check_in).order_by("pk")
    pieces = [
        _columns(points, "point", a_person=F("author"), a_done=F("done_at"))[:MOST_ROWS],
        _columns(actions, "action", a_person=F("owner"), a_due=F("due_on"), a_done=F("done_at"))[: 2 * MOST_ROWS],
        _columns(advice, "advice")[:MOST_ROWS],
    ]
    rows = pieces[0].union(*pieces[1:], all=True)
    return sorted((_Line(*row) for row in rows), key=lambda line: line.pk)


def _columns(rows: Any, what: str, **own: F) -> Any:
    named = rows.annotate(a_what=Value(what), **(_NONE | own))
    return named.values_list("a_what", "pk", "text", "a_person", "check_in", "check_in__starts_at", "a_due", "a_done")


def _points(lines: list[_Line], people: dict[str, Any], me: User) -> list[dict[str, Any]]:
    return [
        {
            "pk": line.pk,
            "text": line.text,
            "is_done": line.done_at is not None,
            "from": _who(line.person, people, me),
            "is_mine": line.person == me.pk,
        }
        for line in lines
        if line.what == "point"
    ]


def _who(person: int | None, people: dict[str, Any], me: User) -> str:
    """Name one of the two; nobody else writes here."""
    return "a former member" if person is None else "you" if person == me.pk else people["other_name"]


def _notes(check_in: CheckIn, me: User, forms: dict[bool, NoteForm]) -> dict[str, Any]:
    own: dict[bool, Note | None] = {True: None, False: None}
    theirs = []
    for note in Note.objects.visible_to(me).filter(check_in=check_in).select_related("author"):
        if note.author_id == me.pk:
            own[note.is_shared] = note
        elif note.text:
            theirs.append(note)
    found: dict[str, Any] = {"their_notes": theirs, "own_shared": own[True], "own_private": own[False]}
    if check_in.mentorship.is_active:
        found["shared_form"] = forms.get(True) or note_form(own[True], is_shared=True)
        found["private_form"] = forms.get(False) or note_form(own[False], is_shared=False)
    return found


def note_form(note: Note | None, *, is_shared: bool, data: Any = None) -> NoteForm:
    """Return the form of one's own note, shared or not."""
    initial = {"text": note.text if note else "", "version": note.version if note else 0}
    return NoteForm(data, initial=initial, prefix="shared" if is_shared else "private")


def _agreed(check_in: CheckIn, lines: list[_Line], people: dict[str, Any], me: User) -> dict[str, Any]:
    """Return what was agreed before (open, or from last time) and here."""
    before: list[dict[str, Any]] = []
    here: list[dict[str, Any]] = []
    actions = [line for line in lines if line.what == "action"]
    for line in sorted(actions, key=lambda line: line.met_at or NEVER, reverse=True):
        is_here = line.check_in == check_in.pk
        if not is_here and line.done_at and line.check_in != check_in.last_id:
            continue
        who = _who(line.person, people, me)
        is_name = line.person not in {None, me.pk}
        row = {
            "pk": line.pk,
            "text": line.text,
            "due": line.due,
            "is_done": line.done_at is not None,
            "owner": who if is_name else who.capitalize(),
        }
        (here if is_here else before).append(row)
    return {"before": before if check_in.is_open else [], "actions": here}


def said(check_in: CheckIn, me: User, now: datetime) -> str:
    """Return when a check-in is, in a sentence."""
    return say_time(check_in.starts_at, me, me.today(now)) if check_in.starts_at else "No time agreed yet"

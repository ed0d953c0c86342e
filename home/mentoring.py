"""What mentoring has to tell of a week: what two people agreed on, when they meet, and what one of them waits for.

A part of home/sources.py, in a file of its own. Readers of a week are told of none of it but their own check-ins.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from core.timekeeping import month_key
from home.look import Asked, AskedTogether, Look, Span, Thing
from mentors.models import (
    END_ASKED_BEFORE,
    Action,
    Advice,
    AdviceNote,
    Agreement,
    CheckIn,
    Introduction,
    Request,
    Review,
)
from mentors.terms import Channel


def _agreements(rows: Any, span: Span, limit: int) -> QuerySet:
    rows = rows.in_force().with_a_day_between(span.oldest, span.horizon)
    said = [
        Exists(Review.objects.filter(agreement=OuterRef("pk"), author=OuterRef(f"mentorship__{side}")))
        for side in ("mentee", "mentor")
    ]
    people = [f"mentorship__{side}__{name}" for side in ("mentee", "mentor") for name in ("pk", "name", "email")]
    fields = ("mentorship_id", "review_on", "ends_on", "mentorship__paused_until", *people)
    found = rows.annotate(mentee_said=said[0], mentor_said=said[1]).order_by("review_on", "pk")
    return found.values_list(*fields, "mentee_said", "mentor_said")[:limit]


def _check_ins(rows: Any, span: Span, limit: int) -> QuerySet:
    is_held = Q(state="held", starts_at__gte=span.start, starts_at__lt=span.end)
    found = rows.filter(Q(state__in=["proposed", "planned"]) | is_held).order_by("starts_at", "pk")
    people = [f"mentorship__{side}{name}" for side in ("mentee", "mentor") for name in ("_id", "__name", "__email")]
    what = ("pk", "mentorship_id", "state", "proposer_id", "starts_at", "minutes", "channel")
    return found.annotate(last_offer=Max("times__starts_at")).values_list(*what, "last_offer", *people)[:limit]


def _waiting(rows: Any, what: str, *, key: str, place: str, owner: Any, name: Any, email: Any, **more: Any) -> QuerySet:
    """Return rows of one kind in the columns they all have: what, key, relation, owner, the other's name and address,
    page, day, words.
    """
    day, words = more.get("day", Cast(Value(None), DateField())), more.get("words", Value(""))
    page = more.get("page", Value(0, output_field=BigIntegerField()))
    columns = {
        "a_what": Value(what, output_field=CharField()),
        "a_key": F(key),
        "a_place": F(place),
        "an_owner": owner,
        "a_name": name,
        "an_email": email,
        "a_page": page,
        "a_day": day,
        "some_words": Cast(words, CharField()),
    }
    return rows.annotate(**columns).values_list(*columns)


def _questions(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.filter(state="question", mentor__isnull=False).order_by("changed_at", "pk")
    people = {"owner": F("asker_id"), "name": F("mentor__name"), "email": F("mentor__email")}
    return _waiting(found, "question", key="pk", place="pk", **people)[:limit]


def _advice(rows: Any, span: Span, limit: int) -> QuerySet:
    newest = AdviceNote.objects.filter(mentorship=OuterRef("mentorship")).order_by("-month").values("month")[:1]
    untold = rows.untold().still_said().order_by("mentorship").distinct("mentorship")
    told = Coalesce(Subquery(newest), Value(""))
    return _waiting(untold, "advice", key="pk", place="mentorship_id", words=told, **_of_mentee())[:limit]


def _proposals(rows: Any, span: Span, limit: int) -> QuerySet:
    by_mentor = Q(author=F("mentorship__mentor"))
    asked = Case(When(by_mentor, then=F("mentorship__mentee_id")), default=F("mentorship__mentor_id"))
    found = rows.proposed().filter(mentorship__status="active", author__isnull=False).order_by("pk")
    people = {"owner": asked, "name": F("author__name"), "email": F("author__email")}
    return _waiting(found, "agreement", key="pk", place="mentorship_id", **people)[:limit]


def _introductions(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.filter(state="offered", mentorship__status="active").order_by("pk")
    return _waiting(found, "introduction", key="pk", place="mentorship_id", **_of_mentee())[:limit]


def _promises(rows: Any, span: Span, limit: int) -> QuerySet:
    relation = "check_in__mentorship"
    by_mentor = Q(owner=F(f"{relation}__mentor"))
    near = rows.open().filter(due_on__range=(span.oldest, span.horizon), **{f"{relation}__status": "active"})
    other = {
        name: Case(When(by_mentor, then=F(f"{relation}__mentee__{name}")), default=F(f"{relation}__mentor__{name}"))
        for name in ("name", "email")
    }
    what = {"page": F("check_in_id"), "day": F("due_on"), "words": F("text")}
    found = near.order_by("due_on", "pk")
    return _waiting(found, "promise", key="pk", place=f"{relation}_id", owner=F("owner_id"), **other, **what)[:limit]


def _of_mentee() -> dict[str, Any]:
    people = {
        "owner": "mentorship__mentee_id",
        "name": "mentorship__mentor__name",
        "email": "mentorship__mentor__email",
    }
    return {name: F(path) for name, path in people.items()}


AGREEMENTS = Asked(Agreement, _agreements)
CHECK_INS = Asked(CheckIn, _check_ins)
# Five short questions in one statement: a page has no room for five.
WAITING = AskedTogether(
    (Request, _questions),
    (Advice, _advice),
    (Agreement, _proposals),
    (Introduction, _introductions),
    (Action, _promises),
)


def agreements(look: Look) -> Iterator[Thing]:
    """Days on which two people look at their agreement, and its end; each is told of the other. No reader is."""
    if look.viewer is not None:
        return
    for pk, review_on, ends_on, paused_until, *people, mentee_said, mentor_said in AGREEMENTS.rows(look):
        mentee, mentor = tuple(people[:3]), tuple(people[3:])
        for (owner_id, _, _), (_, name, email), has_said in (
            (mentee, mentor, mentee_said),
            (mentor, mentee, mentor_said),
        ):
            if owner_id not in look.people or (paused_until and paused_until >= look.today[owner_id]):
                continue
            url, other = f"/mentorships/{pk}/agreement/review/", name or email
            is_near_its_end = ends_on is not None and ends_on - END_ASKED_BEFORE <= review_on
            if not has_said and not is_near_its_end and look.is_near(owner_id, review_on):
                title = f"Is it a good fit with {other}?"
                yield Thing(
                    owner_id, review_on, title, title, "A look at an agreement", url,
                    is_due=True, about="The day you two chose to look at your agreement", label="Agreement",
                    icon="people", hint="due",
                )  # fmt: skip
            if ends_on is not None and look.is_near(owner_id, ends_on):
                title = f"Your agreement with {other} ends"
                yield Thing(
                    owner_id, ends_on, title, title, "An agreement ends", f"{url}#end",
                    is_due=True, about="Extend it, or part with a kind word", label="Agreement", icon="people",
                    hint="due",
                )  # fmt: skip


def check_ins(look: Look) -> Iterator[Thing]:
    """Check-ins that are planned or were held, and times that somebody proposed and that wait for an answer."""
    for row in CHECK_INS.rows(look):
        mentee, mentor = row[-6:-3], row[-3:]
        for (owner_id, *_), (_, name, email) in ((mentee, mentor), (mentor, mentee)):
            if owner_id in look.people:
                yield from _check_in(look, owner_id, _given(name, email), row[:-6])


def _check_in(look: Look, owner_id: int, other: str, row: tuple[Any, ...]) -> Iterator[Thing]:
    pk, relation, state, proposer, starts_at, minutes, channel, last_offer = row
    url, title = f"/mentorships/{relation}/check-ins/{pk}/", f"Check-in with {other}"
    today = look.today[owner_id]
    # Due today and never late, however far ahead the times are: the other waits for an answer.
    if last_offer is not None and proposer != owner_id and look.day_of(owner_id, last_offer) >= today:
        said = f"{other} proposes times for a check-in"
        yield Thing(
            owner_id, today, said, said, "A check-in waits for your answer", f"{url}#times",
            is_due=True, about="Pick one, or propose others", label="Check-in?", icon="chat-left", has_day=False,
        )  # fmt: skip
    if starts_at is None:
        return
    day = look.day_of(owner_id, starts_at)
    if state == CheckIn.State.PLANNED and look.is_near(owner_id, day):
        hour = f"{starts_at.astimezone(look.people[owner_id].time_zone):%H:%M}"
        about = f"{hour}, {Channel(channel).label.lower()}"
        yield Thing(
            owner_id, day, title, f"{title}, {hour}", "Check-in", url,
            is_due=True, about=about, label=title, icon="chat-left", at=starts_at, minutes=minutes,
        )  # fmt: skip
    elif state == CheckIn.State.HELD and look.holds(owner_id, day):
        yield Thing(
            owner_id, day, title, f"{title}: you two met", "A check-in", url,
            about="You two met", label=title, icon="chat-left", hint="check-in",
        )  # fmt: skip


def waiting(look: Look) -> Iterator[Thing]:
    """What waits for an answer, due today and never late, and what was promised in a check-in, on its day."""
    if look.viewer is not None:
        return
    for what, key, place, owner_id, name, email, page, day, words in WAITING.rows(look):
        if what == "promise":
            if look.is_near(owner_id, day):
                url = f"/mentorships/{place}/check-ins/{page}/#action-{key}"
                yield _promise(key, owner_id, day, words, _given(name, email), url)
        elif owner_id in look.people:
            yield from _WAITS[what](look, owner_id, _given(name, email), key, place, words)


def _question(look: Look, owner_id: int, other: str, key: int, place: int, words: str) -> Iterator[Thing]:
    said = f"Answer {other}’s question"
    yield Thing(
        owner_id, look.today[owner_id], said, f"{said} about your request", "A question about your request",
        f"/mentors/requests/{key}/", is_due=True, about="Before they answer your request", label=said,
        icon="chat-left", has_day=False,
    )  # fmt: skip


def _untold(look: Look, owner_id: int, other: str, key: int, place: int, words: str) -> Iterator[Thing]:
    """In the last week of a month, the offer to tell a mentor what came of their advice."""
    today = look.today[owner_id]
    ends_on = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if words < month_key(today) and look.is_near(owner_id, ends_on):
        title = f"Tell {other} what came of their advice"
        yield Thing(
            owner_id, ends_on, title, title, "A note to your mentor", f"/mentorships/{place}/advice/note/",
            is_due=True, about="Once a month, if you like", label="Advice", icon="chat-left", has_day=False,
        )  # fmt: skip


def _proposal(look: Look, owner_id: int, other: str, key: int, place: int, words: str) -> Iterator[Thing]:
    said = f"{other} proposes how you two work together"
    yield Thing(
        owner_id, look.today[owner_id], said, said, "An agreement waits for your answer",
        f"/mentorships/{place}/agreement/", is_due=True, about="Say yes, or propose something else",
        label="Agreement?", icon="people", has_day=False,
    )  # fmt: skip


def _introduction(look: Look, owner_id: int, other: str, key: int, place: int, words: str) -> Iterator[Thing]:
    said = f"{other} would introduce you to somebody"
    yield Thing(
        owner_id, look.today[owner_id], said, said, "An introduction waits for your answer",
        f"/mentors/introductions/{key}/", is_due=True, about="Nobody hears of you before you say yes",
        label="Introduction?", icon="people", has_day=False,
    )  # fmt: skip


def promise_of(action: Action, *, today: date) -> Thing:
    """Return what somebody promised in a check-in, as their week has it; asked with its check-in and the two people."""
    check_in, owner = action.check_in, action.owner
    other = check_in.mentorship.other(owner) if owner else None
    day, url = action.due_on or today, f"{check_in.get_absolute_url()}#action-{action.pk}"
    return _promise(
        action.pk, action.owner_id or 0, day, action.text, other.given_name if other else "former member", url
    )


def _promise(key: int, owner_id: int, day: date, words: str, other: str, url: str) -> Thing:
    return Thing(
        owner_id, day, words, f"{words}: promised to {other}", "Something you promised in a check-in", url,
        is_due=True, about=f"Promised to {other}", label="Promised", icon="chat-left", hint="due", tick_url=f"/week/promises/{key}/tick/",
    )  # fmt: skip


def _given(name: str, email: str) -> str:
    """Return what to call somebody, as `User.given_name` does."""
    return (name or email.partition("@")[0]).split(" ")[0]


_WAITS: dict[str, Callable[[Look, int, str, int, int, str], Iterator[Thing]]] = {
    "question": _question,
    "advice": _untold,
    "agreement": _proposal,
    "introduction": _introduction,
}

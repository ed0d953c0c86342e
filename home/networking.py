"""What the people one knows have to do with a week: evenings and conversations one plans, and those that were.

A part of home/sources.py, in a file of its own. All of it is asked in one statement; nobody but the owner is told any.
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TimeField, Value

from contacts.models import Association, Event, Interview
from contacts.models.event import USUAL_MINUTES
from core.timekeeping import at_local
from home import turns
from home.look import AskedTogether, Look, Span, Thing
from home.told import told as _told


def _events(rows: Any, span: Span, limit: int) -> QuerySet:
    is_ahead = Q(state="planned", happens_on__range=(span.oldest, span.horizon))
    was = Q(state="attended", happens_on__range=(span.first, span.last))
    found = rows.filter(is_ahead | was).order_by("happens_on", "pk")
    where = {"about": F("place"), "state": F("state"), "day": F("happens_on"), "hour": F("hour")}
    return _told(found, "event", "name", **where)[:limit]


def _renewals(rows: Any, span: Span, limit: int) -> QuerySet:
    found = rows.filter(renews_on__range=(span.oldest, span.horizon)).order_by("renews_on", "pk")
    return _told(found, "renewal", "name", about=F("fee"), day=F("renews_on"))[:limit]


def _interviews(rows: Any, span: Span, limit: int) -> QuerySet:
    is_silent = Q(state="asked", answer_due_on__range=(span.oldest, span.horizon))
    found = rows.filter(is_silent | Q(state="agreed"), contact__archived_at=None).order_by("starts_at", "pk")
    # Its length as a time: 00:45.
    length = Func(F("minutes") / 60, F("minutes") % 60, Value(0.0), function="make_time", output_field=TimeField())
    where = {"about": F("place"), "state": F("state"), "day": F("answer_due_on"), "moment": F("starts_at")}
    return _told(found, "interview", "contact__name", hour=length, **where)[:limit]


ASKED = AskedTogether((Event, _events), (Association, _renewals), (Interview, _interviews), *turns.PARTS)


def rows_of(look: Look, *kinds: str) -> list[tuple[Any, ...]]:
    """Return what there is of these kinds, by their days; one statement for all kinds of a look."""
    if look.viewer is not None:  # whom one knows is nobody else's business
        return []
    if "networking" not in look.memo:
        look.memo["networking"] = sorted(ASKED.rows(look), key=lambda row: (row[0], row[6] or date.max, row[1]))
    return [row for row in look.memo["networking"] if row[0] in kinds]


def events(look: Look) -> Iterator[Thing]:
    """Events that are planned, and those one went to."""
    for _, pk, owner_id, name, place, state, day, hour, _ in rows_of(look, "event"):
        url = f"/contacts/events/{pk}/"
        if state == Event.State.PLANNED:
            if look.is_near(owner_id, day):
                yield _ahead(look, owner_id, name, place, day, hour, url)
        elif look.holds(owner_id, day):
            yield Thing(
                owner_id, day, name, f"{name}: you were there", "An event", url,
                about="You were there", label=name, icon="calendar-event",
            )  # fmt: skip


def _ahead(look: Look, owner_id: int, name: str, place: str, day: date, hour: time | None, url: str) -> Thing:
    said = f"{hour:%H:%M}" if hour else ""
    is_over = day < look.today[owner_id]
    about = "Were you there?" if is_over else ", ".join(filter(None, [said, place])) or "An event you planned"
    return Thing(
        owner_id, day, name, ", ".join(filter(None, [name, said])), "An event", url,
        is_due=True, about=about, label=name, icon="calendar-event", hint="due", move_url=f"{url}edit/",
        at=at_local(look.people[owner_id].time_zone, day, hour) if hour else None, minutes=USUAL_MINUTES,
    )  # fmt: skip


def renewals(look: Look) -> Iterator[Thing]:
    """Memberships whose fee or renewal comes near or has passed."""
    for _, pk, owner_id, name, fee, _, day, _, _ in rows_of(look, "renewal"):
        if look.is_near(owner_id, day):
            url, title = f"/contacts/associations/{pk}/", f"Renew {name}"
            yield Thing(
                owner_id, day, title, title, "A membership to renew", url,
                is_due=True, about=fee or "Its renewal day", label=title, icon="calendar-event", hint="due",
                move_url=f"{url}edit/",
            )  # fmt: skip


def plans(look: Look) -> Iterator[Thing]:
    """Conversations that are planned."""
    yield from turns.plans(look, rows_of(look, "plan"))


def promises(look: Look) -> Iterator[Thing]:
    """What was promised and is due, and what was done."""
    yield from turns.promises(look, rows_of(look, "promise"))


def people(look: Look) -> Iterator[Thing]:
    """Whose turn it is."""
    yield from turns.people(look, rows_of(look, *turns.KINDS))


def interviews(look: Look) -> Iterator[Thing]:
    """Conversations that were agreed, and those one asked for without an answer so far."""
    for _, pk, owner_id, name, place, state, day, length, at in rows_of(look, "interview"):
        url = f"/contacts/interviews/{pk}/"
        if state == Interview.State.ASKED:
            title = f"No answer from {name} yet"
            if look.is_near(owner_id, day):
                yield Thing(
                    owner_id, day, title, title, "An answer is missing", url,
                    is_due=True, about="Ask once more, or let it rest", label="No answer yet", icon="chat-left",
                    hint="due",
                )  # fmt: skip
            continue
        day, title = look.day_of(owner_id, at), f"Interview with {name}"
        if look.is_near(owner_id, day):
            hour = f"{at.astimezone(look.people[owner_id].time_zone):%H:%M}"
            about = "Did you two talk?" if day < look.today[owner_id] else ", ".join(filter(None, [hour, place]))
            yield Thing(
                owner_id, day, title, f"{title}, {hour}", "A conversation", url,
                is_due=True, about=about, label=title, icon="chat-left", hint="due", move_url=f"{url}plan/",
                at=at, minutes=length.hour * 60 + length.minute,
            )  # fmt: skip

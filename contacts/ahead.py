"""Events that are ahead, as their cards show them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import User
from contacts.models import Event, EventQuerySet
from core.compiled import CompiledQuery
from core.timekeeping import say_day

# Longer names of months do not fit under the number of the day.
SHORT_NAME = 6


def say_when(day: date, today: date) -> str:
    """Say a day with its weekday, once: "Today", "Wednesday", "Wednesday, 25 November"."""
    said = say_day(day, today)
    return f"{day:%A}, {said}" if said[:1].isdigit() else said


def card_of(event: Event, today: date) -> dict[str, Any]:
    """Return an event as its card shows it: a date to the left, and one sentence of when, where, who and what for."""
    hour = f"{event.hour:%H:%M}" if event.hour else ""
    when = ", ".join(filter(None, [say_when(event.happens_on, today).split(",")[0], hour]))
    said = [", ".join(filter(None, [when, event.place])) + "."]
    if event.names:
        said.append(f"{_listed([name.split(' ')[0] for name in event.names])} will be there.")
    if aim := event.aim.strip():
        said.append(f"You want: {aim}" if len(aim) <= 160 else f"You want: {aim[:157].rstrip()}...")
    return {
        "event": event,
        "day": event.happens_on.day,
        "month": f"{event.happens_on:%B}" if len(f"{event.happens_on:%B}") < SHORT_NAME else f"{event.happens_on:%b}",
        "year": "" if event.happens_on.year == today.year else str(event.happens_on.year),
        "says": " ".join(said),
        "when": ", ".join(filter(None, [say_when(event.happens_on, today), hour, event.place])),
        "is_past": event.happens_on <= today,
        "days_late": (today - event.happens_on).days,
    }


def next_event(owner: User, today: date) -> dict[str, Any] | None:
    """Return the card of what is planned next, for the page of contacts; one query."""
    events = _NEXT.objects(owner=owner.pk)
    return card_of(events[0], today) if events else None


def _next(owner: int) -> EventQuerySet:
    return Event.objects.owned_by(User(pk=owner)).planned().order_by("happens_on", "pk")[:1]


_NEXT = CompiledQuery(_next, owner=int)


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} others"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

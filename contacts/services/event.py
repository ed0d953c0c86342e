"""What becomes of an event: whether one was there, and whom one met."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from contacts.models import Association, Contact, Event, FollowUp, Interaction, StepRefused
from contacts.services.conversations import REPEAT_WINDOW, hold, log

OneOwned = TypeVar("OneOwned", Association, Event)
CANDIDATES = 5  # offered for one name


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody one met: a contact one has, or a new one of this name."""

    name: str
    organisation: str = ""
    contact: Contact | None = None


def recognise(owner: User, names: Iterable[str]) -> dict[str, list[Contact]]:
    """Return one's contacts of each of these names, by the name as it was written; one query.

    A single word also finds those whose name begins with it, as one writes "Elif" for Elif Demir.
    """
    wanted = {name: name.lower() for name in names}
    if not wanted:
        return {}
    condition = Q(sort_name__in=list(wanted.values()))
    for low in wanted.values():
        if " " not in low:
            condition |= Q(sort_name__startswith=f"{low} ")
    rows = list(Contact.objects.owned_by(owner).filter(condition).order_by("sort_name", "pk")[: CANDIDATES * 50])
    found = {
        name: [row for row in rows if row.sort_name == low or row.sort_name.startswith(f"{low} ")][:CANDIDATES]
        for name, low in wanted.items()
    }
    return {name: people for name, people in found.items() if people}


@transaction.atomic
def add_once(row: OneOwned, *, fields: Iterable[str], by: User, at: datetime) -> OneOwned:
    """Store an event or an association. The same words in these fields within a minute are a second click: one is stored."""
    hold(by)
    same = {name: getattr(row, name) for name in fields}
    lately = type(row)._default_manager.filter(owner=by, deleted_at=None, created_at__gt=at - REPEAT_WINDOW, **same)
    if found := lately.order_by("pk").first():
        return found
    row.owner, row.created_at = by, at
    row.save(force_insert=True)
    return row


@transaction.atomic
def settle_event(*, event: Event, verb: str, today: date) -> Event:
    """Note that one was there ("attend") or was not ("miss"); raises StepRefused with a sentence."""
    row = Event.objects.select_for_update().get(pk=event.pk)
    row.step(verb, today=today)
    return row


@transaction.atomic
def meet_people(
    *, event: Event, by: User, met: Iterable[Met], notes: str, next_step: str, due_on: date | None, now: datetime
) -> list[Contact]:
    """Note a conversation at an event with each of these people, and what is to follow with each.

    Whoever is new becomes a contact. Sent twice it is done once: a person one has met at this event already, or a new
    one of the same name and organisation, gets nothing a second time. Raises StepRefused where one was not there.
    """
    row = Event.objects.select_for_update().get(pk=event.pk)
    if not row.was_attended:
        raise StepRefused("Note first that you were there.")
    if row.happens_on > by.today(now):
        raise StepRefused("This day has not come yet. Change the day of the event first.")
    there = list(Contact.objects.owned_by(by).filter(interactions__in=row.talks.alive()))
    known = {person.pk for person in there}
    named = {(person.name.lower(), person.organisation.lower()) for person in there}
    added = []
    for each in met:
        key = (each.name.lower(), each.organisation.lower())
        if (each.contact and each.contact.pk in known) or (each.contact is None and key in named):
            continue
        contact = each.contact or Contact.objects.create(
            owner=by, name=each.name, organisation=each.organisation, how_met=f"at {row.name}"[:300], created_at=now
        )
        talk = Interaction(kind=Interaction.Kind.EVENT, happened_on=row.happens_on, notes=notes)
        promise = FollowUp(text=next_step, due_on=due_on) if next_step and due_on else None
        row.talks.add(log(talk=talk, people=[contact], by=by, at=now, promise=promise))
        known.add(contact.pk)
        named.add(key)
        added.append(contact)
    return added
